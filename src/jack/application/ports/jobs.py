"""JobQueue: the bell. The rows are the mailbox; a ring may be lost, doubled or late without harm."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from jack.domain.ids import ConversationId, HotelId, MessageId
from jack.domain.sync import SyncKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """Deliveries wait in the inbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A conversation has unanswered messages."""

    conversation_id: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """A message waits to be sent."""

    message_id: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """A hotel is due for a sync; `kind` None lets the story choose."""

    hotel_id: HotelId
    kind: SyncKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A hotel's PMS has pushed notices."""

    hotel_id: HotelId


Job = Receive | Answer | Deliver | Sync | Follow


class JobQueue(Protocol):
    """Rings for work. Every ring runs its job at least once while the queue lives and its workers are up."""

    @abstractmethod
    def ring(self, job: Job, *, after: timedelta = timedelta(0)) -> None:
        """Ask for `job` to run after at least `after`. Returns at once and never raises, whatever the queue's state.

        Equal rings that no worker has begun may become one. A job that is rung while it runs, runs again.
        """

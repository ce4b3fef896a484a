"""Web chat: Jack itself is the channel, so what others keep for it is kept here: sessions, and what a page may show."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from jack.domain.ids import HotelId, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSession:
    """One browser that may write to one hotel. `sender` names it for everybody else and opens nothing; of the token
    only a digest is known."""

    sender: str
    token_digest: str = field(repr=False)
    hotel_id: HotelId
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPost:
    """One text on a guest's page. `number` grows with every post of the whole of Jack.

    `message_id` is set for what the hotel said, `client_id` (the browser's own id) for what the guest wrote. `author`
    is "guest", "jack" or "staff", with the name under which staff wrote. `delivered` is True once a page got it.
    """

    number: int
    sender: str
    message_id: MessageId | None
    client_id: str | None
    author: str
    author_name: str
    text: str = field(repr=False)
    at: datetime
    delivered: bool = False

    @property
    def provider_id(self) -> str:
        """Under which the channel knows it."""
        return f"post-{self.number}"


class ChatSessions(Protocol):
    """The sessions of all hotels; each call is a transaction of its own. Raises the three words."""

    @abstractmethod
    async def add(self, session: ChatSession) -> None:
        """Store a new session, and forget those that had expired when it was made, with all their posts."""

    @abstractmethod
    async def by_token(self, hotel_id: HotelId, token_digest: str, now: datetime) -> ChatSession | None:
        """The hotel's session with that token while it has not expired, or None."""

    @abstractmethod
    async def prolong(self, sender: str, expires_at: datetime) -> None:
        """Let a session last until then."""


class ChatPosts(Protocol):
    """What pages show; each call is a transaction of its own. Raises the three words.

    Numbers become visible in their order: whoever has read as far as one number misses none below it.
    """

    @abstractmethod
    async def say(self, sender: str, message_id: MessageId, text: str, at: datetime) -> ChatPost | None:
        """Show a message of the hotel to a session, once: asked again, it is the post of the first time. None when
        the session has ended."""

    @abstractmethod
    async def note(self, sender: str, client_id: str, text: str, at: datetime) -> None:
        """Remember what the guest wrote, once for each `client_id`, so that all their pages show it."""

    @abstractmethod
    async def saying(self, sender: str, text: str, since: datetime) -> tuple[ChatPost, ...]:
        """The hotel's posts to a session with just that text, made at `since` or later, in order."""

    @abstractmethod
    async def of(self, sender: str, after: int, limit: int) -> tuple[ChatPost, ...]:
        """The newest `limit` posts of a session with a number above `after`, in order."""

    @abstractmethod
    async def newest(self) -> int:
        """The highest number there is; 0 while there is none."""

    @abstractmethod
    async def after(self, number: int, limit: int) -> tuple[ChatPost, ...]:
        """The first `limit` posts of all sessions above that number, in order."""

    @abstractmethod
    async def delivered(self, numbers: Sequence[int]) -> None:
        """Pages got these posts."""

    @abstractmethod
    async def answering(self, senders: Sequence[str], now: datetime) -> frozenset[str]:
        """Those of the senders whom Jack is answering at this moment."""


class WebChats(Protocol):
    """Which hotels have a web chat, as the configuration says."""

    @abstractmethod
    def origins(self, hotel: str) -> frozenset[str] | None:
        """The origins of the pages that may use the hotel's chat; None for a hotel without one."""

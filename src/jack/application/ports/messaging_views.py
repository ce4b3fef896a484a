"""MessagingViews: conversations as staff see them. Rows go out over the API as they are."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jack.application.ports.pages import Page
from jack.domain.ids import HotelId
from jack.domain.receipt import Receipt
from jack.domain.service_request import ServiceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchView:
    """How the sender was matched."""

    outcome: str
    level: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationView:
    """A conversation as the inbox shows it."""

    id: str
    hotel_id: str
    channel: str
    address: str
    display_name: str
    held_by: str
    state: str
    needs_attention: bool
    attention_reason: str | None
    guest_id: str | None
    guest_name: str | None
    reservation_id: str | None
    room_number: str | None
    match: MatchView
    unread: int
    last_message_at: datetime | None
    last_message_text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorView:
    """Who wrote a message."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaView:
    """A file that came with a message, by the channel's reference."""

    kind: str
    ref: str
    mime_type: str | None
    caption: str | None
    file_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message as the conversation shows it."""

    id: str
    conversation_id: str
    direction: str
    author: AuthorView
    type: str
    text: str
    media: tuple[MediaView, ...]
    status: str
    problem: str | None
    created_at: datetime
    sent_at: datetime
    provider_id: str | None


class MessagingViews(Protocol):
    """What staff see of conversations. Lists are newest first unless said; `hotels` None means every hotel."""

    @abstractmethod
    async def conversations(
        self,
        hotels: tuple[HotelId, ...] | None,
        *,
        state: str | None = None,
        needs_attention: bool | None = None,
        guest_id: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[ConversationView]:
        """Conversations by their last message, newest first. A cursor that this list did not give raises ValueError."""

    @abstractmethod
    async def conversation(self, conversation_id: str) -> ConversationView | None:
        """One conversation, or None."""

    @abstractmethod
    async def messages(self, conversation_id: str, *, limit: int = 100, cursor: str | None = None) -> Page[MessageView]:
        """Messages of a conversation in its order, oldest first; without a cursor the page with the newest ones, and
        `next_cursor` leads to older ones."""

    @abstractmethod
    async def receipt(self, message_id: str) -> tuple[HotelId, Receipt] | None:
        """Why Jack said it, with the hotel it belongs to, or None."""

    @abstractmethod
    async def service_requests(
        self,
        hotels: tuple[HotelId, ...] | None,
        *,
        status: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[ServiceRequest]:
        """Service requests, newest first."""

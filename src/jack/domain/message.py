"""Message: one thing said in a conversation, and the one-way road of its delivery."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from jack.domain.errors import DomainError
from jack.domain.ids import ConversationId, GuestId, HotelId, MessageId
from jack.domain.match import Level, Match

FATE_UNKNOWN = "nobody knows whether a message left"
"""How a call for staff begins that a later receipt may settle."""


class Direction(StrEnum):
    """Which way a message went, seen from the hotel."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class AuthorKind(StrEnum):
    """Who wrote a message."""

    GUEST = "guest"
    JACK = "jack"
    STAFF = "staff"


class DeliveryStatus(StrEnum):
    """The fate of an outbound message; `RECEIVED` is the only status of an inbound one.

    `DRAFT` is a reply that was withdrawn before it left (staff took over); it never leaves.
    """

    RECEIVED = "received"
    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a message, and under which name."""

    kind: AuthorKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file that came with a message, by the channel's reference; the bytes stay with the channel."""

    kind: str
    ref: str
    mime_type: str | None = None
    caption: str | None = None
    file_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation.

    `type` is the channel's word (text, image, location, reaction ...); `text` is what people can read of it.
    `sent_at` is the provider's time for inbound messages (whole seconds on WhatsApp) and orders the conversation,
    then `created_at`, the instant of storing. `answered_at` is set on an inbound message once a reply, or a decision
    that none is due, stands. `send_after` holds back a queued message until that instant. An outbound message belongs
    to a guest at a level: `told_to` and `told_level` are whom the sender was taken for when it was said, how surely.
    """

    id: MessageId
    hotel_id: HotelId
    conversation_id: ConversationId
    direction: Direction
    author: Author
    type: str
    text: str
    status: DeliveryStatus
    sent_at: datetime
    created_at: datetime
    media: tuple[Media, ...] = ()
    provider_id: str | None = None
    reply_to: str | None = None
    answered_at: datetime | None = None
    attempts: int = 0
    send_after: datetime | None = None
    sending_since: datetime | None = None
    problem: str | None = None
    told_to: GuestId | None = None
    told_level: Level = Level.PUBLIC

    def may_be_known_to(self, match: Match) -> bool:
        """True when this may be said to a sender with that match: it was for anyone, or for the same guest at a level
        not above theirs."""
        if self.told_level is Level.PUBLIC:
            return True
        return match.guest_id == self.told_to and match.level.includes(self.told_level)

    def claimed(self, now: datetime) -> "Message":
        """The message on its way out: committed before the channel is called."""
        if self.status is not DeliveryStatus.QUEUED:
            raise DomainError(f"only a queued message can be sent, this one is {self.status.value}")
        return replace(self, status=DeliveryStatus.SENDING, attempts=self.attempts + 1, sending_since=now)

    def accepted(self, provider_id: str) -> "Message":
        """The channel took the message under its own id; a receipt that came first is not pushed back."""
        if self.status not in _UNSETTLED:
            return replace(self, provider_id=provider_id, sending_since=None)
        return replace(
            self,
            status=DeliveryStatus.SENT,
            provider_id=provider_id,
            send_after=None,
            sending_since=None,
            problem=None,
        )

    def postponed(self, until: datetime, reason: str) -> "Message":
        """The channel said "later" and certainly did not send: back to the queue."""
        return replace(self, status=DeliveryStatus.QUEUED, send_after=until, sending_since=None, problem=reason)

    def refused(self, reason: str) -> "Message":
        """The channel will never take this message."""
        return replace(self, status=DeliveryStatus.FAILED, sending_since=None, problem=reason)

    def unclear(self, reason: str) -> "Message":
        """Nobody knows whether the message left; only a receipt or staff may settle it."""
        if self.status is not DeliveryStatus.SENDING:
            return self
        return replace(self, status=DeliveryStatus.UNKNOWN, sending_since=None, problem=reason)

    def withdrawn(self) -> "Message":
        """A queued reply that must not leave any more (staff took over)."""
        if self.status is not DeliveryStatus.QUEUED:
            return self
        return replace(self, status=DeliveryStatus.DRAFT, send_after=None)

    def receipted(self, status: DeliveryStatus, reason: str | None = None) -> "Message":
        """The message after a receipt of the channel, whatever the order in which receipts come.

        sent < delivered < read; `failed` counts only while nothing said delivered, because one message may fail on one
        device and arrive on another; after `failed`, delivered and read still count.
        """
        if self.direction is not Direction.OUTBOUND or status not in _RECEIPT_RANK:
            return self
        if status is DeliveryStatus.FAILED:
            if self.status in (DeliveryStatus.DELIVERED, DeliveryStatus.READ):
                return self
            return replace(self, status=status, sending_since=None, problem=reason or self.problem)
        if self.status is DeliveryStatus.FAILED and status is DeliveryStatus.SENT:
            return self
        if _RECEIPT_RANK[status] <= _RECEIPT_RANK.get(self.status, 0) and self.status is not DeliveryStatus.FAILED:
            return self
        return replace(self, status=status, sending_since=None, problem=None)


_UNSETTLED = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
_RECEIPT_RANK = {
    DeliveryStatus.SENT: 1,
    DeliveryStatus.FAILED: 1,
    DeliveryStatus.DELIVERED: 2,
    DeliveryStatus.READ: 3,
}


def in_order(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Messages as the conversation went: by the provider's time, then by arrival."""
    return tuple(sorted(messages, key=lambda m: (m.sent_at, m.created_at, m.id)))

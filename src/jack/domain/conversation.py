"""Conversation: one sender on one channel of one hotel, held by Jack or by staff."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jack.domain.contact import PhoneNumber
from jack.domain.errors import DomainError
from jack.domain.ids import ConversationId, HotelId
from jack.domain.match import NOBODY, Match

REPLY_WINDOW = timedelta(hours=24)
"""For how long after the sender's last message WhatsApp takes free text (Meta, customer service window)."""

MOST_REASONS = 4
"""How many calls for staff a conversation shows at once."""

_BETWEEN = " / "


class HeldBy(StrEnum):
    """Who answers."""

    JACK = "jack"
    STAFF = "staff"


class ConversationState(StrEnum):
    """Open, or closed until the sender writes again."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ChannelIdentity:
    """One identity of a sender on a channel, as the channel gave it: (wa_id, 351...), (user_id, PT.134...)."""

    kind: str
    value: str

    def __post_init__(self) -> None:
        if not self.kind or not self.value:
            raise DomainError("a channel identity needs a kind and a value")

    def __repr__(self) -> str:
        """Hide the value: reprs end up in logs."""
        return f"ChannelIdentity({self.kind})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One sender on one channel of one hotel.

    `account` is the hotel's own end (WhatsApp's phone_number_id). `address` is where replies go, verbatim as the sender
    wrote from it, empty once somebody else has it; `phone` is the number that the channel proved, None for senders who
    show none.
    `turn_token` and `turn_until` are the lease of the one process that answers at the moment. `attempts` counts turns
    that were begun and not finished, even by a process that died. `version` grows with every change and guards against
    lost updates.
    """

    id: ConversationId
    hotel_id: HotelId
    channel: str
    account: str
    address: str
    created_at: datetime
    phone: PhoneNumber | None = None
    display_name: str = ""
    language: str | None = None
    held_by: HeldBy = HeldBy.JACK
    state: ConversationState = ConversationState.OPEN
    needs_attention: bool = False
    attention_reason: str | None = None
    match: Match = NOBODY
    match_by_staff: bool = False
    unread: int = 0
    last_message_at: datetime | None = None
    last_inbound_at: datetime | None = None
    turn_token: str | None = None
    turn_until: datetime | None = None
    attempts: int = 0
    retry_after: datetime | None = None
    version: int = 0

    def heard(self, at: datetime, display_name: str, phone: PhoneNumber | None, address: str) -> "Conversation":
        """The conversation after one more message from the sender: open again, unread, newest name and address.

        A message that was sent before the newest one and came late says nothing of where the sender is now. Whoever
        writes again does not wait for what came before.
        """
        newest = self.last_inbound_at is None or at >= self.last_inbound_at
        return replace(
            self,
            state=ConversationState.OPEN,
            unread=self.unread + 1,
            display_name=(newest and display_name) or self.display_name,
            phone=(phone if newest else None) or self.phone,
            address=(newest and address) or self.address,
            retry_after=None,
            last_message_at=max(at, self.last_message_at or at),
            last_inbound_at=max(at, self.last_inbound_at or at),
        )

    def said(self, at: datetime) -> "Conversation":
        """The conversation after one more message to the sender."""
        return replace(self, last_message_at=max(at, self.last_message_at or at))

    def turn_taken(self, token: str, now: datetime, limit: timedelta) -> "Conversation | None":
        """The conversation with its turn leased to `token`, or None while another process holds it."""
        if self.turn_token is not None and self.turn_until is not None and now < self.turn_until:
            return None
        return replace(self, turn_token=token, turn_until=now + limit, attempts=self.attempts + 1)

    def turn_given_back(self) -> "Conversation":
        """The conversation with its turn free and its failures forgotten."""
        return replace(self, turn_token=None, turn_until=None, attempts=0, retry_after=None)

    def turn_dropped(self) -> "Conversation":
        """The conversation with its turn free; the try still counts, or a guest who writes on and on is never seen."""
        return replace(self, turn_token=None, turn_until=None)

    def without_phone(self, address: str) -> "Conversation":
        """The conversation after somebody else got the sender's number: nobody knows who this is, whatever staff said.

        `address` is where replies go from now on, empty when there is no way left. A turn in flight is void.
        """
        return replace(self, phone=None, address=address, match=NOBODY, match_by_staff=False).turn_dropped()

    def turn_failed(self, retry_after: datetime) -> "Conversation":
        """The conversation after a turn that could not be answered now: free, and due again at that instant."""
        return replace(self, turn_token=None, turn_until=None, retry_after=retry_after)

    def taken_over(self) -> "Conversation":
        """Held by staff, and open: from here on Jack says nothing. What asked for attention got it."""
        return replace(
            self,
            held_by=HeldBy.STAFF,
            state=ConversationState.OPEN,
            turn_token=None,
            turn_until=None,
            needs_attention=False,
            attention_reason=None,
        )

    def handed_back(self) -> "Conversation":
        """Held by Jack again, with the whole history."""
        return replace(self, held_by=HeldBy.JACK, attempts=0, retry_after=None)

    def closed(self) -> "Conversation":
        """Done, until the sender writes again; then it is Jack's, and who is writing is found out anew."""
        return replace(
            self,
            match_by_staff=False,
            state=ConversationState.CLOSED,
            held_by=HeldBy.JACK,
            unread=0,
            needs_attention=False,
            attention_reason=None,
            turn_token=None,
            turn_until=None,
            attempts=0,
            retry_after=None,
        )

    def seen(self) -> "Conversation":
        """Staff read it."""
        return replace(self, unread=0)

    def matched(self, match: Match, *, by_staff: bool = False) -> "Conversation":
        """The conversation linked to a guest and a stay. What staff decided stands until staff change it."""
        if self.match_by_staff and not by_staff:
            return self
        return replace(self, match=match, match_by_staff=by_staff)

    def settled(self, reason: str) -> "Conversation":
        """The conversation after what it called for staff about has come right by itself; other calls stand."""
        reasons = self._reasons()
        left = [other for other in reasons if not other.startswith(reason)]
        if left == reasons:
            return self
        return replace(self, needs_attention=bool(left), attention_reason=_BETWEEN.join(left) or None)

    def calling_for_staff(self, reason: str) -> "Conversation":
        """The conversation with one more reason why people must look at it; the newest stands first."""
        others = [other for other in self._reasons() if other != reason]
        reasons = [reason, *others][:MOST_REASONS]
        return replace(self, needs_attention=True, attention_reason=_BETWEEN.join(reasons))

    def _reasons(self) -> list[str]:
        return self.attention_reason.split(_BETWEEN) if self.needs_attention and self.attention_reason else []

"""Identities: Jack's own ids and references to things that came from outside."""

import re
import secrets
import time
from dataclasses import dataclass
from typing import NewType

from jack.domain.errors import DomainError

HotelId = NewType("HotelId", str)
GuestId = NewType("GuestId", str)
PreferenceId = NewType("PreferenceId", str)
ReservationId = NewType("ReservationId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
ServiceRequestId = NewType("ServiceRequestId", str)
SyncRunId = NewType("SyncRunId", str)
StayEventId = NewType("StayEventId", str)
StaffId = NewType("StaffId", str)


def new_id() -> str:
    """A new id: 32 hexadecimal digits, 48 bits of milliseconds and 80 random bits.

    Ids made later sort later (to the millisecond), so that indexes grow at one end; nothing may rely on it for order.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


LONGEST_KEY = 500
"""Characters of a key at most; longer ones do not fit into a database's index."""

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def is_text(text: str) -> bool:
    """False for what no database can store or compare: a NUL character or half a surrogate pair inside."""
    return _NO_TEXT.search(text) is None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ExternalRef:
    """The identity of anything that came from outside: the system that named it and its key there.

    Keys are opaque: compared as they came, never normalised. A record whose key cannot be one (DomainError) is
    rejected without a reference.
    """

    system: str
    key: str

    def __post_init__(self) -> None:
        if not self.system or not self.key:
            raise DomainError("an external reference needs a system and a key")
        if max(len(self.system), len(self.key)) > LONGEST_KEY or not is_text(self.system + self.key):
            raise DomainError("an external reference is too long or holds a character that cannot be stored")

    def __hash__(self) -> int:
        """By the key alone: a sync looks references up a dozen times each, and nearly all are of one system."""
        return hash(self.key)

    @property
    def is_within_a_stay(self) -> bool:
        """True for a guest of a system that gives guests no identity of their own: the key is the stay's, a colon and
        the guest's place in it ("XPGMSXGF-1:primary"), so the same person has another one in every stay."""
        return ":" in self.key

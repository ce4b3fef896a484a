"""Snapshots: facts as a PMS reported them, vendor-neutral, before they become Jack's own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jack.domain.errors import DomainError
from jack.domain.ids import ExternalRef, is_text
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.room import Housekeeping, Occupancy

LONGEST_NAME = 200
"""Characters of a first or last name that are kept; what follows is cut, with a mark."""

LONGEST_REQUEST = 2_000
"""Characters of a special request that are kept; what follows is cut, with a mark."""

LONGEST_PREFERENCE = 1_000
"""Characters of a preference that are kept; what follows is cut, with a mark."""

LONGEST_CONTACT = 320
"""Characters of a telephone or e-mail text that are kept (no e-mail address has more); a cut one is unreadable."""

LONGEST_WORD = 200
"""Characters of numbers, types and codes at most: half of one names something else, so a longer one is refused."""

CLOCK_SKEW = timedelta(days=1)
"""How far a vendor's clock may run ahead of Jack's."""

MOST_PEOPLE = 1_000
"""Adults or children in one room at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceSnapshot:
    """A preference as the PMS words it."""

    category: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestSnapshot:
    """A guest as a PMS reported them.

    `phones` and `emails` are the vendor's own texts, unread; `language` is a language tag or None, never derived
    from nationality; `country` is ISO 3166 alpha-2 in capitals or None; `modified_at` is the vendor's own instant.
    """

    ref: ExternalRef
    first_name: str
    last_name: str
    language: str | None = None
    country: str | None = None
    loyalty_tier: str | None = None
    vip: bool = False
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    preferences: tuple[PreferenceSnapshot, ...] = ()
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationSnapshot:
    """One stay in one room as a PMS reported it, with the main guest and the companions inside.

    `modified_at` is the vendor's own modification instant of the reservation; None where the vendor has none.
    """

    ref: ExternalRef
    confirmation_number: str
    status: ReservationStatus
    period: StayPeriod
    guest: GuestSnapshot
    companions: tuple[GuestSnapshot, ...] = ()
    room_number: str | None = None
    room_type: str | None = None
    expected_arrival: datetime | None = None
    adults: int = 1
    children: int = 0
    special_requests: tuple[str, ...] = ()
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSnapshot:
    """A room as a PMS reported it; None means that the vendor does not say."""

    number: str
    room_type: str | None = None
    occupancy: Occupancy | None = None
    housekeeping: Housekeeping | None = None


ROOM = "room"
"""The kind of rejected records that are rooms; they are read again with all rooms, never by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRecord:
    """A record that could not be read or kept: which one, if it said so, why in plain words, and its raw JSON text."""

    kind: str
    ref: ExternalRef | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeBooking:
    """A booking in one piece: under this number the PMS has exactly these reservations, perhaps none."""

    confirmation_number: str
    refs: tuple[ExternalRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownValue:
    """A word of the vendor that Jack does not know: where it stands ("room.state") and what it says, bounded."""

    field: str
    value: str

    def __post_init__(self) -> None:
        if len(self.value) > LONGEST_WORD or not is_text(self.value):
            readable = "".join(ch for ch in self.value[:LONGEST_WORD] if is_text(ch))
            object.__setattr__(self, "value", readable)


def within_limits(snapshot: ReservationSnapshot) -> ReservationSnapshot:
    """The snapshot with texts of bounded length: long names, requests, preferences and contacts are cut.

    Raises DomainError, which quotes nothing, for what cannot be kept: a text with a NUL character or half a surrogate
    pair, an endless number or code, or an impossible number of people.
    """
    for number in (snapshot.adults, snapshot.children):
        if not 0 <= number <= MOST_PEOPLE:
            raise DomainError("the number of adults or children is impossible")
    _refuse_endless(snapshot.confirmation_number, snapshot.room_number, snapshot.room_type)
    if (
        not snapshot.companions
        and _is_short(snapshot.special_requests)
        and guest_within_limits(snapshot.guest) is snapshot.guest
    ):
        return snapshot
    guest = guest_within_limits(snapshot.guest)
    companions = tuple(map(guest_within_limits, snapshot.companions))
    requests = tuple(_cut(text, LONGEST_REQUEST) for text in snapshot.special_requests)
    if (guest, companions, requests) == (snapshot.guest, snapshot.companions, snapshot.special_requests):
        return snapshot
    return replace(snapshot, guest=guest, companions=companions, special_requests=requests)


def believable(snapshot: ReservationSnapshot, now: datetime) -> ReservationSnapshot:
    """The snapshot without modification times that lie further ahead of `now` than any clock is wrong.

    Such a version would outrank every later one for ever; without it the newest reading counts.
    """
    versions = (snapshot.modified_at, snapshot.guest.modified_at, *(c.modified_at for c in snapshot.companions))
    latest = now + CLOCK_SKEW
    if all(version is None or version <= latest for version in versions):
        return snapshot
    return replace(
        snapshot,
        modified_at=_believable_instant(snapshot.modified_at, now),
        guest=believable_guest(snapshot.guest, now),
        companions=tuple(believable_guest(companion, now) for companion in snapshot.companions),
    )


def believable_guest(guest: GuestSnapshot, now: datetime) -> GuestSnapshot:
    """The guest, as `believable` does it for a reservation."""
    instant = _believable_instant(guest.modified_at, now)
    return guest if instant == guest.modified_at else replace(guest, modified_at=instant)


def room_within_limits(room: RoomSnapshot) -> RoomSnapshot:
    """The room. Raises DomainError, as `within_limits` does, for one that cannot be kept."""
    _refuse_endless(room.number, room.room_type)
    return room


def guest_within_limits(guest: GuestSnapshot) -> GuestSnapshot:
    """The guest with texts of bounded length. Raises DomainError, as `within_limits` does, for what cannot be kept."""
    words = [guest.first_name, guest.last_name, *guest.phones, *guest.emails]
    words += [guest.language or "", guest.country or "", guest.loyalty_tier or ""]
    for preference in guest.preferences:
        words += (preference.category, preference.value)
    if _is_short(words):
        return guest
    _refuse_endless(guest.language, guest.country, guest.loyalty_tier)
    bounded = replace(
        guest,
        first_name=_cut(guest.first_name, LONGEST_NAME),
        last_name=_cut(guest.last_name, LONGEST_NAME),
        phones=tuple(_cut(text, LONGEST_CONTACT) for text in guest.phones),
        emails=tuple(_cut(text, LONGEST_CONTACT) for text in guest.emails),
        preferences=tuple(
            PreferenceSnapshot(category=_cut(p.category, LONGEST_WORD), value=_cut(p.value, LONGEST_PREFERENCE))
            for p in guest.preferences
        ),
    )
    return guest if bounded == guest else bounded


def _believable_instant(modified_at: datetime | None, now: datetime) -> datetime | None:
    return None if modified_at is not None and modified_at > now + CLOCK_SKEW else modified_at


def _is_short(texts: Iterable[str]) -> bool:
    """True where one look tells that each of these texts can be kept as it is: together they are not too long."""
    together = "".join(texts)
    return len(together) <= LONGEST_WORD and is_text(together)


def _cut(text: str, longest: int) -> str:
    if not is_text(text):
        raise DomainError("a text holds a character that cannot be stored")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _refuse_endless(*words: str | None) -> None:
    for word in words:
        if word is not None and (len(word) > LONGEST_WORD or not is_text(word)):
            raise DomainError("a number or code is too long or holds a character that cannot be stored")

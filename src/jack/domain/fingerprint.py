"""Fingerprints: whether a PMS tells what it told before, without a look at everything that it told."""

from collections.abc import Mapping
from hashlib import blake2b
from operator import attrgetter

from jack.domain.ids import ExternalRef, GuestId
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot

# every field of the snapshots; the tests notice a new one that is missing here
_GUEST = attrgetter(
    "ref.system",
    "ref.key",
    "first_name",
    "last_name",
    "language",
    "country",
    "loyalty_tier",
    "vip",
    "phones",
    "emails",
    "modified_at",
)
_PREFERENCE = attrgetter("category", "value")
_RESERVATION = attrgetter(
    "ref.system",
    "ref.key",
    "confirmation_number",
    "status.value",
    "period.arrival",
    "period.departure",
    "room_number",
    "room_type",
    "expected_arrival",
    "adults",
    "children",
    "special_requests",
    "modified_at",
)


def guest_fingerprint(snapshot: GuestSnapshot, phone_region: str) -> str:
    """32 hexadecimal digits that are others when any fact is; `phone_region` is where its phones are read."""
    return _digest((phone_region, _GUEST(snapshot), *map(_PREFERENCE, snapshot.preferences)))


def reservation_fingerprint(snapshot: ReservationSnapshot, guests: Mapping[ExternalRef, GuestId]) -> str:
    """As for a guest; `guests` are Jack's ids of guest and companions, whose own facts have fingerprints of their own.

    A companion's name is a fact of the reservation as well.
    """
    people = [(guests.get(c.ref), c.first_name, c.last_name) for c in snapshot.companions]
    return _digest((_RESERVATION(snapshot), guests[snapshot.guest.ref], people))


def _digest(facts: tuple[object, ...]) -> str:
    # the repr of strings, numbers, dates and None is the same for the same facts only, and quick
    return blake2b(repr(facts).encode(), digest_size=16).hexdigest()

"""Snapshots: facts as a PMS reported them, vendor-neutral, before they become Jack's own."""

from dataclasses import dataclass
from datetime import datetime

from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.room import Housekeeping, Occupancy


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRecord:
    """A record that could not be read or kept: which one, if it said so, why in plain words, and its raw JSON text."""

    kind: str
    ref: ExternalRef | None
    reason: str
    raw: str

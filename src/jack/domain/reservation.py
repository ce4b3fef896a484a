"""Reservation: what the PMS holds about one stay of one party in one room."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from jack.domain.errors import DomainError
from jack.domain.ids import ExternalRef, GuestId, HotelId, ReservationId


class ReservationStatus(StrEnum):
    """The states that Jack knows. A vendor's state that fits none of them is rejected and reported, never guessed."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True, kw_only=True)
class StayPeriod:
    """Arrival and departure in the hotel's local dates; both may be the same day (day use)."""

    arrival: date
    departure: date

    def __post_init__(self) -> None:
        if self.departure < self.arrival:
            raise DomainError(f"a stay cannot end ({self.departure}) before it begins ({self.arrival})")

    def covers(self, day: date) -> bool:
        """True from the day of arrival to the day of departure, both included."""
        return self.arrival <= day <= self.departure

    def overlaps(self, other: "StayPeriod") -> bool:
        """True when the two periods share at least one day."""
        return self.arrival <= other.departure and other.arrival <= self.departure


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Somebody who shares the stay; `guest_id` is None while the PMS gives a name without an identity."""

    guest_id: GuestId | None
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One stay in one room, as the PMS last told it.

    `ref` is the vendor's id of this stay (several rooms under one booking are several reservations). The confirmation
    number is what guests quote; it is unique within its system only. `expected_arrival` is an instant.
    `gone_at` is set when a reconciliation found that the PMS no longer has it; `doubt` holds the reason while the
    newest version of it could not be read and these are the last good facts.
    """

    id: ReservationId
    hotel_id: HotelId
    guest_id: GuestId
    ref: ExternalRef
    confirmation_number: str
    status: ReservationStatus
    period: StayPeriod
    room_number: str | None = None
    room_type: str | None = None
    expected_arrival: datetime | None = None
    adults: int = 1
    children: int = 0
    special_requests: tuple[str, ...] = ()
    companions: tuple[Companion, ...] = ()
    modified_at: datetime | None = None
    gone_at: datetime | None = None
    doubt: str | None = None
    synced_at: datetime | None = field(default=None, compare=False)

    def belongs_to(self, guest_id: GuestId) -> bool:
        """True for the main guest and for every companion."""
        return self.guest_id == guest_id or any(c.guest_id == guest_id for c in self.companions)

    @property
    def is_live(self) -> bool:
        """True while the stay may still concern the guest: neither cancelled, no-show nor gone from the PMS."""
        return self.gone_at is None and self.status not in (
            ReservationStatus.CANCELLED,
            ReservationStatus.NO_SHOW,
        )

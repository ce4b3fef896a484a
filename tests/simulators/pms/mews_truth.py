"""The truth about the hotel behind the simulator of Mews, as snapshots."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot, RoomSnapshot

Json = dict[str, Any]

STATES = {
    ReservationStatus.TENTATIVE: "Optional",
    ReservationStatus.CONFIRMED: "Confirmed",
    ReservationStatus.CHECKED_IN: "Started",
    ReservationStatus.CHECKED_OUT: "Processed",
    ReservationStatus.CANCELLED: "Canceled",
    ReservationStatus.NO_SHOW: "Canceled",
}
ROOM_STATES = {
    Housekeeping.CLEAN: "Clean",
    Housekeeping.DIRTY: "Dirty",
    Housekeeping.INSPECTED: "Inspected",
    Housekeeping.OUT_OF_ORDER: "OutOfOrder",
}
LANGUAGES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "pt": "pt-PT", "es": "es-ES", "it": "it-IT"}
NOTES = {"food and beverage": "FoodAndBeverage", "housekeeping": "Housekeeping"}
STAY, PARKING, MEETINGS, RESTAURANT = "service-stay", "service-parking", "service-meetings", "service-restaurant"
ADULT, CHILD = "age-adult", "age-child"
PROGRAM = "loyalty-program"
CHAIN = "chain"
OPENED = "2015-07-07T13:33:17Z"
NOBODY = {"Discriminator": "Enterprise", "EnterpriseProfile": {"ProfileId": "profile"}}
CHECK_IN, CHECK_OUT = time(15), time(11)


def wire(moment: datetime) -> str:
    """The instant as Mews writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class MewsTruth:
    """What the hotel is. Every record can be told otherwise than the truth has it: `otherwise` holds fields by id.

    `joined_at` is when somebody became a companion (by reservation), `noted_at` when wishes were written.
    """

    name: str = "Harbour Hotel"
    time_zone: str = "Europe/Lisbon"
    enterprise_id: str = "enterprise-harbour"
    is_portfolio: bool = False
    reservations: dict[str, ReservationSnapshot] = field(default_factory=dict)
    guests: dict[str, GuestSnapshot] = field(default_factory=dict)
    rooms: dict[str, RoomSnapshot] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    owned: dict[str, str] = field(default_factory=dict)
    booked_types: dict[str, str] = field(default_factory=dict)
    otherwise: dict[str, Json] = field(default_factory=dict)
    joined_at: dict[str, datetime] = field(default_factory=dict)
    noted_at: dict[str, datetime] = field(default_factory=dict)
    blocks: list[Json] = field(default_factory=list)
    notes: list[Json] = field(default_factory=list)
    extra: dict[str, list[Json]] = field(default_factory=dict)
    tasks: list[Json] = field(default_factory=list)

    def put(self, reservation: ReservationSnapshot) -> None:
        """Have that reservation, and everybody in it."""
        self.reservations[reservation.ref.key] = reservation
        for guest in (reservation.guest, *reservation.companions):
            self.guests[guest.ref.key] = guest

    def forget(self, ref: ExternalRef) -> None:
        """No longer have that reservation."""
        self.reservations.pop(ref.key, None)

    def is_occupied(self, number: str) -> bool:
        """Whether a stay is going on in that room."""
        return any(
            r.room_number == number and r.status is ReservationStatus.CHECKED_IN for r in self.reservations.values()
        )

    def occupancy(self, number: str) -> Occupancy:
        """Whether somebody lives in that room now."""
        return Occupancy.OCCUPIED if self.is_occupied(number) else Occupancy.VACANT


def noted(preference: PreferenceSnapshot) -> str:
    """A preference for which Mews has no field of its own, as a note."""
    return preference.value if preference.category in NOTES else f"{preference.category}: {preference.value}"


def as_noted(preference: PreferenceSnapshot) -> PreferenceSnapshot:
    """A preference as Mews is able to say it."""
    if preference.category in ("diet", "room", *NOTES):
        return preference
    return PreferenceSnapshot(category="housekeeping", value=noted(preference))

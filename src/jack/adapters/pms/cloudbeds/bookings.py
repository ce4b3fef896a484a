"""Bookings as Cloudbeds tells them, made into one snapshot for each room: pure functions over decoded answers.

A booking has one number and one state, its rooms have sub-reservation ids, dates, states and guests of their own. All
dates are the hotel's. A room that was changed during the stay appears once for each room that was lived in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from jack.adapters.pms.cloudbeds.fields import NO_FIELDS, FieldBook
from jack.adapters.pms.cloudbeds.guests import SYSTEM, guest_by_name, guest_from_list, is_person
from jack.adapters.pms.cloudbeds.payloads import BookedRoom, Booking, ListedGuest, Word, each, is_true, text
from jack.adapters.pms.cloudbeds.words import status_of
from jack.adapters.vendor_api.records import Unreadable, read_date, ref_of, rejected, why
from jack.domain.errors import DomainError
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What must be known to read bookings: the property, its time zone and date, and its own fields."""

    property_id: str
    zone: tzinfo
    today: date
    fields: FieldBook = NO_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBooking:
    """One booking as it was read: `refs` are all its rooms, of which `stays` could be read and `rejected` could not.

    `number` is "" where even that could not be read. `whole` is False when nobody can say which rooms there are.
    """

    number: str
    deleted: bool = False
    modified_at: datetime | None = None
    refs: tuple[ExternalRef, ...] = ()
    stays: tuple[ReservationSnapshot, ...] = ()
    rejected: tuple[RejectedRecord, ...] = ()
    whole: bool = True

    def holds(self, key: str) -> bool:
        """Whether one of the rooms has that sub-reservation id."""
        return any(ref.key == key for ref in self.refs)


def read_booking(booking: Booking, reference: Reference, raw: Callable[[], bytes]) -> ReadBooking | None:
    """The booking with its rooms; None for another property's. `raw` gives it as it came, where that is to be kept.

    Raises Unreadable for what is no booking at all.
    """
    owner = text(booking.property_id)
    if owner and owner != reference.property_id:
        return None
    number = text(booking.reservation_id)
    if not number:
        raise Unreadable("the reservation has no id")
    modified = read_modified(booking, reference.zone)
    rooms: dict[str, list[BookedRoom]] = {}
    for many in (booking.rooms, booking.assigned, booking.unassigned):
        for room in each(many):
            rooms.setdefault(text(room.sub_reservation_id), []).append(room)
    refs = tuple(ref for ref in (ref_of(SYSTEM, key) for key in rooms) if ref is not None)
    if is_true(booking.is_deleted):
        return ReadBooking(number=number, deleted=True, modified_at=modified, refs=refs)
    if not rooms and text(booking.status) not in ("canceled", "no_show"):
        nothing = rejected("reservation", ref_of(SYSTEM, number), "the reservation has no rooms", raw())
        return ReadBooking(number=number, modified_at=modified, rejected=(nothing,), whole=False)
    people = _people(booking)
    stays: list[ReservationSnapshot] = []
    bad: list[RejectedRecord] = []
    for key, entries in rooms.items():
        try:
            stays.append(_stay(booking, number, key, entries, people, len(rooms) == 1, modified, reference))
        except (Unreadable, DomainError, ValueError) as error:
            bad.append(rejected("reservation", ref_of(SYSTEM, key), why(error), raw()))
    return ReadBooking(
        number=number,
        modified_at=modified,
        refs=refs,
        stays=tuple(stays),
        rejected=tuple(bad),
        whole=len(refs) == len(rooms),
    )


def read_modified(booking: Booking, zone: tzinfo) -> datetime | None:
    """When the booking was changed last. What has no zone in its name is the hotel's time.

    Raises Unreadable for a text that is no date and time.
    """
    given = text(booking.date_modified_utc)
    where: tzinfo = UTC
    if not given or given.startswith("0000"):
        given, where = text(booking.date_modified), zone
    if not given or given.startswith("0000"):
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise Unreadable("the modification time is no date and time") from None
    if where is UTC and moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=where)).astimezone(UTC)


def _stay(
    booking: Booking,
    number: str,
    key: str,
    entries: Sequence[BookedRoom],
    people: dict[str, ListedGuest],
    alone: bool,
    modified: datetime | None,
    reference: Reference,
) -> ReservationSnapshot:
    if not key:
        raise Unreadable("a room of the reservation has no id of its own")
    periods = [_period(entry) for entry in entries]
    states = [_state(booking, entry) for entry in entries]
    period, status, room = periods[0], states[0], entries[0]
    if len(entries) > 1:
        kept = [n for n, state in enumerate(states) if state is not ReservationStatus.CANCELLED] or [0]
        period = StayPeriod(
            arrival=min(periods[n].arrival for n in kept), departure=max(periods[n].departure for n in kept)
        )
        room = entries[_lived_in([periods[n] for n in kept], kept, reference.today)]
        status = min((states[n] for n in kept), key=_URGENCY.index)
    guest, companions = _party(booking, key, room, people, alone, reference)
    virtual = is_true(room.room_type_is_virtual)  # no door has the name of what is only sold together
    return ReservationSnapshot(
        ref=ExternalRef(system=SYSTEM, key=key),
        confirmation_number=number,
        status=status,
        period=period,
        guest=guest,
        companions=companions,
        room_number=None if virtual else text(room.room_name) or None,
        room_type=text(room.room_type_name) or None,
        expected_arrival=_expected(booking.estimated_arrival_time, period.arrival, reference.zone),
        adults=_people_count(room.adults, 1),
        children=_people_count(room.children, 0),
        special_requests=reference.fields.wishes(booking.custom_fields) if booking.custom_fields else (),
        modified_at=modified,
    )


def _state(booking: Booking, room: BookedRoom) -> ReservationStatus:
    word = text(room.room_status)
    if not word and not text(room.room_id):  # `getReservation` tells no states, but nobody checks in without a room
        word = "not_checked_in"
    return status_of(text(booking.status), word)


_URGENCY = (
    ReservationStatus.CHECKED_IN,
    ReservationStatus.CONFIRMED,
    ReservationStatus.TENTATIVE,
    ReservationStatus.CHECKED_OUT,
    ReservationStatus.NO_SHOW,
    ReservationStatus.CANCELLED,
)
"""Which state a stay has whose rooms have several: whoever moved has left one room and lives in the next."""


def _lived_in(periods: Sequence[StayPeriod], places: Sequence[int], today: date) -> int:
    """The place of the room that counts today: where the guest sleeps tonight, else the next one, else the last."""
    ranked = sorted(zip(periods, places, strict=True), key=lambda pair: (pair[0].arrival, pair[0].departure))
    tonight = [place for period, place in ranked if period.arrival <= today < period.departure]
    later = [place for period, place in ranked if period.arrival > today]
    return tonight[-1] if tonight else later[0] if later else ranked[-1][1]


def _party(
    booking: Booking,
    key: str,
    room: BookedRoom,
    people: dict[str, ListedGuest],
    alone: bool,
    reference: Reference,
) -> tuple[GuestSnapshot, tuple[GuestSnapshot, ...]]:
    """Who the stay is for and who shares the room."""
    main = text(room.guest_id)
    if not main:
        main = text(booking.guest_id) or next((k for k, guest in people.items() if is_true(guest.is_main_guest)), "")
        inside = [found for found, guest in people.items() if _is_in(guest, key)]
        if inside and main not in inside:  # whoever booked lives in another room
            main = next((found for found in inside if is_person(people[found])), main)
    if len(people) == 1 and main in people:
        return guest_from_list(people[main], main, reference.fields), ()
    sharing = [found for found, guest in people.items() if alone or _is_in(guest, key)]
    if main in people and not is_person(people[main]):
        main = next((found for found in sharing if is_person(people[found])), main)
    if not main:
        main = sharing[0] if sharing else ""
    if not main:
        raise Unreadable("the reservation names no guest")
    owner = people.get(main)
    guest = (
        guest_from_list(owner, main, reference.fields)
        if owner is not None
        else guest_by_name(main, text(room.guest_name) or text(booking.guest_name))
    )
    companions = tuple(
        guest_from_list(people[found], found, reference.fields)
        for found in sharing
        if found != main and is_person(people[found]) and not is_true(people[found].is_anonymized)
    )
    return guest, companions


def _people(booking: Booking) -> dict[str, ListedGuest]:
    """The guests of a booking by key: the list is a map keyed by it, except where it is a list."""
    many = booking.guest_list
    if isinstance(many, dict):
        return {text(guest.guest_id) or key: guest for key, guest in many.items()}
    return {text(guest.guest_id): guest for guest in each(many) if text(guest.guest_id)}


def _is_in(guest: ListedGuest, key: str) -> bool:
    if text(guest.sub_reservation_id) == key:
        return True
    return any(
        text(room.sub_reservation_id) == key for many in (guest.rooms, guest.unassigned_rooms) for room in each(many)
    )


def _period(room: BookedRoom) -> StayPeriod:
    return StayPeriod(
        arrival=read_date(text(room.room_check_in) or text(room.start_date), "arrival"),
        departure=read_date(text(room.room_check_out) or text(room.end_date), "departure"),
    )


def _expected(given: Word, arrival: date, zone: tzinfo) -> datetime | None:
    """The instant at which the guest means to come. A time that is none says nothing."""
    words = text(given)
    if not words:
        return None
    try:
        clock = time.fromisoformat(words.zfill(5) if len(words) == 4 else words)
    except ValueError:
        return None
    return datetime.combine(arrival, clock.replace(tzinfo=None), tzinfo=zone).astimezone(UTC)


def _people_count(given: Word, otherwise: int) -> int:
    words = text(given)
    if not words:
        return otherwise
    try:
        return int(float(words))
    except (ValueError, OverflowError):
        raise Unreadable("the number of adults or children is no number") from None

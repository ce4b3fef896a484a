"""One page of bookings, from the bytes of an answer to what the port hands over. Nothing here asks anybody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from jack.adapters.pms.cloudbeds.answers import ListReader, Records
from jack.adapters.pms.cloudbeds.bookings import ReadBooking, Reference, read_booking
from jack.adapters.pms.cloudbeds.guests import SYSTEM
from jack.adapters.pms.cloudbeds.payloads import Booking, Listed, text
from jack.adapters.vendor_api.records import Unreadable, ref_of, rejected, why
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.errors import DomainError
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import ReservationSnapshot, WholeBooking
from jack.domain.sync import SyncWindow

BOOKINGS: ListReader[Booking] = ListReader(Listed[Booking], Booking)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPage:
    """The bookings of one answer; `count` is how many records it had, `total` how many the whole question has."""

    bookings: tuple[ReadBooking, ...]
    count: int
    total: int | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The numbers of the bookings that have one."""
        return tuple(booking.number for booking in self.bookings if booking.number)


def read_page(body: bytes, reference: Reference) -> BookingPage:
    """Every booking of one answer. Raises the three words, or msgspec.DecodeError for what is no answer."""
    records = BOOKINGS(body)
    found: list[ReadBooking] = []
    for place, booking in enumerate(records.good):
        try:
            read = read_booking(booking, reference, lambda at=place: _raw_of(body, records, at))  # type: ignore[misc]
        except (Unreadable, DomainError, ValueError, TypeError, LookupError) as error:
            read = _unreadable(_raw_of(body, records, place), why(error))
        if read is not None:
            found.append(read)
    found += [_unreadable(raw, why(error)) for raw, error in records.bad]
    return BookingPage(bookings=tuple(found), count=records.count, total=records.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPage:
    """The numbers of the bookings of one answer."""

    keys: tuple[str, ...]
    count: int
    total: int | None


def read_numbers(body: bytes) -> NumberPage:
    """Which bookings an answer has. Raises as `read_page` does."""
    records = BOOKINGS(body)
    keys = tuple(text(booking.reservation_id) for booking in records.good if text(booking.reservation_id))
    return NumberPage(keys=keys, count=records.count, total=records.total)


def page_of(body: bytes, reference: Reference) -> ReservationPage:
    """One answer of `getReservationsWithRateDetails` as a page with all that it says."""
    return told(read_page(body, reference).bookings)


def told(
    bookings: Iterable[ReadBooking], *, stay_wanted: Callable[[ReservationSnapshot], bool] = lambda _: True
) -> ReservationPage:
    """The page that the port hands over: the wanted stays of these bookings, and what is gone."""
    there = [booking for booking in bookings if not booking.deleted]
    deleted = [booking for booking in bookings if booking.deleted]
    return ReservationPage(
        reservations=tuple(stay for booking in there for stay in booking.stays if stay_wanted(stay)),
        rejected=tuple(record for booking in there for record in booking.rejected),
        gone=tuple(ref for booking in deleted for ref in booking.refs),
        bookings=(
            *(WholeBooking(confirmation_number=b.number, refs=b.refs) for b in there if b.whole),
            *(WholeBooking(confirmation_number=b.number, refs=()) for b in deleted),
        ),
    )


def changed_in(window: SyncWindow) -> Callable[[ReadBooking], bool]:
    """Whether a booking was changed in the window; the vendor's instants are whole seconds, cut and not rounded.

    A deleted one is wanted in any case: its time need not say when it was deleted.
    """
    since = window.since.replace(microsecond=0)
    return lambda b: b.deleted or b.modified_at is None or since <= b.modified_at < window.until


def stays_in(period: StayPeriod) -> Callable[[ReservationSnapshot], bool]:
    """Whether a stay shares a day with the period."""
    return lambda stay: stay.period.overlaps(period)


def _raw_of(body: bytes, records: Records[Booking], place: int) -> bytes:
    """A record as it came, by its place among those that could be decoded."""
    undecoded = [raw for raw, _ in records.bad]
    raws = [raw for raw in BOOKINGS.raws(body) if raw not in undecoded]
    return raws[place] if place < len(raws) else b""


def _unreadable(raw: bytes, reason: str) -> ReadBooking:
    """A booking of which nothing can be read, told for each of its rooms that can be named."""
    try:
        found = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        found = None
    booking = found if isinstance(found, dict) else {}
    number = booking.get("reservationID")
    number = str(number) if isinstance(number, str | int) else ""
    keys = [room.get("subReservationID") for room in _objects(booking.get("rooms"))]
    refs = tuple(
        ref for ref in (ref_of(SYSTEM, str(key)) for key in keys if isinstance(key, str | int)) if ref is not None
    )
    return ReadBooking(
        number=number,
        refs=refs,
        rejected=tuple(rejected("reservation", ref, reason, raw) for ref in refs or (ref_of(SYSTEM, number),)),
        whole=False,
    )


def _objects(rooms: object) -> list[dict[str, object]]:
    many = list(rooms.values()) if isinstance(rooms, dict) else rooms if isinstance(rooms, list) else []
    return [room for room in many if isinstance(room, dict)]

"""Finding single bookings: by their number, by the id of one of their rooms, by a guest, by a booking site's number."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from jack.adapters.pms.cloudbeds.answers import Refused, SingleReader, Unfit
from jack.adapters.pms.cloudbeds.api import CloudbedsApi
from jack.adapters.pms.cloudbeds.bookings import ReadBooking, Reference, read_booking
from jack.adapters.pms.cloudbeds.guests import SYSTEM
from jack.adapters.pms.cloudbeds.hotel import CloudbedsHotel
from jack.adapters.pms.cloudbeds.pages import BOOKINGS, BookingPage, read_numbers, read_page, told
from jack.adapters.pms.cloudbeds.payloads import Booking, Single, SubReservation, text
from jack.adapters.pms.cloudbeds.wishes import Wishes
from jack.adapters.vendor_api.records import Unreadable, ref_of
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.errors import DomainError
from jack.domain.snapshot import ReservationSnapshot, WholeBooking

METHOD = "getReservationsWithRateDetails"
WITH_ALL = {"includeDeleted": "true", "includeGuestsDetails": "true", "includeCustomFields": "true"}

TOGETHER = 50
"""How many bookings are asked for in one call, so that its address stays short."""


class CloudbedsLookup:
    """Every method raises the three words."""

    def __init__(self, api: CloudbedsApi, hotel: CloudbedsHotel, wishes: Wishes, page_size: int) -> None:
        self._api = api
        self._hotel = hotel
        self._wishes = wishes
        self._page_size = page_size

    def pages(self, wanted: Mapping[str, str], reference: Reference) -> AsyncGenerator[BookingPage, None]:
        """Every page of the bookings that this asks for, with all that Cloudbeds tells of them."""
        params = {"propertyID": reference.property_id, **wanted, **WITH_ALL}
        return self._api.pages(METHOD, params, lambda body: read_page(body, reference), self._page_size)

    async def with_wishes(self, page: ReservationPage, reference: Reference) -> ReservationPage:
        """The page, with what the guests of its stays wished for."""
        stays = await self._wishes.added(page.reservations, reference)
        return replace(page, reservations=stays)

    async def stay(self, key: str) -> ReservationSnapshot | None:
        """The stay in the room with that sub-reservation id. Raises ServiceRejected when it cannot be read."""
        reference = await self._hotel.reference()
        booking = await self._holding(key, reference)
        if booking is None:
            return None
        for stay in booking.stays:
            if stay.ref.key == key:
                return (await self.with_wishes(ReservationPage(reservations=(stay,)), reference)).reservations[0]
        raise ServiceRejected(next((r.reason for r in booking.rejected if r.ref and r.ref.key == key), "no room of it"))

    async def numbered(self, number: str) -> tuple[ReservationSnapshot, ...]:
        """The rooms of the booking with that number, Cloudbeds' own or a booking site's.

        Raises ServiceRejected when one of them cannot be read.
        """
        reference = await self._hotel.reference()
        booking = await self._booking(number, reference)
        found = [booking] if booking else list((await self._listed(await self._sold_as(number), reference)).values())
        for bad in (record for one in found for record in one.rejected):
            raise ServiceRejected(bad.reason)
        return (await self.with_wishes(told(found), reference)).reservations

    async def named(self, keys: Sequence[str]) -> AsyncGenerator[ReservationPage, None]:
        """The bookings of these numbers or rooms as they are now; what is not there (any more) is told as gone."""
        if not keys:
            return
        reference = await self._hotel.reference()
        for start in range(0, len(keys), TOGETHER):
            wanted = keys[start : start + TOGETHER]
            listed = await self._listed(wanted, reference)
            if listed:
                yield await self.with_wishes(told(tuple(listed.values())), reference)
            for key in wanted:
                if key not in listed:
                    yield await self._named_one(key, reference)

    async def of_guest(self, key: str) -> AsyncGenerator[ReservationPage, None]:
        """Every booking in which that guest has a part."""
        reference = await self._hotel.reference()
        async with aclosing(self.pages({"guestID": key}, reference)) as pages:
            async for page in pages:
                yield await self.with_wishes(told(page.bookings), reference)

    async def by_dates(
        self, dates: Mapping[str, str], reference: Reference
    ) -> AsyncGenerator[tuple[ReadBooking, ...], None]:
        """The bookings that `getReservations` finds by these dates, each read whole."""
        params = {"propertyID": reference.property_id, **dates}
        async with aclosing(self._api.pages("getReservations", params, read_numbers, self._page_size)) as pages:
            async for page in pages:
                for start in range(0, len(page.keys), TOGETHER):
                    found = await self._listed(page.keys[start : start + TOGETHER], reference)
                    yield tuple(found.values())

    async def number_of(self, key: str) -> str | None:
        """The number of the booking that the room with that sub-reservation id belongs to."""
        params = {"propertyID": self._hotel.property_id, "subReservationID": key}
        try:
            found = await self._api.get("getReservationRoomDetails", params, lambda answer: _SUB(answer.body))
        except (Refused, Unfit):
            return None
        return text(found.reservation_id) or None

    async def _named_one(self, key: str, reference: Reference) -> ReservationPage:
        booking = await self._single(key, reference) or await self._holding(key, reference)
        if booking is not None:
            return await self.with_wishes(told((booking,)), reference)
        ref = ref_of(SYSTEM, key)
        nothing = WholeBooking(confirmation_number=key, refs=())
        return ReservationPage(gone=(ref,) if ref else (), bookings=(nothing,))

    async def _holding(self, key: str, reference: Reference) -> ReadBooking | None:
        """The booking with that room: by the number that the room's id usually begins with, else by the room itself."""
        likely = _numbers_in(key)
        listed = await self._listed(likely, reference)
        found = next((booking for booking in listed.values() if booking.holds(key)), None)
        for listed_one in listed.values() if found is None else ():
            if not listed_one.whole and not listed_one.deleted:
                raise ServiceRejected(_reason(listed_one))  # its rooms cannot be told, so this one may be among them
        if found is None:
            number = await self.number_of(key)
            for candidate in (number,) if number else likely:
                booking = await self._booking(candidate, reference)
                if booking is not None and booking.holds(key):
                    found = booking
                    break
        return None if found is None or found.deleted else found

    async def _booking(self, number: str, reference: Reference) -> ReadBooking | None:
        """One whole booking; None when it was deleted or never was."""
        booking = (await self._listed((number,), reference)).get(number)
        if booking is None:
            return await self._single(number, reference)
        return None if booking.deleted else booking

    async def _listed(self, numbers: Sequence[str], reference: Reference) -> dict[str, ReadBooking]:
        """Those of these bookings that the list has, by number, deleted ones among them."""
        if not any(numbers):
            return {}
        found: dict[str, ReadBooking] = {}
        async with aclosing(self.pages({"reservationID": ",".join(numbers)}, reference)) as pages:
            async for page in pages:
                found |= {booking.number: booking for booking in page.bookings if booking.number in numbers}
        return found

    async def _single(self, number: str, reference: Reference) -> ReadBooking | None:
        """What `getReservation` says, for bookings that the list leaves out. Its time of modification has no zone."""
        params = {"propertyID": reference.property_id, "reservationID": number}
        try:
            body, booking = await self._api.get(
                "getReservation", params, lambda answer: (answer.body, _BOOKING(answer.body))
            )
        except (Refused, Unfit):
            return None
        booking.date_modified = None
        try:
            read = read_booking(booking, reference, lambda: body)
        except (Unreadable, DomainError, ValueError) as error:
            raise ServiceRejected("a booking of Cloudbeds cannot be read") from error
        return None if read is None or read.deleted else read

    async def _sold_as(self, number: str) -> tuple[str, ...]:
        """The bookings that a booking site sold under that number."""
        params = {"propertyID": self._hotel.property_id, "sourceReservationId": number}
        try:
            records = await self._api.get("getReservations", params, lambda answer: BOOKINGS(answer.body))
        except (Refused, Unfit):
            return ()
        same = [found for found in records.good if text(found.third_party_identifier) == number]
        return tuple(dict.fromkeys(text(found.reservation_id) for found in same if text(found.reservation_id)))


def _reason(booking: ReadBooking) -> str:
    return next((record.reason for record in booking.rejected), "the reservation cannot be read")


def _numbers_in(key: str) -> tuple[str, ...]:
    """The numbers of bookings that a room's id may hold: "123-2" is usually a room of 123."""
    head, _, tail = key.rpartition("-")
    return (head, key) if head and tail.isdigit() else (key,)


_BOOKING: SingleReader[Booking] = SingleReader(Single[Booking])
_SUB: SingleReader[SubReservation] = SingleReader(Single[SubReservation])

"""Reading bookings by what they have in common: what changed in a window, and who stays in a period.

`getReservationsWithRateDetails` is asked throughout: it alone tells the modification time in UTC, the arrival time, the
state of each room, and deleted bookings. So every way of reading gives the same facts.
"""

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

from jack.adapters.pms.cloudbeds.bookings import ReadBooking, Reference
from jack.adapters.pms.cloudbeds.clockwork import earliest, latest
from jack.adapters.pms.cloudbeds.hotel import CloudbedsHotel
from jack.adapters.pms.cloudbeds.lookup import CloudbedsLookup
from jack.adapters.pms.cloudbeds.pages import changed_in, stays_in, told
from jack.adapters.pms.cloudbeds.people import CloudbedsPeople
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.reservation import StayPeriod
from jack.domain.sync import SyncWindow

LONG = timedelta(days=14)
"""Who leaves later than this after the last day of a period, and yet arrives in it, is looked for apart."""

FEW_PAGES = 2
"""So many pages are read whole rather than asked for in parts."""

log = logging.getLogger(__name__)


class CloudbedsReservations:
    """Both readings raise the three words."""

    def __init__(self, hotel: CloudbedsHotel, people: CloudbedsPeople, lookup: CloudbedsLookup, few: int) -> None:
        self._hotel = hotel
        self._people = people
        self._lookup = lookup
        self._few = few

    async def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """What was changed in the window by its own UTC time, then the guests who changed by themselves.

        No end is asked for: a booking that changes while its page is read must not fall out of the answer.
        """
        reference = await self._hotel.reference()
        wanted = changed_in(window)
        since = {"modifiedFrom": earliest(window.since, reference.zone)}
        async with aclosing(self._lookup.pages(since, reference)) as pages:
            async for page in pages:
                yield await self._lookup.with_wishes(told(tuple(filter(wanted, page.bookings))), reference)
        async with aclosing(self._guests(window, reference)) as guests:
            async for found in guests:
                yield found

    async def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        """Whoever leaves on or after the first day, without those who arrive after the last one.

        The method has no filter for arrivals. So if there are more than a few, only those are read who leave soon after
        the last day; whoever stays longer is found by `getReservations`, which has one, and read by number.
        """
        reference = await self._hotel.reference()
        wanted = stays_in(period)
        leaving = {"reservationCheckOutFrom": period.arrival.isoformat()}
        total: int | None = None
        more = 0  # a booking may have several rooms, or none that is wanted
        async with aclosing(self._lookup.pages(leaving, reference)) as pages:
            async for page in pages:
                total = page.total
                if total is not None and total > self._few:
                    break
                found = told(page.bookings, stay_wanted=wanted)
                more += len(found.reservations) - page.count
                yield await self._lookup.with_wishes(replace(found, total=_sum(total, more)), reference)
            else:
                return
        async with aclosing(self._in_parts(leaving, period, reference)) as parts:
            async for part in parts:
                found = told(part, stay_wanted=wanted)
                more += len(found.reservations) - len(part)
                yield await self._lookup.with_wishes(replace(found, total=_sum(total, more)), reference)

    async def _in_parts(
        self, leaving: Mapping[str, str], period: StayPeriod, reference: Reference
    ) -> AsyncGenerator[tuple[ReadBooking, ...], None]:
        end = period.departure + LONG
        soon = {**leaving, "reservationCheckOutTo": end.isoformat()}
        async with aclosing(self._lookup.pages(soon, reference)) as pages:
            async for page in pages:
                yield page.bookings
        later = {"checkInTo": period.departure.isoformat(), "checkOutFrom": (end + timedelta(days=1)).isoformat()}
        async with aclosing(self._lookup.by_dates(later, reference)) as long:
            async for bookings in long:
                yield bookings

    async def _guests(self, window: SyncWindow, reference: Reference) -> AsyncGenerator[ReservationPage, None]:
        """Guests who changed; the bookings of those who were merged into others are read again.

        Their times have no zone, so all that Cloudbeds tells is handed on.
        """
        since, until = earliest(window.since, reference.zone), latest(window.until, reference.zone)
        moved: dict[str, None] = {}
        try:
            async with aclosing(self._people.changed(since, until)) as pages:
                async for page in pages:
                    moved |= dict.fromkeys(page.moved)
                    if page.guests:
                        yield ReservationPage(guests=page.guests)
        except ServiceRejected as error:
            # the bookings are read, and bring their guests with them; nothing is lost but some time
            log.warning("cloudbeds.changed_guests_not_told", extra={"reason": str(error)})
        async with aclosing(self._lookup.named(tuple(moved))) as again:
            async for found in again:
                yield found


def _sum(bookings: int | None, more: int) -> int | None:
    """How many stays a reading will bring, as far as the bookings of which nothing is known yet have one each."""
    return None if bookings is None else bookings + more

"""Reading what notices name: reservations, and guests with their stays."""

from collections.abc import AsyncGenerator

from jack.adapters.pms.opera.bydates import pages
from jack.adapters.pms.opera.details import Details, Versions
from jack.adapters.pms.opera.hotel import OperaHotel
from jack.adapters.pms.opera.parallel import each
from jack.adapters.pms.opera.search import LONG, Search
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import GuestSnapshot, UnknownValue
from jack.domain.sync import LOOK_BACK


class NamedRecords:
    """Reads by name."""

    def __init__(self, search: Search, details: Details, hotel: OperaHotel, page_size: int) -> None:
        self._search = search
        self._details = details
        self._hotel = hotel
        self._page_size = page_size

    async def __call__(self, hints: PmsHints, versions: Versions) -> AsyncGenerator[ReservationPage, None]:
        """The stays and guests as they are now. `versions` collects what was read.

        A guest is read with their stays, because these tell more of them than their profile alone.
        """
        people: set[str] = set()
        for keys in pages(hints.stays, self._page_size):
            page = await self._details.page(keys, versions=versions)
            people |= _people(page)
            yield page
        waiting = [key for key in hints.guests if key not in people]
        for keys in pages(waiting, self._page_size):
            stays = dict.fromkeys(key for found in await each(keys, self._stays_of) for key in found)
            told: set[str] = set()
            for some in pages(list(stays), self._page_size):
                page = await self._details.page(some, versions=versions)
                told |= _people(page)
                yield page
            alone = [key for key in keys if key not in told]
            found = await each(alone, self._guest)
            guests = tuple(guest for guest, _ in found if guest is not None)
            unknown = tuple(dict.fromkeys(word for _, words in found for word in words))
            if guests or unknown:
                yield ReservationPage(guests=guests, unknown=unknown)

    async def _stays_of(self, profile: str) -> list[str]:
        """The stays of a guest that are not long over."""
        today = await self._hotel.today()
        found = await self._search.some(
            [
                ("departureStartDate", (today - LOOK_BACK).isoformat()),
                ("departureEndDate", (today + LONG).isoformat()),
                ("profileId", profile),
            ]
        )
        return [row.key for row in found.rows]

    async def _guest(self, key: str) -> tuple[GuestSnapshot | None, tuple[UnknownValue, ...]]:
        try:
            return await self._details.guest(key)
        except ServiceRejected:
            return None, ()  # their stays bring it again, and there it is kept with its reason


def _people(page: ReservationPage) -> set[str]:
    return {person.ref.key for stay in page.reservations for person in (stay.guest, *stay.companions)}

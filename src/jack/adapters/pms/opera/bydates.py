"""Reading stays by their dates: all of a period, or those that do not read as they did."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from jack.adapters.pms.opera.details import Details, Versions
from jack.adapters.pms.opera.hotel import OperaHotel
from jack.adapters.pms.opera.ledger import Book
from jack.adapters.pms.opera.rows import Row
from jack.adapters.pms.opera.search import Found, Search
from jack.adapters.pms.opera.values import version_time
from jack.application.ports.pms_notices import PmsMemory
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.reservation import StayPeriod

T = TypeVar("T")

UNCERTAIN = timedelta(hours=26)
"""How far OPERA's modification times may lie from their instants: nobody says in which zone they are."""


class ByDates:
    """Reads stays by their dates, in pages of whole stays."""

    def __init__(self, search: Search, details: Details, hotel: OperaHotel, memory: PmsMemory, page_size: int) -> None:
        self._search = search
        self._details = details
        self._hotel = hotel
        self._memory = memory
        self._page_size = page_size

    async def all(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        """Every stay that shares a day with the period."""
        today = await self._hotel.today()
        total = await self._search.total(period)
        async for found in self._search.slices(period):
            bad = found.rejected
            for rows in pages(list(found.rows.values()), self._page_size):
                yield await self._details.page([row.key for row in rows], bad=bad, total=total)
                bad = ()
            if bad:
                yield ReservationPage(rejected=bad, total=total)
            if found.rows:
                book = await self._book(found, today)
                book.read(found.rows.values(), kept=False)
                await book.close()

    async def differing(
        self, period: StayPeriod, since: datetime, versions: Versions
    ) -> AsyncGenerator[ReservationPage, None]:
        """The stays of the period that may have changed since they were read last, and those that are no longer where
        they were. `versions` are those that were read just now."""
        today = await self._hotel.today()
        async for found in self._search.slices(period):
            book = await self._book(found, today)
            rows = list(found.rows.values())
            differing = [row for row in rows if not self._known(row, book, since, versions)]
            vanished = book.vanished(found.rows, period.departure)
            bad = found.rejected
            for keys in pages([*(row.key for row in differing), *vanished], self._page_size):
                yield await self._details.page(keys, bad=bad, versions=versions)
                bad = ()
            if bad:
                yield ReservationPage(rejected=bad)
            # only now: whoever asked for more has made it durable
            book.forget(vanished)
            book.read(rows, kept=True)
            await book.close()

    def _known(self, row: Row, book: Book, since: datetime, versions: Versions) -> bool:
        if row.version and versions.get(row.key) == row.version:
            return True
        modified_at = version_time(row.version, self._hotel.zone)
        return book.trusts(row, modified_at, since - UNCERTAIN)

    async def _book(self, found: Found, today: date) -> Book:
        departures = [row.departure for row in found.rows.values() if row.departure is not None]
        last = max([found.slice.departs_until, *departures])
        return await Book(self._memory, today, found.slice.departs_from, last).open()


def pages(things: Sequence[T], size: int) -> list[Sequence[T]]:
    """The things in lists of that size."""
    return [things[first : first + size] for first in range(0, len(things), size)]

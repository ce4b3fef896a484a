"""Readings: lists of reservations, page by page, read again when the pages shifted under the reader."""

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from jack.adapters.pms.apaleo.api import RESERVATIONS, ApaleoApi
from jack.adapters.pms.apaleo.people import SYSTEM
from jack.adapters.pms.apaleo.reservations import BEDROOM, ListPage, Reading, read_list
from jack.adapters.vendor_api.records import whole_second_after, wire_instant
from jack.application.ports.clock import Clock
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot

log = logging.getLogger(__name__)

PATH = "/booking/v1/reservations"
EXPAND = ("expand", "booker,assignedUnits,timeSlices")

PAGE_SIZE = 200
"""Asked for explicitly: apaleo's documents name 200 and 500 as the most, and different numbers as the default."""

MANY_PEOPLE = 5
"""So many guests without any phone number are no coincidence."""

NO_PHONES = (
    "apaleo shows no phone number of any guest, so nobody who writes can be recognised by it: where apaleo's own pages "
    "show numbers, allow the client to read personally identifiable information in apaleo"
)

_REMEMBERED = 20_000

Fits = Callable[[ReservationSnapshot], bool]


@dataclass(slots=True)
class _Told:
    """What a reading told already, so that a second look tells only what is new; beyond a bound nothing is kept."""

    versions: dict[str, datetime | None]

    def fresh(self, page: ReservationPage) -> ReservationPage:
        """The page without what was told in the same version."""
        stays = tuple(stay for stay in page.reservations if self._is_new(stay.ref.key, stay.modified_at))
        bad = tuple(record for record in page.rejected if self._is_new_record(record))
        return replace(page, reservations=stays, rejected=bad)

    def _is_new_record(self, record: RejectedRecord) -> bool:
        return record.ref is None or self._is_new(f"{record.ref.key} {hash(record.raw)}", None)

    def _is_new(self, key: str, version: datetime | None) -> bool:
        if key in self.versions and self.versions[key] == version:
            return False
        if len(self.versions) < _REMEMBERED:
            self.versions[key] = version
        return True


class Readings:
    """Reads lists of the property's stays in bedrooms."""

    def __init__(
        self, api: ApaleoApi, clock: Clock, *, property_id: str, zone: ZoneInfo, page_size: int = PAGE_SIZE
    ) -> None:
        self._api = api
        self._clock = clock
        self._property_id = property_id
        self._zone = zone
        self._page_size = page_size
        self._alarmed = False

    @property
    def now(self) -> Reading:
        """What is read now is read against this."""
        return Reading(property_id=self._property_id, zone=self._zone, now=self._clock.now())

    async def pages(
        self, query: Sequence[tuple[str, str]], fits: Fits, *, whole_hotel: bool = False
    ) -> AsyncGenerator[ReservationPage, None]:
        """The stays that the query finds and that fit; what was rejected is told in any case.

        While it reads, a record may leave the list or move in it, and then another one slips past. That shows in a
        count that changes, in a record that comes twice or in one that is missing at the end: then the list is read
        again, once, and what was told before is not told again. Of the `whole_hotel` it is also looked whether anybody
        can be reached.
        """
        told = _Told({})
        people = reachable = 0
        for again in (False, True):
            walk = _Walk()
            while (page := await self._page(query, walk.number)) is not None:
                walk.saw(page)
                if not again:
                    people, reachable = people + page.people, reachable + page.reachable
                fresh = told.fresh(page.page)
                yield replace(fresh, reservations=tuple(stay for stay in fresh.reservations if fits(stay)))
                if walk.is_over(page):
                    break
            if not (walk.shifted or walk.is_short):
                break
        if whole_hotel:
            self._alarm(people, reachable)

    async def _page(self, query: Sequence[tuple[str, str]], number: int) -> ListPage | None:
        return await self._api.page(
            PATH, self.params(query, number), lambda body: read_list(body, self.now), scope=RESERVATIONS
        )

    def params(self, query: Sequence[tuple[str, str]], number: int) -> list[tuple[str, str]]:
        """The query with what every list of stays is asked with."""
        return [
            ("propertyIds", self._property_id),
            ("unitGroupTypes", BEDROOM),
            *query,
            EXPAND,
            ("pageNumber", str(number)),
            ("pageSize", str(self._page_size)),
        ]

    def _alarm(self, people: int, reachable: int) -> None:
        if people >= MANY_PEOPLE and not reachable and not self._alarmed:
            self._alarmed = True
            log.warning(
                "pms.no_phones",
                extra={"system": SYSTEM, "property": self._property_id, "hint": NO_PHONES},
            )


@dataclass(slots=True)
class _Walk:
    """One walk over the pages of a list."""

    number: int = 1
    count: int | None = None
    records: int = 0
    shifted: bool = False
    stands: bool = False
    latest: frozenset[str] = frozenset()

    @property
    def is_short(self) -> bool:
        """True when it ended before all records came that the list was said to have."""
        return self.count is not None and self.records < self.count

    def saw(self, page: ListPage) -> None:
        """Take a page in."""
        repeated = len(self.latest & page.ids)
        changed = self.number > 1 and page.count != self.count
        self.shifted = self.shifted or changed or repeated > 0
        self.stands = repeated == page.records
        self.count = page.count
        self.records += page.records - repeated
        self.latest = page.ids

    def is_over(self, page: ListPage) -> bool:
        """True after the last page; else the next one is meant. A short page says nothing: apaleo may give fewer than
        were asked for, so without a count only 204 ends the list.
        """
        self.number += 1
        if self.stands:  # nothing came, or nothing but the page before once more
            return True
        return page.count is not None and self.records >= page.count


def stay_query(since: datetime, until: datetime) -> list[tuple[str, str]]:
    """The query for stays that overlap with that span of instants, in an order that changes of a stay leave alone."""
    return [("dateFilter", "Stay"), *span(since, until), ("sort", "created:asc")]


def span(since: datetime, until: datetime) -> list[tuple[str, str]]:
    """`from` and `to` as apaleo takes them: whole seconds in UTC with Z; a plus sign would arrive as a blank."""
    return [("from", wire_instant(since)), ("to", wire_instant(whole_second_after(until)))]

"""Searching OPERA's reservations by dates, below the limit of rows that it pages through."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from jack.adapters.pms.opera.api import OperaApi
from jack.adapters.pms.opera.rows import Row, RowPage, read_rows
from jack.adapters.vendor_api.caller import PATIENT, Patience
from jack.application.errors import ServiceRejected
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import RejectedRecord

SEARCH_PATH = "/rsv/v1/hotels/{hotel}/reservations"

MOST_ROWS = 1_000
"""Rows that OPERA pages through for one search; what lies behind cannot be reached
(github.com/oracle/hospitality-api-docs, issue 103)."""

AIM = 600
"""Rows that one search should find after a split."""

LONG = timedelta(days=3_650)
"""Longer than any stay."""

_DAY = timedelta(days=1)
_RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The stays that depart in some days and arrive in others (None: whenever), both ends included."""

    departs_from: date
    departs_until: date
    arrives_from: date | None = None
    arrives_until: date | None = None

    def params(self) -> list[tuple[str, str]]:
        """How the search is asked for them."""
        named = {
            "arrivalStartDate": self.arrives_from,
            "arrivalEndDate": self.arrives_until,
            "departureStartDate": self.departs_from,
            "departureEndDate": self.departs_until,
        }
        return [(name, day.isoformat()) for name, day in named.items() if day is not None]

    def parts(self, total: int | None) -> list["Slice"]:
        """The same stays in smaller slices: by departures, and those of a single day by arrivals. Itself alone when it
        cannot be split."""
        days = (self.departs_until - self.departs_from).days + 1
        if days > 1:
            number = min(days, max(2, -(-(total or 0) // AIM)))
            edges = [self.departs_from + timedelta(days=days * n // number) for n in range(number + 1)]
            return [replace(self, departs_from=first, departs_until=after - _DAY) for first, after in pairwise(edges)]
        first = self.arrives_from or self.departs_from - LONG
        last = min(self.arrives_until or self.departs_until, self.departs_until)
        if last <= first:
            return [self]
        # most stays are short, so the last days hold most of them
        middle = last - _RECENT if last - first > 2 * _RECENT else first + (last - first) // 2
        return [
            replace(self, arrives_from=first, arrives_until=middle),
            replace(self, arrives_from=middle + _DAY, arrives_until=last),
        ]


def slices_of(period: StayPeriod) -> tuple[Slice, Slice]:
    """The stays that share a day with the period: those that depart within it, and those that outlast it."""
    return (
        Slice(departs_from=period.arrival, departs_until=period.departure),
        Slice(
            departs_from=period.departure + _DAY,
            departs_until=period.departure + LONG,
            arrives_from=period.arrival - LONG,
            arrives_until=period.departure,
        ),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """Everything in one slice that is small enough: its rows by key, and the records that have not even an id."""

    slice: Slice
    rows: dict[str, Row] = field(default_factory=dict)
    rejected: tuple[RejectedRecord, ...] = ()


class Search:
    """Asks the reservation search."""

    def __init__(self, api: OperaApi, page_size: int) -> None:
        self._api = api
        self._page_size = page_size

    async def total(self, period: StayPeriod) -> int | None:
        """How many stays the period has; None where OPERA does not say, or says so many that it may mean more."""
        total = 0
        for part in slices_of(period):
            page = await self._page(part.params(), 0, limit=1)
            is_all = page.count == 0 or page.more is False
            told = page.count if page.total is None and is_all else page.total
            if told is None or told == MOST_ROWS:
                return None
            total += told
        return total

    async def slices(self, period: StayPeriod) -> AsyncGenerator[Found, None]:
        """Every stay of the period, in slices of fewer than a thousand."""
        waiting = list(reversed(slices_of(period)))
        while waiting:
            part = waiting.pop()
            found = await self._whole(part.params())
            if isinstance(found, RowPage):
                parts = part.parts(found.total)
                if len(parts) > 1:
                    waiting += reversed(parts)
                    continue
                found = await self._from_both_ends(part)
            rows, bad = found
            yield Found(part, rows, bad)

    async def some(self, params: list[tuple[str, str]], patience: Patience = PATIENT) -> RowPage:
        """The first page of a search by something else."""
        return await self._page(params, 0, patience=patience)

    async def _whole(
        self, params: list[tuple[str, str]]
    ) -> tuple[dict[str, Row], tuple[RejectedRecord, ...]] | RowPage:
        """All rows of a search; its first page alone when there are too many.

        When its pages shift while they are read (another total, a row twice), the search is read once more.
        """
        rows: dict[str, Row] = {}
        bad: dict[str, RejectedRecord] = {}
        for _ in range(2):
            first = page = await self._page(params, 0)
            offset = page.count
            seen: set[str] = set()
            shifted = False
            while True:
                if page.total is not None and page.total >= MOST_ROWS:
                    return first
                shifted |= page.total != first.total or any(row.key in seen for row in page.rows)
                seen.update(row.key for row in page.rows)
                rows |= {row.key: row for row in page.rows}
                bad |= {record.raw: record for record in page.rejected}
                if not page.goes_on(offset):
                    break
                if offset + self._page_size > MOST_ROWS:
                    return first
                page = await self._page(params, offset)
                offset += page.count
            if not shifted:
                break
        return rows, tuple(bad.values())

    async def _from_both_ends(self, part: Slice) -> tuple[dict[str, Row], tuple[RejectedRecord, ...]]:
        """A thousand and more stays that arrive and depart on the same days: those that come first by name, and those
        that come last."""
        rows: dict[str, Row] = {}
        bad: dict[str, RejectedRecord] = {}
        total: int | None = None
        for order in ("Asc", "Desc"):
            params = [*part.params(), ("orderBy", "GuestSurname"), ("sortOrder", order)]
            offset = 0
            while offset + self._page_size <= MOST_ROWS:
                page = await self._page(params, offset)
                rows |= {row.key: row for row in page.rows}
                bad |= {record.raw: record for record in page.rejected}
                offset += page.count
                total = page.total or total
                if not page.goes_on(offset):
                    break
        if total is None or len(rows) + len(bad) < total:
            raise ServiceRejected(
                f"more stays arrive and depart on the same days ({part.departs_until}) than OPERA lets anybody read"
            )
        return rows, tuple(bad.values())

    async def _page(
        self,
        params: list[tuple[str, str]],
        offset: int,
        *,
        limit: int | None = None,
        patience: Patience = PATIENT,
    ) -> RowPage:
        asked = [
            *params,
            ("excludePseudoRoomReservations", "true"),
            ("fetchInstructions", "Reservation"),
            ("fetchInstructions", "Indicators"),
            ("limit", str(limit or self._page_size)),
            ("offset", str(offset)),
        ]
        return await self._api.found(SEARCH_PATH, asked, read_rows, patience=patience) or RowPage()

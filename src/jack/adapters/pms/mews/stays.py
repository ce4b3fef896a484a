"""Stays: reads reservations, page by page."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from jack.adapters.pms.mews.api import LONGEST_WINDOW, PAGE, Fields, MewsApi, interval
from jack.adapters.pms.mews.extras import Extras
from jack.adapters.pms.mews.library import Library, in_parts
from jack.adapters.pms.mews.listing import RESERVATIONS, Listed
from jack.adapters.pms.mews.payloads import Reservation
from jack.adapters.pms.mews.people import People
from jack.adapters.pms.mews.reference import Reference
from jack.adapters.pms.mews.reservations import page_of, points_at, scheduled_start
from jack.adapters.pms.mews.together import together
from jack.adapters.pms.mews.words import STATES, SYSTEM
from jack.adapters.vendor_api.records import ref_of, wire_instant
from jack.application.errors import ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import ReservationSnapshot

RESERVATIONS_GET = "reservations/getAll/2023-06-06"

DAY = timedelta(days=1)


class Stays:
    """Reads reservations of the lodging services, in every state."""

    def __init__(self, api: MewsApi, library: Library, people: People, extras: Extras, clock: Clock) -> None:
        self._api = api
        self._library = library
        self._people = people
        self._extras = extras
        self._clock = clock

    def asking(self, reference: Reference, fields: Fields) -> Fields:
        """The fields of a call for reservations, held to stays at this hotel and open to every state."""
        return self._library.here({"ServiceIds": list(reference.services), "States": list(STATES), **fields})

    async def changed(self, since: datetime, until: datetime) -> AsyncGenerator[ReservationPage, None]:
        """The reservations that changed in [since, until), both whole seconds."""
        reference = await self._library.reference()
        async with aclosing(self.during(reference, ("UpdatedUtc", since, until), step=DAY)) as pages:
            async for _, listed in pages:
                yield await self._page(listed)

    def during(
        self, reference: Reference, during: tuple[str, datetime, datetime], *, step: timedelta = LONGEST_WINDOW
    ) -> AsyncGenerator[tuple[datetime, Listed[Reservation]], None]:
        """The reservations that fit a filter of time, page by page, each page with the beginning of its window."""
        return self._api.through(RESERVATIONS_GET, RESERVATIONS, self.asking(reference, {}), during, step=step)

    async def joined(self, since: datetime, until: datetime) -> AsyncGenerator[ReservationPage, None]:
        """The stays of today and tomorrow whose companions or wishes changed in [since, until).

        It is not documented whether those changes count as changes of the reservation.
        """
        reference = await self._library.reference()
        today = self._clock.now().astimezone(reference.house.zone).date()
        since = max(since, until - LONGEST_WINDOW)
        lately = interval(since, until)
        during = ("CollidingUtc", _midnight(reference, today), _midnight(reference, today + 2 * DAY))
        async with aclosing(self.during(reference, during)) as pages:
            async for _, listed in pages:
                told = (wire_instant(since), wire_instant(until))
                others = [r.id for r in listed.records if not told[0] <= (r.updated_utc or "") < told[1]]
                companionships, notes = await together(
                    self._people.companionships(others, UpdatedUtc=lately),
                    self._extras.wishes(others, UpdatedUtc=lately),
                )
                found = {c.reservation_id for c in companionships} | {note.order_id for note in notes}
                found &= set(others)
                if found:
                    yield await self._page(_only(replace(listed, rejected=[]), found))

    async def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        """The reservations whose stay shares a day with the period."""
        reference = await self._library.reference()
        # whoever leaves at midnight leaves on that day
        begin = _midnight(reference, period.arrival) - timedelta(seconds=1)
        during = ("CollidingUtc", begin, _midnight(reference, period.departure + DAY))
        async with aclosing(self.during(reference, during)) as pages:
            async for start, listed in pages:
                # a stay that began before this window has been told in the window before
                new = {r.id for r in listed.records if start == begin or _begins(r, start)}
                page = await self._page(_only(listed, new))
                inside = tuple(r for r in page.reservations if r.period.overlaps(period))
                yield replace(page, reservations=inside)

    async def by_id(self, key: str) -> ReservationSnapshot | None:
        """That reservation. Raises ServiceRejected when it cannot be read."""
        found = await self._under({"ReservationIds": [key]})
        return found[0] if found else None

    async def numbered(self, number: str) -> tuple[ReservationSnapshot, ...]:
        """The reservations under Mews's number or, where there is none, under a booking channel's."""
        return await self._under({"Numbers": [number]}) or await self._under({"ChannelNumbers": [number]})

    async def named(self, keys: list[str]) -> AsyncGenerator[ReservationPage, None]:
        """The reservations with these ids; those that Mews does not have are told as gone.

        Pushes are not signed, so an id may be none at all: it costs itself alone.
        """
        reference = await self._library.reference()
        fields = self.asking(reference, {"ReservationIds": keys})
        there: set[str] = set()
        try:
            async with aclosing(self._api.pages(RESERVATIONS_GET, RESERVATIONS, fields)) as pages:
                async for listed in pages:
                    page = await self._page(listed)
                    there |= {r.id for r in listed.records}
                    there |= {record.ref.key for record in listed.rejected if record.ref}
                    yield page
        except ServiceRejected:
            if len(keys) == 1:
                return
            half = len(keys) // 2
            for part in (keys[:half], keys[half:]):
                async with aclosing(self.named(part)) as pages_of_part:
                    async for page in pages_of_part:
                        yield page
            return
        gone = tuple(ref for key in keys if key not in there and (ref := ref_of(SYSTEM, key)))
        if gone:
            yield ReservationPage(gone=gone)

    async def belonging_to(self, accounts: list[str]) -> AsyncGenerator[ReservationPage, None]:
        """The stays of these customers that are not over."""
        reference = await self._library.reference()
        over = self._clock.now() - DAY
        for part in in_parts(accounts):
            fields = self.asking(reference, {"AccountIds": part})
            async with aclosing(self._api.pages(RESERVATIONS_GET, RESERVATIONS, fields, count=PAGE)) as pages:
                async for listed in pages:
                    page = await self._page(_only(listed, {r.id for r in listed.records if not _ended(r, over)}))
                    if page.reservations or page.rejected:
                        yield page

    async def _under(self, fields: Fields) -> tuple[ReservationSnapshot, ...]:
        reference = await self._library.reference()
        found: list[ReservationSnapshot] = []
        asked = self.asking(reference, fields)
        async with aclosing(self._api.pages(RESERVATIONS_GET, RESERVATIONS, asked)) as pages:
            async for listed in pages:
                page = await self._page(listed)
                for record in page.rejected:
                    if record.kind == RESERVATIONS.kind:
                        raise ServiceRejected(record.reason)
                found += page.reservations
        return tuple(found)

    async def _page(self, listed: Listed[Reservation]) -> ReservationPage:
        reference = await self._library.knowing(points_at(listed.records))
        return page_of(listed, reference, await self._people.around(listed.records, reference.house))


def _only(listed: Listed[Reservation], ids: Iterable[str | None]) -> Listed[Reservation]:
    """The page with these records alone, beside those that cannot be read."""
    wanted = set(ids)
    kept = [(p, r) for p, r in zip(listed.places, listed.records, strict=True) if r.id in wanted]
    return replace(listed, places=[place for place, _ in kept], records=[record for _, record in kept])


def _begins(record: Reservation, instant: datetime) -> bool:
    """Whether the stay begins at that instant or later; True for one that does not say when."""
    start = scheduled_start(record)
    return start is None or start >= instant


def _ended(record: Reservation, instant: datetime) -> bool:
    """Whether the stay was planned to end before that instant; False for one that does not say when."""
    return bool(record.scheduled_end_utc) and (record.scheduled_end_utc or "") < wire_instant(instant)


def _midnight(reference: Reference, day: date) -> datetime:
    """The beginning of that day at the hotel."""
    return datetime.combine(day, time(), reference.house.zone).astimezone(UTC)

"""Reading everything around today: in one go, or for the first load of a big hotel in slices that survive a kill."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date

from jack.application.ports.pms import Pms
from jack.application.ports.pms_pages import ReservationPage
from jack.application.stays.leased import LeasedWriter
from jack.domain.reservation import StayPeriod
from jack.domain.sync import SyncLoad, SyncRun, SyncWindow

SHORT = 5_000
"""A reading of so many reservations, as the vendor says, is done in one go."""

FIRST_SLICE, LONGEST_SLICE = 7, 92
"""Days of the first slice and of the longest one."""

FEW, MANY = 5_000, 20_000
"""After a slice with fewer reservations the next is twice as long, after one with more half as long."""

Progress = Callable[[SyncRun, int | None], None]
"""Told after each page: the run so far, and how many reservations the whole reading will bring, if the vendor says."""


@dataclass(slots=True)
class Reading:
    """Reads for one run; every page is durable before the next one is asked for. Raises what the PMS raises."""

    pms: Pms
    writer: LeasedWriter
    progress: Progress | None = None
    total: int | None = None

    async def period(self, period: StayPeriod) -> None:
        """Everything in the period, in one go."""
        async with aclosing(self.pms.staying(period)) as pages:
            async for page in pages:
                self.total = page.total
                await self._keep(page)

    async def changes(self, window: SyncWindow) -> None:
        """What changed in the window. After a reading of everything it is read again and keeps that one's total."""
        async with aclosing(self.pms.changed(window)) as pages:
            async for page in pages:
                if not self.writer.again:
                    self.total = page.total
                await self._keep(page)

    async def load(self, load: SyncLoad, period: StayPeriod, today: date) -> SyncLoad:
        """Everything in the period that `load` has not read yet; returns the load as it stands at the end.

        A long one is read slice by slice, from today outwards, and each slice that was read to its end is kept.
        """
        if load.done is None and await self._short(period):
            return load.having_read(period)
        length = FIRST_SLICE
        while (days := load.next_slice(period, today, length)) is not None:
            brought = await self._slice(days, load.done)
            load = load.having_read(days)
            await self.writer.checkpoint(load)
            length = _next_length(length, brought)
        return load

    async def _short(self, period: StayPeriod) -> bool:
        """Read it in one go if the vendor says that it is short; otherwise nothing is kept of it."""
        async with aclosing(self.pms.staying(period)) as pages:
            begun = False
            async for page in pages:
                self.total = page.total
                if not begun and (page.total is None or page.total > SHORT):
                    return False
                begun = True
                await self._keep(page)
        return True

    async def _slice(self, days: StayPeriod, done: StayPeriod | None) -> int:
        """Read these days; how many reservations they brought. Stays that reach into days `done` were read with those,
        and what changed in them since is read after the load."""
        brought = 0
        async with aclosing(self.pms.staying(days)) as pages:
            async for page in pages:
                brought += len(page.reservations)
                new = tuple(r for r in page.reservations if done is None or not r.period.overlaps(done))
                await self._keep(replace(page, reservations=new))
        return brought

    async def _keep(self, page: ReservationPage) -> None:
        await self.writer.page(page, total=self.total)
        if self.progress:
            self.progress(self.writer.run, self.total)


def _next_length(length: int, brought: int) -> int:
    if brought < FEW:
        return min(length * 2, LONGEST_SLICE)
    return max(length // 2, 1) if brought > MANY else length

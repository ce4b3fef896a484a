"""SyncReservations: one run that makes Jack's copy of a hotel equal to the PMS."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jack.application.errors import Conflict, NotFound, OutsideFailure, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import Pms, PmsDirectory
from jack.application.ports.pms_pages import ReservationPage
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.application.stays.apply import BAD_RECORD
from jack.application.stays.leased import LEASE, LeasedWriter, LeaseLost
from jack.application.stays.missing import mark_missing, retry_rejected
from jack.application.stays.pages import in_words
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId, SyncRunId, new_id
from jack.domain.sync import SyncCursor, SyncKind, SyncRun, SyncState, SyncWindow, rolling_period

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=1)
"""When to try again after a PMS that did not say when."""

Progress = Callable[[SyncRun, int | None], None]
"""Told after each page: the run so far, and how many reservations the whole reading will bring, if the vendor says."""


@dataclass(frozen=True, slots=True)
class SyncReservations:
    """One run for one hotel; at most one at a time, by a lease that a dead process loses."""

    begin: BeginUnitOfWork
    pms: PmsDirectory
    hotels: Hotels
    phones: PhoneReader
    clock: Clock

    async def __call__(
        self,
        hotel_id: HotelId,
        kind: SyncKind | None = None,
        *,
        since: datetime | None = None,
        progress: Progress | None = None,
    ) -> SyncRun:
        """Run once and return the finished run, whose `status` and `error` say how it went.

        Without `kind` the first run reads everything around today and later ones what changed. `since` reads what
        changed from that instant on, if that is more than what the cursor says. Raises NotFound for an unknown hotel
        and Conflict while another run goes on or when another process took this one over. Failures of the PMS are not
        raised: they end the run, the cursor stays.
        """
        hotel = self.hotels.get(hotel_id)
        if hotel is None:
            raise NotFound(f"there is no hotel {hotel_id!r} in the configuration")
        pms = self.pms.of(hotel_id)
        started, state = await self._start(hotel, kind, since)
        writer = LeasedWriter(self.begin, self.phones, self.clock, hotel, pms.system, started)
        try:
            seen: set[str] = set()
            async with aclosing(self._pages(pms, hotel, started, state, since)) as pages:
                async for page in pages:
                    await writer.page(page)
                    if started.kind is SyncKind.FULL:
                        seen.update(snapshot.ref.key for snapshot in page.reservations)
                        seen.update(record.ref.key for record in page.rejected if record.ref)
                    if progress:
                        progress(writer.run, page.total)
            if started.kind is SyncKind.FULL:
                await mark_missing(writer, pms, seen)
            problem = await self._look_after_the_rest(writer, pms)
            return await self._finish(writer, problem, moves_cursor=since is None or state.cursor is not None)
        except OutsideFailure as failure:
            return await self._stop(writer, failure)
        except LeaseLost as lost:
            raise Conflict(str(lost)) from lost
        except BaseException as error:
            # A bug or a shutdown: free the lease if it is still ours, so that nobody has to wait for it.
            reason = "the run was stopped" if isinstance(error, asyncio.CancelledError) else type(error).__name__
            await self._stop(writer, ServiceUnavailable(f"the run did not end: {reason}"))
            raise

    async def _start(self, hotel: Hotel, kind: SyncKind | None, since: datetime | None) -> tuple[SyncRun, SyncState]:
        """Take the lease and fix the end of the window: what changes from here on belongs to the next run."""
        async with self.begin() as uow:
            state = await uow.sync.state(hotel.id)
            now = self.clock.now()
            if state.is_running(now):
                raise Conflict(f"a sync of {hotel.id} is going on")
            for dead in await uow.sync.running(hotel.id):
                await uow.sync.save_run(dead.stopped(now, "the process that ran it ended"))
            changes = state.cursor is not None or since is not None
            chosen = kind or SyncKind.CHANGES
            if chosen is SyncKind.CHANGES and not changes:
                chosen = SyncKind.FIRST
            run = SyncRun(id=SyncRunId(new_id()), hotel_id=hotel.id, kind=chosen, started_at=now)
            state = replace(state, lease_owner=run.id, lease_until=now + LEASE, last_started_at=now)
            await uow.sync.save_run(run)
            await uow.sync.save_state(state)
            await uow.commit()
        return run, state

    async def _pages(
        self, pms: Pms, hotel: Hotel, run: SyncRun, state: SyncState, since: datetime | None
    ) -> AsyncGenerator[ReservationPage, None]:
        """Everything that the run reads.

        Also a reading of everything around today is followed by what changed, wherever it lies: the cursor will move,
        and a change of a stay far ahead must not stay behind it.
        """
        if run.kind is not SyncKind.CHANGES:
            async with aclosing(pms.staying(rolling_period(hotel.today(run.started_at)))) as pages:
                async for page in pages:
                    yield page
        window = self._window(hotel, run, state, since)
        if window is not None:
            async with aclosing(pms.changed(window)) as pages:
                async for page in pages:
                    yield page

    def _window(self, hotel: Hotel, run: SyncRun, state: SyncState, since: datetime | None) -> SyncWindow | None:
        """What changed since the cursor, or since an earlier instant that somebody asked for; never less."""
        begins = [min(since, run.started_at)] if since is not None else []
        if state.cursor is not None:
            begins.append(state.cursor.window(run.started_at, self.hotels.sync_overlap(hotel.id)).since)
        return SyncWindow(since=min(begins), until=run.started_at) if begins else None

    async def _look_after_the_rest(self, writer: LeasedWriter, pms: Pms) -> str | None:
        """Bad records of earlier runs, and the rooms. All pages were read, so what fails here is only reported."""
        problems: list[str] = []
        try:
            await retry_rejected(writer, pms)
        except OutsideFailure as failure:
            problems.append(f"bad records could not be read again: {failure}")
        try:
            if lost := await writer.rooms((await pms.rooms()).rooms):
                problems.append(f"{lost} rooms could not be kept: their texts cannot be stored")
        except (OutsideFailure, *BAD_RECORD) as failure:
            problems.append(f"the rooms could not be read: {in_words(failure)}")
        return "; ".join(problems) or None

    async def _finish(self, writer: LeasedWriter, problem: str | None, *, moves_cursor: bool) -> SyncRun:
        """Every page was read: only now the cursor moves, to the start of this run.

        A first run that read only what changed since some instant does not move it: everything is still to be loaded.
        """
        async with self.begin() as uow:
            state = await writer.hold(uow)
            now = self.clock.now()
            run = writer.run.finished(now, problem)
            if state.unreachable_since is not None:
                log.info("pms.reachable_again", extra={"hotel": run.hotel_id})
            await uow.sync.save_state(
                replace(
                    state,
                    cursor=SyncCursor(at=run.started_at) if moves_cursor else state.cursor,
                    last_success_at=now,
                    retry_after=None,
                    unreachable_since=None,
                    lease_owner=None,
                    lease_until=None,
                )
            )
            await uow.sync.save_run(run)
            await uow.commit()
        return run

    async def _stop(self, writer: LeasedWriter, failure: OutsideFailure) -> SyncRun:
        """The run ends early: the cursor stays, the lease is free, and the schedule knows when to come back.

        Writes nothing when the lease is lost: whoever took it has closed this run as well.
        """
        async with self.begin() as uow:
            state = await uow.sync.state(writer.hotel.id)
            now = self.clock.now()
            run = writer.run.stopped(now, str(failure))
            if state.lease_owner != run.id:
                return run
            if state.unreachable_since is None:
                log.warning("pms.sync_stopped", extra={"hotel": run.hotel_id, "reason": str(failure)})
            wait = max(RETRY, self.hotels.sync_interval(run.hotel_id))  # what people must mend is not asked for at once
            if isinstance(failure, ServiceUnavailable):
                wait = failure.retry_after or RETRY
            await uow.sync.save_run(run)
            await uow.sync.save_state(
                replace(
                    state,
                    retry_after=now + wait,
                    unreachable_since=state.unreachable_since or now,
                    lease_owner=None,
                    lease_until=None,
                )
            )
            await uow.commit()
        return run

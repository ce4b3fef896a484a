"""SyncReservations: one run that makes Jack's copy of a hotel equal to the PMS."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jack.application.errors import Conflict, NotFound, OutsideFailure, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import Pms, PmsDirectory
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.application.stays.apply import BAD_RECORD
from jack.application.stays.leased import HEARTBEAT, LEASE, LeasedWriter, LeaseLost
from jack.application.stays.missing import mark_missing, retry_rejected, too_many
from jack.application.stays.pages import in_words
from jack.application.stays.reading import Progress, Reading
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId, SyncRunId, new_id
from jack.domain.sync import (
    MissingStays,
    SyncCounts,
    SyncCursor,
    SyncKind,
    SyncLoad,
    SyncRun,
    SyncState,
    SyncWindow,
    rolling_period,
)

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=1)
"""When to try again after a PMS that did not say when."""


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
        started, state = await self._start(hotel, pms.system, kind, since)
        writer = LeasedWriter(self.begin, self.phones, self.clock, hotel, pms.system, started)
        try:
            async with writer.alive(HEARTBEAT):
                return await self._run(writer, pms, state, since, progress)
        except OutsideFailure as failure:
            return await self._stop(writer, failure)
        except LeaseLost as lost:
            raise Conflict(str(lost)) from lost
        except BaseException as error:
            # A bug or a shutdown: free the lease if it is still ours, so that nobody has to wait for it.
            reason = "the run was stopped" if isinstance(error, asyncio.CancelledError) else type(error).__name__
            await self._stop(writer, ServiceUnavailable(f"the run did not end: {reason}"), pms_is_away=False)
            raise

    async def _run(
        self, writer: LeasedWriter, pms: Pms, state: SyncState, since: datetime | None, progress: Progress | None
    ) -> SyncRun:
        hotel, run = writer.hotel, writer.run
        if run.kind is SyncKind.FULL:
            writer.settled_before = run.started_at - self.hotels.sync_overlap(hotel.id)
        today = hotel.today(run.started_at)
        period = rolling_period(today)
        reading = Reading(pms, writer, progress)
        load: SyncLoad | None = None
        if run.kind is not SyncKind.CHANGES:
            if state.cursor is None:
                load = await reading.load(_load_to_go_on_with(state, run), period, today)
            else:
                await reading.period(period)
            writer.again = True
        # also after everything around today: the cursor will move, and no change of a stay far ahead may stay behind it
        window = self._window(hotel, run, state, since, load)
        if window is not None:
            await reading.changes(window)
        writer.again = False
        missing = state.missing
        # a load that went on was met in two runs, and only this one's marks can be trusted
        if run.kind is SyncKind.FULL and (load is None or load.began_at == run.started_at):
            missing = await mark_missing(writer, pms, period, state.missing)
        problem = await self._look_after_the_rest(writer, pms)
        return await self._finish(writer, problem, load, missing, knows_all=since is None or state.cursor is not None)

    async def _start(
        self, hotel: Hotel, system: str, kind: SyncKind | None, since: datetime | None
    ) -> tuple[SyncRun, SyncState]:
        """Take the lease and fix the end of the window: what changes from here on belongs to the next run."""
        async with self.begin() as uow:
            state = await uow.sync.state(hotel.id)
            now = self.clock.now()
            if state.is_running(now):
                raise Conflict(f"a sync of {hotel.id} is going on")
            if state.system not in (None, system):
                log.info("pms.changed", extra={"hotel": hotel.id, "before": state.system, "now": system})
            state = state.at(system)
            for dead in await uow.sync.running(hotel.id):
                await uow.sync.save_run(dead.stopped(now, "the process that ran it ended"))
            changes = state.cursor is not None or since is not None
            chosen = kind or SyncKind.CHANGES
            if chosen is SyncKind.CHANGES and not changes:
                chosen = SyncKind.FIRST
            run = SyncRun(id=SyncRunId(new_id()), hotel_id=hotel.id, kind=chosen, started_at=now)
            state = replace(state, lease_owner=run.id, lease_until=now + LEASE, last_started_at=now)
            if chosen is SyncKind.FULL:
                state = replace(state, full_tried_at=now)
                await uow.seen_stays.forget(hotel.id)
            await uow.sync.save_run(run)
            await uow.sync.save_state(state)
            await uow.commit()
        return run, state

    def _window(
        self, hotel: Hotel, run: SyncRun, state: SyncState, since: datetime | None, load: SyncLoad | None
    ) -> SyncWindow | None:
        """What changed since the cursor, since a load began that went on, or since an earlier instant that somebody
        asked for; never less."""
        overlap = self.hotels.sync_overlap(hotel.id)
        begins = [min(since, run.started_at)] if since is not None else []
        if state.cursor is not None:
            begins.append(state.cursor.window(run.started_at, overlap).since)
        if load is not None and load.began_at < run.started_at:
            begins.append(load.began_at - overlap)
        return SyncWindow(since=min(begins), until=run.started_at) if begins else None

    async def _look_after_the_rest(self, writer: LeasedWriter, pms: Pms) -> str | None:
        """Bad records of earlier runs, and the rooms. All pages were read, so what fails here is only reported."""
        problems: list[str] = []
        try:
            await retry_rejected(writer, pms)
        except OutsideFailure as failure:
            problems.append(f"bad records could not be read again: {failure}")
        try:
            await writer.rooms(await pms.rooms())
        except (OutsideFailure, *BAD_RECORD) as failure:
            problems.append(f"the rooms could not be read: {in_words(failure)}")
        return "; ".join(problems) or None

    async def _finish(
        self,
        writer: LeasedWriter,
        problem: str | None,
        load: SyncLoad | None,
        missing: MissingStays | None,
        *,
        knows_all: bool,
    ) -> SyncRun:
        """Every page was read: only now the cursor moves, to the start of this run.

        Not after a run that read only what changed since some instant while everything is still to be loaded, and not
        after one that found too much missing: nobody knows yet what the PMS keeps back. Once everything is loaded, what
        the hotel's PMS before this one held is gone: nobody keeps it right any more, and its guests are here as well.
        """
        doubted = missing is not None and missing.run_id == writer.run.id
        if doubted and missing is not None:
            problem = "; ".join(part for part in (too_many(missing), problem) if part)
        async with self.begin() as uow:
            state = await writer.hold(uow)
            now, run = self.clock.now(), writer.run
            if load is not None and not doubted:
                run = run.adding(SyncCounts(gone=await uow.reservations.leave_behind(run.hotel_id, writer.system, now)))
            run = run.finished(now, problem)
            if state.unreachable_since is not None:
                log.info("pms.reachable_again", extra={"hotel": run.hotel_id})
            read_all = load.began_at if load else run.started_at if run.kind is SyncKind.FULL else state.last_full_at
            await uow.sync.save_state(
                replace(
                    state,
                    cursor=SyncCursor(at=run.started_at) if knows_all and not doubted else state.cursor,
                    last_success_at=state.last_success_at if doubted else now,
                    retry_after=None,
                    unreachable_since=None,
                    lease_owner=None,
                    lease_until=None,
                    load=None if knows_all and not doubted else state.load,
                    last_full_at=read_all,
                    missing=missing,
                )
            )
            if run.kind is not SyncKind.CHANGES:
                await uow.sync.forget_nameless(run.hotel_id, load.began_at if load else run.started_at)
            if run.kind is SyncKind.FULL:
                await uow.seen_stays.forget(run.hotel_id)
            await uow.sync.save_run(run)
            await uow.commit()
        return run

    async def _stop(self, writer: LeasedWriter, failure: OutsideFailure, *, pms_is_away: bool = True) -> SyncRun:
        """The run ends early: the cursor stays, the lease is free, and the schedule knows when to come back.

        Writes nothing when the lease is lost: whoever took it has closed this run as well.
        """
        async with self.begin() as uow:
            state = await uow.sync.state(writer.hotel.id)
            now = self.clock.now()
            run = writer.run.stopped(now, str(failure))
            if state.lease_owner != run.id:
                return run
            if pms_is_away and state.unreachable_since is None:
                log.warning("pms.sync_stopped", extra={"hotel": run.hotel_id, "reason": str(failure)})
            wait = max(RETRY, self.hotels.sync_interval(run.hotel_id))  # what people must mend is not asked for at once
            if isinstance(failure, ServiceUnavailable):
                wait = failure.retry_after or RETRY
            await uow.sync.save_run(run)
            await uow.sync.save_state(
                replace(
                    state,
                    retry_after=now + wait,
                    unreachable_since=state.unreachable_since or (now if pms_is_away else None),
                    lease_owner=None,
                    lease_until=None,
                )
            )
            await uow.commit()
        return run


def _load_to_go_on_with(state: SyncState, run: SyncRun) -> SyncLoad:
    if state.load is not None and state.load.is_fresh(run.started_at):
        return state.load
    return SyncLoad(began_at=run.started_at)

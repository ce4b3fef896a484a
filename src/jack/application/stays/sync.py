"""SyncReservations: one run that makes Jack's copy of a hotel equal to the PMS."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jack.application.errors import Conflict, NotFound, OutsideFailure, ServiceRejected, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import Pms, PmsDirectory, ReservationPage
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.apply import apply_snapshots, rejected_snapshot
from jack.application.stays.missing import find_missing
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId, SyncRunId, new_id
from jack.domain.room import Room
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot
from jack.domain.sync import (
    SyncCounts,
    SyncCursor,
    SyncKind,
    SyncRun,
    SyncState,
    SyncWindow,
    rolling_period,
)

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a run may be silent before another process may take it over; each page renews it."""

RETRY = timedelta(minutes=1)
"""When to try again after a PMS that did not say when."""

RETRIED_RECORDS = 100
"""How many kept bad records a run tries again."""

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
        changed from that instant on, instead of from the cursor. Raises NotFound for an unknown hotel and Conflict
        while another run goes on. Failures of the PMS are not raised: they end the run, the cursor stays.
        """
        hotel = self.hotels.get(hotel_id)
        if hotel is None:
            raise NotFound(f"there is no hotel {hotel_id!r} in the configuration")
        pms = self.pms.of(hotel_id)
        run, state = await self._start(hotel, kind, since)
        try:
            seen: set[str] = set()
            async with aclosing(self._pages(pms, hotel, run, state, since)) as pages:
                async for page in pages:
                    run = await self._apply(hotel, run, page)
                    if run.kind is SyncKind.FULL:
                        seen.update(snapshot.ref.key for snapshot in page.reservations)
                        seen.update(record.ref.key for record in page.rejected if record.ref)
                    if progress:
                        progress(run, page.total)
            if run.kind is SyncKind.FULL:
                run = await self._mark_missing(pms, hotel, run, seen)
            run = await self._retry_rejected(pms, hotel, run)
            await self._read_rooms(pms, hotel)
            return await self._finish(hotel, run)
        except OutsideFailure as failure:
            return await self._stop(hotel, run, failure)
        except BaseException as error:
            # A bug, a shutdown or a lost lease: free the lease if it is still ours, so that nobody has to wait for it.
            reason = "the run was stopped" if isinstance(error, asyncio.CancelledError) else type(error).__name__
            await self._stop(hotel, run, ServiceUnavailable(f"the run did not end: {reason}"))
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
            chosen = kind or (SyncKind.CHANGES if state.cursor or since else SyncKind.FIRST)
            run = SyncRun(id=SyncRunId(new_id()), hotel_id=hotel.id, kind=chosen, started_at=now)
            state = replace(state, lease_owner=run.id, lease_until=now + LEASE, last_started_at=now)
            await uow.sync.save_run(run)
            await uow.sync.save_state(state)
            await uow.commit()
        return run, state

    def _pages(
        self, pms: Pms, hotel: Hotel, run: SyncRun, state: SyncState, since: datetime | None
    ) -> AsyncGenerator[ReservationPage, None]:
        if run.kind is SyncKind.CHANGES:
            if since is not None:
                return pms.changed(SyncWindow(since=min(since, run.started_at), until=run.started_at))
            if state.cursor is not None:
                overlap = self.hotels.sync_overlap(hotel.id)
                return pms.changed(state.cursor.window(run.started_at, overlap))
        return pms.staying(rolling_period(hotel.today(run.started_at)))

    async def _apply(self, hotel: Hotel, run: SyncRun, page: ReservationPage) -> SyncRun:
        """One page, one transaction; a page that cannot be kept as a whole is kept record by record."""
        try:
            return await self._apply_at_once(hotel, run, page.reservations, page.rejected)
        except (DomainError, Conflict, ServiceRejected, LookupError):
            await self._renew(hotel, run)
        for snapshot in page.reservations:
            try:
                run = await self._apply_at_once(hotel, run, (snapshot,), ())
            except (DomainError, Conflict, ServiceRejected, LookupError) as error:
                run = await self._apply_at_once(hotel, run, (), (rejected_snapshot(snapshot, _words(error)),))
        return await self._apply_at_once(hotel, run, (), page.rejected)

    async def _apply_at_once(
        self,
        hotel: Hotel,
        run: SyncRun,
        snapshots: tuple[ReservationSnapshot, ...],
        rejected: tuple[RejectedRecord, ...],
    ) -> SyncRun:
        async with self.begin() as uow:
            now = self.clock.now()
            counts = await apply_snapshots(uow, hotel, snapshots, rejected, self.phones, now)
            run = run.adding(counts)
            await self._hold(uow, hotel, run)
            await uow.sync.save_run(run)
            await uow.commit()
        return run

    async def _renew(self, hotel: Hotel, run: SyncRun) -> None:
        async with self.begin() as uow:
            await self._hold(uow, hotel, run)
            await uow.commit()

    async def _hold(self, uow: UnitOfWork, hotel: Hotel, run: SyncRun) -> None:
        """Renew the lease, or stop: whoever took it over after a silence is the one who runs now."""
        state = await uow.sync.state(hotel.id)
        if state.lease_owner != run.id:
            raise LeaseLost(f"another process took over the sync of {hotel.id}")
        await uow.sync.save_state(replace(state, lease_until=self.clock.now() + LEASE))

    async def _mark_missing(self, pms: Pms, hotel: Hotel, run: SyncRun, seen: set[str]) -> SyncRun:
        async with self.begin() as uow:
            missing = await find_missing(uow, hotel, pms.system, seen, run.started_at)
        for ref in missing.suspects:
            snapshot = await pms.reservation(ref)
            if snapshot is not None:
                run = await self._apply_at_once(hotel, run, (snapshot,), ())
                continue
            async with self.begin() as uow:
                now = self.clock.now()
                run = run.adding(SyncCounts(gone=await uow.reservations.mark_gone(hotel.id, [ref], now)))
                await self._hold(uow, hotel, run)
                await uow.sync.save_run(run)
                await uow.commit()
        if missing.too_many:
            raise ServiceRejected(missing.too_many)
        return run

    async def _retry_rejected(self, pms: Pms, hotel: Hotel, run: SyncRun) -> SyncRun:
        """Try records that were bad in earlier runs once more; those of this run were only just tried."""
        async with self.begin() as uow:
            refs = await uow.sync.rejected_refs(hotel.id, run.started_at, RETRIED_RECORDS)
        for ref in refs:
            try:
                snapshot = await pms.reservation(ref)
                if snapshot is not None:
                    run = await self._apply_at_once(hotel, run, (snapshot,), ())
            except (DomainError, Conflict, ServiceRejected, LookupError) as error:
                record = RejectedRecord(kind="reservation", ref=ref, reason=_words(error), raw="")
                run = await self._apply_at_once(hotel, run, (), (record,))
        return run

    async def _read_rooms(self, pms: Pms, hotel: Hotel) -> None:
        snapshots = await pms.rooms()
        async with self.begin() as uow:
            now = self.clock.now()
            rooms = [
                Room(
                    hotel_id=hotel.id,
                    number=room.number,
                    room_type=room.room_type,
                    occupancy=room.occupancy,
                    housekeeping=room.housekeeping,
                    synced_at=now,
                )
                for room in snapshots
            ]
            await uow.rooms.replace_all(hotel.id, rooms)
            await uow.commit()

    async def _finish(self, hotel: Hotel, run: SyncRun) -> SyncRun:
        """Everything was read: only now the cursor moves, to the start of this run."""
        async with self.begin() as uow:
            await self._hold(uow, hotel, run)
            state = await uow.sync.state(hotel.id)
            now = self.clock.now()
            run = run.finished(now)
            if state.unreachable_since is not None:
                log.info("pms.reachable_again", extra={"hotel": hotel.id})
            await uow.sync.save_state(
                replace(
                    state,
                    cursor=SyncCursor(at=run.started_at),
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

    async def _stop(self, hotel: Hotel, run: SyncRun, failure: OutsideFailure) -> SyncRun:
        """The run ends early: the cursor stays, the lease is free, and the schedule knows when to come back."""
        async with self.begin() as uow:
            state = await uow.sync.state(hotel.id)
            now = self.clock.now()
            run = run.stopped(now, str(failure))
            await uow.sync.save_run(run)
            if state.lease_owner == run.id:
                if state.unreachable_since is None:
                    log.warning("pms.sync_stopped", extra={"hotel": hotel.id, "reason": str(failure)})
                wait = failure.retry_after if isinstance(failure, ServiceUnavailable) else None
                await uow.sync.save_state(
                    replace(
                        state,
                        retry_after=now + (wait or RETRY),
                        unreachable_since=state.unreachable_since or now,
                        lease_owner=None,
                        lease_until=None,
                    )
                )
            await uow.commit()
        return run


class LeaseLost(Exception):
    """Another process took the run over; this one must write nothing more."""


def _words(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, DomainError | ServiceRejected)
        else f"could not be stored: {type(error).__name__}"
    )

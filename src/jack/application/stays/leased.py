"""What one run of the sync writes, and only while it holds the lease."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jack.application.errors import OutsideFailure
from jack.application.ports.clock import Clock
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms_pages import ReservationPage
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.apply import BAD_RECORD, apply_snapshots, rejected_snapshot
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef
from jack.domain.room import Room
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot, RoomSnapshot, room_within_limits
from jack.domain.sync import SyncCounts, SyncRun, SyncState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a run may be silent before another process may take it over; everything that it writes renews it."""


class LeaseLost(Exception):
    """Another process took the run over; this one must write nothing more."""


@dataclass(slots=True)
class LeasedWriter:
    """Writes for one run of one hotel, and keeps `run` as it is stored.

    Every method is one transaction and raises LeaseLost instead of committing when somebody else took the lease.
    """

    begin: BeginUnitOfWork
    phones: PhoneReader
    clock: Clock
    hotel: Hotel
    run: SyncRun

    async def page(self, page: ReservationPage) -> None:
        """One page in one transaction; a page that cannot be kept as a whole is kept record by record."""
        try:
            await self.records(page.reservations, page.rejected)
        except BAD_RECORD:
            for snapshot in page.reservations:
                await self.record(snapshot)
            for record in page.rejected:
                await self.rejected(record)

    async def record(self, snapshot: ReservationSnapshot) -> None:
        """One reservation, or the reason why it could not be kept."""
        try:
            await self.records((snapshot,), ())
        except BAD_RECORD as error:
            await self.rejected(rejected_snapshot(snapshot, in_words(error)))

    async def rejected(self, record: RejectedRecord) -> None:
        """Keep one bad record; without its reference when it cannot be kept with it. It never costs the run."""
        for kept in (record, replace(record, ref=None)):
            try:
                await self.records((), (kept,))
            except BAD_RECORD as error:
                log.warning(  # not the error's text, which may quote the record
                    "pms.record_not_kept", extra={"hotel": self.hotel.id, "reason": type(error).__name__}
                )
            else:
                return
        async with self.begin() as uow:  # at least the run says that there was one
            await self._commit(uow, SyncCounts(rejected=1))

    async def records(self, snapshots: tuple[ReservationSnapshot, ...], rejected: tuple[RejectedRecord, ...]) -> None:
        """These records, all or none. Raises a BAD_RECORD when one of them cannot be kept."""
        async with self.begin() as uow:
            counts = await apply_snapshots(uow, self.hotel, snapshots, rejected, self.phones, self.clock.now())
            await self._commit(uow, counts)

    async def gone(self, ref: ExternalRef) -> None:
        """The PMS has no such reservation any more, so there is nothing left to correct in it either."""
        async with self.begin() as uow:
            await uow.reservations.alone(self.hotel.id)
            marked = await uow.reservations.mark_gone(self.hotel.id, [ref], self.clock.now())
            await uow.sync.accept(self.hotel.id, [ref])
            await self._commit(uow, SyncCounts(gone=marked))

    async def rooms(self, rooms: tuple[RoomSnapshot, ...]) -> int:
        """Every room of the hotel; how many could not be kept."""
        now = self.clock.now()
        kept: list[Room] = []
        for room in rooms:
            try:
                kept.append(self._room(room_within_limits(room), now))
            except DomainError:
                continue
        async with self.begin() as uow:
            await uow.rooms.replace_all(self.hotel.id, kept)
            await self._commit(uow, SyncCounts())
        return len(rooms) - len(kept)

    async def hold(self, uow: UnitOfWork) -> SyncState:
        """Renew the lease, or stop: whoever took it over after a silence is the one who runs now."""
        state = await uow.sync.state(self.hotel.id)
        if state.lease_owner != self.run.id:
            raise LeaseLost(f"another process took over the sync of {self.hotel.id}")
        state = replace(state, lease_until=self.clock.now() + LEASE)
        await uow.sync.save_state(state)
        return state

    async def _commit(self, uow: UnitOfWork, counts: SyncCounts) -> None:
        await self.hold(uow)
        run = self.run.adding(counts)
        await uow.sync.save_run(run)
        await uow.commit()
        self.run = run

    def _room(self, room: RoomSnapshot, now: datetime) -> Room:
        return Room(
            hotel_id=self.hotel.id,
            number=room.number,
            room_type=room.room_type,
            occupancy=room.occupancy,
            housekeeping=room.housekeeping,
            synced_at=now,
        )


def in_words(error: Exception) -> str:
    """Why a record could not be kept, in a sentence for staff that quotes nothing of it."""
    spoken = isinstance(error, DomainError | OutsideFailure)
    return str(error) if spoken else f"could not be stored: {type(error).__name__}"

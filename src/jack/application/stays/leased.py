"""What one run of the sync writes, and only while it holds the lease."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jack.application.ports.clock import Clock
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms_pages import ReservationPage
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.pages import PageKeeper
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef
from jack.domain.room import Room
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot, RoomSnapshot, room_within_limits
from jack.domain.sync import SyncCounts, SyncRun, SyncState

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
    system: str
    run: SyncRun

    @property
    def keeper(self) -> PageKeeper:
        """What keeps pages, under the lease."""
        return PageKeeper(self.begin, self.phones, self.clock, self.hotel, self.system, self._commit)

    async def page(self, page: ReservationPage) -> None:
        """One page in one transaction; a page that cannot be kept as a whole is kept record by record."""
        self.run = replace(self.run, total=page.total)
        await self.keeper.page(page)

    async def record(self, snapshot: ReservationSnapshot) -> None:
        """One reservation, or the reason why it could not be kept."""
        await self.keeper.record(snapshot)

    async def rejected(self, record: RejectedRecord) -> None:
        """Keep one bad record. It never costs the run."""
        await self.keeper.rejected(record)

    async def gone(self, ref: ExternalRef) -> None:
        """The PMS has no such reservation any more."""
        await self.keeper.gone(ref)

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

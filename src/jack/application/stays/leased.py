"""What one run of the sync writes, and only while it holds the lease."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from jack.application.ports.clock import Clock
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.heartbeat import kept_alive
from jack.application.stays.pages import PageKeeper
from jack.application.stays.rooms import apply_rooms
from jack.domain.hotel import Hotel
from jack.domain.sync import SyncCounts, SyncKind, SyncLoad, SyncRun, SyncState

LEASE = timedelta(minutes=1)
"""How long a process that runs a sync may be silent before another may take the run over."""

HEARTBEAT = timedelta(seconds=15)
"""How often a living run says so, however long the PMS takes for a page."""

_MOST_REMEMBERED = 50_000
"""How many bad records of a run are remembered, so that none is counted twice."""


class LeaseLost(Exception):
    """Another process took the run over; this one must write nothing more."""


@dataclass(slots=True)
class LeasedWriter:
    """Writes for one run of one hotel, and keeps `run` as it is stored.

    Every method is one transaction, or one for each record, and raises LeaseLost instead of committing when somebody
    else took the lease. While `again` is set, what is read was read before in this run: only what it changes counts.
    `settled_before` as in `reconcile_reservation`.
    """

    begin: BeginUnitOfWork
    phones: PhoneReader
    clock: Clock
    hotel: Hotel
    system: str
    run: SyncRun
    again: bool = False
    settled_before: datetime | None = None
    _rejected: set[int] = field(default_factory=set)

    @property
    def keeper(self) -> PageKeeper:
        """What keeps pages and single records, under the lease."""
        return PageKeeper(
            self.begin, self.phones, self.clock, self.hotel, self.system, self._commit, self.settled_before
        )

    async def page(self, page: ReservationPage, *, total: int | None) -> None:
        """One page; `total` is what the whole reading will bring."""
        self.run = replace(self.run, total=total)
        await self.keeper.page(page)

    async def rooms(self, told: RoomList) -> None:
        """Every room of the hotel; those that cannot be kept count as rejected records."""
        async with self.begin() as uow:
            rejected = await apply_rooms(uow, self.hotel, self.system, told, self.clock.now())
            await self._commit(uow, SyncCounts(rejected=rejected), ReservationPage())

    async def checkpoint(self, load: SyncLoad) -> None:
        """From here on a load that is broken off goes on."""
        async with self.begin() as uow:
            state = await self.hold(uow)
            await uow.sync.save_state(replace(state, load=load))
            await uow.commit()

    async def hold(self, uow: UnitOfWork) -> SyncState:
        """Renew the lease, or stop: whoever took it over after a silence is the one who runs now."""
        state = await uow.sync.state(self.hotel.id)
        if state.lease_owner != self.run.id:
            raise LeaseLost(f"another process took over the sync of {self.hotel.id}")
        state = replace(state, lease_until=self.clock.now() + LEASE)
        await uow.sync.save_state(state)
        return state

    @asynccontextmanager
    async def alive(self, every: timedelta) -> AsyncIterator[None]:
        """Renew the lease in the background while the block runs; a process that dies stops doing so."""
        async with kept_alive(self._renewed, every):
            yield

    async def _renewed(self) -> bool:
        try:
            async with self.begin() as uow:
                await self.hold(uow)
                await uow.commit()
        except LeaseLost:
            return False
        return True

    async def _commit(self, uow: UnitOfWork, counts: SyncCounts, page: ReservationPage) -> None:
        await self.hold(uow)
        if self.run.kind is SyncKind.FULL:
            met = [snapshot.ref for snapshot in page.reservations]
            await uow.seen_stays.add(self.hotel.id, met + [r.ref for r in page.rejected if r.ref is not None])
        bad = [hash((record.kind, record.ref or record.raw)) for record in page.rejected]
        repeated = sum(one in self._rejected for one in bad)
        counted = replace(
            counts,
            rejected=counts.rejected - repeated,
            unchanged=0 if self.again else counts.unchanged,
        )
        run = self.run.adding(counted)
        await uow.sync.save_run(run)
        await uow.commit()
        self.run = run
        if len(self._rejected) < _MOST_REMEMBERED:
            self._rejected.update(bad)

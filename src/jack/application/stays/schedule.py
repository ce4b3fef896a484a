"""StartDueSyncs: the schedule of every hotel's sync."""

from dataclasses import dataclass

from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import JobQueue, Sync
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.sync import SyncKind


@dataclass(frozen=True, slots=True)
class StartDueSyncs:
    """Ring for every hotel whose sync is due. Ringing twice does no harm: a run takes a lease."""

    begin: BeginUnitOfWork
    hotels: Hotels
    queue: JobQueue
    clock: Clock

    async def __call__(self) -> None:
        """Look at every hotel once."""
        for hotel in self.hotels.all():
            async with self.begin() as uow:
                state = await uow.sync.state(hotel.id)
            now = self.clock.now()
            night = hotel.last_instant_of(self.hotels.full_sync_at(hotel.id), now)
            if state.is_full_due(now, night):  # also after a night in which Jack was down
                self.queue.ring(Sync(hotel_id=hotel.id, kind=SyncKind.FULL))
            elif state.is_due(now, self.hotels.sync_interval(hotel.id)):
                self.queue.ring(Sync(hotel_id=hotel.id))

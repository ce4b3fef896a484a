"""ConfirmMissing: staff say that the hotel really has lost so many stays."""

from dataclasses import dataclass, replace

from jack.application.errors import Conflict
from jack.application.ports.jobs import JobQueue, Sync
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import HotelId
from jack.domain.sync import SyncKind


@dataclass(frozen=True, slots=True)
class ConfirmMissing:
    """Let the next full sync mark what was missing, and ring for it; it still asks for each stay by name first."""

    begin: BeginUnitOfWork
    queue: JobQueue

    async def __call__(self, hotel_id: HotelId) -> None:
        """Raises Conflict when no full sync has found too many stays missing. Twice is like once."""
        async with self.begin() as uow:
            state = await uow.sync.state(hotel_id)
            if state.missing is None:
                raise Conflict("no full sync found too many stays missing, so there is nothing to confirm")
            await uow.sync.save_state(replace(state, missing=replace(state.missing, confirmed=True)))
            await uow.commit()
        self.queue.ring(Sync(hotel_id=hotel_id, kind=SyncKind.FULL))

"""RingForNotices: the net below the bell of PMS notices."""

from dataclasses import dataclass
from datetime import timedelta

from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import Follow, JobQueue
from jack.application.ports.unit_of_work import BeginReading

GRACE = timedelta(seconds=5)
"""Notices younger than this were rung for only just now."""


@dataclass(frozen=True, slots=True)
class RingForNotices:
    """Ring again for notices whose ring was lost, and for changes that no sync has settled yet.

    Running it often, or in several processes at once, does no harm.
    """

    read: BeginReading
    hotels: Hotels
    queue: JobQueue
    clock: Clock

    async def __call__(self) -> None:
        """Look once at everything that waits."""
        async with self.read() as uow:
            hotels = await uow.notices.hotels_waiting(self.clock.now() - GRACE)
        for hotel_id in hotels:
            if self.hotels.get(hotel_id) is not None:  # what came for a hotel that is served no more is tidied away
                self.queue.ring(Follow(hotel_id=hotel_id))

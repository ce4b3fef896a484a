"""AcceptNotice: the little that happens before a push of a PMS is acknowledged."""

from dataclasses import dataclass, field
from datetime import datetime

from jack.application.errors import NotFound
from jack.application.ports.clock import Clock
from jack.application.ports.jobs import Follow, JobQueue
from jack.application.ports.notices_store import NoticeInbox
from jack.application.ports.pms_doors import PmsDoors
from jack.domain.ids import HotelId, new_id
from jack.domain.notices import QUIET, Notice


@dataclass(frozen=True, slots=True)
class NoticeBell:
    """Rings for a hotel's notices after a short quiet time, once for all that come meanwhile.

    One for the life of the process, because it remembers for whom it has rung.
    """

    queue: JobQueue
    clock: Clock
    rung_until: dict[HotelId, datetime] = field(default_factory=dict)

    def ring(self, hotel_id: HotelId) -> None:
        """A notice of that hotel waits."""
        now = self.clock.now()
        until = self.rung_until.get(hotel_id)
        if until is not None and now < until <= now + QUIET:
            return  # a ring is on its way that will find this notice too
        self.rung_until[hotel_id] = now + QUIET
        self.queue.ring(Follow(hotel_id=hotel_id), after=QUIET)


@dataclass(frozen=True, slots=True)
class AcceptNotice:
    """Make the body durable and ring. Nothing slow belongs here, and nobody looks into the body."""

    doors: PmsDoors
    inbox: NoticeInbox
    bell: NoticeBell
    clock: Clock

    def hotel_at(self, hotel: str, secret: str) -> HotelId:
        """The hotel at this address. Raises NotFound alike for an unknown hotel and a wrong secret."""
        hotel_id = self.doors.behind(hotel, secret)
        if hotel_id is None:
            raise NotFound("there is nothing here")
        return hotel_id

    async def __call__(self, hotel_id: HotelId, body: bytes) -> None:
        """Return once the notice may be acknowledged.

        Raises ServiceUnavailable when it could not be stored: then the PMS must push it again.
        """
        await self.inbox.store(Notice(id=new_id(), hotel_id=hotel_id, body=body, received_at=self.clock.now()))
        self.bell.ring(hotel_id)

"""From a ring to a story: what `jack serve` does in its own process and `jack worker` does for many."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from dishka import AsyncContainer

from jack.application.errors import Conflict, NotFound, ServiceUnavailable
from jack.application.messaging.answer import AnswerConversation
from jack.application.messaging.deliver import DeliverMessage
from jack.application.messaging.receive import ReceiveMessage
from jack.application.messaging.recover import RecoverStuckMessages, TidyUp
from jack.application.messaging.settle import SettleFates
from jack.application.ports.jobs import Answer, Deliver, Follow, Job, JobQueue, Receive, Sync
from jack.application.stays.notices import FollowNotices
from jack.application.stays.overdue import RingForNotices
from jack.application.stays.schedule import StartDueSyncs
from jack.application.stays.sync import SyncReservations

log = logging.getLogger(__name__)

DATABASE_BACK = timedelta(seconds=2)
"""When to ring again for work that found the database away."""

SETTLE_EVERY = 6
"""Ticks between two looks at what channels say of messages whose fate nobody knows."""

TIDY_EVERY = 120
"""Ticks between two rounds of tidying up."""


@dataclass(slots=True)
class Jobs:
    """Plays the story that a job asks for, and the round that keeps everything going."""

    container: AsyncContainer
    ticks: int = 0

    async def handle(self, job: Job) -> None:
        """Play one job. A database that is away is not a failure of the job: it is rung for again."""
        try:
            await self._play(job)
        except ServiceUnavailable:
            queue = await self.container.get(JobQueue)
            queue.ring(job, after=DATABASE_BACK)

    async def tick(self) -> None:
        """Ring for what is due or was lost; run every few seconds."""
        try:
            await (await self.container.get(RecoverStuckMessages))()
            await (await self.container.get(RingForNotices))()
            await (await self.container.get(StartDueSyncs))()
            if self.ticks % SETTLE_EVERY == 0:
                await (await self.container.get(SettleFates))()
            if self.ticks % TIDY_EVERY == 0:
                await (await self.container.get(TidyUp))()
        except ServiceUnavailable:
            return  # the database is away; the next tick finds everything that waits
        self.ticks += 1

    async def _play(self, job: Job) -> None:
        match job:
            case Receive():
                await (await self.container.get(ReceiveMessage))()
            case Answer(conversation_id=conversation_id):
                await (await self.container.get(AnswerConversation))(conversation_id)
            case Deliver(message_id=message_id):
                await (await self.container.get(DeliverMessage))(message_id)
            case Sync(hotel_id=hotel_id, kind=kind):
                try:
                    await (await self.container.get(SyncReservations))(hotel_id, kind)
                except Conflict:
                    log.info("sync.already_running", extra={"hotel": hotel_id})
                except NotFound:
                    log.warning("sync.unknown_hotel", extra={"hotel": hotel_id})
            case Follow(hotel_id=hotel_id):
                try:
                    await (await self.container.get(FollowNotices))(hotel_id)
                except NotFound:
                    log.warning("notices.unknown_hotel", extra={"hotel": hotel_id})
            case _:
                assert_never(job)

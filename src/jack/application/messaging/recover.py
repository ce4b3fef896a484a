"""RecoverStuckMessages: ring again for what a lost ring or a dead process left behind, and give up loudly."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jack.application.ports.clock import Clock
from jack.application.ports.jobs import Answer, Deliver, JobQueue, Receive
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.message import FATE_UNKNOWN

GRACE = timedelta(seconds=5)
"""Work younger than this was rung for only just now."""

SEND_LIMIT = timedelta(seconds=30)
"""A message that is `sending` for so long belongs to a process that died: nobody knows whether it left. Longer than
TakeOver waits for one that is on the wire."""

KEEP_DELIVERIES = timedelta(days=3)
"""How long an unpacked delivery is kept as it came in."""

KEEP_UNREADABLE = timedelta(days=30)
"""How long a PMS notice that could not be understood is kept for people to look at."""

BATCH = 200
"""How much one sweep rings for; the next one goes on."""


@dataclass(frozen=True, slots=True)
class RecoverStuckMessages:
    """The net below the queue. Running it often, or in several processes at once, does no harm."""

    begin: BeginUnitOfWork
    queue: JobQueue
    clock: Clock

    async def __call__(self) -> None:
        """Look once at everything that waits."""
        now = self.clock.now()
        await self._settle_the_stuck(now)  # first, because others wait behind them
        async with self.begin() as uow:
            waiting = await uow.inbox.count_waiting()
            answers = await uow.conversations.due_for_answer(now - GRACE, now, BATCH)
            sends = await uow.messages.due_to_send(now, now - GRACE, BATCH)
        if waiting:
            self.queue.ring(Receive())
        for conversation_id in answers:
            self.queue.ring(Answer(conversation_id=conversation_id))
        for message_id in sends:
            self.queue.ring(Deliver(message_id=message_id))

    async def _settle_the_stuck(self, now: datetime) -> None:
        async with self.begin() as uow:
            stuck = await uow.messages.stuck_sending(now - SEND_LIMIT, BATCH)
        for message_id in stuck:
            async with self.begin() as uow:
                known = await uow.messages.get(message_id)
                conversation = await uow.conversations.lock(known.conversation_id) if known else None
                message = await uow.messages.lock(message_id)
                if conversation is None or message is None:
                    continue
                unclear = message.unclear("Jack was stopped while it was being sent")
                if unclear == message or message.sending_since is None or message.sending_since > now - SEND_LIMIT:
                    continue
                await uow.messages.save(unclear)
                reason = f"{FATE_UNKNOWN}; please check with the guest"
                await uow.conversations.save(conversation.calling_for_staff(reason))
                await uow.commit()


@dataclass(frozen=True, slots=True)
class TidyUp:
    """Forget what has served its time: unpacked deliveries, notices and expired sign-ins."""

    begin: BeginUnitOfWork
    clock: Clock

    async def __call__(self) -> None:
        """Run it now and then; running it often does no harm."""
        now = self.clock.now()
        async with self.begin() as uow:
            await uow.inbox.forget_before(now - KEEP_DELIVERIES)
            await uow.notices.forget_before(now - KEEP_DELIVERIES, now - KEEP_UNREADABLE)
            await uow.staff.forget_expired(now)
            await uow.commit()

"""DeliverMessage: hand one stored message to its channel, at most once."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.messaging.receipts import apply_parked, save_receipted
from jack.application.messaging.withdraw import may_leave, withdraw, withdraw_what_may_not_leave
from jack.application.ports.channels import Channels, OutboundText, Sent, Unclear
from jack.application.ports.clock import Clock
from jack.application.ports.jobs import Deliver, JobQueue
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.domain.conversation import REPLY_WINDOW, Conversation
from jack.domain.ids import MessageId
from jack.domain.message import FATE_UNKNOWN, DeliveryStatus, Message

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=1)
"""A reply that could not leave for so long answers nothing any more: staff decide."""

CALL_LIMIT = timedelta(seconds=14)
"""How long one call may take; TakeOver waits longer for it, so that nothing of Jack's leaves later."""

CLAIM_LIMIT = timedelta(seconds=4)
"""A process that was held up for so long after its claim does not call any more; both limits together are shorter than
TakeOver waits."""

LONGEST_WAIT = timedelta(minutes=5)
"""The longest pause between two tries."""

SHOWN_AFTER = timedelta(minutes=2)
"""A message that could not leave for so long is shown to staff, who may know another way; Jack tries on."""

NOT_LEFT_YET = "a message has not left yet"
"""How that call for staff begins; it ends when the message leaves."""

SETTLE_AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (0.2, 1, 2, 4))
"""The pauses before an outcome is stored again that could not be stored: what is known must not be forgotten."""

MARGIN = timedelta(minutes=10)
"""Clocks differ: the channel's time for free text is taken as over a little earlier."""

_IN_FRONT = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    """Claim a queued message, call the channel once with nothing open, store what became of it."""

    begin: BeginUnitOfWork
    channels: Channels
    queue: JobQueue
    clock: Clock

    async def __call__(self, message_id: MessageId) -> None:
        """Send the message if it is due, the first of its conversation, and still allowed to leave.

        `sending` is committed before the call, the outcome after it. A call whose outcome nobody can know makes the
        message `unknown`; it is never sent again by itself.
        """
        claimed = await self._claim(message_id)
        if claimed is None:
            return
        conversation, message = claimed
        outcome = await self._send(conversation, message)
        await self._settle(message.id, outcome)

    async def _claim(self, message_id: MessageId) -> tuple[Conversation, Message] | None:
        async with self.begin() as uow:
            known = await uow.messages.get(message_id)
            if known is None:
                return None
            conversation = await uow.conversations.lock(known.conversation_id)
            message = await uow.messages.lock(message_id)
            if conversation is None or message is None or message.status is not DeliveryStatus.QUEUED:
                return None
            now = self.clock.now()
            if not may_leave(conversation, message):
                await withdraw(uow, message)
                behind = await uow.messages.in_state(conversation.id, (DeliveryStatus.QUEUED,))
                await uow.commit()
                self._ring_for_the_next(behind)
                return None
            if message.send_after is not None and now < message.send_after:
                self.queue.ring(Deliver(message_id=message_id), after=message.send_after - now)
                return None
            in_front = await uow.messages.in_state(conversation.id, _IN_FRONT)
            if in_front and in_front[0].id != message_id:
                return None  # the one in front rings for the next when it is settled
            message = message.claimed(now)
            await uow.messages.save(message)
            await uow.commit()
        return conversation, message

    async def _send(self, conversation: Conversation, message: Message) -> Sent | Unclear | OutsideFailure:
        sender = self.channels.sender(conversation.channel, conversation.account)
        if sender is None:
            return ServiceDenied("the channel account of this conversation is no longer in the configuration")
        if message.sending_since is None or self.clock.now() - message.sending_since > CLAIM_LIMIT:
            return ServiceUnavailable("Jack was held up before the call", retry_after=timedelta(0))
        heard = conversation.last_inbound_at
        text = OutboundText(
            message_id=message.id,
            address=conversation.address,
            text=message.text,
            reply_to=message.reply_to,
            window_open=heard is not None and self.clock.now() < heard + REPLY_WINDOW - MARGIN,
        )
        try:
            async with asyncio.timeout(CALL_LIMIT.total_seconds()):
                return await sender.send(text)
        except OutsideFailure as failure:
            return failure
        except TimeoutError:
            return Unclear(reason=f"the channel did not answer within {CALL_LIMIT.seconds} seconds")
        except Exception as error:  # a bug must not leave the message in `sending` without a word
            log.exception("message.send_broke", extra={"message_id": message.id})
            return Unclear(reason=f"sending broke off ({type(error).__name__})")

    async def _settle(self, message_id: MessageId, outcome: Sent | Unclear | OutsideFailure) -> None:
        """Store what became of the call, also when the database is away for some seconds; it may be stored twice."""
        for pause in SETTLE_AGAIN_AFTER:
            try:
                return await self._store_outcome(message_id, outcome)
            except ServiceUnavailable:
                await self.clock.sleep(pause)
        return await self._store_outcome(message_id, outcome)

    async def _store_outcome(self, message_id: MessageId, outcome: Sent | Unclear | OutsideFailure) -> None:
        async with self.begin() as uow:
            known = await uow.messages.get(message_id)
            conversation = await uow.conversations.lock(known.conversation_id) if known else None
            message = await uow.messages.lock(message_id)
            if conversation is None or message is None:
                return
            settled, reason = _settled(message, outcome, self.clock.now())
            await uow.messages.save(settled)
            if not may_leave(conversation, settled):  # staff took over or corrected the match while it was away
                await withdraw_what_may_not_leave(uow, conversation)
            told = await self._told(uow, conversation, settled, reason)
            if told != conversation:
                conversation = await uow.conversations.save(told)
            if isinstance(outcome, Sent):
                for parked in await uow.messages.take_parked(
                    conversation.channel, conversation.account, outcome.provider_id
                ):
                    conversation, settled = await save_receipted(uow, conversation, settled, parked)
            waiting = await uow.messages.in_state(conversation.id, (DeliveryStatus.QUEUED,))
            await uow.commit()
        self._ring_for_the_next(waiting)
        if isinstance(outcome, Sent):
            await apply_parked(self.begin, conversation.channel, conversation.account, outcome.provider_id)

    async def _told(
        self, uow: UnitOfWork, conversation: Conversation, settled: Message, reason: str | None
    ) -> Conversation:
        """The conversation with what people must know now, and without what has come right by itself."""
        told = conversation.settled(NOT_LEFT_YET)
        if settled.status is DeliveryStatus.SENT and not await uow.messages.in_state(
            conversation.id, (DeliveryStatus.UNKNOWN,)
        ):
            told = told.settled(FATE_UNKNOWN)
        return told.calling_for_staff(reason) if reason else told

    def _ring_for_the_next(self, queued: Sequence[Message]) -> None:
        if queued:
            due = queued[0].send_after
            wait = max(timedelta(0), due - self.clock.now()) if due else timedelta(0)
            self.queue.ring(Deliver(message_id=queued[0].id), after=wait)


def _settled(message: Message, outcome: Sent | Unclear | OutsideFailure, now: datetime) -> tuple[Message, str | None]:
    """The message after the call, and why people must look, if they must."""
    if isinstance(outcome, Sent):
        return message.accepted(outcome.provider_id), None
    if message.status not in (DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN):
        return message, None  # a receipt was faster than the failed call: the message did leave
    if isinstance(outcome, Unclear):
        return message.unclear(outcome.reason), f"{FATE_UNKNOWN}: {outcome.reason}"
    if isinstance(outcome, ServiceRejected):
        return message.refused(outcome.reason), f"a message could not be sent: {outcome.reason}"
    return _postponed(message, outcome, now)


def _postponed(message: Message, failure: OutsideFailure, now: datetime) -> tuple[Message, str | None]:
    if now - message.created_at > GIVE_UP_AFTER:
        return message.refused(str(failure)), f"a message could not be sent for an hour: {failure}"
    if isinstance(failure, ServiceUnavailable):
        wait = max(failure.retry_after or timedelta(0), timedelta(seconds=2 ** min(message.attempts, 8)))
        shown = f"{NOT_LEFT_YET}: {failure}" if now - message.created_at > SHOWN_AFTER else None
        return message.postponed(now + min(wait, LONGEST_WAIT), str(failure)), shown
    return message.postponed(now + LONGEST_WAIT, str(failure)), f"the channel refuses Jack: {failure}"

"""Storing a reply, if the world has not moved on while it was thought of."""

from dataclasses import replace
from datetime import datetime, timedelta

from jack.application.errors import ServiceUnavailable
from jack.application.messaging.bells import Bells
from jack.application.messaging.speak import Reply
from jack.application.messaging.told import was_read
from jack.application.messaging.turn import TurnAtHand, unchanged
from jack.application.ports.channels import Channels
from jack.application.ports.clock import Clock
from jack.application.ports.jobs import Deliver, JobQueue
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.conversation import Conversation
from jack.domain.ids import MessageId, new_id
from jack.domain.long_text import in_parts
from jack.domain.message import Direction, Message

STORE_AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (0.2, 1, 2, 4))
"""The pauses before a reply is stored again that could not be stored; together far shorter than a turn."""

JUST_NOW = timedelta(hours=1)
"""For how long a fixed reply is not repeated."""

_LONGEST_TEXT = 4_000
"""Characters of one message of a channel that is no longer configured."""


async def store_reply(
    begin: BeginUnitOfWork, channels: Channels, queue: JobQueue, clock: Clock, turn: TurnAtHand, reply: Reply
) -> bool:
    """Reply, receipt and service requests in one transaction, unless the world moved on; False when it did.

    A database that is away for a moment does not cost the draft. Where a commit was lost that did happen, the turn is
    no longer ours, and the sweep sends what is stored. Raises ServiceUnavailable when the database stays away.
    """
    for pause in STORE_AGAIN_AFTER:
        try:
            return await _store(begin, channels, queue, clock, turn, reply)
        except ServiceUnavailable:
            await clock.sleep(pause)
    return await _store(begin, channels, queue, clock, turn, reply)


async def _store(
    begin: BeginUnitOfWork, channels: Channels, queue: JobQueue, clock: Clock, turn: TurnAtHand, reply: Reply
) -> bool:
    bells = Bells()
    async with begin() as uow:
        conversation = await uow.conversations.lock(turn.conversation.id)
        now_unanswered = await uow.messages.unanswered(turn.conversation.id)
        if conversation is None or not unchanged(turn, conversation, now_unanswered, clock.now()):
            if conversation is not None and conversation.turn_token == turn.token:
                await uow.conversations.save(conversation.turn_dropped())
                await uow.commit()
            return False
        now = clock.now()
        conversation = conversation.turn_given_back()
        if reply.attention:
            conversation = conversation.calling_for_staff(reply.attention)
        if not (reply.attention and _said_just_now(turn.history, reply.message, now)):
            for number, text in enumerate(in_parts(reply.message.text, _longest(channels, conversation))):
                # a moment apart, because that is the order in which they leave
                at = now + timedelta(microseconds=number)
                message_id = MessageId(new_id()) if number else reply.message.id
                message = replace(reply.message, id=message_id, text=text, created_at=at, sent_at=at)
                await uow.messages.add_outbound(message, conversation.channel, conversation.account)
                await uow.messages.add_receipt(replace(reply.receipt, message_id=message_id), conversation.hotel_id)
                bells.add(Deliver(message_id=message_id))
            conversation = conversation.said(now)
        for request in reply.requests:
            await uow.service_requests.add(request)
        await uow.messages.mark_answered([message.id for message in turn.questions], now)
        await uow.conversations.save(conversation)
        await uow.commit()
    bells.ring(queue)
    return True


def _longest(channels: Channels, conversation: Conversation) -> int:
    sender = channels.sender(conversation.channel, conversation.account)
    return sender.longest_text if sender is not None else _LONGEST_TEXT


def _said_just_now(history: tuple[Message, ...], message: Message, now: datetime) -> bool:
    """True when the last thing said to the guest is the same fixed reply: once is polite, twice is a machine."""
    said = [m for m in history if m.direction is Direction.OUTBOUND and was_read(m)]
    return (
        bool(said)
        and said[-1].text == message.text
        and said[-1].author == message.author
        and now - said[-1].created_at < JUST_NOW
    )

"""Taking back what Jack has not said yet."""

from dataclasses import replace

from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.ids import ConversationId
from jack.domain.message import AuthorKind, DeliveryStatus, Direction, Message

LOOK_BACK = 200
"""Among how many of the newest messages the questions of a withdrawn reply are looked for."""


async def withdraw_queued(uow: UnitOfWork, conversation_id: ConversationId) -> None:
    """Take back every reply of Jack's that has not left, inside a unit of work that holds the conversation."""
    for message in await uow.messages.in_state(conversation_id, (DeliveryStatus.QUEUED,)):
        if message.author.kind is AuthorKind.JACK:
            await withdraw(uow, message)


async def withdraw(uow: UnitOfWork, reply: Message) -> Message:
    """Take back one queued reply; what it answered is unanswered again, because the guest never got to read it."""
    withdrawn = reply.withdrawn()
    await uow.messages.save(withdrawn)
    for message in await uow.messages.history(reply.conversation_id, LOOK_BACK):
        # A reply and the answers of its questions are stored at one instant, in one transaction.
        if message.direction is Direction.INBOUND and message.answered_at == reply.created_at:
            await uow.messages.save(replace(message, answered_at=None))
    return withdrawn

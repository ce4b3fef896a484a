"""Taking back what Jack has not said yet."""

from dataclasses import replace

from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.conversation import Conversation, HeldBy
from jack.domain.ids import ConversationId
from jack.domain.message import AuthorKind, DeliveryStatus, Message


async def withdraw_queued(uow: UnitOfWork, conversation_id: ConversationId) -> None:
    """Take back every reply of Jack's that has not left, inside a unit of work that holds the conversation."""
    for message in await uow.messages.in_state(conversation_id, (DeliveryStatus.QUEUED,)):
        if message.author.kind is AuthorKind.JACK:
            await withdraw(uow, message)


def may_leave(conversation: Conversation, message: Message) -> bool:
    """False for a reply of Jack's once staff hold the conversation, or its sender is not taken any more for whom the
    reply was made."""
    if message.author.kind is not AuthorKind.JACK:
        return True
    return conversation.held_by is HeldBy.JACK and message.may_be_known_to(conversation.match)


async def withdraw_what_may_not_leave(uow: UnitOfWork, conversation: Conversation) -> None:
    """Take back the replies of Jack's that came back from the channel and may not leave any more."""
    for message in await uow.messages.in_state(conversation.id, (DeliveryStatus.QUEUED,)):
        if not may_leave(conversation, message):
            await withdraw(uow, message)


async def withdraw(uow: UnitOfWork, reply: Message) -> Message:
    """Take back one queued reply; what it answered is unanswered again, because the guest never got to read it."""
    withdrawn = reply.withdrawn()
    await uow.messages.save(withdrawn)
    for receipt in await uow.messages.receipts_of([reply.id]):
        for question_id in receipt.questions:
            question = await uow.messages.lock(question_id)
            # Another instant is another decision: staff settled it.
            if question is not None and question.answered_at == reply.created_at:
                await uow.messages.save(replace(question, answered_at=None))
    return withdrawn

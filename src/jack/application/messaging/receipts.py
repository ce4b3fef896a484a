"""Receipts: what a channel says about messages that left."""

from jack.application.ports.channels import DeliveryReceipt
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.domain.conversation import Conversation
from jack.domain.message import FATE_UNKNOWN, DeliveryStatus, Message


async def apply_receipt(uow: UnitOfWork, channel: str, receipt: DeliveryReceipt) -> bool:
    """Move the message on that the receipt is about, in whatever order receipts come; False when it is parked.

    A receipt whose message is not known by its id yet (it overtook the answer to the send call) is parked.
    """
    known = await uow.messages.get_by_provider_id(channel, receipt.account, receipt.provider_id)
    if known is None and receipt.message_id is not None:
        echoed = await uow.messages.get(receipt.message_id)
        if echoed is not None and echoed.provider_id in (None, receipt.provider_id):
            known = echoed
    if known is None:
        await uow.messages.park_receipt(channel, receipt)
        return False
    # Conversation first, then message: everyone locks in this order, so nobody waits in a circle.
    conversation = await uow.conversations.lock(known.conversation_id)
    message = await uow.messages.lock(known.id)
    if conversation is None or message is None or not _is_from(conversation, channel, receipt):
        return True
    await save_receipted(uow, conversation, message, receipt)
    return True


async def apply_parked(begin: BeginUnitOfWork, channel: str, account: str, provider_id: str) -> None:
    """Apply the receipts parked for that id if its message is known by now.

    A receipt may be parked in the same moment in which the answer to the send call is stored, neither seeing the
    other. So both sides look again after their commit, and whoever was later finds the other's.
    """
    async with begin() as uow:
        if await uow.messages.get_by_provider_id(channel, account, provider_id) is None:
            return
        parked = await uow.messages.take_parked(channel, account, provider_id)
        for receipt in parked:
            await apply_receipt(uow, channel, receipt)
        if parked:
            await uow.commit()


async def save_receipted(
    uow: UnitOfWork, conversation: Conversation, message: Message, receipt: DeliveryReceipt
) -> tuple[Conversation, Message]:
    """Apply one receipt to a locked message and call for staff when the message failed."""
    moved = message.receipted(receipt.status, receipt.reason)
    if moved.provider_id is None:
        moved = moved.accepted(receipt.provider_id)
    if moved == message:
        return conversation, message
    await uow.messages.save(moved)
    if moved.status is DeliveryStatus.FAILED and message.status is not DeliveryStatus.FAILED:
        reason = f"a message could not be delivered: {receipt.reason or 'the channel gives no reason'}"
        conversation = await uow.conversations.save(conversation.calling_for_staff(reason))
    elif message.status is DeliveryStatus.UNKNOWN:
        still_unknown = await uow.messages.in_state(conversation.id, (DeliveryStatus.UNKNOWN,))
        if not still_unknown and conversation.settled(FATE_UNKNOWN) != conversation:
            conversation = await uow.conversations.save(conversation.settled(FATE_UNKNOWN))
    return conversation, moved


def _is_from(conversation: Conversation, channel: str, receipt: DeliveryReceipt) -> bool:
    """True when the receipt speaks for the account that the conversation is on; others may not move its messages."""
    return conversation.channel == channel and conversation.account == receipt.account

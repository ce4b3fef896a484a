"""SettleFates: asking a channel's own list what became of messages whose fate nobody knows."""

from dataclasses import dataclass
from datetime import timedelta

from jack.application.errors import OutsideFailure
from jack.application.messaging.receipts import save_receipted
from jack.application.ports.channels import Channels, DeliveryReceipt, OutboundText
from jack.application.ports.clock import Clock
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.conversation import Conversation
from jack.domain.ids import MessageId
from jack.domain.message import DeliveryStatus, Message

ASK_FOR = timedelta(hours=6)
"""A fate that is unknown for longer stays with the people who were told."""

CERTAIN_AFTER = timedelta(minutes=10)
"""What a channel's list does not show so long after the call was never taken."""

NEVER_TAKEN = "the channel has no such message, so it never left; it can be sent again"
CLOCKS_DIFFER = timedelta(minutes=1)
BATCH = 50


@dataclass(frozen=True, slots=True)
class SettleFates:
    """Look up each message of unknown fate, where its channel keeps a list. Running it often does no harm."""

    begin: BeginUnitOfWork
    channels: Channels
    clock: Clock

    async def __call__(self) -> None:
        """Ask once about each. A channel that cannot be asked now is asked the next time."""
        async with self.begin() as uow:
            unknown = await uow.messages.of_unknown_fate(self.clock.now() - ASK_FOR, BATCH)
        for message_id in unknown:
            await self._settle(message_id)

    async def _settle(self, message_id: MessageId) -> None:
        async with self.begin() as uow:
            message = await uow.messages.get(message_id)
            conversation = await uow.conversations.get(message.conversation_id) if message else None
        if message is None or conversation is None:
            return
        sender = self.channels.sender(conversation.channel, conversation.account)
        if sender is None:
            return
        text = OutboundText(message_id=message.id, address=conversation.address, text=message.text)
        try:
            found = await sender.listed(text, message.created_at - CLOCKS_DIFFER)
        except OutsideFailure:
            return
        if found is not None:
            await self._apply(conversation, message, found)

    async def _apply(self, known: Conversation, asked: Message, found: tuple[DeliveryReceipt, ...]) -> None:
        """Give the message the one entry that belongs to no other; none at all, and long enough: it never left."""
        async with self.begin() as uow:
            conversation = await uow.conversations.lock(known.id)
            message = await uow.messages.lock(asked.id)
            if conversation is None or message is None or message.status is not DeliveryStatus.UNKNOWN:
                return
            free = [
                entry
                for entry in found
                if await uow.messages.get_by_provider_id(conversation.channel, conversation.account, entry.provider_id)
                is None
            ]
            unknown = await uow.messages.in_state(known.id, (DeliveryStatus.UNKNOWN,))
            alike = [other.id for other in unknown if other.text == asked.text]
            if free and len(free) == len(alike):
                entry = sorted(free, key=lambda e: e.at)[alike.index(message.id)]
                await save_receipted(uow, conversation, message, entry)
            elif not free and self.clock.now() - message.created_at > CERTAIN_AFTER:
                await uow.messages.save(message.refused(NEVER_TAKEN))
                await uow.conversations.save(
                    conversation.calling_for_staff(f"a message could not be sent: {NEVER_TAKEN}")
                )
            else:
                return
            await uow.commit()

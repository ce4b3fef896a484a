"""ReceiveMessage: what waits in the inbox becomes messages of conversations."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from jack.application.errors import ServiceDenied, ServiceUnavailable
from jack.application.messaging.bells import Bells
from jack.application.messaging.receipts import apply_parked, apply_receipt, save_receipted
from jack.application.messaging.senders import conversation_of
from jack.application.messaging.withdraw import withdraw_queued
from jack.application.ports.channels import Channels, Delivery, InboundMessage, Unpacked
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import Answer, JobQueue
from jack.application.ports.phones import PhoneReader
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.match import match_guest
from jack.domain.conversation import Conversation, HeldBy
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import MessageId, new_id
from jack.domain.message import Author, AuthorKind, DeliveryStatus, Direction, Message

log = logging.getLogger(__name__)

BATCH = 10
"""How many deliveries share one transaction."""

Parked = tuple[str, str, str]
"""The channel, account and provider id of a receipt whose message was not known."""

_EMPTY = Unpacked()


@dataclass(frozen=True, slots=True)
class ReceiveMessage:
    """Unpack every delivery that waits, oldest first: each message and receipt of each batch, stored exactly once."""

    begin: BeginUnitOfWork
    channels: Channels
    hotels: Hotels
    phones: PhoneReader
    queue: JobQueue
    clock: Clock

    async def __call__(self) -> None:
        """Return when nothing waits any more that no other process is unpacking.

        What cannot be stored is kept in its delivery with the reason, and the rest of the delivery, as well as all
        others, goes through. Raises ServiceUnavailable while the database is away, and
        ServiceDenied while it refuses Jack; then everything still waits.
        """
        batch = BATCH
        while True:
            try:
                if await self._receive(batch) == 0:
                    return
            except (ServiceUnavailable, ServiceDenied):
                raise
            except Exception:
                if batch > 1:
                    batch = 1  # one of them is bad: find out which
                    continue
                log.exception("delivery.broke")
                await self._receive_in_parts()
                batch = BATCH

    async def _receive(self, limit: int) -> int:
        bells, parked = Bells(), list[Parked]()
        async with self.begin() as uow:
            deliveries = await uow.inbox.waiting(limit)
            for delivery in deliveries:
                unpacked = self._unpacked(delivery)
                problems = [*unpacked.problems, *await self._store_all(uow, delivery, unpacked, bells, parked)]
                if problems:
                    await uow.inbox.kept(delivery.id, problems, self.clock.now())
            await uow.inbox.unpacked([delivery.id for delivery in deliveries], self.clock.now())
            await uow.commit()
        bells.ring(self.queue)
        await self._apply_parked(parked)
        return len(deliveries)

    async def _apply_parked(self, parked: list[Parked]) -> None:
        for channel, account, provider_id in dict.fromkeys(parked):
            await apply_parked(self.begin, channel, account, provider_id)

    async def _receive_in_parts(self) -> None:
        """The oldest delivery with a transaction for each message and receipt, so that one bad part costs itself alone.

        Another process may do the same at the same time: what is stored already is not stored again.
        """
        async with self.begin() as uow:
            waiting = await uow.inbox.waiting(1)
        for delivery in waiting:
            unpacked = self._unpacked(delivery)
            problems = list(unpacked.problems)
            parts = [replace(_EMPTY, messages=(message,)) for message in unpacked.messages]
            parts += [replace(_EMPTY, receipts=(receipt,)) for receipt in unpacked.receipts]
            for part in parts:
                bells, parked = Bells(), list[Parked]()
                try:
                    async with self.begin() as uow:
                        problems += await self._store_all(uow, delivery, part, bells, parked)
                        await uow.commit()
                    await self._apply_parked(parked)
                except (ServiceUnavailable, ServiceDenied):
                    raise
                except Exception:
                    log.exception("delivery.kept", extra={"delivery": delivery.id})
                    problems.append("a part of it could not be stored; see the log")
                bells.ring(self.queue)
            async with self.begin() as uow:
                if problems:
                    await uow.inbox.kept(delivery.id, problems, self.clock.now())
                await uow.inbox.unpacked([delivery.id], self.clock.now())
                await uow.commit()

    def _unpacked(self, delivery: Delivery) -> Unpacked:
        webhook = self.channels.webhook(delivery.channel)
        if webhook is None:
            return replace(_EMPTY, problems=(f"no hotel has the channel {delivery.channel} any more",))
        return webhook.unpack(delivery)

    async def _store_all(
        self, uow: UnitOfWork, delivery: Delivery, unpacked: Unpacked, bells: Bells, parked: list[Parked]
    ) -> list[str]:
        """Store every message and receipt; sentences about those that the rules do not allow. Adds to `parked`."""
        problems: list[str] = []
        for message in unpacked.messages:
            try:
                problem = await self._store(uow, delivery, message, bells)
            except DomainError as error:
                problem = str(error)
            if problem:
                problems.append(problem)
        for receipt in unpacked.receipts:
            applied = await apply_receipt(uow, delivery.channel, receipt)
            if not applied:
                parked.append((delivery.channel, receipt.account, receipt.provider_id))
        return problems

    async def _store(self, uow: UnitOfWork, delivery: Delivery, inbound: InboundMessage, bells: Bells) -> str | None:
        """Store one message in its conversation; a sentence for people when that cannot be."""
        account = self.channels.account(delivery.channel, inbound.account)
        hotel = self.hotels.get(account.hotel_id) if account else None
        if hotel is None:
            return "a message is for an account that no hotel has any more"
        conversation, is_new = await conversation_of(uow, hotel, delivery, inbound, self.phones)
        if inbound.from_staff:
            await self._store_from_staff(uow, delivery, hotel, conversation, inbound)
            return None
        message = self._message(hotel, conversation, delivery, inbound)
        if not await uow.messages.add_inbound(message, delivery.channel, inbound.account):
            return None
        sender = inbound.sender
        reading = self.phones.from_channel(sender.phone) if sender.phone else None
        conversation = conversation.heard(
            message.sent_at, sender.display_name, reading.number if reading else None, sender.address
        )
        if is_new or conversation.held_by is HeldBy.STAFF:
            # Whoever opens the dashboard now sees who is writing; Jack's own turn matches again anyway.
            finding = await match_guest(uow, conversation, hotel, self.phones, self.clock.now())
            conversation = conversation.matched(finding.match)
        if inbound.in_group:
            conversation = conversation.calling_for_staff("wrote in a group; Jack does not answer where others read")
        await uow.conversations.save(conversation)
        if message.answered_at is None and conversation.held_by is HeldBy.JACK:
            bells.add(Answer(conversation_id=conversation.id), after=hotel.quiet_time)
        return None

    def _message(
        self, hotel: Hotel, conversation: Conversation, delivery: Delivery, inbound: InboundMessage
    ) -> Message:
        now = self.clock.now()
        needs_answer = inbound.needs_answer and not inbound.in_group
        return Message(
            id=MessageId(new_id()),
            hotel_id=hotel.id,
            conversation_id=conversation.id,
            direction=Direction.INBOUND,
            author=Author(kind=AuthorKind.GUEST, name=inbound.sender.display_name),
            type=inbound.type,
            text=inbound.text,
            status=DeliveryStatus.RECEIVED,
            sent_at=_not_ahead(inbound.sent_at, delivery.received_at),
            created_at=now,
            media=inbound.media,
            provider_id=inbound.provider_id,
            reply_to=inbound.reply_to,
            answered_at=None if needs_answer else now,
        )

    async def _store_from_staff(
        self, uow: UnitOfWork, delivery: Delivery, hotel: Hotel, conversation: Conversation, inbound: InboundMessage
    ) -> None:
        """The hotel's people wrote from the channel's own app: theirs is the conversation now."""
        if await uow.messages.get_by_provider_id(delivery.channel, inbound.account, inbound.provider_id):
            return
        now = self.clock.now()
        message = Message(
            id=MessageId(new_id()),
            hotel_id=hotel.id,
            conversation_id=conversation.id,
            direction=Direction.OUTBOUND,
            author=Author(kind=AuthorKind.STAFF, name=hotel.name),
            type=inbound.type,
            text=inbound.text,
            status=DeliveryStatus.SENT,
            sent_at=_not_ahead(inbound.sent_at, delivery.received_at),
            created_at=now,
            media=inbound.media,
            provider_id=inbound.provider_id,
            told_to=conversation.match.guest_id,
            told_level=conversation.match.level,
        )
        await uow.messages.add_outbound(message, delivery.channel, inbound.account)
        await withdraw_queued(uow, conversation.id)
        unanswered = await uow.messages.unanswered(conversation.id)
        read = [question.id for question in unanswered if question.sent_at <= message.sent_at]
        await uow.messages.mark_answered(read, now)
        conversation = await uow.conversations.save(conversation.said(message.sent_at).taken_over().seen())
        for parked in await uow.messages.take_parked(delivery.channel, inbound.account, inbound.provider_id):
            conversation, message = await save_receipted(uow, conversation, message, parked)


def _not_ahead(sent_at: datetime, received_at: datetime) -> datetime:
    """A provider's clock may run ahead of ours; no message was sent after it arrived."""
    return min(sent_at, received_at)

"""Deliveries, conversations, messages and service requests in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jack.application.errors import Conflict
from jack.application.ports.channels import Delivery, DeliveryReceipt
from jack.application.ports.messaging_store import Conversations, Inbox, Messages, ServiceRequests
from jack.domain.conversation import ChannelIdentity, Conversation, ConversationState, HeldBy
from jack.domain.ids import ConversationId, HotelId, MessageId, ServiceRequestId
from jack.domain.message import DeliveryStatus, Direction, Message, in_order
from jack.domain.receipt import Receipt
from jack.domain.service_request import ServiceRequest
from tests.fakes.persistence.state import State


@dataclass(frozen=True, slots=True)
class InMemoryInbox(Inbox):
    """Plays Inbox on one state."""

    state: State

    async def waiting(self, limit: int) -> tuple[Delivery, ...]:
        found = [stored.delivery for stored in self.state.deliveries.values() if stored.unpacked_at is None]
        return tuple(sorted(found, key=lambda delivery: (delivery.received_at, delivery.id))[:limit])

    async def unpacked(self, delivery_ids: Sequence[str], now: datetime) -> None:
        for delivery_id in delivery_ids:
            stored = self.state.deliveries.get(delivery_id)
            if stored and stored.unpacked_at is None:
                self.state.deliveries[delivery_id] = replace(stored, unpacked_at=now)

    async def kept(self, delivery_id: str, problems: Sequence[str], now: datetime) -> None:
        stored = self.state.deliveries.get(delivery_id)
        if stored:
            self.state.deliveries[delivery_id] = replace(stored, unpacked_at=now, problems=tuple(problems))

    async def forget_before(self, before: datetime) -> int:
        old = [
            delivery_id
            for delivery_id, stored in self.state.deliveries.items()
            if stored.unpacked_at is not None and stored.unpacked_at < before and not stored.problems
        ]
        for delivery_id in old:
            del self.state.deliveries[delivery_id]
        return len(old)

    async def count_waiting(self) -> int:
        return sum(stored.unpacked_at is None for stored in self.state.deliveries.values())


@dataclass(frozen=True, slots=True)
class InMemoryConversations(Conversations):
    """Plays Conversations on one state."""

    state: State

    async def get(self, conversation_id: ConversationId) -> Conversation | None:
        return self.state.conversations.get(conversation_id)

    async def lock(self, conversation_id: ConversationId) -> Conversation | None:
        return self.state.conversations.get(conversation_id)

    async def lock_by_identity(
        self, hotel_id: HotelId, channel: str, account: str, identities: Sequence[ChannelIdentity]
    ) -> Conversation | None:
        for identity in identities:
            found = self.state.identities.get((hotel_id, channel, account, identity))
            if found:
                return self.state.conversations[found]
        return None

    async def identities(self, conversation_id: ConversationId) -> tuple[ChannelIdentity, ...]:
        return tuple(sorted(key[3] for key, held in self.state.identities.items() if held == conversation_id))

    async def add(self, conversation: Conversation, identities: Sequence[ChannelIdentity]) -> bool:
        end = (conversation.hotel_id, conversation.channel, conversation.account)
        if identities and (*end, identities[0]) in self.state.identities:
            return False
        self.state.conversations[conversation.id] = conversation
        await self.lead_here(conversation, identities)
        return True

    async def lead_here(self, conversation: Conversation, identities: Sequence[ChannelIdentity]) -> None:
        if conversation.id not in self.state.conversations:
            raise Conflict("the conversation is not known")
        end = (conversation.hotel_id, conversation.channel, conversation.account)
        self.state.identities.update({(*end, identity): conversation.id for identity in identities})

    async def save(self, conversation: Conversation) -> Conversation:
        stored = self.state.conversations.get(conversation.id)
        if stored is None or stored.version != conversation.version:
            raise Conflict("somebody else changed this conversation first")
        saved = replace(conversation, version=conversation.version + 1)
        self.state.conversations[conversation.id] = saved
        return saved

    async def due_for_answer(self, received_before: datetime, now: datetime, limit: int) -> tuple[ConversationId, ...]:
        oldest: dict[ConversationId, datetime] = {}
        for message in self.state.messages.values():
            old = message.created_at < received_before or message.created_at > now
            if old and message.direction is Direction.INBOUND and message.answered_at is None:
                at = oldest.get(message.conversation_id, message.created_at)
                oldest[message.conversation_id] = min(at, message.created_at)
        due = [
            (at, conversation_id)
            for conversation_id, at in oldest.items()
            if _may_be_answered(self.state.conversations[conversation_id], now)
        ]
        return tuple(conversation_id for _, conversation_id in sorted(due)[:limit])


def _may_be_answered(conversation: Conversation, now: datetime) -> bool:
    answering = (
        conversation.turn_token is not None and conversation.turn_until is not None and now < conversation.turn_until
    )
    later = conversation.retry_after is not None and now < conversation.retry_after
    open_ = conversation.state is ConversationState.OPEN and conversation.held_by is HeldBy.JACK
    return open_ and not answering and not later


@dataclass(frozen=True, slots=True)
class InMemoryMessages(Messages):
    """Plays Messages on one state."""

    state: State

    async def add_inbound(self, message: Message, channel: str, account: str) -> bool:
        if message.provider_id and await self.get_by_provider_id(channel, account, message.provider_id):
            return False
        self._add(message, channel, account)
        return True

    async def add_outbound(self, message: Message, channel: str, account: str) -> None:
        self._add(message, channel, account)

    async def get(self, message_id: MessageId) -> Message | None:
        return self.state.messages.get(message_id)

    async def lock(self, message_id: MessageId) -> Message | None:
        return self.state.messages.get(message_id)

    async def get_by_provider_id(self, channel: str, account: str, provider_id: str) -> Message | None:
        return next(
            (
                message
                for message in self.state.messages.values()
                if message.provider_id == provider_id and self.state.message_ends[message.id] == (channel, account)
            ),
            None,
        )

    async def save(self, message: Message) -> None:
        if message.id not in self.state.messages:
            raise Conflict("the message is not known")
        self._refuse_a_known_provider_id(message, self.state.message_ends[message.id])
        self.state.messages[message.id] = message

    async def unanswered(self, conversation_id: ConversationId) -> tuple[Message, ...]:
        return in_order(
            tuple(
                message
                for message in self._of(conversation_id)
                if message.direction is Direction.INBOUND and message.answered_at is None
            )
        )

    async def history(self, conversation_id: ConversationId, limit: int) -> tuple[Message, ...]:
        ordered = in_order(tuple(self._of(conversation_id)))
        return ordered[max(len(ordered) - limit, 0) :]

    async def mark_answered(self, message_ids: Sequence[MessageId], at: datetime) -> None:
        for message_id in message_ids:
            message = self.state.messages.get(message_id)
            if message and message.direction is Direction.INBOUND:
                self.state.messages[message_id] = replace(message, answered_at=at)

    async def in_state(self, conversation_id: ConversationId, statuses: Sequence[str]) -> tuple[Message, ...]:
        return tuple(_oldest(m for m in self._outbound(statuses) if m.conversation_id == conversation_id))

    async def due_to_send(self, now: datetime, queued_before: datetime, limit: int) -> tuple[MessageId, ...]:
        due = _oldest(
            m
            for m in self._outbound((DeliveryStatus.QUEUED,))
            if (m.created_at < queued_before or m.created_at > now) and (m.send_after is None or m.send_after <= now)
        )
        return tuple(message.id for message in due[:limit])

    async def stuck_sending(self, since_before: datetime, limit: int) -> tuple[MessageId, ...]:
        stuck = [
            m
            for m in self._outbound((DeliveryStatus.SENDING,))
            if m.sending_since is not None and m.sending_since < since_before
        ]
        stuck.sort(key=lambda m: (m.sending_since, m.id))
        return tuple(message.id for message in stuck[:limit])

    async def of_unknown_fate(self, created_after: datetime, limit: int) -> tuple[MessageId, ...]:
        found = _oldest(m for m in self._outbound((DeliveryStatus.UNKNOWN,)) if m.created_at > created_after)
        return tuple(message.id for message in found[::-1][:limit])

    async def park_receipt(self, channel: str, receipt: DeliveryReceipt) -> None:
        key = (channel, receipt.account, receipt.provider_id)
        self.state.parked[key] = (*self.state.parked.get(key, ()), receipt)

    async def take_parked(self, channel: str, account: str, provider_id: str) -> tuple[DeliveryReceipt, ...]:
        return self.state.parked.pop((channel, account, provider_id), ())

    async def add_receipt(self, receipt: Receipt, hotel_id: HotelId) -> None:
        if receipt.message_id not in self.state.messages or receipt.message_id in self.state.receipts:
            raise Conflict("the answer is not known, or has its receipt already")
        self.state.receipts[receipt.message_id] = receipt

    async def receipts_of(self, message_ids: Sequence[MessageId]) -> tuple[Receipt, ...]:
        wanted = sorted(set(message_ids))
        return tuple(self.state.receipts[found] for found in wanted if found in self.state.receipts)

    def _add(self, message: Message, channel: str, account: str) -> None:
        if message.conversation_id not in self.state.conversations or message.id in self.state.messages:
            raise Conflict("the conversation of this message is not known, or the message is stored already")
        self._refuse_a_known_provider_id(message, (channel, account))
        self.state.messages[message.id] = message
        self.state.message_ends[message.id] = (channel, account)

    def _refuse_a_known_provider_id(self, message: Message, end: tuple[str, str]) -> None:
        if message.provider_id is not None and any(
            held.provider_id == message.provider_id
            and held.id != message.id
            and self.state.message_ends[held.id] == end
            for held in self.state.messages.values()
        ):
            raise Conflict("another message has this provider's id already")

    def _of(self, conversation_id: ConversationId) -> Iterable[Message]:
        return (m for m in self.state.messages.values() if m.conversation_id == conversation_id)

    def _outbound(self, statuses: Sequence[str]) -> Iterable[Message]:
        return (
            m for m in self.state.messages.values() if m.direction is Direction.OUTBOUND and m.status.value in statuses
        )


def _oldest(messages: Iterable[Message]) -> list[Message]:
    return sorted(messages, key=lambda m: (m.created_at, m.id))


@dataclass(frozen=True, slots=True)
class InMemoryServiceRequests(ServiceRequests):
    """Plays ServiceRequests on one state."""

    state: State

    async def add(self, request: ServiceRequest) -> None:
        if request.id in self.state.service_requests:
            raise Conflict("this service request is stored already")
        self.state.service_requests[request.id] = request

    async def lock(self, request_id: ServiceRequestId) -> ServiceRequest | None:
        return self.state.service_requests.get(request_id)

    async def save(self, request: ServiceRequest) -> None:
        if request.id not in self.state.service_requests:
            raise Conflict("the service request is not known")
        self.state.service_requests[request.id] = request

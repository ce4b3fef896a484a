"""Repositories for deliveries, conversations, messages and service requests; all inside one unit of work."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from jack.application.ports.channels import Delivery, DeliveryReceipt
from jack.domain.conversation import ChannelIdentity, Conversation
from jack.domain.ids import ConversationId, HotelId, MessageId, ServiceRequestId
from jack.domain.message import Message
from jack.domain.receipt import Receipt
from jack.domain.service_request import ServiceRequest


class Inbox(Protocol):
    """Deliveries that were acknowledged and wait to be unpacked."""

    @abstractmethod
    async def waiting(self, limit: int) -> tuple[Delivery, ...]:
        """The oldest waiting deliveries; until the transaction ends they are this one's alone.

        Nothing also while another transaction has some: two that unpack at the same time would wait for each other's
        conversations. Whoever has some looks again afterwards, and finds also what came in the meantime.
        """

    @abstractmethod
    async def unpacked(self, delivery_ids: Sequence[str], now: datetime) -> None:
        """These are done."""

    @abstractmethod
    async def kept(self, delivery_id: str, problems: Sequence[str], now: datetime) -> None:
        """This one is done as far as it could be read; it stays, with these sentences, for people to look at."""

    @abstractmethod
    async def forget_before(self, before: datetime) -> int:
        """Delete deliveries that were unpacked without a problem before that instant; how many."""

    @abstractmethod
    async def count_waiting(self) -> int:
        """How many wait."""


class Conversations(Protocol):
    """The conversations of every hotel."""

    @abstractmethod
    async def get(self, conversation_id: ConversationId) -> Conversation | None:
        """That conversation, unlocked, or None."""

    @abstractmethod
    async def lock(self, conversation_id: ConversationId) -> Conversation | None:
        """That conversation, which nobody else can change until this transaction ends, or None."""

    @abstractmethod
    async def lock_by_identity(
        self, hotel_id: HotelId, channel: str, account: str, identities: Sequence[ChannelIdentity]
    ) -> Conversation | None:
        """The conversation that holds the first of these identities that any holds, locked, or None."""

    @abstractmethod
    async def identities(self, conversation_id: ConversationId) -> tuple[ChannelIdentity, ...]:
        """The identities that lead to a conversation, in order of kind and value."""

    @abstractmethod
    async def add(self, conversation: Conversation, identities: Sequence[ChannelIdentity]) -> bool:
        """Store a new conversation under these identities; False, and nothing stored, when the first of them leads to
        another one already (somebody was faster). Later identities that lead elsewhere are led here."""

    @abstractmethod
    async def lead_here(self, conversation: Conversation, identities: Sequence[ChannelIdentity]) -> None:
        """Make these identities lead to this conversation, wherever they led before."""

    @abstractmethod
    async def save(self, conversation: Conversation) -> Conversation:
        """Store a changed conversation; returned with its new version.

        Raises Conflict when its version is not the stored one.
        """

    @abstractmethod
    async def due_for_answer(self, received_before: datetime, now: datetime, limit: int) -> tuple[ConversationId, ...]:
        """Open conversations held by Jack that should have been answered, longest waiting first.

        They have an unanswered message that was stored before `received_before`, or after `now` (then the clock was set
        back), no living turn and no later retry.
        """


class Messages(Protocol):
    """The messages of every conversation."""

    @abstractmethod
    async def add_inbound(self, message: Message, channel: str, account: str) -> bool:
        """Store an inbound message once for (channel, account, provider id); False when it is stored already."""

    @abstractmethod
    async def add_outbound(self, message: Message, channel: str, account: str) -> None:
        """Store a new outbound message."""

    @abstractmethod
    async def get(self, message_id: MessageId) -> Message | None:
        """That message, unlocked, or None."""

    @abstractmethod
    async def get_by_provider_id(self, channel: str, account: str, provider_id: str) -> Message | None:
        """The message that the channel knows by that id, unlocked, or None."""

    @abstractmethod
    async def lock(self, message_id: MessageId) -> Message | None:
        """That message, which nobody else can change until this transaction ends, or None."""

    @abstractmethod
    async def save(self, message: Message) -> None:
        """Store a changed message."""

    @abstractmethod
    async def unanswered(self, conversation_id: ConversationId) -> tuple[Message, ...]:
        """Inbound messages without an answer, in the order of the conversation."""

    @abstractmethod
    async def history(self, conversation_id: ConversationId, limit: int) -> tuple[Message, ...]:
        """The newest `limit` messages, in the order of the conversation (oldest first)."""

    @abstractmethod
    async def mark_answered(self, message_ids: Sequence[MessageId], at: datetime) -> None:
        """A reply, or the decision that none is due, stands for these inbound messages."""

    @abstractmethod
    async def in_state(self, conversation_id: ConversationId, statuses: Sequence[str]) -> tuple[Message, ...]:
        """Outbound messages of a conversation with one of these statuses, oldest first by `created_at`."""

    @abstractmethod
    async def due_to_send(self, now: datetime, queued_before: datetime, limit: int) -> tuple[MessageId, ...]:
        """Queued messages created before `queued_before`, or after `now` (then the clock was set back), whose
        `send_after` is not later than `now`, oldest first."""

    @abstractmethod
    async def stuck_sending(self, since_before: datetime, limit: int) -> tuple[MessageId, ...]:
        """Messages that have been `sending` since before that instant."""

    @abstractmethod
    async def of_unknown_fate(self, created_after: datetime, limit: int) -> tuple[MessageId, ...]:
        """Messages with the status `unknown` that were created after that instant, newest first."""

    @abstractmethod
    async def park_receipt(self, channel: str, receipt: DeliveryReceipt) -> None:
        """Keep a receipt whose message is not known by its provider id yet."""

    @abstractmethod
    async def take_parked(self, channel: str, account: str, provider_id: str) -> tuple[DeliveryReceipt, ...]:
        """The parked receipts for that id, oldest first by arrival; they are parked no more."""

    @abstractmethod
    async def add_receipt(self, receipt: Receipt, hotel_id: HotelId) -> None:
        """Store why an answer said what it said, beside the answer."""

    @abstractmethod
    async def receipts_of(self, message_ids: Sequence[MessageId]) -> tuple[Receipt, ...]:
        """The receipts of these answers, by the answers' ids; messages without one are left out."""


class ServiceRequests(Protocol):
    """What people must do."""

    @abstractmethod
    async def add(self, request: ServiceRequest) -> None:
        """Store a new service request."""

    @abstractmethod
    async def lock(self, request_id: ServiceRequestId) -> ServiceRequest | None:
        """That service request, which nobody else can change until this transaction ends, or None."""

    @abstractmethod
    async def save(self, request: ServiceRequest) -> None:
        """Store a changed service request."""

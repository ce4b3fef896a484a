"""Messages, parked receipts and the receipts of answers, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, literal_column, or_, select, update

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.message_rows import (
    message_from_row,
    message_to_row,
    parked_from_row,
    parked_to_row,
    receipt_from_row,
    receipt_to_row,
)
from jack.adapters.persistence.tables import answer_receipts, messages, parked_receipts
from jack.adapters.persistence.upsert import any_of, insert_or_ignore
from jack.application.errors import Conflict
from jack.application.ports.channels import DeliveryReceipt
from jack.application.ports.messaging_store import Messages
from jack.domain.ids import ConversationId, HotelId, MessageId
from jack.domain.message import Direction, Message
from jack.domain.receipt import Receipt

_table = messages.c

# in words and not as parameters, or the partial indexes could not be used
_INBOUND = _table.direction == literal_column("'inbound'")
_QUEUED = _table.status == literal_column("'queued'")
_SENDING = _table.status == literal_column("'sending'")
_UNKNOWN = _table.status == literal_column("'unknown'")


@dataclass(frozen=True, slots=True)
class SqlMessages(Messages):
    """Plays Messages inside one unit of work."""

    connection: SqlConnection

    async def add_inbound(self, message: Message, channel: str, account: str) -> bool:
        row = message_to_row(message) | {"channel": channel, "account": account}
        statement = insert_or_ignore(self.connection.dialect, messages, "channel", "account", "provider_id")
        return (await self.connection.execute(statement, row)).rowcount == 1

    async def add_outbound(self, message: Message, channel: str, account: str) -> None:
        row = message_to_row(message) | {"channel": channel, "account": account}
        await self.connection.execute(messages.insert(), row)

    async def get(self, message_id: MessageId) -> Message | None:
        return await self._one(_table.id == message_id)

    async def get_by_provider_id(self, channel: str, account: str, provider_id: str) -> Message | None:
        return await self._one(_table.channel == channel, _table.account == account, _table.provider_id == provider_id)

    async def lock(self, message_id: MessageId) -> Message | None:
        return await self._one(_table.id == message_id, lock=True)

    async def save(self, message: Message) -> None:
        changed = await self.connection.execute(
            update(messages).where(_table.id == message.id).values(message_to_row(message))
        )
        if changed.rowcount != 1:
            raise Conflict("the message is not known")

    async def unanswered(self, conversation_id: ConversationId) -> tuple[Message, ...]:
        found = await self.connection.execute(
            select(messages)
            .where(_table.conversation_id == conversation_id, _INBOUND, _table.answered_at.is_(None))
            .order_by(_table.sent_at, _table.created_at, _table.id)
        )
        return tuple(map(message_from_row, found))

    async def history(self, conversation_id: ConversationId, limit: int) -> tuple[Message, ...]:
        found = await self.connection.execute(
            select(messages)
            .where(_table.conversation_id == conversation_id)
            .order_by(_table.sent_at.desc(), _table.created_at.desc(), _table.id.desc())
            .limit(limit)
        )
        return tuple(map(message_from_row, reversed(found.all())))

    async def mark_answered(self, message_ids: Sequence[MessageId], at: datetime) -> None:
        await self.connection.execute(
            update(messages)
            .where(any_of(self.connection.dialect, _table.id, message_ids), _INBOUND)
            .values(answered_at=at)
        )

    async def in_state(self, conversation_id: ConversationId, statuses: Sequence[str]) -> tuple[Message, ...]:
        found = await self.connection.execute(
            select(messages)
            .where(
                _table.conversation_id == conversation_id,
                _table.direction == Direction.OUTBOUND.value,
                _table.status.in_(statuses),
            )
            .order_by(_table.created_at, _table.id)
        )
        return tuple(map(message_from_row, found))

    async def due_to_send(self, now: datetime, queued_before: datetime, limit: int) -> tuple[MessageId, ...]:
        found = await self.connection.execute(
            select(_table.id)
            .where(
                _QUEUED,
                or_(_table.created_at < queued_before, _table.created_at > now),
                or_(_table.send_after.is_(None), _table.send_after <= now),
            )
            .order_by(_table.created_at, _table.id)
            .limit(limit)
        )
        return tuple(MessageId(row.id) for row in found)

    async def stuck_sending(self, since_before: datetime, limit: int) -> tuple[MessageId, ...]:
        found = await self.connection.execute(
            select(_table.id)
            .where(_SENDING, _table.sending_since < since_before)
            .order_by(_table.sending_since, _table.id)
            .limit(limit)
        )
        return tuple(MessageId(row.id) for row in found)

    async def of_unknown_fate(self, created_after: datetime, limit: int) -> tuple[MessageId, ...]:
        found = await self.connection.execute(
            select(_table.id)
            .where(_UNKNOWN, _table.created_at > created_after)
            .order_by(_table.created_at.desc(), _table.id.desc())
            .limit(limit)
        )
        return tuple(MessageId(row.id) for row in found)

    async def park_receipt(self, channel: str, receipt: DeliveryReceipt) -> None:
        await self.connection.execute(parked_receipts.insert(), parked_to_row(channel, receipt))

    async def take_parked(self, channel: str, account: str, provider_id: str) -> tuple[DeliveryReceipt, ...]:
        parked = parked_receipts.c
        taken = await self.connection.execute(
            delete(parked_receipts)
            .where(parked.channel == channel, parked.account == account, parked.provider_id == provider_id)
            .returning(parked_receipts)
        )
        return tuple(parked_from_row(row) for row in sorted(taken, key=lambda row: int(row.id)))

    async def add_receipt(self, receipt: Receipt, hotel_id: HotelId) -> None:
        await self.connection.execute(answer_receipts.insert(), receipt_to_row(receipt, hotel_id))

    async def receipts_of(self, message_ids: Sequence[MessageId]) -> tuple[Receipt, ...]:
        column = answer_receipts.c.message_id
        found = await self.connection.execute(
            select(answer_receipts).where(any_of(self.connection.dialect, column, message_ids)).order_by(column)
        )
        return tuple(map(receipt_from_row, found))

    async def _one(self, *where: ColumnElement[bool], lock: bool = False) -> Message | None:
        statement = select(messages).where(*where)
        found = await self.connection.execute(statement.with_for_update() if lock else statement)
        row = found.one_or_none()
        return message_from_row(row) if row else None

"""What staff see of conversations, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from jack.adapters.persistence.column_types import from_json
from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.message_rows import media_from_json, receipt_from_row
from jack.adapters.persistence.pages import beyond, cursor_of, page
from jack.adapters.persistence.service_requests import service_request_from_row
from jack.adapters.persistence.tables import (
    answer_receipts,
    conversations,
    guests,
    messages,
    reservations,
    service_requests,
)
from jack.application.ports.messaging_views import (
    AuthorView,
    ConversationView,
    MatchView,
    MediaView,
    MessageView,
    MessagingViews,
)
from jack.application.ports.pages import Page
from jack.domain.ids import HotelId
from jack.domain.receipt import Receipt
from jack.domain.service_request import ServiceRequest

_LAST_TEXT = (
    select(messages.c.text)
    .where(messages.c.conversation_id == conversations.c.id)
    .order_by(messages.c.sent_at.desc(), messages.c.created_at.desc(), messages.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_CONVERSATIONS: Select[Any] = (
    select(
        conversations,
        guests.c.first_name,
        guests.c.last_name,
        reservations.c.room_number,
        _LAST_TEXT.label("last_message_text"),
    )
    .outerjoin(guests, guests.c.id == conversations.c.guest_id)
    .outerjoin(reservations, reservations.c.id == conversations.c.reservation_id)
)


@dataclass(frozen=True, slots=True)
class SqlMessagingViews(MessagingViews):
    """Plays MessagingViews; every view reads one consistent state and waits for no writer."""

    database: Database

    async def conversations(
        self,
        hotels: tuple[HotelId, ...] | None,
        *,
        state: str | None = None,
        needs_attention: bool | None = None,
        guest_id: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[ConversationView]:
        table, name = conversations.c, "conversations"
        order = (table.listed_at, table.id)
        where: list[ColumnElement[bool]] = []
        if hotels is not None:
            where.append(table.hotel_id.in_(hotels))
        if state is not None:
            where.append(table.state == state)
        if needs_attention is not None:
            where.append(table.needs_attention.is_(needs_attention))
        if guest_id is not None:
            where.append(table.guest_id == guest_id)
        if cursor is not None:
            where.append(beyond(name, order, cursor, newest_first=True))
        rows = await self._rows(
            _CONVERSATIONS.where(*where).order_by(*(column.desc() for column in order)).limit(limit + 1)
        )
        return page(name, rows, limit, lambda row: (row.listed_at, row.id), _conversation)

    async def conversation(self, conversation_id: str) -> ConversationView | None:
        rows = await self._rows(_CONVERSATIONS.where(conversations.c.id == conversation_id))
        return _conversation(rows[0]) if rows else None

    async def messages(self, conversation_id: str, *, limit: int = 100, cursor: str | None = None) -> Page[MessageView]:
        table, name = messages.c, "messages"
        order = (table.sent_at, table.created_at, table.id)
        where: list[ColumnElement[bool]] = [table.conversation_id == conversation_id]
        if cursor is not None:
            where.append(beyond(name, order, cursor, newest_first=True))
        rows = await self._rows(
            select(messages).where(*where).order_by(*(column.desc() for column in order)).limit(limit + 1)
        )
        # read from the newest back, shown as the conversation went
        shown = rows[:limit]
        older = cursor_of(name, (shown[-1].sent_at, shown[-1].created_at, shown[-1].id)) if len(rows) > limit else None
        return Page(items=tuple(_message(row) for row in reversed(shown)), next_cursor=older)

    async def receipt(self, message_id: str) -> tuple[HotelId, Receipt] | None:
        rows = await self._rows(select(answer_receipts).where(answer_receipts.c.message_id == message_id))
        return (HotelId(rows[0].hotel_id), receipt_from_row(rows[0])) if rows else None

    async def service_requests(
        self,
        hotels: tuple[HotelId, ...] | None,
        *,
        status: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[ServiceRequest]:
        table, name = service_requests.c, "service_requests"
        order = (table.created_at, table.id)
        where: list[ColumnElement[bool]] = []
        if hotels is not None:
            where.append(table.hotel_id.in_(hotels))
        if status is not None:
            where.append(table.status == status)
        if cursor is not None:
            where.append(beyond(name, order, cursor, newest_first=True))
        rows = await self._rows(
            select(service_requests).where(*where).order_by(*(column.desc() for column in order)).limit(limit + 1)
        )
        return page(name, rows, limit, lambda row: (row.created_at, row.id), service_request_from_row)

    async def _rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        async with self.database.reading() as connection:
            return (await connection.execute(statement)).all()


def _conversation(row: Row[Any]) -> ConversationView:
    return ConversationView(
        id=row.id,
        hotel_id=row.hotel_id,
        channel=row.channel,
        address=row.address,
        display_name=row.display_name,
        held_by=row.held_by,
        state=row.state,
        needs_attention=row.needs_attention,
        attention_reason=row.attention_reason,
        guest_id=row.guest_id,
        guest_name=f"{row.first_name} {row.last_name}".strip() if row.first_name is not None else None,
        reservation_id=row.reservation_id,
        room_number=row.room_number,
        match=MatchView(
            outcome=row.match_outcome, level=row.match_level, evidence=tuple(from_json(row.match_evidence))
        ),
        unread=row.unread,
        last_message_at=row.last_message_at,
        last_message_text=row.last_message_text,
    )


def _message(row: Row[Any]) -> MessageView:
    return MessageView(
        id=row.id,
        conversation_id=row.conversation_id,
        direction=row.direction,
        author=AuthorView(kind=row.author_kind, name=row.author_name),
        type=row.type,
        text=row.text,
        media=tuple(
            MediaView(kind=m.kind, ref=m.ref, mime_type=m.mime_type, caption=m.caption, file_name=m.file_name)
            for m in media_from_json(row.media)
        ),
        status=row.status,
        problem=row.problem,
        created_at=row.created_at,
        sent_at=row.sent_at,
        provider_id=row.provider_id,
    )

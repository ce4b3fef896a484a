"""The web chat's sessions and posts, in SQL: each call is a transaction of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, text, update

from jack.adapters.persistence.column_types import storable
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.tables import channel_identities, chat_posts, chat_sessions, conversations, messages
from jack.adapters.persistence.upsert import any_of, insert_or_ignore
from jack.application.ports.web_chat import ChatPost, ChatPosts, ChatSession, ChatSessions
from jack.domain.ids import HotelId, MessageId

CHANNEL = "web_chat"

# Whoever has the number 8 is seen before whoever has 9: numbers are given and committed by one at a time.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('jack chat posts', 0))")

_POSTS: Select[Any] = select(chat_posts, messages.c.author_kind, messages.c.author_name).outerjoin(
    messages, messages.c.id == chat_posts.c.message_id
)


@dataclass(frozen=True, slots=True)
class SqlChatSessions(ChatSessions):
    """Plays ChatSessions."""

    database: Database

    async def add(self, session: ChatSession) -> None:
        row = {
            "sender": session.sender,
            "token_digest": session.token_digest,
            "hotel_id": session.hotel_id,
            "created_at": session.created_at,
            "expires_at": session.expires_at,
        }
        async with self.database.writing() as connection:
            await connection.execute(delete(chat_sessions).where(chat_sessions.c.expires_at <= session.created_at))
            await connection.execute(insert(chat_sessions), row)
            await connection.commit()

    async def by_token(self, hotel_id: HotelId, token_digest: str, now: datetime) -> ChatSession | None:
        table = chat_sessions.c
        wanted = (table.token_digest == token_digest, table.hotel_id == hotel_id, table.expires_at > now)
        async with self.database.reading() as connection:
            row = (await connection.execute(select(chat_sessions).where(*wanted))).one_or_none()
        if row is None:
            return None
        return ChatSession(
            sender=row.sender,
            token_digest=row.token_digest,
            hotel_id=HotelId(row.hotel_id),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )

    async def prolong(self, sender: str, expires_at: datetime) -> None:
        async with self.database.writing() as connection:
            await connection.execute(
                update(chat_sessions).where(chat_sessions.c.sender == sender).values(expires_at=expires_at)
            )
            await connection.commit()


@dataclass(frozen=True, slots=True)
class SqlChatPosts(ChatPosts):
    """Plays ChatPosts."""

    database: Database

    async def say(self, sender: str, message_id: MessageId, text: str, at: datetime) -> ChatPost | None:
        row = {"sender": sender, "key": message_id, "message_id": message_id, "client_id": None, "at": at}
        async with self.database.writing() as connection:
            if not await _add(connection, {**row, "text": storable(text), "delivered": False}):
                return None
            found = (await connection.execute(_POSTS.where(chat_posts.c.key == message_id))).one()
            await connection.commit()
        return _post(found)

    async def note(self, sender: str, client_id: str, text: str, at: datetime) -> None:
        row = {"sender": sender, "key": f"{sender}:{client_id}", "message_id": None, "client_id": client_id, "at": at}
        async with self.database.writing() as connection:
            if await _add(connection, {**row, "text": storable(text), "delivered": True}):
                await connection.commit()

    async def saying(self, sender: str, text: str, since: datetime) -> tuple[ChatPost, ...]:
        table = chat_posts.c
        wanted = (table.sender == sender, table.message_id.is_not(None), table.at >= since)
        alike = table.text == storable(text)
        return await self._posts(_POSTS.where(*wanted, alike).order_by(table.number))

    async def of(self, sender: str, after: int, limit: int) -> tuple[ChatPost, ...]:
        table = chat_posts.c
        newest = _POSTS.where(table.sender == sender, table.number > after).order_by(table.number.desc()).limit(limit)
        return tuple(reversed(await self._posts(newest)))

    async def newest(self) -> int:
        async with self.database.reading() as connection:
            return int((await connection.execute(select(func.max(chat_posts.c.number)))).scalar_one() or 0)

    async def after(self, number: int, limit: int) -> tuple[ChatPost, ...]:
        table = chat_posts.c
        return await self._posts(_POSTS.where(table.number > number).order_by(table.number).limit(limit))

    async def delivered(self, numbers: Sequence[int]) -> None:
        table = chat_posts.c
        async with self.database.writing() as connection:
            await connection.execute(update(chat_posts).where(table.number.in_(numbers)).values(delivered=True))
            await connection.commit()

    async def answering(self, senders: Sequence[str], now: datetime) -> frozenset[str]:
        if not senders:
            return frozenset()
        identity = channel_identities.c
        async with self.database.reading() as connection:
            found = await connection.execute(
                select(identity.value)
                .join(conversations, conversations.c.id == identity.conversation_id)
                .join(chat_sessions, chat_sessions.c.sender == identity.value)
                .where(
                    any_of(connection.dialect, chat_sessions.c.sender, senders),
                    identity.hotel_id == chat_sessions.c.hotel_id,
                    identity.channel == CHANNEL,
                    identity.account == chat_sessions.c.hotel_id,
                    identity.kind == "session",
                    conversations.c.turn_token.is_not(None),
                    conversations.c.turn_until > now,
                )
            )
            return frozenset(found.scalars())

    async def _posts(self, statement: Select[Any]) -> tuple[ChatPost, ...]:
        async with self.database.reading() as connection:
            return tuple(_post(row) for row in await connection.execute(statement))


async def _add(connection: SqlConnection, row: dict[str, Any]) -> bool:
    """Store a post once for its key; False when its session is no more."""
    if connection.dialect == "postgresql":
        await connection.execute(_ONE_AT_A_TIME)
    session = select(chat_sessions.c.sender).where(chat_sessions.c.sender == row["sender"])
    if connection.dialect == "postgresql":
        session = session.with_for_update(key_share=True)
    if (await connection.execute(session)).one_or_none() is None:
        return False
    await connection.execute(insert_or_ignore(connection.dialect, chat_posts, "key"), row)
    return True


def _post(row: Row[Any]) -> ChatPost:
    said = row.message_id is not None
    return ChatPost(
        number=row.number,
        sender=row.sender,
        message_id=MessageId(row.message_id) if said else None,
        client_id=row.client_id,
        author=(row.author_kind or "jack") if said else "guest",
        author_name=row.author_name or "" if said else "",
        text=row.text,
        at=row.at,
        delivered=row.delivered,
    )

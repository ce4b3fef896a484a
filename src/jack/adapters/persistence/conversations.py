"""Conversations and the identities that lead to them, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, literal_column, or_, select, update

from jack.adapters.persistence.column_types import from_json, storable, to_json
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import channel_identities, conversations, messages
from jack.adapters.persistence.upsert import any_pair_of, insert_or_ignore, upsert
from jack.application.errors import Conflict
from jack.application.ports.messaging_store import Conversations
from jack.domain.contact import PhoneNumber
from jack.domain.conversation import ChannelIdentity, Conversation, ConversationState, HeldBy
from jack.domain.ids import ConversationId, HotelId
from jack.domain.match import Level, Match, MatchOutcome

_IDENTITY = ("hotel_id", "channel", "account", "kind", "value")


@dataclass(frozen=True, slots=True)
class SqlConversations(Conversations):
    """Plays Conversations inside one unit of work."""

    connection: SqlConnection

    async def get(self, conversation_id: ConversationId) -> Conversation | None:
        found = await self.connection.execute(select(conversations).where(conversations.c.id == conversation_id))
        row = found.one_or_none()
        return _from_row(row) if row else None

    async def lock(self, conversation_id: ConversationId) -> Conversation | None:
        found = await self.connection.execute(
            select(conversations).where(conversations.c.id == conversation_id).with_for_update()
        )
        row = found.one_or_none()
        return _from_row(row) if row else None

    async def lock_by_identity(
        self, hotel_id: HotelId, channel: str, account: str, identities: Sequence[ChannelIdentity]
    ) -> Conversation | None:
        table = channel_identities.c
        found = await self.connection.execute(
            select(table.kind, table.value, table.conversation_id).where(
                table.hotel_id == hotel_id,
                table.channel == channel,
                table.account == account,
                any_pair_of(
                    self.connection.dialect, (table.kind, table.value), [(i.kind, i.value) for i in identities]
                ),
            )
        )
        held = {(row.kind, row.value): row.conversation_id for row in found}
        for identity in identities:
            if leads_to := held.get((identity.kind, identity.value)):
                return await self.lock(ConversationId(leads_to))
        return None

    async def identities(self, conversation_id: ConversationId) -> tuple[ChannelIdentity, ...]:
        table = channel_identities.c
        found = await self.connection.execute(
            select(table.kind, table.value).where(table.conversation_id == conversation_id)
        )
        return tuple(sorted(ChannelIdentity(kind=row.kind, value=row.value) for row in found))

    async def add(self, conversation: Conversation, identities: Sequence[ChannelIdentity]) -> bool:
        await self.connection.execute(conversations.insert(), _to_row(conversation))
        first, rest = identities[:1], identities[1:]
        for identity in first:
            statement = insert_or_ignore(self.connection.dialect, channel_identities, *_IDENTITY)
            led = await self.connection.execute(statement, _identity_row(conversation, identity))
            if led.rowcount != 1:
                await self.connection.execute(delete(conversations).where(conversations.c.id == conversation.id))
                return False
        await self.lead_here(conversation, rest)
        return True

    async def lead_here(self, conversation: Conversation, identities: Sequence[ChannelIdentity]) -> None:
        # always in the same order, so that two who lead the same identities wait for each other and not in a circle
        rows = [_identity_row(conversation, identity) for identity in sorted(set(identities))]
        await self.connection.execute_many(upsert(self.connection.dialect, channel_identities), rows)

    async def save(self, conversation: Conversation) -> Conversation:
        saved = replace(conversation, version=conversation.version + 1)
        changed = await self.connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation.id, conversations.c.version == conversation.version)
            .values(_to_row(saved))
        )
        if changed.rowcount != 1:
            raise Conflict("somebody else changed this conversation first")
        return saved

    async def due_for_answer(self, received_before: datetime, now: datetime, limit: int) -> tuple[ConversationId, ...]:
        table = conversations.c
        oldest = func.min(messages.c.created_at)
        found = await self.connection.execute(
            select(table.id)
            .join(messages, messages.c.conversation_id == table.id)
            .where(
                # in words and not as a parameter, or the partial index could not be used
                messages.c.direction == literal_column("'inbound'"),
                messages.c.answered_at.is_(None),
                or_(messages.c.created_at < received_before, messages.c.created_at > now),
                table.state == ConversationState.OPEN.value,
                table.held_by == HeldBy.JACK.value,
                or_(table.turn_token.is_(None), table.turn_until.is_(None), table.turn_until <= now),
                or_(table.retry_after.is_(None), table.retry_after <= now),
            )
            .group_by(table.id)
            .order_by(oldest, table.id)
            .limit(limit)
        )
        return tuple(ConversationId(row.id) for row in found)


def _identity_row(conversation: Conversation, identity: ChannelIdentity) -> dict[str, Any]:
    return {
        "hotel_id": conversation.hotel_id,
        "channel": conversation.channel,
        "account": conversation.account,
        "kind": identity.kind,
        "value": identity.value,
        "conversation_id": conversation.id,
    }


def _to_row(conversation: Conversation) -> dict[str, Any]:
    match = conversation.match
    return {
        "id": conversation.id,
        "hotel_id": conversation.hotel_id,
        "channel": conversation.channel,
        "account": conversation.account,
        "address": conversation.address,
        "created_at": conversation.created_at,
        "phone": conversation.phone.e164 if conversation.phone else None,
        "display_name": storable(conversation.display_name),
        "language": conversation.language,
        "held_by": conversation.held_by.value,
        "state": conversation.state.value,
        "needs_attention": conversation.needs_attention,
        "attention_reason": conversation.attention_reason,
        "match_outcome": match.outcome.value,
        "match_level": match.level.value,
        "match_evidence": to_json(match.evidence),
        "guest_id": match.guest_id,
        "reservation_id": match.reservation_id,
        "match_by_staff": conversation.match_by_staff,
        "unread": conversation.unread,
        "last_message_at": conversation.last_message_at,
        "last_inbound_at": conversation.last_inbound_at,
        "listed_at": conversation.last_message_at or conversation.created_at,
        "turn_token": conversation.turn_token,
        "turn_until": conversation.turn_until,
        "attempts": conversation.attempts,
        "retry_after": conversation.retry_after,
        "version": conversation.version,
    }


def _from_row(row: Row[Any]) -> Conversation:
    return Conversation(
        id=ConversationId(row.id),
        hotel_id=HotelId(row.hotel_id),
        channel=row.channel,
        account=row.account,
        address=row.address,
        created_at=row.created_at,
        phone=PhoneNumber(e164=row.phone) if row.phone else None,
        display_name=row.display_name,
        language=row.language,
        held_by=HeldBy(row.held_by),
        state=ConversationState(row.state),
        needs_attention=row.needs_attention,
        attention_reason=row.attention_reason,
        match=Match(
            outcome=MatchOutcome(row.match_outcome),
            level=Level(row.match_level),
            evidence=tuple(from_json(row.match_evidence)),
            guest_id=row.guest_id,
            reservation_id=row.reservation_id,
        ),
        match_by_staff=row.match_by_staff,
        unread=row.unread,
        last_message_at=row.last_message_at,
        last_inbound_at=row.last_inbound_at,
        turn_token=row.turn_token,
        turn_until=row.turn_until,
        attempts=row.attempts,
        retry_after=row.retry_after,
        version=row.version,
    )

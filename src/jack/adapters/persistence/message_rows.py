"""Messages and receipts as rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from jack.adapters.persistence.column_types import from_json, storable, to_json
from jack.application.ports.channels import DeliveryReceipt
from jack.domain.ids import ConversationId, HotelId, MessageId
from jack.domain.match import Level, MatchOutcome
from jack.domain.message import Author, AuthorKind, DeliveryStatus, Direction, Media, Message
from jack.domain.receipt import Receipt, ReceiptFact


def message_to_row(message: Message) -> dict[str, Any]:
    """The columns of a message, without the end (channel, account) that it came or goes by."""
    return {
        "id": message.id,
        "hotel_id": message.hotel_id,
        "conversation_id": message.conversation_id,
        "direction": message.direction.value,
        "author_kind": message.author.kind.value,
        "author_name": storable(message.author.name),
        "type": storable(message.type),
        "text": storable(message.text),
        "media": to_json([m.kind, m.ref, m.mime_type, m.caption, m.file_name] for m in message.media),
        "status": message.status.value,
        "sent_at": message.sent_at,
        "created_at": message.created_at,
        "provider_id": message.provider_id,
        "reply_to": message.reply_to,
        "answered_at": message.answered_at,
        "attempts": message.attempts,
        "send_after": message.send_after,
        "sending_since": message.sending_since,
        "problem": storable(message.problem) if message.problem is not None else None,
        "told_to": message.told_to,
        "told_level": message.told_level.value,
    }


def message_from_row(row: Row[Any]) -> Message:
    """The message that a row holds."""
    return Message(
        id=MessageId(row.id),
        hotel_id=HotelId(row.hotel_id),
        conversation_id=ConversationId(row.conversation_id),
        direction=Direction(row.direction),
        author=Author(kind=AuthorKind(row.author_kind), name=row.author_name),
        type=row.type,
        text=row.text,
        media=media_from_json(row.media),
        status=DeliveryStatus(row.status),
        sent_at=row.sent_at,
        created_at=row.created_at,
        provider_id=row.provider_id,
        reply_to=row.reply_to,
        answered_at=row.answered_at,
        attempts=row.attempts,
        send_after=row.send_after,
        sending_since=row.sending_since,
        problem=row.problem,
        told_to=row.told_to,
        told_level=Level(row.told_level),
    )


def media_from_json(text: str) -> tuple[Media, ...]:
    """The files that came with a message."""
    return tuple(
        Media(kind=kind, ref=ref, mime_type=mime_type, caption=caption, file_name=file_name)
        for kind, ref, mime_type, caption, file_name in from_json(text)
    )


def parked_to_row(channel: str, receipt: DeliveryReceipt) -> dict[str, Any]:
    """The columns of a parked receipt; its number is the database's."""
    return {
        "channel": channel,
        "account": receipt.account,
        "provider_id": receipt.provider_id,
        "message_id": receipt.message_id,
        "status": receipt.status.value,
        "at": receipt.at,
        "reason": storable(receipt.reason) if receipt.reason is not None else None,
    }


def parked_from_row(row: Row[Any]) -> DeliveryReceipt:
    """The parked receipt that a row holds."""
    return DeliveryReceipt(
        account=row.account,
        provider_id=row.provider_id,
        message_id=MessageId(row.message_id) if row.message_id is not None else None,
        status=DeliveryStatus(row.status),
        at=row.at,
        reason=row.reason,
    )


def receipt_to_row(receipt: Receipt, hotel_id: HotelId) -> dict[str, Any]:
    """The columns of an answer's receipt."""
    return {
        "message_id": receipt.message_id,
        "hotel_id": hotel_id,
        "questions": to_json(receipt.questions),
        "outcome": receipt.outcome.value,
        "level": receipt.level.value,
        "evidence": to_json(receipt.evidence),
        "facts": to_json(
            [fact.name, fact.value, fact.as_of.isoformat() if fact.as_of else None, fact.level.value]
            for fact in receipt.facts
        ),
        "model": storable(receipt.model),
        "blocked": to_json(receipt.blocked),
        "created_at": receipt.created_at,
    }


def receipt_from_row(row: Row[Any]) -> Receipt:
    """The receipt that a row holds."""
    return Receipt(
        message_id=MessageId(row.message_id),
        questions=tuple(from_json(row.questions)),
        outcome=MatchOutcome(row.outcome),
        level=Level(row.level),
        evidence=tuple(from_json(row.evidence)),
        facts=tuple(
            ReceiptFact(
                name=name, value=value, as_of=datetime.fromisoformat(as_of) if as_of else None, level=Level(level)
            )
            for name, value, as_of, level in from_json(row.facts)
        ),
        model=row.model,
        blocked=tuple(from_json(row.blocked)),
        created_at=row.created_at,
    )

"""From a draft to a reply: what leaves, what people must do, and the receipt that explains it."""

from dataclasses import dataclass
from datetime import datetime

from jack.application.messaging.turn import TurnAtHand
from jack.domain.butler import Draft
from jack.domain.context import ConversationContext
from jack.domain.disclosure import KnownStay, Protected, leaks, protected_values
from jack.domain.ids import MessageId, ServiceRequestId, new_id
from jack.domain.match import Level
from jack.domain.message import Author, AuthorKind, DeliveryStatus, Direction, Message
from jack.domain.receipt import Receipt, ReceiptFact
from jack.domain.replies import FixedReply, fixed_reply
from jack.domain.service_request import RequestedService, ServiceRequest, ServiceRequestStatus

JACK = Author(kind=AuthorKind.JACK, name="Jack")

LONGEST_REPLY = 4096
"""Characters that every channel takes in one message (WhatsApp)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one turn says and does. `attention` is why people must look, None when they need not."""

    message: Message
    receipt: Receipt
    requests: tuple[ServiceRequest, ...] = ()
    attention: str | None = None


def reply_from_draft(
    turn: TurnAtHand,
    context: ConversationContext,
    stays: tuple[KnownStay, ...],
    draft: Draft,
    strangers: tuple[Protected, ...],
    now: datetime,
) -> Reply:
    """The draft as a reply; a fixed one when it says nothing, or names a value that this sender may not be told.

    `strangers` is what it says of guests who have nothing to do with the sender.
    """
    found = (*leaks(draft.text, secrets_of(turn, context, stays)), *strangers)
    if not draft.text.strip():
        return reply_without_model(
            turn,
            context,
            stays,
            FixedReply.COLLEAGUE_WILL_ANSWER,
            "the language model said nothing",
            now,
            model=draft.model,
        )
    if found:
        names = tuple(sorted({item.what for item in found}))
        return reply_without_model(
            turn,
            context,
            stays,
            FixedReply.COLLEAGUE_WILL_ANSWER,
            f"a draft was stopped because it named what the sender may not know: {', '.join(names)}",
            now,
            model=draft.model,
            blocked=names,
        )
    requests = tuple(_service_request(turn, stays, wish, now) for wish in draft.requests)
    return _reply(turn, context, stays, draft.text[:LONGEST_REPLY], draft.model, (), requests, None, now)


def secrets_of(turn: TurnAtHand, context: ConversationContext, stays: tuple[KnownStay, ...]) -> tuple[Protected, ...]:
    """What must not leave in this turn: of everyone near the sender, as it was and as it was read again just now, and
    of everyone who was spoken to in this conversation before."""
    match = turn.finding.match
    near = dict.fromkeys((*turn.finding.stays, *turn.told.stays, *(stay.reservation for stay in stays)))
    own = match.guest_id if match.level.includes(Level.CONTACT) else None
    guests = tuple(dict.fromkeys((*turn.finding.guests, *turn.told.guests)))
    return protected_values(guests, tuple(near), context, own, turn.told.values)


def reply_without_model(
    turn: TurnAtHand,
    context: ConversationContext,
    stays: tuple[KnownStay, ...],
    what: FixedReply,
    attention: str,
    now: datetime,
    *,
    model: str = "",
    blocked: tuple[str, ...] = (),
) -> Reply:
    """A fixed reply in the guest's language, with a call for staff."""
    text = fixed_reply(what, context.language)
    return _reply(turn, context, stays, text, model, blocked, (), attention, now)


def _reply(
    turn: TurnAtHand,
    context: ConversationContext,
    stays: tuple[KnownStay, ...],
    text: str,
    model: str,
    blocked: tuple[str, ...],
    requests: tuple[ServiceRequest, ...],
    attention: str | None,
    now: datetime,
) -> Reply:
    match = turn.finding.match
    message = Message(
        id=MessageId(new_id()),
        hotel_id=turn.hotel.id,
        conversation_id=turn.conversation.id,
        direction=Direction.OUTBOUND,
        author=JACK,
        type="text",
        text=text,
        status=DeliveryStatus.QUEUED,
        sent_at=now,
        created_at=now,
        told_to=match.guest_id,
        told_level=match.level,
    )
    receipt = Receipt(
        message_id=message.id,
        questions=tuple(question.id for question in turn.questions),
        outcome=match.outcome,
        level=match.level,
        evidence=match.evidence,
        facts=_facts(context, stays, match.level),
        model=model,
        blocked=blocked,
        created_at=now,
    )
    return Reply(message=message, receipt=receipt, requests=requests, attention=attention)


def _service_request(
    turn: TurnAtHand, stays: tuple[KnownStay, ...], wish: RequestedService, now: datetime
) -> ServiceRequest:
    match = turn.finding.match
    stay = stays[0].reservation if stays else None
    return ServiceRequest(
        id=ServiceRequestId(new_id()),
        hotel_id=turn.hotel.id,
        conversation_id=turn.conversation.id,
        guest_id=match.guest_id,
        reservation_id=stay.id if stay else match.reservation_id,
        kind=wish.kind,
        details=wish.details,
        room_number=stay.room_number if stay else None,
        status=ServiceRequestStatus.OPEN,
        due_at=None,
        created_at=now,
        verified=match.level.includes(Level.CONTACT),
    )


def _facts(context: ConversationContext, stays: tuple[KnownStay, ...], level: Level) -> tuple[ReceiptFact, ...]:
    """Every fact that the model was given about the sender, with its age and the level that allowed it."""
    facts: list[ReceiptFact] = []

    def add(name: str, value: object, as_of: datetime | None) -> None:
        if value not in (None, ""):
            facts.append(ReceiptFact(name=name, value=str(value), as_of=as_of, level=level))

    if context.guest:
        guest = context.guest
        add("guest.name", f"{guest.first_name} {guest.last_name}".strip(), guest.as_of)
        add("guest.language", guest.language, guest.as_of)
        add("guest.loyalty_tier", guest.loyalty_tier, guest.as_of)
        for category, value in guest.preferences:
            add(f"preference.{category}", value, guest.as_of)
    for told, known in zip(context.stays, stays, strict=True):
        age = known.as_of
        add("stay.status", told.status, age)
        add("stay.room_number", told.room_number, age)
        add("stay.room_type", told.room_type, age)
        add("stay.arrival_date", told.arrival.isoformat(), age)
        add("stay.departure_date", told.departure.isoformat(), age)
        add("stay.stale", "yes" if told.stale else None, age)
    if context.hotel.facts:
        facts.append(ReceiptFact(name="hotel.facts", value=context.hotel.name, as_of=None, level=Level.PUBLIC))
    return tuple(facts)

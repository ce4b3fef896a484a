"""Contexts for models: Anna Weber, in house at the Harbour Hotel on a Monday morning, and everybody else."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jack.application.ports.llm import Prompt
from jack.domain.butler import PERSONA, facts_as_json
from jack.domain.context import ConversationContext, GuestFacts, HotelFacts, StayFacts, Turn
from jack.domain.match import Level
from jack.domain.message import AuthorKind

FACTS = """\
# Harbour Hotel

Breakfast is served daily from 7:00 to 10:30 in the Garden Room, on Sundays until 11:00.

## Rooms
- Check-in from 15:00, check-out until 11:00.
- Late check-out until 14:00 on request, 30 EUR, if the room is free.
- **Wi-Fi:** network `Harbour Guest`, the password is on your key card.

## Parking
In our garage: 18 EUR a night, [book here](https://harbour.example/parking).

Dogs are welcome for 15 EUR a night.
"""
AS_OF = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def a_told_stay(**fields: Any) -> StayFacts:
    """In room 204 from Sunday 22 to Wednesday 25 November 2026."""
    given: dict[str, Any] = {
        "status": "checked_in",
        "arrival": date(2026, 11, 22),
        "departure": date(2026, 11, 25),
        "room_type": "Deluxe King",
        "room_number": "204",
        "as_of": AS_OF,
    }
    return StayFacts(**given | fields)


def a_coming_stay(**fields: Any) -> StayFacts:
    """From Tuesday 1 to Friday 4 December 2026, without a room yet."""
    given: dict[str, Any] = {
        "status": "confirmed",
        "arrival": date(2026, 12, 1),
        "departure": date(2026, 12, 4),
        "room_number": None,
    }
    return a_told_stay(**given | fields)


def a_told_guest(**fields: Any) -> GuestFacts:
    """Anna Weber, who sleeps without feathers and eats vegan."""
    given: dict[str, Any] = {
        "first_name": "Anna",
        "last_name": "Weber",
        "language": "en",
        "loyalty_tier": "Gold",
        "preferences": (("pillow", "feather-free pillow"), ("diet", "vegan")),
        "as_of": AS_OF,
    }
    return GuestFacts(**given | fields)


def a_context(question: str = "Hi, I'd like late checkout", **fields: Any) -> ConversationContext:
    """Anna asks; level contact."""
    given: dict[str, Any] = {
        "hotel": a_hotel_told(),
        "level": Level.CONTACT,
        "guest": a_told_guest(),
        "stays": (a_told_stay(),),
        "language": "en",
        "history": (),
        "question": question,
    }
    return ConversationContext(**given | fields)


def a_strangers_context(question: str = "Hi, I'd like late checkout", **fields: Any) -> ConversationContext:
    """Somebody asks whom nobody knows."""
    return a_context(question, **{"level": Level.PUBLIC, "guest": None, "stays": ()} | fields)


def a_hotel_told(facts: str = FACTS, hour: int = 9) -> HotelFacts:
    """The Harbour Hotel on Monday, 23 November 2026."""
    now = datetime(2026, 11, 23, hour, 30, tzinfo=ZoneInfo("Europe/Lisbon"))
    return HotelFacts(name="Harbour Hotel", language="en", facts=facts, local_time=now)


def a_prompt(context: ConversationContext | None = None) -> Prompt:
    """What AnswerConversation hands to a model for that context."""
    context = context or a_context()
    return Prompt(persona=PERSONA, facts=facts_as_json(context), context=context)


def guest_said(text: str) -> Turn:
    """A turn of the guest's."""
    return Turn(author=AuthorKind.GUEST, text=text)


def jack_said(text: str) -> Turn:
    """A turn of Jack's."""
    return Turn(author=AuthorKind.JACK, text=text)


def staff_said(text: str) -> Turn:
    """A turn of the staff's."""
    return Turn(author=AuthorKind.STAFF, text=text)

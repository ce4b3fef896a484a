"""The disclosure firewall: which facts enter a context, and which values may not leave in a draft."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from jack.domain.contact import ContactKind
from jack.domain.context import ConversationContext, GuestFacts, HotelFacts, StayFacts, Turn
from jack.domain.guest import Guest
from jack.domain.hotel import Hotel
from jack.domain.ids import GuestId
from jack.domain.match import Level, Match, MatchOutcome
from jack.domain.message import AuthorKind
from jack.domain.receipt import Receipt
from jack.domain.reservation import Reservation, ReservationStatus
from jack.domain.spelling import says_code, says_date, says_phone, says_room, says_words


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStay:
    """A stay with its age: when the PMS last confirmed it, and whether that is too long ago to be stated as current."""

    reservation: Reservation
    as_of: datetime | None
    stale: bool = False


MOST_PREFERENCES = 20
"""How many preferences enter a context; a record with more, by mistake or by malice, must not fill the prompt."""

LONGEST_WORDS = 200
"""Characters of one text of a record that enter a context; a name or a preference has fewer."""

SHORTEST_ROOM = 3
"""A room number with fewer characters is told only from the word for a room beside it: it may be any figure."""

LONGEST_QUESTION = 20_000
"""Characters of what is to be answered that enter a context, the newest: several of the longest messages."""


def disclose(
    *,
    hotel: Hotel,
    match: Match,
    guest: Guest | None,
    stays: tuple[KnownStay, ...],
    history: tuple[Turn, ...],
    question: str,
    now: datetime,
    language: str | None = None,
) -> ConversationContext:
    """The context for one answer: public facts for everyone, the guest's own facts from level contact upwards.

    Below contact nothing about a guest or a stay enters, whatever was matched: what the model does not know it cannot
    tell. `language` is what the conversation is known to be held in.
    """
    known = guest if guest is not None and match.level.includes(Level.CONTACT) else None
    facts = _guest_facts(known) if known else None
    told = facts.language if facts else None
    return ConversationContext(
        hotel=HotelFacts(name=hotel.name, language=hotel.language, facts=hotel.facts, local_time=hotel.local_time(now)),
        level=match.level,
        guest=facts,
        stays=tuple(_stay_facts(stay) for stay in stays) if known else (),
        language=language or told or hotel.language,
        history=history,
        question=question[-LONGEST_QUESTION:],
        ambiguous=match.outcome is MatchOutcome.AMBIGUOUS,
    )


class Secret(StrEnum):
    """What kind of value must not leave; these words stand in receipts."""

    CONFIRMATION_NUMBER = "confirmation number"
    ROOM_NUMBER = "room number"
    STAY_DATE = "stay date"
    COMPANION = "companion"
    GUEST_NAME = "guest name"
    PHONE = "phone of a guest"
    CONTACT_POINT = "contact point of a guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A value that must not leave: what it is, and the value itself (a stay date in ISO form)."""

    what: Secret
    value: str

    def __repr__(self) -> str:
        """Hide the value: reprs end up in logs."""
        return f"Protected({self.what})"

    def stands_in(self, text: str) -> bool:
        """True when a text says it, however it is written there."""
        match self.what:
            case Secret.STAY_DATE:
                return says_date(text, date.fromisoformat(self.value))
            case Secret.PHONE:
                return says_phone(text, self.value)
            case Secret.ROOM_NUMBER if len(self.value.strip()) < SHORTEST_ROOM:
                return says_room(text, self.value)
            case Secret.ROOM_NUMBER | Secret.CONFIRMATION_NUMBER:
                return says_code(text, self.value)
            case _:
                return says_words(text, self.value)


def protected_values(
    guests: tuple[Guest, ...],
    stays: tuple[Reservation, ...],
    context: ConversationContext,
    own: GuestId | None = None,
    told: tuple[Protected, ...] = (),
) -> tuple[Protected, ...]:
    """What must not leave in the answer to `context`: everything of these guests and stays that it does not contain.

    `guests` and `stays` are those near the sender: who holds the same contact point, and their companions. `own` is the
    guest whom the sender was verified to be; the dates of all their stays are theirs to know. `told` is what was said
    in this conversation to somebody else. Values that the sender wrote, that
    staff told a verified sender, or that every guest may know (hotel facts) are not secrets of that answer.
    """
    found: list[Protected] = list(told)
    for stay in stays:
        found.append(Protected(what=Secret.CONFIRMATION_NUMBER, value=stay.confirmation_number))
        if stay.room_number:
            found.append(Protected(what=Secret.ROOM_NUMBER, value=stay.room_number))
        if own is None or not stay.belongs_to(own):
            days = (stay.period.arrival, stay.period.departure)
            found += [Protected(what=Secret.STAY_DATE, value=day.isoformat()) for day in days]
        found += [
            Protected(what=Secret.COMPANION, value=f"{c.first_name} {c.last_name}".strip()) for c in stay.companions
        ]
    for guest in guests:
        found.append(Protected(what=Secret.GUEST_NAME, value=guest.full_name))
        if len(guest.last_name) > 2:
            found.append(Protected(what=Secret.GUEST_NAME, value=guest.last_name))
        found += _contact_points(guest)
    allowed = _allowed_text(context)
    return tuple(dict.fromkeys(p for p in found if p.value.strip() and not p.stands_in(allowed)))


_SECRET_FACTS = {
    "guest.name": Secret.GUEST_NAME,
    "stay.room_number": Secret.ROOM_NUMBER,
    "stay.arrival_date": Secret.STAY_DATE,
    "stay.departure_date": Secret.STAY_DATE,
}


def values_told(receipts: tuple[Receipt, ...]) -> tuple[Protected, ...]:
    """What the answers of these receipts could tell of a guest and their stays, as it was then."""
    facts = [fact for receipt in receipts for fact in receipt.facts]
    return tuple(Protected(what=_SECRET_FACTS[f.name], value=f.value) for f in facts if f.name in _SECRET_FACTS)


def secrets_of_strangers(
    text: str, guests: tuple[Guest, ...], stays: tuple[Reservation, ...], context: ConversationContext
) -> tuple[Protected, ...]:
    """What a draft says of guests and stays that have nothing to do with the sender.

    The model never knew them; but a model may guess, or be fed by others. Only what is unmistakable counts: a room
    spoken of as a room, a confirmation number, a full name, a contact point.
    """
    found: list[Protected] = []
    for stay in stays:
        if stay.room_number and says_room(text, stay.room_number):
            found.append(Protected(what=Secret.ROOM_NUMBER, value=stay.room_number))
        found.append(Protected(what=Secret.CONFIRMATION_NUMBER, value=stay.confirmation_number))
    for guest in guests:
        if guest.first_name and guest.last_name:
            found.append(Protected(what=Secret.GUEST_NAME, value=guest.full_name))
        found += _contact_points(guest)
    allowed = _allowed_text(context)
    return tuple(dict.fromkeys(p for p in leaks(text, tuple(found)) if not p.stands_in(allowed)))


def leaks(text: str, protected: tuple[Protected, ...]) -> tuple[Protected, ...]:
    """The protected values that stand in a draft, however they are written."""
    return tuple(item for item in protected if item.stands_in(text))


def without_secrets(context: ConversationContext, protected: tuple[Protected, ...]) -> ConversationContext:
    """The context without turns of Jack's that say what has become a secret since: a room that is no longer told.

    Below contact also without such turns of staff. What the sender wrote always stays.
    """
    verified = context.level.includes(Level.CONTACT)
    free = (AuthorKind.GUEST, AuthorKind.STAFF) if verified else (AuthorKind.GUEST,)
    kept = tuple(turn for turn in context.history if turn.author in free or not leaks(turn.text, protected))
    return replace(context, history=kept)


def may_name_room(reservation: Reservation) -> bool:
    """A room number is told only to somebody who lives there: from check-in until check-out."""
    return reservation.status is ReservationStatus.CHECKED_IN and reservation.is_live


def _contact_points(guest: Guest) -> list[Protected]:
    return [
        Protected(what=Secret.PHONE if p.kind is ContactKind.PHONE else Secret.CONTACT_POINT, value=p.value)
        for p in guest.contact_points
    ]


def _guest_facts(guest: Guest) -> GuestFacts:
    return GuestFacts(
        first_name=_short(guest.first_name),
        last_name=_short(guest.last_name),
        language=_short(guest.language) if guest.language else None,
        loyalty_tier=_short(guest.loyalty_tier) if guest.loyalty_tier else None,
        preferences=tuple((_short(p.category), _short(p.value)) for p in guest.preferences[:MOST_PREFERENCES]),
        as_of=guest.synced_at,
        more_preferences=max(0, len(guest.preferences) - MOST_PREFERENCES),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1] + "…"


def _stay_facts(stay: KnownStay) -> StayFacts:
    reservation = stay.reservation
    return StayFacts(
        status=reservation.status.value,
        arrival=reservation.period.arrival,
        departure=reservation.period.departure,
        room_type=_short(reservation.room_type) if reservation.room_type else None,
        room_number=reservation.room_number if may_name_room(reservation) else None,
        as_of=stay.as_of,
        stale=stay.stale or reservation.doubt is not None,
    )


def _allowed_text(context: ConversationContext) -> str:
    verified = context.level.includes(Level.CONTACT)
    parts = [context.hotel.name, context.hotel.facts, context.hotel.local_time.date().isoformat(), context.question]
    parts += [
        turn.text
        for turn in context.history
        if turn.author is AuthorKind.GUEST or (verified and turn.author is AuthorKind.STAFF)
    ]
    if context.guest:
        parts.append(f"{context.guest.first_name} {context.guest.last_name}")
        parts += [value for _, value in context.guest.preferences]
    for stay in context.stays:
        parts += [f"room {stay.room_number or ''}", stay.arrival.isoformat(), stay.departure.isoformat()]
    return "\n".join(parts)

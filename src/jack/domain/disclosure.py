"""The disclosure firewall: which facts enter a context, and which values may not leave in a draft."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from jack.domain.context import ConversationContext, GuestFacts, HotelFacts, StayFacts, Turn
from jack.domain.guest import Guest
from jack.domain.hotel import Hotel
from jack.domain.ids import ReservationId
from jack.domain.match import Level, Match, MatchOutcome
from jack.domain.reservation import Reservation, ReservationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStay:
    """A stay with its age: when the PMS last confirmed it, and whether that is too long ago to be stated as current."""

    reservation: Reservation
    as_of: datetime | None
    stale: bool = False


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
    told = known.language if known else None
    return ConversationContext(
        hotel=HotelFacts(name=hotel.name, language=hotel.language, facts=hotel.facts, local_time=hotel.local_time(now)),
        level=match.level,
        guest=_guest_facts(known) if known else None,
        stays=tuple(_stay_facts(stay) for stay in stays) if known else (),
        language=language or told or hotel.language,
        history=history,
        question=question,
        ambiguous=match.outcome is MatchOutcome.AMBIGUOUS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A value that must not leave: what it is (for staff) and the text to look for."""

    what: str
    value: str

    def __repr__(self) -> str:
        """Hide the value: reprs end up in logs."""
        return f"Protected({self.what})"


def protected_values(
    guests: tuple[Guest, ...], stays: tuple[Reservation, ...], context: ConversationContext
) -> tuple[Protected, ...]:
    """What must not leave in the answer to `context`: everything of these guests and stays that it does not contain.

    `guests` and `stays` are those near the sender: who holds the same contact point, and their companions. Values that
    the sender wrote or that every guest may know (hotel facts) are not secrets of that answer.
    """
    found: list[Protected] = []
    for stay in stays:
        found.append(Protected(what="confirmation number", value=stay.confirmation_number))
        if stay.room_number:
            found.append(Protected(what="room number", value=stay.room_number))
        for day in (stay.period.arrival, stay.period.departure):
            found += [
                Protected(what="stay date", value=text)
                for text in (day.isoformat(), f"{day.day} {day:%B}", f"{day:%B} {day.day}")
            ]
        found += [
            Protected(what="companion", value=f"{c.first_name} {c.last_name}".strip())
            for c in stay.companions
            if c.first_name or c.last_name
        ]
    for guest in guests:
        found.append(Protected(what="guest name", value=guest.full_name))
        if len(guest.last_name) > 2:
            found.append(Protected(what="guest name", value=guest.last_name))
        found += [Protected(what=f"{p.kind.value} of a guest", value=p.value) for p in guest.contact_points]
    allowed = _allowed_text(context)
    return tuple(dict.fromkeys(p for p in found if p.value.strip() and not _contains(allowed, p.value)))


def leaks(text: str, protected: tuple[Protected, ...]) -> tuple[Protected, ...]:
    """The protected values that stand in a draft, as whole words, whatever the case, accents, width and spacing."""
    return tuple(item for item in protected if _contains(text, item.value))


def may_name_room(reservation: Reservation) -> bool:
    """A room number is told only to somebody who lives there: from check-in until check-out."""
    return reservation.status is ReservationStatus.CHECKED_IN and reservation.is_live


def stay_ids(stays: tuple[KnownStay, ...]) -> tuple[ReservationId, ...]:
    """The ids of the stays, for the receipt."""
    return tuple(stay.reservation.id for stay in stays)


def _guest_facts(guest: Guest) -> GuestFacts:
    return GuestFacts(
        first_name=guest.first_name,
        last_name=guest.last_name,
        language=guest.language,
        loyalty_tier=guest.loyalty_tier,
        preferences=tuple((p.category, p.value) for p in guest.preferences),
        as_of=guest.synced_at,
    )


def _stay_facts(stay: KnownStay) -> StayFacts:
    reservation = stay.reservation
    return StayFacts(
        status=reservation.status.value,
        arrival=reservation.period.arrival,
        departure=reservation.period.departure,
        room_type=reservation.room_type,
        room_number=reservation.room_number if may_name_room(reservation) else None,
        as_of=stay.as_of,
        stale=stay.stale or reservation.doubt is not None,
    )


def _allowed_text(context: ConversationContext) -> str:
    parts = [context.hotel.name, context.hotel.facts, context.question]
    parts += [turn.text for turn in context.history]
    if context.guest:
        parts += [context.guest.first_name, context.guest.last_name]
        parts.append(f"{context.guest.first_name} {context.guest.last_name}")
        parts += [value for _, value in context.guest.preferences]
    for stay in context.stays:
        parts.append(stay.room_number or "")
        for day in (stay.arrival, stay.departure):
            parts += [day.isoformat(), f"{day.day} {day:%B}", f"{day:%B} {day.day}"]
    return "\n".join(parts)


def _contains(text: str, value: str) -> bool:
    needle = _folded(value)
    return bool(needle) and re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", _folded(text)) is not None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(ch for ch in plain if not unicodedata.combining(ch) and unicodedata.category(ch) != "Cf")
    return " ".join(kept.casefold().split())

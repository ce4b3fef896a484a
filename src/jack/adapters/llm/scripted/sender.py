"""What the scripted butler may say about the sender and their stays: only what the context holds, while fresh."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from jack.adapters.llm.scripted.intents import Question, Wish
from jack.adapters.llm.scripted.phrases import Phrases
from jack.domain.context import ConversationContext, GuestFacts, StayFacts
from jack.domain.match import Level

_IN_HOUSE: Final = "checked_in"
_COMING: Final = ("tentative", "confirmed")
_ABOUT_FOOD: Final = ("diet", "food", "allerg", "meal", "breakfast", "beverage", "drink", "dining")
_ABOUT_ROOMS: Final = ("pillow", "bed", "room", "housekeep", "towel", "clean", "temperature", "allerg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who is writing. Without a guest there is nothing to say about anybody, whatever else the context holds.

    `stays` are those whose facts may be stated; `stale` is True when there are others.
    """

    guest: GuestFacts | None
    stays: tuple[StayFacts, ...]
    stale: bool
    today: date
    say: Phrases

    @classmethod
    def of(cls, context: ConversationContext, say: Phrases) -> "Sender":
        """The sender of a context: nobody below level contact, and nobody while several guests come into question."""
        known = context.level.includes(Level.CONTACT) and not context.ambiguous and context.guest is not None
        stays = context.stays if known else ()
        return cls(
            guest=context.guest if known else None,
            stays=tuple(stay for stay in stays if not stay.stale),
            stale=any(stay.stale for stay in stays),
            today=context.hotel.local_time.date(),
            say=say,
        )

    @property
    def name(self) -> str:
        """What the guest is called, on one line; empty when nobody knows."""
        return _line(self.guest.first_name or self.guest.last_name, 40) if self.guest else ""

    @property
    def in_house(self) -> tuple[StayFacts, ...]:
        """The stays that are going on."""
        return tuple(stay for stay in self.stays if stay.status == _IN_HOUSE)

    @property
    def coming(self) -> tuple[StayFacts, ...]:
        """The stays that have not begun."""
        return tuple(stay for stay in self.stays if stay.status in _COMING and stay.arrival >= self.today)

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms that the guest lives in."""
        return tuple(dict.fromkeys(_line(stay.room_number, 20) for stay in self.in_house if stay.room_number))

    def named(self, words: str) -> str:
        """The words with the guest's name behind them, as a sentence."""
        return self.say.named.format(words=words, name=self.name) if self.name else f"{words}."

    def for_rooms(self) -> str:
        """ " for room 204", or nothing."""
        if not self.rooms:
            return ""
        if len(self.rooms) == 1:
            return self.say.for_room.format(number=self.rooms[0])
        return self.say.for_rooms.format(numbers=self.say.listed(list(self.rooms)))

    def welcome(self) -> list[str]:
        """What is good to hear after a greeting."""
        if self.in_house and self.rooms:
            ends = {stay.departure for stay in self.in_house}
            if len(ends) > 1:
                return [self._stays(self.in_house)]
            return [self.say.in_house.format(rooms=self._rooms(), date=self.say.day(ends.pop(), self.today))]
        if not self.in_house and self.coming:
            arrival = min(stay.arrival for stay in self.coming)
            text = self.say.welcome_before.format(date=self.say.day(arrival, self.today))
            return [text, self.say.room_at_check_in]
        return []

    def answer(self, question: Question) -> list[str]:
        """The answer to a question about the sender's own facts; nothing where only stale facts would answer it."""
        if self.guest is None:
            return [self.say.nobody]
        if question is Question.WHO_AM_I:
            return self._who()
        if question is Question.PREFERENCES:
            return [self.noted() or self.say.nothing_noted]
        if not self.stays:
            return [] if self.stale else [self.say.not_known]
        answers = {
            Question.ROOM_NUMBER: self._room_numbers,
            Question.ROOM_TYPE: self._room_types,
            Question.STAY_DATES: self._stay_dates,
        }
        return answers[question]()

    def departure(self) -> str:
        """The sentence about the departure of the stays that go on or come, or nothing."""
        days = sorted({stay.departure for stay in (self.in_house or self.coming)})
        if not days:
            return ""
        return self.say.departure.format(dates=self.say.listed([self.say.day(day, self.today) for day in days]))

    def beside(self, wish: Wish) -> list[str]:
        """What belongs to a wish: when the stay ends, what is known of the guest's taste."""
        match wish:
            case Wish.LATE_CHECKOUT | Wish.CHECK_OUT | Wish.EARLY_CHECK_IN:
                end = self.departure() if wish is not Wish.EARLY_CHECK_IN else ""
                return [text for text in (end, self.say.room_at_check_in if self._waits_for_room() else "") if text]
            case Wish.HOUSEKEEPING | Wish.TOWELS:
                return [text for text in [self.noted(_ABOUT_ROOMS)] if text]
            case Wish.TABLE:
                return [text for text in [self.noted(_ABOUT_FOOD)] if text]
            case _:
                return []

    def noted(self, about: tuple[str, ...] = ()) -> str:
        """The sentence with the guest's preferences, all or those of some categories, or nothing."""
        preferences = self.guest.preferences if self.guest else ()
        chosen = [
            _line(value, 80)
            for category, value in preferences
            if not about or any(word in category.casefold() for word in about)
        ]
        return self.say.noted.format(preferences="; ".join(chosen[:8])) if chosen else ""

    def noted_about_food(self) -> str:
        """The sentence with what the guest eats, or nothing."""
        return self.noted(_ABOUT_FOOD)

    def for_staff(self) -> str:
        """The stay in one English line, for the details of a service request."""
        stays = self.in_house or self.coming
        parts = [f"room {room}" for room in self.rooms]
        parts += dict.fromkeys(f"arrival {stay.arrival}, departure {stay.departure}" for stay in stays)
        return ", ".join(parts[:6])

    def _waits_for_room(self) -> bool:
        return bool(self.coming) and not self.in_house

    def _rooms(self) -> str:
        if len(self.rooms) == 1:
            return self.say.one_room.format(number=self.rooms[0])
        return self.say.many_rooms.format(numbers=self.say.listed(list(self.rooms)))

    def _room_numbers(self) -> list[str]:
        if len(self.rooms) == 1:
            return [self.say.your_room.format(number=self.rooms[0])]
        if self.rooms:
            return [self.say.your_rooms.format(numbers=self.say.listed(list(self.rooms)))]
        return [self.say.room_at_check_in if self._waits_for_room() else self.say.not_known]

    def _room_types(self) -> list[str]:
        types = list(dict.fromkeys(_line(stay.room_type, 60) for stay in self.stays if stay.room_type))
        return [self.say.your_type.format(types=self.say.listed(types)) if types else self.say.not_known]

    def _stay_dates(self) -> list[str]:
        return [self._stays(self.stays), *([self.say.room_at_check_in] if self._waits_for_room() else [])]

    def _stays(self, stays: Iterable[StayFacts]) -> str:
        return self.say.your_stay.format(stays="; ".join(self._stay(stay) for stay in list(stays)[:6]))

    def _stay(self, stay: StayFacts) -> str:
        where = []
        if stay.status == _IN_HOUSE and stay.room_number:
            where.append(self.say.one_room.format(number=_line(stay.room_number, 20)))
        if stay.room_type:
            where.append(_line(stay.room_type, 60))
        span = self.say.span.format(
            arrival=self.say.day(stay.arrival, self.today), departure=self.say.day(stay.departure, self.today)
        )
        status = self.say.statuses.get(stay.status)
        return ", ".join([*where, span]) + (f" ({status})" if status else "")

    def _who(self) -> list[str]:
        guest = self.guest
        if guest is None:
            return [self.say.nobody]
        told = [self.say.you_are.format(name=_line(f"{guest.first_name} {guest.last_name}", 80))]
        if guest.loyalty_tier:
            told.append(self.say.loyalty.format(tier=_line(guest.loyalty_tier, 40)))
        if self.stays:
            told.append(self._stays(self.stays))
        if self._waits_for_room():
            told.append(self.say.room_at_check_in)
        return [*told, *(text for text in [self.noted()] if text)]


def _line(text: str | None, longest: int) -> str:
    """The text on one line and not longer than allowed: names come from outside."""
    text = " ".join((text or "").split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

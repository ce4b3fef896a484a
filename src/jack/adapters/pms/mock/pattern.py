"""The demo hotel's calendar: who stays where and when, drawn once and repeated for ever.

The pattern is a ring of CYCLE days. Days are counted from the ring's beginning and wrap around its end, so every stay
has a place in every turn of the ring, and any date in any year has its guests. What holds on every day of one turn
holds always, which makes the demo hotel something that can be tested completely.
"""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from jack.adapters.pms.mock.house import COUPLES, OTHERS, ROOM_TYPES, STEADY
from jack.adapters.pms.mock.people import Oddity, Party

CYCLE: Final = 168
"""Days of one turn: longer than the window of bookings, so that nobody's stay is seen twice in it."""

_NIGHTS: Final = ((1, 15), (2, 25), (3, 25), (4, 15), (5, 8), (7, 9), (10, 3))
_GAPS: Final = ((0, 38), (1, 20), (2, 16), (3, 11), (4, 8), (6, 7))
"""(days, how often): together about seven rooms in ten are lived in."""

_NO_SHOW_EVERY: Final = 4
_TENTATIVE_EVERY: Final = 4


class Course(StrEnum):
    """What becomes of a booking."""

    STAY = "stay"
    DAY_USE = "day use"
    REBOOKED = "rebooked"
    NO_SHOW = "no show"
    TENTATIVE = "tentative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A booking's place in the ring: first day, nights, room and party. `moves` is (nights before it, the new room)."""

    index: int
    start: int
    nights: int
    room: str | None
    party: int
    course: Course = Course.STAY
    moves: tuple[int, str] | None = None


def draw_pattern(parties: tuple[Party, ...], chance: random.Random) -> tuple[Slot, ...]:
    """Every booking of one turn, by first day. Nobody is in two rooms at once but the parties that take two."""
    # The rooms that must never be empty choose first; the others take whoever is left.
    open_slots = sorted(_rooms_filled(chance), key=lambda s: (_yields(s), s.start, s.room or ""))
    slots = _Seating(parties, chance).seat(open_slots)
    slots = _with_room_moves(slots, chance)
    slots = [*slots, *_cancelled_before(slots, chance)]
    slots.sort(key=lambda s: (s.start, s.room or "", s.course))
    return tuple(replace(slot, index=index) for index, slot in enumerate(slots))


def _rooms_filled(chance: random.Random) -> Iterator[Slot]:
    for number, room in enumerate(STEADY):
        yield from (_open(start + number, 3, room) for start in range(0, CYCLE, 3))
    for number, room in enumerate(COUPLES):
        yield from (_open(start + 2 * number, 4, room) for start in range(0, CYCLE, 4))
    for room in OTHERS:
        yield from _one_room(room, chance)
    for start in range(0, CYCLE, _NO_SHOW_EVERY):
        yield _open(start, chance.randint(1, 3), None, Course.NO_SHOW)
    for start in range(1, CYCLE, _TENTATIVE_EVERY):
        yield _open(start, chance.randint(2, 5), None, Course.TENTATIVE)


def _one_room(room: str, chance: random.Random) -> Iterator[Slot]:
    """Stays and gaps until the ring is full; each room's own beginning lies elsewhere, so that no day is a seam."""
    origin, day = chance.randrange(CYCLE), 0
    while day < CYCLE:
        nights = min(_drawn(_NIGHTS, chance), CYCLE - day)
        yield _open(origin + day, nights, room)
        gap = min(_drawn(_GAPS, chance), CYCLE - day - nights)
        if gap >= 2 and chance.random() < 0.15:
            yield _open(origin + day + nights + 1, 0, room, Course.DAY_USE)
        day += nights + gap


def _open(start: int, nights: int, room: str | None, course: Course = Course.STAY) -> Slot:
    return Slot(index=-1, start=start % CYCLE, nights=nights, room=room, party=-1, course=course)


def _drawn(weighted: tuple[tuple[int, int], ...], chance: random.Random) -> int:
    return chance.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


class _Seating:
    """Gives every slot its party: whoever has been away longest and is free around these days."""

    def __init__(self, parties: tuple[Party, ...], chance: random.Random) -> None:
        self._parties = parties
        order = list(range(len(parties)))
        chance.shuffle(order)
        self._couples = deque(n for n in order if parties[n].oddity is Oddity.SHARED_PHONE)
        self._others = deque(n for n in order if parties[n].oddity is not Oddity.SHARED_PHONE)
        self._busy = {n: bytearray(CYCLE) for n in order}

    def seat(self, slots: list[Slot]) -> list[Slot]:
        """The slots with their parties; a party of two rooms gets a second one that begins on the same day."""
        seated: list[Slot] = []
        given: set[int] = set()
        for place, slot in enumerate(slots):
            if place in given:
                continue
            second = self._second_room(slots, place, given) if _general(slot) else None
            found = self._next(slot, slots[second] if second is not None else None)
            if found is None:
                continue
            party, fitting = found
            seated.append(self._seated(party, fitting))
            if second is not None and self._parties[party].oddity is Oddity.TWO_ROOMS:
                given.add(second)
                seated.append(self._seated(party, slots[second]))
        return seated

    def _second_room(self, slots: list[Slot], place: int, given: set[int]) -> int | None:
        for other in range(place + 1, len(slots)):
            if slots[other].start != slots[place].start:
                break
            if other not in given and _general(slots[other]):
                return other
        return None

    def _next(self, slot: Slot, second: Slot | None) -> tuple[int, Slot] | None:
        """The next party and the slot as they take it: shorter where the whole is free for nobody, which happens where
        the ring closes; None where nobody has even a night."""
        line = self._couples if slot.room in COUPLES else self._others
        lengths = range(slot.nights, 0, -1) if _yields(slot) and slot.nights else (slot.nights,)
        for nights in lengths:
            fitting = replace(slot, nights=nights)
            for party in line:
                if self._suits(party, slot, second) and self._is_free(party, fitting):
                    line.remove(party)
                    line.append(party)
                    return party, fitting
        if not _yields(slot):
            raise AssertionError("the demo hotel has too few guests for the rooms that are never empty")
        return None

    def _suits(self, party: int, slot: Slot, second: Slot | None) -> bool:
        who = self._parties[party]
        if slot.room in COUPLES:
            return True
        if slot.room in STEADY or slot.course is not Course.STAY:
            return who.plain
        if who.oddity is Oddity.TWO_ROOMS:
            return second is not None and self._is_free(party, second)
        return True

    def _is_free(self, party: int, slot: Slot) -> bool:
        busy = self._busy[party]
        return not any(busy[day % CYCLE] for day in range(slot.start - 1, slot.start + slot.nights + 2))

    def _seated(self, party: int, slot: Slot) -> Slot:
        for day in range(slot.start, slot.start + slot.nights + 1):
            self._busy[party][day % CYCLE] = 1
        return replace(slot, party=party)


def _general(slot: Slot) -> bool:
    return slot.course is Course.STAY and slot.room in OTHERS


def _yields(slot: Slot) -> bool:
    """True for a booking that may be shorter or missing without leaving a day empty."""
    return slot.room not in STEADY and slot.room not in COUPLES


def _with_room_moves(slots: list[Slot], chance: random.Random) -> list[Slot]:
    """Some guests move to a free room of the same type during their stay; the rooms' nights stay free of doubles."""
    taken = {room: bytearray(CYCLE) for room in ROOM_TYPES}
    for slot in slots:
        if slot.room:
            for night in range(slot.start, slot.start + max(slot.nights, 1)):
                taken[slot.room][night % CYCLE] = 1
    moved = []
    for slot in slots:
        kept = slot
        if _general(slot) and slot.room and slot.nights >= 2 and chance.random() < 0.3:
            after = chance.randrange(1, slot.nights)
            nights = [night % CYCLE for night in range(slot.start + after, slot.start + slot.nights)]
            kind = ROOM_TYPES[slot.room]
            free = [r for r in OTHERS if ROOM_TYPES[r] == kind and not any(taken[r][night] for night in nights)]
            if free:
                new = chance.choice(free)
                # The room they leave stays empty: somebody could otherwise move in an hour before they move out.
                for night in nights:
                    taken[new][night] = 1
                kept = replace(slot, moves=(after, new))
        moved.append(kept)
    return moved


def _cancelled_before(slots: list[Slot], chance: random.Random) -> Iterator[Slot]:
    """Earlier bookings of the same party for a little later, cancelled when the real one was made."""
    for slot in slots:
        if slot.course is Course.STAY and chance.random() < 0.1:
            later = (slot.start + chance.randint(1, 4)) % CYCLE
            yield replace(slot, start=later, room=None, course=Course.REBOOKED, moves=None)

"""DemoBook: the demo hotel, a pure function of its seed and the instant.

Nothing is stored and nothing is counted up, so a server, a worker and a command that each hold a demo hotel of the same
seed see the same guests, and a restart changes nothing.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from jack.adapters.pms.mock.book import ReservationBook, in_pages
from jack.adapters.pms.mock.cast import as_guest, introduce
from jack.adapters.pms.mock.course import Booking, Dice, booking
from jack.adapters.pms.mock.gateway import SYSTEM
from jack.adapters.pms.mock.house import ROOM_TYPES
from jack.adapters.pms.mock.housekeeping import room_states
from jack.adapters.pms.mock.pattern import CYCLE, Course, Slot, draw_pattern
from jack.adapters.pms.mock.people import Oddity, Party, everybody
from jack.adapters.pms.mock.wishes import INSTRUCTION, LIVELY_REQUESTS, LIVELY_WISHES, REQUESTS
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot, RoomSnapshot

DAYS_BACK: Final = 45
DAYS_AHEAD: Final = 120
_LONGEST_STAY: Final = 10
_MOST_REMEMBERED: Final = 8000


class DemoBook(ReservationBook):
    """The demo hotel with 40 rooms and some 120 guests, from 45 days ago to 120 days ahead.

    `time_zone` and `region` are the hotel's (the region writes one guest's phone without its country). `lively` lets
    something small change about every minute; without it a stay changes only by booking, check-in and the like.
    """

    def __init__(self, *, seed: str, time_zone: str, region: str, lively: bool = True) -> None:
        self._seed = seed
        self._zone = ZoneInfo(time_zone)
        self._lively = lively
        self._parties = everybody()
        # Not for secrets: the hotel must be the same every time.
        chance = random.Random(f"{seed}|hotel")  # noqa: S311
        self._slots = draw_pattern(self._parties, chance)
        self._members = introduce(self._parties, region, chance)
        self._by_day: list[list[Slot]] = [[] for _ in range(CYCLE)]
        self._stays_of: list[list[Slot]] = [[] for _ in self._parties]
        for slot in self._slots:
            self._by_day[slot.start].append(slot)
            if slot.course in (Course.STAY, Course.DAY_USE):
                self._stays_of[slot.party].append(slot)
        self._remembered: dict[tuple[int, int], Booking] = {}

    async def asked(self) -> None:
        """Always answers at once."""

    def pages(self, found: Sequence[ReservationSnapshot]) -> Iterator[ReservationPage]:
        return in_pages(found)

    def reservations(self, now: datetime) -> tuple[ReservationSnapshot, ...]:
        today = now.astimezone(self._zone).date().toordinal()
        window = range(today - DAYS_BACK - _LONGEST_STAY, today + DAYS_AHEAD + 1)
        guests: dict[int, tuple[GuestSnapshot, ...]] = {}
        return tuple(
            self._snapshot(found, now, guests)
            for found in self._bookings(window)
            if found.booked_at <= now and found.departure.toordinal() >= today - DAYS_BACK
        )

    def rooms(self, now: datetime) -> tuple[RoomSnapshot, ...]:
        today = now.astimezone(self._zone).date().toordinal()
        lately = self._bookings(range(today - _LONGEST_STAY - 2, today + 1))
        lived_in = [span for found in lately for span in found.stays_in()]
        return room_states(lived_in, now, self._zone)

    def demo_guest(self, now: datetime) -> ReservationSnapshot:
        """The stay that a demonstration tells about; its main guest writes the message.

        Checked in, with a room, leaving tomorrow or later, and reached by a phone number in E.164 that nobody else of
        the hotel has; somebody with preferences who speaks English, where there is such a guest.
        """
        today = now.astimezone(self._zone).date()
        lately = range(today.toordinal() - _LONGEST_STAY - 1, today.toordinal() + 1)
        in_house = [
            self._snapshot(found, now, {})
            for found in self._bookings(lately)
            if found.is_in_house(now) and self._may_demonstrate(found.slot.party)
        ]

        def worth(found: ReservationSnapshot) -> tuple[bool, bool, bool, str]:
            return (
                found.period.departure > today,
                found.guest.language == "en",
                bool(found.guest.preferences),
                found.ref.key,
            )

        return max(in_house, key=worth)

    def _may_demonstrate(self, party_number: int) -> bool:
        phones = self._members[party_number][0].phones
        return self._parties[party_number].plain and any(phone.startswith("+") for phone in phones)

    def _bookings(self, days: range) -> Iterator[Booking]:
        """Every booking whose stay begins on one of these days (ordinals), whenever it was made."""
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        for day in days:
            turn, start = divmod(day, CYCLE)
            for slot in self._by_day[start]:
                yield self._booking(slot, turn)

    def _booking(self, slot: Slot, turn: int) -> Booking:
        held = self._remembered.get((slot.index, turn))
        if held is None:
            held = booking(slot, turn, of=len(self._slots), zone=self._zone, seed=self._seed, lively=self._lively)
            self._remembered[slot.index, turn] = held
        return held

    def _snapshot(
        self, found: Booking, now: datetime, guests: dict[int, tuple[GuestSnapshot, ...]]
    ) -> ReservationSnapshot:
        party_number = found.slot.party
        if party_number not in guests:
            guests[party_number] = self._guests(party_number, now)
        main, *companions = guests[party_number]
        party = self._parties[party_number]
        extended = found.extended_at is None or found.extended_at <= now
        departure = found.departure if extended else found.departure - timedelta(days=1)
        room = found.room(now)
        requests, asked_at = self._requests(found, party, now)
        expected, told_at = self._expected(found, now)
        noted = found.wish(now) if self._lively else None
        instants = (found.milestones(now), asked_at, told_at, noted.at if noted else None)
        return ReservationSnapshot(
            ref=ExternalRef(system=SYSTEM, key=found.key),
            confirmation_number=found.confirmation_number,
            status=found.status(now),
            period=StayPeriod(arrival=found.arrival, departure=departure),
            guest=main,
            companions=tuple(companions),
            room_number=room,
            room_type=self._room_type(found, room),
            expected_arrival=expected,
            adults=len(party.people),
            children=party.children,
            special_requests=requests,
            modified_at=max(at for at in instants if at is not None),
        )

    def _room_type(self, found: Booking, room: str | None) -> str:
        if room or found.slot.room:
            return ROOM_TYPES[room or found.slot.room or ""]
        kinds = sorted(set(ROOM_TYPES.values()))
        return kinds[Dice(self._seed, "kind", found.slot.index).below(len(kinds))]

    def _requests(self, found: Booking, party: Party, now: datetime) -> tuple[tuple[str, ...], datetime | None]:
        dice = Dice(self._seed, "requests", found.key)
        requests = [INSTRUCTION] if party.oddity is Oddity.INSTRUCTION else []
        if dice.below(100) < 45:
            requests.append(REQUESTS[dice.below(len(REQUESTS))])
        last = found.request(now) if self._lively else None
        if last is None:
            return tuple(requests), None
        requests.append(LIVELY_REQUESTS[(dice.below(len(LIVELY_REQUESTS)) + last.number) % len(LIVELY_REQUESTS)])
        return tuple(requests), last.at

    def _expected(self, found: Booking, now: datetime) -> tuple[datetime | None, datetime | None]:
        last = found.delay(now) if self._lively else None
        if last is None or found.expected_arrival is None:
            return found.expected_arrival, None
        return found.expected_arrival + timedelta(minutes=15 * (last.number % 3 + 1)), last.at

    def _guests(self, party_number: int, now: datetime) -> tuple[GuestSnapshot, ...]:
        """The party's guests as they are now: what changed last at their newest stay is theirs until the next."""
        stay = self._newest_stay(party_number, now)
        modified_at = stay.checked_in_at
        if stay.checked_out_at is not None and stay.checked_out_at <= now:
            modified_at = stay.checked_out_at
        wish = stay.wish(now) if self._lively else None
        noted: tuple[PreferenceSnapshot, ...] = ()
        if wish is not None and modified_at is not None:
            choice = (Dice(self._seed, "wish", stay.key).below(len(LIVELY_WISHES)) + wish.number) % len(LIVELY_WISHES)
            category, value = LIVELY_WISHES[choice]
            noted = (PreferenceSnapshot(category=category, value=value),)
            modified_at = max(modified_at, wish.at)
        main, *companions = self._members[party_number]
        return (
            as_guest(main, modified_at, noted),
            *(as_guest(companion, modified_at) for companion in companions),
        )

    def _newest_stay(self, party_number: int, now: datetime) -> Booking:
        """The last stay that the party checked in to; there always is one, because the ring has no beginning."""
        slots = self._stays_of[party_number]
        today = now.astimezone(self._zone).date().toordinal()
        turn, day = divmod(today, CYCLE)
        place = bisect_right(slots, day, key=lambda slot: slot.start) - 1
        while True:
            back, position = divmod(place, len(slots))
            found = self._booking(slots[position], turn + back)
            if found.checked_in_at is not None and found.checked_in_at <= now:
                return found
            place -= 1

"""The course of one booking of the demo hotel: every instant at which something about it changes."""

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from jack.adapters.pms.mock.pattern import CYCLE, Course, Slot
from jack.domain.reservation import ReservationStatus

LONGEST_LEAD: Final = 110
"""Days before arrival at which the earliest bookings are made; within the window, so that none enters it unnoticed."""

ROOM_READY: Final = timedelta(minutes=100)
"""How long after a guest left a room its cleaning ends at the latest."""

_REQUEST_BEAT: Final = timedelta(minutes=45)
_WISH_BEAT: Final = timedelta(minutes=60)
_ARRIVAL_BEAT: Final = timedelta(minutes=90)
"""How often something small changes at one stay; over the whole hotel that is about once a minute."""


class Dice:
    """Numbers that look random and are a function of their words; the same in every process for ever."""

    def __init__(self, *words: object) -> None:
        text = "|".join(str(word) for word in words)
        self._left = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=64).digest(), "big")

    def below(self, number: int) -> int:
        """From 0 to number - 1; about a dozen draws are good."""
        self._left, drawn = divmod(self._left, number)
        return drawn

    def chance(self) -> float:
        """From 0 to below 1, in steps of a thousandth."""
        return self.below(1000) / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The last small change before an instant: its running number and when it was."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One slot in one turn of the ring, with its dates and instants (UTC). None is what never happens to it.

    `extended_at` is when the stay grew by its last night, `assigned_at` when it got its room.
    """

    key: str
    confirmation_number: str
    slot: Slot
    arrival: date
    departure: date
    booked_at: datetime
    extended_at: datetime | None = None
    assigned_at: datetime | None = None
    expected_arrival: datetime | None = None
    checked_in_at: datetime | None = None
    moved_at: datetime | None = None
    checked_out_at: datetime | None = None
    no_show_at: datetime | None = None
    cancelled_at: datetime | None = None

    def status(self, now: datetime) -> ReservationStatus:
        """How the booking stands."""
        if _past(self.cancelled_at, now):
            return ReservationStatus.CANCELLED
        if _past(self.no_show_at, now):
            return ReservationStatus.NO_SHOW
        if _past(self.checked_out_at, now):
            return ReservationStatus.CHECKED_OUT
        if _past(self.checked_in_at, now):
            return ReservationStatus.CHECKED_IN
        return ReservationStatus.TENTATIVE if self.slot.course is Course.TENTATIVE else ReservationStatus.CONFIRMED

    def room(self, now: datetime) -> str | None:
        """The room that the stay has at that instant, also after check-out."""
        if not _past(self.assigned_at, now):
            return None
        return self.slot.moves[1] if self.slot.moves and _past(self.moved_at, now) else self.slot.room

    def is_in_house(self, now: datetime) -> bool:
        """True from check-in until check-out."""
        return _past(self.checked_in_at, now) and not _past(self.checked_out_at, now)

    def stays_in(self) -> tuple[tuple[str, datetime, datetime], ...]:
        """Which rooms are lived in from when until when."""
        if self.slot.room is None or self.checked_in_at is None or self.checked_out_at is None:
            return ()
        if self.slot.moves is None or self.moved_at is None:
            return ((self.slot.room, self.checked_in_at, self.checked_out_at),)
        return (
            (self.slot.room, self.checked_in_at, self.moved_at),
            (self.slot.moves[1], self.moved_at, self.checked_out_at),
        )

    def milestones(self, now: datetime) -> datetime:
        """The last instant up to now at which the booking itself changed."""
        instants = (
            self.extended_at,
            self.assigned_at,
            self.checked_in_at,
            self.moved_at,
            self.checked_out_at,
            self.no_show_at,
            self.cancelled_at,
        )
        return max((at for at in instants if at is not None and at <= now), default=self.booked_at)

    def request(self, now: datetime) -> Beat | None:
        """The last special request of somebody who lives here."""
        return self._beat_in_house("request", _REQUEST_BEAT, now)

    def wish(self, now: datetime) -> Beat | None:
        """The last preference that the desk noted for somebody who lives here."""
        return self._beat_in_house("wish", _WISH_BEAT, now)

    def delay(self, now: datetime) -> Beat | None:
        """The last time that somebody who arrives today said when they come."""
        if self.checked_in_at is None or self.expected_arrival is None:
            return None
        begin = max(self.booked_at, self.checked_in_at - timedelta(hours=8))
        return _beat(f"{self.key}|delay", begin, min(now, self.checked_in_at), _ARRIVAL_BEAT)

    def _beat_in_house(self, what: str, every: timedelta, now: datetime) -> Beat | None:
        if self.checked_in_at is None or self.checked_out_at is None:
            return None
        return _beat(f"{self.key}|{what}", self.checked_in_at, min(now, self.checked_out_at), every)


def booking(slot: Slot, turn: int, *, of: int, zone: ZoneInfo, seed: str, lively: bool) -> Booking:
    """The slot's booking in that turn of the ring; `of` is how many slots a turn has."""
    dice = Dice(seed, "booking", slot.index, turn)
    arrival = date.fromordinal(turn * CYCLE + slot.start)
    departure = arrival + timedelta(days=slot.nights)
    serial = turn * of + slot.index

    def local(day: date, first: time, minutes: int) -> datetime:
        """An instant up to that many minutes after `first` on the hotel's clock."""
        wall = datetime.combine(day, first, tzinfo=zone)
        return wall.astimezone(UTC) + timedelta(minutes=dice.below(minutes), seconds=dice.below(60))

    tentative, rebooked = slot.course is Course.TENTATIVE, slot.course is Course.REBOOKED
    # Most people book some weeks ahead, a few months ahead, a few the day before.
    lead = 25 + dice.below(15) if tentative else min(LONGEST_LEAD, 1 + int(-math.log(1 - dice.chance()) * 22))
    lead = max(lead, 6) if rebooked else lead
    booked_at = local(arrival - timedelta(days=lead), time(8), 13 * 60)
    facts: dict[str, datetime | None] = {}
    if rebooked:
        facts["cancelled_at"] = local(arrival - timedelta(days=lead - 1), time(8), 600)
    elif tentative:
        facts["cancelled_at"] = local(arrival - timedelta(days=10), time(9), 480)
    elif slot.course is Course.NO_SHOW:
        facts["no_show_at"] = local(arrival + timedelta(days=1), time(4), 60)
    elif slot.course is Course.DAY_USE:
        facts["assigned_at"] = booked_at + timedelta(minutes=5)
        facts["checked_in_at"] = local(arrival, time(9), 60)
        facts["checked_out_at"] = local(arrival, time(16), 120)
    else:
        facts["assigned_at"] = max(local(arrival - timedelta(days=2), time(16), 60), booked_at + timedelta(minutes=5))
        early = lively and dice.below(100) < 15
        facts["checked_in_at"] = local(arrival, time(12, 45), 75) if early else local(arrival, time(14), 360)
        facts["checked_out_at"] = local(departure, time(7), 240)
        if dice.below(100) < 60:
            facts["expected_arrival"] = local(arrival, time(14), 1) + timedelta(minutes=30 * dice.below(12))
        if slot.nights >= 2 and lead >= 4 and dice.below(100) < 30:
            facts["extended_at"] = local(arrival - timedelta(days=1 + dice.below(lead - 2)), time(9), 600)
        if slot.moves:
            facts["moved_at"] = local(arrival + timedelta(days=slot.moves[0]), time(13, 30), 270)
    return Booking(
        key=f"stay-{turn}-{slot.index}",
        confirmation_number=f"JH{serial * 7_919 % 9_000_000 + 1_000_000}",
        slot=slot,
        arrival=arrival,
        departure=departure,
        booked_at=booked_at,
        **facts,
    )


def _beat(words: str, begin: datetime, now: datetime, every: timedelta) -> Beat | None:
    """The last beat up to now, of one in every span of that length, each at its own moment within its span."""
    number = (now - begin) // every
    while number >= 0:
        at = begin + number * every + timedelta(seconds=Dice(words, number).below(int(every.total_seconds())))
        if at <= now:
            return Beat(number=number, at=at)
        number -= 1
    return None


def _past(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now

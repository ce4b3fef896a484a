"""A PMS whose whole history a test decides: when it commits, with which modification time, and when it is away."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import ServiceUnavailable
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot, WholeBooking
from jack.domain.sync import SyncWindow
from tests.fakes.clock import FixedClock

PAGE = 3

ENDLESS = "x" * 999
"""A room type that cannot be kept, so that its record is rejected."""


class Killed(BaseException):
    """The process is no more: nothing after this happens, no cleaning up either."""


@dataclass(slots=True)
class Doom:
    """Counts the points at which the process may die, and ends it at the chosen one; what is dead stays dead."""

    left: int | None = None
    dead: bool = False

    def point(self) -> None:
        """The process gets here, perhaps."""
        if self.dead:
            raise Killed
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.dead = True
                raise Killed


@dataclass(slots=True)
class Record:
    """A reservation in the PMS; `guest` and `companions` are keys of guests."""

    key: str
    fields: ReservationSnapshot
    guest: str
    companions: tuple[str, ...]
    broken: bool = False


@dataclass(slots=True)
class Hotel:
    """What the PMS holds. Guests live beside reservations and are embedded when one is read."""

    records: dict[str, Record] = field(default_factory=dict)
    guests: dict[str, GuestSnapshot] = field(default_factory=dict)
    rooms: dict[str, RoomSnapshot] = field(default_factory=dict)

    def snapshot(self, record: Record) -> ReservationSnapshot:
        """The reservation as the interface tells it now."""
        told = replace(
            record.fields,
            guest=self.guests[record.guest],
            companions=tuple(self.guests[key] for key in record.companions),
        )
        return replace(told, room_type=ENDLESS) if record.broken else told


class ModelPms(MockPms):
    """Reads from the hotel. `shifting` pages are cut anew from what is there when each page is asked for; otherwise a
    reading sees the hotel as it was at its beginning. `meanwhile` holds what happens between two pages."""

    def __init__(self, hotel: Hotel, clock: FixedClock, doom: Doom) -> None:
        super().__init__(SeededBook(), clock)
        self.hotel_ = hotel
        self.doom = doom
        self.shifting = False
        self.fails_after: int | None = None
        self.meanwhile: list[Callable[[], None]] = []

    def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        return self._pages(lambda told: told.modified_at is None or window.contains(told.modified_at))

    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        return self._pages(lambda told: told.period.overlaps(period))

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        self._asked()
        record = self.hotel_.records.get(ref.key)
        return self.hotel_.snapshot(record) if record else None

    async def rooms(self) -> RoomList:
        self._asked()
        return RoomList(rooms=tuple(self.hotel_.rooms.values()))

    async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        self._asked()
        found = [self.hotel_.snapshot(r) for key, r in self.hotel_.records.items() if key in hints.stays]
        numbers = {told.confirmation_number for told in found}
        bookings = tuple(
            WholeBooking(
                confirmation_number=number,
                refs=tuple(
                    r.fields.ref for r in self.hotel_.records.values() if r.fields.confirmation_number == number
                ),
            )
            for number in sorted(numbers)
        )
        gone = tuple(ExternalRef(system=self.system, key=k) for k in hints.stays if k not in self.hotel_.records)
        guests = tuple(self.hotel_.guests[key] for key in hints.guests if key in self.hotel_.guests)
        yield ReservationPage(reservations=tuple(found), gone=gone, bookings=bookings, guests=guests)

    def _asked(self) -> None:
        self.doom.point()
        if self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                self.fails_after = None
                raise ServiceUnavailable("the PMS is away", retry_after=timedelta(seconds=1))

    def _told(self, wanted: Callable[[ReservationSnapshot], bool]) -> Sequence[ReservationSnapshot]:
        return [told for told in map(self.hotel_.snapshot, self.hotel_.records.values()) if wanted(told)]

    async def _pages(self, wanted: Callable[[ReservationSnapshot], bool]) -> AsyncGenerator[ReservationPage, None]:
        self._asked()
        found = self._told(wanted)
        first = 0
        while True:
            yield ReservationPage(reservations=tuple(found[first : first + PAGE]))
            if self.meanwhile:
                self.meanwhile.pop(0)()
            self._asked()
            if self.shifting:
                found = self._told(wanted)
            first += PAGE
            if first >= len(found):
                return


def stamp(now: datetime, displaced: timedelta, held: datetime | None) -> datetime:
    """The modification time of a change that is committed now by a clock that is wrong, or late: for one record it
    never goes back."""
    return max(now + displaced, held) if held else now + displaced

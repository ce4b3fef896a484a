"""A big hotel's PMS in the same process: pages of reservations made as they are read, so that it costs no memory."""

import gc
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.ports.clock import Clock
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot
from jack.domain.sync import SyncWindow, rolling_period

MODIFIED = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
FIRST_NAMES = ("Anna", "Bruno", "Zoë", "Mehmet", "Ingrid", "José", "Li", "Aoife")
LAST_NAMES = ("Silva", "Souza", "Müller", "Yüksel", "Olsen", "García", "Wei", "Ó Briain", "Nowak", "Dubois", "Rossi")
PILLOWS = ("feather", "foam", "none", "two, please")
TODAY = MODIFIED.date()
LONGEST_STAY = timedelta(days=6)


class BigPms(MockPms):
    """So many reservations, each with a guest of its own who has a phone, an e-mail address and a preference.

    They arrive on the days of the rolling period one after another, so that any days of it are quickly found.
    """

    def __init__(self, clock: Clock, reservations: int, page: int) -> None:
        super().__init__(SeededBook(), clock)
        self._many = reservations
        self._page = page
        self._ready: list[ReservationSnapshot] = []
        period = rolling_period(clock.now().date())
        self._first, self._days = period.arrival, (period.departure - period.arrival).days

    def get_ready(self) -> None:
        """Make every reservation before it is asked for, so that only Jack's work is measured afterwards."""
        self._ready = [self._made(number) for number in range(self._many)]
        gc.collect()
        gc.freeze()  # a PMS outside would not be looked through by this process's garbage collector

    async def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        first = self._number_on(period.arrival - LONGEST_STAY)
        for page in self._pages(range(first, self._number_on(period.departure + timedelta(days=1)))):
            staying = tuple(stay for stay in page.reservations if stay.period.overlaps(period))
            yield replace(page, reservations=staying)

    async def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        for page in self._pages(range(self._many if window.contains(MODIFIED) else 0)):
            yield page

    def _pages(self, numbers: range) -> Iterator[ReservationPage]:
        for start in range(0, len(numbers), self._page):
            some = numbers[start : start + self._page]
            stays = tuple(self._ready[number] if self._ready else self._made(number) for number in some)
            yield ReservationPage(reservations=stays, total=len(numbers))

    def _made(self, number: int) -> ReservationSnapshot:
        return a_reservation(number, self._first + timedelta(days=number * self._days // self._many))

    def _number_on(self, day: date) -> int:
        """The first reservation that arrives on that day or later."""
        behind = -(-(day - self._first).days * self._many // self._days)
        return min(max(behind, 0), self._many)


def a_reservation(number: int, arrival: date) -> ReservationSnapshot:
    """The reservation of that number, always the same."""
    departure = arrival + timedelta(days=1 + number % 6)
    status = ReservationStatus.CONFIRMED
    if arrival < TODAY:
        status = ReservationStatus.CHECKED_IN if departure > TODAY else ReservationStatus.CHECKED_OUT
    return ReservationSnapshot(
        ref=ExternalRef(system="mock", key=f"R-{number:07}"),
        confirmation_number=f"{number * 7919 % 100_000_007:09}",
        status=status,
        period=StayPeriod(arrival=arrival, departure=departure),
        guest=GuestSnapshot(
            ref=ExternalRef(system="mock", key=f"G-{number:07}"),
            first_name=FIRST_NAMES[number % 8],
            last_name=f"{LAST_NAMES[number % 11]}-{number % 997}",
            language="en",
            country="PT",
            phones=(f"+3519{number % 3 + 1}{number:07}",),
            emails=(f"guest.{number}@example.com",),
            preferences=(PreferenceSnapshot(category="pillow", value=PILLOWS[number % 4]),),
            modified_at=MODIFIED,
        ),
        room_number=str(100 + number % 400),
        room_type="Deluxe Sea View",
        adults=1 + number % 2,
        special_requests=("A quiet room, please",) if number % 5 == 0 else (),
        modified_at=MODIFIED,
    )

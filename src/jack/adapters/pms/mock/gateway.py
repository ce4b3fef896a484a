"""MockPms: a PMS that reads its book instead of asking a vendor."""

import unicodedata
from collections.abc import AsyncGenerator, Sequence

from jack.adapters.pms.mock.book import ReservationBook, newest_guests
from jack.application.errors import OutsideFailure
from jack.application.ports.clock import Clock
from jack.application.ports.pms import ConnectionReport, Pms, ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from jack.domain.sync import SyncWindow

SYSTEM = "mock"
"""The `system` of every reference that a mock PMS gives."""

MOST_GUESTS = 50


class MockPms(Pms):
    """Plays a whole PMS over a book. The clock says which state of the hotel is meant."""

    def __init__(self, book: ReservationBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    @property
    def system(self) -> str:
        return SYSTEM

    def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """As the port says; reservations without a modification instant are always among them."""
        return self._paged(
            [r for r in self._now() if r.modified_at is None or window.contains(r.modified_at)],
        )

    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        return self._paged([r for r in self._now() if r.period.overlaps(period)])

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        await self._book.asked()
        return next((r for r in self._now() if r.ref == ref), None)

    async def rooms(self) -> tuple[RoomSnapshot, ...]:
        await self._book.asked()
        return self._book.rooms(self._clock.now())

    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        await self._book.asked()
        return next((guest for guest in newest_guests(self._now()) if guest.ref == ref), None)

    async def search_guests(self, text: str) -> tuple[GuestSnapshot, ...]:
        await self._book.asked()
        ranked = sorted(
            ((rank, guest) for guest in newest_guests(self._now()) if (rank := _fits(guest, text)) is not None),
            key=lambda pair: (pair[0], pair[1].last_name, pair[1].first_name, pair[1].ref),
        )
        return tuple(guest for _, guest in ranked[:MOST_GUESTS])

    async def check(self) -> ConnectionReport:
        try:
            await self._book.asked()
        except OutsideFailure as failure:
            return ConnectionReport(summary="The mock PMS did not answer.", problem=str(failure))
        now = self._clock.now()
        rooms, reservations = len(self._book.rooms(now)), len(self._book.reservations(now))
        return ConnectionReport(summary=f"The mock PMS answers: {rooms} rooms, {reservations} reservations.")

    def _now(self) -> tuple[ReservationSnapshot, ...]:
        return self._book.reservations(self._clock.now())

    async def _paged(self, found: Sequence[ReservationSnapshot]) -> AsyncGenerator[ReservationPage, None]:
        # A reading is at least one question, so that an empty hotel fails like a full one.
        await self._book.asked()
        for number, page in enumerate(self._book.pages(found)):
            if number:
                await self._book.asked()
            yield page


def _fits(guest: GuestSnapshot, text: str) -> int | None:
    """How well a guest fits what somebody typed: 0 the whole name, e-mail or phone, 1 beginnings, 2 anywhere."""
    wanted = _folded(text)
    if not wanted:
        return None
    name = _folded(f"{guest.first_name} {guest.last_name}")
    exact = [name, _folded(guest.last_name), *map(_folded, guest.emails), *map(_folded, guest.phones)]
    if wanted in exact:
        return 0
    words = wanted.split()
    if all(any(part.startswith(word) for part in name.split()) for word in words):
        return 1
    digits = "".join(ch for ch in text if ch.isdigit())
    phones = ["".join(ch for ch in phone if ch.isdigit()) for phone in guest.phones]
    if len(digits) >= 4 and any(digits in phone for phone in phones):
        return 1
    return 2 if any(wanted in value for value in (name, *map(_folded, guest.emails))) else None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(ch for ch in plain if not unicodedata.combining(ch)).casefold().split())

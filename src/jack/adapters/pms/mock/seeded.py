"""SeededBook: a hotel that holds exactly what somebody puts into it, with the bad days of a real PMS."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from jack.adapters.pms.mock.book import PAGE, ReservationBook, in_pages
from jack.application.errors import OutsideFailure
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot, RoomSnapshot


class SeededBook(ReservationBook):
    """Put reservations and rooms in, change and delete them, and make the next answers fail, hang or shift.

    `asked_times` counts the answers and pages that were asked for, failed ones included.
    """

    def __init__(
        self, *reservations: ReservationSnapshot, rooms: Sequence[RoomSnapshot] = (), page: int = PAGE
    ) -> None:
        self.page = page
        self.asked_times = 0
        self._reservations: dict[ExternalRef, ReservationSnapshot] = {}
        self._rooms: dict[str, RoomSnapshot] = {}
        self._failures: list[OutsideFailure | None] = []
        self._rejected: list[RejectedRecord] = []
        self._shift = 0
        self._meanwhile: list[Callable[[], None]] = []
        self._open = asyncio.Event()
        self._open.set()
        self.put(*reservations)
        self.put_rooms(*rooms)

    def put(self, *reservations: ReservationSnapshot) -> None:
        """Add these reservations, or replace the ones with the same reference."""
        self._reservations |= {reservation.ref: reservation for reservation in reservations}

    def put_rooms(self, *rooms: RoomSnapshot) -> None:
        """Add these rooms, or replace the ones with the same number."""
        self._rooms |= {room.number: room for room in rooms}

    def delete(self, *refs: ExternalRef) -> None:
        """Let the PMS no longer have these reservations."""
        for ref in refs:
            del self._reservations[ref]

    def fail(self, failure: OutsideFailure, *, times: int = 1, after: int = 0) -> None:
        """Answer the next `times` questions with that failure, once `after` more were answered well.

        Every page is a question, so `after=1` breaks a reading after its first page.
        """
        self._failures += [None] * after + [failure] * times

    def hang(self) -> None:
        """Answer nothing until `go_on`."""
        self._open.clear()

    def go_on(self) -> None:
        """Answer again, the waiting ones first."""
        self._open.set()

    def reject(self, *records: RejectedRecord) -> None:
        """Let these records stand unreadable on the first page of every reading; `reject()` alone ends it."""
        self._rejected = list(records)

    def shift_pages(self, by: int = 1) -> None:
        """Begin every page `by` reservations early, as vendors do when something was inserted while one reads."""
        self._shift = by

    def while_reading(self, happen: Callable[[], None]) -> None:
        """Let that happen once, between this page and the next."""
        self._meanwhile.append(happen)

    async def asked(self) -> None:
        self.asked_times += 1
        await self._open.wait()
        failure = self._failures.pop(0) if self._failures else None
        if failure is not None:
            raise failure

    def reservations(self, now: datetime) -> tuple[ReservationSnapshot, ...]:  # noqa: ARG002 - no time passes here
        return tuple(self._reservations.values())

    def rooms(self, now: datetime) -> tuple[RoomSnapshot, ...]:  # noqa: ARG002 - no time passes here
        return tuple(room for _, room in sorted(self._rooms.items()))

    def pages(self, found: Sequence[ReservationSnapshot]) -> Iterator[ReservationPage]:
        honest = list(in_pages(found, self.page))
        if self._rejected and not honest:
            honest = [ReservationPage(reservations=(), total=0)]
        for number, page in enumerate(honest):
            first = number * self.page
            early = tuple(found[max(0, first - self._shift) : first])
            yield ReservationPage(
                reservations=early + page.reservations,
                rejected=tuple(self._rejected) if number == 0 else (),
                total=page.total,
            )
            while self._meanwhile:
                self._meanwhile.pop(0)()

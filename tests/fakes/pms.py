"""The PMS of the tests: the mock PMS over a seeded book, which nobody may ask with a unit of work open."""

from collections.abc import Sequence

from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import NotFound
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Pms, PmsDirectory
from jack.application.ports.pms_doors import PmsDoors
from jack.application.ports.pms_notices import KeptNotice, PmsMemory
from jack.domain.ids import HotelId
from tests.fakes.clock import FixedClock
from tests.fakes.persistence import assert_no_open_unit_of_work


class WatchedBook(SeededBook):
    """A seeded book that fails the test when a transaction waits for it."""

    async def asked(self) -> None:
        assert_no_open_unit_of_work()
        await super().asked()


def a_pms(book: SeededBook, clock: Clock | None = None) -> MockPms:
    """A PMS over that book."""
    return MockPms(book, clock or FixedClock())


class ListedPms(PmsDirectory):
    """These PMS for these hotels: `ListedPms({HARBOUR: a_pms(book)})`."""

    def __init__(self, pms: dict[HotelId, Pms]) -> None:
        self._pms = pms

    def of(self, hotel_id: HotelId) -> Pms:
        if hotel_id not in self._pms:
            raise NotFound("this Jack serves no such hotel")
        return self._pms[hotel_id]


class ListedDoors(PmsDoors):
    """These secrets for these hotels."""

    def __init__(self, secrets: dict[HotelId, str]) -> None:
        self._secrets = secrets

    def behind(self, hotel: str, secret: str) -> HotelId | None:
        return HotelId(hotel) if self._secrets.get(HotelId(hotel)) == secret else None


class RememberingFake(PmsMemory):
    """A PMS memory that lives as long as the test."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.waiting: dict[int, bytes] = {}
        self._next = 1

    async def recall(self, name: str) -> str | None:
        return self.notes.get(name)

    async def note(self, name: str, value: str) -> None:
        self.notes[name] = value

    async def keep(self, bodies: Sequence[bytes]) -> None:
        for body in bodies:
            self.waiting[self._next] = body
            self._next += 1

    async def kept(self, limit: int) -> tuple[KeptNotice, ...]:
        return tuple(KeptNotice(id=key, body=body) for key, body in sorted(self.waiting.items())[:limit])

    async def drop(self, ids: Sequence[int]) -> None:
        for key in ids:
            self.waiting.pop(key, None)

"""The PMS of the tests: the mock PMS over a seeded book, which nobody may ask with a unit of work open."""

from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import NotFound
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Pms, PmsDirectory
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

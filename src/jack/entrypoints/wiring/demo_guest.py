"""Who writes in the demo: a guest of the mock PMS who is in house now."""

from dishka import AsyncContainer

from jack.application.errors import NotFound
from jack.application.ports.clock import Clock
from jack.domain.snapshot import ReservationSnapshot
from jack.entrypoints.settings import MockPmsSettings, Settings
from jack.entrypoints.wiring.vendors import demo_book


async def demo_guest(container: AsyncContainer) -> ReservationSnapshot:
    """The stay of the first hotel that the demo tells about. Raises NotFound when its PMS is not the mock."""
    hotel = (await container.get(Settings)).hotels[0]
    if not isinstance(hotel.pms, MockPmsSettings):
        raise NotFound("only the mock PMS has a demo guest")
    clock = await container.get(Clock)
    return demo_book(hotel, hotel.pms).demo_guest(clock.now())

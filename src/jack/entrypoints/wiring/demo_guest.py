"""Who writes in the demo: a guest of the mock PMS who is in house now."""

from dishka import AsyncContainer

from jack.adapters.pms.mock.gateway import MockPms
from jack.application.errors import NotFound
from jack.application.ports.pms import PmsDirectory
from jack.domain.ids import HotelId
from jack.domain.snapshot import ReservationSnapshot


async def demo_guest(container: AsyncContainer, hotel_id: HotelId) -> ReservationSnapshot:
    """The stay that the demo tells about. Raises NotFound when the hotel's PMS is not the demo's."""
    pms = (await container.get(PmsDirectory)).of(hotel_id)
    if not isinstance(pms, MockPms):
        raise NotFound("only the mock PMS has a demo guest")
    return pms.demo_guest()

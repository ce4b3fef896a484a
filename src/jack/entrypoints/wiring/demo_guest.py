"""Who writes in the demo: a guest of the mock PMS who is in house now."""

from jack.adapters.clock import SystemClock
from jack.application.errors import NotFound
from jack.domain.snapshot import ReservationSnapshot
from jack.entrypoints.settings import MockPmsSettings, Settings
from jack.entrypoints.wiring.pms import demo_book


def demo_guest(settings: Settings) -> ReservationSnapshot:
    """The stay of the first hotel that a demonstration tells about. Raises NotFound when its PMS is not the mock."""
    hotel = settings.hotels[0]
    if not isinstance(hotel.pms, MockPmsSettings):
        raise NotFound("only the mock PMS has a demo guest")
    return demo_book(hotel, hotel.pms).demo_guest(SystemClock().now())

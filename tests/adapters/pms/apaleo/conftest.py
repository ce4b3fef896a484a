"""A property at apaleo, and Jack's adapter for it."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx
import pytest

from jack.adapters.pms.apaleo.api import ApaleoAccount
from jack.adapters.pms.apaleo.gateway import ApaleoPms
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import ReservationSnapshot
from tests.fakes.clock import FixedClock
from tests.hotel import NOW, a_reservation_snapshot
from tests.simulators.pms.apaleo import CLIENT_ID, CLIENT_SECRET, ApaleoSimulator
from tests.simulators.pms.vendor import Request


@dataclass
class World:
    """apaleo and whoever calls it."""

    clock: FixedClock
    apaleo: ApaleoSimulator
    client: httpx.AsyncClient

    def pms(self, page_size: int = 7, zone: str = "Europe/Lisbon") -> ApaleoPms:
        """An adapter that has called nobody yet."""
        account = ApaleoAccount(
            base_url="https://api.example",
            identity_url="https://identity.example/",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            property_id="LIS",
        )
        return ApaleoPms(
            self.client, self.clock, ProcessPaces(self.clock), account, zone=ZoneInfo(zone), page_size=page_size
        )

    def holds(self, number: int) -> list[str]:
        """Let there be so many stays; their keys."""
        keys = [f"BOOK{n:04d}-1" for n in range(number)]
        for key in keys:
            self.apaleo.hold(a_reservation_snapshot(key))
        return keys

    @property
    def lists(self) -> list[Request]:
        """The calls for lists of reservations."""
        return [request for request in self.apaleo.requests if request.path == "/booking/v1/reservations"]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = FixedClock(NOW)
    apaleo = ApaleoSimulator(clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=apaleo)) as client:
        yield World(clock, apaleo, client)


@pytest.fixture
def pms(world: World) -> ApaleoPms:
    return world.pms()


async def stays(pages: AsyncGenerator[ReservationPage, None]) -> list[ReservationSnapshot]:
    """Every stay that is told, as often as it is told."""
    return [stay async for page in pages for stay in page.reservations]

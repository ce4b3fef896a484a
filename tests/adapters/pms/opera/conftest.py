"""A hotel at OPERA, and Jack's adapter for it."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from jack.adapters.pms.opera.api import OperaAccount
from jack.adapters.pms.opera.gateway import OperaPms
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import ReservationSnapshot
from jack.domain.sync import SyncWindow
from tests.fakes.clock import FixedClock
from tests.fakes.pms import RememberingFake
from tests.hotel import NOW, a_guest_snapshot, a_reservation_snapshot
from tests.simulators.pms.opera import APP_KEY, CLIENT_ID, CLIENT_SECRET, ENTERPRISE, OperaSimulator
from tests.simulators.pms.vendor import Request

SEARCH = "/rsv/v1/hotels/HARBOUR/reservations"


@dataclass
class World:
    """OPERA, what Jack remembers of it, and whoever calls it."""

    clock: FixedClock
    opera: OperaSimulator
    client: httpx.AsyncClient
    memory: RememberingFake = field(default_factory=RememberingFake)

    def pms(self, *, page_size: int = 100, **fields: Any) -> OperaPms:
        """An adapter in a process of its own; it remembers what earlier ones noted."""
        account = {
            "base_url": "https://gateway.example/",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "app_key": APP_KEY,
            "hotel_id": "HARBOUR",
        }
        signs_in = {key: fields.pop(key) for key in ("username", "password", "scope") if key in fields}
        enterprise = {} if "username" in signs_in else {"enterprise_id": ENTERPRISE}
        return OperaPms(
            self.client,
            self.clock,
            ProcessPaces(self.clock),
            self.memory,
            OperaAccount(**account, **enterprise, **signs_in),
            zone=ZoneInfo(self.opera.zone.key),
            page_size=page_size,
            **fields,
        )

    def holds(self, *keys: str, **fields: Any) -> list[ReservationSnapshot]:
        """Let these stays be there, each of a guest of its own."""
        stays = [
            at_opera(a_reservation_snapshot(key, **({"guest": a_guest_snapshot(f"guest-{key}")} | fields)))
            for key in keys
        ]
        for stay in stays:
            self.opera.hold(stay)
        return stays

    def without_events(self) -> None:
        """Let nobody have set up the queue."""
        self.opera.external_systems.clear()
        self.opera.queue.clear()

    async def changes(self, pms: OperaPms | None = None) -> list[str]:
        """The keys of what a reading of the last minutes brings, in order."""
        window = SyncWindow(since=self.clock.now(), until=self.clock.now())
        return [key for page in await read((pms or self.pms()).changed(window)) for key in keys_of(page)]

    def asked(self, path: str) -> list[Request]:
        """The calls for that path."""
        return [request for request in self.opera.requests if request.path == path]

    @property
    def singles(self) -> list[str]:
        """The reservations that were asked for by themselves."""
        return [r.path.rpartition("/")[2] for r in self.opera.requests if r.path.startswith(SEARCH + "/")]


def at_opera(stay: ReservationSnapshot) -> ReservationSnapshot:
    """The stay with references as OPERA has them."""

    def ref(key: str) -> ExternalRef:
        return ExternalRef(system="opera", key=key)

    return replace(
        stay,
        ref=ref(stay.ref.key),
        guest=replace(stay.guest, ref=ref(stay.guest.ref.key)),
        companions=tuple(replace(c, ref=ref(c.ref.key)) for c in stay.companions),
    )


async def read(pages: AsyncGenerator[ReservationPage, None]) -> list[ReservationPage]:
    """Every page."""
    return [page async for page in pages]


def keys_of(page: ReservationPage) -> list[str]:
    """The stays of a page."""
    return [stay.ref.key for stay in page.reservations]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = FixedClock(NOW)
    opera = OperaSimulator(clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=opera)) as client:
        yield World(clock, opera, client)

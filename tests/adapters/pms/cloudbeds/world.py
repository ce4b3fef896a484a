"""A property at Cloudbeds, and Jack's adapter for it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import httpx

from jack.adapters.pms.cloudbeds.access import ApiKey, Credentials, OAuthClient
from jack.adapters.pms.cloudbeds.gateway import CloudbedsPms
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms_notices import PmsMemory
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import ReservationSnapshot
from tests.fakes.clock import FixedClock
from tests.fakes.pms import RememberingFake
from tests.hotel import a_period
from tests.simulators.pms.cloudbeds import (
    API_KEY,
    CLIENT_ID,
    CLIENT_SECRET,
    FIRST_REFRESH_TOKEN,
    PROPERTY,
    CloudbedsSimulator,
)
from tests.simulators.pms.vendor import Request

HOST = "https://api.cloudbeds.com"


@dataclass
class World:
    """Cloudbeds and whoever calls it."""

    clock: FixedClock
    cloudbeds: CloudbedsSimulator
    client: httpx.AsyncClient
    memory: RememberingFake = field(default_factory=RememberingFake)

    def pms(
        self,
        credentials: Credentials | None = None,
        *,
        memory: PmsMemory | None = None,
        base_url: str = HOST,
        page_size: int = 100,
    ) -> CloudbedsPms:
        """An adapter that has called nobody yet; with an API key unless told."""
        return CloudbedsPms(
            self.client,
            self.clock,
            ProcessPaces(self.clock),
            memory or self.memory,
            base_url=base_url,
            credentials=credentials or ApiKey(API_KEY),
            property_id=PROPERTY,
            time_zone=self.cloudbeds.zone.key,
            page_size=page_size,
        )

    def oauth(self, refresh_token: str = FIRST_REFRESH_TOKEN) -> OAuthClient:
        """An OAuth client; Cloudbeds takes no API key then."""
        self.cloudbeds.api_key = None
        return OAuthClient(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, refresh_token=refresh_token)

    def asked(self, method: str) -> list[Request]:
        """The calls of that method."""
        return [request for request in self.cloudbeds.requests if request.path.endswith(f"/{method}")]


async def pages(reading: AsyncGenerator[ReservationPage, None]) -> list[ReservationPage]:
    """Every page of a reading."""
    return [page async for page in reading]


async def stays(pms: CloudbedsPms) -> dict[str, ReservationSnapshot]:
    """Everybody around today, by sub-reservation id."""
    return {stay.ref.key: stay for page in await pages(pms.staying(a_period(-30, 366))) for stay in page.reservations}

"""A property at Cloudbeds, played for one test."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.adapters.pms.cloudbeds.world import World
from tests.fakes.clock import FixedClock
from tests.hotel import NOW
from tests.simulators.pms.cloudbeds import CloudbedsSimulator


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = FixedClock(NOW)
    cloudbeds = CloudbedsSimulator(clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=cloudbeds)) as client:
        yield World(clock, cloudbeds, client)

"""A hotel at Mews, and Jack's adapter for it."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from jack.adapters.pms.mews.api import MewsAccess
from jack.adapters.pms.mews.gateway import MewsPms
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot
from jack.domain.sync import SyncWindow
from tests.fakes.clock import FixedClock
from tests.hotel import NOW, a_guest_snapshot, a_period, a_reservation_snapshot
from tests.simulators.pms.mews import RESERVATIONS, MewsSimulator
from tests.simulators.pms.mews_house import MewsHouse

CLIENT_TOKEN, ACCESS_TOKEN = "client-token-1", "access-token-2"

ALWAYS = SyncWindow(since=NOW - timedelta(days=60), until=NOW)
AROUND = a_period(-30, 366)


@dataclass
class Reading:
    """Everything that some pages said."""

    stays: dict[str, ReservationSnapshot]
    rejected: list[RejectedRecord]
    guests: dict[str, GuestSnapshot]
    gone: list[str]
    unknown: set[tuple[str, str]]


@dataclass
class World:
    """Mews and whoever calls it."""

    clock: FixedClock
    mews: MewsSimulator
    client: httpx.AsyncClient

    @property
    def house(self) -> MewsHouse:
        """The hotel."""
        return self.mews.house

    def pms(self, **access: Any) -> MewsPms:
        """An adapter that has called nobody yet."""
        given: dict[str, Any] = {
            "base_url": "https://mews.example/",
            "client_token": CLIENT_TOKEN,
            "access_token": ACCESS_TOKEN,
            "page": 7,
        }
        return MewsPms(self.client, self.clock, ProcessPaces(self.clock), MewsAccess(**(given | access)))

    def holds(self, key: str = "R-1", **fields: Any) -> ReservationSnapshot:
        """Let there be that stay; what Mews calls it stays the same."""
        stay = a_reservation_snapshot(key, **fields)
        self.house.put(stay)
        return stay

    def holds_many(self, number: int, **fields: Any) -> list[str]:
        """Let there be so many stays of as many guests; their keys."""
        keys = [f"R-{n:03d}" for n in range(number)]
        for key in keys:
            self.holds(key, guest=a_guest_snapshot(f"guest-{key}"), **fields)
        return keys

    def asked(self, operation: str = RESERVATIONS) -> list[dict[str, Any]]:
        """The bodies of all calls of that operation."""
        return self.mews.bodies(operation)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = FixedClock(NOW)
    mews = MewsSimulator(clock, client_token=CLIENT_TOKEN, access_token=ACCESS_TOKEN)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=mews)) as client:
        yield World(clock, mews, client)


async def read(pages: AsyncGenerator[ReservationPage, None]) -> Reading:
    """Read to the end."""
    reading = Reading({}, [], {}, [], set())
    async for page in pages:
        reading.stays |= {stay.ref.key: stay for stay in page.reservations}
        reading.rejected += page.rejected
        reading.guests |= {guest.ref.key: guest for guest in page.guests}
        reading.gone += [ref.key for ref in page.gone]
        reading.unknown |= {(value.field, value.value) for value in page.unknown}
    return reading


async def one(pms: MewsPms, key: str = "R-1") -> ReservationSnapshot:
    """That stay."""
    found = await pms.reservation(at_mews(key))
    assert found is not None
    return found


def at_mews(key: str) -> ExternalRef:
    """The reference of that key at Mews."""
    return ExternalRef(system="mews", key=key)

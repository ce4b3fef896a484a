"""Reading stays again before an answer: once for all who ask, each stay for itself, never given up half-way."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jack.adapters.pms.mock.gateway import MockPms
from jack.application.errors import ServiceRejected
from jack.application.stays import refresh
from jack.application.stays.refresh import refreshed
from jack.domain.disclosure import KnownStay
from jack.domain.ids import ExternalRef
from jack.domain.reservation import Reservation
from jack.domain.snapshot import ReservationSnapshot
from tests.application.test_syncing import many
from tests.application.world import World
from tests.fakes.pms import WatchedBook
from tests.hotel import HARBOUR, NOW, a_ref


class Picky(MockPms):
    """A PMS that refuses some stays, and tells `happens` after it looked one up."""

    def __init__(self, world: World) -> None:
        super().__init__(world.book, world.clock)
        self.refused: set[str] = set()
        self.lookups = 0
        self.happens: list[object] = []

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        self.lookups += 1
        if ref.key in self.refused:
            raise ServiceRejected("odd")
        found = await super().reservation(ref)
        while self.happens:
            await self.happens.pop(0)()  # type: ignore[operator]
        return found


async def a_world(number: int = 3) -> tuple[World, Picky]:
    world = World(*many(number, modified_at=NOW))
    await world.sync(HARBOUR)
    world.clock.move(timedelta(hours=1))
    return world, Picky(world)


async def again(world: World, pms: MockPms, stays: Sequence[Reservation] | None = None) -> tuple[KnownStay, ...]:
    held = stays if stays is not None else sorted(world.state.reservations.values(), key=lambda stay: stay.ref)
    confirmed: datetime = NOW
    return await refreshed(world.database.begin, pms, world.phones, world.clock, world.hotel, held, confirmed)


async def test_one_stay_that_is_refused_makes_no_other_stale() -> None:
    world, pms = await a_world()
    pms.refused = {"R-000"}
    assert [stay.stale for stay in await again(world, pms)] == [True, False, False]


async def test_many_who_ask_for_the_same_stay_at_once_read_it_once() -> None:
    world, pms = await a_world(1)
    answers = await asyncio.gather(*(again(world, pms) for _ in range(10)))
    assert pms.lookups == 1
    assert not any(stay.stale for stays in answers for stay in stays)
    await again(world, pms, list(world.state.reservations.values()))
    assert pms.lookups == 2


async def test_a_reading_that_takes_too_long_is_still_kept_when_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "TIME_LIMIT", timedelta(milliseconds=5))
    world, pms = await a_world(1)
    world.book.put(replace(many(1)[0], room_number="999", modified_at=NOW + timedelta(minutes=1)))
    world.book.hang()
    assert [stay.stale for stay in await again(world, pms)] == [True]
    world.book.go_on()
    async with asyncio.timeout(5):
        while not any(stay.room_number == "999" for stay in world.state.reservations.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert pms.lookups == 1


async def test_a_reading_without_a_version_never_replaces_one_that_began_later() -> None:
    world = World(*many(1, modified_at=None))
    await world.sync(HARBOUR)
    world.clock.move(timedelta(hours=1))
    pms = Picky(world)

    async def a_notice_overtakes() -> None:
        world.clock.move(timedelta(seconds=1))
        world.book.put(replace(many(1, modified_at=None)[0], room_number="999"))
        await world.sync(HARBOUR)

    pms.happens.append(a_notice_overtakes)
    (known,) = await again(world, pms)
    assert known.reservation.room_number == "999"


async def test_a_stay_that_the_pms_no_longer_has_is_gone_at_once() -> None:
    world, pms = await a_world(2)
    world.book.delete(a_ref("R-001"))
    known = await again(world, pms)
    assert [stay.reservation.gone_at is not None for stay in known] == [False, True]
    assert not any(stay.stale for stay in known)


async def test_a_stay_that_can_be_read_and_not_kept_is_stale_and_in_doubt() -> None:
    world, pms = await a_world(1)
    hostile = replace(many(1)[0], room_type="x" * 999, modified_at=NOW + timedelta(minutes=1))
    assert isinstance(world.book, WatchedBook)
    world.book.put(hostile)
    assert [stay.stale for stay in await again(world, pms)] == [True]
    assert [bool(stay.doubt) for stay in world.state.reservations.values()] == [True]

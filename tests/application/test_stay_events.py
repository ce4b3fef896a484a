"""What happens to stays is written once, with the change itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_mock import MockerFixture

from jack.adapters.phones import LibPhoneReader
from jack.application.errors import ServiceUnavailable
from jack.application.ports.pms_pages import ReservationPage
from jack.application.stays.pages import PageKeeper
from jack.domain.reservation import ReservationStatus
from jack.domain.sync import SyncKind
from tests.application.world import World
from tests.fakes.persistence.reading import InMemoryStayEvents
from tests.hotel import HARBOUR, NOW, a_ref, a_reservation_snapshot

CONFIRMED = a_reservation_snapshot(status=ReservationStatus.CONFIRMED, room_number="204", modified_at=NOW)
CHECKED_IN = replace(CONFIRMED, status=ReservationStatus.CHECKED_IN, modified_at=NOW)


def told(world: World) -> list[str]:
    return [event.kind.value for event in sorted(world.state.stay_events.values(), key=lambda e: (e.at, e.id))]


async def test_a_change_that_is_read_again_and_again_is_told_once() -> None:
    world = World(CONFIRMED)
    await world.sync(HARBOUR)
    assert told(world) == []
    world.book.put(CHECKED_IN)
    world.clock.move(timedelta(minutes=1))
    await world.sync(HARBOUR)
    await world.sync(HARBOUR, SyncKind.FULL)
    keeper = PageKeeper(world.database.begin, LibPhoneReader(), world.clock, world.hotel, "mock")
    await keeper.page(ReservationPage(reservations=(CHECKED_IN,)))
    assert told(world) == ["checked_in"]


async def test_an_older_version_that_arrives_late_tells_nothing() -> None:
    world = World(CHECKED_IN)
    await world.sync(HARBOUR)
    keeper = PageKeeper(world.database.begin, LibPhoneReader(), world.clock, world.hotel, "mock")
    await keeper.page(ReservationPage(reservations=(replace(CONFIRMED, modified_at=NOW.replace(hour=1)),)))
    assert told(world) == ["first_seen_checked_in"]


async def test_gone_and_back_are_told_once_each() -> None:
    world = World(CONFIRMED)
    await world.sync(HARBOUR)
    world.book.delete(a_ref("R-1"))
    await world.sync(HARBOUR, SyncKind.FULL)
    await world.sync(HARBOUR, SyncKind.FULL)
    world.book.put(CONFIRMED)
    world.clock.move(timedelta(minutes=1))
    await world.sync(HARBOUR, SyncKind.FULL)
    assert told(world) == ["gone", "came_back"]


async def test_what_could_not_be_told_did_not_happen_yet(mocker: MockerFixture) -> None:
    world = World(CONFIRMED)
    await world.sync(HARBOUR)
    world.book.put(CHECKED_IN)
    world.clock.move(timedelta(minutes=1))
    broken = mocker.patch.object(InMemoryStayEvents, "add", side_effect=ServiceUnavailable("the disk is full"))
    await world.sync(HARBOUR)
    assert [r.status for r in world.state.reservations.values()] == [ReservationStatus.CONFIRMED]
    mocker.stop(broken)
    await world.sync(HARBOUR)
    assert told(world) == ["checked_in"]


@pytest.mark.parametrize("kind", [SyncKind.CHANGES, SyncKind.FULL])
async def test_every_way_of_reading_tells_it(kind: SyncKind) -> None:
    world = World(CONFIRMED)
    await world.sync(HARBOUR)
    world.book.put(replace(CONFIRMED, room_number="305", modified_at=NOW))
    world.clock.move(timedelta(minutes=1))
    await world.sync(HARBOUR, kind)
    assert told(world) == ["room_moved"]

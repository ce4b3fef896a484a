"""OPERA's housekeeping board."""

from collections.abc import Callable
from typing import Any

import pytest

from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import UnknownValue
from tests.adapters.pms.opera.conftest import World
from tests.hotel import a_room_snapshot
from tests.simulators.pms import opera_render


def told_as(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], None]) -> None:
    """Let every room be told with that change."""
    render = opera_render.room

    def changed(*given: Any) -> dict[str, Any]:
        told = render(*given)
        change(told)
        return told

    monkeypatch.setattr(opera_render, "room", changed)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Clean", Housekeeping.CLEAN),
        ("DIRTY", Housekeeping.DIRTY),
        ("Pickup", Housekeeping.DIRTY),
        ("Inspected", Housekeeping.INSPECTED),
        ("OutOfOrder", Housekeeping.OUT_OF_ORDER),
        ("OUT OF SERVICE", Housekeeping.OUT_OF_ORDER),
    ],
)
async def test_every_state_of_a_room_is_understood(
    world: World, monkeypatch: pytest.MonkeyPatch, word: str, state: Housekeeping
) -> None:
    world.opera.rooms = {"204": a_room_snapshot()}
    told_as(monkeypatch, lambda t: t["housekeeping"]["housekeepingRoomStatus"].update(housekeepingRoomStatus=word))

    (room,) = (await world.pms().rooms()).rooms

    assert (room.housekeeping, room.occupancy) == (state, Occupancy.OCCUPIED)


async def test_an_unknown_state_is_reported_and_left_empty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.opera.rooms = {"204": a_room_snapshot()}
    told_as(monkeypatch, lambda t: t["housekeeping"]["housekeepingRoomStatus"].update(housekeepingRoomStatus="Haunted"))

    found = await world.pms().rooms()

    assert found.rooms[0].housekeeping is None
    assert found.unknown == (UnknownValue(field="room.housekeeping", value="Haunted"),)


async def test_rooms_are_read_page_by_page_without_posting_masters(world: World) -> None:
    world.opera.rooms = {str(n): a_room_snapshot(str(n)) for n in range(100, 130)}

    found = await world.pms(page_size=7).rooms()

    assert [room.number for room in found.rooms] == [str(n) for n in range(100, 130)]
    assert [call.asked("offset") for call in world.asked("/hsk/v1/hotels/HARBOUR/housekeepingOverview")] == [
        str(offset) for offset in range(0, 35, 7)
    ]


async def test_a_board_that_shifted_while_it_was_read_is_read_once_more(world: World) -> None:
    world.opera.rooms = {str(n): a_room_snapshot(str(n)) for n in range(100, 120)}
    world.opera.after_next_page = lambda: world.opera.rooms.__delitem__("100")

    found = await world.pms(page_size=7).rooms()

    assert {room.number for room in found.rooms} == {str(n) for n in range(101, 120)}


async def test_lists_that_say_nothing_of_more_are_read_to_an_empty_answer(world: World) -> None:
    world.opera.rooms = {str(n): a_room_snapshot(str(n)) for n in range(100, 120)}
    world.holds(*(f"R-{n}" for n in range(12)))
    world.opera.tells_of_more = False

    pms = world.pms(page_size=5)

    assert len((await pms.rooms()).rooms) == 20
    assert len(await world.changes(pms)) == 12

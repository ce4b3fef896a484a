"""The list of rooms: bad ones are kept beside the good ones, and nothing that Jack knew is lost with them."""

from jack.application.ports.pms_pages import RoomList
from jack.application.stays.rooms import apply_rooms
from jack.domain.room import Housekeeping
from jack.domain.snapshot import ROOM, RejectedRecord
from tests.application.world import World
from tests.hotel import NOW, a_ref, a_room_snapshot

BAD = RejectedRecord(kind=ROOM, ref=a_ref("room-7"), reason="unknown state", raw="{}")


async def told(world: World, rooms: RoomList) -> int:
    async with world.database.begin() as uow:
        rejected = await apply_rooms(uow, world.hotel, "mock", rooms, NOW)
        await uow.commit()
    return rejected


def numbers(world: World) -> set[str]:
    return {room.number for room in world.state.rooms.values()}


async def test_a_bad_room_is_kept_with_its_reason_and_forgotten_when_it_is_in_order() -> None:
    world = World()
    assert await told(world, RoomList(rooms=(a_room_snapshot("204"),), rejected=(BAD,))) == 1
    assert [kept.record for kept in world.state.rejected.values()] == [BAD]
    assert await told(world, RoomList(rooms=(a_room_snapshot("204"), a_room_snapshot("7")))) == 0
    assert world.state.rejected == {}
    assert numbers(world) == {"204", "7"}


async def test_a_room_that_the_list_does_not_name_stays_while_some_cannot_be_read() -> None:
    world = World()
    await told(world, RoomList(rooms=(a_room_snapshot("204"), a_room_snapshot("7"))))
    dirty = a_room_snapshot("204", housekeeping=Housekeeping.DIRTY)
    await told(world, RoomList(rooms=(dirty,), rejected=(BAD,)))
    assert numbers(world) == {"204", "7"}
    assert {room.housekeeping for room in world.state.rooms.values() if room.number == "204"} == {Housekeeping.DIRTY}
    await told(world, RoomList(rooms=(dirty,)))
    assert numbers(world) == {"204"}


async def test_a_room_that_cannot_be_kept_costs_itself_alone() -> None:
    world = World()
    assert await told(world, RoomList(rooms=(a_room_snapshot("204"), a_room_snapshot("8" * 999)))) == 1
    assert numbers(world) == {"204"}

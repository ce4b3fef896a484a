"""Tasks for the hotel's people."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import ServiceUnavailable
from jack.application.ports.pms_tasks import PmsTask
from tests.adapters.pms.mews.conftest import World, at_mews
from tests.hotel import NOW
from tests.simulators.pms.vendor import BreaksOff, Fails, Works

TASK = PmsTask(
    key="0192f0c4e1aa",
    title="Two towels",
    details="Anna asks for two towels",
    reservation=at_mews("R-1"),
    confirmation_number="52",
    room_number="204",
    due_at=NOW + timedelta(hours=1),
)


async def test_a_task_has_a_deadline_a_stay_and_a_department(world: World) -> None:
    world.holds()

    key = await world.pms(task_department_id="housekeeping").file_task(TASK)

    (task,) = world.house.tasks
    assert (task["Id"], task["Name"]) == (key, "Two towels")
    assert task["DeadlineUtc"] == "2026-11-22T13:00:00Z"
    assert (task["ServiceOrderId"], task["DepartmentId"]) == ("R-1", "housekeeping")
    for text in ("Anna asks for two towels", "Room 204", "52", TASK.key):
        assert text in task["Description"]


@pytest.mark.parametrize("reservation", [at_mews("R-1"), None], ids=["of a stay", "of nobody"])
async def test_filing_again_makes_nothing_twice(world: World, reservation: object) -> None:
    world.holds()
    task = replace(TASK, reservation=reservation)  # type: ignore[arg-type]

    keys = {await world.pms().file_task(task) for _ in range(3)}
    other = await world.pms().file_task(replace(task, key=TASK.key + "9"))

    assert len(keys) == 1
    assert other not in keys
    assert len(world.house.tasks) == 2


async def test_a_task_is_looked_for_behind_many_others(world: World) -> None:
    world.holds()
    pms = world.pms()
    first = await pms.file_task(replace(TASK, reservation=None))
    for number in range(1100):
        world.house.tasks.append(world.house.tasks[0] | {"Id": f"other-{number}", "Description": "clean"})

    assert await pms.file_task(replace(TASK, reservation=None)) == first


async def test_a_call_that_broke_off_after_it_was_carried_out_makes_no_second_task(world: World) -> None:
    world.holds()
    pms = world.pms()
    await pms.hotel()
    world.mews.will(Works(), BreaksOff())

    key = await pms.file_task(TASK)

    assert [task["Id"] for task in world.house.tasks] == [key]


async def test_a_failure_of_mews_is_tried_again_only_after_a_look(world: World) -> None:
    world.holds()
    pms = world.pms()
    await pms.hotel()
    world.mews.will(Works(), Fails(500), Works(), Fails(429, 3))

    await pms.file_task(TASK)

    operations = [request.path.rpartition("v1/")[2] for request in world.mews.requests][-6:]
    assert operations == ["tasks/getAll", "tasks/add"] * 3
    assert len(world.house.tasks) == 1
    assert timedelta(seconds=3) in world.clock.slept


async def test_a_mews_that_stays_out_of_order_is_told(world: World) -> None:
    world.holds()
    pms = world.pms()
    await pms.hotel()
    world.mews.will(*(Works(), Fails(503)) * 3)

    with pytest.raises(ServiceUnavailable):
        await pms.file_task(TASK)
    assert world.house.tasks == []

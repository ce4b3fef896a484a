"""Tasks and notes for the hotel's people: filed once, whatever breaks meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import ServiceRejected, ServiceUnavailable
from jack.application.ports.pms import Capability
from jack.application.ports.pms_tasks import PmsTask
from tests.contracts.pms_readings import at_home
from tests.contracts.stages import over_http
from tests.contracts.stages.stage import PmsStage
from tests.hotel import NOW, a_reservation_snapshot, a_room_snapshot
from tests.simulators.pms.vendor import BreaksOff, CutsOff, Fails, Fault, SaysNothing, Works

KEY = "0192f0c4e1aa3b5c7d9e00112233aabb"


def towels(stage: PmsStage, key: str = KEY) -> PmsTask:
    """Two towels for a stay that the vendor holds."""
    stay = at_home(stage, a_reservation_snapshot())
    stage.has_rooms(a_room_snapshot())
    stage.holds(stay)
    return PmsTask(
        key=key,
        title="Two towels",
        details="The guest asks for two more bath towels, bitte groß!",
        reservation=stay.ref,
        confirmation_number=stage.reservation_as_told(stay).confirmation_number,
        room_number="204",
        due_at=NOW + timedelta(hours=1),
    )


def can(stage: PmsStage) -> bool:
    return Capability.TASKS in stage.pms.capabilities


async def test_a_task_is_filed_with_its_words_and_its_key(stage: PmsStage) -> None:
    task = towels(stage)
    if not can(stage):
        with pytest.raises(ServiceRejected):
            await stage.pms.file_task(task)
        return

    made = await stage.pms.file_task(task)

    assert made
    (text,) = stage.tasks()
    for words in (task.title, task.details, task.key):
        assert words in text


async def test_a_task_that_is_filed_again_is_there_once(stage: PmsStage) -> None:
    task = towels(stage)
    if not can(stage):
        return

    keys = {await stage.pms.file_task(task) for _ in range(3)}

    assert len(keys) == 1
    assert len(stage.tasks()) == 1


async def test_two_tasks_with_the_same_words_are_two(stage: PmsStage) -> None:
    if not can(stage):
        return
    first, second = towels(stage), towels(stage, key=KEY[::-1])

    made = [await stage.pms.file_task(task) for task in (first, second, first)]

    assert made[0] == made[2] != made[1]
    assert len(stage.tasks()) == 2


@over_http
@pytest.mark.parametrize("calls_before", range(5))
@pytest.mark.parametrize(
    "fault", [BreaksOff(), CutsOff(), SaysNothing(), Fails(500), Fails(503), Fails(429)], ids=lambda f: repr(f)[:12]
)
async def test_a_task_is_filed_once_whichever_call_breaks(stage: PmsStage, calls_before: int, fault: Fault) -> None:
    task = towels(stage)
    if not can(stage):
        return
    stage.fault(*[Works()] * calls_before, fault)

    for _ in range(3):
        try:
            await stage.pms.file_task(task)
            break
        except ServiceUnavailable:
            continue

    assert len([text for text in stage.tasks() if KEY in text]) == 1


async def test_a_task_without_a_stay_is_filed_or_refused_in_words(stage: PmsStage) -> None:
    if not can(stage):
        return
    task = replace(towels(stage), reservation=None, confirmation_number=None, room_number=None)

    refusal = await refused(stage, task)

    assert len(stage.tasks()) == (0 if refusal else 1)


async def test_a_task_for_a_stay_that_is_gone_is_refused_in_words(stage: PmsStage) -> None:
    if not can(stage):
        return
    task = towels(stage)
    assert task.reservation is not None
    stage.forgets(task.reservation)

    refusal = await refused(stage, task)

    assert len(stage.tasks()) == (0 if refusal else 1)


async def refused(stage: PmsStage, task: PmsTask) -> str:
    """Why the vendor cannot keep that task; empty where it did."""
    try:
        await stage.pms.file_task(task)
    except ServiceRejected as refusal:
        return refusal.reason
    return ""

"""One adapter is asked by many at once, and some give up while they wait."""

import asyncio

import pytest

from tests.contracts.pms_readings import QUESTIONS, Question, at_home, many, pages_of, read
from tests.contracts.stages import over_http
from tests.contracts.stages.stage import PmsStage
from tests.hotel import a_reservation_snapshot, a_room_snapshot
from tests.simulators.pms.vendor import Fails, Hangs, VendorSimulator, Works


async def test_readings_and_questions_at_the_same_time_do_not_disturb_each_other(stage: PmsStage) -> None:
    hotel = many(stage, 23)
    stage.has_rooms(*(a_room_snapshot(str(number)) for number in range(200, 210)))
    stage.holds(*hotel)

    readings = asyncio.gather(*(read(pages_of(stage, "staying")) for _ in range(2)))
    questions = asyncio.gather(*(stage.pms.reservation(stay.ref) for stay in hotel))
    rooms = await stage.pms.rooms()

    told = {stay.ref: stage.reservation_as_told(stay) for stay in hotel}
    for found, rejected in await readings:
        assert {stay.ref: stay for stay in found} == told
        assert rejected == []
    assert await questions == list(told.values())
    assert len(rooms.rooms) == 10


@over_http
@pytest.mark.parametrize("calls_before", [0, 1, 2])
async def test_who_gives_up_while_a_vendor_is_silent_spoils_nothing_for_the_next(
    stage: PmsStage, simulator: VendorSimulator, question: Question, calls_before: int
) -> None:
    stage.has_rooms(a_room_snapshot())
    stage.holds(at_home(stage, a_reservation_snapshot()))
    stage.fault(*[Works()] * calls_before, Hangs())
    impatient = asyncio.ensure_future(question(stage))
    for _ in range(400):
        await asyncio.sleep(0.001)
        if impatient.done() or len(simulator.requests) > len(simulator.exchanges):
            break
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    simulator.faults.clear()

    async with asyncio.timeout(5):
        assert await question(stage)


@over_http
async def test_who_waits_with_somebody_who_gives_up_is_answered(stage: PmsStage, simulator: VendorSimulator) -> None:
    stage.has_rooms(a_room_snapshot())
    stage.holds(at_home(stage, a_reservation_snapshot()))
    ask = QUESTIONS["reservation"]
    for given_up in range(3):
        simulator.will(*[Works()] * given_up, Fails(503))
        impatient, patient = (asyncio.ensure_future(ask(stage)) for _ in range(2))
        for _ in range(given_up + 1):
            await asyncio.sleep(0.002)
        impatient.cancel()

        async with asyncio.timeout(5):
            assert await patient
        await asyncio.gather(impatient, return_exceptions=True)

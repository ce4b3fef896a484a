"""Whatever comes twice, and whoever is stopped or dies: every message is answered once."""

from tests.journeys.conftest import House
from tests.journeys.hotel import Harbour
from tests.journeys.models import asked_for
from tests.programs import eventually
from tests.simulators.plays import Hang


async def test_one_webhook_delivered_many_times_at_once_gets_one_answer(harbour: Harbour) -> None:
    stay = harbour.next_guest()

    await harbour.writes(stay, "What time is breakfast?", times=12)
    await harbour.hears(stay)
    await harbour.meanwhile_others_are_answered()

    assert len(harbour.said_to(stay)) == 1
    async with harbour.staff() as ann:
        conversation = await ann.conversation(stay)
        assert [one["direction"] for one in await ann.messages(conversation["id"])] == ["inbound", "outbound"]


async def test_an_answer_that_dies_with_its_worker_is_given_by_another_once_the_lease_lapses(
    many_processes: House,
) -> None:
    harbour, models = many_processes.harbour, many_processes.models
    stay = harbour.next_guest()
    question = "May I have two more pillows, please?"
    for model in models:
        model.will(Hang())

    await harbour.writes(stay, question)

    async def who_is_asked() -> list[int]:
        return [number for number, model in enumerate(models) if asked_for(model, question)]

    (dying,) = await eventually(who_is_asked)
    await harbour.workers[dying].kill()
    for model in models:
        model.plays.clear()

    (answer,) = await harbour.hears(stay)
    assert stay.guest.first_name in answer.body
    assert asked_for(models[1 - dying], question)
    harbour.workers[dying] = await harbour.start_worker(dying)


async def test_told_to_stop_every_process_ends_well_and_what_was_acknowledged_is_answered_after_the_start(
    harbour: Harbour,
) -> None:
    stay = harbour.next_guest()

    await harbour.writes(stay, "What is the Wi-Fi called?")
    codes = await harbour.stop()

    assert set(codes) == {0}
    await harbour.open()
    await harbour.hears(stay)
    await harbour.meanwhile_others_are_answered()
    assert len(harbour.said_to(stay)) == 1

"""Named moments: a process is killed, or staff take over, while one certain call is on its way."""

import asyncio
from itertools import count
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.programs import eventually
from tests.simulators.whatsapp import Accepted
from tests.simulators.whatsapp_webhooks import Person
from tests.torture.crowd import Crowd, somebody
from tests.torture.desk import Desk, digits
from tests.torture.gates import Body
from tests.torture.house import House
from tests.torture.words import answered, topics

_numbers = count(5000)


@pytest.fixture
def guest() -> Person:
    """Somebody who has not written before."""
    return somebody(next(_numbers))


async def ask(crowd: Crowd, guest: Person) -> str:
    """The guest writes; the topic."""
    of = crowd.next_topic()
    await crowd.ask({of: guest}, copies=3)
    return of


def about(of: str) -> "Any":
    """Whether a call has that topic in it: to the model as a question, to the channel as an answer."""

    def wants(body: Body) -> bool:
        if "messages" in body:
            return of in topics(str(body["messages"][-1]["content"]))
        return body.get("type") == "text" and of in topics(body["text"]["body"])

    return wants


def said_to(house: House, guest: Person) -> list[Accepted]:
    """What the channel took for this guest."""
    return [sent for sent in house.whatsapp.accepted if digits(sent.address) == guest.wa_id]


async def answer_to(house: House, of: str) -> None:
    """Return once the guest was answered; never twice."""

    async def look() -> bool:
        return of in answered(sent.body for sent in house.whatsapp.accepted)

    await eventually(look, 60)
    assert answered(sent.body for sent in house.whatsapp.accepted).count(of) == 1


async def others_are_answered(house: House, crowd: Crowd) -> None:
    """Long enough for an answer: somebody else who writes now has got one."""
    await answer_to(house, await ask(crowd, somebody(next(_numbers))))


async def conversation_with(desk: Desk, guest: Person) -> Any:
    """The conversation with this guest, once there is one."""

    async def look() -> Any:
        return next((one for one in await desk.conversations() if digits(one["address"]) == guest.wa_id), None)

    return await eventually(look)


async def test_taking_over_while_the_model_thinks_silences_jack_until_the_hand_back(
    house: House, crowd: Crowd, desk: Desk, guest: Person
) -> None:
    of = crowd.next_topic()
    hold = house.model.hold(about(of))
    await crowd.ask({of: guest}, copies=12)
    await hold.reached.wait()
    conversation = await conversation_with(desk, guest)

    await desk.take_over(conversation)
    hold.release()
    await others_are_answered(house, crowd)

    assert said_to(house, guest) == []
    await desk.hand_back(conversation)
    await answer_to(house, of)


async def test_taking_over_while_a_word_is_on_the_wire_returns_only_once_it_has_landed(
    house: House, crowd: Crowd, desk: Desk, guest: Person
) -> None:
    of = crowd.next_topic()
    hold = house.graph.hold(about(of))
    await crowd.ask({of: guest})
    await hold.reached.wait()
    conversation = await conversation_with(desk, guest)

    taking = asyncio.create_task(desk.take_over(conversation))
    await others_are_answered(house, crowd)
    assert not taking.done()
    hold.release()
    await taking

    assert [of] == answered(sent.body for sent in said_to(house, guest))
    await ask(crowd, guest)
    await others_are_answered(house, crowd)
    assert len(said_to(house, guest)) == 1


async def test_taking_over_while_a_word_waits_for_a_busy_channel_keeps_it_from_leaving(
    house: House, crowd: Crowd, desk: Desk, guest: Person
) -> None:
    of = crowd.next_topic()
    hold = house.graph.hold(about(of))
    await crowd.ask({of: guest})
    await hold.reached.wait()
    house.whatsapp.fail_next(130429)
    hold.release()
    conversation = await conversation_with(desk, guest)

    async def waits() -> bool:
        return any(one["problem"] for one in await desk.messages(conversation["id"]))

    await eventually(waits)
    await desk.take_over(conversation)
    await others_are_answered(house, crowd)

    assert said_to(house, guest) == []
    await desk.hand_back(conversation)
    await answer_to(house, of)


async def test_what_was_sent_when_its_process_was_killed_is_never_sent_again_and_the_echo_settles_it(
    house: House, crowd: Crowd, desk: Desk, guest: Person
) -> None:
    of = crowd.next_topic()
    hold = house.graph.hold(about(of), "after")
    await crowd.ask({of: guest})
    await hold.reached.wait()
    for process in house.answering:
        process.kill()
    hold.lose()
    await house.serves()

    (sent,) = said_to(house, guest)
    conversation = await conversation_with(desk, guest)
    await house.harbour.reports(sent, "read", "sent", "delivered")

    async def settled() -> bool:
        return [one["status"] for one in await desk.messages(conversation["id"])] == ["received", "read"]

    await eventually(settled)
    await others_are_answered(house, crowd)
    assert said_to(house, guest) == [sent]
    assert not (await conversation_with(desk, guest))["needs_attention"]


@pytest.mark.parametrize("house", ["many_processes"], indirect=True)
async def test_workers_outlive_a_redis_that_is_away_for_seconds_and_comes_back_empty(
    house: House, crowd: Crowd, guest: Person
) -> None:
    assert house.redis is not None
    of = crowd.next_topic()
    hold = house.model.hold(about(of))
    before = [process.program for process in house.processes]
    await crowd.ask({of: guest})
    await hold.reached.wait()

    house.redis.kill()
    away = [crowd.next_topic() for _ in range(3)]
    writers = [somebody(next(_numbers)) for _ in away]
    await crowd.ask(dict(zip(away, writers, strict=True)), copies=5)  # acknowledged all the same
    hold.release()
    await house.all_noticed("Redis does not answer", "the worker stopped")
    await asyncio.to_thread(house.redis.start)

    for asked in (of, *away):
        await answer_to(house, asked)
    async with Redis.from_url(house.redis.url) as redis:
        await redis.flushall()
    await others_are_answered(house, crowd)
    assert [process.program for process in house.processes] == before


@pytest.mark.parametrize("house", ["many_processes"], indirect=True)
async def test_processes_outlive_a_postgresql_that_is_killed_while_the_model_thinks(
    house: House, crowd: Crowd, guest: Person
) -> None:
    assert house.postgres is not None
    of = crowd.next_topic()
    hold = house.model.hold(about(of))
    before = [process.program for process in house.processes]
    await crowd.ask({of: guest})
    await hold.reached.wait()

    house.postgres.kill()
    hold.release()
    late = crowd.next_topic()
    asking = asyncio.create_task(crowd.ask({late: somebody(next(_numbers))}, copies=5))

    async def refused() -> bool:
        return crowd.refusals["503"] > 0

    await eventually(refused)
    await asyncio.to_thread(house.postgres.start)
    await asking

    for asked in (of, late):
        await answer_to(house, asked)
    assert [process.program for process in house.processes] == before

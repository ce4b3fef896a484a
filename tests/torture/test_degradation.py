"""The model or the channel is down: guests get an honest answer in their language in time, staff are told, and the
conversation goes on."""

import asyncio
import time
from collections import defaultdict
from typing import Any

import pytest

from jack.domain.replies import FixedReply, fixed_reply
from jack.domain.snapshot import ReservationSnapshot
from tests.journeys.hotel import person
from tests.programs import eventually
from tests.simulators.openai import error
from tests.simulators.plays import BreakOff, Hang, Play, Raw, Say
from tests.torture.crowd import Crowd
from tests.torture.desk import Desk, digits
from tests.torture.house import House
from tests.torture.words import answered, topics

MOODS: dict[str, Play] = {
    "is down": Raw(503, error("down")),
    "is overloaded for a minute": Raw(429, error("busy"), (("retry-after", "60"),)),
    "never answers": Hang(),
    "breaks off": BreakOff(),
    "refuses the key": Raw(401, error("wrong key")),
    "has no credit": Raw(429, error("no money", code="insufficient_quota")),
    "answers garbage": Raw(200, b"<html>Bad gateway</html>"),
    "answers with a wrong shape": Raw(200, {"choices": "none"}),
    "says nothing": Say(text="  "),
    "declines": Say(text=None, extra={"message": {"refusal": "I cannot help with that."}}),
}
IN_TIME = 15.0
"""Seconds: the patience of three, one try of the model that began within it, and a busy machine."""


@pytest.fixture
def house(one_process: House) -> House:
    """The house whose guests wait three seconds for a model that is down."""
    return one_process


async def test_whatever_is_wrong_with_the_model_guests_hear_so_in_their_language_in_time_and_staff_are_told(
    house: House, crowd: Crowd, desk: Desk
) -> None:
    guests = _guests(house, len(MOODS))
    assert len({stay.guest.language for stay in guests}) >= 3
    asked = {crowd.next_topic(): stay for stay in guests}
    house.moods.update(zip(asked, MOODS.values(), strict=True))

    await eventually(lambda: _is_synced(desk))

    begun = time.monotonic()
    await crowd.ask({of: person(stay) for of, stay in asked.items()})
    texts = await asyncio.gather(*(_hears(house, stay, 1) for stay in asked.values()))
    assert time.monotonic() - begun < IN_TIME
    expected = [[fixed_reply(FixedReply.COLLEAGUE_WILL_ANSWER, str(stay.guest.language))] for stay in guests]
    assert dict(zip(MOODS, texts, strict=True)) == dict(zip(MOODS, expected, strict=True))
    told = await _told(desk)
    calls = {mood: told[str(person(stay).wa_id)] for mood, stay in zip(MOODS, guests, strict=True)}
    assert {mood: one["needs_attention"] for mood, one in calls.items()} == dict.fromkeys(MOODS, True)
    assert all("the language model" in one["attention_reason"] for one in calls.values())

    # nobody is stuck: the model is well again, and the next question gets its answer
    house.moods.clear()
    again = {crowd.next_topic(): stay for stay in guests}
    await crowd.ask({of: person(stay) for of, stay in again.items()})
    texts = await asyncio.gather(*(_hears(house, stay, 2) for stay in again.values()))
    assert [of in answered(heard[1:]) for of, heard in zip(again, texts, strict=True)] == [True] * len(guests)


async def test_a_channel_that_is_down_for_a_while_gets_each_answer_once_and_staff_see_what_waits(
    house: House, crowd: Crowd, desk: Desk
) -> None:
    (stay,) = _guests(house, 1)
    of = crowd.next_topic()
    already = len(house.whatsapp.accepted)
    hold = house.graph.hold(lambda body: body.get("type") == "text" and of in topics(body["text"]["body"]))
    await crowd.ask({of: person(stay)})
    await hold.reached.wait()
    house.whatsapp.fail_next(130429)
    hold.release()

    async def waits() -> bool:
        conversation = (await _told(desk)).get(str(person(stay).wa_id))
        messages = await desk.messages(conversation["id"]) if conversation else []
        return any(one["status"] == "queued" and one["problem"] for one in messages)

    async def arrived() -> bool:
        return of in answered(sent.body for sent in house.whatsapp.accepted)

    await eventually(waits)
    await eventually(arrived)
    assert answered(sent.body for sent in house.whatsapp.accepted[already:]).count(of) == 1


async def _is_synced(desk: Desk) -> bool:
    return bool((await desk.get("/hotels/harbour/sync"))["last_success_at"])


async def _told(desk: Desk) -> dict[str, Any]:
    """Every conversation as staff see it, by the guest's number."""
    return {digits(one["address"]): one for one in await desk.conversations()}


async def _hears(house: House, stay: ReservationSnapshot, count: int) -> list[str]:
    """What the channel took for this guest, once it is that many."""

    async def look() -> list[str] | None:
        found = [sent.body for sent in house.whatsapp.accepted if digits(sent.address) == person(stay).wa_id]
        return found if len(found) >= count else None

    return await eventually(look)


def _guests(house: House, count: int) -> list[ReservationSnapshot]:
    """People in house of many languages, each alone with their phone."""
    book = house.harbour.reservations()
    holders = defaultdict[str, set[str]](set)
    for stay in book:
        for guest in (stay.guest, *stay.companions):
            for phone in guest.phones:
                holders[phone].add(guest.ref.key)
    by_language: dict[str, list[ReservationSnapshot]] = {}
    for stay in house.harbour.in_house():
        phones = stay.guest.phones
        if phones and phones[0].startswith("+") and len(holders[phones[0]]) == 1 and stay.guest.language:
            by_language.setdefault(stay.guest.language, []).append(stay)
    found: list[ReservationSnapshot] = []
    while len(found) < count and any(by_language.values()):
        found += [stays.pop() for stays in by_language.values() if stays]
    assert len(found) >= count
    return found[:count]

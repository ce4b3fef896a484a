"""Business events: reading the queue empties it, so nothing may be lost on the way from OPERA to Jack's rows."""

import json
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta

import pytest

from jack.application.errors import ServiceUnavailable
from jack.application.ports.pms_notices import PmsHints
from jack.domain.snapshot import UnknownValue
from jack.domain.sync import SyncWindow
from tests.adapters.pms.opera.conftest import SEARCH, World, keys_of, read
from tests.fakes.pms import RememberingFake
from tests.hotel import NOW, a_guest_snapshot
from tests.simulators.pms.vendor import BreaksOff, CutsOff, Fails, Fault, Reply, Request, SaysNothing, Works

EVENTS = "/int/v1/externalSystem/JACK/hotels/HARBOUR/businessEvents"
WINDOW = SyncWindow(since=NOW - timedelta(minutes=10), until=NOW)


async def proven(world: World) -> None:
    """Let events have come from the queue in an earlier run."""
    await world.changes()
    world.opera.tell("Rate", "UPDATE RATE", "BAR")
    await world.changes()
    world.opera.requests.clear()


async def test_events_are_kept_before_anything_that_they_name_is_read(world: World) -> None:
    world.holds("R-1")
    waiting_at_calls: list[int] = []
    answer = world.opera.answer

    def watched(request: Request) -> Reply:
        waiting_at_calls.append(len(world.memory.waiting))
        return answer(request)

    world.opera.answer = watched  # type: ignore[method-assign]
    await world.changes()

    paths = [request.path for request in world.opera.requests]
    assert waiting_at_calls[paths.index(f"{SEARCH}/R-1")] == 1


async def test_a_process_that_dies_after_the_answer_and_before_handling_loses_no_event(world: World) -> None:
    world.holds("R-1", "R-2")
    world.opera.will(Works(), Works(), *[Fails(500)] * 20)
    with pytest.raises(ServiceUnavailable):
        await world.changes()
    assert not world.opera.queue
    world.opera.faults.clear()

    assert {"R-1", "R-2"} <= set(await world.changes(world.pms()))


async def test_events_are_forgotten_only_when_what_they_name_is_durable(world: World) -> None:
    world.holds("R-1")
    async with aclosing(world.pms().changed(WINDOW)) as pages:
        assert keys_of(await anext(pages)) == ["R-1"]
        assert world.memory.waiting

    await world.changes()

    assert not world.memory.waiting


async def test_a_process_that_dies_between_taking_and_keeping_makes_the_next_one_compare_all_stays(
    world: World,
) -> None:
    class Dies(RememberingFake):
        async def keep(self, bodies: Sequence[bytes]) -> None:
            raise KeyboardInterrupt

    await proven(world)
    far = world.holds("far", arrival=200, departure=203)[0]
    notes, world.memory = world.memory.notes, Dies()
    world.memory.notes = notes
    with pytest.raises(KeyboardInterrupt):
        await world.changes()
    assert not world.opera.queue
    world.memory = RememberingFake()
    world.memory.notes = notes

    assert await world.changes() == [far.ref.key]
    assert await world.changes() == []


@pytest.mark.parametrize("fault", [BreaksOff(), CutsOff(), SaysNothing(), Fails(500)], ids=repr)
async def test_a_call_that_broke_on_its_way_back_makes_jack_compare_all_stays(world: World, fault: Fault) -> None:
    await proven(world)
    world.holds("far", arrival=200, departure=203)
    world.opera.will(fault)

    assert await world.changes() == ["far"]
    assert await world.changes() == []


async def test_the_queue_is_read_in_twenties_until_it_is_empty(world: World) -> None:
    keys = [f"R-{n}" for n in range(45)]
    world.holds(*keys)

    assert sorted(await world.changes()) == sorted(keys)

    calls = world.asked(EVENTS)
    assert [call.query for call in calls] == [(("limit", "20"),)] * 4
    assert not world.opera.queue


async def test_a_stay_that_many_events_name_is_read_once(world: World) -> None:
    world.holds("R-1")
    for _ in range(30):
        world.opera.tell("Reservation", "UPDATE RESERVATION", "R-1")

    assert await world.changes() == ["R-1"]
    assert world.singles == ["R-1"]


async def test_an_event_of_another_hotel_and_of_another_module_reads_nothing(world: World) -> None:
    await proven(world)
    world.opera.tell("Reservation", "NEW RESERVATION", "R-9", hotel_id="OTHER")
    world.opera.tell("Block", "UPDATE BLOCK", "B-1")

    assert await world.changes() == []
    assert world.singles == []


async def test_an_event_that_nobody_knows_is_reported_and_all_stays_are_compared(world: World) -> None:
    await proven(world)
    world.holds("far", arrival=200, departure=203)
    world.opera.queue.clear()
    world.opera.tell("Moon", "MOON RISEN", "M-1")

    pages = await read(world.pms().changed(WINDOW))

    assert UnknownValue(field="event.module", value="Moon") in [word for page in pages for word in page.unknown]
    assert [key for page in pages for key in keys_of(page)] == ["far"]


async def test_a_changed_profile_brings_the_guest_with_their_stays(world: World) -> None:
    await proven(world)
    (stay,) = world.holds("R-1", companions=(a_guest_snapshot("bruno"),))
    await world.changes()
    world.opera.tell("Profile", "UPDATE PROFILE", stay.guest.ref.key)
    world.opera.tell("Profile", "UPDATE PROFILE", "bruno")

    pages = await read(world.pms().changed(WINDOW))

    assert [key for page in pages for key in keys_of(page)] == ["R-1"]
    assert [guest for page in pages for guest in page.guests] == []


async def test_a_companions_profile_brings_them_alone(world: World) -> None:
    await proven(world)
    world.holds("R-1", companions=(a_guest_snapshot("bruno"),))
    await world.changes()
    world.opera.tell("Profile", "UPDATE PROFILE", "bruno")

    pages = await read(world.pms().changed(WINDOW))

    assert [guest.first_name for page in pages for guest in page.guests] == ["Bruno"]


async def test_a_stay_that_was_purged_is_told_as_gone(world: World) -> None:
    (stay,) = world.holds("R-1")
    world.opera.held.clear()

    pages = await read(world.pms().changed(WINDOW))

    assert stay.ref in [ref for page in pages for ref in page.gone]


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_without_a_queue_every_change_of_a_stay_is_found_by_its_dates(world: World, status: int) -> None:
    world.without_events()
    world.opera.instead[EVENTS] = Reply(status, {"title": "no queue"})
    world.holds("near", "far", arrival=1, departure=360)
    assert await world.changes() == ["near", "far"]
    assert await world.changes() == []

    world.holds("far", arrival=1, departure=360, room_number="310", modified_at=NOW + timedelta(minutes=1))

    assert await world.changes() == ["far"]
    assert world.singles == ["near", "far", "far"]


async def test_a_queue_that_never_told_anything_is_not_relied_on(world: World) -> None:
    world.holds("far", arrival=200, departure=203)
    world.opera.queue.clear()

    assert await world.changes() == ["far"]


async def test_a_queue_that_told_something_spares_the_stays_that_lie_far_ahead(world: World) -> None:
    await proven(world)
    world.holds("near", arrival=3, departure=5)
    world.holds("far", arrival=200, departure=203)
    world.opera.queue.clear()

    assert await world.changes() == ["near"]


async def test_the_end_of_the_hotels_day_makes_jack_compare_all_stays(world: World) -> None:
    await proven(world)
    world.holds("far", arrival=200, departure=203)
    world.opera.queue.clear()
    world.opera.tell("NightAudit", "ROLL BUSINESS DATE", "1")

    assert await world.changes() == ["far"]


def test_numbers_may_be_texts_and_texts_numbers_in_an_event(world: World) -> None:
    header = {"moduleName": "RESERVATION", "actionId": "7", "primaryKey": 919074, "hotelId": "HARBOUR"}
    body = json.dumps({"businessEventData": [{"businessEvent": {"header": header}}], "DataValueMapping": []}).encode()

    assert world.pms().hints(body) == PmsHints(stays=("919074",))

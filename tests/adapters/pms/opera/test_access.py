"""Calling OPERA: headers, tokens, limits, failures."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from jack.application.errors import ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.pms import Capability
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.ids import ExternalRef
from tests.adapters.pms.opera.conftest import SEARCH, World, read
from tests.hotel import NOW, a_period, a_room_snapshot
from tests.simulators.pms.opera import APP_KEY, ENTERPRISE, PASSWORD, TASK_CODE, TASK_DEPARTMENT, USERNAME
from tests.simulators.pms.vendor import Fails, Reply

TOKENS = "/oauth/v1/tokens"
ANNA = ExternalRef(system="opera", key="anna")


async def test_hotel_application_key_and_content_type_are_on_every_call(world: World) -> None:
    world.holds("R-1")
    world.opera.rooms = {"204": a_room_snapshot()}
    pms = world.pms(task_code=TASK_CODE, task_department=TASK_DEPARTMENT)
    await world.changes(pms)
    await read(pms.staying(a_period(-30, 366)))
    await pms.rooms()
    await pms.hotel()
    await pms.check()
    await pms.file_task(PmsTask(key="k1", title="Towels", due_at=NOW))

    calls = [request for request in world.opera.requests if request.path != TOKENS]
    assert len(calls) > 12
    for request in calls:
        assert request.headers["x-app-key"] == APP_KEY
        assert request.headers["x-hotelid"] == "HARBOUR"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["authorization"].startswith("Bearer ")


async def test_an_enterprise_signs_in_with_its_header_and_a_scope(world: World) -> None:
    await world.pms().hotel()

    (request,) = world.asked(TOKENS)
    assert request.headers["enterpriseid"] == ENTERPRISE
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(request.body.decode()) == [
        ("grant_type", "client_credentials"),
        ("scope", "urn:opc:hgbu:ws:__myscopes__"),
    ]


async def test_an_integration_user_signs_in_without_the_enterprises_header(world: World) -> None:
    world.opera.grant = "password"

    await world.pms(username=USERNAME, password=PASSWORD).hotel()

    (request,) = world.asked(TOKENS)
    assert "enterpriseid" not in request.headers
    assert parse_qsl(request.body.decode()) == [
        ("grant_type", "password"),
        ("username", USERNAME),
        ("password", PASSWORD),
    ]


async def test_a_token_is_renewed_before_it_ends(world: World) -> None:
    pms = world.pms()
    await pms.hotel()
    world.clock.move(timedelta(minutes=58))
    await pms.hotel()
    assert len(world.asked(TOKENS)) == 1
    world.clock.move(timedelta(seconds=90))
    await pms.hotel()

    assert len(world.asked(TOKENS)) == 2
    assert all(reply.status != 401 for _, reply in world.opera.exchanges)


async def test_a_token_that_is_refused_is_renewed_once_for_all_who_wait(world: World) -> None:
    world.holds(*(f"R-{n}" for n in range(20)))
    pms = world.pms()
    await pms.hotel()
    world.opera.tokens.clear()

    assert len(await world.changes(pms)) == 20
    assert len(world.asked(TOKENS)) == 2


async def test_calls_stay_below_the_limits_of_the_environment(world: World) -> None:
    world.holds(*(f"R-{n}" for n in range(300)))

    await read(world.pms().staying(a_period(-30, 366)))

    assert world.opera.fastest <= 50


async def test_two_hundred_and_four_is_nothing_and_no_error(world: World) -> None:
    pms = world.pms()

    assert await pms.guest(ANNA) is None
    assert await pms.reservation(ANNA) is None
    assert await pms.numbered("813595") == ()
    assert (await pms.rooms()).rooms == ()


async def test_lists_repeat_the_name_of_their_parameter(world: World) -> None:
    world.holds("R-1")
    await world.changes()

    (request,) = world.asked(f"{SEARCH}/R-1")
    assert len(request.all("fetchInstructions")) > 3
    assert not any("," in value for value in request.all("fetchInstructions"))


async def test_a_failure_is_told_by_operas_title_and_never_by_its_details(world: World) -> None:
    world.opera.denied.add("rsv")

    with pytest.raises(ServiceDenied) as failure:
        await world.pms().reservation(ExternalRef(system="opera", key="R-1"))

    assert "Insufficient privileges" in str(failure.value)
    assert "Reservation (rsv)" in str(failure.value)
    assert "Anna" not in str(failure.value)


async def test_an_address_that_is_too_long_is_refused_for_itself_and_not_tried_again(world: World) -> None:
    world.opera.always(Fails(414))

    with pytest.raises(ServiceRejected):
        await world.pms().reservation(ExternalRef(system="opera", key="1" * 400))
    assert world.clock.slept == []


async def test_a_busy_environment_is_waited_for(world: World) -> None:
    world.holds("R-1")
    pms = world.pms()
    await pms.hotel()
    world.opera.will(Fails(429, 3), Fails(503))

    assert await world.changes(pms) == ["R-1"]


async def test_the_application_that_nobody_knows_is_told_without_a_secret(world: World) -> None:
    world.opera.client_secret = "another"

    with pytest.raises(ServiceDenied) as failure:
        await world.pms().hotel()

    assert "client_id" in str(failure.value)
    assert "opera-client-secret" not in f"{failure.value!r}"


async def test_a_token_service_that_is_down_is_come_back_to(world: World) -> None:
    world.opera.instead[TOKENS] = Reply(503)

    with pytest.raises(ServiceUnavailable):
        await world.pms().hotel()


async def test_a_missing_queue_of_events_is_a_note_that_says_how_to_set_it_up(world: World) -> None:
    world.without_events()

    report = await world.pms().check()

    assert report.problem is None
    (note,) = report.notes
    assert "business events" in note
    assert "external system 'JACK'" in note


async def test_the_connection_test_loses_no_event(world: World) -> None:
    world.holds("R-1")

    assert (await world.pms().check()).problem is None

    assert not world.opera.queue
    assert await world.changes() == ["R-1"]


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("rsv", "Reservation (rsv)"),
        ("crm", "Customer Relationship Management (crm)"),
        ("hsk", "Housekeeping (hsk)"),
        ("fof", "Front Desk Operations (fof)"),
        ("ent", "Enterprise Configuration (entcfg)"),
    ],
)
async def test_each_missing_module_is_named(world: World, module: str, words: str) -> None:
    world.opera.denied.add(module)

    report = await world.pms(task_code=TASK_CODE).check()

    assert words in (report.problem or "")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/rsv/v1/hotels/HARBOUR/reservations/R-1", "Reservation (rsv)"),
        ("/crm/v1/profiles/guest-R-1", "Customer Relationship Management (crm)"),
    ],
)
async def test_what_may_be_searched_and_not_read_is_named(world: World, path: str, words: str) -> None:
    world.holds("R-1")
    world.opera.instead[path] = Reply(403, {"title": "Forbidden"})

    assert words in ((await world.pms().check()).problem or "")


async def test_without_a_code_for_service_requests_no_task_can_be_filed(world: World) -> None:
    pms = world.pms()

    assert Capability.TASKS not in pms.capabilities
    with pytest.raises(ServiceRejected, match="task_code"):
        await pms.file_task(PmsTask(key="k1", title="Towels", due_at=NOW))
    assert world.opera.requests == []


async def test_a_long_task_keeps_its_key(world: World) -> None:
    pms = world.pms(task_code=TASK_CODE)
    task = PmsTask(key="k1", title="Towels", details="x" * 5_000, due_at=NOW)

    first = await pms.file_task(task)

    assert await pms.file_task(task) == first
    (told,) = world.opera.service_requests
    assert len(told["comment"]) == 2_000
    assert told["openDate"] == "2026-11-22 12:00:00.0"
    assert told["comment"].endswith("k1")

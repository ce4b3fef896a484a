"""Tokens, portfolios, permissions and clocks."""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from jack.adapters.pms.mews.gateway import MewsPms
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceUnavailable
from jack.application.ports.pms import SearchBy
from tests.adapters.pms.mews.conftest import ACCESS_TOKEN, ALWAYS, AROUND, CLIENT_TOKEN, World, at_mews, one, read
from tests.hotel import a_guest_snapshot
from tests.simulators.pms.mews import PREFIX
from tests.simulators.pms.vendor import Fails

READS: dict[str, Callable[[MewsPms], Awaitable[object]]] = {
    "changed": lambda pms: read(pms.changed(ALWAYS)),
    "staying": lambda pms: read(pms.staying(AROUND)),
    "reservation": lambda pms: pms.reservation(at_mews("R-1")),
    "numbered": lambda pms: pms.numbered("CN-R-1"),
    "rooms": lambda pms: pms.rooms(),
    "guest": lambda pms: pms.guest(at_mews("anna")),
    "search": lambda pms: pms.search_guests(SearchBy.NAME, "Silva"),
    "hotel": lambda pms: pms.hotel(),
}


async def problem(pms: MewsPms) -> str:
    report = await pms.check()
    assert report.problem is not None
    return report.problem


@pytest.fixture(params=list(READS))
def ask(request: pytest.FixtureRequest) -> Callable[[MewsPms], Awaitable[object]]:
    return READS[request.param]


async def test_every_call_is_a_post_with_both_tokens_and_the_clients_name_in_its_body(world: World) -> None:
    world.holds()
    await one(world.pms())

    for request in world.mews.requests:
        body = request.json()
        assert (request.method, request.query) == ("POST", ())
        assert request.path.startswith(PREFIX)
        assert (body["ClientToken"], body["AccessToken"]) == (CLIENT_TOKEN, ACCESS_TOKEN)
        assert body["Client"].startswith("Jack ")
        assert "authorization" not in request.headers
        assert "prefer" not in request.headers


async def test_no_token_is_told_even_when_mews_repeats_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pms = world.pms()
    for status in (400, 401, 403, 500):
        said = json.dumps({"Message": f"Token {ACCESS_TOKEN} of {CLIENT_TOKEN} is bad", "Details": ACCESS_TOKEN})
        world.mews.always(Fails(status, body=said.encode()))
        with pytest.raises(OutsideFailure) as failure:
            await one(pms)
        report = await pms.check()
        told = f"{failure.value!r} {failure.value} {report} {pms!r} {vars(pms)} {caplog.text}"
        assert ACCESS_TOKEN not in told
        assert CLIENT_TOKEN not in told


async def test_what_mews_says_to_staff_is_told(world: World) -> None:
    world.mews.always(Fails(403, body=b'{"Message": "The hotel is closed.", "RequestId": "abc", "Details": "stack"}'))

    with pytest.raises(ServiceDenied, match="The hotel is closed; request abc") as failure:
        await world.pms().rooms()
    assert "stack" not in str(failure.value)


async def test_a_wrong_token_is_not_tried_again(world: World) -> None:
    world.mews.access_token = "another"

    with pytest.raises(ServiceDenied):
        await world.pms().rooms()
    assert len(world.mews.requests) == 1
    assert "access_token" in await problem(world.pms())


async def test_a_portfolios_token_without_a_hotel_is_a_problem_of_the_configuration(
    world: World, ask: Callable[[MewsPms], Awaitable[object]]
) -> None:
    world.holds()
    world.house.is_portfolio = True
    pms = world.pms()

    with pytest.raises(ServiceDenied, match="enterprise_id"):
        await ask(pms)
    assert "enterprise_id" in await problem(pms)
    assert {request.path for request in world.mews.requests} == {PREFIX + "configuration/get"}


async def test_a_portfolios_token_is_held_to_one_hotel_and_its_chain(world: World) -> None:
    world.holds(companions=(a_guest_snapshot("bruno", loyalty_tier="Gold"),))
    world.house.is_portfolio = True
    pms = world.pms(enterprise_id=world.house.enterprise_id)

    await read(pms.changed(ALWAYS))
    await pms.rooms()
    report = await pms.check()

    assert report.problem is None
    assert report.hotel is not None
    assert report.hotel.time_zone == "Europe/Lisbon"
    shared = {"customers/getAll", "companies/getAll", "loyaltyMemberships/getAll", "loyaltyTiers/getAll"}
    for request in world.mews.requests:
        operation, body = request.path.removeprefix(PREFIX), request.json()
        if operation == "configuration/get":
            assert body["EnterpriseId"] == world.house.enterprise_id
        elif operation in shared | {"accountNotes/getAll"}:
            assert body["ChainIds"] == ["chain"]
        else:
            assert body["EnterpriseIds"] == [world.house.enterprise_id], operation


async def test_another_hotel_than_the_configured_one_is_never_read(
    world: World, ask: Callable[[MewsPms], Awaitable[object]]
) -> None:
    world.holds()
    pms = world.pms(enterprise_id="enterprise-elsewhere")

    with pytest.raises(ServiceDenied, match="enterprise_id"):
        await ask(pms)
    assert "enterprise_id" in await problem(pms)


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "operation",
    ["serviceOrderNotes/getAll", "loyaltyMemberships/getAll", "accountNotes/getAll", "companies/getAll"],
)
async def test_what_jack_can_do_without_may_be_refused_and_is_told_as_a_note(
    world: World, operation: str, status: int
) -> None:
    world.holds(guest=a_guest_snapshot(loyalty_tier="Gold"), special_requests=("Quiet room",))
    world.holds("R-2", guest=a_guest_snapshot("bruno"))
    world.house.owned["R-2"] = "company-1"
    world.mews.refused[operation] = status
    pms = world.pms()

    found = await read(pms.staying(AROUND))
    report = await pms.check()

    assert set(found.stays) == {"R-1", "R-2"}
    assert report.problem is None
    assert [note for note in report.notes if operation in note]
    before = len(world.asked(operation))
    await read(pms.staying(AROUND))
    assert len(world.asked(operation)) == before
    world.clock.move(timedelta(minutes=11))
    world.mews.refused.clear()
    assert (await one(pms)).guest.loyalty_tier == "Gold"


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "operation",
    ["reservations/getAll/2023-06-06", "customers/getAll", "companionships/getAll", "resources/getAll"],
)
async def test_what_jack_cannot_do_without_is_named_when_it_is_refused(
    world: World, operation: str, status: int
) -> None:
    world.holds()
    world.mews.refused[operation] = status
    pms = world.pms()

    with pytest.raises(ServiceDenied):
        await read(pms.staying(AROUND))
    assert operation in await problem(pms)


@pytest.mark.parametrize(("skew", "word"), [(3, "behind"), (-3, "ahead")])
async def test_a_clock_that_runs_wrong_is_told(world: World, skew: int, word: str) -> None:
    world.mews.date_skew = timedelta(minutes=skew)
    told = await problem(world.pms())
    assert "3 minutes" in told
    assert word in told
    world.mews.date_skew = timedelta(seconds=50)
    assert (await world.pms().check()).problem is None


async def test_what_is_asked_about_a_stay_is_tried_with_one_of_the_weeks_ahead(world: World) -> None:
    world.holds(arrival=20, departure=23)
    world.mews.refused["companionships/getAll"] = 401

    assert "companionships/getAll" in await problem(world.pms())


async def test_an_address_where_nobody_answers_is_told(world: World) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as world.client:
        told = await problem(world.pms())
        with pytest.raises(ServiceUnavailable):
            await world.pms().rooms()
    assert "could not be reached" in told
    assert "base_url" in told


async def test_a_wrong_path_is_told(world: World) -> None:
    told = await problem(world.pms(base_url="https://mews.example/nowhere"))
    assert "404" in told
    assert "base_url" in told
    assert "token" not in told


async def test_a_hotel_without_a_time_zone_is_told(world: World) -> None:
    world.house.time_zone = "Mars/Olympus"
    assert "time zone" in await problem(world.pms())


async def test_an_answer_of_another_shape_is_told_and_not_taken_for_an_empty_list(world: World) -> None:
    world.holds()
    pms = world.pms()
    await one(pms)
    world.mews.will(Fails(200, body=b'{"Something": []}'))

    with pytest.raises(OutsideFailure):
        await one(pms)

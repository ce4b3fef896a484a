"""Signing in to apaleo, keeping below its limits, and what the connection test says."""

import asyncio
import base64
from datetime import timedelta

import httpx
import pytest

from jack.adapters.pms.apaleo.gateway import ApaleoPms
from jack.application.errors import ServiceDenied, ServiceRejected
from jack.application.ports.pms import Capability, SearchBy
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.ids import ExternalRef
from tests.adapters.pms.apaleo.conftest import World, stays
from tests.hotel import NOW, a_guest_snapshot, a_period, a_reservation_snapshot
from tests.simulators.pms.apaleo import CLIENT_ID, CLIENT_SECRET
from tests.simulators.pms.vendor import Fails

AROUND = a_period(-30, 30)
REF = ExternalRef(system="apaleo", key="BOOK0000-1")


def tokens_fetched(world: World) -> int:
    return sum(request.path == "/connect/token" for request in world.apaleo.requests)


async def test_a_token_is_asked_for_with_basic_credentials_and_a_form(world: World, pms: ApaleoPms) -> None:
    await pms.rooms()

    asked = world.apaleo.requests[0]
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    assert (asked.method, asked.path) == ("POST", "/connect/token")
    assert asked.headers["host"] == "identity.example"
    assert asked.headers["authorization"] == f"Basic {basic}"
    assert asked.form() == {"grant_type": "client_credentials"}


async def test_a_token_is_renewed_before_it_ends(world: World, pms: ApaleoPms) -> None:
    world.holds(1)
    for _ in range(4):
        assert await pms.reservation(REF)
        world.clock.move(timedelta(minutes=29))

    assert tokens_fetched(world) == 2
    refused = [request for request in world.apaleo.requests if request.path != "/connect/token"]
    assert len(refused) == 4  # no call came with a token that had ended


async def test_a_refused_token_is_renewed_once(world: World, pms: ApaleoPms) -> None:
    world.holds(1)
    await pms.reservation(REF)
    world.apaleo.tokens.clear()

    assert await pms.reservation(REF)

    assert tokens_fetched(world) == 2


async def test_a_token_that_is_always_refused_is_denied(world: World, pms: ApaleoPms) -> None:
    world.apaleo.token_life = timedelta(0)

    with pytest.raises(ServiceDenied):
        await pms.reservation(REF)

    assert tokens_fetched(world) == 2


async def test_many_calls_at_once_fetch_one_token(world: World, pms: ApaleoPms) -> None:
    world.holds(1)

    await asyncio.gather(*(pms.reservation(REF) for _ in range(5)))

    assert tokens_fetched(world) == 1


async def test_calls_stay_below_the_limits(world: World, pms: ApaleoPms) -> None:
    world.holds(1)
    for _ in range(620):
        assert await pms.reservation(REF)

    made = [request.at for request in world.apaleo.requests if request.path != "/connect/token"]
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in zip(made, made[8:], strict=False))
    assert all(later - earlier >= timedelta(minutes=10) for earlier, later in zip(made, made[500:], strict=False))


async def test_a_busy_apaleo_is_waited_for_as_long_as_it_asks(world: World, pms: ApaleoPms) -> None:
    world.holds(1)
    world.apaleo.will(Fails(429, 23), Fails(503))

    assert await pms.reservation(REF)

    assert world.clock.slept[0] >= timedelta(seconds=23)


async def test_no_secret_is_seen_in_any_repr(world: World, pms: ApaleoPms) -> None:
    assert CLIENT_SECRET not in repr(vars(pms))


@pytest.mark.parametrize("scope", ["reservations.read", "units.read", "properties.read"])
async def test_a_missing_scope_is_named_by_the_test_and_by_the_call(world: World, pms: ApaleoPms, scope: str) -> None:
    world.apaleo.scopes -= {scope}

    report = await pms.check()

    assert report.problem
    assert scope in report.problem
    with pytest.raises(ServiceDenied, match=scope):
        await {
            "reservations.read": lambda: stays(pms.staying(AROUND)),
            "units.read": pms.rooms,
            "properties.read": pms.hotel,
        }[scope]()


async def test_the_wrong_property_is_told_with_the_ones_there_are(world: World, pms: ApaleoPms) -> None:
    world.apaleo.property_id = "PRT"

    report = await pms.check()

    assert report.problem == (
        "apaleo has no property 'LIS' for these credentials: set property_id in jack.toml to one of PRT"
    )
    with pytest.raises(ServiceDenied, match="property_id"):
        await pms.hotel()


async def test_a_property_that_the_client_may_not_see_is_told_with_those_it_may(world: World) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/connect/token":
                return httpx.Response(200, json={"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})
            case "/inventory/v1/properties":
                return httpx.Response(200, json={"properties": [{"id": "PRT", "name": "Porto"}], "count": 1})
        return httpx.Response(403)

    world.client = httpx.AsyncClient(transport=httpx.MockTransport(answer))

    report = await world.pms().check()

    assert report.problem
    assert "set property_id in jack.toml to one of PRT" in report.problem


@pytest.mark.parametrize(("status", "advice"), [(429, "a client of its own"), (503, "at its end")])
async def test_trouble_at_apaleo_is_not_blamed_on_the_network(world: World, status: int, advice: str) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/connect/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})
        return httpx.Response(status)

    world.client = httpx.AsyncClient(transport=httpx.MockTransport(answer))

    report = await world.pms().check()

    assert report.problem
    assert f"answered {status}" in report.problem
    assert advice in report.problem
    assert "base_url" not in report.problem


async def test_wrong_credentials_are_told_with_what_to_do(world: World, pms: ApaleoPms) -> None:
    world.apaleo.client_secret = "another"

    report = await pms.check()

    assert report.problem
    assert "client_id and client_secret" in report.problem
    assert CLIENT_SECRET not in report.problem


@pytest.mark.parametrize(("skew", "word"), [(timedelta(minutes=2), "behind"), (timedelta(minutes=-2), "ahead of")])
async def test_a_clock_that_runs_wrong_is_told(world: World, pms: ApaleoPms, skew: timedelta, word: str) -> None:
    world.apaleo.date_skew = skew

    report = await pms.check()

    assert report.problem
    assert f"120 seconds {word}" in report.problem
    assert "NTP" in report.problem


async def test_a_clock_that_is_a_little_wrong_is_no_problem(world: World, pms: ApaleoPms) -> None:
    world.apaleo.date_skew = timedelta(seconds=50)

    assert (await pms.check()).problem is None


async def test_an_unreachable_apaleo_is_told_without_waiting(world: World) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    world.client = httpx.AsyncClient(transport=httpx.MockTransport(refuse))

    report = await world.pms().check()

    assert report.problem
    assert "could not be reached" in report.problem
    assert "base_url and identity_url" in report.problem
    assert world.clock.slept == []


async def test_an_address_where_something_else_answers_is_told(world: World) -> None:
    async def page(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/connect/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})
        return httpx.Response(200, text="<html>Welcome</html>")

    world.client = httpx.AsyncClient(transport=httpx.MockTransport(page))

    report = await world.pms().check()

    assert report.problem
    assert "base_url" in report.problem


async def test_missing_personal_data_is_a_note_of_the_test(world: World, pms: ApaleoPms) -> None:
    world.holds(1)
    assert (await pms.check()).notes == ()
    world.apaleo.shows_personal_data = False

    report = await pms.check()

    assert report.problem is None
    assert "personally identifiable information" in " ".join(report.notes)
    assert "Silva" not in repr(report)


async def test_a_hotel_without_stays_says_nothing_about_personal_data(world: World, pms: ApaleoPms) -> None:
    world.apaleo.hold(a_reservation_snapshot(arrival=200, departure=201, guest=a_guest_snapshot("late", emails=())))

    assert (await pms.check()).notes == ()


async def test_what_apaleo_cannot_do_is_said_and_not_faked(pms: ApaleoPms) -> None:
    lacking = {
        Capability.GUEST_IDS,
        Capability.LOYALTY,
        Capability.VIP,
        Capability.PREFERENCES,
        Capability.SEARCH_BY_PHONE,
        Capability.TASKS,
    }
    assert not lacking & pms.capabilities
    with pytest.raises(ServiceRejected, match="phone"):
        await pms.search_guests(SearchBy.PHONE, "+351912345678")


async def test_staffs_one_comment_is_never_written(world: World, pms: ApaleoPms) -> None:
    world.holds(1)

    with pytest.raises(ServiceRejected, match="comment"):
        await pms.file_task(PmsTask(key="t1", title="Towels", reservation=REF, due_at=NOW))

    assert world.apaleo.requests == []

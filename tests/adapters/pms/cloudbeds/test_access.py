"""Signing in at Cloudbeds, on the right island, below its limit of calls."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from jack.adapters.pms.cloudbeds.access import ApiKey
from jack.adapters.pms.cloudbeds.islands import island_of
from jack.application.errors import ServiceDenied, ServiceUnavailable
from tests.adapters.pms.cloudbeds.world import World, stays
from tests.fakes.pms import RememberingFake
from tests.hotel import a_reservation_snapshot
from tests.simulators.pms.cloudbeds import API_KEY, CLIENT_SECRET, FIRST_REFRESH_TOKEN
from tests.simulators.pms.vendor import Reply

CLOUDBEDS = "https://api.cloudbeds.com"


async def test_an_api_key_goes_into_its_own_header_and_no_token_is_asked_for(world: World) -> None:
    await world.pms().hotel()

    assert world.asked("access_token") == []
    assert {r.headers.get("x-api-key") for r in world.cloudbeds.requests} == {API_KEY}
    assert not any("authorization" in r.headers for r in world.cloudbeds.requests)


async def test_a_token_is_bought_with_a_form_and_used_as_long_as_it_lasts(world: World) -> None:
    pms = world.pms(world.oauth())

    await pms.hotel()
    world.clock.move(timedelta(minutes=50))
    await pms.hotel()
    world.clock.move(timedelta(minutes=20))
    await pms.hotel()

    first, second = world.asked("access_token")
    assert first.headers["content-type"] == "application/x-www-form-urlencoded"
    assert first.form()["grant_type"] == "refresh_token"
    assert first.form()["refresh_token"] == FIRST_REFRESH_TOKEN
    assert second.form()["refresh_token"] == "simulated-refresh-token-0001"


async def test_a_rotated_refresh_token_is_noted_before_its_access_token_is_used(world: World) -> None:
    noted_when: list[int] = []

    class Watched(RememberingFake):
        async def note(self, name: str, value: str) -> None:
            noted_when.append(len(world.cloudbeds.requests))
            await super().note(name, value)

    memory = Watched()

    await world.pms(world.oauth(), memory=memory).hotel()

    assert noted_when == [1]
    assert world.cloudbeds.requests[0].path.endswith("/access_token")
    assert list(memory.notes.values()) == ["simulated-refresh-token-0001"]


async def test_another_process_goes_on_with_the_noted_refresh_token(world: World) -> None:
    credentials = world.oauth()
    await world.pms(credentials).hotel()

    assert (await world.pms(credentials).hotel()).name == "Harbour Hotel"


async def test_a_refresh_token_that_another_process_exchanged_a_moment_ago_is_waited_for(world: World) -> None:
    credentials = world.oauth()

    class Late(RememberingFake):
        """Tells the note of the other process when it is asked for the second time."""

        asked = 0

        async def recall(self, name: str) -> str | None:
            self.asked += 1
            return "rotated-by-the-other" if self.asked > 1 else None

    world.cloudbeds.refresh_token = "rotated-by-the-other"

    assert (await world.pms(credentials, memory=Late()).hotel()).name == "Harbour Hotel"


async def test_a_token_that_was_bought_while_the_memory_was_away_is_not_lost(world: World) -> None:
    class Away(RememberingFake):
        away = True

        async def note(self, name: str, value: str) -> None:
            if self.away:
                raise ServiceUnavailable("the database is away")
            await super().note(name, value)

    memory = Away()
    pms = world.pms(world.oauth(), memory=memory)
    with pytest.raises(ServiceUnavailable):
        await pms.hotel()
    memory.away = False

    await pms.hotel()

    assert len(world.asked("access_token")) == 1
    assert list(memory.notes.values()) == ["simulated-refresh-token-0001"]


async def test_a_new_refresh_token_in_the_configuration_counts_more_than_what_was_noted(world: World) -> None:
    await world.pms(world.oauth()).hotel()
    world.cloudbeds.refresh_token = "typed-in-anew"

    await world.pms(world.oauth("typed-in-anew")).hotel()

    assert world.asked("access_token")[-1].form()["refresh_token"] == "typed-in-anew"


async def test_many_calls_at_once_buy_one_token(world: World) -> None:
    pms = world.pms(world.oauth())

    await asyncio.gather(*(pms.hotel() for _ in range(4)))

    assert len(world.asked("access_token")) == 1


async def test_a_token_that_is_refused_early_is_replaced_once(world: World) -> None:
    pms = world.pms(world.oauth())
    await pms.hotel()
    world.cloudbeds.tokens.clear()

    assert (await pms.hotel()).name == "Harbour Hotel"
    assert len(world.asked("access_token")) == 2


async def test_a_refresh_token_that_is_not_taken_any_more_is_told_without_a_secret(world: World) -> None:
    pms = world.pms(world.oauth("long-dead-refresh-token"))

    with pytest.raises(ServiceDenied, match="new refresh_token") as failure:
        await pms.hotel()

    assert "long-dead" not in f"{failure.value!r}"
    assert CLIENT_SECRET not in f"{failure.value!r}"
    assert world.asked("getHotels") == []


async def test_four_calls_a_second_are_made_at_most_where_five_are_allowed(world: World) -> None:
    for n in range(40):
        world.cloudbeds.hold(a_reservation_snapshot(f"{n}-1", arrival=30, departure=32))
    pms = world.pms(page_size=3)

    await stays(pms)

    times = [request.at for request in world.cloudbeds.requests]
    assert len(times) > 6
    assert all(later - first >= timedelta(seconds=1) for first, later in zip(times, times[4:], strict=False))


@pytest.mark.parametrize(
    ("told", "configured", "followed"),
    [
        ("https://api.us2.cloudbeds.com", CLOUDBEDS, "https://api.us2.cloudbeds.com"),
        ("https://hotels.cloudbeds.com/api/v1.3/", CLOUDBEDS, "https://hotels.cloudbeds.com"),
        ("http://127.0.0.1:9001", "http://127.0.0.1:9000", "http://127.0.0.1:9001"),
        ("http://localhost:9001", "http://127.0.0.1:9000", "http://localhost:9001"),
        ("https://api.cloudbeds.com", "http://127.0.0.1:9000", None),
        ("http://api.us2.cloudbeds.com", CLOUDBEDS, None),
        ("https://cloudbeds.com.evil.example", CLOUDBEDS, None),
        ("https://evilcloudbeds.com", CLOUDBEDS, None),
        ("https://api.cloudbeds.com@evil.example", CLOUDBEDS, None),
        ("http://127.0.0.1:9001", CLOUDBEDS, None),
        ("ftp://api.cloudbeds.com", CLOUDBEDS, None),
        ("https://[", CLOUDBEDS, None),
        ("https://proxy.hotel.example:8443", "https://proxy.hotel.example", "https://proxy.hotel.example:8443"),
    ],
)
def test_an_island_is_followed_only_where_credentials_may_go(told: str, configured: str, followed: str | None) -> None:
    assert island_of(told, configured) == followed


async def test_calls_go_to_the_island_that_cloudbeds_names(world: World) -> None:
    world.cloudbeds.island = "https://api.eu9.cloudbeds.com"
    pms = world.pms()

    await pms.hotel()
    await pms.hotel()

    assert [r.headers["host"] for r in world.asked("getHotels")] == ["api.eu9.cloudbeds.com"] * 2
    assert [r.headers["host"] for r in world.asked("metadata")] == ["api.cloudbeds.com"]


async def test_credentials_never_go_to_a_strangers_host(world: World) -> None:
    world.cloudbeds.island = "https://evil.example"

    await world.pms().hotel()

    assert {r.headers["host"] for r in world.cloudbeds.requests} == {urlsplit(CLOUDBEDS).hostname}


@pytest.mark.parametrize("ending", ["", "/", "/api/v1.3", "/api/v1.3/"])
async def test_the_address_may_be_written_with_or_without_its_path(world: World, ending: str) -> None:
    await world.pms(base_url=f"{CLOUDBEDS}{ending}").hotel()

    assert world.asked("getHotels")[0].path == "/api/v1.3/getHotels"


def test_no_credential_shows_its_secret() -> None:
    assert API_KEY not in repr(ApiKey(API_KEY))


async def test_the_doctor_names_the_property_that_the_key_opens(world: World) -> None:
    world.cloudbeds.property_id = "4712"

    report = await world.pms().check()

    assert "4712" in (report.problem or "")
    assert "property_id" in (report.problem or "")


async def test_a_property_without_fields_of_its_own_is_none_the_worse(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.cloudbeds, "_getCustomFields", lambda _: Reply(404, {"message": "not found"}))

    assert (await world.pms().check()).problem is None


async def test_the_doctor_tells_a_refused_key_from_a_missing_permission(world: World) -> None:
    world.cloudbeds.scopes -= {"read:guest", "read:hotel"}
    partly = await world.pms().check()
    world.cloudbeds.api_key = "another"
    not_at_all = await world.pms().check()

    assert "read:hotel, read:guest" in (partly.problem or "")
    assert "read:guest" not in (not_at_all.problem or "")
    assert "new API key" in (not_at_all.problem or "")

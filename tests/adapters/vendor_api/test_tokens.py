"""Tokens: fetched once for everybody, renewed before they end and after a refusal."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from jack.adapters.vendor_api.tokens import FreshToken, Tokens
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceUnavailable
from tests.fakes.clock import FixedClock

HOUR = timedelta(hours=1)


class Desk:
    """The vendor's token service: numbers its tokens, and fails as it is told."""

    def __init__(self, life: timedelta | None = HOUR) -> None:
        self.life = life
        self.asked = 0
        self.fails_with: OutsideFailure | None = None

    async def fetch(self) -> FreshToken:
        self.asked += 1
        number = self.asked
        await asyncio.sleep(0)
        if self.fails_with is not None:
            raise self.fails_with
        return FreshToken(f"token-{number}", self.life)


async def test_many_who_need_the_first_token_make_one_call() -> None:
    desk = Desk()
    tokens = Tokens(FixedClock(), desk.fetch)

    got = await asyncio.gather(*(tokens.current() for _ in range(50)))

    assert set(got) == {"token-1"}
    assert desk.asked == 1


async def test_many_who_were_refused_at_once_make_one_call() -> None:
    desk = Desk()
    tokens = Tokens(FixedClock(), desk.fetch)
    refused = await tokens.current()

    got = await asyncio.gather(*(tokens.instead_of(refused) for _ in range(50)))

    assert set(got) == {"token-2"}
    assert desk.asked == 2


async def test_who_comes_late_with_a_refused_token_takes_the_one_that_is_there() -> None:
    desk = Desk()
    tokens = Tokens(FixedClock(), desk.fetch)
    refused = await tokens.current()
    await tokens.instead_of(refused)

    assert await tokens.instead_of(refused) == "token-2"
    assert desk.asked == 2


@pytest.mark.parametrize(
    ("life", "still_good", "renewed"),
    [
        (HOUR, timedelta(minutes=58, seconds=59), timedelta(minutes=59)),
        (timedelta(seconds=100), timedelta(seconds=89), timedelta(seconds=90)),
    ],
    ids=["an hour", "a hundred seconds"],
)
async def test_a_token_is_renewed_before_it_ends(life: timedelta, still_good: timedelta, renewed: timedelta) -> None:
    clock, desk = FixedClock(), Desk(life)
    tokens = Tokens(clock, desk.fetch)
    await tokens.current()
    begun = clock.now()

    clock.set(begun + still_good)
    assert await tokens.current() == "token-1"
    clock.set(begun + renewed)
    assert await tokens.current() == "token-2"


async def test_a_life_that_the_vendor_does_not_tell_lasts_until_a_refusal() -> None:
    clock, desk = FixedClock(), Desk(life=None)
    tokens = Tokens(clock, desk.fetch)
    first = await tokens.current()
    clock.move(timedelta(days=400))

    assert await tokens.current() == first
    assert await tokens.instead_of(first) == "token-2"


async def test_a_token_without_any_life_is_fetched_for_every_call() -> None:
    desk = Desk(life=timedelta())
    tokens = Tokens(FixedClock(), desk.fetch)

    assert [await tokens.current(), await tokens.current()] == ["token-1", "token-2"]


@pytest.mark.parametrize("failure", [ServiceUnavailable("away", HOUR), ServiceDenied("unknown client")])
async def test_those_who_waited_for_a_failed_fetch_share_its_failure(failure: OutsideFailure) -> None:
    desk = Desk()
    desk.fails_with = failure
    tokens = Tokens(FixedClock(), desk.fetch)

    got = await asyncio.gather(*(tokens.current() for _ in range(50)), return_exceptions=True)

    assert set(got) == {failure}
    assert desk.asked == 1


async def test_a_failed_fetch_spoils_nothing_for_the_next() -> None:
    desk = Desk()
    tokens = Tokens(FixedClock(), desk.fetch)
    first = await tokens.current()
    desk.fails_with = ServiceUnavailable("away")
    with pytest.raises(ServiceUnavailable):
        await tokens.instead_of(first)
    desk.fails_with = None

    assert await tokens.instead_of(first) == "token-3"
    assert await tokens.current() == "token-3"


async def test_a_caller_who_gives_up_while_fetching_leaves_the_desk_to_the_next() -> None:
    desk = Desk()
    tokens = Tokens(FixedClock(), desk.fetch)
    impatient = asyncio.create_task(tokens.current())
    patient = asyncio.create_task(tokens.current())
    await asyncio.sleep(0)
    impatient.cancel()

    assert await patient == "token-2"


@pytest.mark.parametrize("show", [repr, str, lambda tokens: f"{tokens!r}"], ids=["repr", "str", "format"])
async def test_no_token_is_shown(show: Callable[[object], str]) -> None:
    tokens = Tokens(FixedClock(), Desk().fetch)
    value = await tokens.current()

    assert value not in show(tokens)
    assert value not in show(FreshToken(value, HOUR))

"""Calling a vendor: patience where it can help, none where it cannot, and no secret in any text."""

import logging
import traceback
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import msgspec
import pytest

from jack.adapters.http import Answer, Call, Interrupted, make_client
from jack.adapters.vendor_api import caller
from jack.adapters.vendor_api.caller import ONCE, Dialect, Patience, VendorApi
from jack.adapters.vendor_api.pace import SlidingPace
from jack.adapters.vendor_api.tokens import FreshToken, Tokens
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from tests.fakes.clock import FixedClock
from tests.simulators.pms.vendor import (
    BreaksOff,
    CutsOff,
    Fails,
    Fault,
    Hangs,
    Reply,
    Request,
    SaysNothing,
    VendorSimulator,
    VendorSwitchboard,
)
from tests.simulators.serving import serve

SECRET = "s3cr3t-token"
SECOND = timedelta(seconds=1)


class Kiosk(VendorSimulator):
    """A vendor that answers every call alike, and knows its tokens."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__(clock)
        self.reply = Reply(200, {"rooms": 3})
        self.good_tokens: set[str] | None = None

    def answer(self, request: Request) -> Reply:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.reply if self.good_tokens is None or token in self.good_tokens else Reply(401)


class Rooms(msgspec.Struct):
    rooms: int


class Desk:
    """Everything that one call needs."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self.clock = FixedClock()
        self.kiosk = Kiosk(self.clock)
        self.client = client
        self.url = f"{url}/rooms?key={SECRET}"

    def api(self, tokens: Tokens | None = None, dialect: Dialect | None = None, calls: int = 1000) -> VendorApi:
        pace = SlidingPace(self.clock, calls, SECOND)
        return VendorApi(self.client, self.clock, service="The kiosk", pace=pace, tokens=tokens, dialect=dialect)

    async def rooms(
        self, patience: Patience = caller.PATIENT, *, repeatable: bool = True, dialect: Dialect | None = None
    ) -> int:
        found = await self.api(dialect=dialect).read(
            "POST",
            self.url,
            lambda answer: msgspec.json.decode(answer.body, type=Rooms),
            patience=patience,
            repeatable=repeatable,
            headers={"x-key": SECRET},
            json={"AccessToken": SECRET},
        )
        return found.rooms

    async def failure(
        self, patience: Patience = caller.PATIENT, *, repeatable: bool = True, dialect: Dialect | None = None
    ) -> OutsideFailure:
        with pytest.raises(OutsideFailure) as caught:
            await self.rooms(patience, repeatable=repeatable, dialect=dialect)
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(vars(caught.value))
        assert SECRET not in shown
        return caught.value

    @property
    def slept(self) -> list[float]:
        return [duration / SECOND for duration in self.clock.slept]


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[tuple[VendorSwitchboard, str]]:
    switchboard = VendorSwitchboard()
    async with serve(switchboard) as url:
        yield switchboard, url


@pytest.fixture
async def desk(
    served: tuple[VendorSwitchboard, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Desk]:
    switchboard, url = served
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(caller, "TIME_LIMIT", 5.0)
    async with make_client() as client:
        desk = Desk(client, url)
        switchboard.simulator = desk.kiosk
        yield desk
        desk.kiosk.release()
    assert SECRET not in "".join(record.getMessage() for record in caplog.get_records("call"))


TRANSIENT = {
    "429 with Retry-After": Fails(429, retry_after=3),
    "429 without": Fails(429),
    "408": Fails(408),
    "500": Fails(500),
    "503 with Retry-After": Fails(503, retry_after=2),
    "503": Fails(503, body=b"<html>Service Unavailable</html>"),
    "cut JSON": CutsOff(),
    "reset": BreaksOff(),
    "empty body": SaysNothing(),
}
by_fault = pytest.mark.parametrize("fault", TRANSIENT.values(), ids=list(TRANSIENT))


@by_fault
async def test_what_may_pass_is_asked_for_again(desk: Desk, fault: Fault) -> None:
    desk.kiosk.will(fault, fault)

    assert await desk.rooms() == 3
    assert len(desk.kiosk.requests) == 3
    assert len(desk.slept) == 2


async def test_a_silent_vendor_is_asked_again_after_the_time_limit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "TIME_LIMIT", 0.3)
    desk.kiosk.will(Hangs())

    assert await desk.rooms() == 3


@by_fault
async def test_patience_ends(desk: Desk, fault: Fault) -> None:
    desk.kiosk.always(fault)

    failure = await desk.failure()

    assert isinstance(failure, ServiceUnavailable)
    assert len(desk.kiosk.requests) == 6
    assert sum(desk.slept) <= 60


@by_fault
async def test_who_asks_once_hears_the_first_failure(desk: Desk, fault: Fault) -> None:
    desk.kiosk.will(fault)

    assert isinstance(await desk.failure(ONCE), ServiceUnavailable)
    assert len(desk.kiosk.requests) == 1
    assert desk.slept == []


async def test_what_the_vendor_asks_for_is_waited_and_a_little_more(desk: Desk) -> None:
    desk.kiosk.will(*[Fails(429, retry_after=3)] * 5)

    await desk.rooms()

    assert all(3 <= duration <= 3.25 for duration in desk.slept)
    assert len(set(desk.slept)) > 1


async def test_a_wait_beyond_all_patience_is_told_and_not_waited(desk: Desk) -> None:
    desk.kiosk.always(Fails(429, retry_after=600))

    failure = await desk.failure()

    assert isinstance(failure, ServiceUnavailable)
    assert failure.retry_after == timedelta(minutes=10)
    assert desk.slept == []
    assert len(desk.kiosk.requests) == 1


async def test_the_last_failure_says_what_the_vendor_asked_for(desk: Desk) -> None:
    desk.kiosk.always(Fails(503, retry_after=17))

    failure = await desk.failure()

    assert isinstance(failure, ServiceUnavailable)
    assert failure.retry_after == 17 * SECOND


async def test_without_a_word_the_waits_grow_and_no_two_are_alike(desk: Desk) -> None:
    desk.kiosk.will(*[Fails(429)] * 5)

    await desk.rooms()

    longest = [2.0**number for number in range(5)]
    assert all(most / 2 <= waited <= most for waited, most in zip(desk.slept, longest, strict=True))
    assert len({waited / most for waited, most in zip(desk.slept, longest, strict=True)}) == 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 301, 307])
async def test_what_cannot_succeed_is_never_tried_again(desk: Desk, status: int) -> None:
    desk.kiosk.always(Fails(status, retry_after=1))

    failure = await desk.failure()

    assert isinstance(failure, ServiceDenied | ServiceRejected)
    assert f"The kiosk answered {status}" in str(failure)
    assert len(desk.kiosk.requests) == 1


async def test_an_answer_of_another_shape_than_documented_is_not_asked_for_again(desk: Desk) -> None:
    desk.kiosk.reply = Reply(200, {"rooms": SECRET})

    failure = await desk.failure()

    assert isinstance(failure, ServiceRejected)
    assert (
        str(failure) == "The kiosk gave an answer that is not as documented: Expected `int`, got `str` - at `$.rooms`"
    )
    assert len(desk.kiosk.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [Fails(408), Fails(500), Fails(502), Fails(503), Fails(504), CutsOff(), BreaksOff(), SaysNothing()],
    ids=repr,
)
async def test_what_may_have_been_done_is_not_done_again(desk: Desk, fault: Fault) -> None:
    desk.kiosk.will(fault)

    assert isinstance(await desk.failure(repeatable=False), Interrupted)
    assert len(desk.kiosk.requests) == 1


async def test_what_was_put_off_was_not_done_and_may_be_repeated(desk: Desk) -> None:
    desk.kiosk.will(Fails(429, retry_after=1), Fails(429))

    assert await desk.rooms(repeatable=False) == 3


async def test_what_was_never_sent_may_be_repeated(desk: Desk) -> None:
    desk.url = "http://127.0.0.1:9/"

    failure = await desk.failure(repeatable=False)

    assert not isinstance(failure, Interrupted)
    assert len(desk.slept) == 5


async def test_the_vendor_may_refuse_with_a_success(desk: Desk) -> None:
    def refuses(answer: Answer) -> OutsideFailure | None:
        return None if b'"rooms"' in answer.body else ServiceRejected("The kiosk says no")

    desk.kiosk.will(Fails(200, body=b'{"success": false}'))

    assert str(await desk.failure(dialect=Dialect(refuses=refuses))) == "The kiosk says no"
    assert await desk.rooms(dialect=Dialect(refuses=refuses)) == 3


async def test_what_the_vendor_says_for_staff_is_told(desk: Desk) -> None:
    desk.kiosk.will(Fails(403, body=b"The room is locked"))

    failure = await desk.failure(dialect=Dialect(explain=lambda answer: answer.body.decode()))

    assert "The kiosk answered 403: The room is locked" in str(failure)


async def test_statuses_that_mean_something_are_handed_over(desk: Desk) -> None:
    desk.kiosk.will(Fails(404))

    answer = await desk.api(dialect=Dialect(handed_over=frozenset({404}))).call("GET", desk.url)

    assert answer.status == 404


@pytest.mark.parametrize(
    "asked", [Call(params={"name": "\ud83c"}), Call(json={"name": "\ud83c"})], ids=["query", "body"]
)
async def test_half_a_character_is_refused_before_anybody_is_asked(desk: Desk, asked: Call) -> None:
    with pytest.raises(ServiceRejected, match="half a character"):
        await desk.api().call("POST", desk.url, **asked)

    assert desk.kiosk.requests == []


async def test_a_body_goes_out_as_json_beside_the_callers_headers(desk: Desk) -> None:
    await desk.api().call("POST", desk.url, json={"name": "Žáková"}, headers={"x-hotel": "H"})

    (request,) = desk.kiosk.requests
    assert request.json() == {"name": "Žáková"}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-hotel"] == "H"


class TokenDesk:
    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> FreshToken:
        self.asked += 1
        return FreshToken(f"{SECRET}-{self.asked}", timedelta(hours=1))


async def test_a_refused_token_is_renewed_once(desk: Desk) -> None:
    tokens = TokenDesk()
    desk.kiosk.good_tokens = {f"{SECRET}-2"}

    answer = await desk.api(Tokens(desk.clock, tokens.fetch)).call("GET", desk.url)

    assert answer.ok
    assert tokens.asked == 2
    assert len(desk.kiosk.requests) == 2


async def test_a_vendor_that_refuses_every_token_is_not_asked_for_ever(desk: Desk) -> None:
    tokens = TokenDesk()
    desk.kiosk.good_tokens = set()

    with pytest.raises(ServiceDenied) as failure:
        await desk.api(Tokens(desk.clock, tokens.fetch)).call("GET", desk.url)

    assert SECRET not in str(failure.value)
    assert tokens.asked == 2
    assert len(desk.kiosk.requests) == 2


async def test_a_refusal_that_cannot_have_done_anything_may_be_repeated_by_a_write(desk: Desk) -> None:
    tokens = TokenDesk()
    desk.kiosk.good_tokens = {f"{SECRET}-2"}

    answer = await desk.api(Tokens(desk.clock, tokens.fetch)).call("POST", desk.url, repeatable=False)

    assert answer.ok


async def test_every_try_keeps_to_the_pace(desk: Desk) -> None:
    api = desk.api(calls=2)
    for _ in range(6):
        await api.call("GET", desk.url)

    times = [request.at for request in desk.kiosk.requests]
    assert all(later - earlier >= SECOND for earlier, later in zip(times, times[2:], strict=False))


@pytest.mark.parametrize("show", [repr, str])
async def test_a_caller_shows_no_secret(desk: Desk, show: Callable[[object], str]) -> None:
    tokens = Tokens(desk.clock, TokenDesk().fetch)
    api = desk.api(tokens)
    await api.call("GET", desk.url)

    assert SECRET not in show(api) + show(tokens)

"""What only Claude's Messages API asks for, and every way in which it can go wrong."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from jack.adapters.http import make_client
from jack.adapters.llm.anthropic import AnthropicModel
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.domain.butler import PERSONA, TOOL_RESULT
from jack.domain.service_request import ServiceRequestKind
from tests.contexts import a_context, a_prompt, guest_said, jack_said, staff_said
from tests.simulators.anthropic import KEY, MODEL, AnthropicSimulator, error
from tests.simulators.plays import BreakOff, Hang, Json, Play, Raw, Say, Switchboard, UseTool
from tests.simulators.serving import serve

TOWELS = UseTool({"kind": "towels", "details": "two more"})
TAXI = UseTool({"kind": "taxi", "details": "8 am"})
BAD = UseTool({"kind": "yacht", "details": "a big one"})
GUEST_TEXT = "my secret is 4711"


@dataclass(frozen=True)
class Desk:
    """A model and its provider."""

    model: AnthropicModel
    provider: AnthropicSimulator
    client: httpx.AsyncClient
    url: str

    async def failure(self) -> OutsideFailure:
        with pytest.raises(OutsideFailure) as caught:
            await self.model.draft(a_prompt(a_context(GUEST_TEXT)))
        return caught.value


@pytest.fixture(scope="module")
async def far_end() -> AsyncIterator[tuple[Switchboard, httpx.AsyncClient, str]]:
    switchboard = Switchboard()
    async with make_client() as client, serve(switchboard) as url:
        yield switchboard, client, url


@pytest.fixture
async def desk(far_end: tuple[Switchboard, httpx.AsyncClient, str]) -> AsyncIterator[Desk]:
    switchboard, client, url = far_end
    switchboard.provider = provider = AnthropicSimulator()
    yield Desk(AnthropicModel(client, url, MODEL, KEY), provider, client, url)
    provider.release()


def text_of(body: Json) -> str:
    return "".join(block["text"] for block in body["system"])


async def test_persona_is_cached_and_the_facts_come_after_the_breakpoint(desk: Desk) -> None:
    prompt = a_prompt()
    await desk.model.draft(prompt)
    [body] = desk.provider.requests
    persona, facts = body["system"]
    assert persona == {"type": "text", "text": PERSONA, "cache_control": {"type": "ephemeral"}}
    assert prompt.facts in facts["text"]
    assert "cache_control" not in facts


async def test_the_cached_part_is_the_same_for_every_guest(desk: Desk) -> None:
    await desk.model.draft(a_prompt())
    await desk.model.draft(a_prompt(a_context("Bonjour", guest=None, stays=())))
    one, other = desk.provider.requests
    assert one["tools"] == other["tools"]
    assert one["system"][0] == other["system"][0]
    assert one["system"][1] != other["system"][1]


async def test_the_facts_are_never_in_a_turn(desk: Desk) -> None:
    await desk.model.draft(a_prompt(a_context("Hello", history=(guest_said("a"), jack_said("b")))))
    [body] = desk.provider.requests
    assert "Weber" not in str(body["messages"])
    assert "Weber" in text_of(body)


async def test_staff_turns_are_marked(desk: Desk) -> None:
    await desk.model.draft(a_prompt(a_context("ok", history=(guest_said("a"), staff_said("your table is booked")))))
    [body] = desk.provider.requests
    assert body["messages"][1]["content"].startswith("[written by the hotel's staff]")


async def test_a_long_history_stays_within_the_budget(desk: Desk) -> None:
    history = tuple(turn for n in range(200) for turn in (guest_said(f"{n} " + "x" * 400), jack_said("y" * 400)))
    await desk.model.draft(a_prompt(a_context("Latest?", history=history)))
    [body] = desk.provider.requests
    assert sum(len(message["content"]) for message in body["messages"]) < 25_000
    assert "199" in str(body["messages"])


async def test_every_tool_call_is_answered_in_one_turn(desk: Desk) -> None:
    desk.provider.will(Say("Let me pass that on.", tools=(TOWELS, TAXI)), Say("I passed both on."))
    draft = await desk.model.draft(a_prompt())
    assert [request.kind for request in draft.requests] == [ServiceRequestKind.TOWELS, ServiceRequestKind.TAXI]
    assert draft.text == "Let me pass that on.\nI passed both on."
    results = desk.provider.requests[1]["messages"][-1]["content"]
    assert [(block["type"], block["content"]) for block in results] == [("tool_result", TOOL_RESULT)] * 2


async def test_what_the_model_said_goes_back_verbatim_with_its_thoughts(desk: Desk) -> None:
    thought = {"type": "thinking", "thinking": "hm", "signature": "c2ln"}
    desk.provider.will(Say("Gladly.", tools=(TOWELS,), extra={"block": thought}), Say("Done."))
    draft = await desk.model.draft(a_prompt())
    assert desk.provider.requests[1]["messages"][-2]["content"][0] == thought
    assert "hm" not in draft.text


async def test_an_unreadable_call_is_told_once_and_mended(desk: Desk) -> None:
    desk.provider.will(Say(None, tools=(BAD,)), Say(None, tools=(TOWELS,)), Say("Passed on."))
    draft = await desk.model.draft(a_prompt())
    assert desk.provider.requests[1]["messages"][-1]["content"][0]["is_error"] is True
    assert [request.kind for request in draft.requests] == [ServiceRequestKind.TOWELS]


async def test_an_unreadable_call_that_is_not_mended_is_no_answer(desk: Desk) -> None:
    desk.provider.will(Say(None, tools=(BAD,)), Say("Your yacht is on its way."))
    assert isinstance(await desk.failure(), ServiceUnavailable)


async def test_a_model_that_only_uses_its_tool_is_stopped(desk: Desk) -> None:
    desk.provider.will(*[Say(None, tools=(TOWELS,))] * 20)
    assert isinstance(await desk.failure(), ServiceUnavailable)
    assert len(desk.provider.requests) == 4


async def test_an_empty_end_after_the_tool_keeps_what_was_said_before(desk: Desk) -> None:
    desk.provider.will(Say("I pass it on.", tools=(TOWELS,)), Say(None))
    draft = await desk.model.draft(a_prompt())
    assert (draft.text, len(draft.requests)) == ("I pass it on.", 1)


@pytest.mark.parametrize(
    ("play", "word"),
    [
        (Say("Your check-out is at", stop="max_tokens"), ServiceUnavailable),
        (Say(None, tools=(TOWELS,), stop="max_tokens"), ServiceUnavailable),
        (Say("…", stop="pause_turn"), ServiceUnavailable),
        (Say("…", extra={"stop_reason": None}), ServiceUnavailable),
        (Say(None), ServiceUnavailable),
        (Say("  "), ServiceUnavailable),
        (Say("x" * 5000), ServiceUnavailable),
        (Say("No.", stop="refusal"), ServiceRejected),
        (Say(None, stop="refusal"), ServiceRejected),
        (Say("…", stop="model_context_window_exceeded"), ServiceRejected),
        (Say("…", stop="quantum_collapse"), ServiceRejected),
        (Raw(200, {}), ServiceUnavailable),
        (Raw(200, b""), ServiceUnavailable),
        (Raw(200, b"[" * 100_000), ServiceUnavailable),
        (Raw(200, b"\xff\xfe"), ServiceUnavailable),
        (Raw(200, {"content": None, "stop_reason": "end_turn"}), ServiceUnavailable),
        (Raw(200, {"content": [{"type": "text"}], "stop_reason": "end_turn"}), ServiceUnavailable),
        (Raw(200, b"<html>hello</html>", content_type="text/html"), ServiceUnavailable),
        (Raw(502, b"<html>Bad Gateway</html>", content_type="text/html"), ServiceUnavailable),
        (Raw(500, error("api_error")), ServiceUnavailable),
        (Raw(504, error("timeout_error")), ServiceUnavailable),
        (Raw(529, error("overloaded_error")), ServiceUnavailable),
        (Raw(409, error("conflict_error")), ServiceUnavailable),
        (Raw(429, error("rate_limit_error")), ServiceUnavailable),
        (Raw(429, error("rate_limit_error", error_code="enforced_spend_limit_reached")), ServiceDenied),
        (Raw(400, error("invalid_request_error", "Your credit balance is too low")), ServiceDenied),
        (Raw(400, error("invalid_request_error", "You have reached your specified API usage limits")), ServiceDenied),
        (Raw(401, error("authentication_error")), ServiceDenied),
        (Raw(402, error("billing_error")), ServiceDenied),
        (Raw(403, error("permission_error")), ServiceDenied),
        (Raw(404, error("not_found_error")), ServiceDenied),
        (Raw(301, b"", (("location", "https://elsewhere.example"),)), ServiceDenied),
        (Raw(400, error("invalid_request_error", f"messages: {GUEST_TEXT}")), ServiceRejected),
        (Raw(413, error("request_too_large")), ServiceRejected),
        (BreakOff(), ServiceUnavailable),
    ],
)
async def test_everything_that_goes_wrong_is_one_of_three_words(
    desk: Desk, play: Say | Raw | BreakOff, word: type[OutsideFailure]
) -> None:
    desk.provider.will(play)
    failure = await desk.failure()
    assert isinstance(failure, word)
    assert len(desk.provider.requests) == 1


async def test_a_busy_provider_that_names_no_time_leaves_it_open(desk: Desk) -> None:
    desk.provider.will(Raw(429, error("rate_limit_error")))
    failure = await desk.failure()
    assert isinstance(failure, ServiceUnavailable)
    assert failure.retry_after is None


async def test_the_time_limit_spans_all_rounds(desk: Desk) -> None:
    model = AnthropicModel(desk.client, desk.url, MODEL, KEY, time_limit=timedelta(milliseconds=300))
    desk.provider.will(Say(None, tools=(TOWELS,)), Hang())
    started = asyncio.get_running_loop().time()
    with pytest.raises(ServiceUnavailable):
        await model.draft(a_prompt())
    assert asyncio.get_running_loop().time() - started < 2
    assert len(desk.provider.requests) == 2


async def test_a_provider_that_is_not_there_is_unavailable(desk: Desk) -> None:
    async with serve(AnthropicSimulator()) as gone:
        pass
    with pytest.raises(ServiceUnavailable):
        await AnthropicModel(desk.client, gone, MODEL, KEY).draft(a_prompt())


async def test_a_connection_that_is_reset_is_unavailable(desk: Desk) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(ServiceUnavailable):
            await AnthropicModel(desk.client, url, MODEL, KEY).draft(a_prompt())


async def test_nothing_of_prompt_answer_or_key_is_in_a_failure_a_log_or_a_repr(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"{KEY} {GUEST_TEXT} Weber"
    plays: list[Play] = [
        Raw(400, error("invalid_request_error", echo)),
        Raw(401, error("authentication_error", echo)),
        Raw(500, echo.encode()),
        Raw(200, echo.encode()),
        Say(echo, stop="max_tokens"),
        Say(echo, stop=echo),
        Say(None, tools=(UseTool({"kind": echo, "details": echo}),)),
        Say(echo),
    ]
    desk.provider.will(*plays)
    told = [repr(desk.model), str(desk.model)]
    told += ["".join(traceback.format_exception(await desk.failure())) for _ in plays[1:]]
    told += [record.getMessage() for record in caplog.records]
    for secret in (KEY, GUEST_TEXT, "Weber"):
        assert not [text for text in told if secret in text]


async def test_the_model_that_really_answered_is_named(desk: Desk) -> None:
    assert desk.model.name == f"anthropic {MODEL}"
    assert (await desk.model.draft(a_prompt())).model == f"anthropic {MODEL}-20250929"


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
async def test_the_base_url_may_end_as_people_write_it(desk: Desk, suffix: str) -> None:
    model = AnthropicModel(desk.client, desk.url + suffix, MODEL, KEY)
    assert (await model.draft(a_prompt())).text


async def test_an_older_version_of_the_api_may_be_asked_for(desk: Desk) -> None:
    model = AnthropicModel(desk.client, desk.url, MODEL, KEY, version="2023-06-01")
    assert (await model.draft(a_prompt())).text


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (Raw(401, error("authentication_error")), "credentials"),
        (Raw(404, error("not_found_error")), MODEL),
        (Raw(402, error("billing_error")), "budget"),
        (Raw(529, error("overloaded_error")), "529"),
    ],
)
async def test_check_says_what_is_wrong(desk: Desk, play: Raw, words: str) -> None:
    desk.provider.will(play)
    assert words in (await desk.model.check() or "")


async def test_check_is_cheap(desk: Desk) -> None:
    assert await desk.model.check() is None
    [body] = desk.provider.requests
    assert body["max_tokens"] == 1
    assert "system" not in body

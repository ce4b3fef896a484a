"""What servers that speak Chat Completions have in common, where they differ, and how they fail."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from jack.adapters.http import make_client
from jack.adapters.llm.openai_compatible import OpenAiCompatibleModel
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.domain.butler import PERSONA, TOOL_RESULT
from jack.domain.service_request import ServiceRequestKind
from tests.contexts import a_context, a_prompt, guest_said, jack_said, staff_said
from tests.simulators.openai import KEY, MODEL, Habits, OpenAiSimulator, error
from tests.simulators.plays import BreakOff, Hang, Play, Raw, Say, Switchboard, UseTool
from tests.simulators.serving import serve

TOWELS = {"kind": "towels", "details": "two more"}
TAXI = {"kind": "taxi", "details": "8 am"}
GUEST_TEXT = "my secret is 4711"


@dataclass(frozen=True)
class Desk:
    """A model and its server."""

    model: OpenAiCompatibleModel
    provider: OpenAiSimulator
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
        yield switchboard, client, f"{url}/v1"


@pytest.fixture
async def desk(far_end: tuple[Switchboard, httpx.AsyncClient, str]) -> AsyncIterator[Desk]:
    switchboard, client, url = far_end
    switchboard.provider = provider = OpenAiSimulator(Habits(refuses=None))
    yield Desk(OpenAiCompatibleModel(client, url, MODEL, KEY), provider, client, url)
    provider.release()


async def test_one_system_message_holds_the_persona_and_then_the_facts(desk: Desk) -> None:
    prompt = a_prompt(a_context("Hello", history=(guest_said("a"), staff_said("b"), jack_said("c"))))
    await desk.model.draft(prompt)
    [body] = desk.provider.requests
    system, *turns = body["messages"]
    assert system["content"].startswith(PERSONA)
    assert prompt.facts in system["content"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[1]["content"] == "[written by the hotel's staff] b\nc"
    assert "Weber" not in str(turns)


async def test_every_tool_call_is_answered(desk: Desk) -> None:
    desk.provider.will(Say(None, tools=(UseTool(TOWELS), UseTool(TAXI))), Say("I passed both on."))
    draft = await desk.model.draft(a_prompt())
    assert [request.kind for request in draft.requests] == [ServiceRequestKind.TOWELS, ServiceRequestKind.TAXI]
    assert [m["content"] for m in desk.provider.requests[1]["messages"] if m["role"] == "tool"] == [TOOL_RESULT] * 2


@pytest.mark.parametrize(
    "habits",
    [
        Habits(refuses=None, arguments_as_object=True),
        Habits(refuses=None, stop_with_tools="stop"),
        Habits(refuses=None, key=None),
    ],
)
async def test_the_habits_of_compatible_servers_are_taken(desk: Desk, habits: Habits) -> None:
    desk.provider.habits = habits
    desk.provider.will(Say("", tools=(UseTool(TOWELS, id=None), UseTool(TAXI, id=None))), Say("Passed on."))
    draft = await desk.model.draft(a_prompt())
    assert len(draft.requests) == 2
    assert draft.text == "Passed on."


async def test_a_server_without_a_key_is_asked_without_one(desk: Desk) -> None:
    desk.provider.habits = Habits(key=None, refuses=None)
    model = OpenAiCompatibleModel(desk.client, desk.url, MODEL, None)
    assert (await model.draft(a_prompt())).text


async def test_content_in_parts_is_text(desk: Desk) -> None:
    parts = [{"type": "text", "text": "Good "}, {"type": "text", "text": "morning"}, {"type": "image"}]
    desk.provider.will(Say(extra={"message": {"content": parts}}))
    assert (await desk.model.draft(a_prompt())).text == "Good morning"


async def test_thoughts_inside_the_content_are_not_said(desk: Desk) -> None:
    desk.provider.will(Say("<think>The guest is Anna\n\nso…</think>\n\nGood morning, Anna."))
    assert (await desk.model.draft(a_prompt())).text == "Good morning, Anna."


@pytest.mark.parametrize(("refused", "taken"), [("max_tokens", "max_completion_tokens"), (None, "max_tokens")])
async def test_the_name_of_the_limit_is_learned_once(desk: Desk, refused: str | None, taken: str) -> None:
    desk.provider.habits = Habits(refuses=refused)
    for _ in range(3):
        await desk.model.draft(a_prompt())
    assert len(desk.provider.refused) == (1 if refused else 0)
    assert all(taken in body for body in desk.provider.requests)


async def test_a_server_that_takes_neither_name_rejects(desk: Desk) -> None:
    desk.provider.will(*[Raw(400, error("max_tokens and max_completion_tokens are unknown"))] * 5)
    assert isinstance(await desk.failure(), ServiceRejected)
    assert len(desk.provider.requests) == 2


@pytest.mark.parametrize("arguments", ['{"kind": "tow', "null", '{"kind": "yacht", "details": "x"}', "[]", ""])
async def test_an_unreadable_call_is_told_once_and_mended(desk: Desk, arguments: str) -> None:
    desk.provider.will(Say(None, tools=(UseTool(arguments),)), Say(None, tools=(UseTool(TOWELS),)), Say("Passed on."))
    draft = await desk.model.draft(a_prompt())
    assert [request.kind for request in draft.requests] == [ServiceRequestKind.TOWELS]
    assert desk.provider.requests[1]["messages"][-1]["content"] != TOOL_RESULT


async def test_an_unreadable_call_that_is_not_mended_is_no_answer(desk: Desk) -> None:
    desk.provider.will(Say(None, tools=(UseTool("{"),)), Say(None, tools=(UseTool("{"),)))
    assert isinstance(await desk.failure(), ServiceUnavailable)


async def test_a_model_that_only_uses_its_tool_is_stopped(desk: Desk) -> None:
    desk.provider.will(*[Say(None, tools=(UseTool(TOWELS),))] * 20)
    assert isinstance(await desk.failure(), ServiceUnavailable)
    assert len(desk.provider.requests) == 4


@pytest.mark.parametrize(
    ("play", "word"),
    [
        (Say("Your check-out is at", stop="length"), ServiceUnavailable),
        (Say(None, tools=(UseTool(TOWELS),), stop="length"), ServiceUnavailable),
        (Say("…", extra={"finish_reason": None}), ServiceUnavailable),
        (Say("…", stop="error"), ServiceUnavailable),
        (Say(None), ServiceUnavailable),
        (Say(""), ServiceUnavailable),
        (Say("<think>for ever"), ServiceUnavailable),
        (Say("x" * 5000), ServiceUnavailable),
        (Say('<tool_call>{"name": "open_service_request"}</tool_call>'), ServiceUnavailable),
        (Say(None, extra={"message": {"function_call": {"name": "x", "arguments": "{}"}}}), ServiceUnavailable),
        (Say("…", stop="content_filter"), ServiceRejected),
        (Say(None, extra={"message": {"refusal": "I cannot."}}), ServiceRejected),
        (Say("…", stop="quantum_collapse"), ServiceRejected),
        (Raw(200, {}), ServiceUnavailable),
        (Raw(200, b""), ServiceUnavailable),
        (Raw(200, {"choices": []}), ServiceUnavailable),
        (Raw(200, {"choices": None}), ServiceUnavailable),
        (Raw(200, {"choices": [{"message": None}]}), ServiceUnavailable),
        (Raw(200, b"[" * 100_000), ServiceUnavailable),
        (Raw(200, b"\xff\xfe"), ServiceUnavailable),
        (Raw(200, {"error": {"code": 429, "message": "upstream"}}), ServiceUnavailable),
        (Raw(200, {"error": {"code": 401, "message": "upstream"}}), ServiceDenied),
        (Raw(200, {"error": "it broke"}), ServiceUnavailable),
        (Raw(502, b"<html>Bad Gateway</html>", content_type="text/html"), ServiceUnavailable),
        (Raw(500, error()), ServiceUnavailable),
        (Raw(503, b""), ServiceUnavailable),
        (Raw(529, error()), ServiceUnavailable),
        (Raw(409, error()), ServiceUnavailable),
        (Raw(429, error(code="rate_limit_exceeded")), ServiceUnavailable),
        (Raw(429, error(code="slow_down")), ServiceUnavailable),
        (Raw(429, error(code="credit_balance_exhausted")), ServiceDenied),
        (Raw(429, error(code="organization_spend_limit_exceeded")), ServiceDenied),
        (Raw(429, error(code="project_spend_limit_exceeded")), ServiceDenied),
        (Raw(429, error(code="organization_usage_limit_exceeded")), ServiceDenied),
        (Raw(429, error(code="insufficient_quota")), ServiceDenied),
        (Raw(401, error(code="invalid_api_key")), ServiceDenied),
        (Raw(402, error("Insufficient Balance")), ServiceDenied),
        (Raw(403, error()), ServiceDenied),
        (Raw(404, error(code="model_not_found")), ServiceDenied),
        (Raw(400, error("registry.ollama.ai/library/tiny does not support tools")), ServiceDenied),
        (Raw(400, error('"auto" tool choice requires --enable-auto-tool-choice')), ServiceDenied),
        (Raw(400, error(code="context_length_exceeded")), ServiceRejected),
        (Raw(413, b""), ServiceRejected),
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


async def test_the_time_limit_spans_all_rounds(desk: Desk) -> None:
    model = OpenAiCompatibleModel(desk.client, desk.url, MODEL, KEY, time_limit=timedelta(milliseconds=300))
    desk.provider.will(Say(None, tools=(UseTool(TOWELS),)), Hang())
    started = asyncio.get_running_loop().time()
    with pytest.raises(ServiceUnavailable):
        await model.draft(a_prompt())
    assert asyncio.get_running_loop().time() - started < 2
    assert len(desk.provider.requests) == 2


async def test_nothing_of_prompt_answer_or_key_is_in_a_failure_a_log_or_a_repr(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"{KEY} {GUEST_TEXT} Weber"
    plays: list[Play] = [
        Raw(400, error(echo)),
        Raw(401, error(echo, code=echo)),
        Raw(500, echo.encode()),
        Raw(200, echo.encode()),
        Raw(200, {"choices": [{"message": {"content": [echo]}}]}),
        Say(echo, stop="length"),
        Say(echo, stop=echo),
    ]
    desk.provider.will(*plays)
    told = [repr(desk.model), str(desk.model)]
    told += ["".join(traceback.format_exception(await desk.failure())) for _ in plays]
    told += [record.getMessage() for record in caplog.records]
    for secret in (KEY, GUEST_TEXT, "Weber"):
        assert not [text for text in told if secret in text]


async def test_the_prompt_is_kept_small_for_servers_that_cut_it_silently(desk: Desk) -> None:
    history = tuple(turn for n in range(100) for turn in (guest_said(f"{n} " + "x" * 400), jack_said("y" * 400)))
    await desk.model.draft(a_prompt(a_context("Latest?", history=history)))
    [body] = desk.provider.requests
    assert sum(len(message["content"]) for message in body["messages"][1:]) < 13_000


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (Raw(401, error()), "credentials"),
        (Raw(404, error()), "/v1"),
        (Raw(429, error(code="insufficient_quota")), "budget"),
        (Raw(400, error("tiny does not support tools")), "tools"),
    ],
)
async def test_check_says_what_is_wrong(desk: Desk, play: Raw, words: str) -> None:
    desk.provider.will(play)
    assert words in (await desk.model.check() or "")


async def test_check_is_cheap_and_takes_a_cut_answer_for_an_answer(desk: Desk) -> None:
    desk.provider.will(Say(None, stop="length"))
    assert await desk.model.check() is None
    [body] = desk.provider.requests
    assert body["max_tokens"] == 16


async def test_a_reasoning_model_that_thinks_its_tokens_away_answers_all_the_same(desk: Desk) -> None:
    desk.provider.habits = Habits(refuses="max_tokens")
    desk.provider.will(Raw(400, error("Could not finish the message because the model output limit was reached")))
    assert await desk.model.check() is None


async def test_check_gives_up_in_time(desk: Desk) -> None:
    desk.provider.will(Hang())
    model = OpenAiCompatibleModel(desk.client, desk.url, MODEL, KEY, time_limit=timedelta(milliseconds=200))
    assert "did not answer" in (await model.check() or "")

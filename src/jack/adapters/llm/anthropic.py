"""AnthropicModel: Claude over the Messages API.

Source of the outside facts: https://platform.claude.com/docs/en/api/messages, /api/errors and /api/versioning. Since
version 2026-10-21 the API refuses temperature, top_p and top_k; none is sent, so that older versions work as well.
"""

import asyncio
from datetime import timedelta
from typing import Final

import httpx
import msgspec

from jack.adapters.http import Answer, failure_of, send
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.llm import LanguageModel, Prompt
from jack.domain.butler import SERVICE_REQUEST_TOOL, Draft
from jack.domain.dialogue import Drafting, ToolCall, ToolResult, dialogue, sendable
from jack.domain.errors import DomainError
from jack.domain.message import AuthorKind

_SERVICE: Final = "Anthropic"
_ROUNDS: Final = 4
_MAX_TOKENS: Final = 2048
_LARGEST_ANSWER: Final = 1024 * 1024
_FINISHED: Final = ("end_turn", "tool_use", "stop_sequence")
_MONEY: Final = ("spend limit", "spend_limit", "credit balance", "usage limit", "billing_error")
_TOOL: Final = {
    "name": SERVICE_REQUEST_TOOL["name"],
    "description": SERVICE_REQUEST_TOOL["description"],
    "input_schema": SERVICE_REQUEST_TOOL["schema"],
}


class _Message(msgspec.Struct):
    """An answer; the blocks stay as they came, because they are sent back verbatim."""

    content: list[dict[str, object]]
    stop_reason: str | None
    model: str = ""


class AnthropicModel(LanguageModel):
    """Claude, or any server that speaks the Messages API. `base_url` is without `/v1`.

    `time_limit` spans one whole draft with all its rounds; `prompt_budget` bounds the conversation in characters.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        base_url: str,
        model: str,
        api_key: str,
        *,
        time_limit: timedelta = timedelta(seconds=20),
        version: str = "2026-10-21",
        prompt_budget: int = 24_000,
    ) -> None:
        self._client = client
        self._url = f"{base_url.rstrip('/').removesuffix('/v1')}/v1/messages"
        self._model = model
        self._headers = {"x-api-key": api_key, "anthropic-version": version}
        self._time_limit = time_limit.total_seconds()
        self._prompt_budget = prompt_budget

    @property
    def name(self) -> str:
        """What staff read on a receipt."""
        return f"anthropic {self._model}"

    async def draft(self, prompt: Prompt) -> Draft:
        """One reply; see the port."""
        try:
            async with asyncio.timeout(self._time_limit):
                return await self._draft(prompt)
        except TimeoutError:
            raise ServiceUnavailable(f"{_SERVICE} did not answer within {self._time_limit:g} s") from None
        except DomainError as error:
            raise ServiceUnavailable(f"{_SERVICE}: {error}") from None

    async def check(self) -> str | None:
        """Asks for one token, so that key, model and budget are all tried; costs a few hundred tokens of input."""
        try:
            await self._ask(
                {
                    "model": self._model,
                    "max_tokens": 1,
                    "tools": [_TOOL],
                    "messages": [{"role": "user", "content": "Hello"}],
                }
            )
        except OutsideFailure as failure:
            return str(failure)
        return None

    async def _draft(self, prompt: Prompt) -> Draft:
        messages: list[dict[str, object]] = [
            {"role": "user" if turn.author is AuthorKind.GUEST else "assistant", "content": turn.text}
            for turn in dialogue(prompt.context, self._prompt_budget)
        ]
        state = Drafting()
        for _ in range(_ROUNDS):
            message = await self._ask(
                {
                    "model": self._model,
                    "max_tokens": _MAX_TOKENS,
                    "tools": [_TOOL],
                    "system": [
                        # a cache holds everything up to here: tools and persona, which are the same for every guest
                        {"type": "text", "text": sendable(prompt.persona), "cache_control": {"type": "ephemeral"}},
                        {"type": "text", "text": f"The facts:\n{sendable(prompt.facts)}"},
                    ],
                    "messages": messages,
                }
            )
            _finished(message.stop_reason)
            calls = _calls(message)
            state, results = state.after(_text(message), calls)
            if not calls:
                return state.draft(f"anthropic {message.model[:100] or self._model}")
            messages.append({"role": "assistant", "content": message.content})
            messages.append({"role": "user", "content": [_result(result) for result in results]})
        raise ServiceUnavailable(f"{_SERVICE}: the model kept using its tool instead of answering")

    async def _ask(self, body: dict[str, object]) -> _Message:
        answer = await send(
            self._client,
            "POST",
            self._url,
            service=_SERVICE,
            size_limit=_LARGEST_ANSWER,
            headers=self._headers,
            json=body,
            time_limit=self._time_limit,
        )
        if not answer.ok:
            raise self._failure(answer)
        try:
            return msgspec.json.decode(answer.body, type=_Message)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise ServiceUnavailable(f"{_SERVICE} answered with something that is no message") from None

    def _failure(self, answer: Answer) -> OutsideFailure:
        # the texts of errors may quote the prompt, so they are looked at and never passed on
        told = answer.body[:10_000].decode("utf-8", "replace").lower()
        if answer.status == 402 or (answer.status in (400, 403, 429) and any(word in told for word in _MONEY)):
            return ServiceDenied(f"{_SERVICE} answered {answer.status}: the budget is spent (raise the spend limit)")
        if answer.status == 404:
            return ServiceDenied(
                f"{_SERVICE} answered 404: there is no model {self._model!r} at this address "
                "(check model and base_url in jack.toml)"
            )
        if answer.status == 409:
            return ServiceUnavailable(f"{_SERVICE} answered 409")
        return failure_of(answer, _SERVICE)


def _finished(stop_reason: str | None) -> None:
    if stop_reason in _FINISHED:
        return
    match stop_reason:
        case "max_tokens":
            raise ServiceUnavailable(f"{_SERVICE}: the answer was cut, it became too long")
        case "pause_turn" | None:
            raise ServiceUnavailable(f"{_SERVICE}: the answer was not finished")
        case "refusal":
            raise ServiceRejected(f"{_SERVICE}: the model refuses to answer this")
        case "model_context_window_exceeded":
            raise ServiceRejected(f"{_SERVICE}: the conversation is too long for this model")
        case _:
            shown = stop_reason if stop_reason.isidentifier() and len(stop_reason) <= 40 else "?"
            raise ServiceRejected(f"{_SERVICE}: the model stopped for a reason that Jack does not know ({shown})")


def _text(message: _Message) -> str:
    texts = (block.get("text") for block in message.content if block.get("type") == "text")
    return "".join(text for text in texts if isinstance(text, str))


def _calls(message: _Message) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(id=str(block.get("id", "")), name=str(block.get("name", "")), arguments=block.get("input"))
        for block in message.content
        if block.get("type") == "tool_use"
    )


def _result(result: ToolResult) -> dict[str, object]:
    told: dict[str, object] = {"type": "tool_result", "tool_use_id": result.call_id, "content": result.text}
    return told | {"is_error": True} if result.is_error else told

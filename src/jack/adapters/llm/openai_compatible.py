"""OpenAiCompatibleModel: any server that speaks Chat Completions: OpenAI, Ollama, vLLM, llama.cpp and others.

Source of the outside facts: https://platform.openai.com/docs/api-reference/chat, its error codes, and
https://docs.ollama.com/api/openai-compatibility. Compatible servers differ in what they leave out, so an answer is read
by what is there: tool calls by their presence, not by the finish reason.
"""

import asyncio
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from jack.adapters.http import Answer, failure_of, send
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.llm import LanguageModel, Prompt
from jack.domain.butler import SERVICE_REQUEST_TOOL, Draft
from jack.domain.dialogue import Drafting, ToolCall, dialogue, sendable
from jack.domain.errors import DomainError
from jack.domain.message import AuthorKind

_SERVICE: Final = "the model server"
_ROUNDS: Final = 4
_MAX_TOKENS: Final = 2048
_CHECK_TOKENS: Final = 16  # the least that OpenAI's reasoning models take
_LARGEST_ANSWER: Final = 1024 * 1024
_LIMIT_NAMES: Final = ("max_completion_tokens", "max_tokens")
_MONEY: Final = (
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "insufficient_quota",
    "billing_hard_limit_reached",
)
_NO_TOOLS: Final = ("does not support tools", "enable-auto-tool-choice")
_NO_ROOM: Final = ("output limit was reached", "max_tokens or model output limit")
_TOOL: Final = {
    "type": "function",
    "function": {
        "name": SERVICE_REQUEST_TOOL["name"],
        "description": SERVICE_REQUEST_TOOL["description"],
        "parameters": SERVICE_REQUEST_TOOL["schema"],
    },
}


class _Function(msgspec.Struct):
    name: str = ""
    arguments: object = None


class _Call(msgspec.Struct):
    function: _Function
    id: str | None = None


class _Message(msgspec.Struct):
    content: str | list[dict[str, object]] | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None
    function_call: object = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None


class OpenAiCompatibleModel(LanguageModel):
    """A model behind Chat Completions. `base_url` includes the version, as in `http://localhost:11434/v1`.

    `api_key` is None for servers that ask for none. `time_limit` spans one whole draft with all its rounds;
    `prompt_budget` bounds the conversation in characters: small servers cut long prompts silently, from the front.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        base_url: str,
        model: str,
        api_key: str | None,
        *,
        time_limit: timedelta = timedelta(seconds=20),
        prompt_budget: int = 12_000,
    ) -> None:
        self._client = client
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._time_limit = time_limit.total_seconds()
        self._prompt_budget = prompt_budget
        # others ignore the newer name silently, and then nothing bounds the answer
        self._limit_name = _LIMIT_NAMES[0 if urlsplit(base_url).hostname == "api.openai.com" else 1]

    @property
    def name(self) -> str:
        """What staff read on a receipt."""
        return f"openai {self._model}"

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
        """Asks for a few tokens, with the tool, so that key, model, budget and tool calling are all tried."""
        try:
            async with asyncio.timeout(self._time_limit):
                await self._ask([{"role": "user", "content": "Hello"}], _CHECK_TOKENS)
        except TimeoutError:
            return f"{_SERVICE} did not answer within {self._time_limit:g} s"
        except OutsideFailure as failure:
            return str(failure)
        return None

    async def _draft(self, prompt: Prompt) -> Draft:
        messages: list[dict[str, object]] = [
            # one system message, persona first: servers cache by prefix, and many templates take only one
            {"role": "system", "content": f"{sendable(prompt.persona)}\nThe facts:\n{sendable(prompt.facts)}"}
        ]
        messages += [
            {"role": "user" if turn.author is AuthorKind.GUEST else "assistant", "content": turn.text}
            for turn in dialogue(prompt.context, self._prompt_budget)
        ]
        state = Drafting()
        for number in range(_ROUNDS):
            completion = await self._ask(messages, _MAX_TOKENS)
            choice = completion.choices[0]
            _finished(choice)
            text, calls = _text(choice.message), _calls(choice.message, number)
            state, results = state.after(text, calls)
            if not calls:
                return state.draft(f"openai {(completion.model or '')[:100] or self._model}")
            messages.append(
                {"role": "assistant", "content": text or None, "tool_calls": [_said_again(call) for call in calls]}
            )
            messages += [{"role": "tool", "tool_call_id": r.call_id, "content": r.text} for r in results]
        raise ServiceUnavailable(f"{_SERVICE}: the model kept using its tool instead of answering")

    async def _ask(self, messages: list[dict[str, object]], max_tokens: int) -> _Completion:
        body = {"model": self._model, "messages": messages, "tools": [_TOOL]}
        limit_name = self._limit_name
        answer = await self._post(body | {limit_name: max_tokens})
        if answer.status in (400, 422) and limit_name in _told(answer):
            limit_name = next(name for name in _LIMIT_NAMES if name != limit_name)
            answer = await self._post(body | {limit_name: max_tokens})
            if answer.ok:
                self._limit_name = limit_name
        if not answer.ok:
            if max_tokens == _CHECK_TOKENS and answer.status == 400 and any(w in _told(answer) for w in _NO_ROOM):
                return _Completion(choices=[])  # it thought until the tokens were used up: it answers
            raise self._failure(answer.status, answer)
        try:
            return _checked(msgspec.json.decode(answer.body, type=_Completion))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise self._unreadable(answer) from None

    async def _post(self, body: dict[str, object]) -> Answer:
        return await send(
            self._client,
            "POST",
            self._url,
            service=_SERVICE,
            size_limit=_LARGEST_ANSWER,
            headers=self._headers,
            json=body,
            time_limit=self._time_limit,
        )

    def _unreadable(self, answer: Answer) -> OutsideFailure:
        """Some gateways tell a failure of the server behind them with status 200 and an `error` in the body."""
        try:
            error = msgspec.json.decode(answer.body, type=dict[str, object]).get("error")
        except (msgspec.MsgspecError, ValueError, RecursionError):
            error = None
        code = error.get("code") if isinstance(error, dict) else None
        if isinstance(code, int) and 400 <= code < 600:
            return self._failure(code, answer)
        return ServiceUnavailable(f"{_SERVICE} answered with something that is no completion")

    def _failure(self, status: int, answer: Answer) -> OutsideFailure:
        # the texts of errors may quote the prompt, so they are looked at and never passed on
        told = _told(answer)
        if status == 402 or (status in (400, 403, 429) and any(word in told for word in _MONEY)):
            return ServiceDenied(f"{_SERVICE} answered {status}: the budget is spent (raise the limit or add credit)")
        if status == 404:
            return ServiceDenied(
                f"{_SERVICE} answered 404: there is no model {self._model!r} at this address "
                "(check model and base_url in jack.toml; base_url mostly ends in /v1)"
            )
        if status == 400 and any(word in told for word in _NO_TOOLS):
            return ServiceDenied(
                f"{_SERVICE} answered 400: this model cannot use tools (choose another, or switch tool calling on at "
                "the server)"
            )
        if status == 409:
            return ServiceUnavailable(f"{_SERVICE} answered 409")
        return failure_of(Answer(status=status, headers=answer.headers, body=b""), _SERVICE)


def _checked(completion: _Completion) -> _Completion:
    if not completion.choices:
        raise ValueError
    return completion


def _told(answer: Answer) -> str:
    return answer.body[:10_000].decode("utf-8", "replace").lower()


def _finished(choice: _Choice) -> None:
    if choice.message.refusal:
        raise ServiceRejected(f"{_SERVICE}: the model refuses to answer this")
    if choice.message.function_call is not None:
        raise ServiceUnavailable(f"{_SERVICE}: the model used its tool in a form that Jack cannot read")
    match choice.finish_reason:
        case "stop" | "tool_calls":
            return
        case "length":
            raise ServiceUnavailable(f"{_SERVICE}: the answer was cut, it became too long")
        case "error" | "" | None:
            raise ServiceUnavailable(f"{_SERVICE}: the answer was not finished")
        case "content_filter":
            raise ServiceRejected(f"{_SERVICE}: a content filter stopped the answer")
        case reason:
            shown = reason if reason.isidentifier() and len(reason) <= 40 else "?"
            raise ServiceRejected(f"{_SERVICE}: the model stopped for a reason that Jack does not know ({shown})")


def _text(message: _Message) -> str:
    if isinstance(message.content, list):
        texts = (part.get("text") for part in message.content if part.get("type") == "text")
        return "".join(text for text in texts if isinstance(text, str))
    return message.content or ""


def _calls(message: _Message, number: int) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(
            id=call.id or f"call_{number}_{position}",
            name=call.function.name,
            arguments=_decoded(call.function.arguments),
        )
        for position, call in enumerate(message.tool_calls or ())
    )


def _decoded(arguments: object) -> object:
    if not isinstance(arguments, str):
        return arguments
    try:
        return msgspec.json.decode(arguments)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _said_again(call: ToolCall) -> dict[str, object]:
    """The call as it goes back into the history; what could not be read goes back as an empty object."""
    arguments = call.arguments if isinstance(call.arguments, dict) else {}
    function = {"name": call.name, "arguments": msgspec.json.encode(arguments).decode()}
    return {"id": call.id, "type": "function", "function": function}

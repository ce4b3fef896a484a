"""A strict stand-in for Chat Completions: OpenAI's own rules, with the habits of compatible servers to switch on."""

import json
from dataclasses import dataclass
from itertools import count

from tests.simulators.plays import Json, ProviderSimulator, Refused, Say

KEY = "sk-proj-simulated"
MODEL = "gpt-simulated"
KNOWN = {
    "audio", "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "messages",
    "metadata", "modalities", "model", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key",
    "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream",
    "stream_options", "tool_choice", "tools", "top_logprobs", "verbosity", "web_search_options",
}  # fmt: skip


@dataclass(slots=True)
class Habits:
    """What kind of server this is."""

    key: str | None = KEY
    refuses: str | None = "max_tokens"
    """The parameter that this server does not know: reasoning models refuse max_tokens, some others the newer name."""
    arguments_as_object: bool = False
    stop_with_tools: str = "tool_calls"
    smallest_limit: int = 16


class OpenAiSimulator(ProviderSimulator):
    """Chat Completions of one account with one model, under `/v1`."""

    def __init__(self, habits: Habits | None = None) -> None:
        super().__init__()
        self.habits = habits or Habits()
        self._ids = count(1)

    def malformed(self) -> Refused:
        return _refusal(400, "We could not parse the JSON body of your request.")

    def validate(self, path: str, headers: dict[str, str], body: Json) -> None:
        if path != "/v1/chat/completions":
            raise _refusal(404, "Invalid URL", code="unknown_url")
        if self.habits.key is not None and headers.get("authorization") != f"Bearer {self.habits.key}":
            raise _refusal(401, f"Incorrect API key provided: {headers.get('authorization')}", code="invalid_api_key")
        if not headers.get("content-type", "").startswith("application/json"):
            raise _refusal(400, "Unsupported content type")
        if unknown := set(body) - KNOWN:
            raise _refusal(400, f"Unrecognized request argument supplied: {min(unknown)}", code="unknown_parameter")
        if self.habits.refuses in body:
            raise _refusal(
                400,
                f"Unsupported parameter: '{self.habits.refuses}' is not supported with this model.",
                code="unsupported_parameter",
                param=self.habits.refuses,
            )
        if body.get("model") != MODEL:
            raise _refusal(404, f"The model '{body.get('model')}' does not exist", code="model_not_found")
        limit = body.get("max_completion_tokens", body.get("max_tokens"))
        _require(limit is None or limit >= self.habits.smallest_limit, "Invalid limit: below minimum value")
        for tool in body.get("tools", []):
            _require(set(tool) == {"type", "function"} and tool["type"] == "function", "Invalid tools[0]")
            _require(tool["function"]["parameters"]["type"] == "object", "Invalid schema for function")
        _check_messages(body.get("messages"))

    def render(self, say: Say, body: Json) -> Json:
        message: Json = {"role": "assistant", "content": say.text, "refusal": None}
        if say.tools:
            message["tool_calls"] = [self._call(use.id, use.name, use.arguments) for use in say.tools]
        message |= say.extra.get("message", {})
        stop = say.stop or (self.habits.stop_with_tools if say.tools else "stop")
        choice = {"index": 0, "message": message, "finish_reason": say.extra.get("finish_reason", stop)}
        return {"id": "chatcmpl-1", "object": "chat.completion", "model": body["model"], "choices": [choice]}

    def _call(self, call_id: str | None, name: str, arguments: object) -> Json:
        written = arguments if isinstance(arguments, str) or self.habits.arguments_as_object else json.dumps(arguments)
        call: Json = {"type": "function", "function": {"name": name, "arguments": written}}
        if call_id is not None:
            call["id"] = f"call_{next(self._ids):04}" if call_id == "auto" else call_id
        return call


def error(message: str = "…", *, code: str | None = None, param: str | None = None) -> Json:
    """An error body of the API."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def _refusal(status: int, message: str, *, code: str | None = None, param: str | None = None) -> Refused:
    return Refused(status, error(message, code=code, param=param))


def _require(truth: bool, message: str) -> None:
    if not truth:
        raise _refusal(400, message)


def _check_messages(messages: object) -> None:
    _require(isinstance(messages, list) and bool(messages), "Invalid 'messages': empty array")
    assert isinstance(messages, list)
    waiting: list[str] = []
    for position, message in enumerate(messages):
        role = message.get("role")
        _require(role in ("system", "developer", "user", "assistant", "tool"), f"Invalid role messages[{position}]")
        _require(role != "system" or position == 0, "System message must be at the beginning.")
        if role == "tool":
            _require(message.get("tool_call_id") in waiting, "'tool' must be a response to a preceding 'tool_calls'")
            waiting.remove(message["tool_call_id"])
            continue
        _require(not waiting, "An assistant message with 'tool_calls' must be followed by tool messages")
        calls = message.get("tool_calls", [])
        for call in calls:
            _require(set(call) == {"id", "type", "function"}, "Missing required parameter: tool_calls[0].id")
            _require(isinstance(call["function"]["arguments"], str), "arguments: expected a string")
        waiting = [call["id"] for call in calls]
        _require(len(set(waiting)) == len(waiting), "Duplicate tool_call id")
        text = message.get("content")
        _require(bool(calls) or bool(isinstance(text, str) and text.strip()), f"messages[{position}].content is empty")
    _require(not waiting, "An assistant message with 'tool_calls' must be followed by tool messages")

"""A strict stand-in for Anthropic's Messages API: it refuses what the real one refuses since version 2026-10-21."""

import re
from itertools import count

from tests.simulators.plays import Json, ProviderSimulator, Refused, Say

KEY = "sk-ant-api03-simulated"
MODEL = "claude-sonnet-4-5"
KNOWN = {
    "cache_control", "container", "context_management", "inference_geo", "max_tokens", "mcp_servers", "messages",
    "metadata", "model", "output_config", "service_tier", "stop_sequences", "stream", "system", "thinking",
    "tool_choice", "tools",
}  # fmt: skip


class AnthropicSimulator(ProviderSimulator):
    """The Messages API of one account with one model."""

    def __init__(self) -> None:
        super().__init__()
        self._ids = count(1)

    def malformed(self) -> Refused:
        return _refusal(400, "invalid_request_error", "The request body is not valid JSON.")

    def validate(self, path: str, headers: dict[str, str], body: Json) -> None:
        if path != "/v1/messages":
            raise _refusal(404, "not_found_error", "Not found")
        if headers.get("x-api-key") != KEY:
            raise _refusal(401, "authentication_error", f"invalid x-api-key {headers.get('x-api-key')}")
        if headers.get("anthropic-version") not in ("2023-06-01", "2026-10-21"):
            raise _refusal(400, "invalid_request_error", "anthropic-version: header is required")
        if not headers.get("content-type", "").startswith("application/json"):
            raise _refusal(400, "invalid_request_error", "content-type must be application/json")
        if unknown := set(body) - KNOWN:
            raise _refusal(400, "invalid_request_error", f"{min(unknown)}: Extra inputs are not permitted")
        if body.get("model") != MODEL:
            raise _refusal(404, "not_found_error", f"model: {body.get('model')}")
        _require(isinstance(body.get("max_tokens"), int) and body["max_tokens"] > 0, "max_tokens: Field required")
        _check_tools(body.get("tools", []))
        _check_system(body.get("system", []))
        _check_messages(body.get("messages"))

    def render(self, say: Say, body: Json) -> Json:
        content: list[Json] = [say.extra["block"]] if "block" in say.extra else []
        if say.text is not None:
            content.append({"type": "text", "text": say.text})
        content += [
            {"type": "tool_use", "id": f"toolu_{next(self._ids):04}", "name": use.name, "input": use.arguments}
            for use in say.tools
        ]
        return {
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "model": f"{body['model']}-20250929",
            "content": content,
            "stop_reason": say.extra.get("stop_reason", say.stop or ("tool_use" if say.tools else "end_turn")),
            "stop_sequence": None,
            "stop_details": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }


def error(kind: str, message: str = "…", **details: object) -> Json:
    """An error body of the API."""
    inner: Json = {"type": kind, "message": message}
    if details:
        inner["details"] = details
    return {"type": "error", "error": inner, "request_id": "req_1"}


def _refusal(status: int, kind: str, message: str) -> Refused:
    return Refused(status, error(kind, message))


def _require(truth: bool, message: str) -> None:
    if not truth:
        raise _refusal(400, "invalid_request_error", message)


def _check_tools(tools: list[Json]) -> None:
    for tool in tools:
        known = {"name", "description", "input_schema", "strict", "cache_control", "type"}
        _require(set(tool) <= known, "tools.0: Extra inputs are not permitted")
        _require(bool(re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", tool.get("name", ""))), "tools.0.name: bad pattern")
        _require(tool.get("input_schema", {}).get("type") == "object", "tools.0.input_schema.type: Field required")


def _check_system(system: str | list[Json]) -> None:
    blocks = [{"type": "text", "text": system}] if isinstance(system, str) else system
    for block in blocks:
        _require(block.get("type") == "text" and bool(block.get("text")), "system: text blocks must be non-empty")
    _require(sum("cache_control" in block for block in blocks) <= 4, "A maximum of 4 blocks with cache_control")


def _check_messages(messages: object) -> None:
    _require(isinstance(messages, list) and bool(messages), "messages: at least one message is required")
    assert isinstance(messages, list)
    _require(messages[0].get("role") == "user", "messages: first message must use the user role")
    _require(messages[-1].get("role") == "user", "This model does not support assistant message prefill.")
    asked: list[str] = []
    for message in messages:
        _require(set(message) == {"role", "content"}, "messages.0: Extra inputs are not permitted")
        _require(message["role"] in ("user", "assistant"), "messages.0.role: unexpected role")
        content = message["content"]
        blocks: list[Json] = [{"type": "text", "text": content}] if isinstance(content, str) else content
        _require(bool(blocks), "messages: all messages must have non-empty content")
        for block in blocks:
            if block["type"] == "text":
                _require(bool(block["text"].strip()), "messages: text content blocks must contain non-whitespace text")
        answered = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
        if asked:
            first = [block["type"] for block in blocks[: len(asked)]]
            _require(
                sorted(answered) == sorted(asked) and set(first) == {"tool_result"},
                "`tool_use` ids were found without `tool_result` blocks immediately after",
            )
        else:
            _require(not answered, "unexpected `tool_use_id` found in `tool_result` blocks")
        asked = [block["id"] for block in blocks if block["type"] == "tool_use"]
        _require(not asked or message["role"] == "assistant", "`tool_use` blocks can only be in assistant messages")

"""What reaches the log, and what never does."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from jack.application.errors import ServiceUnavailable
from jack.entrypoints import logs

GUEST = "+351 912 345 678"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Give the other tests their logging back."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in logs._LEAST}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def lines_of(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_terminal_gets_plain_lines_with_what_was_given_beside_the_message() -> None:
    stream = Terminal()
    logs.configure(stream=stream, environ={})
    logging.getLogger("jack.http").info("http.request", extra={"method": "GET", "status": 200})
    line = stream.getvalue()
    assert line.endswith("Z INFO    jack.http: http.request method=GET status=200\n")


def test_everything_else_gets_one_json_object_a_line() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, environ={})
    logging.getLogger("jack.http").warning("two\nlines", extra={"status": 200, "hotel": "harbour", "nobody": None})
    (entry,) = lines_of(stream)
    time = entry.pop("time")
    assert time.endswith("Z")
    assert entry == {
        "level": "WARNING",
        "logger": "jack.http",
        "message": "two\nlines",
        "status": 200,
        "hotel": "harbour",
        "nobody": None,
    }


def test_a_line_carries_the_correlation_id_of_its_request_or_job() -> None:
    plain, structured = Terminal(), io.StringIO()
    token = logs.correlation_id.set("c0ffee")
    try:
        for stream in (plain, structured):
            logs.configure(stream=stream, environ={})
            logging.getLogger("jack").info("hello")
    finally:
        logs.correlation_id.reset(token)
    assert plain.getvalue().endswith("hello [c0ffee]\n")
    assert lines_of(structured)[0]["correlation_id"] == "c0ffee"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("DEBUG", ["debug", "info", "warning"]),
        ("debug", ["debug", "info", "warning"]),
        ("WARNING", ["warning"]),
        ("", ["info", "warning"]),
    ],
)
def test_the_environment_sets_the_level(wanted: str, shown: list[str]) -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, environ={"JACK_LOG_LEVEL": wanted})
    for level in ("debug", "info", "warning"):
        getattr(logging.getLogger("jack"), level)(level)
    assert [entry["message"] for entry in lines_of(stream)] == shown


def test_an_unknown_level_is_reported_and_replaced_by_the_default() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, environ={"JACK_LOG_LEVEL": "LOUD"})
    logging.getLogger("jack").info("hello")
    assert [entry["message"] for entry in lines_of(stream)] == [
        "JACK_LOG_LEVEL is not one of DEBUG, INFO, WARNING, ERROR, CRITICAL",
        "hello",
    ]


def test_configuring_twice_does_not_write_twice() -> None:
    first, second = io.StringIO(), io.StringIO()
    logs.configure(stream=first, environ={})
    logs.configure(stream=second, environ={})
    logging.getLogger("jack").info("hello")
    assert first.getvalue() == ""
    assert len(lines_of(second)) == 1


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("call +351912345678 now", "call … now"),
        ("call +351 912-345-678", "call …"),
        ("from 351912345678: failed", "from …: failed"),
        ("to:351912345678", "to:…"),
        ("at (0912) 345 678 x", "at … x"),
        ("912 345 678", "…"),
        ("ann@harbour.example wrote", "… wrote"),
        ("id wamid.HBgLMzUxOTEyMzQ1Njc4FQIAEhgg= sent", "id wamid.… sent"),
        ("Authorization: Bearer EAAG123.abc-_", "Authorization: … …"),
        ("bearer EAAG123", "bearer …"),
        ("access_token=EAAG123&x=1", "access_token=…&x=1"),
        ('{"app_secret": "abc"}', '{"app_secret": "…"}'),
        ("GET https://graph.example/v23.0/x?access_token=abc&y=1 200", "GET https://graph.example/v23.0/x?… 200"),
        ("redis://:hush@127.0.0.1:6379/0", "redis://…@127.0.0.1:6379/0"),
        ("postgresql://jack:hush@db/jack", "postgresql://…@db/jack"),
    ],
)
def test_what_looks_like_a_guest_or_a_secret_is_hidden(text: str, redacted: str) -> None:
    assert logs.redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 10:00:00 run 12 of 345",
        "stay 2026-11-22 to 2026-11-25",
        "Uvicorn running on http://127.0.0.1:8000",
        "0193a4c7e5f01234567890123456789a",
        "550e8400-e29b-41d4-a716-446655440000",
        "took 0.123456789 s",
        "192.168.100.200:6379",
        "room 204, 40000 reservations, 1895195 bytes",
    ],
)
def test_what_operators_need_stays_readable(text: str) -> None:
    assert logs.redact(text) == text


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_extras_and_arguments_are_redacted_too(stream: io.StringIO) -> None:
    logs.configure(stream=stream, environ={})
    logging.getLogger("jack").info("sent to %s", GUEST, extra={"reason": f"no route to {GUEST}", "who": [GUEST]})
    assert "912" not in stream.getvalue()
    assert "sent to …" in stream.getvalue()


def break_a_turn() -> None:
    try:
        _ = dict[str, str]()["my wife must not know"]
    except KeyError as error:
        raise RuntimeError("the guest wrote: my wife must not know") from error


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_an_error_is_told_by_types_and_places_without_its_text(stream: io.StringIO) -> None:
    logs.configure(stream=stream, environ={})
    try:
        break_a_turn()
    except RuntimeError:
        logging.getLogger("jack").exception("turn.broke")
    told = stream.getvalue()
    assert "wife" not in told
    assert told.index("KeyError") < told.index("RuntimeError")
    assert "test_logs.py" in told
    assert "in break_a_turn" in told


def test_the_members_of_a_group_are_told_too() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, environ={})
    logging.getLogger("jack").error("broke", exc_info=ExceptionGroup("secret", [KeyError("secret"), OSError("secret")]))
    trace = lines_of(stream)[0]["trace"]
    assert trace == ["ExceptionGroup", "  | KeyError", "  | OSError"]


def test_jacks_own_words_for_failures_are_quoted() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, environ={})
    logging.getLogger("jack").error("broke", exc_info=ServiceUnavailable(f"Mews is busy, call {GUEST}"))
    assert lines_of(stream)[0]["trace"] == ["ServiceUnavailable: Mews is busy, call …"]


def test_a_task_that_nobody_awaited_does_not_show_the_text_of_its_error() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, environ={})
    text = "Task exception was never retrieved\nfuture: <Task finished exception=ValueError('my wife')>"
    logging.getLogger("asyncio").error(text, exc_info=ValueError("my wife"))
    (entry,) = lines_of(stream)
    assert entry["message"] == "Task exception was never retrieved"
    assert entry["trace"] == ["ValueError"]


@pytest.mark.parametrize("formatter", [logs.PlainFormatter(), logs.JsonFormatter()])
def test_arguments_that_do_not_fit_their_message_neither_raise_nor_show(formatter: logging.Formatter) -> None:
    line = formatter.format(logging.LogRecord("jack", logging.INFO, "x.py", 1, "%d guests", ("my wife",), None))
    assert "%d guests" in line
    assert "my wife" not in line


async def test_requests_of_the_http_client_and_the_access_log_stay_out_even_at_debug() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, environ={"JACK_LOG_LEVEL": "DEBUG"})
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get("https://graph.example/path-of-a-guest")
    logging.getLogger("uvicorn.access").info('127.0.0.1 - "GET /chat/path-of-a-guest"')
    logging.getLogger("arq.worker").info("path-of-a-guest")
    logging.getLogger("aiosqlite").debug("executing path-of-a-guest")
    assert "path-of-a-guest" not in stream.getvalue()

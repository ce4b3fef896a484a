"""Logs: to standard error, plain lines on a terminal and JSON lines elsewhere, without guests and secrets.

Whoever logs must leave guests' words, phone numbers and secrets out. What slips through all the same (a library's
message, the text of an error) is caught here as far as forms can be known.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import StackSummary, walk_tb
from typing import Any, Final, TextIO

import msgspec

from jack.application.errors import ApplicationError

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""What ties the lines of one request or job together; set by whoever begins one."""

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HIDDEN: Final = "…"

_LEAST: Final = {
    # below these levels they write addresses with queries, arguments of statements, texts of tasks, or chatter
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "arq": logging.WARNING,
    "asyncio": logging.WARNING,
    "hpack": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "uvicorn": logging.WARNING,
    "uvicorn.access": logging.CRITICAL,
}
_ORDINARY: Final = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"}
_DEEPEST: Final = 10

_PATTERNS: Final = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"',;]+"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\b([\w-]*(?:token|secret|password|api_?key|authorization|signature))(['\"]?\s*[=:]\s*['\"]?)[^\s\"',;&)]+"),
     rf"\1\2{HIDDEN}"),
    (re.compile(r"\bwamid\.[\w+/=-]+"), f"wamid.{HIDDEN}"),
    (re.compile(r"://[^\s/@]+@"), f"://{HIDDEN}@"),
    (re.compile(r"(://[^\s?\"']*)\?[^\s\"')]+"), rf"\1?{HIDDEN}"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), HIDDEN),
    (re.compile(r"\+\d[\d ().-]{5,20}\d"), HIDDEN),
    (re.compile(r"(?<![\w.-])\d{9,15}(?![\w-])"), HIDDEN),
)  # fmt: skip
_GROUPED: Final = re.compile(r"(?<![\w.:-])\(?\d{2,4}\)?(?:[ -]\d{2,4}){2,5}(?![\w-]|:\d)")


def configure(level: str = "INFO", stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> None:
    """Send all logs to `stream` (standard error), from JACK_LOG_LEVEL on, else from `level`. May be called again."""
    stream = sys.stderr if stream is None else stream
    wanted = (os.environ if environ is None else environ).get("JACK_LOG_LEVEL", "").strip().upper()
    handler = _JackHandler(stream)
    handler.setFormatter(PlainFormatter() if stream.isatty() else JsonFormatter())
    root = logging.getLogger()
    for former in [former for former in root.handlers if isinstance(former, _JackHandler)]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(wanted if wanted in LEVELS else level)
    for name, least in _LEAST.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    if wanted and wanted not in LEVELS:
        logging.getLogger(__name__).warning("JACK_LOG_LEVEL is not one of %s", ", ".join(LEVELS))


def redact(text: str) -> str:
    """The text without what looks like a phone number, an e-mail address, a token or the query of an address."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _GROUPED.sub(_hide_long, text)


class PlainFormatter(logging.Formatter):
    """One line for people, and the places of an error below it."""

    def format(self, record: logging.LogRecord) -> str:
        """`time LEVEL logger: message key=value [correlation id]`."""
        line = f"{_time(record)} {record.levelname:<7} {record.name}: {_message(record)}"
        line += "".join(f" {key}={value}" for key, value in _details(record).items())
        if correlation := correlation_id.get():
            line += f" [{correlation}]"
        return "\n".join([line, *_trace(record)])


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, correlation_id, trace, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The object; keys without content are left out."""
        entry: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if correlation := correlation_id.get():
            entry["correlation_id"] = correlation
        if trace := _trace(record):
            entry["trace"] = trace
        return msgspec.json.encode({**_details(record), **entry}).decode()


class _JackHandler(logging.StreamHandler[TextIO]):
    """Ours, so that a second `configure` replaces the first."""


def _time(record: logging.LogRecord) -> str:
    instant = datetime.fromtimestamp(record.created, UTC)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001  arguments that do not fit must not lose the line, nor be shown unread
        message = str(record.msg)
    if record.name == "asyncio":
        # the lines below the first show tasks with the texts of their errors
        message = message.partition("\n")[0]
    return redact(message)


def _details(record: logging.LogRecord) -> dict[str, Any]:
    given = {key: value for key, value in vars(record).items() if key not in _ORDINARY}
    return {
        key: value if value is None or isinstance(value, bool | int | float) else redact(str(value))
        for key, value in given.items()
    }


def _trace(record: logging.LogRecord) -> list[str]:
    """What went wrong, the cause first, each as type and places; only Jack's own words for failures are quoted."""
    return _told(record.exc_info[1], _DEEPEST) if record.exc_info and record.exc_info[1] else []


def _told(error: BaseException, depth: int) -> list[str]:
    said = f": {redact(str(error))}" if isinstance(error, ApplicationError) else ""
    frames = StackSummary.extract(walk_tb(error.__traceback__), lookup_lines=False)
    lines = [f"{type(error).__qualname__}{said}"]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if depth == 0:
        return lines
    if isinstance(error, BaseExceptionGroup):
        lines += [f"  | {line}" for member in error.exceptions for line in _told(member, depth - 1)]
    return [*_told(cause, depth - 1), *lines] if cause else lines


def _hide_long(match: re.Match[str]) -> str:
    """Dates have eight digits, phone numbers in groups have nine or more."""
    return HIDDEN if sum(character.isdigit() for character in match[0]) >= 9 else match[0]

"""The kinds of values in a configuration, and how each is read from what TOML holds.

A reader returns the value or raises Wrong, and nothing else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any, NewType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phonenumbers import SUPPORTED_REGIONS

from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId
from jack.entrypoints.settings.languages import TWO_LETTER_LANGUAGES
from jack.entrypoints.settings.secret import Secret

Port = NewType("Port", int)
Duration = NewType("Duration", timedelta)
Interval = NewType("Interval", timedelta)
WallTime = NewType("WallTime", time)
HotelKey = NewType("HotelKey", str)
TimeZoneName = NewType("TimeZoneName", str)
Language = NewType("Language", str)
Region = NewType("Region", str)
Digits = NewType("Digits", str)
WebhookSecret = NewType("WebhookSecret", Secret)
TwilioAccount = NewType("TwilioAccount", str)
TwilioSender = NewType("TwilioSender", str)

LARGEST_FACTS = 64 * 1024

_DURATION = re.compile(r"([0-9]{1,9})(ms|s|m|h|d)")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=366)


class Wrong(Exception):
    """What is wrong with a value, as the end of a sentence; it does not quote the value, which may be a secret."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of value is read, and in plain words what is expected."""

    expected: str
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What guests may be told, and the file it came from."""

    path: Path
    text: str = field(repr=False)


def text(value: object) -> str:
    """Text with something in it and nothing that cannot be printed."""
    if not isinstance(value, str):
        raise Wrong(f"is {kind_of(value)}")
    if not value.strip():
        raise Wrong("is empty")
    if not value.isprintable():
        raise Wrong("holds characters that cannot be printed")
    return value


def kind_of(value: object) -> str:
    """What TOML calls a value."""
    kinds = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a date or time")


def matching(pattern: str, wrong: str = "has the wrong form") -> Callable[[object], str]:
    """A reader of texts of one form."""
    form = re.compile(pattern)

    def read(value: object) -> str:
        if not form.fullmatch(text(value)):
            raise Wrong(wrong)
        return str(value)

    return read


def facts_in(folder: Path) -> Reader:
    """How a file of facts is read whose path stands relative to `folder`."""

    def read(value: object) -> Facts:
        path = folder / text(value)
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_FACTS + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a path"
            raise Wrong(f"cannot be read ({reason})") from None
        if len(data) > LARGEST_FACTS:
            raise Wrong("is too long")
        try:
            return Facts(path, data.decode())
        except UnicodeDecodeError:
            raise Wrong("is not UTF-8 text") from None

    return Reader(f"a Markdown file of at most {LARGEST_FACTS // 1024} KiB, its path relative to {folder}", read)


def _whole_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong(f"is {kind_of(value)}")
    return value


def _true_or_false(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"is {kind_of(value)}")
    return value


def _port(value: object) -> int:
    number = _whole_number(value)
    if not 0 <= number <= 65535:
        raise Wrong("is out of range")
    return number


def _duration(value: object) -> timedelta:
    match = _DURATION.fullmatch(text(value))
    if not match:
        raise Wrong("is not a duration")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > _LONGEST:
        raise Wrong("is too long")
    return length


def _interval(value: object) -> timedelta:
    length = _duration(value)
    if length < timedelta(seconds=1):
        raise Wrong("is too short")
    return length


def _hotel_key(value: object) -> str:
    """The domain's own rule, asked by making a hotel of that id."""
    key = text(value)
    try:
        Hotel(id=HotelId(key), name="-", time_zone="UTC", language="en", phone_region="PT")
    except DomainError:
        raise Wrong("has the wrong form") from None
    return key


def _wall_time(value: object) -> time:
    digits = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text(value))
    if digits is None:
        raise Wrong("is not a time of day")
    return time(int(digits[1]), int(digits[2]))


def _time_zone(value: object) -> str:
    name = text(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong("is not a known time zone") from None
    return name


def _language(value: object) -> str:
    tag = text(value)
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        raise Wrong("is not a language tag")
    code = tag.partition("-")[0]
    if len(code) == 2 and code not in TWO_LETTER_LANGUAGES:
        raise Wrong("is not a known language")
    return tag


def _region(value: object) -> str:
    code = text(value)
    if code not in SUPPORTED_REGIONS:
        raise Wrong("is not a known region")
    return code


READERS: dict[Any, Reader] = {
    str: Reader("a text", text),
    int: Reader("a whole number", _whole_number),
    bool: Reader("true or false", _true_or_false),
    Port: Reader("a whole number from 0 to 65535", _port),
    Duration: Reader('a duration like "90s", "5m" or "24h"', _duration),
    Interval: Reader('a duration of at least a second, like "90s", "5m" or "24h"', _interval),
    WallTime: Reader('a time of day like "03:30"', _wall_time),
    HotelKey: Reader("at most 63 lower-case letters, digits, '-' or '_'", _hotel_key),
    TimeZoneName: Reader('a time zone like "Europe/Lisbon"', _time_zone),
    Language: Reader('a language tag like "en" or "pt-BR"', _language),
    Region: Reader('the two capital letters of a country, like "PT"', _region),
    Digits: Reader("digits, in quotes", matching(r"[0-9]{1,32}")),
    TwilioAccount: Reader('"AC" and 32 hexadecimal digits', matching(r"AC[0-9a-fA-F]{32}")),
    TwilioSender: Reader(
        'a phone number like "+15550100000", "whatsapp:+15550100000" or a short code',
        matching(r"(whatsapp:)?\+[1-9][0-9]{4,14}|[0-9]{3,8}"),
    ),
}
"""The kinds that are read the same way wherever the configuration lies."""

"""How values stand in columns: instants, texts that sort alike everywhere, JSON."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TEXT as POSTGRES_TEXT
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant to the microsecond; comes back in UTC.

    PostgreSQL: timestamptz. SQLite has no such type: ISO 8601 text in UTC, always 32 characters, so that texts sort
    as the instants do. A naive datetime is refused, because nobody knows which instant it means.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs its time zone")
        if dialect.name == "postgresql":
            return value
        return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            # asyncpg gives timestamptz in UTC
            return value  # type: ignore[no-any-return]  # a datetime or None
        return datetime.fromisoformat(value)


SortText = Text().with_variant(POSTGRES_TEXT(collation="C"), "postgresql")
"""Text that sorts by code point in both databases, as Python sorts it; and prefixes can use its index."""

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database hands out, growing; SQLite grows only INTEGER keys by itself."""

_quick = msgspec.json.Encoder().encode
_encode = json.JSONEncoder(separators=(",", ":")).encode
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def to_json(values: Iterable[Any]) -> str:
    """A JSON array; what a database could not store in text (NUL, half a surrogate pair) is escaped."""
    items = list(values)
    if not items:
        return "[]"
    try:
        return _quick(items).decode()
    except UnicodeEncodeError:
        return _encode(items)


def from_json(text: str) -> list[Any]:
    """The items of a JSON array."""
    return json.loads(text) if text != "[]" else []


def storable(text: str) -> str:
    """`text` with U+FFFD for the characters that PostgreSQL refuses, for words that must not be lost over them."""
    return _UNSTORABLE.sub("\ufffd", text)

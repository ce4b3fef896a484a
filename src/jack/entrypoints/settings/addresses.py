"""Addresses in a configuration: of services, of the database, of Redis."""

import re
from pathlib import Path
from typing import Any, NewType
from urllib.parse import SplitResult, urlsplit

from jack.entrypoints.settings.values import Reader, Wrong, text

WebUrl = NewType("WebUrl", str)
WebOrigin = NewType("WebOrigin", str)
DatabaseUrl = NewType("DatabaseUrl", str)
RedisUrl = NewType("RedisUrl", str)

DATABASE_EXPECTED = 'something like "sqlite+aiosqlite:///jack.db" or "postgresql+asyncpg://user:password@host/name"'
REDIS_EXPECTED = 'something like "redis://127.0.0.1:6379/0", "rediss://..." or "unix:///path/redis.sock"'

_SQLITE = re.compile(r"sqlite(\+aiosqlite)?:///([^?]+)(\?.*)?")


def database_url(value: object, folder: Path) -> str:
    """The address with its async driver; a relative SQLite file is taken from `folder`."""
    url = text(value)
    scheme = url.partition(":")[0]
    if scheme in ("sqlite", "sqlite+aiosqlite"):
        return _sqlite(url, folder)
    if scheme not in ("postgres", "postgresql", "postgresql+asyncpg"):
        raise Wrong("is not a database that Jack knows")
    parts = _split(url)
    if len(parts.path) < 2 or not (parts.hostname or "host=" in parts.query):
        raise Wrong("names no host or no database")
    # PostgreSQL's own tools say sslmode, asyncpg says ssl
    query = re.sub(r"(^|&)sslmode=", r"\1ssl=", parts.query)
    return parts._replace(scheme="postgresql+asyncpg", query=query).geturl()


def redis_url(value: object) -> str:
    """The address of a Redis database."""
    parts = _split(text(value))
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise Wrong("is not an address of Redis")
    if parts.scheme == "unix":
        if len(parts.path) < 2:
            raise Wrong("names no socket")
    elif not parts.hostname:
        raise Wrong("names no host")
    elif not re.fullmatch(r"(/[0-9]{0,4})?", parts.path):
        raise Wrong("names no database by its number")
    return parts.geturl()


def _sqlite(url: str, folder: Path) -> str:
    match = _SQLITE.fullmatch(url)
    if not match or match[2] == ":memory:" or match[2].endswith("/"):
        raise Wrong("names no file")
    return f"sqlite+aiosqlite:///{folder / match[2]}{match[3] or ''}"


def _web_url(value: object) -> str:
    parts = _split(text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Wrong("is not an address")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Wrong("has more than an address needs")
    return parts.geturl().rstrip("/")


def _web_origin(value: object) -> str:
    url = _web_url(value)
    if urlsplit(url).path:
        raise Wrong("has a path")
    return url


def _split(url: str) -> SplitResult:
    if re.search(r"\s", url):
        raise Wrong("has spaces in it")
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it checks it
    except ValueError:
        raise Wrong("is not an address") from None
    return parts


ADDRESS_READERS: dict[Any, Reader] = {
    WebUrl: Reader('an address like "https://jack.example.com", without user, query and fragment', _web_url),
    WebOrigin: Reader('a scheme and host like "https://www.harbour.example", without a path', _web_origin),
}
"""The addresses that hold no secret and stand for themselves."""

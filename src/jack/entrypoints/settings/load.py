"""Finding and reading the configuration."""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from jack.entrypoints.settings.addresses import (
    ADDRESS_READERS,
    DATABASE_EXPECTED,
    REDIS_EXPECTED,
    DatabaseUrl,
    RedisUrl,
    database_url,
    redis_url,
)
from jack.entrypoints.settings.build import Builder
from jack.entrypoints.settings.duplicates import duplicates
from jack.entrypoints.settings.errors import ConfigurationError
from jack.entrypoints.settings.schema import Document, Settings
from jack.entrypoints.settings.secret import Secret
from jack.entrypoints.settings.values import READERS, Facts, Reader, WebhookSecret, Wrong, facts_in, kind_of, text

PACKAGE = Path(__file__).parent
"""Where the built-in configuration lies."""

BUILT_IN = "what is built in for demos"
"""The `source` of the configuration that Jack has when there is no other."""

Look = Callable[[Mapping[str, Any]], Iterable[str]]
"""Finds further problems in the tables as they were read, whatever their shape."""

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")


def nothing_more(given: Mapping[str, Any]) -> Iterable[str]:  # noqa: ARG001  a Look that finds nothing
    """No further problems."""
    return ()


def load_settings(
    config: Path | None = None, environ: Mapping[str, str] | None = None, *, also: Look = nothing_more
) -> Settings:
    """The configuration from `config`, else $JACK_CONFIG, else ./jack.toml, else the one built in for demos.

    Raises ConfigurationError with everything that is wrong, what `also` finds included.
    """
    environ = os.environ if environ is None else environ
    named = config or (Path(environ["JACK_CONFIG"]) if environ.get("JACK_CONFIG") else None)
    file = named or Path("jack.toml")
    if named is None and not file.exists():
        content = (PACKAGE / "demo.toml").read_text(encoding="utf-8")
        return read_settings(content, environ, facts=PACKAGE, data=Path.cwd(), source=BUILT_IN, also=also)
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError([f"{file}: is not UTF-8 text, expected TOML"]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ConfigurationError([f"{file}: cannot be read ({reason}), expected a TOML file"]) from None
    folder = file.absolute().parent
    return read_settings(content, environ, facts=folder, data=folder, source=str(file), also=also)


def read_settings(
    content: str, environ: Mapping[str, str], *, facts: Path, data: Path, source: str, also: Look = nothing_more
) -> Settings:
    """The configuration in `content`; relative facts are read from `facts`, relative databases lie in `data`."""
    try:
        given = tomllib.loads(content)
    except RecursionError:
        raise ConfigurationError([f"{source}: is nested too deeply, expected TOML as documented"]) from None
    except ValueError as error:
        # the rest of the message may quote a secret
        place = re.search(r"\((at line \d+, column \d+|at end of document)\)", str(error))
        where = f" {place[0]}" if place else ""
        raise ConfigurationError([f"{source}: is not valid TOML{where}, expected TOML as documented"]) from None
    return settings_from(given, environ, facts=facts, data=data, source=source, also=also)


def settings_from(
    given: Mapping[str, Any],
    environ: Mapping[str, str],
    *,
    facts: Path,
    data: Path,
    source: str,
    also: Look = nothing_more,
) -> Settings:
    """The configuration in tables that were read already."""
    builder = Builder({**READERS, **ADDRESS_READERS, **_readers(environ, facts, data)})
    document = builder.table(Document, given)
    problems = [*builder.problems, *duplicates(given), *also(given)]
    if document is None or problems:
        raise ConfigurationError(problems)
    return Settings(**msgspec.structs.asdict(document), source=source)


def _readers(environ: Mapping[str, str], facts: Path, data: Path) -> dict[Any, Reader]:
    """How those values are read that depend on the environment or on where the file lies."""
    secret = _secret_from(environ)

    def webhook_secret(value: object) -> Secret:
        read = secret(value)
        # it stands in the path of an address
        if not re.fullmatch(r"[A-Za-z0-9_-]{8,}", read.reveal()):
            raise Wrong("is too short or has other characters")
        return read

    def database(value: object) -> str:
        return database_url(secret(value).reveal(), data)

    def redis(value: object) -> str:
        return redis_url(secret(value).reveal())

    return {
        Secret: Reader('a text or { env = "NAME" }', secret),
        WebhookSecret: Reader("at least 8 letters, digits, '-' or '_'", webhook_secret),
        Facts: facts_in(facts),
        DatabaseUrl: Reader(DATABASE_EXPECTED, database),
        RedisUrl: Reader(REDIS_EXPECTED, redis),
    }


def _secret_from(environ: Mapping[str, str]) -> Callable[[object], Secret]:
    def read(value: object) -> Secret:
        if isinstance(value, str):
            return Secret(text(value))
        if not isinstance(value, dict):
            raise Wrong(f"is {kind_of(value)}")
        if set(value) != {"env"}:
            raise Wrong("is a table with other keys than env")
        name = value["env"]
        # what has another form may be the secret itself, in the wrong place
        if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
            raise Wrong("names no environment variable")
        content = environ.get(name, "").strip()
        if not content:
            state = "empty" if name in environ else "not set"
            raise Wrong(f"wants the environment variable {name}, which is {state}")
        return Secret(text(content))

    return read

"""Bringing a database to the shape that this version of Jack needs, and back.

The synchronous functions may be called anywhere, also where an event loop runs (they work in a thread of their own
then). Two processes that upgrade one database at the same time wait for each other.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, column, inspect, select, table

from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.failures import translated

Result = TypeVar("Result")

_MIGRATIONS = Path(__file__).parent / "migrations"

HEAD: Final = "0002"
"""The newest revision. It stands here as well, because importing Alembic takes as long as starting Jack."""

_VERSION = table("alembic_version", column("version_num"))


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`. Raises ServiceUnavailable or ServiceDenied, never with a secret in it."""
    _run(upgrade_async(url, revision))


async def upgrade_async(url: str, revision: str = "head") -> None:
    """As `upgrade`, on the running loop."""
    from alembic import command

    await _with_connection(url, lambda connection: command.upgrade(config(connection), revision))


def downgrade(url: str, revision: str) -> None:
    """Bring the database back to `revision` ("base" is nothing at all). What newer tables held is lost."""
    from alembic import command

    _run(_with_connection(url, lambda connection: command.downgrade(config(connection), revision)))


def current_and_head(url: str) -> tuple[str | None, str]:
    """The revision of the database (None: no tables yet) and the one that this version of Jack needs."""
    return _run(current_and_head_async(url))


async def current_and_head_async(url: str) -> tuple[str | None, str]:
    """As `current_and_head`, on the running loop."""
    return await _with_connection(url, _current), HEAD


def head() -> str:
    """The revision that this version of Jack needs."""
    return HEAD


def config(connection: Connection | None) -> Any:
    """Alembic's configuration, without a file: where the history is, and the connection to use."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()


async def _with_connection(url: str, work: Callable[[Connection], Result]) -> Result:
    database = open_database(url, pool_size=1)
    try:
        with translated():
            async with database.write_engine.connect() as connection:
                result = await connection.run_sync(work)
                await connection.commit()
                return result
    finally:
        await database.aclose()


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()

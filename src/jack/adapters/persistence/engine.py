"""Database: engines for one SQLite file or one PostgreSQL database."""

import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from jack.adapters.persistence.connection import SqlConnection, to_its_end
from jack.adapters.persistence.write_turn import WriteTurn
from jack.application.errors import OutsideFailure, ServiceDenied

BUSY_TIMEOUT = 10
"""Seconds for which a SQLite connection waits for another process that writes."""

TURNS_TO_WAL = 50
"""How often a new file is asked to turn to WAL, 20 ms apart."""

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # WAL with NORMAL may lose the last commits when the machine stops
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000}",
    "PRAGMA wal_autocheckpoint = 10000",
    "PRAGMA cache_size = -16000",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database, open or about to be: nothing is connected before the first statement.

    On SQLite there is one connection for writing, taken in turns, and others that only read; on PostgreSQL both
    engines are the same.
    """

    url: URL
    write_engine: AsyncEngine
    read_engine: AsyncEngine
    turn: WriteTurn | None

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.url.get_backend_name()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqlConnection]:
        """A connection for one unit of work; what is not committed when it ends is rolled back.

        On SQLite it waits for its turn when its first statement comes.
        """
        async with _closing(SqlConnection(self.dialect, _connected(self.write_engine, self.turn))) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlConnection]:
        """A connection for views; waits for no writer."""
        async with _closing(SqlConnection(self.dialect, _connected(self.read_engine, None))) as connection:
            yield connection

    async def check(self) -> str | None:
        """None when the database answers, else what is wrong; never names a secret."""
        try:
            async with self.reading() as connection:
                await connection.ping()
        except OutsideFailure as failure:
            return str(failure)
        return None

    async def aclose(self) -> None:
        """Close every connection."""
        await self.write_engine.dispose()
        await self.read_engine.dispose()


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """The database at an address as jack.toml has it. Raises ServiceDenied for an address that names none.

    Bare `sqlite` and `postgresql` get Jack's drivers. Nothing is connected yet.
    """
    address = parse_url(url)
    if address.get_backend_name() == "sqlite":
        writer = _sqlite_engine(address, "BEGIN IMMEDIATE", pool_size=1)
        reader = _sqlite_engine(address, "BEGIN", pool_size=pool_size)
        return Database(url=address, write_engine=writer, read_engine=reader, turn=WriteTurn())
    engine = create_async_engine(
        address,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=True,  # so that a restarted server costs one reconnection and no failed story
        hide_parameters=True,
        connect_args={
            "timeout": 5,
            "command_timeout": 30,
            "server_settings": {
                "application_name": "jack",
                "lock_timeout": "10s",
                "jit": "off",
                # a plan that was kept from when the tables were empty would read the whole of them when they are full
                "plan_cache_mode": "force_custom_plan",
            },
        },
    )
    return Database(url=address, write_engine=engine, read_engine=engine, turn=None)


def parse_url(url: str) -> URL:
    """The parts of an address, with Jack's drivers. Raises ServiceDenied, without the address, when it names no
    database that Jack can use."""
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, SQLAlchemyError, ValueError):
        raise ServiceDenied("the database's address cannot be read") from None
    if backend == "sqlite":
        if address.database in (None, "", ":memory:"):
            raise ServiceDenied("a SQLite database needs a file, like sqlite+aiosqlite:///jack.db")
        return address.set(drivername="sqlite+aiosqlite")
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+asyncpg")
    raise ServiceDenied("the database must be SQLite (sqlite+aiosqlite) or PostgreSQL (postgresql+asyncpg)")


def set_pragmas(execute: Callable[[str], Any]) -> None:
    """Make a fresh SQLite connection as Jack needs it.

    Two processes that turn a new file to WAL at once do not wait for each other: SQLite refuses the second at once,
    whatever the busy timeout, so that one asks again.
    """
    for pragma in SQLITE_PRAGMAS:
        for left in reversed(range(TURNS_TO_WAL)):
            try:
                execute(pragma)
                break
            except sqlite3.OperationalError:
                if left == 0:
                    raise
                time.sleep(0.02)


def _sqlite_engine(url: URL, begin: str, *, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # the driver must begin no transactions of its own: they would be deferred and could fail half-way
        connection.isolation_level = None
        cursor = connection.cursor()
        set_pragmas(cursor.execute)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


@asynccontextmanager
async def _closing(connection: SqlConnection) -> AsyncIterator[SqlConnection]:
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _connected(engine: AsyncEngine, turn: WriteTurn | None) -> AsyncIterator[AsyncConnection]:
    async with AsyncExitStack() as stack:
        if turn:
            await stack.enter_async_context(turn.taken())
        connection = await engine.connect()
        try:
            yield connection
        finally:
            # what could not even be rolled back is lost with its connection
            with suppress(SQLAlchemyError, OSError):
                await (to_its_end(connection.close()) if engine.dialect.name == "sqlite" else connection.close())

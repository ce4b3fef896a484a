"""SqlConnection: what repositories and views speak through, so that no driver's error gets past them."""

import asyncio
import re
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable, select
from sqlalchemy.ext.asyncio import AsyncConnection

from jack.adapters.persistence.failures import translated

Parameters = Mapping[str, Any]
T = TypeVar("T")

_NOTHING = select(1)

_IN_ONE_GO = 100
"""Rows that SQLite's thread writes before the event loop has its turn: the two fight for the interpreter's lock, and
the loop loses five milliseconds whenever it looks at a socket meanwhile."""


async def to_its_end(doing: Awaitable[T]) -> T:
    """Wait for it; who is cancelled meanwhile is cancelled once it has ended.

    A SQLite statement runs in a thread, which no cancellation reaches: given up half-way, it would leave a cursor open
    that keeps its transaction, and so the only writer's place, until it happens to be collected.
    """
    task = asyncio.ensure_future(doing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:
                continue
        if not task.cancelled():
            task.exception()  # looked at, because nobody else will
        raise


class SqlConnection:
    """One transaction, which begins with its first statement. Raises what `failures.translated` promises.

    Beginning late lets whoever holds it think first and keep others waiting (on SQLite everybody who writes) only while
    there is something to do.
    """

    def __init__(self, dialect: str, opening: AbstractAsyncContextManager[AsyncConnection]) -> None:
        self.dialect = dialect
        self.finished = False
        self._opening = opening
        self._opened: AsyncConnection | None = None
        self._driver: Any = None

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[Any]:
        """Execute one statement."""
        with translated():
            connection = await self._open()
            return await self._done(connection.execute(statement, parameters))

    async def execute_many(self, statement: Executable, rows: Sequence[Parameters]) -> None:
        """Execute one statement for every row; for none, nothing."""
        self._must_be_open()
        if rows:
            with translated():
                connection = await self._open()
                await self._done(connection.execute(statement, rows))

    async def fetch(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        """The rows of a query in the driver's own words, as PostgreSQL writes parameters: $1, $2.

        For the questions of every page of a sync: a third of the time of `execute`. Values go and come as the driver
        knows them, without the columns' types.
        """
        with translated():
            driver = await self._driver_connection()
            if self.dialect == "postgresql":
                return await driver.fetch(sql, *values)  # type: ignore[no-any-return]  # asyncpg comes without types
            return await to_its_end(driver.execute_fetchall(_numbered(sql), values))

    async def write(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """One statement for each row, as `fetch` has it, in one go; for no row, nothing."""
        self._must_be_open()
        if rows:
            with translated():
                driver = await self._driver_connection()
                if self.dialect == "postgresql":
                    await driver.executemany(sql, rows)
                else:
                    for start in range(0, len(rows), _IN_ONE_GO):
                        cursor = await to_its_end(driver.executemany(_numbered(sql), rows[start : start + _IN_ONE_GO]))
                        await to_its_end(cursor.close())

    async def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert new rows the quickest way that PostgreSQL has; for no row, nothing."""
        self._must_be_open()
        if rows:
            with translated():
                driver = await self._driver_connection()
                await driver.copy_records_to_table(table, columns=columns, records=rows)

    async def ping(self) -> None:
        """Ask the smallest question that there is."""
        await self.execute(select(1))

    async def commit(self) -> None:
        """Make everything durable; nothing may follow."""
        self._must_be_open()
        self.finished = True
        if self._opened is not None:
            with translated():
                await self._done(self._opened.commit())

    async def close(self) -> None:
        """Roll back what was not committed; nothing may follow."""
        self.finished = True
        if self._opened is not None:
            await self._opening.__aexit__(None, None, None)

    async def _open(self) -> AsyncConnection:
        self._must_be_open()
        if self._opened is None:
            self._opened = await self._opening.__aenter__()
        return self._opened

    async def _driver_connection(self) -> Any:
        """The driver's connection, inside the transaction: SQLAlchemy begins it with a statement of its own."""
        connection = await self._open()
        if self._driver is None:
            if self.dialect == "postgresql" or not connection.in_transaction():
                await self._done(connection.execute(_NOTHING))
            self._driver = (await connection.get_raw_connection()).driver_connection
        return self._driver

    async def _done(self, doing: Awaitable[T]) -> T:
        return await (to_its_end(doing) if self.dialect == "sqlite" else doing)

    def _must_be_open(self) -> None:
        if self.finished:
            raise RuntimeError("this unit of work is over")


@cache
def _numbered(sql: str) -> str:
    """The statement with SQLite's numbered parameters: ?1, ?2."""
    return re.sub(r"\$([0-9]+)", r"?\1", sql)

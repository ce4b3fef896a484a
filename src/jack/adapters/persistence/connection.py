"""SqlConnection: what repositories and views speak through, so that no driver's error gets past them."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable, select
from sqlalchemy.ext.asyncio import AsyncConnection

from jack.adapters.persistence.failures import translated

Parameters = Mapping[str, Any]
T = TypeVar("T")


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
    """One transaction. Raises what `failures.translated` promises."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name
        self.finished = False

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[Any]:
        """Execute one statement."""
        self._must_be_open()
        with translated():
            return await self._done(self._connection.execute(statement, parameters))

    async def execute_many(self, statement: Executable, rows: Sequence[Parameters]) -> None:
        """Execute one statement for every row; for none, nothing."""
        self._must_be_open()
        if rows:
            with translated():
                await self._done(self._connection.execute(statement, rows))

    async def ping(self) -> None:
        """Ask the smallest question that there is."""
        await self.execute(select(1))

    async def commit(self) -> None:
        """Make everything durable; nothing may follow."""
        self._must_be_open()
        self.finished = True
        with translated():
            await self._done(self._connection.commit())

    async def close(self) -> None:
        """Roll back what was not committed; nothing may follow."""
        self.finished = True
        await self._done(self._connection.close())

    async def _done(self, doing: Awaitable[T]) -> T:
        return await (to_its_end(doing) if self.dialect == "sqlite" else doing)

    def _must_be_open(self) -> None:
        if self.finished:
            raise RuntimeError("this unit of work is over")

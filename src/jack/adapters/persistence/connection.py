"""SqlConnection: what repositories and views speak through, so that no driver's error gets past them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, select
from sqlalchemy.ext.asyncio import AsyncConnection

from jack.adapters.persistence.failures import translated

Parameters = Mapping[str, Any]


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
            return await self._connection.execute(statement, parameters)

    async def execute_many(self, statement: Executable, rows: Sequence[Parameters]) -> None:
        """Execute one statement for every row; for none, nothing."""
        self._must_be_open()
        if rows:
            with translated():
                await self._connection.execute(statement, rows)

    async def ping(self) -> None:
        """Ask the smallest question that there is."""
        await self.execute(select(1))

    async def commit(self) -> None:
        """Make everything durable; nothing may follow."""
        self._must_be_open()
        self.finished = True
        with translated():
            await self._connection.commit()

    def _must_be_open(self) -> None:
        if self.finished:
            raise RuntimeError("this unit of work is over")

"""A story that is told to stop while SQLite works."""

import asyncio
import gc
from pathlib import Path

import pytest
from sqlalchemy import text

from jack.adapters.persistence.engine import Database, open_database

LONG = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
    " INSERT INTO numbers SELECT i FROM n RETURNING i"
)


@pytest.fixture
async def database(tmp_path: Path) -> Database:
    """A file with one table."""
    opened = open_database(f"sqlite:///{tmp_path / 'jack.db'}")
    async with opened.writing() as connection:
        await connection.execute(text("CREATE TABLE numbers (i INTEGER)"))
        await connection.commit()
    return opened


@pytest.mark.parametrize("turns", [1, 3, 10])
@pytest.mark.parametrize("times", [1, 3])
async def test_a_cancelled_statement_ends_first_and_leaves_no_lock(database: Database, turns: int, times: int) -> None:
    ended: list[str] = []

    async def story() -> None:
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO numbers VALUES (1)"))
            try:
                await connection.execute(LONG)
            finally:
                ended.append("statement")
            await connection.commit()

    gc.disable()  # an orphaned cursor must not be freed by luck
    try:
        task = asyncio.create_task(story())
        while database.turn and not database.turn._taken:  # noqa: ASYNC110  nothing tells that it began
            await asyncio.sleep(0)
        for _ in range(times):
            for _ in range(turns):
                await asyncio.sleep(0.001)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5), database.writing() as connection:
            await connection.execute(text("INSERT INTO numbers VALUES (7)"))
            await connection.commit()
        async with database.reading() as connection:
            assert (await connection.execute(text("SELECT i FROM numbers"))).scalars().all() == [7]
    finally:
        gc.enable()
        await database.aclose()

"""The history of the tables: every step leads up, down and up again, and ends at what the code expects."""

import asyncio
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.migrate import (
    config,
    current_and_head,
    current_and_head_async,
    downgrade,
    head,
    upgrade,
    upgrade_async,
)
from jack.adapters.persistence.tables import metadata


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path}/new.db"


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> str:
    """The address of a PostgreSQL database without tables."""
    downgrade(postgres_url, "base")
    return postgres_url


@pytest.fixture(params=["new_sqlite_url", "empty_postgres_url"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database of each kind, without tables."""
    url: str = request.getfixturevalue(request.param)
    return url


def revisions() -> list[str]:
    """Every revision, the first one first."""
    history = ScriptDirectory.from_config(config(None)).walk_revisions()
    return [script.revision for script in reversed(list(history))]


async def tables_of(url: str) -> set[str]:
    """The names of the tables, but for Alembic's own."""

    def names(connection: Connection) -> set[str]:
        found = MetaData()
        found.reflect(connection)
        return set(found.tables) - {"alembic_version"}

    database = open_database(url)
    async with database.read_engine.connect() as connection:
        found = await connection.run_sync(names)
    await database.aclose()
    return found


def test_every_step_leads_up_and_down_and_up_again(empty_url: str) -> None:
    before = "base"
    for revision in revisions():
        upgrade(empty_url, revision)
        downgrade(empty_url, before)
        upgrade(empty_url, revision)
        before = revision
        assert current_and_head(empty_url)[0] == revision
    assert current_and_head(empty_url)[0] == revisions()[-1]


def test_the_revision_that_jack_needs_is_the_newest_one() -> None:
    assert head() == ScriptDirectory.from_config(config(None)).get_current_head()


async def test_going_back_to_the_beginning_leaves_nothing(empty_url: str) -> None:
    await upgrade_async(empty_url)
    assert await tables_of(empty_url) == set(metadata.tables)
    downgrade(empty_url, "base")
    assert await tables_of(empty_url) == set()


async def test_the_history_ends_at_the_tables_that_the_code_expects(empty_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    await upgrade_async(empty_url)
    database = open_database(empty_url)
    async with database.read_engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await database.aclose()


async def test_an_empty_database_has_no_revision_yet(empty_url: str) -> None:
    assert await current_and_head_async(empty_url) == (None, revisions()[-1])


async def test_upgrading_what_is_new_already_does_nothing(empty_url: str) -> None:
    await upgrade_async(empty_url)
    await upgrade_async(empty_url)
    assert await current_and_head_async(empty_url) == (revisions()[-1], revisions()[-1])


async def test_processes_that_upgrade_at_once_wait_for_each_other(empty_url: str) -> None:
    # Alembic keeps what it works on in a global of the process, hence threads would not do
    code = f"from jack.adapters.persistence.migrate import upgrade; upgrade({empty_url!r})"
    started = [await _python(code) for _ in range(2)]
    assert [await process.wait() for process in started] == [0, 0]
    assert await current_and_head_async(empty_url) == (revisions()[-1], revisions()[-1])


async def _python(code: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code)

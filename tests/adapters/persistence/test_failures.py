"""What the application hears when a database fails, and what it never hears."""

import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from jack.adapters.persistence import engine as engine_module
from jack.adapters.persistence import failures
from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.migrate import upgrade_async
from jack.adapters.persistence.tables import metadata
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.errors import ApplicationError, Conflict, ServiceDenied, ServiceUnavailable
from tests.hotel import a_guest, a_ref

SECRET = "do-not-tell"


async def failure_of(url: str) -> ApplicationError:
    """What the smallest unit of work at that address fails with."""
    database = open_database(url)
    try:
        async with BeginSqlUnitOfWork(database)() as uow:
            await uow.inbox.count_waiting()
    except ApplicationError as failure:
        return failure
    finally:
        await database.aclose()
    raise AssertionError("nothing failed")


async def test_a_path_that_cannot_be_opened_is_denied() -> None:
    failure = await failure_of("sqlite+aiosqlite:////nonexistent/folder/jack.db")
    assert isinstance(failure, ServiceDenied)
    assert "path" in str(failure)


async def test_a_file_that_is_no_database_is_denied(tmp_path: Path) -> None:
    (tmp_path / "jack.db").write_bytes(b"a letter to the front desk " * 99)
    assert isinstance(await failure_of(f"sqlite+aiosqlite:///{tmp_path}/jack.db"), ServiceDenied)


async def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    failure = await failure_of(f"sqlite+aiosqlite:///{tmp_path}/jack.db")
    assert isinstance(failure, ServiceDenied)
    assert "jack db upgrade" in str(failure)


async def test_a_host_that_does_not_answer_is_unavailable() -> None:
    failure = await failure_of(f"postgresql+asyncpg://jack:{SECRET}@127.0.0.1:1/jack")
    assert isinstance(failure, ServiceUnavailable)
    assert SECRET not in str(failure)


async def test_an_unknown_user_is_denied(postgres_url: str) -> None:
    url = make_url(postgres_url).set(username="stranger", password=SECRET).render_as_string(hide_password=False)
    failure = await failure_of(url)
    assert isinstance(failure, ServiceDenied)
    assert "password" in str(failure)
    assert SECRET not in "".join(traceback.format_exception(failure))


async def test_a_missing_database_is_denied(postgres_url: str) -> None:
    url = make_url(postgres_url).set(database="no_such_database").render_as_string(hide_password=False)
    assert isinstance(await failure_of(url), ServiceDenied)


@pytest.mark.parametrize(
    "url", [f"mysql://jack:{SECRET}@host/jack", f"://{SECRET}", "sqlite+aiosqlite://", "sqlite:///:memory:", ""]
)
def test_an_address_of_no_use_is_denied_without_being_repeated(url: str) -> None:
    with pytest.raises(ServiceDenied) as denied:
        open_database(url)
    assert SECRET not in "".join(traceback.format_exception(denied.value))


async def test_a_check_tells_what_is_wrong_and_otherwise_nothing(tmp_path: Path, postgres_url: str) -> None:
    for url, well in ((postgres_url, True), ("sqlite+aiosqlite:////nonexistent/folder/jack.db", False)):
        database = open_database(url)
        assert (await database.check() is None) is well
        await database.aclose()


async def test_a_lost_connection_is_unavailable_and_the_next_unit_has_a_new_one(postgres_url: str) -> None:
    database = open_database(postgres_url)
    begin = BeginSqlUnitOfWork(database)
    async with begin() as uow:
        await uow.inbox.count_waiting()
        await end_all_connections(postgres_url)
        with pytest.raises(ServiceUnavailable):
            await uow.inbox.count_waiting()
    async with begin() as uow:
        assert await uow.inbox.count_waiting() == 0
    await database.aclose()


async def test_a_connection_that_died_in_the_pool_fails_no_story(postgres_url: str) -> None:
    database = open_database(postgres_url)
    begin = BeginSqlUnitOfWork(database)
    async with begin() as uow:
        assert await uow.inbox.count_waiting() == 0
    await end_all_connections(postgres_url)
    async with begin() as uow:
        assert await uow.inbox.count_waiting() == 0
    await database.aclose()


async def end_all_connections(url: str) -> None:
    """What a restart of the server does to those who are connected."""
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite does not wait for other processes."""
    monkeypatch.setattr(engine_module, "SQLITE_PRAGMAS", (*engine_module.SQLITE_PRAGMAS, "PRAGMA busy_timeout = 0"))


@pytest.fixture
def locked_elsewhere(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process that writes to jack.db."""
    with closing(sqlite3.connect(tmp_path / "jack.db", isolation_level=None)) as connection:
        yield connection


@pytest.mark.usefixtures("impatient")
async def test_a_file_that_another_process_writes_to_is_unavailable_for_so_long(
    tmp_path: Path, locked_elsewhere: sqlite3.Connection
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/jack.db"
    await upgrade_async(url)
    locked_elsewhere.execute("BEGIN IMMEDIATE")
    assert isinstance(await failure_of(url), ServiceUnavailable)
    locked_elsewhere.execute("ROLLBACK")
    with pytest.raises(AssertionError, match="nothing failed"):
        await failure_of(url)


async def test_a_conflict_quotes_nobody(postgres_url: str) -> None:
    database = open_database(postgres_url)
    async with BeginSqlUnitOfWork(database)() as uow:
        await uow.guests.save_synced([a_guest()])
        with pytest.raises(Conflict) as conflict:
            await uow.guests.save_synced([a_guest("bruno", first_name=SECRET, external_refs=(a_ref("anna"),))])
    told = "".join(traceback.format_exception(conflict.value))
    assert SECRET not in told
    assert a_guest().id not in told
    await database.aclose()


def test_every_constraint_that_is_explained_exists() -> None:
    names = {str(constraint.name) for table in metadata.sorted_tables for constraint in table.constraints}
    assert set(failures._CONFLICTS) <= names

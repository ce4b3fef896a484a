"""One store after the other: the fake, a SQLite file and a real PostgreSQL."""

import shutil
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.migrate import upgrade_async
from jack.adapters.persistence.open_inbox import make_inbox
from jack.adapters.persistence.tables import metadata
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.ports.inbox import DeliveryInbox
from jack.application.ports.notices_store import NoticeInbox
from jack.application.ports.unit_of_work import BeginUnitOfWork
from tests.fakes.persistence import InMemoryDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store under test; `database` is None for the fake."""

    kind: str
    begin: BeginUnitOfWork
    inbox: DeliveryInbox
    notices: NoticeInbox
    database: Database | None = None


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    await upgrade_async(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh and migrated SQLite file."""
    path = tmp_path / "jack.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
async def shared_postgres(postgres_server: str, postgres_template: str) -> AsyncIterator[str]:
    """The address of one migrated PostgreSQL database for this whole suite; making one for each test takes too long."""
    server = make_url(postgres_server).set(drivername="postgresql")
    name = f"jack_contract_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server.render_as_string(hide_password=False))
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield server.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def emptied_postgres_url(shared_postgres: str) -> str:
    """The address of that database, empty."""
    plain = make_url(shared_postgres).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    await connection.execute("".join(f"DELETE FROM {table.name};" for table in reversed(metadata.sorted_tables)))
    await connection.close()
    return shared_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh and migrated database of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "emptied_postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database of each kind."""
    opened = open_database(database_url)
    yield opened
    await opened.aclose()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str | None:
    """The address of each of the stores; None is the fake."""
    # a fixture of its own, because asynchronous fixtures cannot ask for others
    names = {"sqlite": "sqlite_url", "postgresql": "emptied_postgres_url"}
    return request.getfixturevalue(names[request.param]) if request.param in names else None


@pytest.fixture
async def store(store_url: str | None) -> AsyncIterator[Store]:
    """Each of the stores, empty."""
    if store_url is None:
        memory = InMemoryDatabase()
        yield Store(kind="memory", begin=memory.begin, inbox=memory.inbox, notices=memory.inbox)
        return
    database = open_database(store_url)
    inbox = make_inbox(database)
    await inbox.start()
    yield Store(
        kind=database.dialect, begin=BeginSqlUnitOfWork(database), inbox=inbox, notices=inbox, database=database
    )
    await inbox.aclose()
    await database.aclose()


@pytest.fixture
def begin(store: Store) -> BeginUnitOfWork:
    """How each of the stores opens a unit of work."""
    return store.begin

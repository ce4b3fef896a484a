"""Fixtures for the whole suite: the two real servers, each started when the first test asks for it."""

import asyncio
import inspect
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from importlib.util import find_spec

import asyncpg
import pytest
from hypothesis import settings
from redis.asyncio import Redis
from sqlalchemy import URL, make_url

from tests import servers

# a run that is told to end (by a CI's time limit, say) ends as with Ctrl-C, so that it takes its servers with it
signal.signal(signal.SIGTERM, signal.default_int_handler)

# how long an example takes says something about the machine only, and a busy one must not fail a test
settings.register_profile("jack", deadline=None)
settings.load_profile("jack")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL; tests want `postgres_url`."""
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a real Redis; tests want `redis_url`."""
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
async def postgres_template(postgres_server: str) -> AsyncIterator[str]:
    """The name of a migrated, empty database that the tests' databases are copied from."""
    name = f"jack_template_{uuid.uuid4().hex}"
    await _order(postgres_server, f"CREATE DATABASE {name}")
    await migrate(_address(postgres_server, name))
    yield name
    await _order(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def postgres_url(postgres_server: str, postgres_template: str) -> AsyncIterator[str]:
    """The address, as jack.toml has it, of a fresh and migrated PostgreSQL database that is this test's alone."""
    name = f"jack_test_{uuid.uuid4().hex}"
    # copying files is many times quicker than replaying them through the write-ahead log
    await _order(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY file_copy")
    yield _address(postgres_server, name)
    await _order(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def redis_url(redis_server: str) -> str:
    """The address of a Redis database that is empty when the test begins."""
    async with Redis.from_url(redis_server) as redis:
        await redis.flushdb()
    return redis_server


async def migrate(url: str) -> None:
    """Bring the database at this address to Jack's newest shape."""
    if find_spec("jack.adapters.persistence.migrate") is None:
        return
    upgrade = import_module("jack.adapters.persistence.migrate").upgrade
    # Alembic may start a loop of its own, which the tests' thread has already
    done = await asyncio.to_thread(upgrade, url)
    if inspect.isawaitable(done):
        await done


async def _order(server: str, statement: str) -> None:
    plain = make_url(server).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _address(server: str, database: str) -> str:
    url: URL = make_url(server).set(drivername="postgresql+asyncpg", database=database)
    return url.render_as_string(hide_password=False)

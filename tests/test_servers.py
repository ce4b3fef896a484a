"""The servers that the suite stands on are real, and no test sees what another left."""

from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import servers


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_each_test_has_a_postgresql_database_of_its_own(postgres_url: str, turn: str) -> None:
    engine = create_async_engine(postgres_url)
    async with engine.begin() as connection:
        version = await connection.scalar(text("SELECT version()"))
        await connection.execute(text("CREATE TABLE left_behind (id integer PRIMARY KEY)"))
    await engine.dispose()

    assert str(version).startswith("PostgreSQL ")


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_each_test_finds_redis_empty(redis_url: str, turn: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        before = await redis.get("left-behind")
        await redis.set("left-behind", turn)
        after = await redis.get("left-behind")

    assert before is None
    assert after == turn.encode()


def test_an_address_in_the_environment_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_POSTGRES_URL", "postgresql://given/postgres")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://given/3")

    with servers.postgres() as postgres, servers.redis() as redis:
        assert (postgres, redis) == ("postgresql://given/postgres", "redis://given/3")


def test_a_server_that_cannot_be_had_is_a_failure_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    monkeypatch.setattr(servers, "_in_package", lambda _package, _pattern: [])
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(servers.ServerMissing, match="set TEST_REDIS_URL"), servers.redis():
        pass


def test_a_program_that_ends_at_once_is_a_failure_that_shows_what_it_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\necho no memory for a server\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    monkeypatch.setattr(servers, "_redis_program", lambda: program)

    with pytest.raises(servers.ServerFailed, match="no memory for a server"), servers.redis():
        pass

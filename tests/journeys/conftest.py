"""Two houses to play in, each opened once: Jack in one process on SQLite, and Jack in three on PostgreSQL and Redis."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest
from redis.asyncio import Redis
from sqlalchemy import make_url

from tests.journeys.hotel import Harbour
from tests.journeys.models import ReadingOpenAi, openai_model
from tests.simulators.plays import ProviderSimulator
from tests.simulators.serving import serve
from tests.simulators.whatsapp import WhatsAppSimulator


@dataclass(slots=True)
class House:
    """A running Jack, and the models that its workers ask (none when the scripted one answers)."""

    harbour: Harbour
    models: list[ProviderSimulator] = field(default_factory=list)


@pytest.fixture(scope="package")
async def one_process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """`jack serve` alone, on SQLite, with the scripted model; filled by `jack sync` before it serves."""
    folder = tmp_path_factory.mktemp("one-process")
    whatsapp = WhatsAppSimulator()
    async with serve(whatsapp) as url:
        harbour = Harbour(folder, "sqlite+aiosqlite:///jack.db", whatsapp, url)
        code, said = await harbour.run("sync")
        assert code == 0, said
        try:
            await asyncio.gather(harbour.open(), harbour.employ_ann())
            yield House(harbour)
        finally:
            await harbour.kill()


@pytest.fixture(scope="package")
async def journey_database(postgres_server: str) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database: whoever starts first prepares it."""
    server = make_url(postgres_server).set(drivername="postgresql")
    name = f"jack_journey_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server.render_as_string(hide_password=False))
    await connection.execute(f"CREATE DATABASE {name}")
    yield server.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture(scope="package")
async def journey_redis(redis_server: str) -> str:
    """The address of a Redis database that is empty when the journeys begin."""
    async with Redis.from_url(redis_server) as redis:
        await redis.flushdb()
    return redis_server


@pytest.fixture(scope="package")
async def many_processes(
    tmp_path_factory: pytest.TempPathFactory, journey_database: str, journey_redis: str
) -> AsyncIterator[House]:
    """`jack serve` and two `jack worker` on PostgreSQL and Redis, filled by the schedule.

    Each worker has a model of its own, so that a test can tell which of them works on an answer. Their short time
    limit makes the lease of a turn short as well.
    """
    folder = tmp_path_factory.mktemp("many-processes")
    whatsapp, models = WhatsAppSimulator(), [ReadingOpenAi(), ReadingOpenAi()]
    async with serve(whatsapp) as url, serve(models[0]) as first, serve(models[1]) as second:
        harbour = Harbour(
            folder,
            journey_database,
            whatsapp,
            url,
            redis=journey_redis,
            worker_models=(openai_model(first, "1s"), openai_model(second, "1s")),
        )
        try:
            await asyncio.gather(harbour.open(), harbour.employ_ann())
            async with harbour.staff() as ann:
                await ann.synced()
            yield House(harbour, list(models))
        finally:
            for model in models:
                model.release()
            await harbour.kill()


@pytest.fixture(params=["one_process", "many_processes"])
def house(request: pytest.FixtureRequest) -> House:
    """Each of the houses."""
    found: House = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def harbour(house: House) -> Harbour:
    """The hotel in each of the houses."""
    return house.harbour

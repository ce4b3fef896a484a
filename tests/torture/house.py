"""A Jack to torture: its processes, which are started again whenever they end, and the servers that it stands on."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import servers
from tests.journeys.hotel import Harbour
from tests.journeys.models import openai_model
from tests.programs import Program, eventually
from tests.simulators.plays import Play
from tests.simulators.serving import serve
from tests.simulators.whatsapp import WhatsAppSimulator
from tests.torture.gates import Gate
from tests.torture.words import NamingModel

DURABLE = ("fsync=off", "max_connections=100")
"""PostgreSQL that survives kill -9 but no power cut: what was committed stands in the machine's memory."""


class Kept:
    """One process of Jack's under a service manager that starts it again whenever it ends."""

    def __init__(self, start: Callable[[], "asyncio.Future[Program]"]) -> None:
        self._start = start
        self.program: Program | None = None
        self.starts = 0
        self.codes: list[int] = []
        self._keeping: asyncio.Task[None] | None = None
        self._left = False

    def keep(self) -> None:
        """Start it, and again and again."""
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while not self._left:
            self.program = await self._start()
            self.starts += 1
            if self._is_left():
                await self.program.kill()
            self.codes.append(await self.program.process.wait())
            await asyncio.sleep(0.1)  # what a service manager calls RestartSec

    def _is_left(self) -> bool:
        return self._left

    def kill(self) -> None:
        """kill -9, if it runs."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it stand still."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.program is not None and self.program.process.returncode is None:
            self.program.process.send_signal(number)

    async def leave(self) -> None:
        """End it for good."""
        self._left = True
        self.thaw()
        self.kill()
        if self._keeping is not None:
            await self._keeping


@dataclass(slots=True)
class House:
    """A running Jack. Without `redis` and `postgres` it is one process on SQLite."""

    name: str
    harbour: Harbour
    graph: Gate
    model: Gate
    web: Kept
    workers: list[Kept] = field(default_factory=list)
    redis: servers.Killable | None = None
    postgres: servers.Killable | None = None

    @property
    def moods(self) -> dict[str, Play]:
        """What the model does instead of answering, by topic."""
        assert isinstance(self.model.app, NamingModel)
        return self.model.app.moods

    @property
    def whatsapp(self) -> WhatsAppSimulator:
        """Meta's far end behind its gate."""
        return self.harbour.whatsapp

    @property
    def answering(self) -> list[Kept]:
        """The processes that run jobs."""
        return self.workers or [self.web]

    @property
    def processes(self) -> list[Kept]:
        """All of Jack's."""
        return [self.web, *self.workers]

    async def all_noticed(self, web: str, worker: str) -> None:
        """Return once the web process and every worker have said these words."""
        words = [web, *(worker for _ in self.workers)]

        async def look() -> bool:
            return all(
                process.program is not None and word in process.program.said
                for process, word in zip(self.processes, words, strict=True)
            )

        await eventually(look)

    async def serves(self) -> None:
        """Return once the web process of this moment answers; one that ends meanwhile is followed by the next."""
        while True:
            program = self.web.program
            if program is not None:
                try:
                    await program.serves(self.harbour.url)
                    return
                except AssertionError:
                    pass
            await asyncio.sleep(0.05)


@asynccontextmanager
async def embedded(folder: Path, model_settings: str = "") -> AsyncIterator[House]:
    """`jack serve` alone, on SQLite; `model_settings` are more lines of `[model]`."""
    async with AsyncExitStack() as stack:
        yield await _open(
            stack, folder, "embedded", "sqlite+aiosqlite:///jack.db", workers=0, model_settings=model_settings
        )


@asynccontextmanager
async def spread(folder: Path) -> AsyncIterator[House]:
    """`jack serve` and two `jack worker`, on PostgreSQL and Redis of their own."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(servers.killable_postgres(DURABLE))
        redis = stack.enter_context(servers.killable_redis())
        database = postgres.url.replace("postgresql:", "postgresql+asyncpg:")
        house = await _open(stack, folder, "spread", database, workers=2, redis=redis.url)
        house.redis, house.postgres = redis, postgres
        yield house


async def _open(
    stack: AsyncExitStack,
    folder: Path,
    name: str,
    database: str,
    *,
    workers: int,
    redis: str | None = None,
    model_settings: str = "",
) -> House:
    whatsapp = WhatsAppSimulator()
    naming = NamingModel()
    graph, model = Gate(whatsapp), Gate(naming)
    graph_url = await stack.enter_async_context(serve(graph))
    model_url = await stack.enter_async_context(serve(model))
    stack.callback(graph.open)
    stack.callback(model.open)
    stack.callback(naming.release)
    asked = openai_model(model_url, "1s") + model_settings
    harbour = Harbour(folder, database, whatsapp, graph_url, redis=redis, model=asked, worker_models=(asked,) * workers)
    await harbour.employ_ann()

    def starting(*arguments: str) -> Callable[[], "asyncio.Future[Program]"]:
        return lambda: asyncio.ensure_future(Program.start(folder, *arguments))

    web = Kept(starting("serve"))
    kept = [Kept(starting("worker", "--config", f"worker-{number}.toml")) for number in range(workers)]
    house = House(name, harbour, graph, model, web, kept)
    for process in house.processes:
        stack.push_async_callback(process.leave)
        process.keep()
    await house.serves()
    return house


def children(pid: int) -> list[int]:
    """The processes that this one started (Linux); none where that cannot be seen."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in listed.read_text().split()]
    except OSError:
        return []


def kill_one_child(pid: int, which: int) -> None:
    """kill -9 for one child of a server that the test started."""
    found = children(pid)
    if found:
        os.kill(found[which % len(found)], signal.SIGKILL)

"""Whether this process can do its work now."""

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.migrate import current_and_head_async
from jack.application.errors import OutsideFailure
from jack.application.ports.jobs import JobQueue
from jack.application.ports.readiness import Readiness
from jack.entrypoints.settings import Settings


class LiveReadiness(Readiness):
    """Looks at the database, its shape, and Redis where jobs go there."""

    def __init__(self, database: Database, settings: Settings, queue: JobQueue) -> None:
        self._database = database
        self._settings = settings
        self._queue = queue
        self._shape_is_right = False

    async def problems(self) -> tuple[str, ...]:
        """One sentence for each thing that keeps Jack from working."""
        found = [problem for problem in (await self._database_problem(), await self._queue_problem()) if problem]
        return tuple(found)

    async def _database_problem(self) -> str | None:
        problem = await self._database.check()
        if problem is not None or self._shape_is_right:
            return problem
        try:
            current, head = await current_and_head_async(self._settings.database.url)
        except OutsideFailure as failure:
            return str(failure)
        if current != head:
            return f"the database is at {current or 'nothing'}, this version needs {head}: run `jack db upgrade`"
        self._shape_is_right = True  # it does not change back under a running process
        return None

    async def _queue_problem(self) -> str | None:
        if self._settings.queue is None:
            return None
        from jack.adapters.queue.arq_queue import ArqJobQueue  # one process without Redis starts without arq

        return await self._queue.check() if isinstance(self._queue, ArqJobQueue) else None

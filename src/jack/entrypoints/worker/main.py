"""The arq worker: every job is one story."""

import logging

from jack.entrypoints.settings import Settings
from jack.entrypoints.wiring.container import open_jack
from jack.entrypoints.wiring.jobs import Jobs
from jack.entrypoints.wiring.workers import make_workers

log = logging.getLogger(__name__)


async def work(settings: Settings) -> None:
    """Work until the process gets SIGTERM or SIGINT. Raises NotReady when the database cannot be used."""
    async with open_jack(settings) as container:
        jobs = Jobs(container)
        log.info("worker.started")
        await make_workers(settings, jobs.handle, jobs.tick).run_until_told()

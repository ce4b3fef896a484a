"""The container: every port with the adapter that the configuration names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from dishka import AsyncContainer, Provider, make_async_container

from jack.adapters.persistence.migrate import current_and_head_async, upgrade_async
from jack.adapters.queue.in_process import InProcessJobQueue
from jack.application.errors import OutsideFailure
from jack.application.ports.inbox import DeliveryInbox
from jack.entrypoints.settings import Settings
from jack.entrypoints.wiring.infrastructure import ArqJobs, Infrastructure, InProcessJobs
from jack.entrypoints.wiring.jobs import Jobs
from jack.entrypoints.wiring.not_ready import NotReady
from jack.entrypoints.wiring.stories import Stories
from jack.entrypoints.wiring.vendors import Vendors


def make_container(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """A container for these settings; a later provider replaces what an earlier one provides, for tests.

    A missing binding is reported here and not at the first message.
    """
    jobs = ArqJobs() if settings.queue else InProcessJobs()
    return make_async_container(Infrastructure(), jobs, Vendors(), Stories(), *overrides, context={Settings: settings})


@asynccontextmanager
async def open_jack(settings: Settings, *overrides: Provider) -> AsyncIterator[AsyncContainer]:
    """A container over a database that is ready, closed at the end. Raises NotReady and the three outside words."""
    await ensure_ready(settings)
    container = make_container(settings, *overrides)
    try:
        yield container
    finally:
        await container.close()


async def ensure_ready(settings: Settings) -> None:
    """An empty database is prepared by whoever comes first, and a file of Jack's own is kept up to date.

    A PostgreSQL database of an older version is left to `jack db upgrade`: processes of the old version may be running.
    """
    url = settings.database.url
    try:
        current, head = await current_and_head_async(url)
        if current == head:
            return
        if current is None or url.startswith("sqlite"):
            await upgrade_async(url)
            return
    except OutsideFailure as failure:
        raise NotReady(f"The database cannot be used: {failure}") from failure
    raise NotReady(f"The database is at {current}, this version of Jack needs {head}: run `jack db upgrade` first.")


@asynccontextmanager
async def run_jobs(container: AsyncContainer, settings: Settings) -> AsyncIterator[None]:
    """Run the jobs and schedules inside this process while the block runs, unless workers do that elsewhere."""
    await container.get(DeliveryInbox)  # its writers start before the first webhook
    if settings.queue is None:
        queue = await container.get(InProcessJobQueue)
        jobs = Jobs(container)
        queue.start(jobs.handle, tick=jobs.tick, tick_every=timedelta(seconds=2))
        try:
            yield
        finally:
            await queue.aclose()
    else:
        yield

"""The arq workers of one process."""

from collections.abc import Awaitable, Callable

from jack.adapters.queue.arq_worker import ArqWorkers
from jack.application.ports.jobs import Job
from jack.entrypoints.settings import Settings
from jack.entrypoints.wiring.infrastructure import redis_url


def make_workers(
    settings: Settings, handle: Callable[[Job], Awaitable[None]], tick: Callable[[], Awaitable[None]]
) -> ArqWorkers:
    """Workers that hand every job to `handle`, and `tick` to one process every few seconds."""
    return ArqWorkers(redis_url(settings), handle, tick)

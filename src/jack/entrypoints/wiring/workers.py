"""The arq workers of one process."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from jack.adapters.queue.arq_worker import ArqWorkers, Limits
from jack.application.messaging.turn import TurnLimits
from jack.application.ports.jobs import Job
from jack.entrypoints.settings import Settings
from jack.entrypoints.wiring.infrastructure import redis_url


def make_workers(
    settings: Settings, handle: Callable[[Job], Awaitable[None]], tick: Callable[[], Awaitable[None]]
) -> ArqWorkers:
    """Workers that hand every job to `handle`, and `tick` to one process every few seconds.

    A job gets the time that a turn may take, so that no answer is cut off that would still have been said.
    """
    usual = Limits()
    turn = TurnLimits.for_model(settings.model.time_limit).lease
    return ArqWorkers(redis_url(settings), handle, tick, limits=replace(usual, job_time=max(usual.job_time, turn)))

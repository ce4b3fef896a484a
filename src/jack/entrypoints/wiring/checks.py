"""What `jack doctor` looks at: everything outside this process that the configuration names."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from jack.adapters.persistence.migrate import current_and_head_async
from jack.adapters.queue.arq_queue import ArqJobQueue
from jack.application.errors import OutsideFailure
from jack.application.ports.channels import Channels
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.llm import LanguageModel
from jack.application.ports.pms import Pms, PmsDirectory
from jack.application.ports.stays_views import StaysViews
from jack.domain.hotel import Hotel
from jack.entrypoints.settings import Settings
from jack.entrypoints.wiring.container import make_container
from jack.entrypoints.wiring.infrastructure import redis_url
from jack.entrypoints.wiring.not_understood import not_understood
from jack.entrypoints.wiring.pms_check import judged

TIME_LIMIT = 20
"""Seconds for one check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: `problem` is None when it is well, else what is wrong and what to do."""

    what: str
    summary: str
    problem: str | None


async def checks(settings: Settings, show: Callable[[Check], None]) -> None:
    """Look at everything, one after the other, and show each as it is known. Never raises for what it looks at."""
    show(await _checked("database", "reachable, at the right version", lambda: _database(settings)))
    if settings.queue is None:
        show(Check(what="queue", summary="no Redis configured: jobs run inside `jack serve`", problem=None))
    else:
        show(await _checked("queue", "Redis answers", lambda: _redis(settings)))
    container = make_container(settings)
    try:
        pms, channels = await container.get(PmsDirectory), await container.get(Channels)
        clock, views = await container.get(Clock), await container.get(StaysViews)
        for hotel in (await container.get(Hotels)).all():
            show(await _pms(pms.of(hotel.id), hotel, clock))
            with suppress(OutsideFailure):  # the database has a line of its own
                if said := await not_understood(views, hotel.id, clock.now()):
                    show(Check(what=f"PMS records of {hotel.id}", summary=said, problem=None))
        for account in channels.accounts():
            sender = channels.sender(account.channel, account.account)
            what = f"{account.channel} of {account.hotel_id}"
            if sender is not None:
                show(await _checked(what, f"account {account.account} answers", sender.check))
        model = await container.get(LanguageModel)
        show(await _checked("model", f"{model.name} answers", model.check))
    finally:
        await container.close()


async def _checked(what: str, well: str, look: Callable[[], Awaitable[str | None]]) -> Check:
    try:
        async with asyncio.timeout(TIME_LIMIT):
            problem = await look()
    except OutsideFailure as failure:
        problem = str(failure)
    except TimeoutError:
        problem = f"no answer within {TIME_LIMIT} seconds; check the address and the network"
    return Check(what=what, summary=well, problem=problem)


async def _database(settings: Settings) -> str | None:
    current, head = await current_and_head_async(settings.database.url)
    if current == head:
        return None
    return f"it is {'empty' if current is None else f'at {current}'}, this version needs {head}: run `jack db upgrade`"


async def _redis(settings: Settings) -> str | None:
    queue = ArqJobQueue(redis_url(settings))
    try:
        return await queue.check()
    finally:
        await queue.aclose()


async def _pms(pms: Pms, hotel: Hotel, clock: Clock) -> Check:
    summary = ""

    async def look() -> str | None:
        nonlocal summary
        report = await pms.check()
        summary, problem = judged(report, pms.capabilities, hotel, clock.now())
        return problem

    check = await _checked(f"PMS of {hotel.id}", "", look)
    return Check(what=check.what, summary=summary, problem=check.problem)

"""Heartbeat: a lease that is renewed in the background while its holder works, however long the PMS takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from jack.application.errors import ServiceUnavailable


@asynccontextmanager
async def kept_alive(renew: Callable[[], Awaitable[bool]], every: timedelta) -> AsyncIterator[None]:
    """Call `renew` again and again while the block runs; a process that dies stops doing so.

    `renew` returns False when the lease is lost: then the holder's next write finds that out as well.
    """
    over = asyncio.Event()
    beating = asyncio.create_task(_beat(renew, over, every))
    try:
        yield
    finally:
        over.set()  # and not cancelled: a write is never given up half-way
        await asyncio.gather(beating, return_exceptions=True)


async def _beat(renew: Callable[[], Awaitable[bool]], over: asyncio.Event, every: timedelta) -> None:
    held = True
    while held:
        try:
            async with asyncio.timeout(every.total_seconds()):
                await over.wait()
            return
        except TimeoutError:
            pass
        try:
            held = await renew()
        except ServiceUnavailable:
            continue  # the database is away; perhaps it is back for the next beat

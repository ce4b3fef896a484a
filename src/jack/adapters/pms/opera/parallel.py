"""Several calls at a time, bounded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from jack.adapters.pms.opera.api import AT_ONCE

A = TypeVar("A")
B = TypeVar("B")


async def each(things: Iterable[A], ask: Callable[[A], Awaitable[B]], *, at_once: int = AT_ONCE) -> list[B]:
    """What is answered for each thing, in their order. The first failure is raised and ends the others."""
    gate = asyncio.Semaphore(at_once)

    async def one(thing: A) -> B:
        async with gate:
            return await ask(thing)

    tasks = [asyncio.ensure_future(one(thing)) for thing in things]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

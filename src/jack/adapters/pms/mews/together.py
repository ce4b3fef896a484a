"""Calls that do not wait for each other."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, overload

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

Work = Coroutine[Any, Any, A]


@overload
async def together(one: Work[A], two: Work[B], /) -> tuple[A, B]: ...
@overload
async def together(one: Work[A], two: Work[B], three: Work[C], /) -> tuple[A, B, C]: ...
async def together(*work: Work[Any]) -> tuple[Any, ...]:
    """What comes of all of them, in their order. When one fails the others are given up, and its failure is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return tuple(task.result() for task in tasks)

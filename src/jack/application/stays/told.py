"""What a page tells: each thing once, looked at without keeping others waiting."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot

Snapshot = TypeVar("Snapshot", GuestSnapshot, ReservationSnapshot)
T = TypeVar("T")

AT_ONCE = 50
"""How many records are looked at before everything else in this process has its turn: a millisecond or two."""


def newest(snapshots: Sequence[Snapshot]) -> dict[ExternalRef, Snapshot]:
    """One snapshot for each reference: vendors repeat records when their pages shift; the newest version counts."""
    found: dict[ExternalRef, Snapshot] = {}
    for snapshot in snapshots:
        held = found.get(snapshot.ref)
        if held is None or not _older(snapshot.modified_at, held.modified_at):
            found[snapshot.ref] = snapshot
    return found


async def one_after_another(things: Iterable[T]) -> AsyncGenerator[T, None]:
    """These things, with a pause for everything else that this process does after every few.

    A page may hold a thousand records; a webhook that is to be acknowledged cannot wait for them.
    """
    for number, thing in enumerate(things, start=1):
        yield thing
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)


def _older(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other

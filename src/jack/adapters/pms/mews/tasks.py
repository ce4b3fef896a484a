"""Tasks for the hotel's people."""

from contextlib import aclosing
from datetime import timedelta

import msgspec

from jack.adapters.pms.mews.api import MewsAccess, MewsApi, TooHeavy, interval
from jack.adapters.pms.mews.library import Library
from jack.adapters.pms.mews.listing import TASKS
from jack.adapters.pms.mews.payloads import AddedTask
from jack.adapters.vendor_api.caller import ONCE
from jack.adapters.vendor_api.records import wire_instant
from jack.application.errors import ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.pms_tasks import PmsTask

LOOK_BACK = timedelta(days=30)
LOOK_AHEAD = timedelta(days=1)
"""Where a task without a stay is looked for, by the instant of its making."""

TRIES = 3
FIRST_WAIT = timedelta(seconds=2)

_ADDED = msgspec.json.Decoder(AddedTask)


class Tasks:
    """Files tasks, each once."""

    def __init__(self, api: MewsApi, library: Library, clock: Clock, access: MewsAccess) -> None:
        self._api = api
        self._library = library
        self._clock = clock
        self._department = access.task_department_id

    async def file(self, task: PmsTask) -> str:
        """The id of the task. Each try looks first, because a try that failed may have made it."""
        await self._library.reference()  # a task must not be left at another hotel
        for tries in range(1, TRIES + 1):
            held = await self._held(task)
            if held is not None:
                return held
            try:
                return await self._add(task)
            except ServiceUnavailable as failure:
                if tries == TRIES:
                    raise
                await self._clock.sleep(failure.retry_after or FIRST_WAIT * tries)
        raise AssertionError("the last try returns or raises")

    async def _held(self, task: PmsTask) -> str | None:
        """The id of the task that carries the key already."""
        mark = mark_of(task)
        if task.reservation is not None:
            about: dict[str, object] = {"ServiceOrderIds": [task.reservation.key]}
        else:
            now = self._clock.now()
            about = {"CreatedUtc": interval(now - LOOK_BACK, now + LOOK_AHEAD)}
        async with aclosing(self._api.pages("tasks/getAll", TASKS, self._library.here(about))) as pages:
            async for page in pages:
                for found in page.records:
                    if mark in (found.description or "") or mark in (found.name or ""):
                        return found.id
        return None

    async def _add(self, task: PmsTask) -> str:
        fields: dict[str, object] = {
            "Name": task.title,
            "Description": description_of(task),
            "DeadlineUtc": wire_instant(task.due_at),
        }
        if self._department is not None:
            fields["DepartmentId"] = self._department
        if task.reservation is not None:
            fields["ServiceOrderId"] = task.reservation.key
        try:
            added = await self._api.ask("tasks/add", fields, _ADDED.decode, patience=ONCE, repeatable=False)
        except TooHeavy:
            raise ServiceUnavailable("Mews is too busy to take a task") from None
        return added.task_id


def mark_of(task: PmsTask) -> str:
    """What tells Jack's task from every other one."""
    return f"[Jack {task.key}]"


def description_of(task: PmsTask) -> str:
    """What people read below the title."""
    place = [f"Room {task.room_number}"] if task.room_number else []
    place += [f"Reservation {task.confirmation_number}"] if task.confirmation_number else []
    return "\n".join(part for part in (task.details, ", ".join(place), mark_of(task)) if part)

"""The queue of business events: reading it takes the events away, so they are kept before anything else is done."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import msgspec

from jack.adapters.http import Answer, Interrupted
from jack.adapters.pms.opera.api import OperaApi, refusal_of
from jack.adapters.pms.opera.notices import hints_of
from jack.adapters.vendor_api.caller import ONCE, PATIENT, Patience
from jack.adapters.vendor_api.records import nothing_in
from jack.application.errors import OutsideFailure, ServiceRejected, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.pms_notices import PmsHints, PmsMemory

MOST_EVENTS = 20
"""Events that one answer may hold (OPERA's limit)."""

MOST_ANSWERS = 250
"""Answers that one run takes from the queue: what is left waits there for the next run."""

MOST_DAMAGED = 3
"""Answers in a row that cannot be read; after more the queue is out of order."""

MOST_KEPT = 20
"""Kept answers that are worked off together: what several of them name is read once."""

_READING = "queue.reading"
_PROVEN = "queue.proven"


@dataclass(frozen=True, slots=True)
class Drained:
    """How a queue was found. `is_set_up` is False where OPERA has no such queue; `is_proven` is True when events came
    from it in an earlier run, so that its silence means that nothing changed. `may_have_lost` is True when events may
    have been taken from it and not been kept: a call broke off, or a process died between taking and keeping.
    """

    is_set_up: bool
    is_proven: bool
    may_have_lost: bool


class EventQueue:
    """One external system's queue of one hotel."""

    def __init__(self, api: OperaApi, memory: PmsMemory, clock: Clock, external_system: str, hotel_id: str) -> None:
        self._clock = clock
        self.external_system = external_system
        self._api = api
        self._memory = memory
        self._hotel_id = hotel_id
        self._path = f"/int/v1/externalSystem/{quote(external_system, safe='')}/hotels/{{hotel}}/businessEvents"

    async def drain(self) -> Drained:
        """Take everything from the queue and keep it. Raises the three words; what was taken is kept nevertheless."""
        lost = await self._memory.recall(_READING) == "begun"
        proven = await self._memory.recall(_PROVEN) == "yes"
        await self._memory.note(_READING, "begun")
        is_set_up, came, damaged = True, False, 0
        for _ in range(MOST_ANSWERS):
            try:
                answer, broke = await self._take()
            except OutsideFailure as failure:
                await self._settle_unless(lost or isinstance(failure, Interrupted))
                raise
            lost |= broke
            is_set_up = answer.ok
            if not is_set_up or nothing_in(answer):
                break
            await self._memory.keep([answer.body])
            came = True
            damaged = 0 if _is_whole(answer) else damaged + 1
            if damaged:
                lost = True  # what else stood in it, nobody knows
                await self._wait_for_better(damaged)
        if came and not proven:
            await self._memory.note(_PROVEN, "yes")
        await self._settle_unless(lost)
        return Drained(is_set_up=is_set_up, is_proven=is_set_up and proven, may_have_lost=lost)

    async def try_once(self) -> Answer:
        """Ask for one event, to see whether the queue can be read; what comes is kept for the next run.

        Returns 400, 403 and 404 as they came. Raises the three words.
        """
        lost = await self._memory.recall(_READING) == "begun"
        await self._memory.note(_READING, "begun")
        try:
            answer = await self._ask(1, ONCE, repeatable=False)
        except OutsideFailure as failure:
            await self._settle_unless(lost or isinstance(failure, Interrupted))
            raise
        if answer.ok and not nothing_in(answer):
            await self._memory.keep([answer.body])
        await self._settle_unless(lost)
        return answer

    async def is_remembered(self) -> bool:
        """False when there is no place to keep what the queue would give away."""
        try:
            await self._memory.recall(_READING)
        except ServiceUnavailable:
            return False
        return True

    async def kept(self) -> tuple[tuple[int, ...], PmsHints]:
        """The numbers of what is kept and was not worked off, the oldest first, and all that it hints at together."""
        waiting = await self._memory.kept(MOST_KEPT)
        hints = PmsHints()
        for notice in waiting:
            hints |= self._hints(notice.body)
        return tuple(notice.id for notice in waiting), hints

    async def drop(self, ids: tuple[int, ...]) -> None:
        """These were worked off."""
        await self._memory.drop(ids)

    async def distrust(self) -> None:
        """Something changed that no event names: until `settle` the queue counts as having lost something."""
        await self._memory.note(_READING, "begun")

    async def settle(self) -> None:
        """Whatever may have been lost was read in another way."""
        await self._memory.note(_READING, "")

    async def _wait_for_better(self, damaged: int) -> None:
        if damaged > MOST_DAMAGED:
            raise ServiceUnavailable("OPERA's queue of business events gives answers that cannot be read")
        await self._clock.sleep(timedelta(seconds=damaged))

    async def _settle_unless(self, lost: bool) -> None:
        if not lost:
            await self.settle()

    async def _take(self) -> tuple[Answer, bool]:
        """One answer, and whether a call broke before, which may have taken events that nobody saw."""
        try:
            return await self._ask(MOST_EVENTS, PATIENT, repeatable=False), False
        except Interrupted:
            await self.distrust()
            return await self._ask(MOST_EVENTS, PATIENT, repeatable=True), True

    async def _ask(self, number: int, patience: Patience, *, repeatable: bool) -> Answer:
        answer = await self._api.dequeue(self._path, [("limit", str(number))], patience, repeatable=repeatable)
        if answer.status not in (400, 403, 404) and (refused := refusal_of(answer, self._path)) is not None:
            raise refused
        return answer

    def _hints(self, body: bytes) -> PmsHints:
        """What a kept answer hints at; one that was cut off on its way says only that something changed."""
        try:
            return hints_of(body, self._hotel_id)
        except ServiceRejected:
            return PmsHints(changes=True)


def _is_whole(answer: Answer) -> bool:
    try:
        msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeError):
        return False
    return True

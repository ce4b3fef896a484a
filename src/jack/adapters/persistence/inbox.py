"""The durable inbox: deliveries and notices of many concurrent webhooks share one commit.

A delivery waits for the write that is under way, and goes out with all that came meanwhile. So one fsync serves many,
and a single delivery waits for nobody.
"""

import asyncio
import logging
from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from jack.adapters.persistence.failures import meaning
from jack.application.errors import ServiceUnavailable
from jack.application.ports.channels import Delivery
from jack.application.ports.inbox import DeliveryInbox
from jack.application.ports.notices_store import NoticeInbox
from jack.domain.notices import Notice

log = logging.getLogger(__name__)

Stored = Delivery | Notice
"""What an inbox stores: calls of channels, and of PMSs."""

MOST_DELIVERIES: Final = 500
"""How many deliveries share one commit at most."""

MOST_BYTES: Final = 8 * 1024 * 1024
"""How many bytes of bodies share one commit at most; a larger single delivery goes alone."""

TIME_LIMIT: Final = timedelta(seconds=5)
"""After this long a delivery that is not stored is given up, so that its sender comes back."""


class DeliveryWriter(Protocol):
    """One connection that deliveries are written through, by one task at a time."""

    @abstractmethod
    async def write(self, deliveries: Sequence[Stored]) -> None:
        """Store these in one durable commit, passing over what is stored already; connects where it must.

        Raises the driver's errors when they are not certainly stored; then `disconnect` follows.
        """

    @abstractmethod
    async def disconnect(self) -> None:
        """Let go of the connection, whatever its state. Never raises; a later `write` connects again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    delivery: Stored
    stored: asyncio.Future[None]


class GroupCommitInbox(DeliveryInbox, NoticeInbox):
    """Plays DeliveryInbox and NoticeInbox. `start` before the first delivery, `aclose` after the last."""

    def __init__(self, writers: Sequence[DeliveryWriter], *, time_limit: timedelta = TIME_LIMIT) -> None:
        self._writers = writers
        self._time_limit = time_limit.total_seconds()
        self._waiting: deque[_Waiting] = deque()
        self._unsettled: set[asyncio.Future[None]] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to write. Connects when the first delivery comes, so a database that is down stops nobody here."""
        self._tasks = [asyncio.create_task(self._keep_writing(writer), name="inbox") for writer in self._writers]

    async def aclose(self) -> None:
        """Write what still waits, if that is done within the time limit, and let go of the database."""
        if self._unsettled:
            await asyncio.wait(self._unsettled, timeout=self._time_limit)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        _give_up(self._waiting, "Jack is shutting down")
        self._waiting.clear()
        for writer in self._writers:
            await writer.disconnect()

    async def store(self, delivery: Stored) -> None:
        if not self._tasks:
            raise ServiceUnavailable("the inbox is not open")
        stored = asyncio.get_running_loop().create_future()
        self._unsettled.add(stored)
        self._waiting.append(_Waiting(delivery, stored))
        self._wake.set()
        try:
            async with asyncio.timeout(self._time_limit):
                await stored
        except TimeoutError:
            # it may still reach the disk; then the sender's second attempt is recognised by its messages' ids
            raise ServiceUnavailable("the delivery could not be stored in time") from None
        finally:
            self._unsettled.discard(stored)

    async def _keep_writing(self, writer: DeliveryWriter) -> None:
        while True:
            while not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            batch = self._take()
            if batch:
                await self._write(writer, batch)

    def _take(self) -> list[_Waiting]:
        """The next deliveries for one commit, oldest first; those whose sender has gone are left out."""
        taken: list[_Waiting] = []
        size = 0
        while self._waiting and len(taken) < MOST_DELIVERIES:
            body = len(self._waiting[0].delivery.body)
            if taken and size + body > MOST_BYTES:
                break
            waiting = self._waiting.popleft()
            if not waiting.stored.done():
                taken.append(waiting)
                size += body
        return taken

    async def _write(self, writer: DeliveryWriter, batch: Sequence[_Waiting]) -> None:
        deliveries = [waiting.delivery for waiting in batch]
        try:
            try:
                await writer.write(deliveries)
            except Exception:  # noqa: BLE001 - see below: the second attempt decides
                # A server that was restarted leaves a dead connection behind: once more on a new one. What is stored
                # already is passed over, so it does not matter how far the first attempt came.
                await writer.disconnect()
                await writer.write(deliveries)
        except asyncio.CancelledError:
            _give_up(batch, "Jack is shutting down")
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear it, and writing must go on
            await writer.disconnect()
            reason = str(meaning(error) or f"the delivery could not be stored ({type(error).__name__})")
            log.error("deliveries could not be stored", extra={"deliveries": len(batch), "reason": reason})  # noqa: TRY400 - a driver's error may quote guests
            _give_up(batch, reason)
        else:
            for waiting in batch:
                if not waiting.stored.done():
                    waiting.stored.set_result(None)


def sorted_out(stored: Sequence[Stored]) -> tuple[list[Delivery], list[Notice]]:
    """The deliveries, and the notices, of what a writer is to store."""
    deliveries = [one for one in stored if isinstance(one, Delivery)]
    return deliveries, [one for one in stored if isinstance(one, Notice)]


def _give_up(batch: Sequence[_Waiting] | deque[_Waiting], reason: str) -> None:
    for waiting in batch:
        if not waiting.stored.done():
            waiting.stored.set_exception(ServiceUnavailable(reason))

"""Open streams of server-sent events: how many there may be, and their end when the server stops.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import msgspec

from jack.application.errors import TooManyAttempts

HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment says that the stream is alive; proxies close silent connections."""

LONGEST: Final = 3600.0
"""Seconds after which a stream ends, so that whoever listens must show again that they may."""

WAITING: Final = 500
"""Events that may wait for a slow reader; then its stream ends, and it comes back where it was."""

MOST: Final = 5_000
"""Streams that one process serves at once."""

HEADERS: Final = {"cache-control": "no-cache", "x-accel-buffering": "no"}

MEDIA_TYPE: Final = "text/event-stream"

START: Final = b"retry: 3000\n\n"
ALIVE: Final = b": alive\n\n"


def event(name: str, data: Any, number: int | None = None) -> bytes:
    """One event, whose data is JSON on one line."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"


class Stream:
    """What waits for one reader; `put` never waits."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Any] = asyncio.Queue()
        self._ended = asyncio.Event()
        self._until = asyncio.get_running_loop().time() + LONGEST

    def put(self, item: Any) -> None:
        """Add something, or end the stream of a reader who is too slow."""
        if self._waiting.qsize() >= WAITING:
            self.end()
        else:
            self._waiting.put_nowait(item)

    def end(self) -> None:
        """Let the reader go."""
        self._ended.set()
        self._waiting.put_nowait(None)

    async def items(self) -> AsyncIterator[Any]:
        """What is put, as it comes; None whenever nothing came for a while. Ends with the stream."""
        while not self._ended.is_set() and asyncio.get_running_loop().time() < self._until:
            try:
                item = await asyncio.wait_for(self._waiting.get(), HEARTBEAT)
            except TimeoutError:
                yield None
                continue
            if item is not None:
                yield item


class Streams:
    """All streams of this process."""

    def __init__(self) -> None:
        self._open: set[Stream] = set()
        self._of: Counter[tuple[str, str]] = Counter()
        self._closed = False

    def check(self, *shares: tuple[str, str, int]) -> None:
        """Raises TooManyAttempts when one more stream would be too many: for the process, or for a share, which is
        (what, whose, how many at once)."""
        if (
            self._closed
            or len(self._open) >= MOST
            or any(self._of[what, whose] >= most for what, whose, most in shares)
        ):
            raise TooManyAttempts("too many open connections; please close some", timedelta(seconds=10))

    @contextmanager
    def opened(self, *shares: tuple[str, str, int]) -> Iterator[Stream]:
        """A stream that counts for these shares while the block runs; it has ended already when it is one too many."""
        stream = Stream()
        try:
            self.check(*shares)
        except TooManyAttempts:
            stream.end()
        self._open.add(stream)
        self._of.update((what, whose) for what, whose, _ in shares)
        try:
            yield stream
        finally:
            self._open.discard(stream)
            for what, whose, _ in shares:
                self._of[what, whose] -= 1
                if not self._of[what, whose]:
                    del self._of[what, whose]

    def close(self) -> None:
        """End every stream, and begin none any more: the server is about to stop and waits for them."""
        self._closed = True
        for stream in tuple(self._open):
            stream.end()

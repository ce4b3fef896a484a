"""A load generator: signed webhooks over kept-alive connections, from a process of its own.

`python -m tests.bench.load URL CONNECTIONS SECONDS` prints one JSON line: requests per second and latencies in ms.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import uvloop

from jack.entrypoints.demo.webhooks import message_body, signed
from tests.bench.setup import APP_SECRET, PHONE_NUMBER_ID

WARM_UP = 1.0
"""Seconds before the clock starts."""


@dataclass(slots=True)
class Tally:
    """What came back."""

    latencies: list[float] = field(default_factory=list)
    refused: int = 0


class Client(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, sends the next."""

    def __init__(self, requests: "Requests", tally: Tally) -> None:
        self._requests = requests
        self._tally = tally
        self._transport: asyncio.Transport | None = None
        self._sent_at = 0.0
        self._answer = b""
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass of asyncio's
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        self._transport.write(self._requests.next())

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, rest = self._answer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) < length:
            return
        now = time.perf_counter()
        self._answer = b""
        if now > self._requests.counting_from:
            if head.split(b" ", 2)[1] == b"200":
                self._tally.latencies.append(now - self._sent_at)
            else:
                self._tally.refused += 1
        if now < self._requests.until:
            self._send()
        elif self._transport:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.gone.done():
            self.gone.set_result(None)


class Requests:
    """Prepared requests, each with a message of its own, and how long to send them."""

    def __init__(self, url: str, seconds: float, prepared: int = 40_000) -> None:
        address = urlsplit(url)
        now = int(time.time())
        self._ready = [self._request(address.netloc, address.path, number, now) for number in range(prepared)]
        self._next = 0
        self.counting_from = time.perf_counter() + WARM_UP
        self.until = self.counting_from + seconds

    @staticmethod
    def _request(host: str, path: str, number: int, now: int) -> bytes:
        sender = f"+3519{number % 5000:08d}"
        body = message_body(PHONE_NUMBER_ID, sender, "What time is breakfast? " + "x" * 800, now, "Zoë")
        head = f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in signed(body, APP_SECRET).items())
        return head.encode() + b"\r\n" + body

    def next(self) -> bytes:
        """The next request; after the last one, the first again (a duplicate, as Meta sends them)."""
        self._next = (self._next + 1) % len(self._ready)
        return self._ready[self._next]


async def main(url: str, connections: int, seconds: float) -> None:
    """Load `url` and print the tally."""
    requests, tally = Requests(url, seconds), Tally()
    address = urlsplit(url)
    loop = asyncio.get_running_loop()
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: Client(requests, tally), str(address.hostname), int(address.port or 80)
        )
        clients.append(client)
    await asyncio.gather(*(client.gone for client in clients))
    latencies = sorted(tally.latencies)
    result = {
        "per_second": len(latencies) / seconds,
        "p50_ms": latencies[len(latencies) // 2] * 1000 if latencies else None,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000 if latencies else None,
        "refused": tally.refused,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))

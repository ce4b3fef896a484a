"""How long a webhook's acknowledgement takes while the same process syncs: webhooks at a steady pace, from outside."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx

from jack.entrypoints.demo.webhooks import message_body, signed
from tests.bench.setup import APP_SECRET, PHONE_NUMBER_ID

EVERY = 0.05
"""Seconds between two webhooks, whether the one before was answered or not: more than a big hotel ever gets."""

WARM_UP = 3.0
"""Seconds in which the server loads what it needs for its first messages; they are not counted."""

CALM = 30.0
"""Seconds for which the same webhooks are sent when the sync is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Milliseconds of each acknowledgement, sorted, and how many were refused."""

    latencies: list[float]
    refused: int
    seconds: float

    def percentile(self, share: float) -> float:
        """So many of a hundred were at least as quick; not a number where the sync was over before it counted."""
        if not self.latencies:
            return float("nan")
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


async def while_syncing(url: str, database: Path, longest: float = 600.0) -> tuple[Acknowledged, Acknowledged]:
    """Send webhooks from now until the first sync of the server on that database is over, and as long as that (but at
    most `CALM` seconds) afterwards, to compare with."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:
        meanwhile = await _sent(client, longest, lambda: _is_over(database), WARM_UP)
        afterwards = await _sent(client, min(CALM, meanwhile.seconds), lambda: False, 0.0)
    return meanwhile, afterwards


async def _sent(client: httpx.AsyncClient, longest: float, over: Callable[[], bool], warm_up: float) -> Acknowledged:
    latencies: list[float] = []
    refused = 0
    began = time.perf_counter()

    async def send(number: int) -> None:
        nonlocal refused
        body = message_body(PHONE_NUMBER_ID, f"+3519{number % 50:08d}", "Breakfast?", int(time.time()), "Zoë")
        sent = time.perf_counter()
        answer = await client.post("/webhooks/whatsapp", content=body, headers=signed(body, APP_SECRET))
        if sent - began >= warm_up:
            latencies.append((time.perf_counter() - sent) * 1000)
        refused += answer.status_code != 200

    async with asyncio.TaskGroup() as group:
        number = 0
        while time.perf_counter() - began < longest:
            group.create_task(send(number))
            number += 1
            if number % 20 == 0 and await asyncio.to_thread(over):
                break
            await asyncio.sleep(max(0.0, began + number * EVERY - time.perf_counter()))
    return Acknowledged(latencies=sorted(latencies), refused=refused, seconds=time.perf_counter() - began)


def _is_over(database: Path) -> bool:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT finished_at FROM sync_runs ORDER BY started_at LIMIT 1").fetchone()
    return found is not None and found[0] is not None

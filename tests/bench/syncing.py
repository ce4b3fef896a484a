"""What a sync costs beside the raw driver, and what it costs those who wait meanwhile: part of `make bench`.

Everything runs in processes of its own, so that memory is that of one sync; the raw driver writes the very rows that
the sync wrote, right after it, so that both meet the same machine.
"""

import asyncio
import json
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from jack.adapters.persistence.migrate import upgrade
from tests import servers
from tests.bench.setup import sync_server
from tests.bench.sync_acks import while_syncing
from tests.bench.sync_clock import Spent
from tests.bench.sync_raw import postgres_spent, sqlite_spent

DURABLE = ("max_connections=100", "shared_buffers=256MB")
PAGE = 1_000
AIM_RAW, AIM_AGAIN, AIM_GROWTH, AIM_MEMORY, AIM_ACK, AIM_MATCH = 0.35, 4.0, 12.0, 64.0, 100.0, 5.0

Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two empty databases, one for the sync and one for the raw driver, and how that one copies the other's rows."""

    synced: str
    raw: Callable[[], dict[str, Spent]]


@contextmanager
def _sqlite(home: Path) -> Iterator[Pair]:
    with tempfile.TemporaryDirectory(dir=home) as folder:
        one, other = f"{folder}/synced.db", f"{folder}/raw.db"
        for file in (one, other):
            upgrade(f"sqlite+aiosqlite:///{file}")
        yield Pair(synced=f"sqlite+aiosqlite:///{one}", raw=lambda: sqlite_spent(one, other))


@contextmanager
def _postgres(home: Path) -> Iterator[Pair]:
    with servers.postgres(DURABLE) as server:
        base = server.rsplit("/", 1)[0]

        async def prepare() -> None:
            connection = await asyncpg.connect(server)
            for name in ("synced", "raw"):
                await connection.execute(f"CREATE DATABASE {name}")
            await connection.close()

        asyncio.run(prepare())
        one, other = f"{base}/synced", f"{base}/raw"
        for url in (one, other):
            upgrade(url)
        yield Pair(synced=one, raw=lambda: asyncio.run(postgres_spent(one, other)))


KINDS = {"SQLite, synchronous FULL": _sqlite, "PostgreSQL, fsync on": _postgres}


def speed(home: Path, reservations: int, rounds: int) -> None:
    """First loads of so many reservations and of a tenth of them, told again, and the raw driver."""
    print(
        f"\nFirst load of {reservations:,} reservations with as many guests, pages of {PAGE:,}, told again unchanged,"
    )
    print("against the raw driver writing the same rows [in brackets: guests and reservations without contact points].")
    print("Ratios are of the work that processors did, the database server's included; the clock's stand beside them:")
    for name, database in KINDS.items():
        found = [_round(database, home, reservations) for _ in range(rounds)]
        median = {key: statistics.median(one[key] for one in found) for key in found[0]}
        spread = [one["ratio"] for one in found]
        print(
            f"  {name:26} ratio {median['ratio']:.2f} ({min(spread):.2f}-{max(spread):.2f}, clock "
            f"{median['ratio_wall']:.2f}) [{median['strict']:.2f}]   {median['rows']:,.0f} rows/s "
            f"{_verdict(median['ratio'] >= AIM_RAW, f'aim {AIM_RAW}')}"
        )
        print(
            f"  {'':26} again {median['again']:.1f} times as fast (clock {median['again_wall']:.1f}) "
            f"{_verdict(median['again'] >= AIM_AGAIN, 'aim 4')}"
        )
        print(
            f"  {'':26} ten times as many took {median['growth']:.1f} times as long (clock "
            f"{median['growth_wall']:.1f}) {_verdict(median['growth'] <= AIM_GROWTH, 'aim at most 12')}"
        )
        sizes = (reservations // 10, reservations)
        memory = [_child(database, home, number, ready=False)["peak_mib"] for number in sizes]
        print(
            f"  {'':26} peak memory {memory[1]:.0f} MiB, with a tenth {memory[0]:.0f} MiB "
            f"{_verdict(memory[1] - memory[0] <= AIM_MEMORY, 'aim at most 64 more')}"
        )


def _round(database: Callable[[Path], Any], home: Path, reservations: int) -> Figures:
    with database(home) as pair:
        small = _run(pair.synced, reservations // 10, ready=True)["runs"][0]
    with database(home) as pair:
        first, again = _run(pair.synced, reservations, ready=True)["runs"]
        assert (first["created"], again["unchanged"]) == (reservations, reservations)
        raw = pair.raw()
    without_contacts = raw["guests"] + raw["reservations"]
    whole = without_contacts + raw["guest_contacts"]
    return {
        "rows": 2 * reservations / first["wall"],
        "ratio": whole.work / first["work"],
        "ratio_wall": whole.wall / first["wall"],
        "strict": without_contacts.work / first["work"],
        "again": first["work"] / again["work"],
        "again_wall": first["wall"] / again["wall"],
        "growth": first["work"] / small["work"],
        "growth_wall": first["wall"] / small["wall"],
    }


def _child(database: Callable[[Path], Any], home: Path, reservations: int, *, ready: bool) -> dict[str, Any]:
    with database(home) as pair:
        return _run(pair.synced, reservations, ready=ready)


def _run(url: str, reservations: int, *, ready: bool) -> dict[str, Any]:
    runs = "2" if ready else "1"
    return _output("tests.bench.sync_child", url, str(reservations), str(PAGE), runs, str(int(ready)))


def acknowledging(home: Path, reservations: int) -> None:
    """Acknowledgements of one process on SQLite that loads a big hotel meanwhile."""
    with tempfile.TemporaryDirectory(dir=home) as name:
        folder = Path(name)
        with sync_server(folder, _free_port(), reservations) as running:
            meanwhile, afterwards = asyncio.run(while_syncing(running.url, folder / "jack.db"))
    print(f"\nAcknowledging 20 webhooks a second while the same process loads {reservations:,} reservations (SQLite):")
    print(
        f"  p50 {meanwhile.percentile(0.5):.0f} ms   p99 {meanwhile.percentile(0.99):.0f} ms   "
        f"{len(meanwhile.latencies)} sent, {meanwhile.refused} refused "
        f"{_verdict(meanwhile.percentile(0.99) < AIM_ACK, 'aim p99 100 ms')}"
    )
    print(f"  afterwards p50 {afterwards.percentile(0.5):.0f} ms   p99 {afterwards.percentile(0.99):.0f} ms")


def matching(home: Path, stored: int) -> None:
    """Finding a sender among so many guests."""
    print(f"\nMatching a sender with {stored:,} guests and reservations stored, p50 (p99):")
    for name, database in KINDS.items():
        with database(home) as pair:
            found = _output("tests.bench.matching", pair.synced, str(stored))
        told = "   ".join(f"{what} {ms['p50_ms']:.1f} ms ({ms['p99_ms']:.1f})" for what, ms in found.items())
        print(f"  {name:26} {told} {_verdict(found['sender']['p50_ms'] < AIM_MATCH, 'aim 5 ms for a sender')}")


def _output(module: str, *words: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", module, *words], check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _verdict(good: bool, aim: str) -> str:
    return f"[{aim}: {'met' if good else 'NOT MET'}]"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])

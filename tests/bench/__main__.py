"""Runs the benchmarks and prints ratios: `make bench`, or `make bench ARGS="--seconds 2"` for a quick look."""

import argparse
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import servers
from tests.bench import pms_pages, syncing
from tests.bench.setup import Running, bare, jack

DURABLE = ("max_connections=100", "shared_buffers=256MB")
"""PostgreSQL as a hotel runs it: fsync and synchronous_commit stay on."""

ANSWERING = "SQLite, answering meanwhile"
"""One process that acknowledges, receives, answers and delivers at once: no aim, but good to know."""

AIM_RATIO, AIM_START, AIM_MEMORY = 0.3, 1.5, 120.0


def main() -> None:
    """Measure acknowledgements, start-up and memory, the reading of PMSs, and the sync."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each load runs")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3, help="how often each pair is measured")
    parser.add_argument("--reservations", type=int, default=100_000, help="how many a sync loads")
    parser.add_argument("--stored", type=int, default=1_000_000, help="among how many guests a sender is looked for")
    parser.add_argument("--only", choices=["acknowledging", "starting", "pages", "sync"], help="one part of it")
    wished = parser.parse_args()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    )
    with tempfile.TemporaryDirectory(prefix="jack-bench-", dir=Path.cwd()) as folder:
        home = Path(folder)
        if wished.only in (None, "acknowledging"):
            _acknowledgements(home, wished)
        if wished.only in (None, "starting"):
            _start_up_and_memory(home)
        if wished.only in (None, "pages"):
            pms_pages.report(home, max(5, 5 * wished.rounds), _verdict)
        if wished.only in (None, "sync"):
            syncing.speed(home, wished.reservations, wished.rounds)
            syncing.acknowledging(home, wished.reservations)
            syncing.matching(home, wished.stored)


def _acknowledgements(home: Path, wished: argparse.Namespace) -> None:
    print(f"\nWebhook acknowledgements per second, {wished.connections} connections, bodies of about 1.2 kB,")
    print("against a bare Litestar endpoint that verifies the signature and stores nothing:")
    with servers.redis() as redis:
        # Redis without a worker: what is measured is verify + store durably + ring, not the answering.
        rounds = [_round(home / f"round{number}", wished, redis) for number in range(wished.rounds)]
        for name in rounds[0]:
            shares = [found[name]["per_second"] / found["bare"]["per_second"] for found in rounds]
            best = max(rounds, key=lambda found: found[name]["per_second"])[name]
            verdict = (
                ""
                if name in ("bare", ANSWERING)
                else _verdict(statistics.median(shares) >= AIM_RATIO, f"aim {AIM_RATIO}")
            )
            print(
                f"  {name:34} {best['per_second']:8,.0f}/s   p50 {best['p50_ms']:6.2f} ms   "
                f"p99 {best['p99_ms']:7.2f} ms   "
                f"ratio {statistics.median(shares):.2f} ({min(shares):.2f}-{max(shares):.2f}) {verdict}"
            )


def _round(home: Path, wished: argparse.Namespace, redis: str) -> dict[str, dict[str, Any]]:
    home.mkdir()
    found = {}
    with bare(_free_port(), home) as running:
        found["bare"] = _load(running, wished)
    file = f"sqlite+aiosqlite:///{home}/jack.db"
    with jack(home, _free_port(), file, redis) as running:
        found["SQLite, synchronous FULL"] = _load(running, wished)
    with servers.postgres(DURABLE) as url, jack(home, _free_port(), url, redis) as running:
        found["PostgreSQL, fsync on"] = _load(running, wished)
    embedded = f"sqlite+aiosqlite:///{home}/embedded.db"
    with jack(home, _free_port(), embedded) as running:
        found[ANSWERING] = _load(running, wished)
    return found


def _load(running: Running, wished: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.load", f"{running.url}/webhooks/whatsapp"]
    command += [str(wished.connections), str(wished.seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    if result["refused"]:
        print(f"  ! {result['refused']} requests were refused")
    return result


def _start_up_and_memory(home: Path) -> None:
    starts, memory = [], []
    for number in range(5):
        folder = home / f"start{number}"
        folder.mkdir()
        database = f"sqlite+aiosqlite:///{home}/start.db"  # the first run creates it, the others find it
        with jack(folder, _free_port(), database) as running:
            starts.append(running.start_up)
            memory.append(running.resident_mib())
    start, size = statistics.median(starts[1:]), statistics.median(memory[1:])
    raw = statistics.median(_python_start() for _ in range(5))
    print("\n`jack serve` on SQLite, from the start of the process to the first answer, and idle:")
    print(
        f"  start-up         {start:5.2f} s ({start / raw:.0f} times an empty Python) "
        f"{_verdict(start < AIM_START, 'aim 1.5 s')}"
    )
    print(f"  resident memory  {size:5.0f} MiB {_verdict(size < AIM_MEMORY, 'aim 120 MiB')}")


def _python_start() -> float:
    import time

    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - began


def _verdict(good: bool, aim: str) -> str:
    return f"[{aim}: {'met' if good else 'NOT MET'}]"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    main()

"""Tortures Jack for minutes: `make torture`, or `make torture ARGS="--minutes 10 --seed 7 --house spread"`."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.migrate import upgrade_async
from tests import servers
from tests.torture.house import DURABLE, embedded, spread
from tests.torture.race import Race
from tests.torture.storm import storm

HOUSES = {"embedded": embedded, "spread": spread}


def main() -> None:
    """Storm after storm in turn, each with a seed of its own that is printed; exit code 1 when a promise broke."""
    parser = argparse.ArgumentParser(prog="make torture")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=None, help="the seed of the first storm; the next ones count on")
    parser.add_argument("--house", choices=[*HOUSES, "both"], default="both")
    parser.add_argument("--races", type=int, default=1000, help="take-overs against answers, on each kind of database")
    parser.add_argument("--storm", type=float, default=40.0, help="seconds of one storm")
    wished = parser.parse_args()
    seed = wished.seed if wished.seed is not None else random.SystemRandom().randrange(10**6)
    names = list(HOUSES) if wished.house == "both" else [wished.house]
    broken = storms = 0
    if wished.races:
        broken += asyncio.run(_races(seed, wished.races))
    end = time.monotonic() + 60 * wished.minutes
    while time.monotonic() < end:
        for name in names:
            broken += _one(name, seed, wished.storm)
            storms += 1
        seed += 1
    print(f"\n{storms} storms, {broken} broken promises")
    sys.exit(1 if broken else 0)


async def _races(seed: int, rounds: int) -> int:
    """How many promises broke in that many take-overs on SQLite and as many on PostgreSQL."""
    broken = 0
    with tempfile.TemporaryDirectory(prefix="jack-torture-") as folder, servers.killable_postgres(DURABLE) as postgres:
        for url in (f"sqlite+aiosqlite:///{folder}/race.db", postgres.url.replace("ql:", "ql+asyncpg:")):
            await upgrade_async(url)
            first = open_database(url)
            second = first if first.dialect == "sqlite" else open_database(url)
            race = Race((first, second), random.Random(seed))
            print(f"\nraces on {first.dialect}: seed {seed}", flush=True)
            await race.run(conversations=12, rounds=max(1, rounds // 12))
            await first.aclose()
            await second.aclose()
            met = ", ".join(f"{moment} {race.met[moment]}" for moment in sorted(race.met))
            print(f"  {race.take_overs} take-overs: {met}", flush=True)
            for promise in race.broken:
                print(f"  BROKEN   {promise}", flush=True)
            broken += len(race.broken)
    return broken


def _one(name: str, seed: int, seconds: float) -> int:
    """How many promises one storm broke; then what the processes said is kept."""
    with tempfile.TemporaryDirectory(prefix="jack-torture-") as folder:
        broken = asyncio.run(_storm(name, Path(folder), seed, seconds))
        if broken:
            kept = Path(tempfile.mkdtemp(prefix="jack-torture-kept-"))
            for log in Path(folder).glob("*.log"):
                (kept / log.name).write_bytes(log.read_bytes())
            print(f"  the logs are kept in {kept}")
        return broken


async def _storm(name: str, folder: Path, seed: int, seconds: float) -> int:
    async with HOUSES[name](folder) as house:
        return len((await storm(house, seed, seconds)).broken)


if __name__ == "__main__":
    main()

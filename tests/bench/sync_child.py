"""Runs the real story over a big hotel in a process of its own and prints what it cost.

`python -m tests.bench.sync_child URL RESERVATIONS PAGE RUNS READY` prints one JSON line: for each run the seconds that
passed, the seconds of work, and the counts; and the most memory that the process had resident (MiB). READY 1 makes the
pages before the clock starts (for speed), 0 as they are read (for memory).
"""

import asyncio
import json
import resource
import sys
from dataclasses import asdict
from typing import Any

import uvloop

from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.application.stays.sync import SyncReservations
from tests.bench.sync_clock import clock_for
from tests.bench.sync_source import MODIFIED, BigPms
from tests.fakes.clock import FixedClock
from tests.fakes.hotels import ListedHotels
from tests.fakes.pms import ListedPms
from tests.hotel import HARBOUR, a_hotel


async def sync(url: str, reservations: int, page: int, runs: int, *, ready: bool = True) -> list[dict[str, Any]]:
    """A first load, then runs in which the PMS tells everything again."""
    database = open_database(url)
    clock = FixedClock()
    pms = BigPms(clock, reservations, page)
    if ready:
        pms.get_ready()
    story = SyncReservations(
        begin=BeginSqlUnitOfWork(database),
        pms=ListedPms({HARBOUR: pms}),
        hotels=ListedHotels(a_hotel()),
        phones=LibPhoneReader(),
        clock=clock,
    )
    found = []
    clock_now = await clock_for(url)
    for number in range(runs):
        began = clock_now()
        run = await story(HARBOUR, since=MODIFIED if number else None)
        spent = clock_now() - began
        assert run.error is None, run.error
        found.append({"wall": spent.wall, "work": spent.work, **asdict(run.counts)})
    await database.aclose()
    return found


if __name__ == "__main__":
    url, reservations, page, runs, ready = sys.argv[1], *map(int, sys.argv[2:6])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(sync(url, reservations, page, runs, ready=bool(ready)))
    print(json.dumps({"runs": found, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))

"""Two clocks at once: the seconds that passed, and the seconds that processors worked for it.

Other work on the machine makes the first longer and hardly the second. A database server's work counts as well.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import make_url


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that passed and seconds of work; both can be added and subtracted."""

    wall: float = 0.0
    work: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.wall + other.wall, self.work + other.work)

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.wall - other.wall, self.work - other.work)


@dataclass(frozen=True, slots=True)
class SyncClock:
    """`server` is the first process of a PostgreSQL server, None where the database is a file."""

    server: int | None = None

    def __call__(self) -> Spent:
        """As it stands now."""
        return Spent(time.perf_counter(), time.process_time() + (_family(self.server) if self.server else 0.0))


async def clock_for(url: str) -> SyncClock:
    """The clock that also counts the server behind this address."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return SyncClock()
    connection = await asyncpg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    data = await connection.fetchval("SHOW data_directory")
    await connection.close()
    return SyncClock(int((Path(data) / "postmaster.pid").read_text().split()[0]))


def _family(parent: int) -> float:
    """Seconds of work of a process, of its children, and of those that ended (Linux)."""
    tick = os.sysconf("SC_CLK_TCK")
    worked = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(folder.name) == parent:
            worked += sum(map(int, fields[11:15]))
        elif int(fields[1]) == parent:
            worked += sum(map(int, fields[11:13]))
    return worked / tick

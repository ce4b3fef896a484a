"""Writing deliveries to SQLite: one thread with a connection of its own."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Final

from sqlalchemy.dialects import sqlite

from jack.adapters.persistence.column_types import UtcDateTime
from jack.adapters.persistence.deliveries import delivery_row
from jack.adapters.persistence.engine import Database, set_pragmas
from jack.adapters.persistence.inbox import TIME_LIMIT, DeliveryWriter, Stored, sorted_out
from jack.adapters.persistence.notices import notice_row
from jack.adapters.persistence.write_turn import WriteTurn
from jack.application.ports.channels import Delivery
from jack.domain.notices import Notice

_ROWS: Final = 100
"""How many deliveries share one statement."""

_INSERT_NOTICE: Final = (
    "INSERT INTO pms_notices (id, hotel_id, body, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
)

_instant = UtcDateTime()
_dialect = sqlite.dialect()


class SqliteDeliveryWriter(DeliveryWriter):
    """Plays DeliveryWriter in WAL mode with synchronous=FULL: a commit is on the disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._path = str(database.url.database)
        self._turn = database.turn or WriteTurn()
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None

    async def write(self, deliveries: Sequence[Stored]) -> None:
        async with self._turn.taken(first=True):
            await self._in_thread(lambda: self._commit(deliveries))

    async def disconnect(self) -> None:
        if self._thread is not None:
            await self._in_thread(self._close)
            self._thread.shutdown(wait=False)
            self._thread = None

    async def _in_thread(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbox")
        running = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            # a thread cannot be stopped; what it does must be over before the turn goes to somebody else
            await asyncio.wait([running])
            raise

    def _commit(self, stored: Sequence[Stored]) -> None:
        connection = self._connection or self._connect()
        connection.execute("BEGIN IMMEDIATE")
        deliveries, notices = sorted_out(stored)
        try:
            for start in range(0, len(deliveries), _ROWS):
                together = deliveries[start : start + _ROWS]
                connection.execute(_insert(len(together)), [value for one in together for value in _values(one)])
            connection.executemany(_INSERT_NOTICE, map(_notice_values, notices))
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            set_pragmas(connection.execute)
            # those who wait are gone after their time limit: no use in waiting longer for another process
            connection.execute(f"PRAGMA busy_timeout = {int(TIME_LIMIT.total_seconds() * 1000)}")
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _values(delivery: Delivery) -> tuple[str, str, str, bytes, str, str]:
    *others, received_at = delivery_row(delivery)
    return (*others, _instant.process_bind_param(received_at, _dialect))


def _notice_values(notice: Notice) -> tuple[str, str, bytes, str]:
    *others, received_at = notice_row(notice)
    return (*others, _instant.process_bind_param(received_at, _dialect))


@cache
def _insert(rows: int) -> str:
    """One statement for so many deliveries: each statement lets go of the interpreter's lock and waits for it again."""
    values = ",".join(["(?, ?, ?, ?, ?, ?)"] * rows)
    into = "inbox_deliveries (id, channel, accounts, body, target, received_at)"
    return f"INSERT INTO {into} VALUES {values} ON CONFLICT (id) DO NOTHING"  # noqa: S608  nothing from outside

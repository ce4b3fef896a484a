"""Writing deliveries to PostgreSQL: one connection outside the pool for each writer."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg

from jack.adapters.persistence.deliveries import delivery_row
from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.inbox import TIME_LIMIT, DeliveryWriter, Stored, sorted_out
from jack.adapters.persistence.notices import notice_row

_INSERT: Final = (
    "INSERT INTO inbox_deliveries (id, channel, accounts, body, target, received_at)"
    " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::timestamptz[])"
    " ON CONFLICT (id) DO NOTHING"
)
_INSERT_NOTICES: Final = (
    "INSERT INTO pms_notices (id, hotel_id, body, received_at)"
    " SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::timestamptz[])"
    " ON CONFLICT (id) DO NOTHING"
)


class PostgresDeliveryWriter(DeliveryWriter):
    """Plays DeliveryWriter; asks for `synchronous_commit`, whatever the server's own setting is."""

    def __init__(self, database: Database) -> None:
        _, options = database.write_engine.dialect.create_connect_args(database.url)
        self._address = {name: value for name, value in options.items() if not name.startswith("prepared_statement")}
        self._connection: Any = None

    async def write(self, deliveries: Sequence[Stored]) -> None:
        async with asyncio.timeout(TIME_LIMIT.total_seconds()):
            if self._connection is None:
                self._connection = await asyncpg.connect(
                    **self._address,
                    server_settings={"application_name": "jack inbox", "synchronous_commit": "on"},
                )
            calls, notices = sorted_out(deliveries)
            # a statement is a transaction of its own; what it stored already is passed over when all is tried again
            if calls:
                await self._connection.execute(_INSERT, *_columns(map(delivery_row, calls)))
            if notices:
                await self._connection.execute(_INSERT_NOTICES, *_columns(map(notice_row, notices)))

    async def disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # it may be in any state; what cannot be closed is cut
                await connection.close(timeout=1)
            connection.terminate()


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]

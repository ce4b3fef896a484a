"""The raw drivers writing the rows of another database: what the machine can do, to compare with.

SQLite: `executemany` of an upsert, 1,000 rows a transaction. PostgreSQL: COPY into a temporary table, then one
`INSERT .. SELECT .. ON CONFLICT`. Both into Jack's own tables with all their indexes.
"""

import sqlite3
from contextlib import closing

import asyncpg

from jack.adapters.persistence.engine import set_pragmas
from jack.adapters.persistence.tables import guest_contacts, guests, reservations
from tests.bench.sync_clock import Spent, SyncClock, clock_for

TABLES = (guests, guest_contacts, reservations)
AT_ONCE = 1_000
COPIED_AT_ONCE = 10_000


def _upsert(table: str, columns: list[str], keys: list[str], source: str) -> str:
    changed = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in keys)
    names = ", ".join(f'"{c}"' for c in columns)
    return f"INSERT INTO {table} ({names}) {source} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}"


def sqlite_spent(filled: str, empty: str) -> dict[str, Spent]:
    """What each table took, from one file's rows into the other's; reading them is not counted."""
    spent = {}
    clock = SyncClock()
    with closing(sqlite3.connect(filled)) as source, closing(sqlite3.connect(empty, isolation_level=None)) as target:
        set_pragmas(target.execute)
        for table in TABLES:
            columns = [column.name for column in table.columns]
            keys = [column.name for column in table.primary_key]
            statement = _upsert(table.name, columns, keys, f"VALUES ({', '.join('?' * len(columns))})")
            spent[table.name] = Spent()
            # without a rowid there is no order of coming, and by its key would be kinder than life
            order = "rowid" if table is not guest_contacts else "guest_id"
            rows = source.execute(f"SELECT * FROM {table.name} ORDER BY {order}")
            while some := rows.fetchmany(AT_ONCE):
                began = clock()
                target.execute("BEGIN IMMEDIATE")
                target.executemany(statement, some)
                target.execute("COMMIT")
                spent[table.name] += clock() - began
    return spent


async def postgres_spent(filled: str, empty: str) -> dict[str, Spent]:
    """As `sqlite_spent`, between two databases."""
    clock = await clock_for(empty)
    source, target = await asyncpg.connect(filled), await asyncpg.connect(empty)
    spent = {}
    for table in TABLES:
        columns = [column.name for column in table.columns]
        keys = [column.name for column in table.primary_key]
        names = ", ".join(f'"{c}"' for c in columns)
        merge = _upsert(table.name, columns, keys, f"SELECT {names} FROM fresh")
        await target.execute(f"CREATE TEMPORARY TABLE fresh (LIKE {table.name} INCLUDING DEFAULTS)")
        spent[table.name] = Spent()
        async with source.transaction():
            rows = await source.cursor(f"SELECT {names} FROM {table.name}")
            while some := [tuple(row) for row in await rows.fetch(COPIED_AT_ONCE)]:
                began = clock()
                async with target.transaction():
                    await target.copy_records_to_table("fresh", records=some, columns=columns)
                    await target.execute(merge)
                    await target.execute("TRUNCATE fresh")
                spent[table.name] += clock() - began
        await target.execute("DROP TABLE fresh")
    await source.close()
    await target.close()
    return spent

"""Many rows at once, in the drivers' own words: what a sync asks and writes with each page.

SQLAlchemy would take longer over a page than the database does. Rows are tuples in the order of the table's columns,
with the values as the driver wants them (see `Encoding`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Table

from jack.adapters.persistence.connection import SqlConnection
from jack.domain.ids import ExternalRef

_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a driver wants instants and dates: as they are, or as SQLite's texts. None stays None."""

    instant: Callable[[datetime | None], Any]
    day: Callable[[date], Any]

    def value(self, value: Any) -> Any:
        """Whatever it is."""
        if isinstance(value, datetime):
            return self.instant(value)
        return self.day(value) if isinstance(value, date) else value


def encoding(dialect: str) -> Encoding:
    """That of the dialect. A naive datetime raises TypeError, because nobody knows which instant it means."""
    return _ENCODINGS[dialect]


def _aware(instant: datetime | None) -> datetime | None:
    if instant is not None and instant.tzinfo is None:
        raise TypeError("an instant needs its time zone")
    return instant


@lru_cache(maxsize=256)  # one page has few instants, most of them again and again
def _instant_text(instant: datetime | None) -> str | None:
    if instant is None:
        return None
    if instant.tzinfo is not UTC:
        _aware(instant)
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")


_ENCODINGS = {
    "sqlite": Encoding(instant=_instant_text, day=date.isoformat),
    "postgresql": Encoding(instant=_aware, day=lambda day: day),
}


def one_of(dialect: str, column: str, parameter: int) -> str:
    """SQL that is true where the column has one of the values that `many` made that parameter of."""
    if dialect == "postgresql":
        return f"{column} = ANY(${parameter}::text[])"
    return f"{column} IN (SELECT value FROM json_each(${parameter}))"  # noqa: S608  the column is our own


def held_keys(dialect: str, table: str, columns: str, *, system: str = "pms_system", key: str = "pms_key") -> str:
    """A query for these columns of the rows of hotel $1 and system $2 with one of the keys $3.

    PostgreSQL is made to look up key by key: while it has no statistics of a table that was just filled, it believes
    that reading the whole hotel by another index is quicker than "one of a thousand".
    """
    of_system = f'FROM {table} WHERE hotel_id = $1 AND "{system}" = $2'
    if dialect == "postgresql":
        one = f'SELECT {columns} {of_system} AND "{key}" = asked.one LIMIT 1'
        return f"SELECT held.* FROM unnest($3::text[]) AS asked(one) CROSS JOIN LATERAL ({one}) AS held"  # noqa: S608
    return f"SELECT {columns} {of_system} AND " + one_of(dialect, f'"{key}"', 3)


def many(dialect: str, values: Iterable[str]) -> Any:
    """Texts as one parameter."""
    items = list(values)
    return items if dialect == "postgresql" else _json(items).decode()


def by_system(refs: Iterable[ExternalRef]) -> list[tuple[str, dict[str, ExternalRef]]]:
    """References by system and key; a hotel has hardly ever more than one system."""
    system = attrgetter("system")
    return [(name, {ref.key: ref for ref in some}) for name, some in groupby(sorted(refs, key=system), key=system)]


async def insert(connection: SqlConnection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """New rows. Raises Conflict when one of them is there already."""
    if connection.dialect == "postgresql":
        await connection.copy(table.name, table.columns.keys(), rows)
    else:
        await connection.write(_insert(table), rows)


async def replace(
    connection: SqlConnection, table: Table, rows: Sequence[Sequence[Any]], *, unless_later: str | None
) -> None:
    """Rows over those with the same primary key, or beside them.

    A row whose column `unless_later` holds a later value than the new one stays as it is.
    """
    await connection.write(_upsert(table, unless_later), rows)


async def put(connection: SqlConnection, table: Table, row: Mapping[str, Any]) -> None:
    """One row by the names of all its columns, over the one with the same primary key, or beside the others."""
    encode = encoding(connection.dialect).value
    await connection.write(_upsert(table, None), [[encode(row[name]) for name in _names(table)]])


async def delete(
    connection: SqlConnection, table: Table, names: Sequence[str], rows: Collection[Sequence[Any]]
) -> None:
    """The rows whose columns of these names have these values."""
    where = " AND ".join(f'"{name}" = ${number}' for number, name in enumerate(names, start=1))
    await connection.write(f"DELETE FROM {table.name} WHERE {where}", list(rows))  # noqa: S608  names from our tables


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


@cache
def _insert(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name in _names(table))
    values = ", ".join(f"${number}" for number in range(1, len(table.columns) + 1))
    return f"INSERT INTO {table.name} ({names}) VALUES ({values})"  # noqa: S608  names from our own tables


@cache
def _upsert(table: Table, unless_later: str | None) -> str:
    keys = [column.name for column in table.primary_key]
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in _names(table) if name not in keys)
    where = ""
    if unless_later is not None:
        held, new = f'{table.name}."{unless_later}"', f'excluded."{unless_later}"'
        where = f" WHERE {new} IS NULL OR {held} IS NULL OR {new} >= {held}"
    return f"{_insert(table)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}{where}"

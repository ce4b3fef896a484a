"""Where SQL differs between SQLite and PostgreSQL: inserting over what is there, and looking many keys up at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, CompoundSelect, Table, Text, any_, bindparam, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from jack.adapters.persistence.bulk import many, one_of
from jack.adapters.persistence.connection import SqlConnection

Insert = postgresql.Insert | sqlite.Insert


def _insert(table: Table, dialect: str) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def upsert(dialect: str, table: Table, *, keep: tuple[str, ...] = (), unless_later: str | None = None) -> Insert:
    """Insert rows, or replace those with the same primary key, except for the columns to `keep`.

    A row whose column `unless_later` holds a later value than the new one stays as it is.
    Execute it with a list of rows, never with `.values(list)`: that compiles every value of every row.
    """
    statement = _insert(table, dialect)
    keys = [column.name for column in table.primary_key]
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys and column.name not in keep
    }
    where: ColumnElement[bool] | None = None
    if unless_later is not None:
        held, new = table.c[unless_later], statement.excluded[unless_later]
        where = or_(new.is_(None), held.is_(None), new >= held)
    return statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where)


@cache
def counted(dialect: str, table: Table, count: str, *, keep: tuple[str, ...] = ()) -> Insert:
    """As `upsert`, but the column `count` of a row that is there already grows by the new row's."""
    statement = _insert(table, dialect)
    keys = [column.name for column in table.primary_key]
    changed: dict[str, Any] = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys and column.name not in keep
    }
    changed[count] = table.c[count] + statement.excluded[count]
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


@cache
def insert_or_ignore(dialect: str, table: Table, *key: str) -> Insert:
    """Insert rows, passing over those whose `key` columns are held already; other collisions still fail."""
    return _insert(table, dialect).on_conflict_do_nothing(index_elements=list(key))


def any_of(dialect: str, column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """True for rows whose column has one of these values: one parameter, however many values."""
    items = list(values)
    if dialect == "postgresql":
        return column == any_(bindparam(None, items, type_=postgresql.ARRAY(Text)))
    each = func.json_each(json.dumps(items)).table_valued("value")
    return column.in_(select(each.c.value))


def any_selected(dialect: str, column: ColumnElement[str], few: CompoundSelect[Any]) -> ColumnElement[bool]:
    """True for rows whose column has one of the values that `few` selects: these are found first."""
    if dialect == "postgresql":  # which cannot know that they are few, and would rather read the whole table
        return column == any_(func.array(few.scalar_subquery(), type_=postgresql.ARRAY(Text)))
    return column.in_(few)


def any_pair_of(
    dialect: str, columns: tuple[ColumnElement[str], ColumnElement[str]], pairs: Sequence[tuple[str, str]]
) -> ColumnElement[bool]:
    """True for rows whose two columns have one of these pairs of values: one or two parameters, however many pairs."""
    if dialect == "postgresql":
        array = postgresql.ARRAY(Text)
        firsts = bindparam(None, [first for first, _ in pairs], type_=array)
        seconds = bindparam(None, [second for _, second in pairs], type_=array)
        wanted = func.unnest(firsts, seconds).table_valued("first", "second").render_derived()
        return tuple_(*columns).in_(select(wanted.c.first, wanted.c.second))
    each = func.json_each(json.dumps(list(pairs))).table_valued("value")
    return tuple_(*columns).in_(
        select(func.json_extract(each.c.value, "$[0]"), func.json_extract(each.c.value, "$[1]"))
    )


class _Versioned(Protocol):
    @property
    def modified_at(self) -> datetime | None: ...


async def later_ones(connection: SqlConnection, table: Table, given: Mapping[Any, _Versioned]) -> list[str]:
    """The ids of rows that were not replaced by what is `given`, by id, because they hold a later `modified_at`."""
    versions = {key: one.modified_at for key, one in given.items() if one.modified_at is not None}
    if not versions:
        return []
    found = await connection.execute(
        select(table.c.id, table.c.modified_at).where(
            any_of(connection.dialect, table.c.id, versions), table.c.modified_at.is_not(None)
        )
    )
    return [row.id for row in found if row.modified_at > versions[row.id]]


async def stored_ones(connection: SqlConnection, table: Table, ids: Sequence[str]) -> set[str]:
    """Which of these ids the table holds; for none, nothing is asked."""
    if not ids:
        return set()
    dialect = connection.dialect
    sql = f"SELECT id FROM {table.name} WHERE {one_of(dialect, 'id', 1)}"  # noqa: S608  one of our own tables
    return {row[0] for row in await connection.fetch(sql, many(dialect, ids))}

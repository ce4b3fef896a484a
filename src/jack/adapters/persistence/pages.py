"""Pages of lists: where the next one begins, without counting what came before."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, Row, tuple_

from jack.adapters.persistence.column_types import UtcDateTime
from jack.application.ports.pages import Page

Shown = TypeVar("Shown")
Columns = Sequence[ColumnElement[Any]]

_FOREIGN = "this cursor does not belong to this list"


def beyond(of: str, columns: Columns, cursor: str, *, newest_first: bool) -> ColumnElement[bool]:
    """True for rows after the one that the cursor names, in the order of `columns`.

    `of` names the list. Raises ValueError for a cursor that this list did not give.
    """
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        key = [_read(column, value) for column, value in zip(columns, found[1:], strict=True)]
        given_by = found[0]
    except (ValueError, TypeError, LookupError, binascii.Error) as error:
        raise ValueError(_FOREIGN) from error
    if given_by != of:
        raise ValueError(_FOREIGN)
    row = tuple_(*columns)
    return row < tuple(key) if newest_first else row > tuple(key)


def page(
    of: str, rows: Sequence[Row[Any]], limit: int, key: Callable[[Row[Any]], Sequence[Any]], show: Callable[..., Shown]
) -> Page[Shown]:
    """The first `limit` rows as they are shown; there is a next page when more than that were read."""
    more = len(rows) > limit
    return Page(
        items=tuple(show(row) for row in rows[:limit]),
        next_cursor=cursor_of(of, key(rows[limit - 1])) if more else None,
    )


def cursor_of(of: str, key: Sequence[Any]) -> str:
    """The cursor of the row with that key."""
    values = [value.isoformat() if isinstance(value, date) else value for value in key]
    return base64.urlsafe_b64encode(json.dumps([of, *values], separators=(",", ":")).encode()).decode()


def _read(column: ColumnElement[Any], value: Any) -> Any:
    if not isinstance(value, str):
        raise TypeError(value)
    if isinstance(column.type, UtcDateTime):
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError(value)
        return instant
    return date.fromisoformat(value) if isinstance(column.type, Date) else value

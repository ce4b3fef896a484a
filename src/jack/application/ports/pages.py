"""Page: one page of a list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """One page of a list; `next_cursor` is opaque and None on the last page."""

    items: tuple[Row, ...]
    next_cursor: str | None

"""Lists: how many, from where, and cursors that a list did not give."""

from collections.abc import Awaitable
from typing import Annotated, TypeVar

from litestar.params import QueryParameter

from jack.application.ports.pages import Page
from jack.entrypoints.web.problems import INVALID, FieldProblem, Refusal

Row = TypeVar("Row")

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    QueryParameter(max_length=500, description="The `next_cursor` of the page before; nothing for the first page."),
]
Search = Annotated[str | None, QueryParameter(max_length=100)]


async def paged(page: Awaitable[Page[Row]]) -> Page[Row]:
    """The page, or a refusal when the list did not give this cursor."""
    try:
        return await page
    except ValueError:
        field = FieldProblem(field="cursor", message="this list did not give this cursor")
        raise Refusal(INVALID, "the cursor is not one of this list", fields=(field,)) from None

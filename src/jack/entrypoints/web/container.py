"""How handlers reach the container."""

from typing import Any

from litestar import Request
from litestar.datastructures import State


async def reach_container(request: Request[Any, Any, State]) -> None:
    """Let `FromDishka` find the application's own container.

    Everything that the routes ask for lives as long as the process. Opening a scope for each request, as dishka's own
    middleware does around the whole application, would cost every webhook time for nothing.
    """
    request.state.dishka_container = request.app.state.dishka_container

"""Health and metrics, for the machines that watch Jack."""

import asyncio
from typing import Any

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import MediaType, Request, Response, get
from litestar.datastructures import State

from jack.application.ports.readiness import Readiness
from jack.entrypoints.web.container import reach_container
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.metrics import EXPOSITION, RequestMetrics
from jack.entrypoints.web.problems import UNAVAILABLE, Refusal
from jack.entrypoints.web.schemas import HealthView

TAG = ["operations"]

TIME_LIMIT = 2.0
"""Seconds that the look at database and queue may take."""


@get("/health/live", operation_id="live", tags=TAG, summary="The process answers", security=[{}])
async def live() -> HealthView:
    """True as long as the process can answer at all; restart it when not."""
    return HealthView(status="ok")


@get(
    "/health/ready",
    operation_id="ready",
    tags=TAG,
    summary="Jack can work",
    responses=problems(503),
    before_request=reach_container,
    security=[{}],
)
@inject
async def ready(readiness: FromDishka[Readiness]) -> HealthView:
    """The database answers and has Jack's newest shape, and so does the queue's server where there is one."""
    try:
        async with asyncio.timeout(TIME_LIMIT):
            found = await readiness.problems()
    except TimeoutError:
        found = (f"the database or the queue did not answer within {TIME_LIMIT:g} seconds",)
    if found:
        raise Refusal(UNAVAILABLE, "; ".join(found))
    return HealthView(status="ok")


@get("/metrics", include_in_schema=False, media_type=MediaType.TEXT, sync_to_thread=False)
def metrics(request: Request[Any, Any, State]) -> Response[bytes]:
    """Requests by method, route and status, and the process's own figures, for Prometheus."""
    counted: RequestMetrics = request.app.state.metrics
    return Response(counted.exposed(), media_type=EXPOSITION)


ROUTES = [live, ready, metrics]

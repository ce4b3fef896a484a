"""Where a PMS pushes notices. Vendors want an answer within seconds, so as little as possible stands before it.

The address holds a secret: it is known to the routing alone, and what is logged and counted is the route's template.
"""

from typing import Any

from dishka import AsyncContainer
from litestar import HttpMethod, Request, Response, route
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from jack.application.stays.accept_notice import AcceptNotice
from jack.entrypoints.web.problems import INVALID, Refusal
from jack.entrypoints.web.raw import TEXT, whole_body

LARGEST_BODY = 512 * 1024
"""Bytes; the largest known batches hold some hundred events of some hundred bytes."""


class PmsDoor:
    """The notices (POST), and whether the address is right (GET, HEAD), for those who try it."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._accept: AcceptNotice | None = None

    async def serve(self, request: Request[Any, Any, State], hotel: str, secret: str) -> None:
        """Return once the notice is durable.

        Raises NotFound alike for an unknown hotel and a wrong secret, before anything is read; Refusal for a body that
        is too large or breaks off; ServiceUnavailable when it could not be stored.
        """
        if self._accept is None:
            self._accept = await self._container.get(AcceptNotice)
        hotel_id = self._accept.hotel_at(hotel, secret)
        if request.method != HttpMethod.POST:
            return
        body = await whole_body(request.scope, request.receive, LARGEST_BODY)
        if body is None:
            raise Refusal(INVALID, "the body breaks off")
        if body.strip():  # nothing at all is how some look whether anybody is there
            await self._accept(hotel_id, body)


def pms_notices(door: PmsDoor) -> HTTPRouteHandler:
    """The route. Whatever type the body says it has, only the PMS's adapter looks into it, later."""

    @route(
        "/webhooks/pms/{hotel:str}/{secret:str}",
        http_method=[HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST],
        status_code=200,
        request_max_body_size=None,
        include_in_schema=False,
    )
    async def notice(request: Request[Any, Any, State], hotel: FromPath[str], secret: FromPath[str]) -> Response[bytes]:
        await door.serve(request, hotel, secret)
        return Response(b"", media_type=TEXT.decode())

    return notice

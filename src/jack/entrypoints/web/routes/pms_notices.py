"""Where a PMS pushes notices. Vendors want an answer within seconds, so as little as possible stands before it.

The address holds a secret: it is known to the routing alone, and what is logged and counted is the route's template.
"""

from dishka import AsyncContainer
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from jack.application.stays.accept_notice import AcceptNotice
from jack.entrypoints.web.problems import METHOD, Refusal
from jack.entrypoints.web.raw import answer, whole_body

LARGEST_BODY = 1024 * 1024
"""Bytes; the largest known batches hold some hundred events of some hundred bytes."""


class PmsDoor:
    """The notices (POST), and whether the address is right (GET, HEAD), for those who try it."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._accept: AcceptNotice | None = None

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200 once the notice is durable.

        Raises NotFound alike for an unknown hotel and a wrong secret, before anything is read; Refusal for a body that
        is too large; ServiceUnavailable when it could not be stored.
        """
        if self._accept is None:
            self._accept = await self._container.get(AcceptNotice)
        method = scope.get("method")
        if method not in ("POST", "GET", "HEAD"):
            raise Refusal(METHOD)
        at = scope["path_params"]
        hotel_id = self._accept.hotel_at(str(at["hotel"]), str(at["secret"]))
        if method == "POST":
            body = await whole_body(scope, receive, LARGEST_BODY)
            if body is None:
                return  # the sender went away and will push it again
            if body.strip():  # nothing at all is how some look whether anybody is there
                await self._accept(hotel_id, body)
        await answer(send)


def pms_notices(door: PmsDoor) -> ASGIRouteHandler:
    """The route: below Litestar's routing and errors, without its request and response objects."""

    @asgi("/webhooks/pms/{hotel:str}/{secret:str}", copy_scope=False)
    async def handler(scope: Scope, receive: Receive, send: Send) -> None:
        await door.serve(scope, receive, send)

    return handler

"""create_app: the web door, put together."""

from functools import lru_cache
from typing import Any

from dishka import AsyncContainer
from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import SerializationException
from litestar.middleware import DefineMiddleware
from litestar.types import ControllerRouterHandler

from jack.application.messaging.chat import ConfirmDelivered
from jack.application.ports.clock import Clock
from jack.application.ports.web_chat import ChatPosts
from jack.domain.staff import StaffMember
from jack.entrypoints import dashboard as dashboard_files
from jack.entrypoints.web import openapi
from jack.entrypoints.web.authentication import StaffAuthentication, check_media_type
from jack.entrypoints.web.chat_hub import ChatHub
from jack.entrypoints.web.container import reach_container
from jack.entrypoints.web.documented import SIGNED_IN
from jack.entrypoints.web.metrics import RequestMetrics
from jack.entrypoints.web.observe import Observe
from jack.entrypoints.web.origins import ChatOrigins
from jack.entrypoints.web.problems import HANDLERS, INVALID, Refusal
from jack.entrypoints.web.routes import (
    chat,
    conversations,
    guests,
    health,
    hotels,
    pages,
    reservations,
    service_requests,
    session,
    timelines,
)
from jack.entrypoints.web.routes.dashboard import dashboard
from jack.entrypoints.web.routes.pms_notices import PmsDoor, pms_notices
from jack.entrypoints.web.routes.webhooks import TWIML, ChannelDoor, door
from jack.entrypoints.web.routes.widget import widget
from jack.entrypoints.web.settings import WebSettings
from jack.entrypoints.web.streams import Streams

__all__ = ["WebSettings", "create_app", "openapi_document"]

LARGEST_BODY = 256 * 1024
"""Bytes of a body that the staff API takes."""


def create_app(container: AsyncContainer, settings: WebSettings = WebSettings()) -> Litestar:  # noqa: B008 - frozen
    """The ASGI application.

    `container` provides, for the whole life of the process, the stories and ports that the routes ask for; it stays its
    maker's, who closes it after the server has stopped.
    """
    whatsapp = ChannelDoor(container, "whatsapp")
    twilio = ChannelDoor(container, "twilio", TWIML, b"text/xml; charset=utf-8")

    async def start() -> None:
        await whatsapp.start()

    streams = Streams()
    hub: ChatHub | None = None

    async def chat_hub() -> ChatHub:
        nonlocal hub
        posts, confirm = await container.get(ChatPosts), await container.get(ConfirmDelivered)
        clock = await container.get(Clock)
        hub = hub or ChatHub(posts, confirm, clock, streams)
        return hub

    metrics = RequestMetrics()
    app = Litestar(
        route_handlers=[
            *_documented(),
            door("/webhooks/whatsapp", whatsapp),
            door(["/webhooks/twilio", "/webhooks/twilio/status"], twilio),
            pms_notices(PmsDoor(container)),
            widget,
            *pages.pages(openapi_document),
            dashboard(dashboard_files.folder()),
        ],
        exception_handlers=HANDLERS,
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
        on_startup=[start],
        state=State(
            {
                "dishka_container": container,
                "settings": settings,
                "metrics": metrics,
                "streams": streams,
                "chat_hub": chat_hub,
            }
        ),
    )
    app.asgi_handler = ChatOrigins(app.asgi_handler, container)
    # Around the routing too, so that what meets no route is accounted for as well.
    app.asgi_handler = Observe(app.asgi_handler, metrics, is_https=settings.is_https)
    return app


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document; needs neither configuration nor database. Not to be changed by the caller."""
    app = Litestar(route_handlers=_documented(), openapi_config=openapi.CONFIG, logging_config=None)
    return openapi.document(app)


def _documented() -> list[ControllerRouterHandler]:
    """Everything that the OpenAPI document describes."""
    api = Router(
        "/api/v1",
        route_handlers=[
            *session.ROUTES,
            *conversations.ROUTES,
            *timelines.ROUTES,
            *guests.ROUTES,
            *reservations.ROUTES,
            *service_requests.ROUTES,
            *hotels.ROUTES,
        ],
        middleware=[DefineMiddleware(StaffAuthentication)],
        request_class=JsonRequest,
        before_request=_prepare,
        dependencies={"member": Provide(_member, sync_to_thread=False)},
        security=SIGNED_IN,
    )
    return [api, chat.ROUTER, *health.ROUTES]


class JsonRequest(Request[Any, Any, State]):
    """A request whose body may be nested deeper than the decoder goes."""

    async def json(self) -> Any:
        """The body's value. Raises SerializationException for whatever cannot be decoded."""
        try:
            return await super().json()
        except RecursionError as error:
            raise SerializationException("JSON is nested too deeply") from error


async def _prepare(request: Request[Any, Any, State]) -> None:
    """Before the body is read."""
    if b"%00" in request.scope["query_string"] or "\0" in request.scope["path"]:
        raise Refusal(INVALID, "no address holds a NUL character")  # and no database stores one
    await reach_container(request)
    check_media_type(request)


def _member(request: Request[StaffMember, Any, State]) -> StaffMember:
    """Who asks."""
    return request.user

"""The web chat: what the script on a hotel's own pages asks of Jack."""

from datetime import datetime
from typing import Annotated, Any

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import Request, Router, get, post
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import SecurityRequirement
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from litestar.status_codes import HTTP_201_CREATED, HTTP_202_ACCEPTED
from msgspec import Meta, Struct

from jack.application.errors import NotSignedIn
from jack.application.messaging.chat import EnterChat, OpenChat, WriteChatMessage
from jack.application.ports.web_chat import ChatSession
from jack.domain.ids import HotelId
from jack.entrypoints.web.authentication import LONGEST_TOKEN, bearer_token, check_media_type, client_address
from jack.entrypoints.web.chat_hub import ChatHub
from jack.entrypoints.web.container import reach_container
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.problems import INVALID, Refusal
from jack.entrypoints.web.streams import HEADERS, MEDIA_TYPE

TAG = ["web chat"]
LARGEST_BODY = 64 * 1024
"""Bytes; the longest message, with every character escaped."""

LONGEST_MESSAGE = 4_000
SESSION: list[SecurityRequirement] = [{"chat": []}]
ChatRequest = Request[Any, Any, State]


class ChatHotelView(Struct, frozen=True, kw_only=True):
    """The hotel as its guests may know it."""

    id: str
    name: str
    language: str


class ChatSessionView(Struct, frozen=True, kw_only=True):
    """A new session. The token is shown this once; it ends at `expires_at` unless it is used before."""

    token: str
    expires_at: datetime
    hotel: ChatHotelView

    def __repr__(self) -> str:
        """Hide the token: reprs end up in logs."""
        return "ChatSessionView(…)"


class ChatMessageBody(Struct, frozen=True, kw_only=True):
    """What a guest writes. The page makes `client_message_id`; sent again with the same one, it is the same message."""

    client_message_id: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_MESSAGE)]

    def __repr__(self) -> str:
        """Hide the text: reprs end up in logs."""
        return "ChatMessageBody(…)"


class ChatMessageTaken(Struct, frozen=True, kw_only=True):
    """The message is stored and will be answered."""

    client_message_id: str


@post(
    "/{hotel:str}/sessions",
    operation_id="open_chat",
    tags=TAG,
    summary="Open a chat",
    status_code=HTTP_201_CREATED,
    responses=problems(400, 403, 404, 413, 429, 503),
    security=[{}],
)
@inject
async def open_chat(hotel: FromPath[str], request: ChatRequest, story: FromDishka[OpenChat]) -> ChatSessionView:
    """A session for one browser. No body is needed."""
    opened = await story(hotel, _address(request))
    view = ChatHotelView(id=opened.hotel.id, name=opened.hotel.name, language=opened.hotel.language)
    return ChatSessionView(token=opened.token, expires_at=opened.expires_at, hotel=view)


@post(
    "/{hotel:str}/messages",
    operation_id="write_chat_message",
    tags=TAG,
    summary="Write to the hotel",
    status_code=HTTP_202_ACCEPTED,
    responses=problems(400, 401, 403, 404, 413, 415, 429, 503),
)
@inject
async def write_chat_message(
    hotel: FromPath[str],
    data: JSONBody[ChatMessageBody],
    request: ChatRequest,
    enter: FromDishka[EnterChat],
    story: FromDishka[WriteChatMessage],
) -> ChatMessageTaken:
    """Answered once the message is durable; the answer to it comes as an event."""
    session = await _entered(request, hotel, enter)
    if not data.text.strip() or "\0" in data.text:
        raise Refusal(INVALID, "there is no text to send")
    body = await request.body()
    await story(session, data.client_message_id, data.text, body, _address(request))
    return ChatMessageTaken(client_message_id=data.client_message_id)


@get(
    "/{hotel:str}/events",
    operation_id="chat_events",
    tags=TAG,
    summary="What the chat shows",
    responses={
        200: ResponseSpec(
            data_container=str, media_type=MEDIA_TYPE, generate_examples=False, description="Server-sent events."
        ),
        **problems(400, 401, 403, 404, 429, 503),
    },
)
@inject
async def chat_events(hotel: FromPath[str], request: ChatRequest, enter: FromDishka[EnterChat]) -> Stream:
    """Server-sent events: first everything that the page missed, then what comes.

    `message` is a message of the guest or the hotel, with an `id` to come back with in `Last-Event-ID`; `typing` tells
    whether Jack is answering. Comments in between are signs of life.
    """
    session = await _entered(request, hotel, enter)
    hub: ChatHub = await request.app.state.chat_hub()
    address = _address(request)
    hub.check(session, address)
    last = request.headers.get("last-event-id", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else 0
    return Stream(hub.events(session, address, after), media_type=MEDIA_TYPE, headers=HEADERS)


async def _entered(request: ChatRequest, hotel: str, enter: EnterChat) -> ChatSession:
    token = bearer_token(request) or ""
    if len(token) > LONGEST_TOKEN:
        raise NotSignedIn("this chat has ended; open a new one")
    return await enter(HotelId(hotel), token, _address(request))


def _address(request: ChatRequest) -> str:
    return client_address(request, request.app.state.settings.trust_forwarded_for)


async def _prepare(request: ChatRequest) -> None:
    """Before the body is read."""
    if "\0" in request.scope["path"]:
        raise Refusal(INVALID, "no address holds a NUL character")
    await reach_container(request)
    if request.scope["path"].endswith("/messages"):
        check_media_type(request)


ROUTER = Router(
    "/chat",
    route_handlers=[open_chat, write_chat_message, chat_events],
    before_request=_prepare,
    request_max_body_size=LARGEST_BODY,
    security=SESSION,
)

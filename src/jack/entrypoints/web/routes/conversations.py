"""Conversations: the inbox, one conversation, and what staff do in it."""

from typing import Annotated

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from jack.application.errors import NotFound
from jack.application.messaging.staff_desk import (
    CloseConversation,
    CorrectMatch,
    HandBack,
    MarkSeen,
    ReplyAsStaff,
    TakeOver,
)
from jack.application.ports.hotels import Hotels
from jack.application.ports.messaging_views import ConversationView, MessageView, MessagingViews
from jack.application.ports.pages import Page
from jack.domain.conversation import ConversationState
from jack.domain.ids import ConversationId, GuestId, ReservationId
from jack.domain.receipt import Receipt
from jack.domain.staff import StaffMember
from jack.entrypoints.web.authentication import AGENTS, Member
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.paging import Cursor, Limit, paged
from jack.entrypoints.web.schemas import MatchBody, ReplyBody
from jack.entrypoints.web.sight import hotels_seen, seen

TAG = ["conversations"]
READS = problems(400, 401, 404)
WRITES = problems(400, 401, 403, 404, 409)


@get(
    "/conversations",
    operation_id="list_conversations",
    tags=TAG,
    summary="The inbox",
    responses=READS,
)
@inject
async def list_conversations(
    member: Member,
    views: FromDishka[MessagingViews],
    hotels: FromDishka[Hotels],
    conversation_state: Annotated[ConversationState | None, QueryParameter(name="state")] = None,
    needs_attention: FromQuery[bool | None] = None,
    hotel_id: FromQuery[str | None] = None,
    guest_id: FromQuery[str | None] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ConversationView]:
    """Conversations by their last message, newest first."""
    return await paged(
        views.conversations(
            hotels_seen(member, hotels, hotel_id),
            state=conversation_state,
            needs_attention=needs_attention,
            guest_id=guest_id,
            limit=limit,
            cursor=cursor,
        )
    )


@get(
    "/conversations/{conversation_id:str}",
    operation_id="get_conversation",
    tags=TAG,
    summary="One conversation",
    responses=READS,
)
@inject
async def get_conversation(
    member: Member, conversation_id: FromPath[str], views: FromDishka[MessagingViews]
) -> ConversationView:
    """The conversation with match, guest, stay, verification level and who holds it."""
    return await _seen(member, conversation_id, views)


@get(
    "/conversations/{conversation_id:str}/messages",
    operation_id="list_messages",
    tags=TAG,
    summary="The messages of a conversation",
    responses=READS,
)
@inject
async def list_messages(
    member: Member,
    conversation_id: FromPath[str],
    views: FromDishka[MessagingViews],
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[MessageView]:
    """Oldest first; the first page has the newest messages, and `next_cursor` leads to older ones."""
    await _seen(member, conversation_id, views)
    return await paged(views.messages(conversation_id, limit=limit, cursor=cursor))


@post(
    "/conversations/{conversation_id:str}/messages",
    operation_id="reply",
    tags=TAG,
    summary="Write to the guest",
    status_code=HTTP_201_CREATED,
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422),
    guards=AGENTS,
)
@inject
async def reply(
    member: Member,
    conversation_id: FromPath[str],
    data: JSONBody[ReplyBody],
    views: FromDishka[MessagingViews],
    story: FromDishka[ReplyAsStaff],
) -> MessageView:
    """Whoever writes holds the conversation from then on; Jack says nothing more until it is handed back."""
    await _seen(member, conversation_id, views)
    message_id = await story(ConversationId(conversation_id), member, data.text)
    newest = await views.messages(conversation_id, limit=200)
    return next(message for message in newest.items if message.id == message_id)


@post(
    "/conversations/{conversation_id:str}/take-over",
    operation_id="take_over",
    tags=TAG,
    summary="Take over",
    status_code=HTTP_200_OK,
    responses=WRITES,
    guards=AGENTS,
)
@inject
async def take_over(
    member: Member, conversation_id: FromPath[str], views: FromDishka[MessagingViews], story: FromDishka[TakeOver]
) -> ConversationView:
    """Staff hold the conversation; when this answers, no word of Jack's can leave any more."""
    await _seen(member, conversation_id, views)
    await story(ConversationId(conversation_id))
    return await _seen(member, conversation_id, views)


@post(
    "/conversations/{conversation_id:str}/hand-back",
    operation_id="hand_back",
    tags=TAG,
    summary="Hand back to Jack",
    status_code=HTTP_200_OK,
    responses=WRITES,
    guards=AGENTS,
)
@inject
async def hand_back(
    member: Member, conversation_id: FromPath[str], views: FromDishka[MessagingViews], story: FromDishka[HandBack]
) -> ConversationView:
    """Jack holds the conversation again and answers what is still unanswered."""
    await _seen(member, conversation_id, views)
    await story(ConversationId(conversation_id))
    return await _seen(member, conversation_id, views)


@post(
    "/conversations/{conversation_id:str}/seen",
    operation_id="mark_seen",
    tags=TAG,
    summary="Mark as seen",
    status_code=HTTP_200_OK,
    responses=WRITES,
    guards=AGENTS,
)
@inject
async def mark_seen(
    member: Member, conversation_id: FromPath[str], views: FromDishka[MessagingViews], story: FromDishka[MarkSeen]
) -> ConversationView:
    """Nothing in the conversation is unread any more; who holds it stays as it is."""
    await _seen(member, conversation_id, views)
    await story(ConversationId(conversation_id))
    return await _seen(member, conversation_id, views)


@post(
    "/conversations/{conversation_id:str}/close",
    operation_id="close_conversation",
    tags=TAG,
    summary="Close",
    status_code=HTTP_200_OK,
    responses=WRITES,
    guards=AGENTS,
)
@inject
async def close(
    member: Member,
    conversation_id: FromPath[str],
    views: FromDishka[MessagingViews],
    story: FromDishka[CloseConversation],
) -> ConversationView:
    """Staff are done; the sender's next message opens the conversation again, with Jack."""
    await _seen(member, conversation_id, views)
    await story(ConversationId(conversation_id))
    return await _seen(member, conversation_id, views)


@post(
    "/conversations/{conversation_id:str}/match",
    operation_id="correct_match",
    tags=TAG,
    summary="Correct the match",
    status_code=HTTP_200_OK,
    responses=problems(400, 401, 403, 404, 409, 413, 415),
    guards=AGENTS,
)
@inject
async def correct_match(
    member: Member,
    conversation_id: FromPath[str],
    data: JSONBody[MatchBody],
    views: FromDishka[MessagingViews],
    story: FromDishka[CorrectMatch],
) -> ConversationView:
    """Staff say who is writing; with `guest_id` null Jack finds out by itself again."""
    await _seen(member, conversation_id, views)
    await story(
        ConversationId(conversation_id),
        member,
        GuestId(data.guest_id) if data.guest_id is not None else None,
        ReservationId(data.reservation_id) if data.reservation_id is not None else None,
    )
    return await _seen(member, conversation_id, views)


@get(
    "/messages/{message_id:str}/receipt",
    operation_id="get_receipt",
    tags=TAG,
    summary="Why Jack said it",
    responses=READS,
)
@inject
async def get_receipt(
    member: Member,
    message_id: FromPath[str],
    views: FromDishka[MessagingViews],
) -> Receipt:
    """The facts an answer stood on, how old they were and why they were allowed."""
    found = await views.receipt(message_id)
    if found is None or not member.may_see(found[0]):
        raise NotFound("there is no receipt for that message")
    return found[1]


async def _seen(member: StaffMember, conversation_id: str, views: MessagingViews) -> ConversationView:
    return seen(member, await views.conversation(conversation_id), "conversation")


ROUTES = [
    *(list_conversations, get_conversation, list_messages, reply),
    *(take_over, hand_back, mark_seen, close, correct_match, get_receipt),
]

"""The timeline of a conversation: what was said, and what happened to the guest's stays meanwhile."""

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import get
from litestar.params import FromPath

from jack.application.ports.messaging_views import MessagingViews
from jack.application.ports.pages import Page
from jack.application.ports.stays_views import StaysViews
from jack.entrypoints.web.authentication import Member
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.paging import Limit, paged
from jack.entrypoints.web.schemas import TimelineItem
from jack.entrypoints.web.sight import seen


@get(
    "/conversations/{conversation_id:str}/timeline",
    operation_id="get_timeline",
    tags=["conversations"],
    summary="What was said and what happened to the stays",
    responses=problems(400, 401, 404),
)
@inject
async def get_timeline(
    member: Member,
    conversation_id: FromPath[str],
    views: FromDishka[MessagingViews],
    stays: FromDishka[StaysViews],
    limit: Limit = 100,
) -> Page[TimelineItem]:
    """Oldest first: the newest messages, at most `limit`, and what happened to the guest's stays since the oldest of
    them; with all messages, whatever happened. Always one page: older messages are listed with the messages."""
    conversation = seen(member, await views.conversation(conversation_id), "conversation")
    messages = await paged(views.messages(conversation_id, limit=limit))
    since = messages.items[0].sent_at if messages.next_cursor else None
    items = [TimelineItem(kind="message", at=message.sent_at, message=message) for message in messages.items]
    if conversation.guest_id is not None:
        events = await stays.stay_events(conversation.guest_id, since=since)
        items += [TimelineItem(kind="stay_event", at=event.at, stay_event=event) for event in events]
    return Page(items=tuple(sorted(items, key=lambda item: item.at)), next_cursor=None)


ROUTES = [get_timeline]

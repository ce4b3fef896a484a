"""What staff see of conversations, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.messaging_views import SqlMessagingViews
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.ports.messaging_views import AuthorView, MatchView, MediaView
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.conversation import ChannelIdentity, Conversation, ConversationState
from jack.domain.ids import HotelId
from jack.domain.match import Level, Match, MatchOutcome
from jack.domain.message import Media
from jack.domain.service_request import ServiceRequestStatus
from tests.contracts.persistence.test_messages import END, a_receipt, a_request
from tests.hotel import HARBOUR, NOW, a_conversation, a_guest, a_message, a_reply, a_stay

GARDEN = HotelId("garden")
MATCHED = Match(
    outcome=MatchOutcome.MATCHED,
    level=Level.CONTACT,
    evidence=("the guest's record holds this contact point",),
    guest_id=a_guest().id,
    reservation_id=a_stay().id,
)


@pytest.fixture
def begin(database: Database) -> BeginUnitOfWork:
    """How the database opens a unit of work."""
    return BeginSqlUnitOfWork(database)


@pytest.fixture
def views(database: Database) -> SqlMessagingViews:
    """The views under test."""
    return SqlMessagingViews(database)


def minutes(number: int) -> timedelta:
    """That many minutes."""
    return timedelta(minutes=number)


async def add(begin: BeginUnitOfWork, *conversations: Conversation) -> None:
    """Commit these conversations and Anna with her stay."""
    async with begin() as uow:
        await uow.guests.save_synced([a_guest()])
        await uow.reservations.save_synced([a_stay()])
        for conversation in conversations:
            await uow.conversations.add(conversation, [ChannelIdentity(kind="wa_id", value=conversation.id)])
        await uow.commit()


async def test_a_conversation_shows_who_writes_and_what_was_said_last(
    begin: BeginUnitOfWork, views: SqlMessagingViews
) -> None:
    conversation = a_conversation(match=MATCHED, unread=2, last_message_at=NOW).calling_for_staff("look")
    await add(begin, conversation)
    async with begin() as uow:
        await uow.messages.add_inbound(a_message("m-1", text="Hello", sent_at=NOW), *END)
        await uow.messages.add_outbound(a_reply("m-2", text="Good day", sent_at=NOW + minutes(1)), *END)
        await uow.commit()
    shown = await views.conversation(conversation.id)
    assert shown
    assert (shown.guest_id, shown.guest_name) == (a_guest().id, "Anna Silva")
    assert (shown.reservation_id, shown.room_number) == (a_stay().id, "204")
    assert shown.match == MatchView(outcome="matched", level="contact", evidence=MATCHED.evidence)
    assert (shown.last_message_at, shown.last_message_text) == (NOW, "Good day")
    assert (shown.held_by, shown.state, shown.unread) == ("jack", "open", 2)
    assert (shown.needs_attention, shown.attention_reason) == (True, "look")
    assert await views.conversation("none") is None


async def test_an_unmatched_conversation_without_messages_is_shown_too(
    begin: BeginUnitOfWork, views: SqlMessagingViews
) -> None:
    await add(begin, a_conversation())
    shown = await views.conversation(a_conversation().id)
    assert shown
    assert (shown.guest_name, shown.room_number, shown.last_message_at, shown.last_message_text) == (None,) * 4


async def test_conversations_come_by_their_last_message_page_by_page(
    begin: BeginUnitOfWork, views: SqlMessagingViews
) -> None:
    several = [a_conversation(f"c-{n}", last_message_at=NOW + minutes(n // 2)) for n in range(7)]
    silent = a_conversation("silent", created_at=NOW + minutes(9))
    await add(begin, silent, *several)
    seen: list[str] = []
    cursor = None
    while True:
        page = await views.conversations(None, limit=3, cursor=cursor)
        seen += [shown.id for shown in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [silent.id, *(conversation.id for conversation in reversed(several))]


async def test_conversations_can_be_narrowed(begin: BeginUnitOfWork, views: SqlMessagingViews) -> None:
    await add(
        begin,
        a_conversation("plain"),
        a_conversation("closed", state=ConversationState.CLOSED),
        a_conversation("call", match=MATCHED).calling_for_staff("look"),
        a_conversation("garden", hotel_id=GARDEN),
    )

    async def ids(hotels: tuple[HotelId, ...] | None = None, **narrow: object) -> set[str]:
        page = await views.conversations(hotels, **narrow)  # type: ignore[arg-type]  # any of the filters
        return {shown.id.removeprefix("conversation-") for shown in page.items}

    assert await ids() == {"plain", "closed", "call", "garden"}
    assert await ids((GARDEN,)) == {"garden"}
    assert await ids(()) == set()
    assert await ids(state="closed") == {"closed"}
    assert await ids(needs_attention=True) == {"call"}
    assert await ids((HARBOUR,), needs_attention=False) == {"plain", "closed"}
    assert await ids(guest_id=a_guest().id) == {"call"}


async def test_the_newest_messages_come_first_and_each_page_in_its_order(
    begin: BeginUnitOfWork, views: SqlMessagingViews
) -> None:
    await add(begin, a_conversation())
    async with begin() as uow:
        for number in range(5):
            await uow.messages.add_inbound(a_message(f"m-{number}", sent_at=NOW + minutes(number // 2)), *END)
        await uow.commit()
    newest = await views.messages(a_conversation().id, limit=2)
    assert [shown.id for shown in newest.items] == ["message-m-3", "message-m-4"]
    older = await views.messages(a_conversation().id, limit=3, cursor=newest.next_cursor)
    assert [shown.id for shown in older.items] == ["message-m-0", "message-m-1", "message-m-2"]
    assert older.next_cursor is None
    assert (await views.messages("none")).items == ()


async def test_a_message_shows_who_wrote_it_and_what_came_with_it(
    begin: BeginUnitOfWork, views: SqlMessagingViews
) -> None:
    await add(begin, a_conversation())
    async with begin() as uow:
        message = a_message(media=(Media(kind="image", ref="9", caption="view"),), provider_id="wamid.1", problem="why")
        await uow.messages.add_inbound(message, *END)
        await uow.commit()
    (shown,) = (await views.messages(a_conversation().id)).items
    assert shown.author == AuthorView(kind="guest", name="Anna")
    assert shown.media == (MediaView(kind="image", ref="9", mime_type=None, caption="view", file_name=None),)
    assert (shown.direction, shown.status, shown.provider_id, shown.problem) == (
        "inbound",
        "received",
        "wamid.1",
        "why",
    )
    assert (shown.sent_at, shown.created_at) == (NOW, NOW)


async def test_a_receipt_comes_back_whole(begin: BeginUnitOfWork, views: SqlMessagingViews) -> None:
    await add(begin, a_conversation())
    async with begin() as uow:
        await uow.messages.add_outbound(a_reply(), *END)
        await uow.messages.add_receipt(a_receipt(), HARBOUR)
        await uow.commit()
    assert await views.receipt(a_reply().id) == (HARBOUR, a_receipt())
    assert await views.receipt("none") is None


async def test_service_requests_come_newest_first_and_can_be_narrowed(
    begin: BeginUnitOfWork, views: SqlMessagingViews
) -> None:
    several = [a_request(f"r-{n}", created_at=NOW + minutes(n)) for n in range(3)]
    done = replace(several[0], status=ServiceRequestStatus.DONE)
    async with begin() as uow:
        for request in (done, *several[1:]):
            await uow.service_requests.add(request)
        await uow.commit()
    first = await views.service_requests(None, limit=2)
    assert first.items == (several[2], several[1])
    assert (await views.service_requests(None, limit=2, cursor=first.next_cursor)).items == (done,)
    assert (await views.service_requests((HARBOUR,), status="done")).items == (done,)
    assert (await views.service_requests((GARDEN,))).items == ()


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA==", "WyJtZXNzYWdlcyJd", "WyJjb252ZXJzYXRpb25zIiwxLDJd", "é"])
async def test_a_cursor_that_the_list_did_not_give_is_refused(views: SqlMessagingViews, cursor: str) -> None:
    with pytest.raises(ValueError, match="does not belong to this list"):
        await views.conversations(None, cursor=cursor)


async def test_a_cursor_of_another_list_is_refused(begin: BeginUnitOfWork, views: SqlMessagingViews) -> None:
    async with begin() as uow:
        for number in range(2):
            await uow.service_requests.add(a_request(f"r-{number}"))
        await uow.commit()
    cursor = (await views.service_requests(None, limit=1)).next_cursor
    with pytest.raises(ValueError, match="does not belong to this list"):
        await views.conversations(None, cursor=cursor)

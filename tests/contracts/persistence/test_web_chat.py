"""What the store of the web chat does, in memory and in both databases."""

import asyncio
from datetime import timedelta

import pytest

from jack.adapters.persistence.chat import SqlChatPosts, SqlChatSessions
from jack.application.ports.web_chat import ChatPosts, ChatSession, ChatSessions
from jack.domain.conversation import ChannelIdentity
from jack.domain.ids import HotelId, MessageId
from tests import hotel as the
from tests.contracts.persistence.conftest import Store
from tests.fakes.web_chat import InMemoryChatPosts, InMemoryChatSessions

GARDEN = HotelId("garden")
DAY = timedelta(days=1)


@pytest.fixture
def chat(store: Store) -> tuple[ChatSessions, ChatPosts]:
    """Sessions and posts, in each of the stores."""
    if store.database is None:
        posts = InMemoryChatPosts()
        return InMemoryChatSessions(posts), posts
    return SqlChatSessions(store.database), SqlChatPosts(store.database)


@pytest.fixture
def sessions(chat: tuple[ChatSessions, ChatPosts]) -> ChatSessions:
    return chat[0]


@pytest.fixture
def posts(chat: tuple[ChatSessions, ChatPosts]) -> ChatPosts:
    return chat[1]


def a_session(sender: str = "anna", hotel: HotelId = the.HARBOUR, *, lasts: timedelta = DAY) -> ChatSession:
    return ChatSession(
        sender=sender,
        token_digest=f"digest of {sender}",
        hotel_id=hotel,
        created_at=the.NOW,
        expires_at=the.NOW + lasts,
    )


async def test_a_token_opens_its_own_session_at_its_own_hotel_while_it_lasts(sessions: ChatSessions) -> None:
    await sessions.add(a_session())
    await sessions.add(a_session("ben", GARDEN))

    assert await sessions.by_token(the.HARBOUR, "digest of anna", the.NOW) == a_session()
    assert await sessions.by_token(GARDEN, "digest of anna", the.NOW) is None
    assert await sessions.by_token(the.HARBOUR, "digest of nobody", the.NOW) is None
    assert await sessions.by_token(the.HARBOUR, "digest of anna", the.NOW + DAY) is None


async def test_a_session_in_use_lasts_longer(sessions: ChatSessions) -> None:
    await sessions.add(a_session())
    await sessions.prolong("anna", the.NOW + 3 * DAY)
    found = await sessions.by_token(the.HARBOUR, "digest of anna", the.NOW + 2 * DAY)
    assert found is not None
    assert found.expires_at == the.NOW + 3 * DAY


async def test_a_new_session_lets_expired_ones_be_forgotten_with_their_posts(
    sessions: ChatSessions, posts: ChatPosts
) -> None:
    await sessions.add(a_session("old", lasts=-DAY))
    await posts.note("old", "1", "Hello?", the.NOW)
    await sessions.add(a_session())
    assert await posts.of("old", 0, 10) == ()
    assert await posts.say("old", MessageId("m1"), "Yes?", the.NOW) is None


async def test_what_is_said_twice_is_shown_once(sessions: ChatSessions, posts: ChatPosts) -> None:
    await sessions.add(a_session())
    first = await posts.say("anna", MessageId("m1"), "Good morning", the.NOW)
    again = await posts.say("anna", MessageId("m1"), "Good morning", the.NOW + DAY)
    await posts.note("anna", "c1", "Hi", the.NOW)
    await posts.note("anna", "c1", "Hi", the.NOW)

    assert first == again
    shown = await posts.of("anna", 0, 10)
    assert [(post.author, post.text) for post in shown] == [("jack", "Good morning"), ("guest", "Hi")]
    assert [post.delivered for post in shown] == [False, True]


async def test_two_senders_may_choose_the_same_id(sessions: ChatSessions, posts: ChatPosts) -> None:
    for sender in ("anna", "ben"):
        await sessions.add(a_session(sender))
        await posts.note(sender, "c1", f"I am {sender}", the.NOW)
    assert [post.text for post in await posts.of("anna", 0, 10)] == ["I am anna"]
    assert [post.text for post in await posts.of("ben", 0, 10)] == ["I am ben"]


async def test_a_page_gets_the_newest_in_order_and_only_what_it_missed(
    sessions: ChatSessions, posts: ChatPosts
) -> None:
    await sessions.add(a_session())
    for number in range(5):
        await posts.note("anna", f"c{number}", str(number), the.NOW)
    every = await posts.of("anna", 0, 10)
    assert [post.text for post in every] == ["0", "1", "2", "3", "4"]
    assert [post.text for post in await posts.of("anna", every[2].number, 10)] == ["3", "4"]
    assert [post.text for post in await posts.of("anna", 0, 2)] == ["3", "4"]
    assert await posts.after(every[3].number, 10) == (every[4],)
    assert (await posts.after(0, 2))[-1] == every[1]
    assert await posts.newest() == every[4].number


async def test_numbers_become_visible_in_their_order(sessions: ChatSessions, posts: ChatPosts) -> None:
    await sessions.add(a_session())
    seen: list[int] = []
    writing = asyncio.gather(*(posts.note("anna", f"c{number}", "x", the.NOW) for number in range(30)))
    while not writing.done() or len(seen) < 30:
        seen += [post.number for post in await posts.after(seen[-1] if seen else 0, 100)]
        await asyncio.sleep(0)
    await writing
    assert seen == [post.number for post in await posts.of("anna", 0, 100)]


async def test_the_hotels_own_words_are_found_again(sessions: ChatSessions, posts: ChatPosts) -> None:
    await sessions.add(a_session())
    await posts.note("anna", "c1", "Hello", the.NOW)
    said = await posts.say("anna", MessageId("m1"), "Hello", the.NOW)
    assert said is not None
    assert await posts.saying("anna", "Hello", the.NOW) == (said,)
    assert await posts.saying("anna", "Hello", the.NOW + DAY) == ()
    await posts.delivered([said.number])
    assert [post.delivered for post in await posts.saying("anna", "Hello", the.NOW)] == [True]


async def test_who_is_being_answered_is_known_while_the_turn_lives(store: Store) -> None:
    if store.database is None:
        pytest.skip("the fake is told who is being answered")
    sessions, posts = SqlChatSessions(store.database), SqlChatPosts(store.database)
    await sessions.add(a_session())
    turn = the.a_conversation(channel="web_chat", account=the.HARBOUR).turn_taken("token", the.NOW, DAY)
    assert turn is not None
    async with store.begin() as uow:
        assert await uow.conversations.add(turn, [ChannelIdentity(kind="session", value="anna")])
        await uow.commit()
    assert await posts.answering(["anna", "ben"], the.NOW) == {"anna"}
    assert await posts.answering(["anna"], the.NOW + 2 * DAY) == frozenset()
    assert await posts.answering(["ben"], the.NOW) == frozenset()
    assert await posts.answering([], the.NOW) == frozenset()

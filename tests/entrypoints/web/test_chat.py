"""The web chat's door: hostile pages, guessed tokens, floods, large bodies, retries, two hotels."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from jack.adapters.persistence.chat import SqlChatPosts
from jack.application.messaging.chat import LASTS
from jack.application.messaging.chat_limits import MESSAGES_PER_SESSION, SESSIONS_PER_ADDRESS
from jack.application.ports.jobs import Receive
from jack.domain.conversation import ChannelIdentity
from jack.domain.ids import ConversationId, MessageId
from jack.entrypoints.web.chat_hub import PER_SESSION
from jack.entrypoints.web.settings import WebSettings
from tests import hotel as the
from tests.entrypoints.web.chatting import ORIGIN, listening, messages, opened, write
from tests.entrypoints.web.conftest import House, assert_problem, client_of
from tests.simulators.serving import serve


@pytest.fixture
async def served(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client at a real address: streams need one."""
    async with serve(app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client
        app.state.streams.close()


async def senders(house: House) -> list[str]:
    return [delivery.target.partition("/")[0] for delivery in house.inbox.stored]


async def test_a_message_is_stored_as_it_came_with_its_session_and_rung_for(
    anyone: httpx.AsyncClient, house: House
) -> None:
    token = await opened(anyone)
    response = await write(anyone, token, "Is breakfast open?")

    assert (response.status_code, response.json()) == (202, {"client_message_id": "c-1"})
    (delivery,) = house.inbox.stored
    assert (delivery.channel, delivery.accounts) == ("web_chat", ("harbour",))
    assert b"Is breakfast open?" in delivery.body
    assert token not in delivery.target
    assert house.queue.jobs == [Receive()]


async def test_what_could_not_be_stored_is_not_acknowledged(anyone: httpx.AsyncClient, house: House) -> None:
    token = await opened(anyone)
    house.inbox.down = True
    assert_problem(await write(anyone, token), 503, "unavailable")
    assert house.queue.rings == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://www.harbour.example.evil.example", ""])
async def test_a_page_of_another_site_is_refused_and_may_read_nothing(
    anyone: httpx.AsyncClient, house: House, origin: str
) -> None:
    token = await opened(anyone)
    headers = {"origin": origin, "authorization": f"Bearer {token}"}
    for response in (
        await anyone.post("/chat/harbour/sessions", headers=headers),
        await anyone.post("/chat/harbour/messages", headers=headers, json={"client_message_id": "1", "text": "spam"}),
        await anyone.get("/chat/harbour/events", headers=headers),
        await anyone.options("/chat/harbour/messages", headers={**headers, "access-control-request-method": "POST"}),
    ):
        assert_problem(response, 403, "forbidden")
        assert "access-control-allow-origin" not in response.headers
    assert house.inbox.stored == []


async def test_one_hotels_pages_may_not_use_the_others_chat(anyone: httpx.AsyncClient) -> None:
    response = await anyone.post("/chat/castle/sessions", headers={"origin": ORIGIN})
    assert_problem(response, 403, "forbidden")


async def test_the_hotels_own_page_may_ask_beforehand_and_read_answers_and_refusals(anyone: httpx.AsyncClient) -> None:
    asked = await anyone.options(
        "/chat/harbour/messages",
        headers={
            "origin": ORIGIN,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        },
    )
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-methods"] == "POST"
    assert "authorization" in asked.headers["access-control-allow-headers"]
    refused = await write(anyone, "nobody's token")
    for response in (asked, refused, await anyone.post("/chat/harbour/sessions", headers={"origin": ORIGIN})):
        assert response.headers["access-control-allow-origin"] == ORIGIN
        assert "access-control-allow-credentials" not in response.headers
        assert "origin" in response.headers["vary"].lower()


async def test_a_hotel_without_a_chat_has_no_session(anyone: httpx.AsyncClient) -> None:
    assert_problem(await anyone.post("/chat/nowhere/sessions"), 404, "not-found")
    assert_problem(await write(anyone, "x", hotel="nowhere"), 403, "forbidden")  # not even a page of its own
    assert_problem(await anyone.get("/chat/nowhere/events", headers={"authorization": "Bearer x"}), 404, "not-found")


@pytest.mark.parametrize("token", ["", "guessed", "x" * 5_000])
async def test_a_guessed_token_opens_nothing(anyone: httpx.AsyncClient, house: House, token: str) -> None:
    await opened(anyone)
    assert_problem(await write(anyone, token), 401, "not-signed-in")
    headers = {"authorization": f"Bearer {token}"}
    assert_problem(await anyone.get("/chat/harbour/events", headers=headers), 401, "not-signed-in")
    assert house.inbox.stored == []


async def test_a_token_of_one_hotel_opens_nothing_at_the_other(anyone: httpx.AsyncClient) -> None:
    token = await opened(anyone, "castle")
    assert_problem(await write(anyone, token), 401, "not-signed-in")


async def test_a_token_in_the_address_counts_for_nothing(anyone: httpx.AsyncClient) -> None:
    token = await opened(anyone)
    assert_problem(await anyone.get(f"/chat/harbour/events?token={token}"), 401, "not-signed-in")


async def test_the_token_itself_is_stored_nowhere(anyone: httpx.AsyncClient, house: House) -> None:
    token = await opened(anyone)
    await write(anyone, token)
    async with house.database.reading() as connection:
        rows = await connection.fetch("SELECT * FROM chat_sessions")
    assert len(rows) == 1
    assert token not in str(rows) + str(house.inbox.stored)


async def test_a_session_ends_when_nobody_uses_it_and_lasts_while_somebody_does(
    anyone: httpx.AsyncClient, house: House
) -> None:
    used, unused = await opened(anyone), await opened(anyone)
    house.clock.move(LASTS - timedelta(minutes=1))
    assert (await write(anyone, used)).status_code == 202
    house.clock.move(timedelta(minutes=2))
    assert (await write(anyone, used, id_="c-2")).status_code == 202
    assert_problem(await write(anyone, unused), 401, "not-signed-in")


async def test_a_flood_of_sessions_ends_politely_and_only_for_its_own_address(app: Litestar, house: House) -> None:
    async with client_of(app) as one, client_of(app, client=("203.0.113.9", 1)) as other:
        for _ in range(SESSIONS_PER_ADDRESS.times):
            await opened(one)
        refused = await one.post("/chat/harbour/sessions", headers={"origin": ORIGIN})
        assert "wait a moment" in assert_problem(refused, 429, "too-many-attempts")["detail"]
        assert refused.headers["access-control-expose-headers"] == "retry-after"
        await opened(other)
        house.clock.move(timedelta(seconds=int(refused.headers["retry-after"])))
        await opened(one)


async def test_a_header_that_anybody_can_send_gives_no_new_allowance(house: House) -> None:
    async with client_of(house.app(WebSettings())) as client:
        answers = [
            await client.post("/chat/harbour/sessions", headers={"x-forwarded-for": f"203.0.113.{number}"})
            for number in range(SESSIONS_PER_ADDRESS.times + 1)
        ]
    assert answers[-1].status_code == 429


async def test_a_flood_of_messages_stops_one_session_and_no_other(anyone: httpx.AsyncClient, house: House) -> None:
    token, calm = await opened(anyone), await opened(anyone)
    answers = [await write(anyone, token, id_=f"c-{number}") for number in range(MESSAGES_PER_SESSION.times + 5)]
    assert [answer.status_code for answer in answers] == [202] * MESSAGES_PER_SESSION.times + [429] * 5
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert len(house.inbox.stored) == MESSAGES_PER_SESSION.times
    assert (await write(anyone, calm)).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "no id"},
        {"client_message_id": "1"},
        {"client_message_id": "1", "text": ""},
        {"client_message_id": "1", "text": "  \n "},
        {"client_message_id": "1", "text": "nul\0"},
        {"client_message_id": "1", "text": "x" * 4_001},
        {"client_message_id": "", "text": "x"},
        {"client_message_id": "a b", "text": "x"},
        {"client_message_id": "x" * 65, "text": "x"},
        {"client_message_id": 1, "text": ["x"]},
        [],
    ],
)
async def test_what_is_no_message_is_refused(anyone: httpx.AsyncClient, house: House, body: Any) -> None:
    token = await opened(anyone)
    response = await anyone.post("/chat/harbour/messages", json=body, headers={"authorization": f"Bearer {token}"})
    assert_problem(response, 400, "invalid-request")
    assert house.inbox.stored == []


async def test_an_oversize_body_is_refused(anyone: httpx.AsyncClient, house: House) -> None:
    token = await opened(anyone)
    assert_problem(await write(anyone, token, "x" * 100_000), 413, "too-large")
    assert house.inbox.stored == []


async def test_a_form_of_another_site_is_no_message(anyone: httpx.AsyncClient) -> None:
    token = await opened(anyone)
    response = await anyone.post(
        "/chat/harbour/messages",
        content='{"client_message_id":"1","text":"x"}',
        headers={"authorization": f"Bearer {token}", "content-type": "text/plain"},
    )
    assert_problem(response, 415, "unsupported-media-type")


async def test_a_page_gets_what_it_missed_then_what_comes_and_nobody_elses(
    served: httpx.AsyncClient, house: House
) -> None:
    token, other = await opened(served), await opened(served)
    await write(served, token, "Hi there")
    await write(served, other, "Somebody else")
    sender = (await senders(house))[0]
    async with listening(served, token) as events:
        (mine,) = await messages(events, 1)
        assert (mine["text"], mine["direction"], mine["client_message_id"]) == ("Hi there", "inbound", "c-1")
        await SqlChatPosts(house.database).say(sender, MessageId("m-1"), "Good morning", the.NOW)
        (answer,) = await messages(events, 1)
        assert (answer["id"], answer["text"], answer["author"]["kind"]) == ("m-1", "Good morning", "jack")
    async with listening(served, token, after=mine["number"]) as events:
        assert [one["text"] for one in await messages(events, 1)] == ["Good morning"]
    async with listening(served, token) as events:
        assert [one["text"] for one in await messages(events, 2)] == ["Hi there", "Good morning"]


async def test_the_page_sees_that_jack_is_answering_while_his_turn_lives(
    served: httpx.AsyncClient, house: House
) -> None:
    token = await opened(served)
    await write(served, token)
    sender = (await senders(house))[0]
    turn = the.a_conversation(id=ConversationId("chat"), channel="web_chat", account="harbour").turn_taken(
        "token", the.NOW, timedelta(minutes=1)
    )
    assert turn is not None
    async with listening(served, token) as events:
        assert (await typing(events))["typing"] is False
        async with house.begin() as uow:
            assert await uow.conversations.add(turn, [ChannelIdentity(kind="session", value=sender)])
            await uow.commit()
        assert (await typing(events))["typing"] is True
        async with house.begin() as uow:
            await uow.conversations.save(turn.turn_given_back())
            await uow.commit()
        assert (await typing(events))["typing"] is False


async def typing(events: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    """The next word of whether Jack is answering."""
    async for one in events:
        if one["event"] == "typing":
            return dict(one["data"])
    raise AssertionError("the stream ended")


async def test_what_a_page_got_is_told_once_as_delivered(served: httpx.AsyncClient, house: House) -> None:
    token = await opened(served)
    await write(served, token)
    sender = (await senders(house))[0]
    posts = SqlChatPosts(house.database)
    await posts.say(sender, MessageId("m-1"), "Good morning", the.NOW)
    for shown in (2, 3):
        async with listening(served, token) as events:
            await messages(events, shown)
            await posts.note(sender, f"end-{shown}", "end", the.NOW)
            await messages(events, 1)  # which is written once the receipt of what came before was stored
    receipts = [delivery.body for delivery in house.inbox.stored if delivery.target.endswith("/delivered")]
    assert len(receipts) == 1
    assert b'"m-1"' in receipts[0]


async def test_a_number_from_another_database_hides_nothing(served: httpx.AsyncClient) -> None:
    token = await opened(served)
    await write(served, token, "Hi there")
    async with listening(served, token, after=999_999) as events:
        assert [one["text"] for one in await messages(events, 1)] == ["Hi there"]


async def test_another_process_serves_the_same_chat(served: httpx.AsyncClient, house: House) -> None:
    other_app = house.app()
    async with serve(other_app) as url, httpx.AsyncClient(base_url=url) as elsewhere:
        token = await opened(served)
        async with listening(elsewhere, token) as events:
            await write(served, token, "Over there?")
            assert [one["text"] for one in await messages(events, 1)] == ["Over there?"]
        other_app.state.streams.close()


async def test_one_session_may_open_only_so_many_pages(served: httpx.AsyncClient) -> None:
    token = await opened(served)
    headers = {"authorization": f"Bearer {token}"}
    async with AsyncExitStack() as stack:
        for _ in range(PER_SESSION):
            events = await stack.enter_async_context(listening(served, token))
            await anext(events)
        refused = await served.get("/chat/harbour/events", headers=headers)
        assert_problem(refused, 429, "too-many-attempts")


async def test_streams_end_when_the_server_is_about_to_stop(served: httpx.AsyncClient, app: Litestar) -> None:
    token = await opened(served)
    async with listening(served, token) as events:
        await anext(events)
        app.state.streams.close()
        async with asyncio.timeout(5):
            assert [one async for one in events] == []
    refused = await served.get("/chat/harbour/events", headers={"authorization": f"Bearer {token}"})
    assert_problem(refused, 429, "too-many-attempts")


async def test_the_script_is_small_may_be_loaded_by_any_page_and_asked_for_anew(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get("/chat/widget.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert 1_000 < len(response.content) < 30_000
    assert "innerHTML" not in response.text
    again = await anyone.get("/chat/widget.js", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")

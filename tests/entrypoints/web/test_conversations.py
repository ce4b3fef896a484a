"""What staff see and do in conversations."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from jack.application.ports.jobs import Answer, Deliver
from jack.domain.message import Direction
from jack.domain.reservation import ReservationStatus
from jack.domain.stay_events import events_between
from tests import hotel as the
from tests.entrypoints.web.conftest import House, assert_problem

CONVERSATION = f"/api/v1/conversations/{the.a_conversation().id}"


async def test_a_conversation_has_every_field_of_the_inbox(viewer: httpx.AsyncClient) -> None:
    shown = (await viewer.get(CONVERSATION)).json()

    assert shown == {
        "id": "conversation-c-1",
        "hotel_id": "harbour",
        "channel": "whatsapp",
        "address": "351912345678",
        "display_name": "Anna",
        "held_by": "jack",
        "state": "open",
        "needs_attention": False,
        "attention_reason": None,
        "guest_id": None,
        "guest_name": None,
        "reservation_id": None,
        "room_number": None,
        "match": {"outcome": "unknown", "level": "public", "evidence": ["no guest holds this contact point"]},
        "unread": 1,
        "last_message_at": "2026-11-22T12:00:00Z",
        "last_message_text": "Good day, Anna",
    }


async def test_messages_come_oldest_first_with_every_field(viewer: httpx.AsyncClient) -> None:
    page = (await viewer.get(f"{CONVERSATION}/messages")).json()

    assert [message["id"] for message in page["items"]] == ["message-m-1", "message-m-2"]
    assert page["next_cursor"] is None
    assert page["items"][0] == {
        "id": "message-m-1",
        "conversation_id": "conversation-c-1",
        "direction": "inbound",
        "author": {"kind": "guest", "name": "Anna"},
        "type": "text",
        "text": "Hello",
        "media": [],
        "status": "received",
        "problem": None,
        "created_at": "2026-11-22T12:00:00Z",
        "sent_at": "2026-11-22T12:00:00Z",
        "provider_id": "wamid.1",
    }


async def test_pages_lead_to_each_other_until_the_last(viewer: httpx.AsyncClient) -> None:
    newest = (await viewer.get(f"{CONVERSATION}/messages", params={"limit": 1})).json()
    assert [message["id"] for message in newest["items"]] == ["message-m-2"]

    query = {"limit": 1, "cursor": newest["next_cursor"]}
    older = (await viewer.get(f"{CONVERSATION}/messages", params=query)).json()
    assert [message["id"] for message in older["items"]] == ["message-m-1"]
    assert older["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 1),
        ({"state": "open"}, 1),
        ({"state": "closed"}, 0),
        ({"needs_attention": "true"}, 0),
        ({"needs_attention": "false"}, 1),
        ({"hotel_id": "harbour"}, 1),
        ({"hotel_id": "castle"}, 0),
        ({"guest_id": "guest-anna"}, 0),
    ],
)
async def test_the_inbox_can_be_narrowed(viewer: httpx.AsyncClient, query: dict[str, str], found: int) -> None:
    page = (await viewer.get("/api/v1/conversations", params=query)).json()

    assert len(page["items"]) == found


async def test_a_staff_reply_is_queued_under_the_name_of_who_wrote_it(agent: httpx.AsyncClient, house: House) -> None:
    response = await agent.post(f"{CONVERSATION}/messages", json={"text": " Good evening, Anna "})

    assert response.status_code == 201
    message = response.json()
    assert message["text"] == "Good evening, Anna"
    assert message["author"] == {"kind": "staff", "name": "Agent"}
    assert (message["direction"], message["status"]) == ("outbound", "queued")
    assert house.queue.jobs == [Deliver(message_id=message["id"])]
    assert (await agent.get(CONVERSATION)).json()["held_by"] == "staff"


async def test_a_reply_is_found_even_when_much_was_said_before(agent: httpx.AsyncClient, house: House) -> None:
    conversation = the.a_conversation()
    async with house.begin() as uow:
        for number in range(250):
            at = the.NOW - timedelta(minutes=number)
            message = the.a_message(f"old-{number}", provider_id=f"wamid.old-{number}", sent_at=at, created_at=at)
            await uow.messages.add_inbound(message, conversation.channel, conversation.account)
        await uow.commit()
    house.clock.move(timedelta(minutes=1))

    response = await agent.post(f"{CONVERSATION}/messages", json={"text": "Good evening"})

    assert response.json()["text"] == "Good evening"


@pytest.mark.parametrize("text", ["   ", "x" * 4097])
async def test_a_text_that_no_channel_takes_is_against_the_rules(
    agent: httpx.AsyncClient, house: House, text: str
) -> None:
    response = await agent.post(f"{CONVERSATION}/messages", json={"text": text})

    assert_problem(response, 422, "against-the-rules")
    assert house.queue.rings == []


async def test_after_taking_over_staff_hold_it_and_jacks_queued_reply_is_a_draft(agent: httpx.AsyncClient) -> None:
    taken = (await agent.post(f"{CONVERSATION}/take-over")).json()

    assert (taken["held_by"], taken["unread"]) == ("staff", 0)
    messages = (await agent.get(f"{CONVERSATION}/messages")).json()["items"]
    assert [m["status"] for m in messages if m["direction"] == Direction.OUTBOUND] == ["draft"]


async def test_reading_along_leaves_nothing_unread_and_jack_in_charge(agent: httpx.AsyncClient, house: House) -> None:
    async with house.begin() as uow:
        held = await uow.conversations.lock(the.a_conversation().id)
        assert held
        await uow.conversations.save(replace(held, unread=3))
        await uow.commit()

    seen = (await agent.post(f"{CONVERSATION}/seen")).json()

    assert (seen["unread"], seen["held_by"]) == (0, "jack")


async def test_handing_back_rings_for_jack(agent: httpx.AsyncClient, house: House) -> None:
    await agent.post(f"{CONVERSATION}/take-over")
    given = (await agent.post(f"{CONVERSATION}/hand-back")).json()

    assert given["held_by"] == "jack"
    assert house.queue.jobs == [Answer(conversation_id=the.a_conversation().id)]


async def test_a_closed_conversation_leaves_the_open_ones(agent: httpx.AsyncClient) -> None:
    assert (await agent.post(f"{CONVERSATION}/close")).json()["state"] == "closed"

    assert (await agent.get("/api/v1/conversations", params={"state": "open"})).json()["items"] == []


async def test_staff_say_who_is_writing_and_take_it_back(agent: httpx.AsyncClient) -> None:
    body = {"guest_id": the.a_guest().id, "reservation_id": the.a_stay().id}
    corrected = (await agent.post(f"{CONVERSATION}/match", json=body)).json()

    assert (corrected["guest_id"], corrected["guest_name"]) == ("guest-anna", "Anna Silva")
    assert (corrected["reservation_id"], corrected["room_number"]) == ("reservation-R-1", "204")
    assert corrected["match"]["level"] == "staff"
    undone = (await agent.post(f"{CONVERSATION}/match", json={"guest_id": None})).json()
    assert undone["guest_id"] is None


@pytest.mark.parametrize(
    "body",
    [{"guest_id": "nobody"}, {"guest_id": "guest-anna", "reservation_id": "none"}],
)
async def test_nobody_can_be_matched_with_what_the_hotel_has_not(
    agent: httpx.AsyncClient, body: dict[str, str]
) -> None:
    assert_problem(await agent.post(f"{CONVERSATION}/match", json=body), 404, "not-found")


async def test_a_receipt_says_what_an_answer_stood_on(viewer: httpx.AsyncClient) -> None:
    receipt = (await viewer.get(f"/api/v1/messages/{the.a_reply().id}/receipt")).json()

    assert receipt["facts"] == [
        {"name": "room_number", "value": "204", "as_of": "2026-11-22T12:00:00Z", "level": "contact"}
    ]
    assert receipt["questions"] == ["message-m-1"]
    guests_own = await viewer.get(f"/api/v1/messages/{the.a_message().id}/receipt")
    assert_problem(guests_own, 404, "not-found")


async def test_the_timeline_holds_what_was_said_and_what_happened_to_the_stay(
    house: House, viewer: httpx.AsyncClient
) -> None:
    stay = the.a_stay(status=ReservationStatus.CONFIRMED)
    at = the.NOW + timedelta(minutes=3)
    async with house.begin() as uow:
        known = await uow.conversations.lock(the.a_conversation().id)
        assert known
        await uow.stay_events.add(events_between(stay, replace(stay, status=ReservationStatus.CHECKED_IN), at))
        await uow.conversations.save(replace(known, match=replace(known.match, guest_id=the.a_guest().id)))
        await uow.commit()

    page = (await viewer.get(f"{CONVERSATION}/timeline")).json()

    assert [item["kind"] for item in page["items"]] == ["message", "message", "stay_event"]
    assert page["items"][0]["message"]["id"] == "message-m-1"
    happened = page["items"][-1]["stay_event"]
    assert (happened["kind"], happened["before"], happened["after"]) == (
        "checked_in",
        {"status": "confirmed"},
        {"status": "checked_in"},
    )
    assert page["items"][-1]["at"] == "2026-11-22T12:03:00Z"
    assert page["next_cursor"] is None


async def test_a_conversation_with_nobody_known_has_a_timeline_of_messages(viewer: httpx.AsyncClient) -> None:
    page = (await viewer.get(f"{CONVERSATION}/timeline")).json()

    assert [item["kind"] for item in page["items"]] == ["message", "message"]

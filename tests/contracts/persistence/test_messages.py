"""What every repository of messages, receipts and service requests does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import Conflict
from jack.application.ports.channels import DeliveryReceipt
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.conversation import ChannelIdentity
from jack.domain.ids import ConversationId, GuestId, MessageId, ServiceRequestId
from jack.domain.match import Level, MatchOutcome
from jack.domain.message import DeliveryStatus, Media, Message
from jack.domain.receipt import Receipt, ReceiptFact
from jack.domain.service_request import ServiceRequest, ServiceRequestKind, ServiceRequestStatus
from tests.hotel import HARBOUR, NOW, a_conversation, a_message, a_reply

END = ("whatsapp", "106540352242922")
HERE = a_conversation().id


def at(seconds: float) -> timedelta:
    """That many seconds."""
    return timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
async def conversation(begin: BeginUnitOfWork) -> None:
    """Two conversations to write in."""
    async with begin() as uow:
        await uow.conversations.add(a_conversation(), [ChannelIdentity(kind="wa_id", value="1")])
        await uow.conversations.add(a_conversation("c-2"), [ChannelIdentity(kind="wa_id", value="2")])
        await uow.commit()


async def keep(begin: BeginUnitOfWork, *messages: Message) -> None:
    """Commit these messages."""
    async with begin() as uow:
        for message in messages:
            await uow.messages.add_outbound(message, *END)
        await uow.commit()


async def test_a_message_comes_back_whole(begin: BeginUnitOfWork) -> None:
    rich = a_message(
        text='Olá "quoted" 東京 🏨\n',
        media=(Media(kind="image", ref="1", caption="a view"), Media(kind="audio", ref="2", mime_type="audio/ogg")),
        provider_id="wamid.1",
        reply_to="wamid.0",
        answered_at=NOW + at(1),
        attempts=2,
        send_after=NOW + at(2),
        sending_since=NOW + at(3),
        problem="why",
        sent_at=NOW - at(4),
        told_to=GuestId("guest-anna"),
        told_level=Level.CONTACT,
    )
    async with begin() as uow:
        assert await uow.messages.add_inbound(rich, *END)
        await uow.commit()
    async with begin() as uow:
        assert await uow.messages.get(rich.id) == rich
        assert await uow.messages.lock(rich.id) == rich
        assert await uow.messages.get_by_provider_id(*END, "wamid.1") == rich
        assert await uow.messages.get_by_provider_id("twilio", END[1], "wamid.1") is None
        assert await uow.messages.get_by_provider_id(END[0], "another", "wamid.1") is None
        assert await uow.messages.get(MessageId("none")) is None
        assert await uow.messages.lock(MessageId("none")) is None


async def test_text_that_a_database_cannot_store_is_not_lost_with_its_message(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        assert await uow.messages.add_inbound(a_message(text="before \x00 after \ud83c"), *END)
        found = await uow.messages.get(a_message().id)
        assert found
        assert found.text.startswith("before ")
        assert " after " in found.text


async def test_a_duplicate_delivery_makes_one_message(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        assert await uow.messages.add_inbound(a_message("m-1", provider_id="wamid.1"), *END)
        assert not await uow.messages.add_inbound(a_message("m-2", provider_id="wamid.1", text="again"), *END)
        assert await uow.messages.add_inbound(a_message("m-3", provider_id="wamid.1"), END[0], "another")
        assert await uow.messages.add_inbound(a_message("m-4", provider_id="wamid.2"), *END)
        assert [m.id for m in await uow.messages.history(HERE, 9)] == ["message-m-1", "message-m-3", "message-m-4"]


async def test_a_message_is_stored_once_under_its_own_id(begin: BeginUnitOfWork) -> None:
    await keep(begin, a_reply())
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.messages.add_outbound(a_reply(), *END)


async def test_a_changed_message_keeps_its_end(begin: BeginUnitOfWork) -> None:
    await keep(begin, a_reply())
    async with begin() as uow:
        sent = a_reply().claimed(NOW).accepted("wamid.9")
        await uow.messages.save(sent)
        assert await uow.messages.get_by_provider_id(*END, "wamid.9") == sent
        with pytest.raises(Conflict):
            await uow.messages.save(a_reply("nobody"))


async def test_two_messages_cannot_have_one_provider_id(begin: BeginUnitOfWork) -> None:
    await keep(begin, a_reply("m-1", provider_id="wamid.1"), a_reply("m-2"))
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.messages.save(a_reply("m-2", provider_id="wamid.1"))


async def test_a_conversation_goes_by_the_providers_time_then_by_arrival(begin: BeginUnitOfWork) -> None:
    await keep(
        begin,
        a_message("late", sent_at=NOW + at(2), created_at=NOW),
        a_message("b", sent_at=NOW, created_at=NOW + at(1)),
        a_message("a", sent_at=NOW, created_at=NOW + at(2)),
        a_message("done", sent_at=NOW - at(1), answered_at=NOW),
        a_reply("reply", sent_at=NOW + at(1)),
        a_message("elsewhere", conversation_id=ConversationId("conversation-c-2")),
    )
    async with begin() as uow:
        history = [m.id.removeprefix("message-") for m in await uow.messages.history(HERE, 9)]
        assert history == ["done", "b", "a", "reply", "late"]
        assert [m.id.removeprefix("message-") for m in await uow.messages.history(HERE, 2)] == ["reply", "late"]
        unanswered = [m.id.removeprefix("message-") for m in await uow.messages.unanswered(HERE)]
        assert unanswered == ["b", "a", "late"]


async def test_an_answer_stands_for_inbound_messages_only(begin: BeginUnitOfWork) -> None:
    await keep(begin, a_message("m-1"), a_message("m-2"), a_reply("m-3"))
    async with begin() as uow:
        await uow.messages.mark_answered([a_message("m-1").id, a_reply("m-3").id, MessageId("none")], NOW)
        await uow.messages.mark_answered([], NOW)
        assert await uow.messages.unanswered(HERE) == (a_message("m-2"),)
        assert await uow.messages.get(a_message("m-1").id) == a_message("m-1", answered_at=NOW)
        assert await uow.messages.get(a_reply("m-3").id) == a_reply("m-3")


async def test_replies_in_a_state_come_oldest_first(begin: BeginUnitOfWork) -> None:
    second = a_reply("m-1", created_at=NOW + at(1))
    first = a_reply("m-2", status=DeliveryStatus.SENDING)
    await keep(
        begin,
        second,
        first,
        a_reply("m-3", status=DeliveryStatus.SENT),
        a_message("m-4", status=DeliveryStatus.QUEUED),
        a_reply("m-5", conversation_id=ConversationId("conversation-c-2")),
    )
    async with begin() as uow:
        assert await uow.messages.in_state(HERE, ["queued", "sending"]) == (first, second)
        assert await uow.messages.in_state(HERE, []) == ()


async def test_due_to_send_are_the_queued_ones_whose_time_has_come(begin: BeginUnitOfWork) -> None:
    before = NOW - at(60)
    await keep(
        begin,
        a_reply("second", created_at=before + at(2), send_after=NOW),
        a_reply("first", created_at=before + at(1)),
        a_reply("held-back", created_at=before, send_after=NOW + at(1)),
        a_reply("new", created_at=NOW),
        a_reply("sent", created_at=before, status=DeliveryStatus.SENT),
    )
    async with begin() as uow:
        assert await uow.messages.due_to_send(NOW, NOW, 9) == ("message-first", "message-second")
        assert await uow.messages.due_to_send(NOW, NOW, 1) == ("message-first",)


async def test_stuck_are_those_that_have_been_sending_for_too_long(begin: BeginUnitOfWork) -> None:
    await keep(
        begin,
        a_reply("second", status=DeliveryStatus.SENDING, sending_since=NOW - at(2)),
        a_reply("first", status=DeliveryStatus.SENDING, sending_since=NOW - at(3)),
        a_reply("going-on", status=DeliveryStatus.SENDING, sending_since=NOW),
        a_reply("queued"),
    )
    async with begin() as uow:
        assert await uow.messages.stuck_sending(NOW, 9) == ("message-first", "message-second")
        assert await uow.messages.stuck_sending(NOW, 1) == ("message-first",)


async def test_messages_of_unknown_fate_are_found_newest_first(begin: BeginUnitOfWork) -> None:
    unknown = DeliveryStatus.UNKNOWN
    await keep(
        begin,
        a_reply("first", status=unknown, created_at=NOW - at(2)),
        a_reply("second", status=unknown, created_at=NOW - at(1)),
        a_reply("old", status=unknown, created_at=NOW - at(9)),
        a_reply("sent", status=DeliveryStatus.SENT, created_at=NOW),
    )
    async with begin() as uow:
        assert await uow.messages.of_unknown_fate(NOW - at(9), 9) == ("message-second", "message-first")
        assert await uow.messages.of_unknown_fate(NOW - at(9), 1) == ("message-second",)


async def test_parked_receipts_are_taken_once_in_the_order_they_came(begin: BeginUnitOfWork) -> None:
    read = DeliveryReceipt(
        account=END[1], provider_id="wamid.1", message_id=a_reply().id, status=DeliveryStatus.READ, at=NOW
    )
    failed = replace(read, message_id=None, status=DeliveryStatus.FAILED, at=NOW - at(5), reason="why\x00")
    other = replace(read, provider_id="wamid.2")
    async with begin() as uow:
        for receipt in (read, failed, other):
            await uow.messages.park_receipt(END[0], receipt)
        await uow.commit()
    async with begin() as uow:
        assert await uow.messages.take_parked("twilio", END[1], "wamid.1") == ()
        taken = await uow.messages.take_parked(*END, "wamid.1")
        assert [replace(receipt, reason=None) for receipt in taken] == [read, replace(failed, reason=None)]
        assert await uow.messages.take_parked(*END, "wamid.1") == ()
        assert await uow.messages.take_parked(*END, "wamid.2") == (other,)


def a_receipt(**fields: object) -> Receipt:
    """Why Jack's reply said what it said."""
    given: dict[str, object] = {
        "message_id": a_reply().id,
        "questions": (a_message().id,),
        "outcome": MatchOutcome.MATCHED,
        "level": Level.CONTACT,
        "evidence": ("the guest's record holds this contact point",),
        "facts": (
            ReceiptFact(name="room", value="204", as_of=NOW - at(1), level=Level.CONTACT),
            ReceiptFact(name="breakfast", value="7:00", as_of=None, level=Level.PUBLIC),
        ),
        "model": "scripted",
        "blocked": ("room number",),
        "created_at": NOW,
    }
    return Receipt(**(given | fields))  # type: ignore[arg-type]  # a test's builder


async def test_a_receipt_stands_beside_one_answer(begin: BeginUnitOfWork) -> None:
    await keep(begin, a_reply())
    async with begin() as uow:
        await uow.messages.add_receipt(a_receipt(), HARBOUR)
        with pytest.raises(Conflict):
            await uow.messages.add_receipt(a_receipt(), HARBOUR)
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.messages.add_receipt(a_receipt(message_id=MessageId("none")), HARBOUR)


async def test_receipts_come_back_as_they_were_stored(begin: BeginUnitOfWork) -> None:
    await keep(begin, a_reply(), a_reply("m-3"), a_reply("m-4"))
    first, second = a_receipt(), a_receipt(message_id=a_reply("m-3").id)
    async with begin() as uow:
        await uow.messages.add_receipt(second, HARBOUR)
        await uow.messages.add_receipt(first, HARBOUR)
        await uow.commit()
    async with begin() as uow:
        assert await uow.messages.receipts_of([a_reply(key).id for key in ("m-4", "m-3", "m-2")]) == (first, second)
        assert await uow.messages.receipts_of([]) == ()


def a_request(key: str = "r-1", **fields: object) -> ServiceRequest:
    """Anna wants a late checkout."""
    given: dict[str, object] = {
        "id": ServiceRequestId(f"request-{key}"),
        "hotel_id": HARBOUR,
        "conversation_id": HERE,
        "guest_id": None,
        "reservation_id": None,
        "kind": ServiceRequestKind.LATE_CHECKOUT,
        "details": "Checkout at 14:00",
        "room_number": "204",
        "status": ServiceRequestStatus.OPEN,
        "due_at": NOW + at(9),
        "created_at": NOW,
        "verified": True,
    }
    return ServiceRequest(**(given | fields))  # type: ignore[arg-type]  # a test's builder


async def test_a_service_request_comes_back_as_it_was_stored_last(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.service_requests.add(a_request())
        await uow.commit()
    async with begin() as uow:
        assert await uow.service_requests.lock(a_request().id) == a_request()
        done = a_request().moved_to(ServiceRequestStatus.DONE)
        await uow.service_requests.save(done)
        assert await uow.service_requests.lock(a_request().id) == done
        assert await uow.service_requests.lock(ServiceRequestId("none")) is None


async def test_a_service_request_is_added_once_and_saved_only_when_known(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.service_requests.save(a_request())
        await uow.service_requests.add(a_request())
        with pytest.raises(Conflict):
            await uow.service_requests.add(a_request())


async def test_what_was_stored_before_the_clock_was_set_back_is_due(begin: BeginUnitOfWork) -> None:
    ahead = NOW + timedelta(hours=3)
    await keep(begin, a_message("ahead", created_at=ahead), a_reply("ahead-too", created_at=ahead))
    await keep(begin, a_message("new", conversation_id=a_conversation("c-2").id, created_at=NOW))
    async with begin() as uow:
        assert await uow.conversations.due_for_answer(NOW - at(5), NOW, 10) == (HERE,)
        assert await uow.messages.due_to_send(NOW, NOW - at(5), 10) == (a_reply("ahead-too").id,)

"""AcceptDelivery and ReceiveMessage: nothing lost, nothing doubled."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import Forbidden, NotFound, ServiceDenied, ServiceUnavailable
from jack.application.ports.channels import DeliveryReceipt
from jack.application.ports.jobs import Answer, Receive
from jack.domain.conversation import ConversationState, HeldBy
from jack.domain.match import MatchOutcome
from jack.domain.message import AuthorKind, DeliveryStatus, Media, Message
from tests.application.channel import CHANNEL
from tests.application.world import ACCOUNT, SECOND, SECOND_ACCOUNT, World, a_sender
from tests.fakes.persistence.messaging import InMemoryMessages
from tests.hotel import NOW


async def test_an_accepted_delivery_is_stored_before_it_is_acknowledged_and_rings() -> None:
    world = World()
    await world.guest_writes("Hi")
    (stored,) = world.state.deliveries.values()
    assert (stored.delivery.channel, stored.delivery.accounts[0]) == (CHANNEL, ACCOUNT)
    assert world.queue.jobs == [Receive()]
    assert world.state.messages == {}


async def test_a_wrong_signature_stores_nothing_and_rings_nobody() -> None:
    world = World()
    with pytest.raises(Forbidden):
        await world.accept(CHANNEL, {"x-signature": "forged"}, b"{}")
    with pytest.raises(NotFound):
        await world.accept("pigeon", {}, b"{}")
    assert (world.state.deliveries, world.queue.jobs) == ({}, [])


async def test_a_delivery_that_cannot_be_stored_is_not_acknowledged() -> None:
    world = World()
    world.database.inbox.failure = ServiceUnavailable("the database is away")
    with pytest.raises(ServiceUnavailable):
        await world.guest_writes("Hi")
    assert world.queue.jobs == []


async def test_a_message_becomes_part_of_a_conversation_with_its_match() -> None:
    world = World()
    await world.anna_stays()
    await world.guest_writes("Hi, I'd like late checkout")
    await world.receive()
    (message,) = world.questions
    conversation = world.conversation
    assert (message.text, message.author.name, message.status) == (
        "Hi, I'd like late checkout",
        "Anna",
        DeliveryStatus.RECEIVED,
    )
    assert (conversation.unread, conversation.display_name, conversation.address) == (1, "Anna", "351912345678")
    assert conversation.match.outcome is MatchOutcome.MATCHED
    assert conversation.last_message_at == message.sent_at


async def test_a_duplicate_delivery_makes_one_message() -> None:
    world = World()
    message = world.inbound("Hi")
    await world.delivered(message)
    await world.delivered(message)
    await world.receive()
    await world.delivered(message)
    await world.everything_happens()
    assert (len(world.questions), world.conversation.unread, len(world.heard)) == (1, 1, 1)


async def test_a_message_twice_in_one_batch_makes_one_message() -> None:
    world = World()
    message = world.inbound("Hi")
    await world.delivered(message, message)
    await world.receive()
    assert len(world.questions) == 1


async def test_two_processes_that_unpack_the_same_make_one_message() -> None:
    world = World()
    message = world.inbound("Hi")
    for _ in range(4):
        await world.delivered(message)
    await asyncio.gather(*(world.receive() for _ in range(4)))
    assert (len(world.questions), len(world.state.conversations)) == (1, 1)


async def test_the_same_provider_id_at_another_account_is_another_message() -> None:
    world = World()
    message = world.inbound("Hi")
    await world.delivered(message, replace(message, account=SECOND_ACCOUNT))
    await world.receive()
    assert {c.hotel_id for c in world.state.conversations.values()} == {world.hotel.id, SECOND}


async def test_every_part_of_a_batch_is_read() -> None:
    world = World()
    parts = [world.inbound(f"from {n}", a_sender(f"+35191234567{n}")) for n in range(5)]
    await world.delivered(*parts, problems=("one part is of a kind that nobody knows",))
    await world.receive()
    assert len(world.questions) == 5
    (stored,) = world.state.deliveries.values()
    assert stored.problems == ("one part is of a kind that nobody knows",)


async def test_a_message_for_an_account_of_nobody_is_kept_with_its_reason_and_the_rest_goes_through() -> None:
    world = World()
    await world.delivered(world.inbound(account="gone"), world.inbound("Hi"))
    await world.receive()
    assert [m.text for m in world.questions] == ["Hi"]
    (stored,) = world.state.deliveries.values()
    assert stored.problems == ("a message is for an account that no hotel has any more",)


async def test_a_sender_without_identity_costs_that_message_alone() -> None:
    world = World()
    nobody = replace(a_sender(), identities=())
    await world.delivered(world.inbound("lost?", nobody), world.inbound("Hi"))
    await world.receive()
    assert [m.text for m in world.questions] == ["Hi"]
    (stored,) = world.state.deliveries.values()
    assert stored.problems == ("a sender without any identity cannot be answered",)


async def test_a_part_that_breaks_is_kept_while_the_rest_of_its_delivery_and_all_others_go_through(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    stored = InMemoryMessages.add_inbound

    async def add_inbound(self: InMemoryMessages, message, channel, account) -> bool:  # type: ignore[no-untyped-def]
        if message.text == "bad":
            raise RuntimeError("cannot be stored")
        return await stored(self, message, channel, account)

    monkeypatch.setattr(InMemoryMessages, "add_inbound", add_inbound)
    await world.guest_writes("before")
    await world.delivered(world.inbound("good"), world.inbound("bad"), world.inbound("also good"))
    await world.guest_writes("after")
    await world.receive()
    assert [m.text for m in world.questions] == ["before", "good", "also good", "after"]
    assert [d.problems for d in world.state.deliveries.values() if d.problems] == [
        ("a part of it could not be stored; see the log",)
    ]
    assert all(d.unpacked_at for d in world.state.deliveries.values())
    await world.everything_happens()
    assert len(world.heard) == 1


async def test_a_failure_that_passes_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    stored, failures = InMemoryMessages.add_inbound, [RuntimeError(), RuntimeError()]

    async def add_inbound(self: InMemoryMessages, message, channel, account) -> bool:  # type: ignore[no-untyped-def]
        if failures:
            raise failures.pop()
        return await stored(self, message, channel, account)

    monkeypatch.setattr(InMemoryMessages, "add_inbound", add_inbound)
    await world.guest_writes("Hi")
    await world.receive()
    assert [m.text for m in world.questions] == ["Hi"]
    assert not any(d.problems for d in world.state.deliveries.values())


@pytest.mark.parametrize("failure", [ServiceUnavailable, ServiceDenied])
async def test_a_database_that_is_away_leaves_everything_waiting(
    failure: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    await world.guest_writes("Hi")

    async def away(*_: object) -> bool:
        raise failure("the database is away")

    monkeypatch.setattr(InMemoryMessages, "add_inbound", away)
    with pytest.raises(failure):
        await world.receive()
    monkeypatch.undo()
    assert not any(d.unpacked_at for d in world.state.deliveries.values())
    await world.receive()
    assert len(world.questions) == 1


async def test_a_channel_that_was_taken_out_keeps_its_deliveries() -> None:
    world = World()
    await world.guest_writes("Hi")
    (delivery_id,) = world.state.deliveries
    stored = world.state.deliveries[delivery_id]
    world.state.deliveries[delivery_id] = replace(stored, delivery=replace(stored.delivery, channel="pigeon"))
    await world.receive()
    assert world.state.deliveries[delivery_id].problems == ("no hotel has the channel pigeon any more",)


async def test_more_deliveries_than_fit_one_transaction_are_all_unpacked_oldest_first() -> None:
    world = World()
    for n in range(120):
        await world.guest_writes(f"{n}")
    await world.receive()
    assert [m.text for m in world.questions] == [str(n) for n in range(120)]


async def test_a_reaction_is_stored_and_needs_no_answer() -> None:
    world = World()
    await world.guest_writes("❤", type="reaction", needs_answer=False)
    await world.everything_happens()
    (message,) = world.questions
    assert message.answered_at is not None
    assert (world.heard, world.model.prompts) == ([], [])


async def test_a_message_in_a_group_is_shown_to_staff_and_not_answered() -> None:
    world = World()
    await world.guest_writes("Hello everybody", in_group=True)
    await world.everything_happens()
    assert (world.heard, world.conversation.needs_attention) == ([], True)


async def test_a_picture_keeps_its_reference() -> None:
    world = World()
    photo = Media(kind="image", ref="media-1", mime_type="image/jpeg")
    await world.guest_writes("", type="image", media=(photo,))
    await world.receive()
    assert world.questions[0].media == (photo,)


async def test_a_provider_whose_clock_runs_ahead_does_not_write_in_the_future() -> None:
    world = World()
    await world.guest_writes("Hi", sent_at=NOW + timedelta(hours=2))
    await world.receive()
    assert world.questions[0].sent_at <= world.clock.now()


async def test_what_staff_write_in_the_channels_own_app_takes_the_conversation_over() -> None:
    world = World()
    world.model.will_say("Jack here.")
    await world.guest_writes("Is there a crib?")
    await world.receive()
    world.clock.move(timedelta(seconds=5))
    await world.answer(world.conversation.id)
    await world.guest_writes("Yes, I bring one.", from_staff=True)
    await world.everything_happens()
    assert world.conversation.held_by is HeldBy.STAFF
    assert [m.status for m in world.replies] == [DeliveryStatus.DRAFT]
    assert world.heard == []
    await world.staff_hand_back()
    await world.everything_happens()
    assert world.heard == []


async def test_an_echo_that_comes_twice_is_stored_once() -> None:
    world = World()
    echo = world.inbound("Yes", from_staff=True)
    await world.delivered(echo, echo)
    await world.delivered(echo)
    await world.receive()
    assert [m.author.kind for m in world.messages()] == [AuthorKind.STAFF]


async def test_a_message_to_a_conversation_that_staff_hold_is_unread_and_not_answered_by_jack() -> None:
    world = World()
    await world.guest_writes("Hi")
    await world.everything_happens()
    await world.staff_take_over()
    await world.guest_writes("Are you there?")
    await world.everything_happens()
    assert (len(world.heard), world.conversation.unread) == (1, 1)
    assert Answer(conversation_id=world.conversation.id) not in [r.job for r in world.queue.rings[-2:]]


async def test_a_closed_conversation_opens_again_with_jack() -> None:
    world = World()
    await world.guest_writes("Hi")
    await world.everything_happens()
    await world.staff_take_over()
    await world.staff_close()
    assert world.conversation.state is ConversationState.CLOSED
    await world.guest_writes("One more thing")
    await world.everything_happens()
    assert (world.conversation.state, len(world.heard)) == (ConversationState.OPEN, 2)


# receipts


async def test_receipts_move_a_message_forward_in_whatever_order_they_come() -> None:
    world = World()
    await world.guest_writes("Hi")
    await world.everything_happens()
    for status in (DeliveryStatus.READ, DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED):
        await world.delivered(world.receipt(status))
    await world.receive()
    assert [m.status for m in world.replies] == [DeliveryStatus.READ]
    assert not world.conversation.needs_attention


async def test_a_receipt_before_its_message_is_known_waits_for_it() -> None:
    world = World()
    await world.delivered(world.receipt(DeliveryStatus.DELIVERED))
    await world.receive()
    assert len(world.state.parked) == 1
    await world.guest_writes("Hi")
    await world.everything_happens()
    assert [m.status for m in world.replies] == [DeliveryStatus.DELIVERED]
    assert world.state.parked == {}


async def test_a_failed_delivery_calls_for_staff_with_the_channels_reason() -> None:
    world = World()
    await world.guest_writes("Hi")
    await world.everything_happens()
    await world.delivered(world.receipt(DeliveryStatus.FAILED, reason="the guest blocked the hotel"))
    await world.receive()
    assert [(m.status, m.problem) for m in world.replies] == [(DeliveryStatus.FAILED, "the guest blocked the hotel")]
    assert world.conversation.attention_reason == "a message could not be delivered: the guest blocked the hotel"


async def test_the_reason_of_a_failure_survives_the_late_answer_of_the_send_call() -> None:
    world = World()
    await world.guest_writes("Hi")

    async def the_receipt_is_faster() -> None:
        (reply,) = world.replies
        await world.delivered(world.receipt(DeliveryStatus.FAILED, reason="blocked", message_id=reply.id))
        await world.receive()

    world.sender.meanwhile.append(the_receipt_is_faster)
    await world.everything_happens()
    assert [(m.status, m.problem) for m in world.replies] == [(DeliveryStatus.FAILED, "blocked")]


async def test_a_receipt_of_another_account_moves_nothing() -> None:
    world = World()
    await world.guest_writes("Hi")
    await world.everything_happens()
    (reply,) = world.replies
    await world.delivered(world.receipt(DeliveryStatus.FAILED, account=SECOND_ACCOUNT, message_id=reply.id))
    await world.delivered(
        world.receipt(DeliveryStatus.FAILED, account=SECOND_ACCOUNT, message_id=reply.id, provider_id="x")
    )
    await world.receive()
    assert [m.status for m in world.replies] == [DeliveryStatus.SENT]


async def test_the_receipts_of_what_staff_wrote_in_the_app_are_shown_too() -> None:
    world = World()
    await world.delivered(world.receipt(DeliveryStatus.READ, provider_id="echo-1"))
    await world.guest_writes("Yes", from_staff=True, provider_id="echo-1")
    await world.receive()
    assert [m.status for m in world.messages()] == [DeliveryStatus.READ]


@pytest.mark.parametrize("later", ["the answer", "the receipt"])
async def test_a_receipt_that_is_parked_while_the_answer_of_the_call_is_stored_is_not_lost(
    later: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    await world.guest_writes("Hi")
    await world.receive()
    world.clock.move(world.hotel.quiet_time)
    await world.answer(world.conversation.id)
    missed = later == "the receipt"
    receipt = world.receipt(DeliveryStatus.DELIVERED)
    take, get = InMemoryMessages.take_parked, InMemoryMessages.get_by_provider_id
    blind = [True]

    async def sees_nothing_yet(self: InMemoryMessages, *end: str) -> tuple[DeliveryReceipt, ...]:
        return () if blind and blind.pop() else await take(self, *end)

    async def knows_nothing_yet(self: InMemoryMessages, *end: str) -> Message | None:
        return None if blind and blind.pop() else await get(self, *end)

    if missed:
        await world.deliver(world.replies[0].id)
        monkeypatch.setattr(InMemoryMessages, "get_by_provider_id", knows_nothing_yet)
        await world.delivered(receipt)
        await world.receive()
    else:
        await world.delivered(receipt)
        await world.receive()
        monkeypatch.setattr(InMemoryMessages, "take_parked", sees_nothing_yet)
        await world.deliver(world.replies[0].id)
    assert not blind
    assert (world.replies[0].status, world.state.parked) == (DeliveryStatus.DELIVERED, {})

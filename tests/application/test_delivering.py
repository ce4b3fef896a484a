"""DeliverMessage, TakeOver and the rest of the staff desk: every outgoing message has a known fate."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from jack.application.errors import NotFound, ServiceDenied, ServiceUnavailable
from jack.application.messaging import deliver
from jack.application.messaging.deliver import NOT_LEFT_YET, SHOWN_AFTER
from jack.application.messaging.recover import SEND_LIMIT
from jack.application.messaging.staff_desk import IN_FLIGHT_LIMIT, LONGEST_TEXT, TakeOver
from jack.application.ports.jobs import Deliver
from jack.domain.conversation import ConversationState, HeldBy
from jack.domain.errors import DomainError
from jack.domain.ids import ConversationId, MessageId
from jack.domain.message import DeliveryStatus, Message
from tests.application.world import MARIA, World
from tests.hotel import NOW


async def with_a_reply(text: str = "Good day.") -> World:
    """A guest wrote and Jack's reply is stored; it has not left."""
    world = World()
    await world.guest_writes("Hello")
    await world.receive()
    world.clock.move(timedelta(seconds=5))
    world.model.will_say(text)
    await world.answer(world.conversation.id)
    return world


def reply_of(world: World) -> Message:
    return world.replies[-1]


async def test_a_message_is_claimed_before_the_channel_is_called_and_sent_after_it() -> None:
    world = await with_a_reply()
    seen = []

    async def look() -> None:
        seen.append((reply_of(world).status, reply_of(world).attempts))

    world.sender.meanwhile.append(look)
    await world.everything_happens()
    assert seen == [(DeliveryStatus.SENDING, 1)]
    assert (reply_of(world).status, reply_of(world).provider_id) == (DeliveryStatus.SENT, "recorded-1")


async def test_a_ring_that_comes_twice_or_for_nothing_sends_once() -> None:
    world = await with_a_reply()
    await asyncio.gather(*(world.deliver(reply_of(world).id) for _ in range(3)))
    await world.deliver(reply_of(world).id)
    await world.deliver(MessageId("nothing"))
    assert len(world.sender.calls) == 1


async def test_messages_of_a_conversation_leave_in_their_order() -> None:
    world = await with_a_reply("from Jack")
    world.sender.busy_next()
    await world.deliver(reply_of(world).id)
    world.clock.move(timedelta(milliseconds=1))
    first = await world.staff_reply("one")
    world.clock.move(timedelta(milliseconds=1))
    second = await world.staff_reply("two")
    await world.deliver(second)
    assert world.heard == []
    await world.deliver(first)
    await world.everything_happens()
    assert world.heard == ["one", "two"]


async def test_a_call_whose_outcome_nobody_knows_is_shown_to_staff_and_never_repeated() -> None:
    world = await with_a_reply()
    world.sender.lose_next_answer(taken=True)
    await world.everything_happens()
    assert reply_of(world).status is DeliveryStatus.UNKNOWN
    assert (world.conversation.attention_reason or "").startswith("nobody knows whether a message left")
    await world.time_passes(timedelta(hours=3))
    assert len(world.sender.calls) == 1


async def test_an_unknown_fate_is_settled_by_a_receipt() -> None:
    world = await with_a_reply()
    world.sender.lose_next_answer(taken=True)
    await world.everything_happens()
    assert world.conversation.needs_attention
    receipt = world.receipt(DeliveryStatus.DELIVERED, provider_id="wamid-x", message_id=reply_of(world).id)
    await world.delivered(receipt)
    await world.everything_happens()
    assert (reply_of(world).status, reply_of(world).provider_id) == (DeliveryStatus.DELIVERED, "wamid-x")
    assert not world.conversation.needs_attention, "the call for staff is settled as well"


async def test_a_call_that_takes_too_long_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "CALL_LIMIT", timedelta(0))
    world = await with_a_reply()
    await world.everything_happens()
    assert reply_of(world).status is DeliveryStatus.UNKNOWN


async def test_a_bug_while_sending_is_unknown_and_not_hidden(caplog: pytest.LogCaptureFixture) -> None:
    world = await with_a_reply()

    async def broken() -> None:
        raise ZeroDivisionError

    world.sender.meanwhile.append(broken)
    await world.everything_happens()
    assert reply_of(world).status is DeliveryStatus.UNKNOWN
    assert "message.send_broke" in caplog.text


async def test_a_busy_channel_is_tried_again_when_it_asked_for() -> None:
    world = await with_a_reply()
    before = world.clock.now()
    world.sender.busy_next(retry_after=timedelta(seconds=30))
    await world.everything_happens()
    assert (world.heard, reply_of(world).status, reply_of(world).attempts) == (["Good day."], DeliveryStatus.SENT, 2)
    assert world.clock.now() - before == timedelta(seconds=30)
    assert not world.conversation.needs_attention


async def test_a_refused_text_has_failed_and_staff_are_called() -> None:
    world = await with_a_reply()
    world.sender.reject_next()
    await world.everything_happens()
    assert reply_of(world).status is DeliveryStatus.FAILED
    assert world.conversation.attention_reason == "a message could not be sent: the channel does not take this text"
    assert len(world.sender.calls) == 1


async def test_wrong_credentials_keep_the_message_and_call_for_staff_who_mend_them() -> None:
    world = await with_a_reply()
    world.sender.deny_next()
    await world.deliver(reply_of(world).id)
    assert reply_of(world).status is DeliveryStatus.QUEUED
    assert (world.conversation.attention_reason or "").startswith("the channel refuses Jack")
    await world.everything_happens()
    assert world.heard == ["Good day."]


async def test_a_reply_that_cannot_leave_for_an_hour_is_given_up_loudly() -> None:
    world = await with_a_reply()
    for _ in range(100):
        world.sender.busy_next()
    await world.everything_happens()
    assert (reply_of(world).status, world.heard) == (DeliveryStatus.FAILED, [])
    assert (world.conversation.attention_reason or "").startswith("a message could not be sent for an hour")
    assert world.clock.now() - NOW < timedelta(hours=1, minutes=10)


async def test_an_account_that_was_taken_out_keeps_its_messages_for_a_while() -> None:
    world = await with_a_reply()
    world.channels.senders.clear()
    await world.deliver(reply_of(world).id)
    assert (reply_of(world).status, world.conversation.needs_attention) == (DeliveryStatus.QUEUED, True)


async def test_free_text_is_marked_once_the_channels_window_has_run_out() -> None:
    world = await with_a_reply()
    world.clock.move(timedelta(hours=23, minutes=55))
    await world.deliver(reply_of(world).id)
    assert [call.window_open for call in world.sender.calls] == [False]
    assert reply_of(world).status is DeliveryStatus.FAILED


async def test_a_receipt_that_is_faster_than_the_answer_of_the_call_is_not_pushed_back() -> None:
    world = await with_a_reply()

    async def the_receipt_is_faster() -> None:
        await world.delivered(world.receipt(DeliveryStatus.READ, message_id=reply_of(world).id))
        await world.receive()

    world.sender.meanwhile.append(the_receipt_is_faster)
    await world.everything_happens()
    assert (reply_of(world).status, reply_of(world).provider_id) == (DeliveryStatus.READ, "recorded-1")


async def test_a_message_that_the_channel_confirmed_is_not_sent_again_when_the_call_failed() -> None:
    world = await with_a_reply()

    async def the_receipt_is_faster() -> None:
        await world.delivered(world.receipt(DeliveryStatus.SENT, message_id=reply_of(world).id))
        await world.receive()

    world.sender.meanwhile.append(the_receipt_is_faster)
    world.sender.busy_next()
    await world.everything_happens()
    assert (reply_of(world).status, len(world.sender.calls)) == (DeliveryStatus.SENT, 1)


async def test_a_process_that_was_held_up_after_its_claim_does_not_call() -> None:
    world = await with_a_reply()
    sender = world.channels.sender

    def held_up(channel: str, account: str) -> object:
        if not world.sender.calls and world.clock.now() - NOW < timedelta(seconds=20):
            world.clock.move(timedelta(seconds=30))
        return sender(channel, account)

    world.channels.sender = held_up  # type: ignore[method-assign,assignment]
    await world.deliver(reply_of(world).id)
    assert (world.sender.calls, reply_of(world).status) == ([], DeliveryStatus.QUEUED)
    await world.everything_happens()
    assert world.heard == ["Good day."]


# taking over


async def test_taking_over_withdraws_what_has_not_left_and_opens_its_question_again() -> None:
    world = await with_a_reply()
    await world.staff_take_over()
    await world.everything_happens()
    assert (world.heard, reply_of(world).status) == ([], DeliveryStatus.DRAFT)
    assert [m.answered_at for m in world.questions] == [None]
    assert (world.conversation.held_by, world.conversation.unread) == (HeldBy.STAFF, 0)


async def test_taking_over_waits_for_the_one_that_is_on_the_wire() -> None:
    world = await with_a_reply()
    over = []

    async def staff_take_over() -> None:
        await world.staff_take_over()
        over.append(reply_of(world).status)

    async def somebody_presses_the_button() -> None:
        tasks.append(asyncio.create_task(staff_take_over()))
        for _ in range(10):
            await asyncio.sleep(0)
        assert over == []

    tasks: list[asyncio.Task[None]] = []
    world.sender.meanwhile.append(somebody_presses_the_button)
    await world.everything_happens()
    await tasks[0]
    assert over == [DeliveryStatus.SENT]


async def test_what_comes_back_from_a_busy_channel_after_the_take_over_never_leaves() -> None:
    world = await with_a_reply()
    tasks: list[asyncio.Task[None]] = []

    async def somebody_presses_the_button() -> None:
        tasks.append(asyncio.create_task(world.staff_take_over()))
        await asyncio.sleep(0)

    world.sender.meanwhile.append(somebody_presses_the_button)
    world.sender.busy_next()
    await world.deliver(reply_of(world).id)
    await tasks[0]
    assert reply_of(world).status is DeliveryStatus.DRAFT
    world.model.will_say("Anew.")
    await world.staff_hand_back()
    await world.everything_happens()
    assert world.heard == ["Anew."]


async def test_taking_over_does_not_wait_for_ever_for_a_process_that_died() -> None:
    world = await with_a_reply()

    async def die() -> None:
        raise asyncio.CancelledError

    world.sender.meanwhile.append(die)
    with pytest.raises(asyncio.CancelledError):
        await world.deliver(reply_of(world).id)
    before = world.clock.now()
    await world.staff_take_over()
    assert IN_FLIGHT_LIMIT <= world.clock.now() - before < IN_FLIGHT_LIMIT + timedelta(seconds=1)


async def test_a_call_cannot_last_longer_than_taking_over_waits() -> None:
    assert deliver.CLAIM_LIMIT + deliver.CALL_LIMIT < IN_FLIGHT_LIMIT


async def test_taking_over_twice_and_handing_back_twice_does_no_harm() -> None:
    world = await with_a_reply()
    await world.staff_take_over()
    await world.staff_take_over()
    await world.staff_hand_back()
    await world.staff_hand_back()
    await world.everything_happens()
    assert len(world.heard) == 1


async def test_taking_over_a_conversation_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        await TakeOver(World().database.begin, World().clock)(ConversationId("nowhere"))


async def test_taking_over_answers_the_call_for_attention() -> None:
    world = await with_a_reply()
    world.sender.reject_next()
    await world.everything_happens()
    assert world.conversation.needs_attention
    await world.staff_take_over()
    assert (world.conversation.needs_attention, world.conversation.attention_reason) == (False, None)


async def test_a_staff_reply_takes_the_conversation_and_settles_its_questions() -> None:
    world = await with_a_reply()
    await world.staff_reply("Maria here.")
    await world.everything_happens()
    assert world.heard == ["Maria here."]
    assert world.conversation.held_by is HeldBy.STAFF
    assert all(m.answered_at for m in world.questions)
    (message,) = [m for m in world.messages() if m.author.name == MARIA.name]
    assert message.status is DeliveryStatus.SENT


async def test_a_staff_reply_opens_a_closed_conversation() -> None:
    world = await with_a_reply()
    await world.staff_close()
    assert world.conversation.state is ConversationState.CLOSED
    await world.staff_reply("One more thing.")
    assert (world.conversation.state, world.conversation.held_by) == (ConversationState.OPEN, HeldBy.STAFF)


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_TEXT + 1)])
async def test_a_staff_reply_without_words_or_with_too_many_is_refused(text: str) -> None:
    world = await with_a_reply()
    with pytest.raises(DomainError):
        await world.staff_reply(text)
    assert world.conversation.held_by is HeldBy.JACK


async def test_closing_settles_everything_and_withdraws_what_has_not_left() -> None:
    world = await with_a_reply()
    await world.staff_close()
    await world.everything_happens()
    await world.time_passes(timedelta(hours=1))
    assert (world.heard, world.conversation.state) == ([], ConversationState.CLOSED)
    assert all(m.answered_at for m in world.questions)


async def test_a_conversation_that_was_given_up_and_closed_is_answered_at_once_when_it_opens_again() -> None:
    world = await with_a_reply()
    await world.everything_happens()
    world.model.will(*[ZeroDivisionError()] * 5)
    await world.guest_writes("broken")
    await world.everything_happens()
    assert world.conversation.needs_attention
    await world.staff_close()
    before = world.clock.now()
    await world.guest_writes("Hello again")
    await world.everything_happens()
    assert len(world.heard) == 2
    assert world.clock.now() - before < timedelta(seconds=5)


# the sweep


async def test_a_process_that_died_while_sending_leaves_an_unknown_fate_and_the_next_message_leaves() -> None:
    world = await with_a_reply("first")

    async def die() -> None:
        raise asyncio.CancelledError

    world.sender.meanwhile.append(die)
    with pytest.raises(asyncio.CancelledError):
        await world.deliver(reply_of(world).id)
    await world.staff_reply("second")
    await world.everything_happens()
    assert (world.heard, reply_of(world).status) == ([], DeliveryStatus.SENDING)
    await world.time_passes(timedelta(minutes=2))
    assert (world.heard, reply_of(world).status) == (["second"], DeliveryStatus.UNKNOWN)
    assert world.conversation.needs_attention


async def test_the_sweep_rings_for_everything_that_was_lost() -> None:
    world = World()
    await world.guest_writes("Hello")
    for _ in range(3):
        world.queue.clear()
        world.clock.move(timedelta(seconds=10))
        await world.sweep()
        (job,) = world.queue.jobs
        await world.play(job)
    assert world.heard == ["Certainly."]
    world.queue.clear()
    await world.time_passes(timedelta(hours=5))
    assert world.queue.jobs == []


async def test_the_sweep_leaves_alone_what_was_rung_for_just_now() -> None:
    world = await with_a_reply()
    world.queue.clear()
    await world.sweep()
    assert world.queue.jobs == []


async def test_a_message_that_is_on_the_wire_is_left_alone() -> None:
    world = await with_a_reply()

    async def the_sweep_looks() -> None:
        world.clock.move(timedelta(seconds=10))
        await world.sweep()
        assert reply_of(world).status is DeliveryStatus.SENDING

    world.sender.meanwhile.append(the_sweep_looks)
    await world.everything_happens()
    assert reply_of(world).status is DeliveryStatus.SENT


async def test_two_sweeps_at_once_do_no_harm() -> None:
    world = await with_a_reply()
    world.clock.move(timedelta(minutes=1))
    await asyncio.gather(world.sweep(), world.sweep())
    await world.everything_happens()
    assert len(world.sender.calls) == 1
    assert Deliver(message_id=reply_of(world).id) in world.queue.jobs


async def test_tidying_up_forgets_what_was_unpacked_and_keeps_what_was_not() -> None:
    world = World()
    await world.delivered(world.inbound("good"))
    await world.delivered(world.inbound(account="gone"))
    await world.receive()
    world.clock.move(timedelta(days=4))
    await world.delivered(world.inbound("waits"))
    await world.tidy_up()
    assert [bool(d.problems) for d in world.state.deliveries.values()] == [True, False]


async def test_an_outcome_outlives_a_database_that_is_away_for_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    world = await with_a_reply()
    store, tries = deliver.DeliverMessage._store_outcome, 0

    async def away_at_first(*given: Any) -> None:
        nonlocal tries
        tries += 1
        if tries <= 4:
            raise ServiceUnavailable("the database is away")
        await store(*given)

    monkeypatch.setattr(deliver.DeliverMessage, "_store_outcome", away_at_first)
    await world.deliver(reply_of(world).id)
    assert (reply_of(world).status, len(world.sender.calls)) == (DeliveryStatus.SENT, 1)
    assert not world.conversation.needs_attention


async def test_an_outcome_that_cannot_be_stored_is_an_unknown_fate_and_no_second_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await with_a_reply()

    async def away(*_: object) -> None:
        raise ServiceUnavailable("the database is away")

    monkeypatch.setattr(deliver.DeliverMessage, "_store_outcome", away)
    with pytest.raises(ServiceUnavailable):
        await world.deliver(reply_of(world).id)
    monkeypatch.undo()
    await world.time_passes(SEND_LIMIT + timedelta(seconds=1))
    assert (reply_of(world).status, len(world.sender.calls)) == (DeliveryStatus.UNKNOWN, 1)
    assert world.conversation.needs_attention


async def test_a_channel_that_is_down_is_shown_to_staff_after_a_while_and_no_more_once_the_message_left() -> None:
    world = await with_a_reply()
    shown: list[tuple[timedelta, str | None]] = []

    async def look() -> None:
        shown.append((world.clock.now() - NOW, world.conversation.attention_reason))

    for _ in range(10):
        world.sender.busy_next()
        world.sender.meanwhile.append(look)
    await world.everything_happens()
    assert {reason for age, reason in shown if age < SHOWN_AFTER} == {None}
    assert (shown[-1][1] or "").startswith(NOT_LEFT_YET)
    assert (reply_of(world).status, world.heard) == (DeliveryStatus.SENT, ["Good day."])
    assert (world.conversation.needs_attention, world.conversation.attention_reason) == (False, None)


async def test_a_call_for_staff_outlives_an_unknown_fate_that_a_receipt_settles() -> None:
    world = World()
    world.model.will(ServiceDenied("the key is wrong"))
    await world.guest_writes("Hello")
    world.sender.lose_next_answer(taken=True)
    await world.everything_happens()
    reason = world.conversation.attention_reason or ""
    assert "nobody knows" in reason
    assert "the key is wrong" in reason
    await world.delivered(world.receipt(DeliveryStatus.DELIVERED, message_id=reply_of(world).id, provider_id="late"))
    await world.everything_happens()
    assert reply_of(world).status is DeliveryStatus.DELIVERED
    assert world.conversation.attention_reason == "the language model did not answer: the key is wrong"

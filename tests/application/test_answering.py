"""AnswerConversation: one turn, one answer, whatever happens meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jack.application.errors import ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.messaging.answer import AnswerConversation
from jack.application.messaging.turn import PATIENCE, TRIES, USUAL_LIMITS, TurnLimits
from jack.application.ports.channels import InboundMessage
from jack.application.ports.jobs import Answer
from jack.application.ports.llm import Prompt
from jack.application.stays import refresh
from jack.domain.butler import Draft
from jack.domain.conversation import HeldBy
from jack.domain.ids import HotelId
from jack.domain.match import Level
from jack.domain.message import AuthorKind, DeliveryStatus, Message
from jack.domain.replies import FixedReply, fixed_reply
from jack.domain.reservation import ReservationStatus
from jack.domain.service_request import RequestedService, ServiceRequestKind, ServiceRequestStatus
from tests.application.world import World, a_sender
from tests.fakes.persistence.messaging import InMemoryMessages
from tests.hotel import HARBOUR, NOW, a_guest_snapshot, a_ref, a_reservation_snapshot

COLLEAGUE = fixed_reply(FixedReply.COLLEAGUE_WILL_ANSWER, "en")
CANNOT_READ = fixed_reply(FixedReply.CANNOT_READ_THIS, "en")
LATE_CHECKOUT = Draft(
    text="Good day, Anna. I passed it on; the team will confirm.",
    requests=(RequestedService(kind=ServiceRequestKind.LATE_CHECKOUT, details="until 14:00"),),
    model="fake",
)


async def a_guest_wrote(*texts: str) -> World:
    """Anna lives in room 204 and wrote; the messages are received, nothing is answered yet."""
    world = World()
    await world.anna_stays()
    await world.guest_writes(*(texts or ("Hello",)))
    await world.receive()
    return world


def once(world: World, what: Callable[[], Awaitable[object]]) -> None:
    """Let that happen while the model thinks about its next draft."""
    world.model.meanwhile.append(what)


async def test_a_guest_is_answered_by_name_and_room() -> None:
    world = await a_guest_wrote("Hi, I'd like late checkout")
    world.model.will_say("Good day, Anna. Your room 204 is yours until Tuesday.")
    await world.everything_happens()
    assert world.heard == ["Good day, Anna. Your room 204 is yours until Tuesday."]
    context = world.prompt.context
    assert context.guest is not None
    assert (context.guest.first_name, context.guest.last_name) == ("Anna", "Silva")
    assert [(s.room_number, s.status) for s in context.stays] == [("204", "checked_in")]
    assert context.question == "Hi, I'd like late checkout"
    assert all(m.answered_at for m in world.questions)


async def test_three_quick_messages_get_one_answer() -> None:
    world = World()
    for text in ("Hi", "I'd like", "late checkout"):
        await world.guest_writes(text)
        await world.receive()
        world.clock.move(timedelta(milliseconds=400))
    await world.everything_happens()
    assert len(world.heard) == 1
    assert world.prompt.context.question == "Hi\nI'd like\nlate checkout"


async def test_somebody_who_writes_on_and_on_is_answered_all_the_same() -> None:
    world = World()
    for n in range(40):
        await world.guest_writes(f"{n}")
        await world.receive()
        world.clock.move(timedelta(milliseconds=500))
        if world.state.conversations:
            await world.answer(world.conversation.id)
    assert len(world.model.prompts) == 1


async def test_a_message_that_comes_while_the_model_thinks_restarts_the_turn() -> None:
    world = await a_guest_wrote("A table for two")

    async def the_guest_writes_on() -> None:
        await world.guest_writes("no, for three")
        await world.receive()

    once(world, the_guest_writes_on)
    world.model.will_say("For two, very well.", "For three, very well.")
    await world.everything_happens()
    assert world.heard == ["For three, very well."]
    assert world.prompt.context.question == "A table for two\nno, for three"


async def test_a_reaction_while_the_model_thinks_does_not_restart_the_turn() -> None:
    world = await a_guest_wrote()

    async def the_guest_reacts() -> None:
        await world.guest_writes("❤", type="reaction", needs_answer=False)
        await world.receive()

    once(world, the_guest_reacts)
    await world.everything_happens()
    assert len(world.model.prompts) == len(world.heard) == 1


async def test_a_take_over_while_the_model_thinks_drops_the_draft() -> None:
    world = await a_guest_wrote()
    once(world, world.staff_take_over)
    world.model.will(LATE_CHECKOUT)
    await world.everything_happens()
    assert (world.heard, world.replies, world.state.service_requests) == ([], (), {})
    assert world.conversation.held_by is HeldBy.STAFF


async def test_a_take_over_and_hand_back_while_the_model_thinks_begins_anew() -> None:
    world = await a_guest_wrote()

    async def staff_come_and_go() -> None:
        await world.staff_take_over()
        await world.staff_hand_back()

    once(world, staff_come_and_go)
    world.model.will_say("old", "new")
    await world.everything_happens()
    assert world.heard == ["new"]


async def test_a_staff_reply_while_the_model_thinks_is_the_only_answer() -> None:
    world = await a_guest_wrote()
    once(world, world.staff_reply)
    await world.everything_happens()
    assert world.heard == ["Maria here."]


async def test_a_conversation_that_is_closed_while_the_model_thinks_gets_no_answer() -> None:
    world = await a_guest_wrote()
    once(world, world.staff_close)
    await world.everything_happens()
    assert world.heard == []


async def test_two_processes_at_once_give_one_answer() -> None:
    world = await a_guest_wrote()
    world.clock.move(timedelta(seconds=5))
    once(world, lambda: world.answer(world.conversation.id))
    await asyncio.gather(*(world.answer(world.conversation.id) for _ in range(3)))
    await world.everything_happens()
    assert (len(world.model.prompts), len(world.heard)) == (1, 1)


async def test_a_process_that_was_too_slow_and_lost_its_turn_says_nothing() -> None:
    world = await a_guest_wrote()

    async def another_process_answers() -> None:
        world.clock.move(USUAL_LIMITS.lease)
        await world.answer(world.conversation.id)

    once(world, another_process_answers)
    world.model.will_say("slow", "quick")
    await world.everything_happens()
    assert world.heard == ["quick"]


async def test_a_process_that_is_told_to_stop_gives_its_turn_back() -> None:
    world = await a_guest_wrote()

    async def told_to_stop() -> None:
        raise asyncio.CancelledError

    once(world, told_to_stop)
    with pytest.raises(asyncio.CancelledError):
        await world.everything_happens()
    assert world.conversation.turn_token is None
    await world.answer(world.conversation.id)
    await world.everything_happens()
    assert len(world.heard) == 1


@pytest.mark.parametrize("seconds", [1, 20, 300])
def test_a_turn_is_leased_for_longer_than_the_model_may_think(seconds: int) -> None:
    assert TurnLimits.for_model(timedelta(seconds=seconds)).lease > timedelta(seconds=seconds + 10)
    assert TurnLimits.for_model(timedelta(seconds=20)) == USUAL_LIMITS


async def test_a_conversation_that_staff_hold_is_never_answered() -> None:
    world = await a_guest_wrote()
    await world.staff_take_over()
    await world.everything_happens()
    await world.time_passes(timedelta(hours=2))
    assert (world.model.prompts, world.heard) == ([], [])


async def test_handing_back_answers_what_is_open_with_the_whole_history() -> None:
    world = await a_guest_wrote("Is there a crib?")
    await world.staff_reply("Yes.")
    await world.guest_writes("And a kettle?")
    await world.everything_happens()
    await world.staff_hand_back()
    await world.everything_happens()
    assert world.prompt.context.question == "And a kettle?"
    assert [(t.author, t.text) for t in world.prompt.context.history] == [
        (AuthorKind.GUEST, "Is there a crib?"),
        (AuthorKind.STAFF, "Yes."),
    ]
    assert len(world.heard) == 2


async def test_handing_back_answers_what_jack_had_no_time_to_say() -> None:
    world = await a_guest_wrote()
    world.model.will_say("never sent", "sent")
    world.clock.move(timedelta(seconds=5))
    await world.answer(world.conversation.id)
    await world.staff_take_over()
    assert [m.status for m in world.replies] == [DeliveryStatus.DRAFT]
    await world.staff_hand_back()
    await world.everything_happens()
    assert world.heard == ["sent"]
    assert world.prompt.context.history == ()


# the model fails


async def test_a_model_that_is_busy_is_asked_again_before_anybody_notices() -> None:
    world = await a_guest_wrote()
    world.model.will(ServiceUnavailable("busy"), ServiceUnavailable("busy", retry_after=timedelta(seconds=9)))
    world.model.will_say("Here I am.")
    await world.everything_happens()
    assert (world.heard, world.conversation.needs_attention) == (["Here I am."], False)
    assert timedelta(seconds=12) < world.clock.now() - NOW < timedelta(seconds=20)


async def test_a_model_that_stays_away_makes_one_honest_reply_and_calls_for_staff() -> None:
    world = await a_guest_wrote()
    world.model.will(*[ServiceUnavailable("down")] * 50)
    await world.everything_happens()
    assert world.heard == [COLLEAGUE]
    assert world.conversation.attention_reason == "the language model did not answer: down"
    assert world.clock.now() - NOW < PATIENCE
    await world.guest_writes("Hello?")
    await world.everything_happens()
    assert world.heard == [COLLEAGUE]
    assert all(m.answered_at for m in world.questions)


async def test_a_model_that_asks_for_more_time_than_the_guest_has_is_not_waited_for() -> None:
    world = await a_guest_wrote()
    world.model.will(ServiceUnavailable("too many requests", retry_after=PATIENCE))
    await world.everything_happens()
    assert world.heard == [COLLEAGUE]
    assert world.clock.now() - NOW < timedelta(seconds=10)


async def test_after_its_first_try_a_slow_model_has_no_longer_than_the_guest_waits() -> None:
    world = await a_guest_wrote()
    draft, asked = world.model.draft, 0

    async def never(prompt: Prompt) -> Draft:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise ServiceUnavailable("busy", retry_after=PATIENCE - timedelta(seconds=5))
        await asyncio.get_running_loop().create_future()
        return await draft(prompt)

    world.model.draft = never  # type: ignore[method-assign]
    async with asyncio.timeout(20):
        await world.everything_happens()
    assert (asked, world.heard) == (2, [COLLEAGUE])
    assert world.conversation.attention_reason == "the language model did not answer: the language model is too slow"


async def test_a_slow_failure_counts_as_waiting() -> None:
    world = await a_guest_wrote()

    async def slow(*_: object) -> Draft:
        world.clock.move(timedelta(seconds=60))
        raise ServiceUnavailable("too slow")

    world.model.draft = slow  # type: ignore[method-assign,assignment]
    await world.everything_happens()
    assert world.heard == [COLLEAGUE]
    assert world.clock.now() - NOW < timedelta(seconds=70)


async def test_the_honest_reply_is_said_again_on_another_day() -> None:
    world = await a_guest_wrote()
    world.model.will(ServiceDenied("no budget"), ServiceDenied("no budget"))
    await world.everything_happens()
    world.clock.move(timedelta(days=1))
    await world.guest_writes("Hello?")
    await world.everything_happens()
    assert world.heard == [COLLEAGUE, COLLEAGUE]


async def test_the_honest_reply_is_said_again_when_it_could_not_be_sent() -> None:
    world = await a_guest_wrote()
    world.model.will(ServiceDenied("no budget"), ServiceDenied("no budget"))
    world.sender.reject_next()
    await world.everything_happens()
    await world.guest_writes("Hello?")
    await world.everything_happens()
    assert world.heard == [COLLEAGUE]


@pytest.mark.parametrize("failure", [ServiceDenied("no budget"), ServiceRejected("the model refuses this")])
async def test_a_model_that_will_not_answer_is_not_asked_again(failure: Exception) -> None:
    world = await a_guest_wrote()
    world.model.will(failure)
    await world.everything_happens()
    assert (world.heard, len(world.model.prompts), world.conversation.needs_attention) == ([COLLEAGUE], 1, True)
    assert world.clock.now() - NOW < timedelta(seconds=2)


async def test_a_bug_in_a_turn_is_tried_a_few_times_and_then_given_to_staff() -> None:
    world = await a_guest_wrote()
    world.model.will(*[ZeroDivisionError("a bug")] * 50)
    await world.everything_happens()
    assert len(world.model.prompts) == TRIES
    assert (world.heard, world.conversation.attention_reason) == ([], "Jack could not answer; please reply")
    assert world.clock.now() - NOW < timedelta(minutes=2)


async def test_a_bug_that_passes_is_answered() -> None:
    world = await a_guest_wrote()
    world.model.will(ZeroDivisionError("a bug"))
    await world.everything_happens()
    assert len(world.heard) == 1
    assert world.conversation.attempts == 0


async def test_the_tries_of_a_process_that_died_are_counted() -> None:
    world = await a_guest_wrote()
    world.clock.move(timedelta(seconds=5))

    async def die() -> None:
        raise asyncio.CancelledError

    for n in range(TRIES):
        once(world, die)
        with pytest.raises(asyncio.CancelledError):
            await world.answer(world.conversation.id)
        assert world.conversation.attempts == n + 1
        world.clock.move(USUAL_LIMITS.lease)
    await world.answer(world.conversation.id)
    assert (world.conversation.needs_attention, len(world.model.prompts)) == (True, TRIES)


async def test_an_empty_draft_is_no_answer() -> None:
    world = await a_guest_wrote()
    world.model.will_say("  \n")
    await world.everything_happens()
    assert (world.heard, world.conversation.attention_reason) == ([COLLEAGUE], "the language model said nothing")


async def test_the_conversation_of_a_hotel_that_is_no_longer_served_is_given_to_staff_once() -> None:
    world = await a_guest_wrote()
    gone = replace(world.conversation, hotel_id=HotelId("closed-down"))
    world.state.conversations[gone.id] = gone
    await world.time_passes(timedelta(minutes=1))
    assert (world.model.prompts, world.conversation.needs_attention) == ([], True)
    world.queue.clear()
    await world.sweep()
    assert Answer(conversation_id=gone.id) not in world.queue.jobs


# what is asked and what is stored


async def test_a_picture_alone_gets_a_fixed_reply_and_is_shown_to_staff() -> None:
    world = World()
    await world.guest_writes("", "", type="image")
    await world.everything_happens()
    assert (world.heard, world.model.prompts, world.conversation.needs_attention) == ([CANNOT_READ], [], True)


async def test_a_picture_with_words_is_answered_for_its_words() -> None:
    world = World()
    picture = world.inbound("", type="image")
    await world.delivered(picture, world.inbound("Is this yours?"))
    await world.everything_happens()
    assert world.prompt.context.question == "Is this yours?"
    assert all(m.answered_at for m in world.questions)


async def test_a_late_checkout_becomes_a_verified_service_request_together_with_the_reply() -> None:
    world = await a_guest_wrote("Hi, I'd like late checkout")
    world.model.will(LATE_CHECKOUT)
    world.clock.move(timedelta(seconds=5))
    await world.answer(world.conversation.id)
    (request,) = world.state.service_requests.values()
    assert (request.kind, request.details, request.room_number, request.verified, request.status) == (
        ServiceRequestKind.LATE_CHECKOUT,
        "until 14:00",
        "204",
        True,
        ServiceRequestStatus.OPEN,
    )
    assert request.guest_id == world.conversation.match.guest_id
    assert len(world.replies) == 1


async def test_a_stranger_s_wish_is_marked_unverified() -> None:
    world = World()
    await world.anna_stays()
    await world.guest_writes("Late checkout for 204", sender=a_sender("+351966666661", name="Eve"))
    world.model.will(LATE_CHECKOUT)
    await world.everything_happens()
    (request,) = world.state.service_requests.values()
    assert (request.verified, request.guest_id, request.reservation_id, request.room_number) == (
        False,
        None,
        None,
        None,
    )


async def test_the_receipt_tells_the_facts_with_their_ages_and_why_they_were_allowed() -> None:
    world = await a_guest_wrote()
    await world.everything_happens()
    (reply,) = world.replies
    receipt = world.state.receipts[reply.id]
    facts = {fact.name: fact for fact in receipt.facts}
    assert facts["stay.room_number"].value == "204"
    assert facts["stay.room_number"].as_of == NOW
    assert facts["stay.room_number"].level is Level.CONTACT
    assert facts["guest.name"].value == "Anna Silva"
    assert facts["hotel.facts"].level is Level.PUBLIC
    assert receipt.questions == tuple(m.id for m in world.questions)
    assert (receipt.level, receipt.evidence) == (Level.CONTACT, world.conversation.match.evidence)
    assert (receipt.model, receipt.blocked) == ("fake", ())


async def test_what_was_withdrawn_or_failed_is_not_history() -> None:
    world = await a_guest_wrote("one")
    world.model.will_say("this is refused")
    world.sender.reject_next()
    await world.everything_happens()
    await world.guest_writes("two")
    await world.everything_happens()
    assert [turn.text for turn in world.prompt.context.history] == ["one"]


# the age of facts


async def test_a_stay_that_is_too_old_is_read_again() -> None:
    world = await a_guest_wrote()
    world.clock.move(timedelta(hours=1))
    world.book.put(a_reservation_snapshot(room_number="305", modified_at=world.clock.now()))
    await world.everything_happens()
    (stay,) = world.prompt.context.stays
    assert (stay.room_number, stay.stale) == ("305", False)
    assert stay.as_of is not None
    assert stay.as_of > NOW
    assert [r.room_number for r in world.state.reservations.values()] == ["305"]


async def test_a_fresh_stay_is_not_asked_for() -> None:
    world = await a_guest_wrote()
    asked = world.book.asked_times
    await world.everything_happens()
    assert world.book.asked_times == asked


async def test_a_stay_that_was_cancelled_meanwhile_is_not_spoken_of() -> None:
    world = await a_guest_wrote()
    world.clock.move(timedelta(hours=1))
    world.book.put(a_reservation_snapshot(status=ReservationStatus.CANCELLED, modified_at=world.clock.now()))
    await world.everything_happens()
    assert world.prompt.context.stays == ()


async def test_a_stay_that_the_pms_no_longer_has_is_not_spoken_of() -> None:
    world = await a_guest_wrote()
    world.clock.move(timedelta(hours=1))
    world.book.delete(a_ref("R-1"))
    await world.everything_happens()
    assert world.prompt.context.stays == ()
    assert all(r.gone_at for r in world.state.reservations.values())


async def test_a_stay_that_now_belongs_to_somebody_else_is_not_spoken_of() -> None:
    world = await a_guest_wrote()
    world.clock.move(timedelta(hours=1))
    other = a_guest_snapshot("zoe", last_name="Zeta")
    world.book.put(a_reservation_snapshot(guest=other, modified_at=world.clock.now()))
    await world.everything_happens()
    assert world.prompt.context.stays == ()


async def test_a_pms_that_is_down_makes_the_stay_stale_and_the_guest_does_not_wait() -> None:
    world = await a_guest_wrote()
    world.clock.move(timedelta(hours=1))
    world.book.fail(ServiceUnavailable("down"))
    await world.everything_happens()
    (stay,) = world.prompt.context.stays
    assert (stay.room_number, stay.stale, stay.as_of) == ("204", True, NOW)
    # the model is told from when the facts are, on the hotel's own clock
    assert '"as_of": "Sunday 2026-11-22, 12:00"' in world.prompt.facts
    (reply,) = world.replies
    assert "stay.stale" in {fact.name for fact in world.state.receipts[reply.id].facts}


async def test_a_pms_that_is_too_slow_makes_the_stay_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "TIME_LIMIT", timedelta(0))
    world = await a_guest_wrote()
    world.clock.move(timedelta(hours=1))
    world.book.hang()
    await world.everything_happens()
    assert [stay.stale for stay in world.prompt.context.stays] == [True]
    assert len(world.heard) == 1


async def test_a_stay_in_doubt_is_read_again_and_stale_if_that_does_not_help() -> None:
    world = await a_guest_wrote()
    (key,) = world.state.reservations
    world.state.reservations[key] = replace(world.state.reservations[key], doubt="unreadable")
    world.book.fail(ServiceRejected("still unreadable"))
    await world.everything_happens()
    assert [stay.stale for stay in world.prompt.context.stays] == [True]
    await world.guest_writes("And now?")
    await world.everything_happens()
    assert [stay.stale for stay in world.prompt.context.stays] == [False]


async def test_an_answer_in_another_language_falls_back_to_words_that_jack_has() -> None:
    world = World()
    german = a_guest_snapshot(language="de-AT")
    await world.anna_stays(guest=german)
    await world.guest_writes("Hallo")
    world.model.will(ServiceDenied("no budget"))
    await world.everything_happens()
    assert world.heard == [fixed_reply(FixedReply.COLLEAGUE_WILL_ANSWER, "de")]


async def test_a_message_that_comes_late_is_answered_too() -> None:
    world = await a_guest_wrote("new")
    await world.everything_happens()
    world.clock.move(timedelta(hours=3))
    late: InboundMessage = world.inbound("old", sent_at=NOW - timedelta(hours=1))
    await world.delivered(late)
    await world.everything_happens()
    assert (world.prompt.context.question, len(world.heard)) == ("old", 2)
    assert world.conversation.hotel_id == HARBOUR


async def writing_on(pause: timedelta, turns: int) -> World:
    """The guest writes once more in every turn while the model thinks for that long, and waits a second between."""
    world = await a_guest_wrote("Hello")

    async def writes_on() -> None:
        world.clock.move(pause)
        await world.guest_writes("and another thing")
        await world.receive()

    await world.receive()
    world.model.meanwhile = [writes_on] * turns
    world.model.will_say(*["Certainly."] * (turns + 2))
    for _ in range(turns):
        world.clock.move(timedelta(seconds=1.1))
        await world.answer(world.conversation.id)
    return world


@pytest.mark.parametrize("pause", [timedelta(seconds=1), timedelta(seconds=10), timedelta(seconds=40)])
async def test_somebody_who_writes_whenever_the_model_thinks_is_answered_in_the_end(pause: timedelta) -> None:
    world = await writing_on(pause, 8)
    first, *_ = world.questions
    assert len(world.replies) >= 1
    assert first.answered_at is not None
    assert first.answered_at - first.created_at < timedelta(seconds=60)
    await world.everything_happens()
    assert all(question.answered_at for question in world.questions)
    assert not world.conversation.needs_attention


async def test_what_came_while_the_model_thought_is_left_for_the_next_turn() -> None:
    world = await writing_on(timedelta(seconds=31), 1)
    receipt = world.state.receipts[world.replies[0].id]
    first, second = world.questions
    assert (receipt.questions, second.answered_at) == ((first.id,), None)


async def test_drafts_that_are_dropped_again_and_again_are_counted() -> None:
    world = await writing_on(timedelta(seconds=1), 2)
    assert world.conversation.attempts >= 2


async def test_a_clock_that_is_set_back_keeps_nobody_waiting() -> None:
    world = await a_guest_wrote("Hello")
    world.model.will_say("Good day.")
    world.queue.clear()
    world.clock.move(-timedelta(hours=3))
    await world.time_passes(timedelta(0))
    assert world.heard == ["Good day."]


@pytest.mark.parametrize(("times", "drafts"), [(1, 1), (4, 1), (5, 2)])
async def test_a_database_that_blinks_when_the_reply_is_stored_costs_a_moment(
    times: int, drafts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await a_guest_wrote("Hello")
    world.model.will_say("First.", "Second.")
    real = InMemoryMessages.add_outbound
    fails = [True] * times

    async def blinks(self: InMemoryMessages, message: Message, channel: str, account: str) -> None:
        if fails:
            fails.pop()
            raise ServiceUnavailable("the database is away")
        await real(self, message, channel, account)

    monkeypatch.setattr(InMemoryMessages, "add_outbound", blinks)
    began = world.clock.now()
    await world.everything_happens()
    assert world.clock.now() - began < timedelta(seconds=20)
    assert (world.heard, len(world.model.prompts)) == (["First."] if drafts == 1 else ["Second."], drafts)


async def test_a_turn_that_broke_is_given_back_to_a_database_that_is_away_for_some_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await a_guest_wrote("Hello")
    world.model.will(ServiceUnavailable("busy"))
    world.model.will_say("Good day.")
    real, tries = AnswerConversation._give_back, 0

    async def away_at_first(*given: Any) -> None:
        nonlocal tries
        tries += 1
        if tries <= 4:
            raise ServiceUnavailable("the database is away")
        await real(*given)

    monkeypatch.setattr(AnswerConversation, "_give_back", away_at_first)
    await world.everything_happens()
    assert (world.heard, world.conversation.needs_attention) == (["Good day."], False)
    assert world.clock.now() - NOW < USUAL_LIMITS.lease / 2


async def test_a_long_answer_leaves_in_parts_in_their_order_each_with_its_receipt() -> None:
    world = World()
    world.sender.longest = 40
    world.model.will_say("Breakfast is served from 7:00 to 10:30.\n\nThe pool is open all day. Enjoy your stay!")
    await world.guest_writes("When is breakfast?")
    await world.everything_happens()

    assert world.heard == ["Breakfast is served from 7:00 to 10:30.", "The pool is open all day.", "Enjoy your stay!"]
    assert all(world.state.receipts[reply.id].message_id == reply.id for reply in world.replies)

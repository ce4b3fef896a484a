"""MatchGuest and CorrectMatch: who is writing, and how we know."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jack.application.errors import Conflict, NotFound
from jack.domain.ids import ConversationId, GuestId, ReservationId
from jack.domain.match import NOBODY, Level, MatchOutcome
from jack.domain.message import AuthorKind, DeliveryStatus
from jack.domain.reservation import ReservationStatus
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot
from tests.application.world import World, a_sender
from tests.hotel import ANNA_PHONE, HARBOUR, a_guest_snapshot, a_reservation_snapshot


def holder(key: str, phone: str = ANNA_PHONE, **fields: Any) -> GuestSnapshot:
    return a_guest_snapshot(key, phones=(phone,), last_name=key.capitalize(), **fields)


def stay_of(key: str, room: str, **fields: Any) -> ReservationSnapshot:
    return a_reservation_snapshot(f"R-{key}", guest=holder(key), room_number=room, **fields)


async def written(*stays: ReservationSnapshot, **sender: Any) -> World:
    """These stays are synced, and somebody wrote."""
    world = World(*stays)
    await world.sync(HARBOUR)
    await world.guest_writes("Hello", sender=a_sender(**sender))
    await world.receive()
    return world


def guest_of(world: World, first_name: str) -> GuestId:
    return next(g.id for g in world.state.guests.values() if g.first_name == first_name)


def stay_with(world: World, room: str) -> ReservationId:
    return next(r.id for r in world.state.reservations.values() if r.room_number == room)


async def test_a_sender_is_the_guest_who_holds_the_phone() -> None:
    world = await written(a_reservation_snapshot())
    match = await world.match(world.conversation.id)
    assert (match.outcome, match.level) == (MatchOutcome.MATCHED, Level.CONTACT)
    assert match.reservation_id == stay_with(world, "204")
    assert world.conversation.match == match
    assert match.evidence == ("the guest's record holds this contact point", "one stay is nearest: in house today")


async def test_a_stranger_is_unknown() -> None:
    world = await written(a_reservation_snapshot(), phone="+351966666661")
    assert (await world.match(world.conversation.id)).outcome is MatchOutcome.UNKNOWN


async def test_an_unknown_conversation_is_not_found() -> None:
    with pytest.raises(NotFound):
        await World().match(ConversationId("nowhere"))


async def test_a_guest_without_a_phone_number_is_unknown_until_a_phone_joins() -> None:
    world = await written(a_reservation_snapshot(), phone=None, user_id="PT.1")
    assert world.conversation.match.guest_id is None
    await world.guest_writes("It is me", sender=a_sender(user_id="PT.1"))
    await world.everything_happens()
    assert world.conversation.match.outcome is MatchOutcome.MATCHED
    assert {identity.kind for *_, identity in world.state.identities} == {"user_id", "wa_id"}


async def test_a_user_id_that_joins_keeps_the_conversation_of_the_phone() -> None:
    world = await written(a_reservation_snapshot())
    await world.guest_writes("Me again", sender=a_sender(user_id="PT.1"))
    await world.guest_writes("And without a phone", sender=a_sender(None, user_id="PT.1"))
    await world.receive()
    assert len(world.messages()) == 3
    assert world.conversation.match.outcome is MatchOutcome.MATCHED


async def test_a_recycled_number_opens_a_conversation_of_its_own() -> None:
    world = await written(a_reservation_snapshot(), user_id="PT.1")
    (first,) = world.state.conversations
    await world.guest_writes("I am new here", sender=a_sender(user_id="PT.2", name="Zoe"))
    await world.receive()
    assert len(world.state.conversations) == 2
    await world.guest_writes("No user id this time")
    await world.receive()
    assert len(world.messages(first)) == 1


async def test_who_gave_up_a_number_is_not_taken_for_the_guest_who_has_it_now() -> None:
    world = await written(a_reservation_snapshot(), user_id="PT.1")
    (first,) = world.state.conversations
    await world.guest_writes("I am new here", sender=a_sender(user_id="PT.2", name="Zoe"))
    await world.guest_writes("I have no number any more", sender=a_sender(None, user_id="PT.1"))
    await world.everything_happens()
    assert world.state.conversations[first].match.outcome is MatchOutcome.UNKNOWN


async def test_a_number_in_two_spellings_is_one_conversation() -> None:
    spelled = a_sender("+5215512345678")
    both = replace(spelled, identities=(*spelled.identities, *a_sender("+525512345678").identities))
    world = World()
    await world.guest_writes("one", sender=both)
    await world.guest_writes("two", sender=both)
    await world.guest_writes("three", sender=a_sender("+525512345678"))
    await world.receive()
    assert [m.text for m in world.messages()] == ["one", "two", "three"]


async def test_a_sender_who_changed_the_number_is_still_known_by_the_new_one_alone() -> None:
    world = World()
    await world.guest_writes("one", sender=a_sender("+351966666661", user_id="PT.1"))
    await world.guest_writes("two", sender=a_sender("+351966666662", user_id="PT.1"))
    await world.guest_writes("three", sender=a_sender("+351966666662"))
    await world.receive()
    assert len(world.messages()) == 3


async def test_a_couple_with_one_phone_in_house_together_is_not_guessed_between() -> None:
    world = await written(stay_of("anna", "204"), stay_of("bruno", "310"))
    match = world.conversation.match
    assert (match.outcome, match.level, match.guest_id) == (MatchOutcome.AMBIGUOUS, Level.PUBLIC, None)


async def test_of_two_with_one_phone_the_one_who_is_here_is_meant() -> None:
    future = stay_of("bruno", "310", arrival=5, departure=7, status=ReservationStatus.CONFIRMED)
    world = await written(stay_of("anna", "204"), future)
    assert world.conversation.match.guest_id == guest_of(world, "Anna")


async def test_the_phone_of_an_agency_identifies_nobody() -> None:
    world = await written(*(stay_of(f"guest{n}", str(200 + n)) for n in range(5)))
    match = world.conversation.match
    assert (match.outcome, match.guest_id) == (MatchOutcome.UNKNOWN, None)
    assert match.evidence == ("5 guests share this contact point, so it identifies nobody",)


async def test_a_number_read_with_the_hotels_region_counts_only_together_with_the_name() -> None:
    assumed = a_guest_snapshot(phones=("912 345 678",), country=None)
    world = await written(a_reservation_snapshot(guest=assumed), name="somebody")
    assert world.conversation.match.level is Level.CLAIMED
    world = await written(a_reservation_snapshot(guest=assumed), name="Anna Silva")
    assert world.conversation.match.level is Level.CONTACT


async def test_what_staff_decide_stands_when_jack_would_say_otherwise() -> None:
    world = await written(stay_of("anna", "204"), a_reservation_snapshot("R-z", guest=holder("zoe", "+351966666661")))
    zoe = guest_of(world, "Zoe")
    match = await world.staff_match(zoe)
    assert (match.level, match.evidence) == (Level.STAFF, ("Maria confirmed who is writing",))
    await world.guest_writes("Hello?")
    await world.everything_happens()
    assert (await world.match(world.conversation.id)).guest_id == zoe
    assert world.conversation.match.guest_id == zoe


async def test_what_staff_decided_can_be_undone() -> None:
    world = await written(stay_of("anna", "204"), a_reservation_snapshot("R-z", guest=holder("zoe", "+351966666661")))
    await world.staff_match(guest_of(world, "Zoe"))
    match = await world.staff_match(None)
    assert (match.guest_id, match.level) == (guest_of(world, "Anna"), Level.CONTACT)
    assert not world.conversation.match_by_staff


async def test_staff_cannot_give_a_guest_the_stay_of_somebody_else() -> None:
    world = await written(stay_of("anna", "204"), stay_of("bruno", "310"))
    with pytest.raises(Conflict):
        await world.staff_match(guest_of(world, "Anna"), stay_with(world, "310"))
    with pytest.raises(NotFound):
        await world.staff_match(GuestId("nobody"))
    with pytest.raises(NotFound):
        await world.staff_match(guest_of(world, "Anna"), ReservationId("nothing"))
    assert world.conversation.match.outcome is MatchOutcome.AMBIGUOUS


async def test_staff_who_name_only_the_guest_mean_the_one_stay_that_is_nearest() -> None:
    world = await written(stay_of("anna", "204"), stay_of("bruno", "310"))
    match = await world.staff_match(guest_of(world, "Anna"))
    assert match.reservation_id == stay_with(world, "204")


async def test_of_two_rooms_of_one_guest_staff_must_name_the_one_they_mean() -> None:
    two = [a_reservation_snapshot(key, room_number=room) for key, room in (("R-1", "204"), ("R-2", "205"))]
    world = await written(*two)
    assert (await world.staff_match(guest_of(world, "Anna"))).reservation_id is None


async def test_the_stay_that_staff_chose_is_the_one_that_jack_speaks_of() -> None:
    later = a_reservation_snapshot(
        "R-later", arrival=9, departure=12, status=ReservationStatus.CONFIRMED, room_number=None, room_type="Suite"
    )
    world = await written(a_reservation_snapshot(), later)
    chosen = next(r.id for r in world.state.reservations.values() if r.ref.key == "R-later")
    await world.staff_match(guest_of(world, "Anna"), chosen)
    await world.everything_happens()
    assert [stay.room_type for stay in world.prompt.context.stays] == ["Suite"]


async def test_a_reply_that_waits_for_somebody_else_never_leaves_once_staff_correct_the_match() -> None:
    world = await written(stay_of("anna", "204"), a_reservation_snapshot("R-z", guest=holder("zoe", "+351966666661")))
    world.model.will_say("Your room is 204.", "Good day, Zoe.")
    world.clock.move(world.hotel.quiet_time)
    await world.answer(world.conversation.id)
    await world.staff_match(guest_of(world, "Zoe"))
    await world.time_passes(world.hotel.max_age)
    assert world.heard == ["Good day, Zoe."]


async def test_a_match_that_staff_correct_while_the_model_thinks_drops_the_draft() -> None:
    world = await written(stay_of("anna", "204"), a_reservation_snapshot("R-z", guest=holder("zoe", "+351966666661")))
    world.model.will_say("Your room is 204.", "Good day, Zoe.")
    world.model.meanwhile.append(lambda: world.staff_match(guest_of(world, "Zoe")))
    await world.everything_happens()
    assert world.heard == ["Good day, Zoe."]
    assert world.prompt.context.guest is not None
    assert world.prompt.context.guest.first_name == "Zoe"


async def with_a_reply_to_anna() -> World:
    """Jack's reply to Anna is queued; Zoe is a guest as well, and Anna has a second stay."""
    world = await written(
        stay_of("anna", "204"),
        a_reservation_snapshot("R-z", guest=holder("zoe", "+351966666661")),
        a_reservation_snapshot("R-later", room_type="Suite", arrival=30, departure=33),
    )
    world.model.will_say("Your room is 204.", "Anew.")
    world.clock.move(world.hotel.quiet_time)
    await world.answer(world.conversation.id)
    return world


def stay_called(world: World, key: str) -> ReservationId:
    return next(r.id for r in world.state.reservations.values() if r.ref.key == key)


async def corrected_while_the_channel_is_busy(world: World, *which: object) -> None:
    """Staff correct the match while the reply is on the wire; the channel does not take it, and time passes."""
    tasks: list[asyncio.Task[object]] = []

    async def staff_correct_it() -> None:
        tasks.append(asyncio.create_task(world.staff_match(*which)))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not tasks[0].done()

    world.sender.meanwhile.append(staff_correct_it)
    world.sender.busy_next()
    await world.deliver(world.replies[0].id)
    await tasks[0]


async def test_a_reply_that_comes_back_from_a_busy_channel_after_a_correction_never_leaves() -> None:
    world = await with_a_reply_to_anna()
    await corrected_while_the_channel_is_busy(world, guest_of(world, "Zoe"))
    assert world.replies[0].status is DeliveryStatus.DRAFT
    assert [m.answered_at for m in world.questions] == [None]
    await world.time_passes(world.hotel.max_age)
    assert world.heard == ["Anew."]


async def test_a_reply_about_another_stay_that_comes_back_after_a_correction_never_leaves() -> None:
    world = await with_a_reply_to_anna()
    await corrected_while_the_channel_is_busy(world, guest_of(world, "Anna"), stay_called(world, "R-later"))
    await world.time_passes(world.hotel.max_age)
    assert world.heard == ["Anew."]


async def test_a_reply_that_waits_never_leaves_once_staff_choose_another_stay() -> None:
    world = await with_a_reply_to_anna()
    await world.staff_match(guest_of(world, "Anna"), stay_called(world, "R-later"))
    await world.time_passes(world.hotel.max_age)
    assert world.heard == ["Anew."]


async def test_a_reply_that_waits_never_leaves_once_its_level_is_lowered() -> None:
    world = await written(stay_of("anna", "204"))
    stay = stay_called(world, "R-anna")
    await world.staff_match(guest_of(world, "Anna"), stay)
    world.model.will_say("Your room is 204.", "Anew.")
    world.clock.move(world.hotel.quiet_time)
    await world.answer(world.conversation.id)
    assert (await world.staff_match(None)).reservation_id == stay
    await world.time_passes(world.hotel.max_age)
    assert world.heard == ["Anew."]


async def test_a_reply_that_waits_never_leaves_once_the_sender_is_taken_for_somebody_else() -> None:
    world = await with_a_reply_to_anna()
    conversation = world.conversation
    async with world.database.begin() as uow:
        await uow.conversations.save(conversation.matched(NOBODY))
        await uow.commit()
    await world.deliver(world.replies[0].id)
    assert (world.heard, world.replies[0].status) == ([], DeliveryStatus.DRAFT)


async def a_reply_bounced(**sender: Any) -> World:
    """A busy channel gave Jack's reply to Anna back to the queue."""
    world = await written(a_reservation_snapshot(), **sender)
    world.model.will_say("Your room is 204.", "Hello.", "Hello.", "Hello.")
    world.clock.move(world.hotel.quiet_time)
    await world.answer(world.conversation.id)
    world.sender.busy_next(timedelta(seconds=30))
    await world.deliver(world.replies[0].id)
    return world


async def test_who_got_a_recycled_number_does_not_get_the_reply_that_waited_for_the_one_before() -> None:
    world = await a_reply_bounced(user_id="PT.1")
    (first,) = world.state.conversations
    await world.guest_writes("Is there a pool?", sender=a_sender(user_id="PT.2", name="Bob"))
    await world.receive()
    before = world.state.conversations[first]
    assert (before.match, before.phone, before.address) == (NOBODY, None, "PT.1")
    await world.time_passes(timedelta(minutes=1))
    assert sorted((text.address, text.text) for text in world.sender.taken) == [
        (ANNA_PHONE.removeprefix("+"), "Hello."),
        ("PT.1", "Hello."),
    ]


async def test_a_recycled_number_ends_also_what_staff_decided() -> None:
    world = await written(a_reservation_snapshot(), user_id="PT.1")
    (first,) = world.state.conversations
    await world.staff_match(guest_of(world, "Anna"))
    await world.guest_writes("Is there a pool?", sender=a_sender(user_id="PT.2", name="Bob"))
    await world.receive()
    before = world.state.conversations[first]
    assert (before.match, before.match_by_staff) == (NOBODY, False)


async def test_a_turn_in_flight_is_void_once_the_number_belongs_to_somebody_else() -> None:
    world = await written(a_reservation_snapshot(), user_id="PT.1")
    (first,) = world.state.conversations

    async def somebody_else_writes() -> None:
        await world.guest_writes("Is there a pool?", sender=a_sender(user_id="PT.2", name="Bob"))
        await world.receive()

    world.model.will_say("Your room is 204.", "Hello.", "Hello.")
    world.model.meanwhile.append(somebody_else_writes)
    world.clock.move(world.hotel.quiet_time)
    await world.answer(first)
    assert [m.text for m in world.replies if m.conversation_id == first] == ["Hello."]


async def test_who_lost_the_only_address_is_shown_to_staff_and_sent_nothing() -> None:
    world = await a_reply_bounced()
    (first,) = world.state.conversations
    await world.guest_writes("It is me", sender=a_sender(None, user_id="PT.2", name="Bob"))
    await world.receive()
    await world.guest_writes("Is there a pool?", sender=a_sender(user_id="PT.2", name="Bob"))
    await world.time_passes(timedelta(minutes=1))
    before = world.state.conversations[first]
    assert (before.address, before.needs_attention) == ("", True)
    assert [m.status for m in world.messages(first) if m.author.kind is AuthorKind.JACK] == [DeliveryStatus.DRAFT]

"""The disclosure firewall, with models that want to tell."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jack.domain.butler import Draft
from jack.domain.match import Level, MatchOutcome
from jack.domain.message import AuthorKind
from jack.domain.replies import FixedReply, fixed_reply
from jack.domain.reservation import ReservationStatus
from jack.domain.snapshot import ReservationSnapshot
from tests.application.world import World, a_sender
from tests.hotel import ANNA_PHONE, HARBOUR, NOW, a_guest_snapshot, a_reservation_snapshot

COLLEAGUE = fixed_reply(FixedReply.COLLEAGUE_WILL_ANSWER, "en")
BRUNO = a_guest_snapshot(
    "bruno", last_name="Müller-Ödön", phones=(ANNA_PHONE, "+4930231250123"), emails=("bruno@example.org",)
)


def brunos_stay(**fields: Any) -> ReservationSnapshot:
    """Bruno has Anna's phone in his record too; he lives in 310 from 18 to 30 November."""
    return a_reservation_snapshot(
        "R-2", guest=BRUNO, room_number="310", confirmation_number="HX-77120", arrival=-4, departure=8, **fields
    )


async def asked(*stays: ReservationSnapshot, text: str = "Hello", says: str = "Certainly.", **sender: Any) -> World:
    """These stays are synced, somebody wrote, and this was the model's draft."""
    world = World(*stays)
    await world.sync(HARBOUR)
    await world.guest_writes(text, sender=a_sender(**sender))
    world.model.will(Draft(text=says, model="hostile"))
    await world.everything_happens()
    return world


async def test_a_stranger_is_told_nothing_and_the_model_knows_nothing() -> None:
    world = await asked(a_reservation_snapshot(), phone="+351966666661")
    prompt = world.prompt
    everything = json.dumps([prompt.persona, prompt.facts, repr(prompt.context)])
    for value in ("Silva", "204", "CN-R-1", "Deluxe", "feather", "2026-11-21", "2026-11-24"):
        assert value not in everything
    assert (prompt.context.level, prompt.context.guest, prompt.context.stays) == (Level.PUBLIC, None, ())


async def test_below_contact_no_fact_of_the_matched_guest_is_in_the_prompt() -> None:
    assumed = a_guest_snapshot(phones=("912 345 678",), country=None)
    world = await asked(a_reservation_snapshot(guest=assumed), name="somebody", text="Which room do I have?")
    assert world.conversation.match.level is Level.CLAIMED
    assert world.prompt.context.guest is None
    assert "204" not in world.prompt.facts
    assert "Silva" not in world.prompt.facts


async def test_the_room_is_not_in_the_prompt_before_check_in() -> None:
    world = await asked(a_reservation_snapshot(status=ReservationStatus.CONFIRMED, arrival=0))
    assert [stay.room_number for stay in world.prompt.context.stays] == [None]
    world = await asked(a_reservation_snapshot(status=ReservationStatus.CONFIRMED, arrival=0), says="Your room is 204.")
    assert world.heard == [COLLEAGUE]


async def test_a_guest_may_be_told_their_own_room_and_dates() -> None:
    says = "Anna Silva, room 204, until November 24th. Breakfast is served until 10:30 today, 22 November."
    assert (await asked(a_reservation_snapshot(), says=says)).heard == [says]


@pytest.mark.parametrize(
    "says",
    [
        "Room 310 is his.",
        "room310",
        "_310_",
        "*310*",
        "3 1 0",
        "3-1-0",
        "\uff13\uff11\uff10",
        "٣١٠",
        "3\u200b10",
        "HX-77120",
        "hx 77120",
        "Hx.7.7.1.2.0",
        "bruno müller-ödön",
        "BRUNO MULLER ODON",
        "Herr _Müller-Ödön_",
        "+49 30 231 25 0123",
        "(030) 23125-0123",
        "bruno@example.org",
        "BRUNO @ EXAMPLE . ORG",
        "until 2026-11-30",
        "until 30/11",
        "until 30.11.2026",
        "until 11/30",
        "until the 30th of November",
        "bis 30. November",
        "hasta el 30 de noviembre",
        "jusqu'au 30 novembre",
        "Nov 30",
        "November the 30th",
        "18.11.",
    ],
)
async def test_a_draft_that_tells_of_another_guest_is_stopped_however_it_is_written(says: str) -> None:
    world = await asked(a_reservation_snapshot(), brunos_stay(status=ReservationStatus.CONFIRMED), says=says)
    assert world.conversation.match.outcome is MatchOutcome.MATCHED
    assert (world.heard, world.conversation.needs_attention) == ([COLLEAGUE], True)
    (reply,) = world.replies
    receipt = world.state.receipts[reply.id]
    assert len(receipt.blocked) >= 1
    assert "310" not in f"{world.conversation.attention_reason} {receipt.blocked}"


@pytest.mark.parametrize(
    "says",
    [
        "Breakfast is served from 7:00 to 10:30.",
        "The price is 1310 euros, the code 3100, the hall is on floor 31.",
        "Brunothek is our wine bar; may I book a table for 3, at 10 pm?",
        "Until Tuesday, 24 November, room 204 is yours.",
        "We open on 3 November and on 18 December.",
    ],
)
async def test_a_harmless_draft_is_not_stopped(says: str) -> None:
    world = await asked(a_reservation_snapshot(), brunos_stay(status=ReservationStatus.CONFIRMED), says=says)
    assert world.heard == [says]


async def test_what_the_sender_wrote_is_no_secret_of_that_answer() -> None:
    says = "I passed it on to the team; they will look for Bruno Müller-Ödön."
    stays = (a_reservation_snapshot(), brunos_stay(status=ReservationStatus.CONFIRMED))
    world = await asked(*stays, text="Tell Bruno Müller-Ödön that I wait", says=says)
    assert world.heard == [says]


async def test_a_couple_that_shares_a_phone_is_told_nothing_of_either() -> None:
    for says in ("You are in 204.", "You are in 310.", "Good day, Anna Silva!", "Until 24 November."):
        world = await asked(a_reservation_snapshot(), brunos_stay(), says=says)
        assert world.prompt.context.ambiguous
        assert (world.prompt.context.stays, world.heard) == ((), [COLLEAGUE])


async def test_what_jack_said_to_a_guest_is_not_told_once_the_sender_is_in_doubt() -> None:
    world = await asked(a_reservation_snapshot(), says="Anna, your room is 204.")
    world.book.put(brunos_stay(modified_at=world.clock.now()))
    world.clock.move(world.hotel.quiet_time)
    await world.sync(HARBOUR)
    await world.guest_writes("And which room is mine?")
    world.model.will_say("It is 204.")
    await world.everything_happens()
    assert world.conversation.match.outcome is MatchOutcome.AMBIGUOUS
    assert [turn.text for turn in world.prompt.context.history] == ["Hello"]
    assert world.heard == ["Anna, your room is 204.", COLLEAGUE]


async def test_what_jack_said_to_the_wrong_person_is_not_told_again_once_staff_correct_it() -> None:
    zoe = a_reservation_snapshot("R-z", guest=a_guest_snapshot("zoe", last_name="Zeta"), room_number="117")
    world = await asked(a_reservation_snapshot(), zoe, says="Anna, your room is 204.")
    await world.staff_match(next(g.id for g in world.state.guests.values() if g.first_name == "Zoe"))
    await world.guest_writes("And my room?")
    world.model.will_say("It is 204.")
    await world.everything_happens()
    assert [stay.room_number for stay in world.prompt.context.stays] == ["117"]
    assert "204" not in " ".join(turn.text for turn in world.prompt.context.history)
    assert world.heard[-1] == COLLEAGUE


async def test_a_new_room_that_was_read_just_now_is_protected_too() -> None:
    world = World(a_reservation_snapshot(status=ReservationStatus.CONFIRMED, arrival=0, room_number=None))
    await world.sync(HARBOUR)
    world.clock.move(world.hotel.max_age * 2)
    world.book.put(
        a_reservation_snapshot(
            status=ReservationStatus.CONFIRMED, arrival=0, room_number="555", modified_at=world.clock.now()
        )
    )
    await world.guest_writes("Which room will I have?")
    world.model.will_say("You will have 555.")
    await world.everything_happens()
    assert world.heard == [COLLEAGUE]


async def test_a_stopped_draft_opens_no_service_request() -> None:
    world = World(a_reservation_snapshot(), brunos_stay(status=ReservationStatus.CONFIRMED))
    await world.sync(HARBOUR)
    await world.guest_writes("Hello")
    world.model.will(Draft(text="Bruno is in 310.", model="hostile"))
    await world.everything_happens()
    assert world.state.service_requests == {}


VALUES = ("310", "HX-77120", "Bruno Müller-Ödön", "Müller-Ödön", "+4930231250123", "bruno@example.org", "2026-11-30")
NOISE = st.sampled_from(["", " ", "\n", "*", "_", "~", "`", ".", ", ", "(", ")", ": ", "\u200b", "\u00a0", "#"])
DISGUISES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str.strip, str.upper, str.lower, str.swapcase])


@st.composite
def hostile_texts(draw: st.DrawFn) -> str:
    """A protected value in some disguise, with anything around it that is not part of the same word."""
    value = draw(DISGUISES)(draw(st.sampled_from(VALUES)))
    around = st.text(max_size=30).map(lambda text: f"{text} ")
    hidden = "".join(f"{ch}\u200d" if draw(st.booleans()) else ch for ch in value)
    return draw(around) + draw(NOISE) + hidden + draw(NOISE) + " " + draw(st.text(max_size=30))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(says=hostile_texts())
async def test_no_text_of_a_hostile_model_brings_a_protected_value_to_the_guest(says: str) -> None:
    stays = (a_reservation_snapshot(), brunos_stay(status=ReservationStatus.CONFIRMED))
    world = await asked(*stays, says=says)
    assert world.heard == [COLLEAGUE]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(says=st.text(max_size=80) | st.text(alphabet="310 ./-_RoomHX", max_size=30))
@example(says="\ud800 310")
@example(says="\x00310\x00")
async def test_whatever_leaves_names_no_protected_value_in_plain_sight(says: str) -> None:
    stays = (a_reservation_snapshot(), brunos_stay(status=ReservationStatus.CONFIRMED))
    world = await asked(*stays, says=says)
    (heard,) = world.heard
    words = heard.replace("_", " ").split()
    assert not any(value in words for value in VALUES)


STRANGER = a_guest_snapshot(
    "carla", first_name="Carla", last_name="Weißmüller", phones=("+4915123456789",), emails=("carla@example.org",)
)
"""Somebody else in the hotel, who has nothing to do with Anna."""


def carlas_stay() -> ReservationSnapshot:
    """Carla lives in 417."""
    return a_reservation_snapshot("R-9", guest=STRANGER, room_number="417", confirmation_number="ZZ41790")


@pytest.mark.parametrize(
    "says",
    [
        "Your neighbour is in room 417.",
        "Zimmer Nr. 417 ist belegt.",
        "They live in the 417 suite.",
        "carla weissmuller is here as well.",
        "Booking ZZ41790 is paid.",
        "Write to Carla@example.org.",
        "Ring her: +49 1512 3456789.",
    ],
)
async def test_a_guest_who_has_nothing_to_do_with_the_sender_is_not_named_either(says: str) -> None:
    world = await asked(a_reservation_snapshot(), carlas_stay(), says=says)
    assert world.heard == [COLLEAGUE]
    assert world.conversation.needs_attention


@pytest.mark.parametrize(
    "says",
    [
        "A taxi to the airport costs about 417 euros.",
        "Room service is open; room 204 is yours.",
        "Carla Bruni once stayed in this town.",
    ],
)
async def test_a_figure_or_a_name_that_only_looks_like_a_guests_may_leave(says: str) -> None:
    assert (await asked(a_reservation_snapshot(), carlas_stay(), says=says)).heard == [says]


async def test_what_the_sender_wrote_about_somebody_may_be_repeated() -> None:
    says = "I cannot say who lives in room 417."
    world = await asked(a_reservation_snapshot(), carlas_stay(), text="Who lives in room 417?", says=says)
    assert world.heard == [says]


NO_PHONE = a_guest_snapshot(phones=(), modified_at=NOW + timedelta(minutes=1))
SAID = "Good day Anna, you live in room 204 until November 24."
HOSTILE = "Anna lives in room 204 until November 24."


async def anna_was_told(*, by_staff: bool = False) -> World:
    """Anna heard her room and her date in this conversation."""
    world = await asked(a_reservation_snapshot(), says="Certainly." if by_staff else SAID)
    if by_staff:
        await world.staff_reply(SAID)
        await world.everything_happens()
        await world.staff_hand_back()
    return world


async def pms_says(world: World, later: timedelta, *stays: ReservationSnapshot) -> None:
    """These stays are synced after that time."""
    world.clock.move(later)
    for stay in stays:
        world.book.put(replace(stay, modified_at=world.clock.now() - timedelta(seconds=1)))
    await world.sync(HARBOUR)


async def asks_again(world: World, says: str = HOSTILE) -> str:
    """The sender asks once more; the last that they heard, while the model says that."""
    await world.guest_writes("Who stayed here?")
    world.model.will_say(says)
    await world.everything_happens()
    return world.heard[-1]


def jack_and_staff_said(world: World) -> list[str]:
    return [turn.text for turn in world.prompt.context.history if turn.author is not AuthorKind.GUEST]


@pytest.mark.parametrize("by_staff", [False, True])
async def test_what_was_said_to_a_guest_is_gone_once_the_pms_takes_the_phone_away(by_staff: bool) -> None:
    world = await anna_was_told(by_staff=by_staff)
    await pms_says(world, timedelta(minutes=5), a_reservation_snapshot(guest=NO_PHONE))
    assert await asks_again(world) == COLLEAGUE
    assert world.conversation.match.level is Level.PUBLIC
    assert SAID not in jack_and_staff_said(world)


@pytest.mark.parametrize("by_staff", [False, True])
@pytest.mark.parametrize("says", [HOSTILE, "It was 204.", "Until 24 November.", "Anna Silva was here."])
async def test_who_has_the_phone_after_a_guest_hears_nothing_of_what_was_said_to_the_guest(
    says: str, by_staff: bool
) -> None:
    world = await anna_was_told(by_staff=by_staff)
    yves = a_guest_snapshot("yves", last_name="Moreau", phones=(ANNA_PHONE,))
    his = a_reservation_snapshot(
        "Y", guest=yves, room_number="411", status=ReservationStatus.CONFIRMED, arrival=30, departure=33
    )
    await pms_says(world, timedelta(days=20), his)
    assert await asks_again(world, says) == COLLEAGUE
    assert (world.prompt.context.guest or NO_PHONE).first_name == "Yves"
    assert SAID not in jack_and_staff_said(world)


async def test_what_was_said_to_a_guest_is_gone_once_the_phone_is_an_agencys() -> None:
    world = await anna_was_told()
    others = (
        a_reservation_snapshot(
            f"X{n}", room_number=f"40{n}", guest=a_guest_snapshot(f"x{n}", last_name=f"Ag{n}", phones=(ANNA_PHONE,))
        )
        for n in range(5)
    )
    await pms_says(world, timedelta(minutes=5), *others)
    assert await asks_again(world) == COLLEAGUE
    assert jack_and_staff_said(world) == []


async def test_a_room_that_was_told_stays_protected_after_the_guest_moved() -> None:
    world = await anna_was_told()
    await pms_says(world, timedelta(minutes=5), a_reservation_snapshot(guest=NO_PHONE, room_number="733"))
    assert await asks_again(world, "That was 204.") == COLLEAGUE


async def test_the_same_guest_keeps_the_history_and_anybody_keeps_what_was_said_to_nobody() -> None:
    world = await anna_was_told()
    assert await asks_again(world, "You asked about room 204.") == "You asked about room 204."
    assert jack_and_staff_said(world) == [SAID]
    world = await asked(says="Breakfast is at seven.")
    await pms_says(world, timedelta(minutes=5), a_reservation_snapshot())
    assert await asks_again(world, "Room 204, Anna.") == "Room 204, Anna."
    assert jack_and_staff_said(world) == ["Breakfast is at seven."]


async def test_a_fixed_reply_stays_in_the_history_of_whoever_writes() -> None:
    world = await asked(a_reservation_snapshot(), says="")
    await pms_says(world, timedelta(minutes=5), a_reservation_snapshot(guest=NO_PHONE))
    await asks_again(world, "Hello.")
    assert jack_and_staff_said(world) == [COLLEAGUE]


async def test_a_short_room_number_does_not_stop_a_figure_and_may_be_told_to_who_lives_there() -> None:
    booked = a_reservation_snapshot(status=ReservationStatus.CONFIRMED, arrival=2, departure=5, room_number="3")
    assert (await asked(booked, says="You stay 3 nights, Anna.")).heard == ["You stay 3 nights, Anna."]
    assert (await asked(booked, says="You will have room 3.")).heard == [COLLEAGUE]
    living = a_reservation_snapshot(room_number="3")
    assert (await asked(living, says="Your room is 3, room 3.")).heard == ["Your room is 3, room 3."]


async def test_the_receipt_says_at_which_level_a_fact_was_allowed() -> None:
    world = await asked(a_reservation_snapshot())
    await world.staff_match(next(iter(world.state.guests)))
    await world.guest_writes("Hello again")
    await world.everything_happens()
    facts = world.state.receipts[world.replies[-1].id].facts
    assert {fact.level for fact in facts if fact.name.startswith("stay.")} == {Level.STAFF}

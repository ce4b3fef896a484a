"""Who holds a conversation, and whose turn it is."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.domain.contact import PhoneNumber
from jack.domain.conversation import ChannelIdentity, ConversationState, HeldBy
from jack.domain.errors import DomainError
from jack.domain.ids import GuestId
from jack.domain.match import NOBODY, Level, Match, MatchOutcome
from tests.hotel import ANNA_PHONE, NOW, a_conversation

LIMIT = timedelta(minutes=2)
ANNA = Match(outcome=MatchOutcome.MATCHED, level=Level.CONTACT, guest_id=GuestId("guest-anna"))
BRUNO = Match(outcome=MatchOutcome.MATCHED, level=Level.STAFF, guest_id=GuestId("guest-bruno"))

seconds = st.integers(min_value=0, max_value=600).map(lambda n: timedelta(seconds=n))


@given(takes=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), seconds), min_size=1, max_size=12))
def test_never_do_two_processes_hold_one_turn(takes: list[tuple[str, timedelta]]) -> None:
    conversation, now = a_conversation(), NOW
    held_until: datetime | None = None
    for token, wait in takes:
        now += wait
        taken = conversation.turn_taken(token, now, LIMIT)
        assert (taken is None) == (held_until is not None and now < held_until)
        if taken is not None:
            conversation, held_until = taken, now + LIMIT
            assert (taken.turn_token, taken.turn_until) == (token, held_until)


def test_a_turn_given_back_is_free_at_once_and_its_failures_are_forgotten() -> None:
    taken = a_conversation().turn_taken("a", NOW, LIMIT)
    assert taken is not None
    failed = taken.turn_failed(NOW + LIMIT).turn_taken("a", NOW, LIMIT)
    assert failed is not None

    free = failed.turn_given_back()

    assert (free.turn_token, free.turn_until, free.attempts, free.retry_after) == (None, None, 0, None)


@given(failures=st.integers(min_value=1, max_value=9))
def test_failed_turns_are_counted(failures: int) -> None:
    conversation = a_conversation()
    for _ in range(failures):
        taken = conversation.turn_taken("a", NOW, LIMIT)
        assert taken is not None
        conversation = taken.turn_failed(NOW + LIMIT)

    assert conversation.attempts == failures
    assert conversation.retry_after == NOW + LIMIT
    assert conversation.turn_taken("b", NOW, LIMIT) is not None


def test_taking_over_ends_a_turn_that_goes_on() -> None:
    taken = a_conversation().calling_for_staff("nobody could answer").turn_taken("a", NOW, LIMIT)
    assert taken is not None

    held = taken.taken_over()

    assert (held.held_by, held.turn_token, held.needs_attention) == (HeldBy.STAFF, None, False)


def test_a_conversation_handed_back_is_jacks_again() -> None:
    assert a_conversation().taken_over().handed_back().held_by is HeldBy.JACK


def test_a_closed_conversation_is_open_and_jacks_when_the_sender_writes_again() -> None:
    closed = a_conversation(unread=3).taken_over().closed()
    assert (closed.state, closed.held_by, closed.unread) == (ConversationState.CLOSED, HeldBy.JACK, 0)

    heard = closed.heard(NOW, "Anna S.", None, "")

    assert (heard.state, heard.unread, heard.display_name) == (ConversationState.OPEN, 1, "Anna S.")
    assert heard.address == closed.address


@given(moments=st.lists(st.integers(min_value=-1000, max_value=1000), min_size=1, max_size=8))
def test_messages_that_come_out_of_order_never_turn_back_the_time(moments: list[int]) -> None:
    conversation = a_conversation()
    for moment in moments:
        conversation = conversation.heard(NOW + timedelta(seconds=moment), "", None, "")

    assert conversation.last_inbound_at == conversation.last_message_at == NOW + timedelta(seconds=max(moments))
    assert conversation.unread == len(moments)


def test_a_phone_once_shown_stays_known() -> None:
    phone = PhoneNumber(e164=ANNA_PHONE)

    heard = a_conversation().heard(NOW, "Anna", phone, "").heard(NOW, "", None, "")

    assert (heard.phone, heard.display_name) == (phone, "Anna")


def test_what_staff_decided_about_the_sender_stands_until_staff_change_it() -> None:
    decided = a_conversation().matched(BRUNO, by_staff=True)

    assert decided.matched(ANNA).match == decided.matched(NOBODY).match == BRUNO
    assert decided.matched(ANNA, by_staff=True).match == ANNA


def test_an_identity_needs_a_kind_and_a_value_and_hides_it() -> None:
    for kind, value in (("", "351"), ("wa_id", "")):
        with pytest.raises(DomainError):
            ChannelIdentity(kind=kind, value=value)
    assert "351" not in repr(ChannelIdentity(kind="wa_id", value="351912345678"))


def test_a_message_that_comes_late_does_not_bring_an_old_address_back() -> None:
    new, old = PhoneNumber(e164="+351911111111"), PhoneNumber(e164="+351922222222")
    heard = a_conversation().heard(NOW, "Anna", new, "351911111111")
    late = heard.heard(NOW - timedelta(seconds=1), "Old", old, "351922222222")
    assert (late.phone, late.address, late.display_name) == (new, "351911111111", "Anna")
    again = late.heard(NOW, "Anna S", old, "351922222222")
    assert (again.phone, again.address, again.display_name) == (old, "351922222222", "Anna S")


def test_what_staff_decided_lapses_when_the_conversation_is_closed() -> None:
    assert not a_conversation().matched(BRUNO, by_staff=True).closed().match_by_staff


def test_who_writes_again_does_not_wait_for_a_turn_that_failed() -> None:
    failed = a_conversation().turn_failed(NOW + timedelta(hours=1))
    assert failed.heard(NOW, "Anna", None, "1").retry_after is None


def test_a_second_call_for_staff_does_not_hide_the_first_and_is_settled_alone() -> None:
    calling = a_conversation().calling_for_staff("the model is down").calling_for_staff("nobody knows: it broke off")
    assert calling.attention_reason == "nobody knows: it broke off / the model is down"
    settled = calling.settled("nobody knows")
    assert (settled.needs_attention, settled.attention_reason) == (True, "the model is down")
    assert settled.settled("the model") == a_conversation()


def test_the_same_call_for_staff_is_shown_once_and_only_the_newest_few_stand() -> None:
    calling = a_conversation()
    for reason in ("one", "two", "one", "three", "four", "five"):
        calling = calling.calling_for_staff(reason)
    assert calling.attention_reason == "five / four / three / one"

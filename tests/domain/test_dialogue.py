"""Dialogue: turns of a prompt, and tool calls that become wishes or are mended."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jack.domain.butler import TOOL_RESULT
from jack.domain.context import Turn
from jack.domain.dialogue import (
    LONGEST_ANSWER,
    LONGEST_DETAILS,
    NO_TEXT,
    OPENING,
    STAFF_MARK,
    Drafting,
    ToolCall,
    dialogue,
    requested_service,
    spoken,
)
from jack.domain.errors import DomainError
from jack.domain.message import AuthorKind
from jack.domain.service_request import RequestedService, ServiceRequestKind
from tests.contexts import a_context, guest_said, jack_said, staff_said

TOWELS = {"kind": "towels", "details": "two more"}


def a_call(arguments: object = TOWELS, name: str = "open_service_request", call_id: str = "c1") -> ToolCall:
    return ToolCall(id=call_id, name=name, arguments=arguments)


def said(*history: Turn, question: str = "And now?", budget: int = 1000) -> list[tuple[str, str]]:
    turns = dialogue(a_context(question, history=history), budget)
    return [("G" if turn.author is AuthorKind.GUEST else "J", turn.text) for turn in turns]


def test_neighbours_of_one_side_become_one_turn() -> None:
    turns = said(guest_said("a"), guest_said("b"), jack_said("c"), jack_said("d"), guest_said("e"), question="f")
    assert turns == [("G", "a\nb"), ("J", "c\nd"), ("G", "e\nf")]


def test_what_staff_wrote_stands_on_jacks_side_with_a_mark() -> None:
    assert said(guest_said("a"), staff_said("b"))[1] == ("J", f"{STAFF_MARK} b")


def test_a_conversation_that_the_hotel_began_still_starts_with_a_guests_turn() -> None:
    assert said(staff_said("Your taxi is here")) == [
        ("G", OPENING),
        ("J", f"{STAFF_MARK} Your taxi is here"),
        ("G", "And now?"),
    ]


def test_turns_without_text_are_left_out() -> None:
    assert said(guest_said("a"), jack_said(" \n"), question="  ") == [("G", f"a\n{NO_TEXT}")]


def test_the_oldest_turns_are_left_out_first() -> None:
    turns = said(guest_said("x" * 60), jack_said("y" * 60), guest_said("z" * 30), jack_said("ok"), budget=60)
    assert turns == [("G", "z" * 30), ("J", "ok"), ("G", "And now?")]


def test_a_question_longer_than_the_budget_is_cut_at_its_end() -> None:
    [(_, text)] = said(guest_said("old"), question="q" * 500, budget=100)
    assert text.startswith("q" * 100)
    assert len(text) < 110


_turns = st.lists(
    st.builds(
        Turn, author=st.sampled_from(AuthorKind), text=st.text(st.characters(exclude_categories=[]), max_size=40)
    ),
    max_size=12,
)


@settings(deadline=None)
@given(history=_turns, question=st.text(st.characters(exclude_categories=[]), max_size=80), budget=st.integers(20, 200))
def test_any_history_becomes_alternating_turns_that_can_be_sent(
    history: list[Turn], question: str, budget: int
) -> None:
    turns = dialogue(a_context(question, history=tuple(history)), budget)
    assert turns[0].author is AuthorKind.GUEST
    assert turns[-1].author is AuthorKind.GUEST
    assert all(one.author is not other.author for one, other in pairwise(turns))
    assert all(turn.text.strip() and "\x00" not in turn.text for turn in turns)
    assert sum(len(turn.text) for turn in turns) <= budget + 100
    for turn in turns:
        turn.text.encode("utf-8")


def test_a_readable_call_is_a_wish_and_is_answered() -> None:
    state, results = Drafting().after("", [a_call()])
    assert state.requests == (RequestedService(kind=ServiceRequestKind.TOWELS, details="two more"),)
    assert [(r.call_id, r.text, r.is_error) for r in results] == [("c1", TOOL_RESULT, False)]


@pytest.mark.parametrize(
    "arguments",
    [
        None,
        "towels",
        [],
        {},
        {"kind": "towels"},
        {"kind": "yacht", "details": "a big one"},
        {"kind": ["towels"], "details": "x"},
        {"kind": "towels", "details": "  "},
        {"kind": "towels", "details": 2},
        {"kind": "towels", "details": "x" * (LONGEST_DETAILS + 1)},
    ],
)
def test_a_call_that_cannot_be_read_is_told_once_and_then_given_up(arguments: object) -> None:
    state, [result] = Drafting().after("", [a_call(arguments)])
    assert result.is_error
    assert state.requests == ()
    with pytest.raises(DomainError):
        state.after("", [a_call(arguments)])


def test_a_call_of_an_unknown_tool_is_an_error_for_the_model() -> None:
    _, [result] = Drafting().after("", [a_call(name="upgrade_room")])
    assert result.is_error
    assert "open_service_request" in result.text


def test_a_mended_call_counts() -> None:
    state, _ = Drafting().after("", [a_call({"kind": "yacht", "details": "x"})])
    state, _ = state.after("", [a_call()])
    state, _ = state.after("Passed on.", [])
    assert len(state.draft("m").requests) == 1


def test_a_model_that_talks_on_instead_of_mending_its_call_loses_no_wish() -> None:
    state, _ = Drafting().after("", [a_call(None), a_call()])
    with pytest.raises(DomainError):
        state.after("Done, your towels are on their way.", [])


def test_the_same_wish_twice_is_one() -> None:
    state, results = Drafting().after("", [a_call(), a_call(call_id="c2")])
    assert len(state.requests) == 1
    assert [r.call_id for r in results] == ["c1", "c2"]


def test_fields_that_the_model_invented_are_kept_in_the_details() -> None:
    wish = requested_service(a_call(TOWELS | {"room": "204", "note": None}))
    assert wish.details == "two more (room: 204)"


def test_everything_said_over_the_rounds_is_the_answer() -> None:
    state, _ = Drafting().after("The Wi-Fi is free.", [a_call()])
    state, _ = state.after("I passed it on.", [])
    assert state.draft("m").text == "The Wi-Fi is free.\nI passed it on."


def test_an_answer_may_be_said_beside_the_call_and_nothing_after_it() -> None:
    state, _ = Drafting().after("I pass it on.", [a_call()])
    state, _ = state.after("", [])
    assert state.draft("m").text == "I pass it on."


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_ANSWER + 1), "<think>hm</think>"])
def test_an_answer_without_text_or_without_end_is_no_answer(text: str) -> None:
    state, _ = Drafting().after(text, [])
    with pytest.raises(DomainError):
        state.draft("m")


def test_more_wishes_than_a_guest_can_have_are_refused() -> None:
    with pytest.raises(DomainError):
        Drafting().after("", [a_call({"kind": "other", "details": f"wish {n}"}) for n in range(30)])


@pytest.mark.parametrize(
    "text", ['<tool_call>{"name": "x"}</tool_call>', '{"name": "open_service_request", "arguments": {}}']
)
def test_a_tool_call_written_as_text_never_reaches_the_guest(text: str) -> None:
    with pytest.raises(DomainError):
        Drafting().after(text, [])


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("<think>secret</think>Hello", "Hello"),
        ("<thinking>a\nb</thinking>\n\nHello", "Hello"),
        ("swallowed opening</think>Hello", "Hello"),
        ("Hello<think>cut", "Hello"),
        (f"{STAFF_MARK} Hello", "Hello"),
        ("Hel\x00lo", "Hello"),
    ],
)
def test_thoughts_and_jacks_own_marks_are_not_said(text: str, heard: str) -> None:
    assert spoken(text) == heard

"""Cutting long texts where people would pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.domain.long_text import in_parts


def test_a_text_that_fits_stays_whole() -> None:
    assert in_parts("  Good day. ", 20) == ("Good day.",)


def test_it_is_cut_between_paragraphs_first() -> None:
    text = "One. Two.\n\nThree. Four, five."
    assert in_parts(text, 18) == ("One. Two.", "Three. Four, five.")


def test_then_between_sentences_and_then_between_words() -> None:
    assert in_parts("First sentence. Second sentence.", 20) == ("First sentence.", "Second sentence.")
    assert in_parts("one two three four", 10) == ("one two", "three four")
    assert in_parts("It costs 1,000 euros, Sir, all in all.", 21) == ("It costs 1,000 euros,", "Sir, all in all.")


def test_sentences_without_blanks_between_them_are_kept_whole() -> None:
    assert in_parts("\u65e9\u5b89\u3002\u665a\u5b89\u3002", 4) == ("\u65e9\u5b89\u3002", "\u665a\u5b89\u3002")


def test_a_word_that_is_too_long_is_cut() -> None:
    assert in_parts("x" * 25, 10) == ("x" * 10, "x" * 10, "x" * 5)


def test_nothing_has_no_parts() -> None:
    assert in_parts(" \n ", 10) == ()


def test_a_part_needs_room() -> None:
    with pytest.raises(ValueError, match="at least one"):
        in_parts("x", 0)


@given(st.text(alphabet="ab .,\n!?é\u3002", max_size=300), st.integers(1, 60))
def test_every_part_fits_and_no_word_is_lost(text: str, longest: int) -> None:
    parts = in_parts(text, longest)

    assert all(1 <= len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=8), min_size=1, max_size=80), st.integers(20, 60))
def test_words_that_fit_are_never_cut(words: list[str], longest: int) -> None:
    parts = in_parts(" ".join(words), longest)

    assert " ".join(parts).split() == words
    assert all(len(part) >= longest // 2 for part in parts[:-1])

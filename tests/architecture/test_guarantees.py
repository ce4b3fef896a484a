"""docs/guarantees.md names tests that exist."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "guarantees.md"
TESTS = Path(__file__).parents[1]
NAMED = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")


def test_every_test_that_a_guarantee_names_exists() -> None:
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 40
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (TESTS / file).exists()
        or not re.search(rf"^(async )?def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_every_promise_names_what_proves_it() -> None:
    promises = PAGE.read_text(encoding="utf-8").split("\n**")[1:]
    assert [promise[:60] for promise in promises if not NAMED.search(promise)] == []


def test_no_line_of_the_lists_is_left_unread() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("\n* ") == len(NAMED.findall(page))

"""Markdown as models write it becomes WhatsApp's own markup."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jack.adapters.markup import clean, to_whatsapp


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Your room is **412**.", "Your room is *412*."),
        ("__Welcome__, Ann", "*Welcome*, Ann"),
        ("***Both***", "*_Both_*"),
        ("~~10:00~~ 11:00", "~10:00~ 11:00"),
        ("**a** and **b**", "*a* and *b*"),
        ("**see `pool` now**", "*see `pool` now*"),
        ("# Breakfast", "*Breakfast*"),
        ("### **Breakfast** ###", "*Breakfast*"),
        ("* towels\n* soap\n  * white", "- towels\n- soap\n  - white"),
        ("1. spa\n2. gym", "1. spa\n2. gym"),
        ("> quoted", "> quoted"),
        ("[our menu](https://h.example/menu)", "our menu (https://h.example/menu)"),
        ('[menu](https://h.example/a_b_c "Menu")', "menu (https://h.example/a_b_c)"),
        ("[https://h.example](https://h.example)", "https://h.example"),
        ("[desk@h.example](mailto:desk@h.example)", "desk@h.example"),
        ("[call us](tel:+351210000000)", "call us (+351210000000)"),
        ("![pool](https://h.example/p.jpg)", "pool (https://h.example/p.jpg)"),
        ("**[menu](https://h.example)**", "*menu (https://h.example)*"),
        ("**Menu:** https://h.example/__x__/**", "*Menu:* https://h.example/__x__/**"),
        ("one\n\n---\n\ntwo", "one\n\ntwo"),
        ("| Day | Hours |\n|---|:-:|\n| Mon | 7-10 |", "Day | Hours\nMon | 7-10"),
        ("line<br>break<BR />here", "line\nbreak\nhere"),
        ("```python\nx = **1**\n```", "```x = **1**```"),
        ("```\nunclosed **x**", "```unclosed **x**```"),
        ("`a **b**`", "`a **b**`"),
        (r"5 \* 3 \_x\_", "5 * 3 _x_"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("  hi \r\n", "hi"),
        ("", ""),
    ],
)
def test_markdown_is_shown_as_whatsapp_shows_it(markdown: str, shown: str) -> None:
    assert to_whatsapp(markdown) == shown


@pytest.mark.parametrize(
    "plain",
    [
        "Hi Ann, your room 412 is ready.",
        "*bold* and _italic_ and ~strike~, as staff write it",
        "2 * 3 ** 4 = 2*3**4, #1 choice, C#",
        "snake_case_name and file__name__x",
        "+ 351 912 345 678",
        "https://h.example/a_b?x=**1&y=(z)",
        "Breakfast | 7-10",
        "3 < 4 > 2 & [brackets] (parens)",
        "100% ~ 20 € \\o/",
        "- towels\n- soap",
        "¿Qué hora? 👨‍👩‍👧",
    ],
)
def test_text_without_markdown_stays_as_it_is(plain: str) -> None:
    assert to_whatsapp(plain) == plain


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab *_~`#[](){}|>-+\\\n<br/>htps:.\ue000\ue0010")))
def test_any_mixture_of_marks_is_converted_without_leftovers(text: str) -> None:
    shown = to_whatsapp(text)
    assert "\ue000" not in shown
    assert "\ue001" not in shown
    assert shown == shown.strip()


@settings(deadline=None)
@given(st.text())
def test_letters_and_digits_are_never_lost(text: str) -> None:
    kept = [c for c in clean(text) if c.isalnum() and c.isascii()]
    shown = [c for c in to_whatsapp(text) if c.isalnum() and c.isascii()]
    assert "".join(shown) == "".join(kept) or "<br" in text.lower() or "```" in text


def test_a_hostile_length_of_marks_takes_no_time() -> None:
    begun = time.process_time()
    for marks in ("**a ", "[", "```\n", "# ", "__a ", "|-", "<br", "`", "\\*", "~~a "):
        to_whatsapp(marks * (8192 // len(marks)))
    assert time.process_time() - begun < 5

"""Recognising what is meant in `normal` text."""

import re

from jack.adapters.llm.scripted import vocabulary
from jack.adapters.llm.scripted.intents import Courtesy, Question, Wish


def wishes_in(text: str) -> dict[Wish, bool]:
    """The wishes in `normal` text, each with whether it is plainly wished: "no towels" may mean two things."""
    found: dict[Wish, bool] = {}
    for wish, expression in vocabulary.WISHES.items():
        # "are you a real person?" asks for nobody
        heard = vocabulary.COURTESIES[Courtesy.WHO_ARE_YOU].sub(" ", text) if wish is Wish.HUMAN else text
        if match := expression.search(heard):
            refused = wish in vocabulary.MAY_BE_REFUSED and vocabulary.REFUSING.search(text[: match.start()])
            found[wish] = not refused
    if (
        Wish.LATE_CHECKOUT not in found
        and re.search(vocabulary.LEAVING, text)
        and not _asks(text)
        and len(text.split()) > 1
    ):
        found[Wish.CHECK_OUT] = True
    if Wish.NEED in found and Question.PREFERENCES in questions_in(text) and _asks(text):
        del found[Wish.NEED]
    return found


def questions_in(text: str) -> tuple[Question, ...]:
    """The questions about the sender's own facts in `normal` text."""
    found = [question for question, expression in vocabulary.QUESTIONS.items() if expression.search(text)]
    if Question.ROOM_TYPE in found and Question.ROOM_NUMBER in found and "num" not in text:
        found.remove(Question.ROOM_NUMBER)
    return tuple(found)


def courtesies_in(text: str) -> tuple[Courtesy, ...]:
    """The courtesies in `normal` text; a plain "yes" or "fine" counts only where it is all that was written."""
    bare = re.sub(r"[^\w' ]", "", text).strip()
    alone = [courtesy for courtesy, expression in vocabulary.ALONE.items() if expression.fullmatch(bare)]
    return (*(courtesy for courtesy, expression in vocabulary.COURTESIES.items() if expression.search(text)), *alone)


def _asks(text: str) -> bool:
    return "?" in text or vocabulary.TIME.search(text) is not None

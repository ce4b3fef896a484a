"""What guests ask and what the simulated model says to it, so that everybody can see which answer is to what."""

import re
from collections.abc import Iterable
from typing import Any

from tests.simulators.openai import OpenAiSimulator
from tests.simulators.plays import Json, Play, Say

ANSWER = "You asked about"
STAFF = "Ann here:"
_TOPIC = re.compile(r"\bq[a-z]{6}\b")


def topic(number: int) -> str:
    """A word that no guest, no room and no language has."""
    letters = ""
    for _ in range(6):
        number, rest = divmod(number, 26)
        letters = chr(ord("a") + rest) + letters
    return f"q{letters}"


def question(of: str) -> str:
    """What a guest writes about a topic."""
    return f"Please tell me more about {of}."


def topics(text: str) -> tuple[str, ...]:
    """Every topic in a text, each once."""
    return tuple(dict.fromkeys(_TOPIC.findall(text)))


def answered(texts: Iterable[str]) -> list[str]:
    """The topics that Jack's texts answer, as often as they do."""
    return [found for text in texts if text.startswith(ANSWER) for found in topics(text)]


class NamingModel(OpenAiSimulator):
    """Chat Completions whose model names what it was asked since it spoke last; `moods` is what it does instead for
    some topics."""

    def __init__(self) -> None:
        super().__init__()
        self.moods: dict[str, Play] = {}

    def validate(self, path: str, headers: dict[str, str], body: Json) -> None:
        """As Chat Completions does; what is played next is decided by what is asked."""
        super().validate(path, headers, body)
        found = [self.moods[of] for of in topics(str(body["messages"][-1]["content"])) if of in self.moods]
        self.plays.extendleft(found[:1])

    def render(self, say: Say, body: Json) -> Json:
        asked: dict[str, Any] = body["messages"][-1]
        found = topics(str(asked.get("content", "")))
        if say == Say() and found:
            say = Say(text=f"{ANSWER} {' and '.join(found)}.")
        return super().render(say, body)

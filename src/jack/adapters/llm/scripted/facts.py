"""Answers out of what the hotel wrote for its guests: Markdown in, the fitting lines as plain text out."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jack.adapters.llm.scripted.language import EVERYDAY, normal
from jack.adapters.llm.scripted.topics import TOPICS

LONGEST: Final = 350

_RULER: Final = re.compile(r"|[-*_=|: ]{3,}|(?:```|~~~).*")
"""An empty line, a thematic break, the underline of a title, a table's ruler, a fence: what says nothing itself."""
_HEADING: Final = re.compile(r"#{1,6}\s+(.*?)\s*#*|\*\*([^*]+)\*\*")
"""A title, also one that is only printed boldly. A title of level one is the hotel's name and says nothing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One bullet or paragraph as plain text, with the heading that it stands under."""

    heading: str
    text: str


def told_about(topic: str, facts: str) -> str | None:
    """What the hotel says about a topic, at most LONGEST characters, or None when it says nothing."""
    expression = TOPICS[topic]
    passages = _passages(facts)
    section = [p for p in passages if expression.search(normal(p.heading))]
    if section:
        head = "" if expression.search(normal(section[0].text)) else f"{section[0].heading}: "
        return _short([f"{head}{section[0].text}", *(p.text for p in section[1:])])
    found = [(match.start(), p.text) for p in passages if (match := expression.search(normal(p.text)))]
    # what a line begins with is what it is about
    return _short([min(found)[1]], expression) if found else None


def told_about_words(text: str, facts: str) -> str | None:
    """What the hotel says about the rare words of `normal` text, or None when less than half of them are found."""
    asked = {_stem(word) for word in re.findall(r"[a-z]{4,}", text) if word not in EVERYDAY}
    best: tuple[int, str] = (0, "")
    for passage in _passages(facts):
        words = {_stem(word) for word in re.findall(r"[a-z]{4,}", normal(f"{passage.heading} {passage.text}"))}
        points = len(asked & words)
        if points > best[0]:
            best = (points, passage.text)
    return _short([best[1]]) if asked and best[0] * 2 >= len(asked) and best[0] else None


def _stem(word: str) -> str:
    return word[:6]


@lru_cache(maxsize=32)
def _passages(markdown: str) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    heading, lines = "", list[str]()

    def end() -> None:
        nonlocal heading
        text = _plain(" ".join(lines))
        lines.clear()
        if text.endswith(":"):
            heading = text.rstrip(":")  # "Breakfast:" above a list
        elif text:
            passages.append(Passage(heading, text))

    for raw in re.sub(r"<!--.*?(-->|\Z)", "", markdown, flags=re.DOTALL).splitlines():
        line = raw.strip()
        if _RULER.fullmatch(line):
            if len(lines) == 1 and line[:1] in ("=", "-"):
                heading = _plain(lines.pop())
            end()
        elif title := _HEADING.fullmatch(line):
            end()
            heading = "" if re.match(r"#\s", line) else _plain(title[1] or title[2])
        elif bullet := re.fullmatch(r"(?:[-*+•]|\d+[.)])\s+(.*)", line):
            end()
            lines.append(bullet[1])
        elif line.startswith("|"):
            end()
            lines.append(": ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip()))
        else:
            lines.append(line.removeprefix("> "))
    end()
    return tuple(passages)


def _plain(text: str) -> str:
    text = re.sub(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)", r"\1 (\2)", text)
    text = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)
    text = re.sub(r"(?<!\w)([*_])(\S.*?)\1(?!\w)", r"\2", text)
    return " ".join(text.split())


def _short(texts: list[str], about: re.Pattern[str] | None = None) -> str:
    """As many whole sentences as fit; of a long text those that are about the matter."""
    joined = " ".join(text if text[-1] in ".!?…" else f"{text}." for text in texts)
    if len(joined) <= LONGEST:
        return joined
    sentences = re.split(r"(?<=[.!?…])\s+", joined)
    if about:
        first = next((i for i, sentence in enumerate(sentences) if about.search(normal(sentence))), 0)
        sentences = sentences[first:]
    kept = ""
    for sentence in sentences:
        if len(kept) + len(sentence) >= LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or f"{sentences[0][: LONGEST - 1].rsplit(' ', 1)[0]}…"

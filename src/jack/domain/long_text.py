"""Cutting a text that is longer than a channel takes, where people would pause."""

import re

_PAUSES = tuple(
    map(
        re.compile,
        (
            r"\n\s*\n",
            r"\n",
            r"(?<=[.!?\u2026])\s+|(?<=[\u3002\uff01\uff1f])\s*",
            r"(?<=[,;:])\s+|(?<=[\u3001\uff0c])\s*",
            r"\s+",
        ),
    )
)
"""Where to cut, the best first: between paragraphs, lines, sentences, clauses, words. Chinese and Japanese sentences
end without a blank behind them."""


def in_parts(text: str, longest: int) -> tuple[str, ...]:
    """The text in parts of at most `longest` characters, as few as that allows without cutting where it reads badly.

    A part is at least half as long as it may be, unless it is the last; a word that is too long by itself is cut.
    Nothing but blanks between the parts is lost; a text without words has no parts.
    """
    if longest < 1:
        raise ValueError("a part needs at least one character")
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > longest:
        end, begin = _cut(rest, longest)
        parts.append(rest[:end].rstrip())
        rest = rest[begin:].lstrip()
    return (*parts, rest) if rest else tuple(parts)


def _cut(text: str, longest: int) -> tuple[int, int]:
    """Where the first part ends and where what follows it begins."""
    for pause in _PAUSES:
        last = None
        for found in pause.finditer(text, 0, longest + 1):
            if found.start() > longest or not text[: found.start()].strip():
                continue
            if found.start() >= longest // 2:
                last = found
        if last is not None:
            return last.start(), last.end()
    return longest, longest

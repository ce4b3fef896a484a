"""Spelling: the many ways in which one room, date, number or name may stand in a text."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

_MONTHS: Final = (
    "january|jan|januar|janner|enero|ene|janvier|janv|gennaio|gen|janeiro",
    "february|feb|februar|febrero|fevrier|fevr|febbraio|fevereiro|fev",
    "march|mar|marz|maerz|marzo|mars|marco",
    "april|apr|abril|abr|avril|avr|aprile",
    "may|mai|mayo|maggio|mag|maio",
    "june|jun|juni|junio|juin|giugno|giu|junho",
    "july|jul|juli|julio|juillet|juil|luglio|lug|julho",
    "august|aug|agosto|ago|aout",
    "september|sept|sep|septiembre|septembre|settembre|set|setembro",
    "october|oct|oktober|okt|octubre|octobre|ottobre|ott|outubro|out",
    "november|nov|noviembre|novembre|novembro",
    "december|dec|dezember|dez|diciembre|dic|decembre|dicembre|dezembro",
)
"""The months by number, as `folded` leaves them, in the languages of the fixed replies."""

_ROOM: Final = (
    "rooms?|rm|suite|apartments?|apt|zimmer|zi|appartement|chambres?|habitacion|hab|cuarto|quarto|camera|stanza|kamer"
)
"""What a room is called, as `folded` leaves it."""

_NUMBER: Final = "number|num|no|nr|nummer|numero|n|is|ist|est|es|e"
"""What may stand between the word for a room and its number."""

_PHONE_END: Final = 8
"""How many last digits tell a phone number; what stands before them is written in many ways."""

_UNSEEN: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\u20e3\U000e0100-\U000e01ef]")
"""Marks that Unicode does not count as format characters and that show nothing, or only how a sign is drawn."""

_LONG_CODE: Final = 5
"""From so many characters on, a code is told also where it is broken up; shorter ones would be found everywhere."""


def folded(text: str) -> str:
    """The text without case, accents, width, invisible marks, and with one kind of digits and of spaces."""
    kept = []
    for ch in _UNSEEN.sub("", unicodedata.normalize("NFKD", text)):
        if unicodedata.combining(ch) or unicodedata.category(ch) == "Cf":
            continue
        kept.append(str(unicodedata.decimal(ch)) if ch.isdecimal() else ch)
    return " ".join("".join(kept).casefold().split())


def says_words(text: str, value: str) -> bool:
    """True when these words stand in the text, whatever stands between them: spaces, dots, marks of emphasis."""
    words = re.findall(r"[^\W_]+", folded(value))
    return bool(words) and _found(r"[\W_]+".join(map(re.escape, words)), words[0][0], words[-1][-1], text)


def says_code(text: str, value: str) -> bool:
    """True when a room number or another code stands in the text, also with a mark or a space after every character."""
    if says_words(text, value):
        return True
    signs = re.findall(r"[^\W_]", folded(value))
    if len(signs) >= _LONG_CODE:
        return _found(r"[\W_]*".join(signs), signs[0], signs[-1], text)
    return len(signs) > 2 and _found(r"[\W_]+".join(signs), signs[0], signs[-1], text)


def says_room(text: str, value: str) -> bool:
    """True when the text speaks of the room with this number; the bare figure may be a price or a time."""
    words = re.findall(r"[^\W_]+", folded(value))
    if not words:
        return False
    number = r"[\W_]*".join(map(re.escape, words))
    named = rf"(?<![^\W_])(?:{_ROOM})[\W_]{{0,4}}(?:(?:{_NUMBER})[\W_]{{0,4}}){{0,2}}{number}(?![^\W_])"
    named_after = rf"(?<![^\W_]){number}[\W_]{{0,3}}(?:{_ROOM})(?![^\W_])"
    return re.search(f"{named}|{named_after}", folded(text)) is not None


def says_phone(text: str, value: str) -> bool:
    """True when a phone number stands in the text, with or without its country, in any grouping."""
    digits = re.findall(r"\d", folded(value))[-_PHONE_END:]
    if len(digits) < _LONG_CODE:
        return says_words(text, value)
    return re.search(r"[^\w+]{0,3}".join(digits) + r"(?!\d)", folded(text)) is not None


def says_date(text: str, day: date) -> bool:
    """True when this day of this month stands in the text, in figures or with the month's name."""
    return _date_pattern(day).search(folded(text)) is not None


@lru_cache(maxsize=512)
def _date_pattern(day: date) -> re.Pattern[str]:
    d, m = f"0?{day.day}", f"0?{day.month}"
    month = rf"(?:{_MONTHS[day.month - 1]})(?![^\W\d_])"
    year = rf"(?:{day.year}|{day.year % 100:02})"
    gap = r"[\W_]{0,3}"
    ways = (
        rf"{day.year}{gap}{m}{gap}{d}(?!\d)",
        rf"(?<!\d){d}{gap}{m}{gap}{year}(?!\d)",
        rf"(?<!\d){m}{gap}{d}{gap}{year}(?!\d)",
        rf"(?<!\d){d} ?[./] ?{m}(?!\d)",
        rf"(?<!\d){m} ?/ ?{d}(?!\d)",
        rf"(?<!\d){d}(?:st|nd|rd|th|er|o|a)?[\W_]{{0,3}}(?:of|de|del|di|d)?[\W_]{{0,3}}{month}",
        rf"(?<![^\W\d_]){month}{gap}(?:the )?{d}(?!\d)",
    )
    return re.compile("|".join(ways))


def _found(pattern: str, first: str, last: str, text: str) -> bool:
    """A figure's neighbour may be a letter (Room204) and the other way round, but nothing is part of a longer word."""
    before = r"(?<!\d)" if first.isdigit() else r"(?<![^\W\d_])"
    after = r"(?!\d)" if last.isdigit() else r"(?![^\W\d_])"
    return re.search(before + pattern + after, folded(text)) is not None

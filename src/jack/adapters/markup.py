"""Text on its way to and from guests: what is stripped, and Markdown turned into what the channel shows.

WhatsApp knows *bold*, _italic_, ~strike~, `code`, ```blocks```, "- " lists, "1. " lists and "> " quotes; everything
else of Markdown would be shown as raw characters. https://faq.whatsapp.com/539178204879377
"""

import re
from collections.abc import Callable

_LONGEST_NAME = 80
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_FENCE = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)(?:^[ \t]*```[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(<?((?:https?://|mailto:|tel:)[^\s()<>]+)>?(?: \"[^\"\n]*\")?\)")
_ADDRESS = re.compile(r"https?://[^\s<>*\[\]()]+")
_SHELTERED = re.compile("\ue000([0-9]+)\ue001")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$")
_BULLET = re.compile(r"^([ \t]*)\*[ \t]+")  # not "+ ", which starts telephone numbers
_RULE = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_TABLE_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$")
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~|>])")
_EMPHASES = (
    (re.compile(r"(?<!\*)\*\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*\*(?!\*)"), r"*_\1_*"),
    (re.compile(r"(?<!\*)\*\*(?=\S)([^\n]+?)(?<=\S)\*\*(?!\*)"), r"*\1*"),
    (re.compile(r"(?<![\w_])__(?=\S)([^\n]+?)(?<=\S)__(?![\w_])"), r"*\1*"),
    (re.compile(r"(?<!~)~~(?=\S)([^~\n]+?)(?<=\S)~~(?!~)"), r"~\1~"),
)
_NO_EMPHASES = (
    *((pattern, r"\1") for pattern, _ in _EMPHASES),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
)
Emphases = tuple[tuple[re.Pattern[str], str], ...]


def clean(text: str) -> str:
    """The text without control characters (databases refuse some, terminals obey others) and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text)


def clean_name(name: str) -> str:
    """A name that people chose for themselves: one line, nothing that turns the text around it, 80 characters."""
    kept = "".join(c for c in clean(name) if c not in _TURNS_TEXT_AROUND)
    return " ".join(kept.split())[:_LONGEST_NAME].rstrip()


def to_whatsapp(text: str) -> str:
    """Markdown, as models write it, in WhatsApp's markup; text without Markdown comes back as it was, but stripped.

    A single *asterisk* stays: it is emphasis in both, and staff who know WhatsApp mean bold. Addresses and code are
    not touched.
    """
    return _rewritten(text, fence="```", emphasis=_EMPHASES, title="*")


def to_plain(text: str) -> str:
    """Markdown as bare text, for channels that show every character as it is, such as SMS."""
    return _rewritten(text, fence="", emphasis=_NO_EMPHASES, title="")


def _rewritten(text: str, *, fence: str, emphasis: Emphases, title: str) -> str:
    sheltered: list[str] = []

    def shelter(found: str) -> str:
        sheltered.append(found)
        return f"\ue000{len(sheltered) - 1}\ue001"

    text = clean(text).replace("\ue000", "").replace("\ue001", "")
    text = _FENCE.sub(lambda m: shelter(f"{fence}{m[1].rstrip()}{fence}"), text)
    text = _CODE.sub(lambda m: shelter(m[0] if fence else m[0].strip("`")), text)
    text = _ESCAPED.sub(lambda m: shelter(m[1]), text)
    text = _LINK.sub(lambda m: _link(m[1].strip(), m[2], shelter), text)
    text = _ADDRESS.sub(lambda m: shelter(m[0]), text)
    text = _BREAK.sub("\n", text)
    text = "\n".join(_emphasized(line, emphasis) for line in _lines(text, title))
    text = re.sub(r"\n{3,}", "\n\n", text)
    while _SHELTERED.search(text):
        text = _SHELTERED.sub(lambda m: sheltered[int(m[1])], text)
    return text.strip()


def _link(label: str, address: str, shelter: Callable[[str], str]) -> str:
    shown = address.removeprefix("mailto:").removeprefix("tel:")
    return shelter(shown) if label in ("", shown, address) else f"{label} ({shelter(shown)})"


def _lines(text: str, title: str) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        if _RULE.match(line) or ("|" in line and _TABLE_RULE.match(line)):
            continue
        if heading := _HEADING.match(line):
            lines.append(f"{title}{_title(heading[1])}{title}")
        elif row := _TABLE_ROW.match(line):
            lines.append(" | ".join(cell.strip() for cell in row[1].split("|")))
        else:
            lines.append(_BULLET.sub(r"\1- ", line).rstrip())
    return lines


def _title(text: str) -> str:
    text = text.rstrip()
    closed = text.rstrip("#")
    return (closed if closed.endswith((" ", "\t")) else text).replace("*", "").strip()


def _emphasized(line: str, emphasis: Emphases) -> str:
    for pattern, markup in emphasis:
        line = pattern.sub(markup, line)
    return line

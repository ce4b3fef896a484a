"""What can be read of a message, type by type.

Types: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages (Aug 2026).
A type that is not listed here is kept under its name with empty text.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from msgspec import Raw, Struct

from jack.adapters.channels.whatsapp.wire import NOTHING, Unreadable, optional, read
from jack.adapters.markup import clean
from jack.domain.message import Media

_QUIET = frozenset({"reaction", "edit", "revoke", "system", "request_welcome"})
_QUIET_UNSUPPORTED = frozenset({"edit", "revoke", "pin", "reaction", "keep_in_chat", "poll_update", "system"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The inside of a message."""

    text: str = ""
    media: tuple[Media, ...] = ()
    refers_to: str | None = None
    needs_answer: bool = True


class _Text(Struct):
    body: str = ""


class _File(Struct):
    id: str | None = None
    mime_type: str | None = None
    caption: str | None = None
    filename: str | None = None


class _Location(Struct):
    latitude: float | None = None
    longitude: float | None = None
    name: str | None = None
    address: str | None = None


class _Button(Struct):
    text: str = ""


class _Reply(Struct):
    title: str | None = None
    body: str | None = None


class _Interactive(Struct):
    button_reply: _Reply | None = None
    list_reply: _Reply | None = None
    nfm_reply: _Reply | None = None


class _Reaction(Struct):
    message_id: str | None = None
    emoji: str | None = None


class _Product(Struct):
    quantity: float | str | None = None


class _Order(Struct):
    text: str | None = None
    product_items: list[_Product] | None = None


class _System(Struct):
    body: str | None = None


class _Changed(Struct):
    original_message_id: str | None = None
    message: Raw = NOTHING


class _Unsupported(Struct):
    type: str | None = None


def content_of(kind: str, message: Raw) -> Content:
    """The content of a message of that type. Raises Unreadable when it is not what the type promises."""
    inside = read(message, dict[str, Raw]).get(kind, NOTHING)
    reader = _READERS.get(kind)
    content = Content()
    if reader is not None and optional(inside, Raw) is not None:
        content = reader(kind, inside)
    elif reader is not None and kind != "unsupported":
        raise Unreadable("its content is missing")
    return replace(content, text=clean(content.text), needs_answer=needs_answer(kind) and content.needs_answer)


def needs_answer(kind: str) -> bool:
    """Whether whoever sends a message of that type waits for a reply."""
    return kind not in _QUIET


def _text(_kind: str, raw: Raw) -> Content:
    return Content(text=read(raw, _Text).body)


def _file(kind: str, raw: Raw) -> Content:
    found = read(raw, _File)
    caption = clean(found.caption or "")
    if not found.id:
        return Content(text=caption)
    media = Media(
        kind=kind,
        ref=clean(found.id),
        mime_type=clean(found.mime_type) if found.mime_type else None,
        caption=caption or None,
        file_name=clean(found.filename) if found.filename else None,
    )
    return Content(text=caption, media=(media,))


def _location(_kind: str, raw: Raw) -> Content:
    found = read(raw, _Location)
    if found.name or found.address:
        return Content(text=", ".join(part for part in (found.name, found.address) if part))
    if found.latitude is None or found.longitude is None:
        raise Unreadable("a place without coordinates")
    return Content(text=f"{found.latitude:.6f}, {found.longitude:.6f}")


def _contacts(_kind: str, raw: Raw) -> Content:
    # an address card is somebody else's: its numbers are never read, so they cannot be taken for the sender's
    return Content(text=_count(len(read(raw, list[Raw])), "contact"))


def _button(_kind: str, raw: Raw) -> Content:
    return Content(text=read(raw, _Button).text)


def _interactive(_kind: str, raw: Raw) -> Content:
    found = read(raw, _Interactive)
    reply = found.button_reply or found.list_reply or found.nfm_reply or _Reply()
    return Content(text=reply.title or reply.body or "")


def _reaction(_kind: str, raw: Raw) -> Content:
    found = read(raw, _Reaction)
    return Content(text=found.emoji or "", refers_to=found.message_id)


def _order(_kind: str, raw: Raw) -> Content:
    found = read(raw, _Order)
    items = _count(len(found.product_items or []), "product")
    return Content(text=f"{found.text}\n{items}" if found.text else items)


def _system(_kind: str, raw: Raw) -> Content:
    return Content(text=read(raw, _System).body or "")


def _edit(_kind: str, raw: Raw) -> Content:
    found = read(raw, _Changed)
    inner = str(read(found.message, dict[str, object]).get("type", ""))
    now = content_of(inner, found.message) if inner != "edit" else Content()
    return replace(now, refers_to=found.original_message_id)


def _revoke(_kind: str, raw: Raw) -> Content:
    return Content(refers_to=read(raw, _Changed).original_message_id)


def _unsupported(_kind: str, raw: Raw) -> Content:
    return Content(needs_answer=read(raw, _Unsupported).type not in _QUIET_UNSUPPORTED)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_READERS: dict[str, Callable[[str, Raw], Content]] = {
    "text": _text,
    "image": _file,
    "video": _file,
    "audio": _file,
    "document": _file,
    "sticker": _file,
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
}

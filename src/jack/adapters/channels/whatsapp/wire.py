"""The Cloud API's webhooks and answers as they come over the wire; only what Jack reads.

Tolerant on purpose: unknown fields are ignored, nearly everything may be missing, and parts are left as raw JSON so
that each is read on its own: one that cannot be read costs itself alone.
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages (Aug 2026)
"""

import json
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

T = TypeVar("T")
NOTHING = Raw(b"null")


class Unreadable(Exception):
    """A part of a webhook is not what it should be; the text says where and why and quotes nothing of it."""


class Envelope(Struct):
    """The whole body of a webhook."""

    object: str | None = None
    entry: list[Raw] | None = None


class Entry(Struct):
    """Changes of one WhatsApp Business account."""

    changes: list[Raw] | None = None


class Change(Struct):
    """One change: of messages, or of something else that the app is subscribed to."""

    field: str | None = None
    value: Raw = NOTHING


class Metadata(Struct):
    """Which number of the business the change is about."""

    phone_number_id: str | None = None


class Value(Struct):
    """What a change holds, list by list."""

    metadata: Raw = NOTHING
    contacts: Raw = NOTHING
    messages: Raw = NOTHING
    message_echoes: Raw = NOTHING
    statuses: Raw = NOTHING
    errors: Raw = NOTHING


class Profile(Struct):
    """What people say of themselves."""

    name: str | None = None


class Contact(Struct):
    """Somebody who wrote or was written to; since 2026 perhaps without a phone number."""

    wa_id: str | None = None
    user_id: str | None = None
    profile: Profile | None = None


class Message(Struct, rename={"from_": "from"}):
    """The outside of one message; its content stands in a field named like its type."""

    id: str
    type: str | None = None
    timestamp: Any = None
    from_: str | None = None
    from_user_id: str | None = None
    to: str | None = None
    to_user_id: str | None = None
    group_id: str | None = None
    context: Raw = NOTHING
    system: Raw = NOTHING


class Context(Struct):
    """What a message refers to; without an id when it was forwarded."""

    id: str | None = None


class SystemNote(Struct):
    """The ids in WhatsApp's own notes about a person; the old one says whose conversation the note belongs to."""

    previous_user_id: str | None = None


class GraphError(Struct):
    """An error of a status, a change or a call; only its code may be decided on."""

    code: int | None = None
    error_subcode: int | None = None


class Status(Struct):
    """What became of a message that was sent."""

    id: str
    status: str
    timestamp: Any = None
    biz_opaque_callback_data: str | None = None
    errors: Raw = NOTHING


class SentMessage(Struct):
    """A message as the send call names it."""

    id: str | None = None


class SendAnswer(Struct):
    """The answer of the send call."""

    messages: list[SentMessage] | None = None


class ErrorAnswer(Struct):
    """The answer of any call that failed."""

    error: GraphError


class PhoneNumberAnswer(Struct):
    """The answer when a business phone number is asked about."""

    id: str | None = None
    status: str | None = None


def read(data: bytes | Raw, kind: type[T]) -> T:
    """The data as that kind. Raises Unreadable.

    JSON that quotes half an emoji (a name that was cut) or holds broken UTF-8 is mended first, and read then.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        problem = str(error)
    except (ValueError, RecursionError):
        try:
            return msgspec.json.decode(_mended(bytes(data)), type=kind)
        except msgspec.ValidationError as error:
            problem = str(error)
        except (ValueError, RecursionError):
            problem = "not valid JSON"
    raise Unreadable(problem)


def optional(data: Raw, kind: type[T]) -> T | None:
    """The data as that kind, None for null. Raises Unreadable."""
    return None if bytes(data).strip() == bytes(NOTHING) else read(data, kind)


def _mended(data: bytes) -> bytes:
    found = json.loads(data.decode("utf-8", "replace"))
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")

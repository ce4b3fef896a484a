"""Taking a webhook apart: every entry, change, message and status on its own.

One body may carry 1,000 updates of several numbers. What cannot be read becomes a problem, which says where it stands
and never what it says; everything around it goes through.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from msgspec import Raw

from jack.adapters.channels.whatsapp.content import Content, content_of, needs_answer
from jack.adapters.channels.whatsapp.errors import said
from jack.adapters.channels.whatsapp.people import guest_of, opaque
from jack.adapters.channels.whatsapp.wire import (
    Change,
    Contact,
    Context,
    Entry,
    Envelope,
    GraphError,
    Message,
    Metadata,
    Status,
    SystemNote,
    Unreadable,
    Value,
    optional,
    read,
)
from jack.adapters.markup import clean
from jack.application.ports.channels import Delivery, DeliveryReceipt, InboundMessage, Unpacked
from jack.domain.ids import MessageId
from jack.domain.message import DeliveryStatus

T = TypeVar("T")
_OBJECT = "whatsapp_business_account"
_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "played": DeliveryStatus.READ,
    "failed": DeliveryStatus.FAILED,
}
_MOST_PROBLEMS = 100
_LONGEST_TYPE = 40
_LONGEST_CALLBACK = 64
_MOST_DIGITS_OF_SECONDS = 11
_CLOCKS_DIFFER = timedelta(days=1)
_WORD = re.compile(r"[A-Za-z_]{1,40}")


class Unpacking:
    """One delivery being taken apart; `done` is what was found."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._messages: list[InboundMessage] = []
        self._receipts: list[DeliveryReceipt] = []
        self._problems: list[str] = []
        self._unnamed_problems = 0

    def done(self) -> Unpacked:
        """Everything in the delivery, in the order of the body."""
        self._guarded("the body", self._body, Raw(self._delivery.body))
        if self._unnamed_problems:
            self._problems.append(f"and {self._unnamed_problems} more parts that could not be read")
        return Unpacked(messages=tuple(self._messages), receipts=tuple(self._receipts), problems=tuple(self._problems))

    def _guarded(self, where: str, reader: Callable[[str, Raw], None], raw: Raw) -> None:
        try:
            reader(where, raw)
        except Unreadable as error:
            self._problem(where, f"could not be read: {error}")

    def _problem(self, where: str, what: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(f"{where}: {what}")
        else:
            self._unnamed_problems += 1

    def _each(self, where: str, noun: str, raws: Sequence[Raw], reader: Callable[[str, Raw], None]) -> None:
        for number, raw in enumerate(raws, start=1):
            self._guarded(f"{where}{noun} {number}", reader, raw)

    def _body(self, where: str, raw: Raw) -> None:
        envelope = read(raw, Envelope)
        if envelope.object not in (None, _OBJECT):
            self._problem(where, "is not about a WhatsApp Business account")
            return
        if not envelope.entry:
            self._problem(where, "has no entries")
        self._each("", "entry", envelope.entry or [], self._entry)

    def _entry(self, where: str, raw: Raw) -> None:
        self._each(f"{where}, ", "change", read(raw, Entry).changes or [], self._change)

    def _change(self, where: str, raw: Raw) -> None:
        change = read(raw, Change)
        if change.field not in ("messages", "smb_message_echoes"):
            self._problem(where, f"{_label(change.field)} is nothing that Jack reads")
            return
        value = read(change.value, Value)
        account = (optional(value.metadata, Metadata) or Metadata()).phone_number_id
        if account is None or account not in self._delivery.accounts:
            self._problem(where, "is about a number for which the signature does not stand")
            return
        self._value(f"{where}, ", account, value)

    def _value(self, where: str, account: str, value: Value) -> None:
        contacts: list[Contact] = []

        def contact(_where: str, raw: Raw) -> None:
            contacts.append(read(raw, Contact))

        def message(here: str, raw: Raw) -> None:
            self._message(here, account, contacts, raw, echo=False)

        def echo(here: str, raw: Raw) -> None:
            self._message(here, account, contacts, raw, echo=True)

        def status(here: str, raw: Raw) -> None:
            self._status(here, account, raw)

        def error(here: str, raw: Raw) -> None:
            self._problem(here, said(read(raw, GraphError).code))

        for noun, raws, reader in (
            ("contact", value.contacts, contact),
            ("message", value.messages, message),
            ("echo", value.message_echoes, echo),
            ("status", value.statuses, status),
            ("error", value.errors, error),
        ):
            try:
                found = optional(raws, list[Raw]) or []
            except Unreadable as problem:
                self._problem(f"{where}{noun} list", f"could not be read: {problem}")
            else:
                self._each(where, noun, found, reader)

    def _message(self, where: str, account: str, contacts: Sequence[Contact], raw: Raw, *, echo: bool) -> None:
        message = read(raw, Message)
        kind = clean(message.type or "unknown")[:_LONGEST_TYPE]
        provider_id = opaque(message.id)
        note = self._optional(where, "note", message.system, SystemNote) or SystemNote()
        sender = guest_of(message, contacts, previous_user_id=opaque(note.previous_user_id), echo=echo)
        if provider_id is None or sender is None:
            raise Unreadable("it has no id" if provider_id is None else "it names nobody")
        try:
            content = content_of(kind, raw)
        except Unreadable as error:
            self._problem(where, f"of type {_label(kind)}, was kept without its content: {error}")
            content = Content(needs_answer=needs_answer(kind))
        context = self._optional(where, "context", message.context, Context)
        self._messages.append(
            InboundMessage(
                account=account,
                provider_id=provider_id,
                sender=sender,
                type=kind,
                text=content.text,
                sent_at=self._moment(where, message.timestamp),
                media=content.media,
                reply_to=opaque(content.refers_to) or opaque(context.id if context else None),
                needs_answer=content.needs_answer and not echo,
                in_group=message.group_id is not None,
                from_staff=echo,
            )
        )

    def _status(self, where: str, account: str, raw: Raw) -> None:
        status = read(raw, Status)
        provider_id = opaque(status.id)
        if provider_id is None:
            raise Unreadable("it has no id")
        known = _STATUSES.get(status.status)
        if known is None:
            self._problem(where, f"{_label(status.status)} is no status that Jack knows")
            return
        codes = self._optional(where, "error", status.errors, list[GraphError]) or []
        reason = "; ".join(said(error.code) for error in codes[:3])
        own = opaque(status.biz_opaque_callback_data)
        self._receipts.append(
            DeliveryReceipt(
                account=account,
                provider_id=provider_id,
                message_id=MessageId(own) if own and len(own) <= _LONGEST_CALLBACK else None,
                status=known,
                at=self._moment(where, status.timestamp),
                reason=reason or None,
            )
        )

    def _optional(self, where: str, noun: str, raw: Raw, kind: type[T]) -> T | None:
        try:
            return optional(raw, kind)
        except Unreadable as error:
            self._problem(where, f"its {noun} could not be read: {error}")
            return None

    def _moment(self, where: str, timestamp: object) -> datetime:
        """The provider's time (Unix seconds as text); the time of arrival where that is missing or nonsense."""
        arrived = self._delivery.received_at
        text = str(timestamp)
        if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS_OF_SECONDS:
            moment = datetime.fromtimestamp(int(text), UTC)
            if moment <= arrived + _CLOCKS_DIFFER:
                return moment
        self._problem(where, "has no usable time; the time of arrival was taken")
        return arrived


def _label(word: str | None) -> str:
    """A word of the protocol, fit for a problem; anything that does not look like one is not repeated."""
    return f'"{word}"' if word and _WORD.fullmatch(word) else "an unknown word"

"""Taking a Twilio webhook apart: one message or one status, as a form of strings.

https://www.twilio.com/docs/messaging/guides/webhook-request (March 2026)
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from jack.adapters.channels.twilio.errors import said
from jack.adapters.channels.twilio.signature import fields_of
from jack.adapters.markup import clean, clean_name
from jack.application.ports.channels import Delivery, DeliveryReceipt, InboundMessage, Sender, Unpacked
from jack.domain.conversation import ChannelIdentity
from jack.domain.ids import MessageId
from jack.domain.message import DeliveryStatus, Media

MESSAGE_PARAMETER = "message"
"""The parameter of the status address in which Jack's own id of a message comes back."""

_WHATSAPP = "whatsapp:"
_PHONE = re.compile(r"\+[0-9]{5,20}", re.ASCII)
_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}", re.ASCII)
_OWN_ID = re.compile(r"[0-9a-zA-Z-]{1,64}", re.ASCII)
_MOST_MEDIA = 30
_LONGEST_ADDRESS = 200
_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}
_NO_NEWS = frozenset({"accepted", "scheduled", "queued", "sending", "receiving", "received", "partially_delivered"})
_OPT_OUT_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_TWILIO_ANSWERS = _OPT_OUT_WORDS | {"START", "UNSTOP", "HELP", "INFO"}
"""Twilio itself answers these on SMS, and a reply of Jack's would be one too many. "YES" opts in as well, but a guest
who says it usually answers a question of Jack's."""


class _Bad(Exception):
    """A part of the form cannot be read; the text says which."""


def unpacked(delivery: Delivery) -> Unpacked:
    """What one delivery holds. Never raises: what cannot be read is a problem."""
    fields = fields_of(delivery.body)
    if fields is None:
        return Unpacked(problems=("the body is no form",))
    form = dict(fields)
    try:
        if form.get("MessageStatus", "received") not in ("received", "receiving"):
            receipt = _receipt(form, delivery)
            return Unpacked(receipts=(receipt,) if receipt else ())
        return Unpacked(messages=(_message(form, delivery),))
    except _Bad as bad:
        return Unpacked(problems=(str(bad),))


def _message(form: Mapping[str, str], delivery: Delivery) -> InboundMessage:
    account = _own(form, "To", delivery)
    sender = _sender(form)
    kind, text = _content(form)
    is_sms = not account.startswith(_WHATSAPP)
    word = text.strip().upper()
    handled = is_sms and (bool(form.get("OptOutType")) or word in _TWILIO_ANSWERS)
    return InboundMessage(
        account=account,
        provider_id=_provider_id(form),
        sender=sender,
        type="opt_out" if is_sms and (form.get("OptOutType") == "STOP" or word in _OPT_OUT_WORDS) else kind,
        text=text,
        sent_at=delivery.received_at,  # Twilio's webhook names no time
        media=_media(form),
        reply_to=form.get("OriginalRepliedMessageSid") or None,
        needs_answer=not handled and kind != "reaction",
    )


def _sender(form: Mapping[str, str]) -> Sender:
    address = form.get("From", "")
    if not address or len(address) > _LONGEST_ADDRESS or not address.isprintable():
        raise _Bad("the message names no sender")
    name = clean_name(form.get("ProfileName", ""))
    if not address.startswith(_WHATSAPP):
        phone = address.removeprefix("+") if _PHONE.fullmatch(address) else None
        identity = ChannelIdentity(kind="phone", value=phone or address)
        return Sender(identities=(identity,), address=address, phone=phone, display_name=name)
    inside = address.removeprefix(_WHATSAPP)
    phone = inside.removeprefix("+") if _PHONE.fullmatch(inside) else None
    wa_id = form.get("WaId", "")
    if phone is None and wa_id.isascii() and wa_id.isdigit() and len(wa_id) <= 20:
        phone = wa_id
    user_id = (form.get("ExternalUserId") or form.get("ExternalUserIdentifier") or "").removeprefix(_WHATSAPP)
    if not user_id and not _PHONE.fullmatch(inside):
        user_id = inside
    names = [("user_id", user_id)] if user_id else []
    names += [("wa_id", phone)] if phone else []
    return Sender(
        identities=tuple(ChannelIdentity(kind=kind, value=value) for kind, value in names if value),
        address=address,
        phone=phone,
        display_name=name,
    )


def _content(form: Mapping[str, str]) -> tuple[str, str]:
    text = clean(form.get("Body", ""))
    if form.get("ButtonText"):
        return "button", text or clean(form["ButtonText"])
    if form.get("Latitude") and form.get("Longitude"):
        place = ", ".join(filter(None, (clean(form.get("Label", "")), clean(form.get("Address", "")))))
        return "location", text or place or f"{clean(form['Latitude'])}, {clean(form['Longitude'])}"
    kind = form.get("MessageType", "")
    if kind.isidentifier() and len(kind) <= 40:
        return kind.lower(), text
    media = form.get("MediaContentType0", "")
    return (media.partition("/")[0] if media.partition("/")[0].isalpha() else "file", text) if media else ("text", text)


def _media(form: Mapping[str, str]) -> tuple[Media, ...]:
    count = form.get("NumMedia", "0")
    found: list[Media] = []
    for number in range(min(int(count), _MOST_MEDIA) if count.isascii() and count.isdigit() else 0):
        ref, mime_type = form.get(f"MediaUrl{number}", ""), clean(form.get(f"MediaContentType{number}", ""))
        if urlsplit(ref).scheme in ("http", "https") and ref.isprintable() and len(ref) <= 2_000:
            found.append(Media(kind=mime_type.partition("/")[0] or "file", ref=ref, mime_type=mime_type or None))
    return tuple(found)


def _receipt(form: Mapping[str, str], delivery: Delivery) -> DeliveryReceipt | None:
    told = form["MessageStatus"]
    if told in _NO_NEWS:
        return None
    if told not in _STATUSES:
        raise _Bad(f"the status {json.dumps(told[:40])} is not known")
    return DeliveryReceipt(
        account=_own(form, "From", delivery),
        provider_id=_provider_id(form),
        message_id=_own_id(delivery.target),
        status=_STATUSES[told],
        at=delivery.received_at,
        reason=_reason(form, told),
    )


def _reason(form: Mapping[str, str], told: str) -> str | None:
    if _STATUSES[told] is not DeliveryStatus.FAILED:
        return None
    code = form.get("ErrorCode", "")
    return said(int(code) if code.isascii() and code.isdigit() and len(code) < 9 else None)


def _own_id(target: str) -> MessageId | None:
    told = dict(parse_qsl(urlsplit(target).query)).get(MESSAGE_PARAMETER, "")
    return MessageId(told) if _OWN_ID.fullmatch(told) else None


def _own(form: Mapping[str, str], name: str, delivery: Delivery) -> str:
    account = form.get(name, "")
    if account not in delivery.accounts:
        # signed by the right account, for a number of it that is no hotel's
        raise _Bad("the message is for a number that no hotel has")
    return account


def _provider_id(form: Mapping[str, str]) -> str:
    sid = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    if not _SID.fullmatch(sid):
        raise _Bad("the message has no MessageSid")
    return sid

"""Twilio's list of messages, for the fate of one whose call broke off.

https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from jack.adapters.channels.twilio.errors import said
from jack.adapters.http import Interrupted
from jack.application.ports.channels import DeliveryReceipt
from jack.domain.ids import MessageId
from jack.domain.message import DeliveryStatus

_STATUSES = {
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}
"""Whatever else an entry says, Twilio has taken the message."""


class _Entry(msgspec.Struct):
    sid: str = ""
    body: str | None = None
    status: str | None = None
    date_created: str | None = None
    error_code: int | None = None


class _List(msgspec.Struct):
    messages: list[_Entry]


def entries_in(
    body: bytes, account: str, text: str, message_id: MessageId, since: datetime
) -> tuple[DeliveryReceipt, ...]:
    """The entries with that text, made at `since` or later, as receipts. Raises ServiceUnavailable for an answer that
    is no list."""
    try:
        entries = msgspec.json.decode(body, type=_List, strict=False).messages
    except msgspec.DecodeError:
        raise Interrupted("Twilio answered with something that is no list of messages") from None
    found: list[DeliveryReceipt] = []
    for entry in entries:
        made = _instant(entry.date_created)
        if not entry.sid or entry.body != text or made is None or made < since:
            continue
        status = _STATUSES.get(entry.status or "", DeliveryStatus.SENT)
        reason = said(entry.error_code) if status is DeliveryStatus.FAILED else None
        found.append(
            DeliveryReceipt(
                account=account, provider_id=entry.sid, message_id=message_id, status=status, at=made, reason=reason
            )
        )
    return tuple(found)


def _instant(text: str | None) -> datetime | None:
    """RFC 2822, such as "Sun, 22 Nov 2026 12:00:00 +0000"."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

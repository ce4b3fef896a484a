"""Webhooks as Meta sends them: bodies with escaped letters, signed over their raw bytes.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint
"""

import hashlib
import hmac
import json
import secrets
from typing import Any


def signed(body: bytes, app_secret: str) -> dict[str, str]:
    """The headers that go with a body: its type and its signature under the app secret."""
    digest = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"}


def message_body(phone_number_id: str, sender: str, text: str, at: int, name: str = "") -> bytes:
    """One text message from the phone `sender` ('+' and digits, or digits), written at Unix second `at`."""
    digits = "".join(ch for ch in sender if ch.isdigit())
    message = {
        "from": digits,
        "id": f"wamid.{secrets.token_urlsafe(24)}",
        "timestamp": str(at),
        "type": "text",
        "text": {"body": text},
    }
    contact: dict[str, Any] = {"wa_id": digits}
    if name:
        contact["profile"] = {"name": name}
    return _body(phone_number_id, {"contacts": [contact], "messages": [message]})


def status_body(
    phone_number_id: str, provider_id: str, status: str, recipient: str, at: int, echo: str | None = None
) -> bytes:
    """One receipt; `echo` is the id that Jack sent along."""
    receipt = {"id": provider_id, "status": status, "timestamp": str(at), "recipient_id": recipient}
    if echo:
        receipt["biz_opaque_callback_data"] = echo
    return _body(phone_number_id, {"statuses": [receipt]})


def _body(phone_number_id: str, value: dict[str, Any]) -> bytes:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": phone_number_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    envelope = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [change]}],
    }
    # Meta escapes what is not ASCII, and the signature covers the escaped text.
    return json.dumps(envelope, ensure_ascii=True, separators=(",", ":")).encode()

"""Webhooks as Meta sends them: signed over the escaped bytes, with every shape of sender.

meta = Webhooks()
body = meta.body(meta.change(messages=[meta.text(ZOE, "Hi")], people=[ZOE]))
await client.post("/webhooks/whatsapp", content=body, headers=meta.headers(body))
"""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.simulators.whatsapp import PHONE_NUMBER_ID, Accepted

APP_SECRET = "test_app_secret_0123456789abcdef"
VERIFY_TOKEN = "a-verify-token"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on WhatsApp; without `wa_id` somebody who shows no phone number."""

    name: str
    wa_id: str | None = None
    user_id: str | None = None


ZOE = Person(name="Zoë", wa_id="16505551234", user_id="US.13491208655302741918")
SHY = Person(name="Sheena Nelson", user_id="PT.20491208655302741918")


class Webhooks:
    """One Meta app's webhooks for one business number."""

    def __init__(self, app_secret: str = APP_SECRET, phone_number_id: str = PHONE_NUMBER_ID) -> None:
        self.app_secret = app_secret
        self.phone_number_id = phone_number_id
        self._serial = itertools.count(1)

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a delivery, the signature among them."""
        digest = hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        return {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"}

    def body(self, *changes: Json) -> bytes:
        """A body with those changes in one entry, escaped as Meta escapes."""
        return escaped(
            {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": changes}]}
        )

    def change(
        self,
        *,
        messages: Iterable[Json] = (),
        statuses: Iterable[Json] = (),
        echoes: Iterable[Json] = (),
        errors: Iterable[Json] = (),
        people: Iterable[Person] = (),
    ) -> Json:
        """A change of this business number; lists that are empty are left out, as Meta does."""
        lists = {
            "contacts": [_contact(person) for person in people],
            "messages": list(messages),
            "statuses": list(statuses),
            "message_echoes": list(echoes),
            "errors": list(errors),
        }
        metadata = {"display_phone_number": "15550783881", "phone_number_id": self.phone_number_id}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **{k: v for k, v in lists.items() if v}}
        return {"value": value, "field": "smb_message_echoes" if lists["message_echoes"] else "messages"}

    def message(
        self,
        person: Person,
        kind: str,
        content: object,
        *,
        wamid: str | None = None,
        at: int | None = None,
        **more: Any,
    ) -> Json:
        """An inbound message of any type; `more` are fields beside the content, such as context or group_id."""
        return {**_from(person), **self._outside(wamid, at), "type": kind, kind: content, **more}

    def text(self, person: Person, text: str, *, wamid: str | None = None, at: int | None = None, **more: Any) -> Json:
        """An inbound text."""
        return self.message(person, "text", {"body": text}, wamid=wamid, at=at, **more)

    def echo(self, person: Person, text: str, *, wamid: str | None = None, at: int | None = None) -> Json:
        """A text that the hotel's people wrote to that person in the WhatsApp Business app."""
        to = {"to": person.wa_id, "to_user_id": person.user_id}
        named = {name: value for name, value in to.items() if value}
        return {"from": "15550783881", **named, **self._outside(wamid, at), "type": "text", "text": {"body": text}}

    def status(self, of: Accepted, status: str, *, at: int | None = None, code: int | None = None) -> Json:
        """What became of a message that the simulator accepted; with `code` an error beside it."""
        found: Json = {"id": of.wamid, "status": status, "timestamp": str(at if at is not None else int(time.time()))}
        if of.address.startswith("+"):
            found["recipient_id"] = of.address[1:]
        if of.callback_data is not None:
            found["biz_opaque_callback_data"] = of.callback_data
        if code is not None:
            found["errors"] = [{"code": code, "title": "A title", "error_data": {"details": "Details."}}]
        return found

    def text_delivery(self, person: Person, text: str, **more: Any) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a webhook with one text in it."""
        body = self.body(self.change(messages=[self.text(person, text, **more)], people=[person]))
        return body, self.headers(body)

    def status_delivery(self, of: Accepted, status: str, **more: Any) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a webhook with one status in it."""
        body = self.body(self.change(statuses=[self.status(of, status, **more)]))
        return body, self.headers(body)

    def _outside(self, wamid: str | None, at: int | None) -> Json:
        return {
            "id": wamid or f"wamid.HBgLSIMULATED{next(self._serial):06d}==",
            "timestamp": str(at if at is not None else int(time.time())),
        }


def escaped(data: Mapping[str, Any]) -> bytes:
    """JSON as Meta writes it: compact, \\u00eb for ë, \\/ for a slash."""
    return json.dumps(data, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def _from(person: Person) -> Json:
    both = {"from": person.wa_id, "from_user_id": person.user_id}
    return {name: value for name, value in both.items() if value}


def _contact(person: Person) -> Json:
    both = {"wa_id": person.wa_id, "user_id": person.user_id}
    return {"profile": {"name": person.name}, **{name: value for name, value in both.items() if value}}

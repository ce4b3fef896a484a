"""Notices: what Mews's pushes hint at. They carry ids only, in no order, often hundreds together, and no signature.

One address receives the pushes of every hotel that uses the same integration.
"""

from typing import Any

import msgspec

from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from jack.domain.snapshot import UnknownValue

STAYS = frozenset({"ServiceOrderUpdated", "Reservation"})
GUESTS = frozenset({"CustomerAdded", "CustomerUpdated"})
ROOMS = frozenset({"ResourceUpdated", "ResourceBlockUpdated", "Resource"})
OF_NO_INTEREST = frozenset({"MessageAdded", "PaymentUpdated"})

INTEGRATION = frozenset(
    {
        "IntegrationCreated",
        "IntegrationEnabled",
        "IntegrationDisabled",
        "IntegrationCanceled",
        "IntegrationReinstated",
        "IntegrationDeleted",
        "IntegrationApiKeyCreated",
    }
)
"""Messages about the integration itself. Some carry keys, so nothing of them is kept in a hint."""

BETWEEN = "/"
"""Stands between an enterprise's id and a key, while it is not known yet whether that enterprise is this hotel."""


class _Push(msgspec.Struct, rename="pascal"):
    enterprise_id: str | None = None
    events: list[Any] | None = None
    action: str | None = None


def hints_of(body: bytes, enterprise_id: str | None) -> PmsHints:
    """What a push hints at; `enterprise_id` is this hotel's, None while it is not known.

    Understands general webhooks, integration webhooks and the messages of the WebSocket. Raises ServiceRejected.
    """
    try:
        push = msgspec.json.decode(body, type=_Push)
    except (msgspec.DecodeError, UnicodeError):
        raise ServiceRejected("the push is none of Mews") from None
    theirs = push.enterprise_id
    if theirs and enterprise_id and theirs.lower() != enterprise_id.lower():
        return PmsHints()
    if push.action is not None and push.action not in INTEGRATION:
        return PmsHints(changes=True, unknown=(UnknownValue(field="push.Action", value=push.action),))
    prefix = f"{theirs}{BETWEEN}" if theirs and not enterprise_id else ""
    hints = PmsHints()
    found: list[PmsHints] = [_of_event(event, prefix) for event in push.events or ()]
    if found:
        hints = PmsHints(
            stays=tuple(dict.fromkeys(key for hint in found for key in hint.stays)),
            guests=tuple(dict.fromkeys(key for hint in found for key in hint.guests)),
            rooms=any(hint.rooms for hint in found),
            changes=any(hint.changes for hint in found),
            unknown=tuple(dict.fromkeys(value for hint in found for value in hint.unknown)),
        )
    return hints


def own(keys: tuple[str, ...], enterprise_id: str) -> list[str]:
    """The keys of this hotel, without the name of the enterprise that some carry."""
    found = []
    for key in keys:
        theirs, between, bare = key.rpartition(BETWEEN)
        if not between or theirs.lower() == enterprise_id.lower():
            found.append(bare)
    return list(dict.fromkeys(found))


def _of_event(event: object, prefix: str) -> PmsHints:
    told = event if isinstance(event, dict) else {}
    value = told.get("Value")
    kind = told.get("Discriminator") or told.get("Type")
    key = value.get("Id") if isinstance(value, dict) else told.get("Id")
    if not isinstance(kind, str):
        return PmsHints(changes=True, unknown=(UnknownValue(field="push.Discriminator", value=""),))
    if kind in ROOMS:
        return PmsHints(rooms=True)
    if kind in OF_NO_INTEREST:
        return PmsHints()
    if kind in STAYS | GUESTS:
        if not isinstance(key, str) or not key:
            return PmsHints(changes=True)
        return PmsHints(stays=(prefix + key,)) if kind in STAYS else PmsHints(guests=(prefix + key,))
    return PmsHints(changes=True, unknown=(UnknownValue(field="push.Discriminator", value=kind),))

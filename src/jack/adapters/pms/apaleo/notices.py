"""From apaleo's webhook events to hints. Asks nobody.

Topics and types as apaleo's own n8n node lists them (github.com/apaleo/n8n-nodes-apaleo, constants.ts); the case of
letters varies between apaleo's sources.
"""

import msgspec

from jack.adapters.pms.apaleo.payloads import Event
from jack.adapters.vendor_api.records import present
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from jack.domain.snapshot import UnknownValue

BOOKING = "booking:"
"""Stands before a key that names a whole booking."""

_WHOLE_ACCOUNT = frozenset({"account", "booking", "company", "system"})
"""Topics whose events belong to no property, whatever they name."""

_RESERVATION_TYPES = frozenset(
    {
        "created",
        "amended",
        "changed",
        "checked-in",
        "checked-out",
        "check-in-reverted",
        "set-to-no-show",
        "unit-assigned",
        "unit-unassigned",
        "canceled",
        "deleted",
        "payment-account-set",
        "payment-account-removed",
        "picked-up-from-block",
    }
)
_TOPICS = {
    **dict.fromkeys(("unit", "unitgroup", "maintenance"), PmsHints(rooms=True)),
    **dict.fromkeys(("nightaudit", "block", "group"), PmsHints(changes=True)),  # several stays, and none is named
    **dict.fromkeys(("system", "account", "property", "company", "unitattributedefinition"), PmsHints()),
    **dict.fromkeys(("folio", "invoice", "rateplan", "citytax", "service", "paymenttransaction"), PmsHints()),
}
"""What the events of a topic hint at, whatever they name."""


def hints_of(body: bytes, property_id: str) -> PmsHints:
    """What the push hints at: one event, or a list of them as a relay may bundle them.

    Raises ServiceRejected for what is no event of apaleo's.
    """
    try:
        events = msgspec.json.decode(body, type=list[Event] | Event, strict=False)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ServiceRejected("the push is no event of apaleo's") from error
    hints = PmsHints()
    for event in events if isinstance(events, list) else [events]:
        hints |= _hints_of_one(event, property_id)
    return hints


def _hints_of_one(event: Event, property_id: str) -> PmsHints:
    topic, kind = event.topic.strip().lower(), event.type.strip().lower()
    key = present(event.data.entity_id) if event.data else None
    meant = present(event.property_id)
    if topic not in _WHOLE_ACCOUNT and meant is not None and meant != property_id:
        return PmsHints()
    if topic in _TOPICS:
        return _TOPICS[topic]
    if topic == "booking":
        return PmsHints(stays=(BOOKING + key,)) if key else PmsHints(changes=True)
    stays = (key,) if topic == "reservation" and key else ()
    if topic == "reservation" and kind in _RESERVATION_TYPES:
        return PmsHints(stays=stays, changes=not stays)
    word = UnknownValue(field="event", value=f"{event.topic}/{event.type}")
    return PmsHints(stays=stays, changes=True, unknown=(word,))

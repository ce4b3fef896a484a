"""What Cloudbeds pushes: one event, which names a booking, a guest or a room. No signature, no id, no promised order.

The same key is spelled `reservationID` or `reservationId`, depending on the event, and the property comes as a number
with a text beside it; so names are read without regard to capitals.
"""

from collections.abc import Mapping

import msgspec

from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from jack.domain.snapshot import UnknownValue

_ACTIONS = {
    "reservation": (
        "created",
        "status_changed",
        "dates_changed",
        "accommodation_status_changed",
        "accommodation_type_changed",
        "accommodation_changed",
        "deleted",
        "notes_changed",
        "custom_fields_changed",
    ),
    "guest": ("created", "assigned", "removed", "details_changed", "accommodation_changed"),
}
_ROOM_OBJECTS = frozenset({"housekeeping", "roomblock"})
_EVENTS_OF_NOTHING = frozenset({"integration/appstate_changed"})


def read_push(body: bytes, property_id: str) -> PmsHints:
    """What to read again. Raises ServiceRejected for a body that is no push of Cloudbeds."""
    if not body.strip():
        return PmsHints()
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError):
        raise ServiceRejected("the push is not JSON, so it is not from Cloudbeds") from None
    events = found if isinstance(found, list) else [found]
    hints = PmsHints()
    for event in events:
        if not isinstance(event, dict):
            raise ServiceRejected("the push is not as Cloudbeds makes them")
        hints |= _read_event({str(name).lower(): value for name, value in event.items()}, property_id)
    return hints


def _read_event(event: Mapping[str, object], property_id: str) -> PmsHints:
    properties = {_key(event, name) for name in ("propertyid_str", "propertyid")} - {""}
    if properties and property_id not in properties:
        return PmsHints()
    name = _key(event, "event")
    thing, _, action = name.partition("/")
    stays = tuple(filter(None, (_key(event, "reservationid"),)))
    guests = tuple(filter(None, (_key(event, "guestid"),)))
    if name in _EVENTS_OF_NOTHING:
        return PmsHints()
    if action in _ACTIONS.get(thing, ()):
        return PmsHints(stays=stays, guests=guests, changes=not (stays or guests))
    if thing in _ROOM_OBJECTS or name == "night_audit/completed":
        return PmsHints(rooms=True, changes=thing not in _ROOM_OBJECTS)
    unknown = UnknownValue(field="webhook.event", value=name)
    return PmsHints(stays=stays, guests=guests, changes=True, unknown=(unknown,))


def _key(event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()

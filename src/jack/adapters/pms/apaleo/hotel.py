"""From apaleo's property to the hotel. Asks nobody."""

import msgspec

from jack.adapters.pms.apaleo.payloads import Property, PropertyList
from jack.adapters.vendor_api.records import present
from jack.application.ports.pms import PmsHotel

_LANGUAGE = "en"


def read_property(body: bytes) -> Property:
    """The answer of `GET /inventory/v1/properties/{id}`. Raises msgspec.DecodeError."""
    return msgspec.json.decode(body, type=Property, strict=False)


def property_ids(body: bytes) -> tuple[str, ...]:
    """The ids on a page of `GET /inventory/v1/properties`. Raises msgspec.DecodeError."""
    return tuple(found.id for found in msgspec.json.decode(body, type=PropertyList, strict=False).properties)


def hotel_of(found: Property) -> PmsHotel:
    """The hotel. Of a name in several languages the English one is taken, else the first."""
    names = found.name if isinstance(found.name, dict) else {_LANGUAGE: found.name or ""}
    name = names.get(_LANGUAGE) or next(iter(names.values()), "")
    return PmsHotel(key=found.id, name=present(name) or found.id, time_zone=present(found.time_zone))

"""What holds for the whole hotel: the enterprise, its lodging services, room types, rooms and ages of guests."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jack.adapters.pms.mews.payloads import (
    AgeCategory,
    Assignment,
    Category,
    Configuration,
    Resource,
    Service,
    is_so,
)
from jack.adapters.pms.mews.words import LODGING, NIGHTLY, OTHER_PLACES
from jack.adapters.vendor_api.records import present
from jack.application.errors import ServiceDenied
from jack.domain.snapshot import UnknownValue


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The enterprise behind the access token."""

    id: str
    name: str
    chain_id: str | None
    zone: ZoneInfo
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Everything that a reservation only points at.

    `room_types` are names by category id, `numbers` room numbers by resource id, `types_of` the lodging categories of
    each resource, `adults` tells by age category whether it is one of adults. `unknown` are types of rooms that nobody
    knows; what a lodging service sells under such a type is taken for a room.
    """

    house: House
    services: tuple[str, ...] = ()
    room_types: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    types_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    adults: dict[str, bool] = field(default_factory=dict)
    unknown: tuple[UnknownValue, ...] = ()

    def room_type(self, resource_id: str | None, booked: str | None) -> str | None:
        """The type of the room that was given, which differs from the booked one after an upgrade; without a room the
        booked type.
        """
        actual = self.types_of.get(resource_id or "", ())
        kind = booked if not actual or booked in actual else actual[0]
        return self.room_types.get(kind or "")


def house_of(configuration: Configuration, enterprise_id: str | None) -> House:
    """The hotel. Raises ServiceDenied, saying what to do, when it is not one hotel or not the one that is wanted."""
    found = configuration.enterprise
    if enterprise_id is None and is_so(found.is_portfolio):
        raise ServiceDenied(
            "the access token of Mews opens a portfolio of hotels: set enterprise_id in [hotels.pms] to this hotel's id"
        )
    if enterprise_id is not None and found.id.lower() != enterprise_id.lower():
        raise ServiceDenied(
            f"the access token of Mews opens another hotel ({present(found.name) or found.id}) than enterprise_id in "
            "[hotels.pms] names: use the hotel's own token, or correct enterprise_id"
        )
    try:
        zone = ZoneInfo(present(found.time_zone_identifier) or "none")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ServiceDenied(
            "Mews gives no time zone that is known for this hotel: correct it in the hotel's settings at Mews"
        ) from None
    return House(
        id=found.id,
        name=present(found.name) or found.id,
        chain_id=present(found.chain_id),
        zone=zone,
        language=present(found.default_language_code),
    )


def nightly(services: Iterable[Service]) -> list[str]:
    """The services that are booked by the night."""
    found = []
    for service in services:
        data = service.data if isinstance(service.data, dict) else {}
        value = data.get("Value")
        value = value if isinstance(value, dict) else {}
        unit = value.get("TimeUnitPeriod") or value.get("TimeUnit")
        if is_so(service.is_active, otherwise=True) and data.get("Discriminator") == "Bookable" and unit == NIGHTLY:
            found.append(service.id)
    return found


def reference_of(
    house: House,
    chosen: tuple[str, ...],
    categories: Iterable[Category],
    assignments: Iterable[Assignment],
    resources: Iterable[Resource],
    ages: Iterable[AgeCategory],
) -> Reference:
    """The joins. `chosen` are the services that the hotel named as stays; without any, those with room types for
    sleeping are.

    Raises ServiceDenied when nothing looks like stays.
    """
    told = list(categories)
    services = chosen or tuple(dict.fromkeys(c.service_id for c in told if c.service_id and c.type in LODGING))
    if not services:
        raise ServiceDenied(
            "no service at Mews looks like stays (bookable by the day, with room types): name them in service_ids in "
            "[hotels.pms]"
        )
    sold = [c for c in told if c.service_id in services]
    lodging = [c for c in sold if chosen or c.type not in OTHER_PLACES]
    strange = dict.fromkeys(c.type for c in sold if present(c.type) and c.type not in LODGING | OTHER_PLACES)
    names = {category.id: name for category in sold if (name := _named(category, house.language))}
    active = {category.id for category in lodging if is_so(category.is_active, otherwise=True)}
    types_of: dict[str, tuple[str, ...]] = {}
    for assignment in assignments:
        if assignment.resource_id and assignment.category_id in active and is_so(assignment.is_active, otherwise=True):
            types_of[assignment.resource_id] = (*types_of.get(assignment.resource_id, ()), assignment.category_id)
    return Reference(
        house=house,
        services=services,
        room_types=names,
        numbers={resource.id: number for resource in resources if (number := present(resource.name))},
        types_of=types_of,
        adults={a.id: a.classification == "Adult" for a in ages if a.classification in ("Adult", "Child")},
        unknown=tuple(UnknownValue(field="resourceCategory.Type", value=kind or "") for kind in strange),
    )


def _named(category: Category, language: str | None) -> str | None:
    """The name in the hotel's language, else in any; the short name where there is no other."""
    for names in (category.names or {}, category.short_names or {}):
        found = present(names.get(language or "")) or next((n for n in map(present, names.values()) if n), None)
        if found:
            return found
    return None

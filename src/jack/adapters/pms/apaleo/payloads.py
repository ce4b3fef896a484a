"""What apaleo answers, as far as Jack reads it (booking v1, inventory v1). Everything may be absent, null or empty,
members of lists too.

Words of a fixed list are plain texts here, so that a new one costs nothing; staff's `comment` is not read at all.
"""

import msgspec


class Payload(msgspec.Struct, rename="camel", gc=False):
    """An object of apaleo's; members that Jack does not need are passed over."""


class PropertyLink(Payload):
    """The property that a record belongs to."""

    id: str | None = None


class UnitLink(Payload):
    """A room; `name` is its number on the door."""

    name: str | None = None


class UnitGroup(Payload):
    """A room type; `type` tells bedrooms from parking lots and meeting rooms."""

    name: str | None = None
    code: str | None = None
    type: str | None = None


class Address(Payload):
    """Where a person lives."""

    country_code: str | None = None


class Company(Payload):
    """A company, of a person or of a reservation."""

    name: str | None = None


class Person(Payload):
    """A guest or a booker; apaleo gives nobody an identity."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    nationality_country_code: str | None = None
    preferred_language: str | None = None
    company: Company | None = None


class TimeRange(Payload):
    """From one instant to another, the end not included."""

    since: str | None = msgspec.field(name="from", default=None)
    until: str | None = msgspec.field(name="to", default=None)


class AssignedUnit(Payload):
    """A room and when the stay has it."""

    unit: UnitLink | None = None
    time_ranges: list[TimeRange | None] | None = None


class TimeSlice(Payload):
    """A night of the stay, with its room."""

    since: str | None = msgspec.field(name="from", default=None)
    until: str | None = msgspec.field(name="to", default=None)
    unit: UnitLink | None = None


class Reservation(Payload):
    """One stay in one room."""

    id: str
    booking_id: str | None = None
    status: str | None = None
    property: PropertyLink | None = None
    unit_group: UnitGroup | None = None
    unit: UnitLink | None = None
    arrival: str | None = None
    departure: str | None = None
    modified: str | None = None
    adults: int | None = None
    children_ages: list[msgspec.Raw] | None = None
    guest_comment: str | None = None
    primary_guest: Person | None = None
    additional_guests: list[Person | None] | None = None
    booker: Person | None = None
    company: Company | None = None
    assigned_units: list[AssignedUnit | None] | None = None
    time_slices: list[TimeSlice | None] | None = None


class ReservationList(Payload):
    """A page of reservations; `count` is how many there are on all pages."""

    reservations: list[Reservation]
    count: int | None = None


class RawReservationList(Payload):
    """The same page with its records still unread."""

    reservations: list[msgspec.Raw]
    count: int | None = None


class Maintenance(Payload):
    """Why a room is closed."""

    type: str | None = None


class UnitStatus(Payload):
    """The state of a room."""

    is_occupied: bool | None = None
    condition: str | None = None
    maintenance: Maintenance | None = None


class Unit(Payload):
    """A room of the hotel."""

    name: str
    property: PropertyLink | None = None
    unit_group: UnitGroup | None = None
    status: UnitStatus | None = None
    is_archived: bool | None = None


class RawUnitList(Payload):
    """A page of rooms, unread; `count` is how many there are on all pages."""

    units: list[msgspec.Raw]
    count: int | None = None


class Property(Payload):
    """The hotel; alone its name is a map of languages, in lists it is a text."""

    id: str
    name: dict[str, str] | str | None = None
    time_zone: str | None = None
    status: str | None = None
    is_archived: bool | None = None


class PropertyList(Payload):
    """The hotels of an account."""

    properties: list[Property]


class EventData(Payload):
    """What an event is about."""

    entity_id: str | None = None


class Event(Payload):
    """What a webhook posts; `property_id` is missing for what concerns the whole account."""

    topic: str
    type: str = ""
    property_id: str | None = None
    data: EventData | None = None

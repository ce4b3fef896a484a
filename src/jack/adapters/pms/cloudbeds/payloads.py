"""Cloudbeds' answers as msgspec reads them: every field may be missing, null or "", numbers and texts trade places.

Field names are those of the PMS API v1.3 (`property_id` is `propertyID` on the wire).
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

Word = str | int | float | None
"""A text, a number or nothing: ids, counts and texts come as either."""

Flag = bool | str | int | None
"""True or false in any dress: also "true", "1", 1 and ""."""


def wire_name(name: str) -> str:
    """The vendor's name of a field: `date_modified_utc` is `dateModifiedUTC`, `api_url` is `apiUrl`."""
    first, *rest = name.split("_")
    return first + "".join(_WHOLE.get(part, part.capitalize()) for part in rest)


_WHOLE = {"id": "ID", "utc": "UTC"}


class Payload(msgspec.Struct, rename=wire_name):
    """What all answers are made of."""


class CustomField(Payload):
    """One field that the hotel made for itself, filled in."""

    shortcode: Word = None
    is_active: Flag = None
    custom_field_name: Word = None
    custom_field_value: Word | bool = None


class GuestRoom(Payload):
    """A room that a guest of a booking is in."""

    sub_reservation_id: Word = None


class ListedGuest(Payload):
    """A guest in `guestList`, in `getGuestList` and in `getGuestsModified`."""

    guest_id: Word = None
    guest_name: Word = None
    guest_first_name: Word = None
    guest_last_name: Word = None
    guest_email: Word = None
    guest_phone: Word = None
    guest_cell_phone: Word = None
    guest_country: Word = None
    company_name: Word = None
    is_anonymized: Flag = None
    is_main_guest: Flag = None
    is_merged: Flag = None
    new_guest_id: Word = None
    reservation_id: Word = None
    room_id: Word = None
    sub_reservation_id: Word = None
    rooms: list[GuestRoom] | dict[str, GuestRoom] | str | None = None
    unassigned_rooms: list[GuestRoom] | dict[str, GuestRoom] | str | None = None
    custom_fields: list[CustomField] | dict[str, CustomField] | str | None = None


class SingleGuest(Payload):
    """The answer of `getGuest`, which does not say whose it is."""

    first_name: Word = None
    last_name: Word = None
    email: Word = None
    phone: Word = None
    cell_phone: Word = None
    country: Word = None
    company_name: Word = None
    special_requests: Word = None
    is_anonymized: Flag = None
    is_merged: Flag = None
    new_guest_id: Word = None
    custom_fields: list[CustomField] | dict[str, CustomField] | str | None = None


class BookedRoom(Payload):
    """A room of a booking: in `rooms` of the lists, or in `assigned` and `unassigned` of `getReservation`."""

    sub_reservation_id: Word = None
    room_id: Word = None
    room_name: Word = None
    room_type_name: Word = None
    room_type_is_virtual: Flag = None
    room_check_in: Word = None
    room_check_out: Word = None
    start_date: Word = None
    end_date: Word = None
    room_status: Word = None
    guest_id: Word = None
    guest_name: Word = None
    adults: Word = None
    children: Word = None


class Booking(Payload):
    """A whole reservation: `getReservationsWithRateDetails`, and with other lists of rooms `getReservation`."""

    property_id: Word = None
    reservation_id: Word = None
    is_deleted: Flag = None
    date_modified: Word = None
    date_modified_utc: Word = None
    status: Word = None
    guest_id: Word = None
    guest_name: Word = None
    estimated_arrival_time: Word = None
    third_party_identifier: Word = None
    rooms: list[BookedRoom] | dict[str, BookedRoom] | str | None = None
    assigned: list[BookedRoom] | dict[str, BookedRoom] | str | None = None
    unassigned: list[BookedRoom] | dict[str, BookedRoom] | str | None = None
    guest_list: dict[str, ListedGuest] | list[ListedGuest] | str | None = None
    custom_fields: list[CustomField] | dict[str, CustomField] | str | None = None


class SubReservation(Payload):
    """`getReservationRoomDetails`, as far as it says which booking a room belongs to."""

    reservation_id: Word = None
    sub_reservation_id: Word = None


class RoomOfHotel(Payload):
    """A room in `getRooms`."""

    room_id: Word = None
    room_name: Word = None
    room_type_name: Word = None
    is_virtual: Flag = None
    room_blocked: Flag = None


class RoomsOfProperty(Payload):
    """One entry of `getRooms`: a property with its rooms, each kept raw until it is read."""

    property_id: Word = None
    rooms: list[msgspec.Raw] | dict[str, msgspec.Raw] | str | None = None


class RoomCare(Payload):
    """A room in `getHousekeepingStatus`."""

    room_id: Word = None
    room_name: Word = None
    room_type_name: Word = None
    room_condition: Word = None
    room_occupied: Flag = None
    room_blocked: Flag = None


class Property(Payload):
    """A hotel in `getHotels`."""

    property_id: Word = None
    property_name: Word = None
    property_timezone: Word = None


class FieldDefinition(Payload):
    """What a custom field is: `displayed` says who sees it."""

    name: Word = None
    shortcode: Word = None
    displayed: list[str] | dict[str, str] | str | None = None


class Note(Payload):
    """A note on a reservation."""

    reservation_note_id: Word = None
    reservation_note: Word = None


class Island(Payload):
    """Where a property's API is."""

    url: Word = None


class Islands(Payload):
    """The answer of `/oauth/metadata`."""

    api: Island | None = None


def each(many: Iterable[T] | dict[str, T] | str | None) -> Iterable[T]:
    """The members of what comes as a list, as a map keyed by id or, when it is empty, as anything."""
    if isinstance(many, dict):
        return many.values()
    return () if many is None or isinstance(many, str) else many


def text(word: Word | bool) -> str:
    """The text without blanks around it, "" where there is none."""
    if isinstance(word, str):
        return word.strip()
    return "" if word is None or isinstance(word, bool) else str(word)


def is_true(flag: Flag) -> bool:
    """What a flag says; False where it says nothing."""
    return flag is True or (flag is not False and str(flag).strip().lower() in ("true", "1", "yes"))


def says(flag: Flag) -> bool | None:
    """What a flag says, None where it says nothing."""
    return None if flag is None or flag == "" else is_true(flag)


class Listed(msgspec.Struct, Generic[T]):
    """The envelope of a list."""

    success: Flag = None
    message: object = None
    data: list[T] | dict[str, T] | str | None = None
    count: Word = None
    total: Word = None


class Single(msgspec.Struct, Generic[T]):
    """The envelope of one thing."""

    success: Flag = None
    message: object = None
    data: T | None = None

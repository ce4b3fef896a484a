"""OPERA's JSON as far as Jack reads it: reservations by themselves. `payloads` says how lenient it is."""

import msgspec

from jack.adapters.pms.opera.payloads import (
    CommentInfo,
    Flag,
    Id,
    Membership,
    Number,
    Payload,
    PreferenceGroup,
    PreferenceGroups,
    ProfileInfo,
    Text,
)


class ExpectedTimes(Payload, frozen=True, gc=False):
    """Local date-times; a bare date means that no time is known."""

    reservation_expected_arrival_time: str | None = None


class GuestCounts(Payload, frozen=True, gc=False):
    """How many stay."""

    adults: Number = None
    children: Number = None


class Room(Payload, frozen=True, gc=False):
    """A room of a stay, from `start` to `end` in room rates. The schema says roomId, Oracle's example roomNumber."""

    start: str | None = None
    end: str | None = None
    room_type: Text = None
    room_id: Text = None
    room_number: Text = None
    number_of_units: Number = None
    pseudo_room: Flag = None


class RoomStay(Payload, frozen=True, gc=False):
    """Dates, people and rooms. The fields from `room_type` on are the search's, where a single answer has them too."""

    arrival_date: str | None = None
    departure_date: str | None = None
    expected_times: ExpectedTimes | None = None
    guest_counts: GuestCounts | None = None
    current_room_info: Room | None = None
    room_rates: list[Room] | None = None
    room_type: Text = None
    room_id: Text = None
    room_number: Text = None
    adult_count: Number = None
    child_count: Number = None
    number_of_rooms: Number = None
    pseudo_room: Flag = None


class ReservationGuest(Payload, frozen=True, gc=False):
    """Somebody who stays; those that are not `primary` accompany."""

    profile_info: ProfileInfo | None = None
    primary: Flag = None


class Reservation(Payload, frozen=True, gc=False):
    """`GET /rsv/v1/hotels/{hotelId}/reservations/{reservationId}`."""

    reservation_id_list: list[Id] | None = None
    room_stay: RoomStay | None = None
    reservation_guests: list[ReservationGuest] | None = None
    comments: list[CommentInfo] | None = None
    guest_comments: list[CommentInfo] | None = None
    guest_memberships: list[Membership] | None = None
    reservation_memberships: list[Membership] | None = None
    preference_collection: PreferenceGroups | list[PreferenceGroup] | None = None
    reservation_status: str | None = None
    computed_reservation_status: str | None = None
    last_modify_date_time: str | None = None


class Reservations(Payload, frozen=True, gc=False):
    """The list inside."""

    reservation: list[Reservation] | None = None


class ReservationAnswer(Payload, frozen=True, gc=False):
    """The whole answer."""

    reservations: Reservations | None = None


class RawReservations(Payload, frozen=True, gc=False):
    """The list with its records unread."""

    reservation: list[msgspec.Raw] | None = None


class RawReservationAnswer(Payload, frozen=True, gc=False):
    """The answer, when some record of it is not as documented."""

    reservations: RawReservations | None = None

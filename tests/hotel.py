"""The canonical hotel of the tests: builders with readable defaults for what a PMS says and for what Jack holds.

`a_guest_snapshot`, `a_reservation_snapshot` and `a_room_snapshot` are facts as a PMS reports them; `a_guest`, `a_stay`
and `a_room` are what Jack made of them. Every builder takes `key`, which names the thing (`"anna"`, `"R-1"`), and any
field of what it builds. The same key is the same thing in both worlds.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from jack.domain.contact import ContactKind, ContactPoint
from jack.domain.conversation import Conversation
from jack.domain.guest import Guest, Preference, Source
from jack.domain.hotel import Hotel
from jack.domain.ids import ConversationId, ExternalRef, GuestId, HotelId, MessageId, PreferenceId, ReservationId
from jack.domain.message import Author, AuthorKind, DeliveryStatus, Direction, Message
from jack.domain.reservation import Companion, Reservation, ReservationStatus, StayPeriod
from jack.domain.room import Housekeeping, Occupancy, Room
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot, RoomSnapshot
from jack.domain.staff import Role, StaffMember

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The present of the tests; at the Harbour Hotel it is Sunday noon."""

TODAY = date(2026, 11, 22)
"""The hotel's date at NOW."""

HARBOUR = HotelId("harbour")
SYSTEM = "mock"

ANNA_PHONE = "+351912345678"
ANNA_EMAIL = "anna@example.com"


def a_hotel(**fields: Any) -> Hotel:
    """The Harbour Hotel in Lisbon."""
    given: dict[str, Any] = {
        "id": HARBOUR,
        "name": "Harbour Hotel",
        "time_zone": "Europe/Lisbon",
        "language": "en",
        "phone_region": "PT",
        "facts": "Breakfast is served from 7:00 to 10:30.",
    }
    return Hotel(**(given | fields))


def days(number: int) -> date:
    """The hotel's date that many days after TODAY (before, if negative)."""
    return TODAY + timedelta(days=number)


def a_period(arrival: int = -1, departure: int = 2) -> StayPeriod:
    """A stay's dates, in days from TODAY."""
    return StayPeriod(arrival=days(arrival), departure=days(departure))


def a_ref(key: str, system: str = SYSTEM) -> ExternalRef:
    """A reference as the mock PMS gives it."""
    return ExternalRef(system=system, key=key)


def a_guest_snapshot(key: str = "anna", **fields: Any) -> GuestSnapshot:
    """Anna Silva with a phone, an e-mail address and a preference, modified a day ago."""
    given: dict[str, Any] = {
        "ref": a_ref(key),
        "first_name": key.capitalize(),
        "last_name": "Silva",
        "language": "en",
        "country": "PT",
        "phones": (ANNA_PHONE,) if key == "anna" else (),
        "emails": (f"{key}@example.com",),
        "preferences": (PreferenceSnapshot(category="pillow", value="feather"),),
        "modified_at": NOW - timedelta(days=1),
    }
    return GuestSnapshot(**(given | fields))


def a_reservation_snapshot(
    key: str = "R-1", *, arrival: int = -1, departure: int = 2, **fields: Any
) -> ReservationSnapshot:
    """Anna's stay in room 204, checked in yesterday; `arrival` and `departure` are days from TODAY."""
    given: dict[str, Any] = {
        "ref": a_ref(key),
        "confirmation_number": f"CN-{key}",
        "status": ReservationStatus.CHECKED_IN,
        "period": a_period(arrival, departure),
        "guest": a_guest_snapshot(),
        "room_number": "204",
        "room_type": "Deluxe Sea View",
        "modified_at": NOW - timedelta(hours=2),
    }
    return ReservationSnapshot(**(given | fields))


def a_room_snapshot(number: str = "204", **fields: Any) -> RoomSnapshot:
    """A clean room in which somebody lives."""
    given: dict[str, Any] = {
        "number": number,
        "room_type": "Deluxe Sea View",
        "occupancy": Occupancy.OCCUPIED,
        "housekeeping": Housekeeping.CLEAN,
    }
    return RoomSnapshot(**(given | fields))


def a_phone(e164: str = ANNA_PHONE, **fields: Any) -> ContactPoint:
    """A readable phone number."""
    return replace(ContactPoint(kind=ContactKind.PHONE, value=e164), **fields)


def an_email(address: str = ANNA_EMAIL, **fields: Any) -> ContactPoint:
    """An e-mail address."""
    return replace(ContactPoint(kind=ContactKind.EMAIL, value=address), **fields)


def a_preference(category: str = "pillow", value: str = "feather", **fields: Any) -> Preference:
    """A preference that the PMS stated; its id is made of its words unless given."""
    given: dict[str, Any] = {
        "id": PreferenceId(f"preference-{category}-{value}"),
        "source": Source.PMS,
        "noted_at": NOW - timedelta(days=1),
    }
    return Preference(category=category, value=value, **(given | fields))


def a_guest(key: str = "anna", **fields: Any) -> Guest:
    """What Jack holds after `a_guest_snapshot(key)`."""
    contact_points = (a_phone(), an_email()) if key == "anna" else (an_email(f"{key}@example.com"),)
    given: dict[str, Any] = {
        "id": GuestId(f"guest-{key}"),
        "hotel_id": HARBOUR,
        "first_name": key.capitalize(),
        "last_name": "Silva",
        "language": "en",
        "country": "PT",
        "contact_points": contact_points,
        "preferences": (a_preference(),),
        "external_refs": (a_ref(key),),
        "modified_at": NOW - timedelta(days=1),
        "synced_at": NOW - timedelta(minutes=1),
    }
    return Guest(**(given | fields))


def a_companion(key: str = "bruno", **fields: Any) -> Companion:
    """Somebody who shares a stay; the id is the one of `a_guest(key)`."""
    given: dict[str, Any] = {
        "guest_id": GuestId(f"guest-{key}"),
        "first_name": key.capitalize(),
        "last_name": "Silva",
    }
    return Companion(**(given | fields))


def a_stay(
    key: str = "R-1", *, guest: Guest | str = "anna", arrival: int = -1, departure: int = 2, **fields: Any
) -> Reservation:
    """What Jack holds after `a_reservation_snapshot(key)`; `guest` is the guest or the guest's key."""
    guest_id = guest.id if isinstance(guest, Guest) else GuestId(f"guest-{guest}")
    given: dict[str, Any] = {
        "id": ReservationId(f"reservation-{key}"),
        "hotel_id": HARBOUR,
        "guest_id": guest_id,
        "ref": a_ref(key),
        "confirmation_number": f"CN-{key}",
        "status": ReservationStatus.CHECKED_IN,
        "period": a_period(arrival, departure),
        "room_number": "204",
        "room_type": "Deluxe Sea View",
        "modified_at": NOW - timedelta(hours=2),
        "synced_at": NOW - timedelta(minutes=1),
    }
    return Reservation(**(given | fields))


def a_room(number: str = "204", **fields: Any) -> Room:
    """What Jack holds after `a_room_snapshot(number)`."""
    given: dict[str, Any] = {
        "hotel_id": HARBOUR,
        "number": number,
        "room_type": "Deluxe Sea View",
        "occupancy": Occupancy.OCCUPIED,
        "housekeeping": Housekeeping.CLEAN,
        "synced_at": NOW - timedelta(minutes=1),
    }
    return Room(**(given | fields))


def a_conversation(key: str = "c-1", **fields: Any) -> Conversation:
    """Anna writing on WhatsApp, held by Jack, not matched yet."""
    given: dict[str, Any] = {
        "id": ConversationId(f"conversation-{key}"),
        "hotel_id": HARBOUR,
        "channel": "whatsapp",
        "account": "106540352242922",
        "address": ANNA_PHONE.removeprefix("+"),
        "created_at": NOW,
        "display_name": "Anna",
    }
    return Conversation(**(given | fields))


def a_message(key: str = "m-1", *, text: str = "Hello", **fields: Any) -> Message:
    """A text message from the guest, received now."""
    given: dict[str, Any] = {
        "id": MessageId(f"message-{key}"),
        "hotel_id": HARBOUR,
        "conversation_id": ConversationId("conversation-c-1"),
        "direction": Direction.INBOUND,
        "author": Author(kind=AuthorKind.GUEST, name="Anna"),
        "type": "text",
        "text": text,
        "status": DeliveryStatus.RECEIVED,
        "sent_at": NOW,
        "created_at": NOW,
    }
    return Message(**(given | fields))


def a_reply(key: str = "m-2", *, text: str = "Good day, Anna", **fields: Any) -> Message:
    """Jack's reply, waiting to be sent."""
    given: dict[str, Any] = {
        "direction": Direction.OUTBOUND,
        "author": Author(kind=AuthorKind.JACK, name="Jack"),
        "status": DeliveryStatus.QUEUED,
    }
    return a_message(key, text=text, **(given | fields))


def a_staff_member(key: str = "maria", **fields: Any) -> StaffMember:
    """Maria of the front desk, for every hotel."""
    given: dict[str, Any] = {
        "id": f"staff-{key}",
        "email": f"{key}@hotel.example",
        "name": key.capitalize(),
        "role": Role.AGENT,
        "created_at": NOW,
    }
    return StaffMember(**(given | fields))

"""Bodies that the API takes, and the few answers that are not views already."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from jack.application.ports.messaging_views import MessageView
from jack.application.ports.stays_views import StayEventView
from jack.domain.service_request import ServiceRequestKind, ServiceRequestStatus
from jack.domain.staff import Role

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Words = Annotated[str, Meta(min_length=1, max_length=2000)]
Instant = Annotated[datetime, Meta(tz=True)]


class SignInBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who signs in."""

    email: Annotated[str, Meta(min_length=3, max_length=320)]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]

    def __repr__(self) -> str:
        """Hide the password: reprs end up in logs."""
        return "SignInBody(…)"


class StaffView(Struct, frozen=True, kw_only=True):
    """Who is signed in. `hotels` lists the ids of the hotels this staff member works for, empty for all of them."""

    id: str
    email: str
    name: str
    role: Role
    hotels: tuple[str, ...]


class ReplyBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff write to a guest; channels take up to 4,096 characters."""

    text: Annotated[str, Meta(min_length=1, max_length=20_000)]

    def __repr__(self) -> str:
        """Hide the text: reprs end up in logs."""
        return "ReplyBody(…)"


class MatchBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is writing, as staff know. With `guest_id` null Jack finds out by itself again."""

    guest_id: Id | None
    reservation_id: Id | None = None


class PreferenceBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A preference that staff note, such as pillow: feather."""

    category: Annotated[str, Meta(min_length=1, max_length=100)]
    value: Words


class ServiceRequestBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a guest asked for at the desk or on the phone. A stay brings its guest and room along."""

    hotel_id: Id
    kind: ServiceRequestKind
    details: Words
    conversation_id: Id | None = None
    guest_id: Id | None = None
    reservation_id: Id | None = None
    room_number: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    due_at: Instant | None = None


class ServiceRequestChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service request's next status, a new time, or both."""

    status: ServiceRequestStatus | None = None
    due_at: Instant | None = None


class SyncRunBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the run reads: what changed since the last one, or everything around today and what is gone. Left out,
    Jack chooses."""

    kind: Literal["changes", "full"] | None = None


class TimelineItem(Struct, frozen=True, kw_only=True):
    """Something in a timeline: `kind` says which of the two it is, the other one is null."""

    kind: Literal["message", "stay_event"]
    at: datetime
    message: MessageView | None = None
    stay_event: StayEventView | None = None


class HotelView(Struct, frozen=True, kw_only=True):
    """A hotel. `today` is the date at the hotel now."""

    id: str
    name: str
    time_zone: str
    language: str
    phone_region: str
    today: date


class HealthView(Struct, frozen=True, kw_only=True):
    """How Jack is."""

    status: Literal["ok"]

"""What an in-memory database holds: plain dictionaries of domain objects, which nobody can change from behind."""

from dataclasses import dataclass, field, fields
from datetime import datetime

from jack.application.ports.channels import Delivery, DeliveryReceipt
from jack.application.ports.staff_store import StaffSession
from jack.domain.conversation import ChannelIdentity, Conversation
from jack.domain.guest import Guest
from jack.domain.ids import (
    ConversationId,
    ExternalRef,
    GuestId,
    HotelId,
    MessageId,
    ReservationId,
    ServiceRequestId,
    StaffId,
)
from jack.domain.message import Message
from jack.domain.notices import Following, Notice
from jack.domain.receipt import Receipt
from jack.domain.reservation import Reservation
from jack.domain.room import Room
from jack.domain.service_request import ServiceRequest
from jack.domain.snapshot import RejectedRecord, UnknownValue
from jack.domain.staff import StaffMember
from jack.domain.stay_events import StayEvent
from jack.domain.sync import SyncRun, SyncState

End = tuple[str, str]
"""(channel, account): one end of a hotel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDelivery:
    """A delivery with what became of it."""

    delivery: Delivery
    unpacked_at: datetime | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNotice:
    """A notice with what became of it."""

    notice: Notice
    done_at: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRejection:
    """A bad record with when it was met."""

    record: RejectedRecord
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUnknown:
    """When and how often a vendor's unknown word was met."""

    first_seen_at: datetime
    last_seen_at: datetime
    times: int


@dataclass(slots=True, kw_only=True)
class State:
    """One consistent state. Values are immutable, so a copy of the dictionaries is a copy of the state."""

    deliveries: dict[str, StoredDelivery] = field(default_factory=dict)
    conversations: dict[ConversationId, Conversation] = field(default_factory=dict)
    identities: dict[tuple[HotelId, str, str, ChannelIdentity], ConversationId] = field(default_factory=dict)
    messages: dict[MessageId, Message] = field(default_factory=dict)
    message_ends: dict[MessageId, End] = field(default_factory=dict)
    parked: dict[tuple[str, str, str], tuple[DeliveryReceipt, ...]] = field(default_factory=dict)
    receipts: dict[MessageId, Receipt] = field(default_factory=dict)
    service_requests: dict[ServiceRequestId, ServiceRequest] = field(default_factory=dict)
    guests: dict[GuestId, Guest] = field(default_factory=dict)
    fingerprints: dict[str, tuple[Guest | Reservation, str]] = field(default_factory=dict)
    reservations: dict[ReservationId, Reservation] = field(default_factory=dict)
    seen_stays: dict[tuple[HotelId, ExternalRef], None] = field(default_factory=dict)
    stay_events: dict[str, StayEvent] = field(default_factory=dict)
    rooms: dict[tuple[HotelId, str], Room] = field(default_factory=dict)
    sync_states: dict[HotelId, SyncState] = field(default_factory=dict)
    sync_runs: dict[str, SyncRun] = field(default_factory=dict)
    rejected: dict[tuple[HotelId, str, object], StoredRejection] = field(default_factory=dict)
    unknown: dict[tuple[HotelId, str, UnknownValue], StoredUnknown] = field(default_factory=dict)
    notices: dict[str, StoredNotice] = field(default_factory=dict)
    followings: dict[HotelId, Following] = field(default_factory=dict)
    staff: dict[StaffId, tuple[StaffMember, str]] = field(default_factory=dict)
    sessions: dict[str, StaffSession] = field(default_factory=dict)

    def fingerprint_of(self, stored: Guest | Reservation) -> str | None:
        """The fingerprint that it was saved with, unless it was changed since then."""
        saved, fingerprint = self.fingerprints.get(stored.id, (None, None))
        return fingerprint if saved is stored else None

    def copy(self) -> "State":
        """The same state in dictionaries of its own."""
        return State(**{f.name: dict(getattr(self, f.name)) for f in fields(self)})

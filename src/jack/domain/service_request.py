"""Service request: something a guest asked for that people must do."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from jack.domain.errors import DomainError
from jack.domain.ids import ConversationId, GuestId, HotelId, ReservationId, ServiceRequestId


class ServiceRequestKind(StrEnum):
    """What people must do. `OTHER` is for what fits none of these; the details say what."""

    LATE_CHECKOUT = "late_checkout"
    EARLY_CHECK_IN = "early_check_in"
    HOUSEKEEPING = "housekeeping"
    TOWELS = "towels"
    TAXI = "taxi"
    MAINTENANCE = "maintenance"
    WAKE_UP_CALL = "wake_up_call"
    RESTAURANT = "restaurant"
    LUGGAGE = "luggage"
    OTHER = "other"


class ServiceRequestStatus(StrEnum):
    """Where a service request stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"


_NEXT = {
    ServiceRequestStatus.OPEN: {
        ServiceRequestStatus.ACCEPTED,
        ServiceRequestStatus.DONE,
        ServiceRequestStatus.DECLINED,
        ServiceRequestStatus.CANCELLED,
    },
    ServiceRequestStatus.ACCEPTED: {
        ServiceRequestStatus.DONE,
        ServiceRequestStatus.DECLINED,
        ServiceRequestStatus.CANCELLED,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedService:
    """What a draft asks people to do; it becomes a ServiceRequest only together with the stored reply."""

    kind: ServiceRequestKind
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """Something people must do; `verified` is False when the sender did not prove to be the guest."""

    id: ServiceRequestId
    hotel_id: HotelId
    conversation_id: ConversationId | None
    guest_id: GuestId | None
    reservation_id: ReservationId | None
    kind: ServiceRequestKind
    details: str
    room_number: str | None
    status: ServiceRequestStatus
    due_at: datetime | None
    created_at: datetime
    verified: bool

    def moved_to(self, status: ServiceRequestStatus) -> "ServiceRequest":
        """The request in its next state. Raises DomainError where that step does not exist."""
        if status is not self.status and status not in _NEXT.get(self.status, set()):
            raise DomainError(f"a service request that is {self.status.value} cannot become {status.value}")
        return replace(self, status=status)

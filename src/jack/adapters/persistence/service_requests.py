"""Service requests in SQL."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from jack.adapters.persistence.column_types import storable
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import service_requests
from jack.application.errors import Conflict
from jack.application.ports.messaging_store import ServiceRequests
from jack.domain.ids import ServiceRequestId
from jack.domain.service_request import ServiceRequest, ServiceRequestKind, ServiceRequestStatus


@dataclass(frozen=True, slots=True)
class SqlServiceRequests(ServiceRequests):
    """Plays ServiceRequests inside one unit of work."""

    connection: SqlConnection

    async def add(self, request: ServiceRequest) -> None:
        await self.connection.execute(service_requests.insert(), _to_row(request))

    async def lock(self, request_id: ServiceRequestId) -> ServiceRequest | None:
        found = await self.connection.execute(
            select(service_requests).where(service_requests.c.id == request_id).with_for_update()
        )
        row = found.one_or_none()
        return service_request_from_row(row) if row else None

    async def save(self, request: ServiceRequest) -> None:
        changed = await self.connection.execute(
            update(service_requests).where(service_requests.c.id == request.id).values(_to_row(request))
        )
        if changed.rowcount != 1:
            raise Conflict("the service request is not known")


def _to_row(request: ServiceRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "hotel_id": request.hotel_id,
        "conversation_id": request.conversation_id,
        "guest_id": request.guest_id,
        "reservation_id": request.reservation_id,
        "kind": request.kind.value,
        "details": storable(request.details),
        "room_number": request.room_number,
        "status": request.status.value,
        "due_at": request.due_at,
        "created_at": request.created_at,
        "verified": request.verified,
    }


def service_request_from_row(row: Row[Any]) -> ServiceRequest:
    """The service request that a row of the table holds."""
    return ServiceRequest(
        id=ServiceRequestId(row.id),
        hotel_id=row.hotel_id,
        conversation_id=row.conversation_id,
        guest_id=row.guest_id,
        reservation_id=row.reservation_id,
        kind=ServiceRequestKind(row.kind),
        details=row.details,
        room_number=row.room_number,
        status=ServiceRequestStatus(row.status),
        due_at=row.due_at,
        created_at=row.created_at,
        verified=row.verified,
    )

"""OpenServiceRequest, MoveServiceRequest: what staff do with what guests asked for."""

from dataclasses import dataclass, replace
from datetime import datetime

from jack.application.errors import NotFound
from jack.application.ports.clock import Clock
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.errors import DomainError
from jack.domain.ids import ConversationId, GuestId, HotelId, ReservationId, ServiceRequestId, new_id
from jack.domain.service_request import ServiceRequest, ServiceRequestKind, ServiceRequestStatus


@dataclass(frozen=True, slots=True)
class OpenServiceRequest:
    """Staff write down what a guest asked for at the desk or on the phone."""

    begin: BeginUnitOfWork
    clock: Clock

    async def __call__(
        self,
        hotel_id: HotelId,
        kind: ServiceRequestKind,
        details: str,
        *,
        conversation_id: ConversationId | None = None,
        guest_id: GuestId | None = None,
        reservation_id: ReservationId | None = None,
        room_number: str | None = None,
        due_at: datetime | None = None,
    ) -> ServiceRequest:
        """The stored service request. Raises NotFound for a guest, stay or conversation that is not this hotel's."""
        if not details.strip():
            raise DomainError("a service request needs details: what is wanted")
        async with self.begin() as uow:
            conversation = await uow.conversations.get(conversation_id) if conversation_id else None
            if conversation_id and (conversation is None or conversation.hotel_id != hotel_id):
                raise NotFound("there is no such conversation in this hotel")
            if guest_id and await uow.guests.get(hotel_id, guest_id) is None:
                raise NotFound("there is no such guest in this hotel")
            stay = await uow.reservations.get(hotel_id, reservation_id) if reservation_id else None
            if reservation_id and stay is None:
                raise NotFound("there is no such reservation in this hotel")
            request = ServiceRequest(
                id=ServiceRequestId(new_id()),
                hotel_id=hotel_id,
                conversation_id=conversation_id,
                guest_id=guest_id or (stay.guest_id if stay else None),
                reservation_id=reservation_id,
                kind=kind,
                details=details.strip(),
                room_number=room_number or (stay.room_number if stay else None),
                status=ServiceRequestStatus.OPEN,
                due_at=due_at,
                created_at=self.clock.now(),
                verified=True,
            )
            await uow.service_requests.add(request)
            await uow.commit()
        return request


@dataclass(frozen=True, slots=True)
class MoveServiceRequest:
    """Staff accept, finish, decline or cancel a service request."""

    begin: BeginUnitOfWork

    async def __call__(
        self,
        request_id: ServiceRequestId,
        status: ServiceRequestStatus | None,
        *,
        due_at: datetime | None = None,
        hotels: tuple[HotelId, ...] = (),
    ) -> ServiceRequest:
        """The request as it stands now; `hotels` are those whose requests may be moved, empty for every hotel.

        Raises NotFound, also for another hotel's, and DomainError for a step that does not exist.
        """
        async with self.begin() as uow:
            request = await uow.service_requests.lock(request_id)
            if request is None or (hotels and request.hotel_id not in hotels):
                raise NotFound("there is no such service request")
            moved = request.moved_to(status) if status else request
            if due_at is not None:
                moved = replace(moved, due_at=due_at)
            await uow.service_requests.save(moved)
            await uow.commit()
        return moved

"""Service requests: what people must do."""

from datetime import UTC, datetime

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_201_CREATED

from jack.application.messaging.service_requests import MoveServiceRequest, OpenServiceRequest
from jack.application.ports.hotels import Hotels
from jack.application.ports.messaging_views import MessagingViews
from jack.application.ports.pages import Page
from jack.domain.ids import ConversationId, GuestId, ReservationId, ServiceRequestId
from jack.domain.service_request import ServiceRequest, ServiceRequestStatus
from jack.entrypoints.web.authentication import AGENTS, Member
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.paging import Cursor, Limit, paged
from jack.entrypoints.web.problems import INVALID, FieldProblem, Refusal
from jack.entrypoints.web.schemas import ServiceRequestBody, ServiceRequestChange
from jack.entrypoints.web.sight import hotel_seen, hotels_seen

TAG = ["service requests"]


@get(
    "/service-requests",
    operation_id="list_service_requests",
    tags=TAG,
    summary="What people must do",
    responses=problems(400, 401, 404),
)
@inject
async def list_service_requests(
    member: Member,
    views: FromDishka[MessagingViews],
    hotels: FromDishka[Hotels],
    status: FromQuery[ServiceRequestStatus | None] = None,
    hotel_id: FromQuery[str | None] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ServiceRequest]:
    """Newest first."""
    return await paged(
        views.service_requests(hotels_seen(member, hotels, hotel_id), status=status, limit=limit, cursor=cursor)
    )


@post(
    "/service-requests",
    operation_id="open_service_request",
    tags=TAG,
    summary="Write down what a guest asked for",
    status_code=HTTP_201_CREATED,
    responses=problems(400, 401, 403, 404, 413, 415, 422),
    guards=AGENTS,
)
@inject
async def open_service_request(
    member: Member,
    data: JSONBody[ServiceRequestBody],
    hotels: FromDishka[Hotels],
    story: FromDishka[OpenServiceRequest],
) -> ServiceRequest:
    """A service request that staff open is verified."""
    return await story(
        hotel_seen(member, hotels, data.hotel_id).id,
        data.kind,
        data.details,
        conversation_id=ConversationId(data.conversation_id) if data.conversation_id is not None else None,
        guest_id=GuestId(data.guest_id) if data.guest_id is not None else None,
        reservation_id=ReservationId(data.reservation_id) if data.reservation_id is not None else None,
        room_number=data.room_number,
        due_at=_in_utc(data.due_at),
    )


@patch(
    "/service-requests/{request_id:str}",
    operation_id="move_service_request",
    tags=TAG,
    summary="Accept, finish, decline, cancel or reschedule",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422),
    guards=AGENTS,
)
@inject
async def move_service_request(
    member: Member,
    request_id: FromPath[str],
    data: JSONBody[ServiceRequestChange],
    story: FromDishka[MoveServiceRequest],
) -> ServiceRequest:
    """Give a status, a time, or both."""
    if data.status is None and data.due_at is None:
        raise Refusal(INVALID, "give a status, a due_at, or both")
    return await story(ServiceRequestId(request_id), data.status, due_at=_in_utc(data.due_at), hotels=member.hotels)


def _in_utc(due_at: datetime | None) -> datetime | None:
    """The same instant in UTC. Raises Refusal at the very edges of the calendar."""
    try:
        return due_at.astimezone(UTC) if due_at is not None else None
    except OverflowError:
        raise Refusal(INVALID, fields=(FieldProblem(field="due_at", message="out of range"),)) from None


ROUTES = [list_service_requests, open_service_request, move_service_request]

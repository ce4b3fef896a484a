"""Reservations and rooms."""

from datetime import date
from typing import Annotated

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter

from jack.application.ports.hotels import Hotels
from jack.application.ports.pages import Page
from jack.application.ports.stays_views import ReservationView, StaysViews
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Room
from jack.entrypoints.web.authentication import Member
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.paging import Cursor, Limit, Search, paged
from jack.entrypoints.web.sight import hotels_seen, seen

READS = problems(400, 401, 404)


@get("/reservations", operation_id="list_reservations", tags=["stays"], summary="Reservations", responses=READS)
@inject
async def list_reservations(
    member: Member,
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    status: FromQuery[ReservationStatus | None] = None,
    on: Annotated[
        date | None, QueryParameter(description="A hotel's local date; keeps stays that share that day.")
    ] = None,
    q: Search = None,
    guest_id: FromQuery[str | None] = None,
    hotel_id: FromQuery[str | None] = None,
    gone: Annotated[bool, QueryParameter(description="List also what the PMS no longer has.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ReservationView]:
    """Newest arrival first. `q` finds confirmation numbers, rooms and guest names; `guest_id` finds companions too."""
    return await paged(
        views.reservations(
            hotels_seen(member, hotels, hotel_id),
            guest_id=guest_id,
            status=status,
            on=on,
            q=q or None,
            gone=gone,
            limit=limit,
            cursor=cursor,
        )
    )


@get(
    "/reservations/{reservation_id:str}",
    operation_id="get_reservation",
    tags=["stays"],
    summary="One reservation",
    responses=READS,
)
@inject
async def get_reservation(
    member: Member, reservation_id: FromPath[str], views: FromDishka[StaysViews]
) -> ReservationView:
    """The stay as the PMS last told it."""
    return seen(member, await views.reservation(reservation_id), "reservation")


@get("/rooms", operation_id="list_rooms", tags=["stays"], summary="Rooms", responses=READS)
@inject
async def list_rooms(
    member: Member,
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    hotel_id: FromQuery[str | None] = None,
) -> Page[Room]:
    """Every room with its state, by hotel and number; always one page."""
    return Page(items=await views.rooms(hotels_seen(member, hotels, hotel_id)), next_cursor=None)


ROUTES = [list_reservations, get_reservation, list_rooms]

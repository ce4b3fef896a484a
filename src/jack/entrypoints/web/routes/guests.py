"""Guests, their stays and their preferences."""

from typing import Annotated

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from jack.application.ports.hotels import Hotels
from jack.application.ports.pages import Page
from jack.application.ports.stays_views import GuestView, PreferenceView, ReservationView, SamePersonView, StaysViews
from jack.application.stays.preferences import ForgetPreference, NotePreference
from jack.domain.ids import GuestId, HotelId, PreferenceId
from jack.domain.staff import StaffMember
from jack.entrypoints.web.authentication import AGENTS, Member
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.paging import Cursor, Limit, Search, paged
from jack.entrypoints.web.schemas import PreferenceBody
from jack.entrypoints.web.sight import hotels_seen, seen

TAG = ["guests"]
READS = problems(400, 401, 404)


@get("/guests", operation_id="list_guests", tags=TAG, summary="Guests", responses=READS)
@inject
async def list_guests(
    member: Member,
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    q: Search = None,
    hotel_id: FromQuery[str | None] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[GuestView]:
    """Guests by last name. `q` finds parts of names, and phones, e-mails and confirmation numbers by their start."""
    return await paged(views.guests(hotels_seen(member, hotels, hotel_id), q=q or None, limit=limit, cursor=cursor))


@get("/guests/{guest_id:str}", operation_id="get_guest", tags=TAG, summary="One guest", responses=READS)
@inject
async def get_guest(member: Member, guest_id: FromPath[str], views: FromDishka[StaysViews]) -> GuestView:
    """The guest with contact points, preferences and external references."""
    return await _seen(member, guest_id, views)


@get(
    "/guests/{guest_id:str}/same-person-suggestions",
    operation_id="suggest_same_person",
    tags=TAG,
    summary="Who may be the same person",
    responses=READS,
)
@inject
async def suggest_same_person(
    member: Member, guest_id: FromPath[str], views: FromDishka[StaysViews]
) -> Page[SamePersonView]:
    """Guests with the same name and a phone or an e-mail address in common, for people to look at; always one page.
    Jack never takes two guests for one by itself."""
    await _seen(member, guest_id, views)
    return Page(items=await views.same_person_suggestions(guest_id), next_cursor=None)


@get(
    "/guests/{guest_id:str}/reservations",
    operation_id="list_guest_reservations",
    tags=TAG,
    summary="The stays of a guest",
    responses=READS,
)
@inject
async def list_guest_reservations(
    member: Member,
    guest_id: FromPath[str],
    views: FromDishka[StaysViews],
    gone: Annotated[bool, QueryParameter(description="List also what the PMS no longer has.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ReservationView]:
    """Stays as main guest or companion, newest arrival first."""
    guest = await _seen(member, guest_id, views)
    hotels = (HotelId(guest.hotel_id),)
    return await paged(views.reservations(hotels, guest_id=guest_id, gone=gone, limit=limit, cursor=cursor))


@post(
    "/guests/{guest_id:str}/preferences",
    operation_id="note_preference",
    tags=TAG,
    summary="Note a preference",
    status_code=HTTP_201_CREATED,
    responses=problems(400, 401, 403, 404, 413, 415, 422),
    guards=AGENTS,
)
@inject
async def note_preference(
    member: Member,
    guest_id: FromPath[str],
    data: JSONBody[PreferenceBody],
    views: FromDishka[StaysViews],
    story: FromDishka[NotePreference],
) -> PreferenceView:
    """What staff note stays, whatever the PMS says later."""
    guest = await _seen(member, guest_id, views)
    noted = await story(HotelId(guest.hotel_id), GuestId(guest_id), data.category, data.value)
    return PreferenceView(
        id=noted.id, category=noted.category, value=noted.value, source=noted.source, noted_at=noted.noted_at
    )


@delete(
    "/guests/{guest_id:str}/preferences/{preference_id:str}",
    operation_id="forget_preference",
    tags=TAG,
    summary="Forget a preference",
    status_code=HTTP_204_NO_CONTENT,
    responses=problems(400, 401, 403, 404),
    guards=AGENTS,
)
@inject
async def forget_preference(
    member: Member,
    guest_id: FromPath[str],
    preference_id: FromPath[str],
    views: FromDishka[StaysViews],
    story: FromDishka[ForgetPreference],
) -> None:
    """Only what staff or the guest stated can be forgotten here; what the PMS says must be changed there."""
    guest = await _seen(member, guest_id, views)
    await story(HotelId(guest.hotel_id), GuestId(guest_id), PreferenceId(preference_id))


async def _seen(member: StaffMember, guest_id: str, views: StaysViews) -> GuestView:
    return seen(member, await views.guest(guest_id), "guest")


ROUTES = [
    *(list_guests, get_guest, list_guest_reservations),
    *(suggest_same_person, note_preference, forget_preference),
]

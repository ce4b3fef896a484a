"""Hotels, and their sync: where it stands, its history, run now, bad records."""

from dataclasses import replace

from dishka import FromDishka
from dishka.integrations.litestar import inject
from litestar import get, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from jack.application.errors import Conflict, NotFound
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import JobQueue, Sync
from jack.application.ports.pages import Page
from jack.application.ports.pms import PmsDirectory
from jack.application.ports.stays_views import (
    RejectedView,
    StaysViews,
    SyncRunView,
    SyncStateView,
    UnknownValueView,
    UnreadableNoticeView,
)
from jack.application.stays.confirm_missing import ConfirmMissing
from jack.domain.hotel import Hotel
from jack.domain.sync import SyncKind
from jack.entrypoints.web.authentication import AGENTS, Member
from jack.entrypoints.web.documented import problems
from jack.entrypoints.web.paging import Cursor, Limit, paged
from jack.entrypoints.web.schemas import HotelView, SyncRunBody
from jack.entrypoints.web.sight import hotel_seen

READS = problems(400, 401, 404)


@get("/hotels", operation_id="list_hotels", tags=["hotels"], summary="Hotels", responses=problems(401))
@inject
async def list_hotels(member: Member, hotels: FromDishka[Hotels], clock: FromDishka[Clock]) -> Page[HotelView]:
    """The hotels that the staff member works for, in the order of the configuration; always one page."""
    now = clock.now()
    shown = [
        HotelView(
            id=hotel.id,
            name=hotel.name,
            time_zone=hotel.time_zone,
            language=hotel.language,
            phone_region=hotel.phone_region,
            today=hotel.today(now),
        )
        for hotel in hotels.all()
        if member.may_see(hotel.id)
    ]
    return Page(items=tuple(shown), next_cursor=None)


@get(
    "/hotels/{hotel_id:str}/sync",
    operation_id="get_sync_state",
    tags=["sync"],
    summary="Where the sync stands",
    responses=READS,
)
@inject
async def get_sync_state(
    member: Member,
    hotel_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    pms: FromDishka[PmsDirectory],
    clock: FromDishka[Clock],
) -> SyncStateView:
    """How old Jack's copy is, whether a run goes on and how far it is, when the next one is due, and what is wrong."""
    return await _state(hotel_seen(member, hotels, hotel_id), views, hotels, pms, clock)


@get(
    "/hotels/{hotel_id:str}/sync/runs",
    operation_id="list_sync_runs",
    tags=["sync"],
    summary="The history of the sync",
    responses=READS,
)
@inject
async def list_sync_runs(
    member: Member,
    hotel_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[SyncRunView]:
    """Runs, newest first."""
    return await paged(views.sync_runs(hotel_seen(member, hotels, hotel_id).id, limit=limit, cursor=cursor))


@get(
    "/hotels/{hotel_id:str}/sync/runs/{run_id:str}",
    operation_id="get_sync_run",
    tags=["sync"],
    summary="One run",
    responses=READS,
)
@inject
async def get_sync_run(
    member: Member,
    hotel_id: FromPath[str],
    run_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
) -> SyncRunView:
    """One run, while it goes on and afterwards."""
    run = await views.sync_run(hotel_seen(member, hotels, hotel_id).id, run_id)
    if run is None:
        raise NotFound("there is no such run")
    return run


@post(
    "/hotels/{hotel_id:str}/sync/runs",
    operation_id="run_sync_now",
    tags=["sync"],
    summary="Run now",
    status_code=HTTP_202_ACCEPTED,
    responses=problems(400, 401, 403, 404, 409, 413, 415),
    guards=AGENTS,
)
@inject
async def run_sync_now(
    member: Member,
    hotel_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    pms: FromDishka[PmsDirectory],
    clock: FromDishka[Clock],
    queue: FromDishka[JobQueue],
    data: JSONBody[SyncRunBody | None] = None,
) -> SyncStateView:
    """Ring for a run. It begins in the background: the state answered here is that from before it."""
    hotel = hotel_seen(member, hotels, hotel_id)
    state = await _state(hotel, views, hotels, pms, clock)
    if state.running:
        raise Conflict(f"a sync of {hotel.id} is going on")
    kind = SyncKind(data.kind) if data is not None and data.kind is not None else None
    queue.ring(Sync(hotel_id=hotel.id, kind=kind))
    return state


@get(
    "/hotels/{hotel_id:str}/sync/rejected",
    operation_id="list_rejected_records",
    tags=["sync"],
    summary="Records that could not be read or kept",
    responses=READS,
)
@inject
async def list_rejected_records(
    member: Member,
    hotel_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RejectedView]:
    """Newest first, each with its reason; runs try them again."""
    return await paged(views.rejected(hotel_seen(member, hotels, hotel_id).id, limit=limit, cursor=cursor))


@get(
    "/hotels/{hotel_id:str}/sync/unknown",
    operation_id="list_unknown_values",
    tags=["sync"],
    summary="Words of the PMS that Jack does not know",
    responses=READS,
)
@inject
async def list_unknown_values(
    member: Member,
    hotel_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[UnknownValueView]:
    """Those seen last first. The records that hold them are in order apart from that: the field stays empty."""
    return await paged(views.unknown_values(hotel_seen(member, hotels, hotel_id).id, limit=limit, cursor=cursor))


@get(
    "/hotels/{hotel_id:str}/sync/notices",
    operation_id="list_unreadable_notices",
    tags=["sync"],
    summary="Pushes of the PMS that could not be understood",
    responses=READS,
)
@inject
async def list_unreadable_notices(
    member: Member,
    hotel_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[UnreadableNoticeView]:
    """Newest first, each with its reason. What they named is read by the scheduled runs."""
    return await paged(views.unreadable_notices(hotel_seen(member, hotels, hotel_id).id, limit=limit, cursor=cursor))


@post(
    "/hotels/{hotel_id:str}/sync/confirm-missing",
    operation_id="confirm_missing_stays",
    tags=["sync"],
    summary="The missing stays are really gone",
    status_code=HTTP_202_ACCEPTED,
    responses=problems(400, 401, 403, 404, 409, 415),
    guards=AGENTS,
)
@inject
async def confirm_missing_stays(
    member: Member,
    hotel_id: FromPath[str],
    views: FromDishka[StaysViews],
    hotels: FromDishka[Hotels],
    pms: FromDishka[PmsDirectory],
    clock: FromDishka[Clock],
    confirm: FromDishka[ConfirmMissing],
) -> SyncStateView:
    """The hotel really has lost as many stays as a full run found missing: ring for another, which marks them."""
    hotel = hotel_seen(member, hotels, hotel_id)
    await confirm(hotel.id)
    return await _state(hotel, views, hotels, pms, clock)


async def _state(hotel: Hotel, views: StaysViews, hotels: Hotels, systems: PmsDirectory, clock: Clock) -> SyncStateView:
    """The state with the PMS's own, and with the time of the next scheduled run: at once when none ever began."""
    now = clock.now()
    state = await views.sync_state(hotel.id, now)
    latest = state.current_run or state.last_run
    due = latest.started_at + hotels.sync_interval(hotel.id) if latest else now
    pms = systems.of(hotel.id)
    return replace(
        state,
        system=pms.system,
        capabilities=tuple(sorted(capability.value for capability in pms.capabilities)),
        next_run_at=max(due, now, state.next_run_at or now),
    )


ROUTES = [
    *(list_hotels, get_sync_state, list_sync_runs, get_sync_run),
    *(run_sync_now, confirm_missing_stays),
    *(list_rejected_records, list_unknown_values, list_unreadable_notices),
]

"""What staff see of guests, stays and the sync, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.stays_views import SqlStaysViews
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.ports.stays_views import CompanionView, ExternalRefView
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.guest import Guest
from jack.domain.ids import HotelId
from jack.domain.matching import SHARED_FROM
from jack.domain.reservation import Reservation, ReservationStatus
from jack.domain.snapshot import ROOM
from jack.domain.sync import SyncCounts, SyncCursor, SyncState, SyncStatus
from tests.contracts.persistence.test_sync_states import a_run, bad
from tests.hotel import HARBOUR, NOW, a_companion, a_guest, a_phone, a_preference, a_room, a_stay, days

GARDEN = HotelId("garden")
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def begin(database: Database) -> BeginUnitOfWork:
    """How the database opens a unit of work."""
    return BeginSqlUnitOfWork(database)


@pytest.fixture
def views(database: Database) -> SqlStaysViews:
    """The views under test."""
    return SqlStaysViews(database)


async def save(begin: BeginUnitOfWork, *things: Guest | Reservation) -> None:
    """Commit guests, then stays."""
    async with begin() as uow:
        await uow.guests.save_synced([thing for thing in things if isinstance(thing, Guest)])
        await uow.reservations.save_synced([thing for thing in things if isinstance(thing, Reservation)])
        await uow.commit()


async def save_state(begin: BeginUnitOfWork, state: SyncState) -> None:
    """Commit where a sync stands."""
    async with begin() as uow:
        await uow.sync.save_state(state)
        await uow.commit()


async def names(views: SqlStaysViews, q: str | None = None, hotels: tuple[HotelId, ...] | None = None) -> list[str]:
    """The first names of the guests that are found, in their order."""
    return [shown.first_name for shown in (await views.guests(hotels, q=q)).items]


async def test_a_guest_is_shown_whole(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    guest = a_guest(vip=True, loyalty_tier="Gold")
    await save(begin, guest)
    shown = await views.guest(guest.id)
    assert shown
    assert (shown.id, shown.hotel_id, shown.first_name, shown.last_name) == (guest.id, HARBOUR, "Anna", "Silva")
    assert (shown.language, shown.country, shown.loyalty_tier, shown.vip) == ("en", "PT", "Gold", True)
    assert [(p.kind, p.value, p.shared, p.readable) for p in shown.contact_points] == [
        ("phone", "+351912345678", False, True),
        ("email", "anna@example.com", False, True),
    ]
    assert [(p.id, p.category, p.value, p.source) for p in shown.preferences] == [
        (a_preference().id, "pillow", "feather", "pms")
    ]
    assert shown.external_refs == (ExternalRefView(system="mock", key="anna"),)
    assert shown.synced_at == guest.synced_at
    assert await views.guest("none") is None


async def test_a_contact_point_of_many_guests_of_one_hotel_is_shared(
    begin: BeginUnitOfWork, views: SqlStaysViews
) -> None:
    many = [a_guest(f"g{number}", contact_points=(a_phone(),)) for number in range(SHARED_FROM - 1)]
    elsewhere = a_guest("garden", hotel_id=GARDEN, contact_points=(a_phone(),))
    await save(begin, elsewhere, *many)

    async def is_shared(guest: Guest) -> bool:
        shown = await views.guest(guest.id)
        assert shown
        return shown.contact_points[0].shared

    assert not await is_shared(many[0])
    await save(begin, a_guest("one-more", contact_points=(a_phone(),)))
    assert await is_shared(many[0])
    assert not await is_shared(elsewhere)


async def test_guests_come_by_name_without_case_and_accents_page_by_page(
    begin: BeginUnitOfWork, views: SqlStaysViews
) -> None:
    people = [("Zoe", "Álvarez"), ("anna", "silva"), ("Ána", "Silva"), ("Bea", "de Melo"), ("Cleo", "Øst")]
    await save(begin, *(a_guest(f"p{n}", first_name=first, last_name=last) for n, (first, last) in enumerate(people)))
    seen: list[str] = []
    cursor = None
    while True:
        page = await views.guests((HARBOUR,), limit=2, cursor=cursor)
        seen += [shown.first_name for shown in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["Zoe", "Bea", "Ána", "anna", "Cleo"]


async def test_guests_are_found_by_what_staff_know_of_them(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    await save(
        begin,
        a_guest(),
        a_guest("joao", first_name="João", last_name="Magalhães 100%"),
        a_guest("garden", first_name="Gustavo", hotel_id=GARDEN),
        a_stay("R-1", confirmation_number="HRB-1234"),
    )
    assert await names(views, "MAGALHAES joao") == ["João"]
    assert await names(views, "agalh") == ["João"]
    assert await names(views, "silva anna") == ["Anna"]
    assert await names(views, "+351 912-345") == ["Anna"]
    assert await names(views, "351912345678") == ["Anna"]
    assert await names(views, "Anna@Exam") == ["Anna"]
    assert await names(views, "HRB-12") == ["Anna"]
    assert await names(views, "0%") == ["João"]
    assert await names(views, "_") == []
    assert await names(views, "  ") == ["João", "Anna", "Gustavo"]
    assert await names(views, "silva", (GARDEN,)) == ["Gustavo"]
    assert await names(views, "HRB-12", (GARDEN,)) == []


async def test_a_stay_is_shown_whole(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    stay = a_stay(expected_arrival=NOW, special_requests=("cot",), companions=(a_companion(),), doubt="odd")
    await save(begin, a_guest(), stay)
    shown = await views.reservation(stay.id)
    assert shown
    assert (shown.id, shown.hotel_id, shown.guest_id, shown.guest_name) == (
        stay.id,
        HARBOUR,
        a_guest().id,
        "Anna Silva",
    )
    assert shown.external_ref == ExternalRefView(system="mock", key="R-1")
    assert (shown.status, shown.room_number, shown.room_type) == ("checked_in", "204", "Deluxe Sea View")
    assert (shown.arrival_date, shown.departure_date, shown.expected_arrival) == (days(-1), days(2), NOW)
    assert shown.companions == (CompanionView(guest_id="guest-bruno", first_name="Bruno", last_name="Silva"),)
    assert (shown.special_requests, shown.adults, shown.children) == (("cot",), 1, 0)
    assert (shown.gone_at, shown.doubt) == (None, "odd")
    assert await views.reservation("none") is None


async def test_stays_come_newest_arrival_first_and_can_be_narrowed(
    begin: BeginUnitOfWork, views: SqlStaysViews
) -> None:
    await save(
        begin,
        a_guest(),
        a_guest("bruno", last_name="Costa"),
        a_guest("garden", hotel_id=GARDEN),
        a_stay("R-1", arrival=0, departure=2, room_number="101"),
        a_stay("R-2", arrival=2, departure=3, status=ReservationStatus.CONFIRMED),
        a_stay("R-3", guest="bruno", arrival=1, departure=4, companions=(a_companion("anna"),)),
        a_stay("R-4", guest="bruno", arrival=9, departure=9),
        a_stay("R-5", guest="garden", hotel_id=GARDEN, arrival=5, departure=6),
    )

    async def keys(hotels: tuple[HotelId, ...] | None = (HARBOUR,), **narrow: object) -> list[str]:
        page = await views.reservations(hotels, **narrow)  # type: ignore[arg-type]  # any of the filters
        return [shown.external_ref.key for shown in page.items]

    assert await keys() == ["R-4", "R-2", "R-3", "R-1"]
    assert await keys(None) == ["R-4", "R-5", "R-2", "R-3", "R-1"]
    assert await keys(guest_id="guest-anna") == ["R-2", "R-3", "R-1"]
    assert await keys(status="confirmed") == ["R-2"]
    assert await keys(on=days(2)) == ["R-2", "R-3", "R-1"]
    assert await keys(on=days(9)) == ["R-4"]
    assert await keys(q="costa") == ["R-4", "R-3"]
    assert await keys(q="101") == ["R-1"]
    assert await keys(q="CN-R-2") == ["R-2"]
    first = await views.reservations((HARBOUR,), limit=3)
    last = await views.reservations((HARBOUR,), limit=3, cursor=first.next_cursor)
    assert [shown.external_ref.key for shown in last.items] == ["R-1"]
    assert last.next_cursor is None


async def test_what_the_pms_no_longer_has_is_listed_only_when_asked_for(
    begin: BeginUnitOfWork, views: SqlStaysViews
) -> None:
    await save(begin, a_guest(), a_stay("R-1"), a_stay("R-2", gone_at=NOW))

    assert [shown.external_ref.key for shown in (await views.reservations(None)).items] == ["R-1"]
    listed = (await views.reservations(None, guest_id=a_guest().id, gone=True)).items
    assert {shown.external_ref.key: shown.gone_at for shown in listed} == {"R-1": None, "R-2": NOW}


async def test_facts_are_as_fresh_as_the_last_complete_sync(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    doubtful = a_stay("R-2", doubt="odd", synced_at=NOW)
    gone = a_stay("R-3", gone_at=NOW, synced_at=NOW)
    newer = a_stay("R-4", synced_at=LATER + timedelta(hours=1))
    await save(begin, a_guest(synced_at=NOW), a_stay("R-1", synced_at=NOW), doubtful, gone, newer)
    await save_state(begin, SyncState(hotel_id=HARBOUR, cursor=SyncCursor(at=LATER), last_success_at=LATER))
    guest = await views.guest(a_guest().id)
    assert guest
    assert guest.synced_at == LATER
    page = await views.reservations((HARBOUR,), gone=True)
    assert {shown.external_ref.key: shown.synced_at for shown in page.items} == {
        "R-1": LATER,
        "R-2": NOW,
        "R-3": NOW,
        "R-4": newer.synced_at,
    }


async def test_an_older_sync_makes_no_fact_older(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    await save(begin, a_guest(synced_at=LATER))
    await save_state(begin, SyncState(hotel_id=HARBOUR, cursor=SyncCursor(at=NOW)))
    (shown,) = (await views.guests(None)).items
    assert shown.synced_at == LATER


async def test_rooms_come_by_hotel_and_number(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    rooms = [a_room("101"), a_room("9")]
    async with begin() as uow:
        await uow.rooms.replace_all(HARBOUR, rooms[::-1])
        await uow.rooms.replace_all(GARDEN, [a_room("7", hotel_id=GARDEN)])
        await uow.commit()
    assert await views.rooms(None) == (a_room("7", hotel_id=GARDEN), *rooms)
    assert await views.rooms((HARBOUR,)) == tuple(rooms)


async def test_a_hotel_that_never_synced_says_so(views: SqlStaysViews) -> None:
    shown = await views.sync_state(HARBOUR, NOW)
    assert not shown.running
    assert (shown.current_run, shown.last_run, shown.last_success_at, shown.age_seconds) == (None,) * 4
    assert (shown.guests, shown.reservations, shown.rejected) == (0, 0, 0)


async def test_the_state_of_a_sync_counts_what_jack_holds(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    await save(begin, a_guest(), a_guest("bruno"), a_stay(), a_stay("R-2", gone_at=NOW))
    done = replace(a_run("done"), counts=SyncCounts(created=2)).finished(NOW)
    async with begin() as uow:
        await uow.sync.save_run(done)
        await uow.sync.save_run(a_run("now", started_at=LATER))
        await uow.sync.reject(HARBOUR, [bad("R-9"), bad(None)], NOW)
        await uow.sync.save_state(
            SyncState(
                hotel_id=HARBOUR,
                cursor=SyncCursor(at=NOW),
                last_success_at=NOW,
                lease_owner="worker",
                lease_until=LATER + timedelta(minutes=1),
            )
        )
        await uow.commit()
    shown = await views.sync_state(HARBOUR, LATER)
    assert shown.running
    assert shown.current_run
    assert shown.current_run.id == "now"
    assert shown.last_run
    assert (shown.last_run.id, shown.last_run.created, shown.last_run.status) == ("done", 2, "complete")
    assert (shown.age_seconds, shown.cursor) == (300.0, NOW)
    assert (shown.guests, shown.reservations, shown.rejected) == (2, 1, 2)
    # the worker died: its lease runs out
    assert not (await views.sync_state(HARBOUR, LATER + timedelta(minutes=1))).running


async def test_runs_and_bad_records_come_newest_first(begin: BeginUnitOfWork, views: SqlStaysViews) -> None:
    async with begin() as uow:
        for number in range(3):
            await uow.sync.save_run(
                a_run(f"run-{number}", started_at=NOW + timedelta(hours=number), status=SyncStatus.COMPLETE)
            )
        await uow.sync.reject(HARBOUR, [bad("R-1")], NOW)
        await uow.sync.reject(HARBOUR, [bad(None, kind="guest", raw="[]")], LATER)
        await uow.sync.reject(HARBOUR, [bad("R-1", reason="newest", raw="")], LATER + timedelta(hours=1))
        await uow.commit()
    first = await views.sync_runs(HARBOUR, limit=2)
    assert [shown.id for shown in first.items] == ["run-2", "run-1"]
    assert [shown.id for shown in (await views.sync_runs(HARBOUR, cursor=first.next_cursor)).items] == ["run-0"]
    run = await views.sync_run(HARBOUR, "run-1")
    assert run
    assert run.kind == "changes"
    assert await views.sync_run(GARDEN, "run-1") is None
    newest = await views.rejected(HARBOUR, limit=1)
    (record,) = newest.items
    assert (record.external_ref, record.reason) == (ExternalRefView(system="mock", key="R-1"), "newest")
    assert record.raw == "{}"  # a reason without a raw form leaves the one that is kept
    assert (record.first_seen_at, record.last_seen_at) == (NOW, LATER + timedelta(hours=1))
    (other,) = (await views.rejected(HARBOUR, cursor=newest.next_cursor)).items
    assert (other.kind, other.external_ref, other.raw) == ("guest", None, "[]")


async def test_nameless_bad_records_that_nobody_met_again_are_forgotten(
    begin: BeginUnitOfWork, views: SqlStaysViews
) -> None:
    async with begin() as uow:
        await uow.sync.reject(HARBOUR, [bad("R-1"), bad(None, raw="[1]"), bad(None, kind=ROOM)], NOW)
        await uow.sync.reject(HARBOUR, [bad(None, raw="[2]")], LATER)
        await uow.sync.reject(GARDEN, [bad(None, raw="[3]")], NOW)
        await uow.sync.forget_nameless(HARBOUR, LATER)
        await uow.commit()
    kept = (await views.rejected(HARBOUR)).items
    assert {(record.kind, record.raw) for record in kept} == {
        (ROOM, "{}"),
        ("reservation", "[2]"),
        ("reservation", "{}"),
    }
    assert len(kept) == 3
    assert len((await views.rejected(GARDEN)).items) == 1


async def test_a_wrong_cursor_is_refused(views: SqlStaysViews) -> None:
    for listing in (views.guests(None, cursor="x"), views.reservations(None, cursor="WyJndWVzdHMiLCJhIiwiYiJd")):
        with pytest.raises(ValueError, match="does not belong to this list"):
            await listing

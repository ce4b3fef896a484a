"""What staff see of guests, stays, rooms and the sync, and what they note and ask for."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from jack.adapters.persistence.open_inbox import make_inbox
from jack.application.ports.jobs import Sync
from jack.domain.ids import SyncRunId
from jack.domain.notices import Notice
from jack.domain.snapshot import UnknownValue
from jack.domain.sync import MissingStays, SyncCounts, SyncKind, SyncRun, SyncState
from tests import hotel as the
from tests.entrypoints.web.conftest import REQUEST, RUN, House, assert_problem

GUEST = f"/api/v1/guests/{the.a_guest().id}"
SYNC = "/api/v1/hotels/harbour/sync"


async def test_a_guest_has_every_field(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get(GUEST)).json() == {
        "id": "guest-anna",
        "hotel_id": "harbour",
        "first_name": "Anna",
        "last_name": "Silva",
        "language": "en",
        "country": "PT",
        "loyalty_tier": None,
        "vip": False,
        "contact_points": [
            {"kind": "phone", "value": "+351912345678", "shared": False, "readable": True},
            {"kind": "email", "value": "anna@example.com", "shared": False, "readable": True},
        ],
        "preferences": [
            {
                "id": "preference-pillow-feather",
                "category": "pillow",
                "value": "feather",
                "source": "pms",
                "noted_at": "2026-11-21T12:00:00Z",
            }
        ],
        "external_refs": [{"system": "mock", "key": "anna"}],
        "synced_at": "2026-11-22T11:59:00Z",
    }


async def test_a_reservation_has_every_field_with_plain_dates(viewer: httpx.AsyncClient) -> None:
    expected: dict[str, Any] = {
        "id": "reservation-R-1",
        "hotel_id": "harbour",
        "guest_id": "guest-anna",
        "guest_name": "Anna Silva",
        "confirmation_number": "CN-R-1",
        "external_ref": {"system": "mock", "key": "R-1"},
        "status": "checked_in",
        "room_number": "204",
        "room_type": "Deluxe Sea View",
        "arrival_date": "2026-11-21",
        "departure_date": "2026-11-24",
        "expected_arrival": None,
        "adults": 1,
        "children": 0,
        "special_requests": [],
        "companions": [],
        "gone_at": None,
        "doubt": None,
        "synced_at": "2026-11-22T11:59:00Z",
    }

    assert (await viewer.get(f"/api/v1/reservations/{the.a_stay().id}")).json() == expected
    assert (await viewer.get(f"{GUEST}/reservations")).json() == {"items": [expected], "next_cursor": None}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "silv"}, 1),
        ({"q": ""}, 1),
        ({"q": "nobody"}, 0),
        ({"q": "+351912"}, 1),
        ({"hotel_id": "castle"}, 0),
    ],
)
async def test_guests_are_found_by_what_is_known_of_them(
    viewer: httpx.AsyncClient, query: dict[str, str], found: int
) -> None:
    assert len((await viewer.get("/api/v1/guests", params=query)).json()["items"]) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "checked_in"}, 1),
        ({"status": "cancelled"}, 0),
        ({"on": "2026-11-24"}, 1),
        ({"on": "2026-11-25"}, 0),
        ({"q": "CN-R"}, 1),
        ({"guest_id": "guest-anna"}, 1),
        ({"guest_id": "nobody"}, 0),
    ],
)
async def test_reservations_are_found_by_status_day_number_and_guest(
    viewer: httpx.AsyncClient, query: dict[str, str], found: int
) -> None:
    assert len((await viewer.get("/api/v1/reservations", params=query)).json()["items"]) == found


async def test_rooms_say_how_they_are(viewer: httpx.AsyncClient) -> None:
    rooms = (await viewer.get("/api/v1/rooms", params={"hotel_id": "harbour"})).json()["items"]

    assert [(room["number"], room["occupancy"], room["housekeeping"]) for room in rooms] == [
        ("204", "occupied", "clean")
    ]


async def test_staff_note_a_preference_and_forget_it(agent: httpx.AsyncClient) -> None:
    response = await agent.post(f"{GUEST}/preferences", json={"category": "tea", "value": "green"})

    assert response.status_code == 201
    noted = response.json()
    assert (noted["category"], noted["value"], noted["source"]) == ("tea", "green", "staff")
    assert noted in (await agent.get(GUEST)).json()["preferences"]
    gone = await agent.delete(f"{GUEST}/preferences/{noted['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert noted not in (await agent.get(GUEST)).json()["preferences"]


async def test_what_the_pms_says_cannot_be_forgotten_here(agent: httpx.AsyncClient) -> None:
    response = await agent.delete(f"{GUEST}/preferences/preference-pillow-feather")

    assert_problem(response, 404, "not-found")


async def test_staff_write_down_what_a_guest_asked_for(agent: httpx.AsyncClient) -> None:
    body = {
        "hotel_id": "harbour",
        "kind": "taxi",
        "details": "to the airport",
        "reservation_id": the.a_stay().id,
        "due_at": "2026-11-23T07:30:00+01:00",
    }
    response = await agent.post("/api/v1/service-requests", json=body)

    assert response.status_code == 201
    opened = response.json()
    assert (opened["guest_id"], opened["room_number"], opened["status"]) == ("guest-anna", "204", "open")
    assert opened["due_at"] == "2026-11-23T06:30:00Z"
    newest = (await agent.get("/api/v1/service-requests", params={"status": "open", "limit": 1})).json()
    assert newest["next_cursor"]


async def test_a_service_request_moves_only_where_it_may(agent: httpx.AsyncClient) -> None:
    path = f"/api/v1/service-requests/{REQUEST}"

    assert (await agent.patch(path, json={"status": "accepted"})).json()["status"] == "accepted"
    later = (await agent.patch(path, json={"due_at": "2026-11-22T18:00:00Z"})).json()
    assert (later["status"], later["due_at"]) == ("accepted", "2026-11-22T18:00:00Z")
    assert (await agent.patch(path, json={"status": "done"})).json()["status"] == "done"
    assert_problem(await agent.patch(path, json={"status": "open"}), 422, "against-the-rules")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "lost"},
        {"due_at": "2026-11-22T18:00:00"},
        {"due_at": "tomorrow"},
        {"due_at": "0001-01-01T00:00:00+14:00"},
    ],
)
async def test_a_change_that_says_nothing_or_nonsense_is_refused(
    agent: httpx.AsyncClient, body: dict[str, str]
) -> None:
    response = await agent.patch(f"/api/v1/service-requests/{REQUEST}", json=body)

    assert_problem(response, 400, "invalid-request")


async def test_the_state_of_the_sync_says_when_the_next_run_is_due(viewer: httpx.AsyncClient, house: House) -> None:
    state = (await viewer.get(SYNC)).json()

    assert (state["running"], state["guests"], state["reservations"], state["rejected"]) == (False, 1, 1, 1)
    assert state["last_run"]["id"] == RUN
    assert state["next_run_at"] == "2026-11-22T12:05:00Z"
    house.clock.move(timedelta(hours=1))
    assert (await viewer.get(SYNC)).json()["next_run_at"] == "2026-11-22T13:00:00Z"


async def test_a_pms_that_asked_for_a_pause_is_not_due_before_its_end(viewer: httpx.AsyncClient, house: House) -> None:
    until = house.clock.now() + timedelta(minutes=40)
    async with house.begin() as uow:
        await uow.sync.save_state(replace(await uow.sync.state(the.HARBOUR), retry_after=until))
        await uow.commit()

    assert (await viewer.get(SYNC)).json()["next_run_at"] == "2026-11-22T12:40:00Z"


async def test_a_hotel_that_never_synced_is_due_at_once(castle: httpx.AsyncClient) -> None:
    state = (await castle.get("/api/v1/hotels/castle/sync")).json()

    assert (state["last_run"], state["next_run_at"]) == (None, "2026-11-22T12:00:00Z")


@pytest.mark.parametrize(
    ("body", "kind"),
    [(None, None), ({}, None), ({"kind": "changes"}, SyncKind.CHANGES), ({"kind": "full"}, SyncKind.FULL)],
)
async def test_run_now_rings_and_does_not_wait(
    agent: httpx.AsyncClient, house: House, body: dict[str, str] | None, kind: SyncKind | None
) -> None:
    response = await agent.post(f"{SYNC}/runs", json=body)

    assert response.status_code == 202
    assert response.json()["hotel_id"] == "harbour"
    assert house.queue.jobs == [Sync(hotel_id=the.HARBOUR, kind=kind)]


async def test_run_now_is_refused_while_a_run_goes_on(agent: httpx.AsyncClient, house: House) -> None:
    async with house.begin() as uow:
        await uow.sync.save_run(
            SyncRun(id=SyncRunId("run-2"), hotel_id=the.HARBOUR, kind=SyncKind.CHANGES, started_at=the.NOW)
        )
        await uow.sync.save_state(
            SyncState(hotel_id=the.HARBOUR, lease_owner="run-2", lease_until=the.NOW + timedelta(minutes=2))
        )
        await uow.commit()

    assert_problem(await agent.post(f"{SYNC}/runs"), 409, "conflict")
    assert house.queue.rings == []
    assert (await agent.get(SYNC)).json()["current_run"]["id"] == "run-2"


async def test_a_run_has_every_field_and_is_in_the_history(viewer: httpx.AsyncClient) -> None:
    run = (await viewer.get(f"{SYNC}/runs/{RUN}")).json()

    assert run == {
        "id": "run-1",
        "hotel_id": "harbour",
        "kind": "first",
        "started_at": "2026-11-22T12:00:00Z",
        "finished_at": "2026-11-22T12:00:00Z",
        "status": "complete",
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "gone": 0,
        "total": None,
        "error": None,
    }
    assert (await viewer.get(f"{SYNC}/runs")).json() == {"items": [run], "next_cursor": None}
    assert_problem(await viewer.get(f"{SYNC}/runs/run-9"), 404, "not-found")


async def test_rejected_records_say_why(viewer: httpx.AsyncClient) -> None:
    (record,) = (await viewer.get(f"{SYNC}/rejected")).json()["items"]

    assert record["reason"] == "it ends before it begins"
    assert record["external_ref"] == {"system": "mock", "key": "R-9"}


async def test_the_state_of_the_sync_has_every_field(viewer: httpx.AsyncClient, house: House) -> None:
    async with house.begin() as uow:
        state = await uow.sync.state(the.HARBOUR)
        missing = MissingStays(number=60, held=100, run_id=SyncRunId(RUN))
        gone = house.clock.now() - timedelta(minutes=3)
        await uow.sync.save_state(replace(state, missing=missing, unreachable_since=gone))
        await uow.sync.note_unknown(the.HARBOUR, "mock", [UnknownValue(field="room.state", value="OOS")], the.NOW)
        await uow.commit()

    state = (await viewer.get(SYNC)).json()

    assert set(state) == {
        *("hotel_id", "system", "capabilities", "running", "progress", "current_run", "last_run", "error"),
        *("unreachable_since", "last_full_at", "missing", "last_success_at", "age_seconds", "next_run_at", "cursor"),
        *("guests", "reservations", "rejected", "unknown", "unreadable_notices", "waiting_notices"),
    }
    assert state["system"] == "mock"
    assert "webhooks" in state["capabilities"]
    assert state["unreachable_since"] == "2026-11-22T11:57:00Z"
    assert state["missing"] == {"number": 60, "held": 100, "run_id": RUN, "confirmed": False}
    assert (state["unknown"], state["unreadable_notices"], state["waiting_notices"]) == (1, 0, 0)


async def test_a_run_that_goes_on_shows_how_far_it_is(viewer: httpx.AsyncClient, house: House) -> None:
    counts = SyncCounts(created=700, updated=20, unchanged=29, rejected=1)
    run = SyncRun(id=SyncRunId("run-2"), hotel_id=the.HARBOUR, kind=SyncKind.FIRST, started_at=the.NOW)
    async with house.begin() as uow:
        await uow.sync.save_run(replace(run, counts=counts, total=3000))
        await uow.sync.save_state(
            SyncState(hotel_id=the.HARBOUR, lease_owner="run-2", lease_until=the.NOW + timedelta(minutes=2))
        )
        await uow.commit()

    assert (await viewer.get(SYNC)).json()["progress"] == {"kind": "first", "read": 750, "total": 3000}


async def test_the_last_error_is_told_in_plain_words(viewer: httpx.AsyncClient, house: House) -> None:
    run = SyncRun(id=SyncRunId("run-3"), hotel_id=the.HARBOUR, kind=SyncKind.CHANGES, started_at=the.NOW)
    async with house.begin() as uow:
        await uow.sync.save_run(run.stopped(the.NOW, "the PMS does not answer"))
        await uow.commit()

    assert (await viewer.get(SYNC)).json()["error"] == "the PMS does not answer"


async def test_unknown_words_are_listed_those_seen_last_first(viewer: httpx.AsyncClient, house: House) -> None:
    async with house.begin() as uow:
        for number, word in enumerate(("OOS", "OOI", "OOS")):
            value = UnknownValue(field="room.state", value=word)
            await uow.sync.note_unknown(the.HARBOUR, "mock", [value], the.NOW + timedelta(minutes=number))
        await uow.commit()

    first = (await viewer.get(f"{SYNC}/unknown", params={"limit": 1})).json()
    rest = (await viewer.get(f"{SYNC}/unknown", params={"cursor": first["next_cursor"]})).json()
    assert first["items"] == [
        {
            "system": "mock",
            "field": "room.state",
            "value": "OOS",
            "first_seen_at": "2026-11-22T12:00:00Z",
            "last_seen_at": "2026-11-22T12:02:00Z",
            "times": 2,
        }
    ]
    assert [word["value"] for word in rest["items"]] == ["OOI"]


async def test_pushes_that_could_not_be_understood_are_listed_with_their_reason(
    viewer: httpx.AsyncClient, house: House
) -> None:
    inbox = make_inbox(house.database)
    await inbox.start()
    for number, body in enumerate((b"\xff\x00" + b"x" * 9000, b"{}")):
        at = the.NOW + timedelta(seconds=number)
        await inbox.store(Notice(id=f"n-{number}", hotel_id=the.HARBOUR, body=body, received_at=at))
    await inbox.aclose()
    async with house.begin() as uow:
        await uow.notices.kept(["n-0"], "it is no JSON", the.NOW)
        await uow.commit()

    (notice,) = (await viewer.get(f"{SYNC}/notices")).json()["items"]
    assert (notice["id"], notice["reason"], notice["received_at"]) == ("n-0", "it is no JSON", "2026-11-22T12:00:00Z")
    assert notice["raw"].startswith("\ufffd\x00xxx")
    assert len(notice["raw"]) == 4000
    state = (await viewer.get(SYNC)).json()
    assert (state["unreadable_notices"], state["waiting_notices"]) == (1, 1)


async def test_staff_confirm_that_the_hotel_really_lost_so_many_stays(agent: httpx.AsyncClient, house: House) -> None:
    assert_problem(await agent.post(f"{SYNC}/confirm-missing"), 409, "conflict")
    async with house.begin() as uow:
        missing = MissingStays(number=60, held=100, run_id=SyncRunId(RUN))
        await uow.sync.save_state(replace(await uow.sync.state(the.HARBOUR), missing=missing))
        await uow.commit()

    response = await agent.post(f"{SYNC}/confirm-missing")

    assert response.status_code == 202
    assert response.json()["missing"]["confirmed"] is True
    assert house.queue.jobs == [Sync(hotel_id=the.HARBOUR, kind=SyncKind.FULL)]


async def test_a_hotel_says_which_day_it_is_there(viewer: httpx.AsyncClient) -> None:
    first = (await viewer.get("/api/v1/hotels")).json()["items"][0]

    assert first == {
        "id": "harbour",
        "name": "Harbour Hotel",
        "time_zone": "Europe/Lisbon",
        "language": "en",
        "phone_region": "PT",
        "today": "2026-11-22",
    }

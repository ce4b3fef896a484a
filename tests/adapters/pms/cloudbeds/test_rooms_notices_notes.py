"""Rooms and their care, pushes, and the notes that Jack leaves."""

import json
from datetime import timedelta
from typing import Any

import pytest

from jack.adapters.pms.cloudbeds.notes import mark_of, without_card_numbers
from jack.adapters.pms.cloudbeds.notices import read_push
from jack.adapters.pms.cloudbeds.payloads import RoomCare, RoomOfHotel
from jack.adapters.pms.cloudbeds.rooms import list_rooms
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import UnknownValue
from tests.adapters.pms.cloudbeds.world import World
from tests.hotel import NOW, a_reservation_snapshot, a_room_snapshot
from tests.simulators.pms.cloudbeds import PROPERTY
from tests.simulators.pms.vendor import Reply

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("condition", "blocked", "stands"),
    [
        ("clean", False, Housekeeping.CLEAN),
        ("dirty", False, Housekeeping.DIRTY),
        ("inspected", "false", Housekeeping.INSPECTED),
        ("clean", "true", Housekeeping.OUT_OF_ORDER),
        ("clean", True, Housekeeping.OUT_OF_ORDER),
        ("", None, None),
        ("enchanted", False, None),
    ],
)
def test_a_rooms_condition_is_read_and_an_unknown_one_is_named(
    condition: str, blocked: bool | str | None, stands: Housekeeping | None
) -> None:
    room = RoomOfHotel(room_id="1", room_name="204", room_type_name="Suite")
    care = RoomCare(room_id="1", room_condition=condition, room_occupied="1", room_blocked=blocked)

    found = list_rooms([room], [care])

    assert [(r.number, r.occupancy, r.housekeeping) for r in found.rooms] == [("204", Occupancy.OCCUPIED, stands)]
    strange = (UnknownValue(field="room.roomCondition", value="enchanted"),)
    assert found.unknown == (strange if condition == "enchanted" else ())


def test_what_housekeeping_does_not_say_stays_open() -> None:
    (room,) = list_rooms([RoomOfHotel(room_id="1", room_name="204")], []).rooms

    assert (room.room_type, room.occupancy, room.housekeeping) == (None, None, None)


async def test_virtual_rooms_are_no_doors_and_of_two_rooms_of_one_name_one_is_kept(world: World) -> None:
    for number in ("101", "102", "Apartment"):
        world.cloudbeds.rooms[number] = a_room_snapshot(number)
    world.cloudbeds.rooms["twin"] = a_room_snapshot("101")
    world.cloudbeds.virtual_rooms = {"Apartment"}

    found = await world.pms().rooms()

    assert sorted(room.number for room in found.rooms) == ["101", "102"]


async def test_every_room_of_a_big_hotel_is_read_whatever_a_page_counts_and_never_with_dates(world: World) -> None:
    for number in range(230):
        world.cloudbeds.rooms[f"{number}"] = a_room_snapshot(f"{number}")

    assert len((await world.pms().rooms()).rooms) == 230
    assert all(r.asked("startDate") is None and r.asked("endDate") is None for r in world.asked("getRooms"))


async def test_a_vendor_that_refuses_the_page_behind_the_last_has_told_all_rooms(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.cloudbeds.rooms["101"] = a_room_snapshot("101")
    rooms = world.cloudbeds._getRooms
    beyond = Reply(200, {"success": False, "message": "Page not found"})
    monkeypatch.setattr(
        world.cloudbeds, "_getRooms", lambda given: rooms(given) if given["pageNumber"] == "1" else beyond
    )

    assert [room.number for room in (await world.pms().rooms()).rooms] == ["101"]


def a_push(**fields: Any) -> bytes:
    given = {"event": "reservation/status_changed", "propertyID": int(PROPERTY), "propertyID_str": PROPERTY}
    return json.dumps({"version": "1.0", "timestamp": 1795348800.4, **given, **fields}).encode()


@pytest.mark.parametrize("name", ["reservationID", "reservationId", "reservationid"])
@pytest.mark.parametrize("value", ["3001122", 3001122])
def test_a_pushed_id_is_read_however_its_name_is_written(name: str, value: object) -> None:
    assert read_push(a_push(**{name: value}), PROPERTY) == PmsHints(stays=("3001122",))


@pytest.mark.parametrize(
    "whose",
    [
        {"propertyID": 4711},
        {"propertyId": "4711"},
        {"propertyID_str": "4711"},
        {"propertyId": 4711, "propertyId_str": "4711"},
    ],
)
def test_the_property_comes_as_a_number_or_a_text_or_both(whose: dict[str, Any]) -> None:
    event = {"event": "reservation/created", "reservationID": "7"}

    assert read_push(json.dumps(event | whose).encode(), PROPERTY).stays == ("7",)
    assert read_push(json.dumps(event | whose).encode(), "4712") == PmsHints()


@pytest.mark.parametrize(
    ("event", "hints"),
    [
        ({"event": "reservation/deleted", "reservationID": "7"}, PmsHints(stays=("7",))),
        ({"event": "guest/details_changed", "guestId": 9}, PmsHints(guests=("9",))),
        ({"event": "guest/removed", "guestID": "9", "reservationId": "7"}, PmsHints(stays=("7",), guests=("9",))),
        ({"event": "guest/assigned"}, PmsHints(changes=True)),
        ({"event": "housekeeping/room_condition_changed", "roomId": "1"}, PmsHints(rooms=True)),
        ({"event": "roomblock/created"}, PmsHints(rooms=True)),
        ({"event": "night_audit/completed"}, PmsHints(rooms=True, changes=True)),
        ({"event": "integration/appstate_changed"}, PmsHints()),
        (
            {"event": "reservation/danced", "reservationID": "7"},
            PmsHints(
                stays=("7",), changes=True, unknown=(UnknownValue(field="webhook.event", value="reservation/danced"),)
            ),
        ),
    ],
    ids=lambda given: given["event"] if isinstance(given, dict) else "",
)
def test_each_event_hints_at_what_it_may_have_changed(event: dict[str, Any], hints: PmsHints) -> None:
    assert read_push(a_push(**event), PROPERTY) == hints


def a_task(**fields: Any) -> PmsTask:
    given: dict[str, Any] = {"key": "0192f0c4e1aa3b5c", "title": "Two towels", "confirmation_number": "100"}
    return PmsTask(due_at=NOW + timedelta(hours=1), **(given | fields))


async def test_a_note_is_a_form_and_says_the_hotels_time(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))

    made = await world.pms().file_task(a_task(room_number="204", details="Bath towels, groß"))

    (posted,) = world.asked("postReservationNote")
    assert posted.headers["content-type"] == "application/x-www-form-urlencoded"
    assert posted.query == ()
    assert set(posted.form()) == {"propertyID", "reservationID", "reservationNote"}
    assert made == "note-1"
    assert world.cloudbeds.notes[0]["reservationNote"].splitlines() == [
        "Two towels",
        "Bath towels, groß",
        "Room: 204",
        "Due: 2026-11-22 13:00",
        "[Jack 0192f0c4e1aa3b5c]",
    ]


async def test_a_number_that_could_be_a_cards_is_masked_so_that_the_note_is_taken(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    task = a_task(details=f"Booking 4111111111111111, or {CARD}.", key="4111111111111111aabb")
    pms = world.pms()

    keys = {await pms.file_task(task), await pms.file_task(task)}

    (note,) = world.cloudbeds.notes
    assert len(keys) == 1
    assert "(number ending in 1111), or (number ending in 1111)." in note["reservationNote"]
    assert mark_of(task.key) in note["reservationNote"]


@pytest.mark.parametrize("kept", ["204", "+351 912 345 678", "2026-11-22 14:30", "4111111111112", "123456789012"])
def test_other_numbers_stay_as_they_are(kept: str) -> None:
    assert without_card_numbers(f"Call {kept}!") == f"Call {kept}!"


async def test_a_task_about_a_room_finds_the_booking_and_one_about_nothing_is_refused(world: World) -> None:
    stay = a_reservation_snapshot("odd", confirmation_number="100")
    world.cloudbeds.hold(stay)
    pms = world.pms()

    await pms.file_task(a_task(confirmation_number=None, reservation=stay.ref))
    with pytest.raises(ServiceRejected, match="notes on reservations only"):
        await pms.file_task(a_task(confirmation_number=None))

    assert [note["reservationID"] for note in world.cloudbeds.notes] == ["100"]

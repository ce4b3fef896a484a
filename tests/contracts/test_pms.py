"""What every PMS adapter keeps to, whatever its vendor's dialect: reading."""

from contextlib import aclosing, suppress
from datetime import timedelta

import pytest

from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.pms import Capability, SearchBy
from jack.application.ports.pms_pages import RoomList
from jack.domain.reservation import ReservationStatus
from jack.domain.snapshot import GuestSnapshot
from jack.domain.sync import SyncWindow
from tests.contracts.pms_readings import AROUND_TODAY, EVERYTHING, MINUTE, Question, at, at_home, many, pages_of, read
from tests.contracts.stages.stage import PmsStage
from tests.hotel import NOW, a_guest_snapshot, a_period, a_reservation_snapshot, a_room_snapshot


async def test_an_empty_hotel_is_not_an_error(stage: PmsStage) -> None:
    assert await read(stage.pms.changed(EVERYTHING)) == ([], [])
    assert await read(stage.pms.staying(AROUND_TODAY)) == ([], [])
    assert await stage.pms.rooms() == RoomList()
    assert await stage.pms.search_guests(SearchBy.NAME, "anybody") == ()


async def test_every_reservation_is_read_once_whatever_the_paging(stage: PmsStage) -> None:
    hotel = many(stage, 23)
    stage.holds(*hotel)

    for pages in (stage.pms.changed(EVERYTHING), stage.pms.staying(AROUND_TODAY)):
        found, rejected = await read(pages)
        assert sorted(r.ref.key for r in found) == sorted(r.ref.key for r in hotel)
        assert rejected == []


async def test_the_hotel_of_these_tests_fills_several_pages(stage: PmsStage) -> None:
    stage.holds(*many(stage, 23))

    assert len([page async for page in stage.pms.staying(AROUND_TODAY) if page.reservations]) > 1


@pytest.mark.parametrize("reading", ["changed", "staying"])
async def test_a_reading_that_was_left_early_begins_anew(stage: PmsStage, reading: str) -> None:
    hotel = many(stage, 23)
    stage.holds(*hotel)
    async with aclosing(pages_of(stage, reading)) as pages:
        await anext(pages)

    found, _ = await read(pages_of(stage, reading))

    assert {r.ref for r in found} == {r.ref for r in hotel}


async def test_a_total_is_what_the_whole_reading_brings(stage: PmsStage) -> None:
    stage.holds(*many(stage, 23))

    totals = [page.total async for page in stage.pms.staying(AROUND_TODAY)]

    assert totals
    assert set(totals) <= {23, None}


async def test_a_stay_is_told_with_everything_that_the_vendor_knows(stage: PmsStage) -> None:
    truth = at_home(
        stage,
        a_reservation_snapshot(
            guest=a_guest_snapshot(loyalty_tier="Gold", vip=True),
            companions=(a_guest_snapshot("bruno"),),
            expected_arrival=NOW - timedelta(hours=20),
            adults=2,
            children=1,
            special_requests=("Quiet room",),
        ),
    )
    stage.holds(truth)

    ((from_changes,), _) = await read(stage.pms.changed(EVERYTHING))
    ((from_stays,), _) = await read(stage.pms.staying(AROUND_TODAY))
    alone = await stage.pms.reservation(truth.ref)

    assert from_changes == from_stays == alone == stage.reservation_as_told(truth)
    assert from_changes.ref.system == from_changes.guest.ref.system == stage.pms.system == stage.system


async def test_the_window_includes_its_beginning_and_not_its_end(stage: PmsStage) -> None:
    since, until = NOW - timedelta(hours=1), NOW - timedelta(minutes=30)
    instants = {
        "before": since - timedelta(seconds=1),
        "at-since": since,
        "inside": since + MINUTE,
        "at-until": until,
        "after": until + MINUTE,
    }
    stage.holds(*(at_home(stage, a_reservation_snapshot(key, modified_at=at)) for key, at in instants.items()))

    found, _ = await read(stage.pms.changed(SyncWindow(since=since, until=until)))

    keys = {r.ref.key for r in found}
    assert keys >= {"at-since", "inside"}
    if Capability.CHANGES in stage.pms.capabilities:  # the others bring more than they were asked for
        assert keys == {"at-since", "inside"}


async def test_a_window_with_parts_of_seconds_loses_nothing(stage: PmsStage) -> None:
    since = NOW - timedelta(hours=1, microseconds=-600_000)
    changed = {"early": timedelta(seconds=1), "middle": timedelta(seconds=30), "late": timedelta(seconds=60)}
    stage.holds(
        *(
            at_home(stage, a_reservation_snapshot(key, modified_at=NOW - timedelta(hours=1) + later))
            for key, later in changed.items()
        )
    )

    found, _ = await read(stage.pms.changed(SyncWindow(since=since, until=since + MINUTE)))

    assert {r.ref.key for r in found} >= set(changed)


async def test_a_window_of_more_than_a_year_is_read_whole(stage: PmsStage) -> None:
    ages = {f"changed-{days}-days-ago": timedelta(days=days) for days in (1, 89, 90, 91, 92, 93, 180, 270, 399)}
    stage.holds(*(at_home(stage, a_reservation_snapshot(key, modified_at=NOW - age)) for key, age in ages.items()))

    found, _ = await read(stage.pms.changed(SyncWindow(since=NOW - timedelta(days=400), until=NOW)))

    assert {r.ref.key for r in found} == set(ages)


async def test_an_empty_window_holds_nothing(stage: PmsStage) -> None:
    stage.holds(at_home(stage, a_reservation_snapshot(modified_at=NOW)))

    found, _ = await read(stage.pms.changed(SyncWindow(since=NOW, until=NOW)))

    assert found == [] or Capability.CHANGES not in stage.pms.capabilities


async def test_cancelled_and_missed_stays_are_read_like_others(stage: PmsStage) -> None:
    stage.holds(
        at_home(stage, a_reservation_snapshot("cancelled", status=ReservationStatus.CANCELLED)),
        at_home(stage, a_reservation_snapshot("missed", status=ReservationStatus.NO_SHOW)),
    )

    for pages in (stage.pms.changed(EVERYTHING), stage.pms.staying(AROUND_TODAY)):
        found, _ = await read(pages)
        assert {r.ref.key: r.status for r in found} == {
            "cancelled": ReservationStatus.CANCELLED,
            "missed": ReservationStatus.NO_SHOW,
        }


async def test_stays_that_share_a_day_with_the_period_are_read_and_no_others(stage: PmsStage) -> None:
    dates = {
        "long-gone": (-9, -6),
        "leaves-on-first-day": (-8, -5),
        "around": (-9, 9),
        "inside": (-3, -1),
        "day-use": (0, 0),
        "arrives-on-last-day": (5, 8),
        "later": (6, 8),
    }
    stage.holds(
        *(
            at_home(stage, a_reservation_snapshot(key, arrival=first, departure=last))
            for key, (first, last) in dates.items()
        )
    )

    found, _ = await read(stage.pms.staying(a_period(-5, 5)))

    assert {r.ref.key for r in found} == set(dates) - {"long-gone", "later"}


async def test_reading_again_gives_the_same_facts(stage: PmsStage) -> None:
    stage.holds(*many(stage, 9))

    readings = [stage.pms.staying(AROUND_TODAY) for _ in range(2)]
    if Capability.CHANGES in stage.pms.capabilities:  # a queue of events forgets what was read to its end
        readings += [stage.pms.changed(EVERYTHING) for _ in range(2)]
    first, *others = [sorted((await read(pages))[0], key=lambda r: r.ref) for pages in readings]

    assert all(other == first for other in others)


async def test_a_change_is_read_in_the_window_in_which_it_was_made(stage: PmsStage) -> None:
    stage.holds(at_home(stage, a_reservation_snapshot(modified_at=NOW - timedelta(hours=2))))
    moved = at_home(stage, a_reservation_snapshot(room_number="310", modified_at=NOW - MINUTE))
    stage.holds(moved)

    found, _ = await read(stage.pms.changed(SyncWindow(since=NOW - 5 * MINUTE, until=NOW)))

    assert [r.room_number for r in found] == ["310"]


async def test_a_reservation_that_the_pms_does_not_have_is_none(stage: PmsStage) -> None:
    held = at_home(stage, a_reservation_snapshot())
    stage.holds(held)
    assert await stage.pms.reservation(at(stage, "nowhere")) is None

    stage.forgets(held.ref)

    assert await stage.pms.reservation(held.ref) is None
    assert await read(stage.pms.staying(AROUND_TODAY)) == ([], [])


async def test_a_record_that_cannot_be_read_costs_itself_alone(stage: PmsStage) -> None:
    hotel = many(stage, 9)
    stage.holds(*hotel)
    stage.garbles(hotel[4].ref)

    found, rejected = await read(stage.pms.staying(AROUND_TODAY))

    assert {r.ref for r in found} == {r.ref for r in hotel} - {hotel[4].ref}
    assert [record.ref for record in rejected] == [hotel[4].ref]
    assert rejected[0].reason
    assert rejected[0].kind == "reservation"


async def test_rooms_are_told_with_their_state(stage: PmsStage) -> None:
    rooms = (a_room_snapshot("101"), a_room_snapshot("204"), a_room_snapshot("0B", room_type="Suite"))
    stage.has_rooms(*rooms)

    found = await stage.pms.rooms()

    assert sorted(found.rooms, key=lambda r: r.number) == sorted(map(stage.room_as_told, rooms), key=lambda r: r.number)


async def test_a_big_house_is_told_with_every_room(stage: PmsStage) -> None:
    rooms = [a_room_snapshot(str(number), room_type=f"Type {number % 30}") for number in range(100, 350)]
    stage.has_rooms(*rooms)

    found = await stage.pms.rooms()

    assert sorted(room.number for room in found.rooms) == sorted(room.number for room in rooms)
    assert len({room.room_type for room in found.rooms}) == 30


async def test_a_guest_is_found_by_reference(stage: PmsStage) -> None:
    stay = at_home(stage, a_reservation_snapshot(companions=(a_guest_snapshot("bruno"),)))
    stage.holds(stay)

    told = stage.reservation_as_told(stay)  # a vendor without guests of their own names them by their stay
    for guest in (told.guest, *told.companions):
        assert await stage.pms.guest(guest.ref) == stage.guest_as_told(guest)
    assert await stage.pms.guest(at(stage, "nobody")) is None


SEARCHES = {
    SearchBy.NAME: (Capability.SEARCH_BY_NAME, "Žáková"),
    SearchBy.EMAIL: (Capability.SEARCH_BY_EMAIL, "zuzana@example.com"),
    SearchBy.PHONE: (Capability.SEARCH_BY_PHONE, "+420723456789"),
}


@pytest.mark.parametrize("by", list(SearchBy))
async def test_guests_are_found_by_what_the_vendor_can_search_by(stage: PmsStage, by: SearchBy) -> None:
    capability, text = SEARCHES[by]
    zuzana = a_guest_snapshot("zuzana", last_name="Žáková", phones=("+420723456789",))
    stage.holds(
        at_home(stage, a_reservation_snapshot("R-1", guest=zuzana)),
        at_home(stage, a_reservation_snapshot("R-2")),
    )

    if capability in stage.pms.capabilities:
        assert [guest.first_name for guest in await stage.pms.search_guests(by, text)] == ["Zuzana"]
    else:
        with pytest.raises(ServiceRejected):
            await stage.pms.search_guests(by, text)


@pytest.mark.parametrize(
    "text", ["", " ", "a&b=c#d", "50 %", "O'Neill", "*", "Ž" * 300, "王", "+", "@", "\x00", "\ud83c"]
)
@pytest.mark.parametrize("by", list(SearchBy))
async def test_a_strange_search_finds_nobody_and_breaks_nothing(stage: PmsStage, by: SearchBy, text: str) -> None:
    stage.holds(at_home(stage, a_reservation_snapshot()))
    found: tuple[GuestSnapshot, ...] = ()

    with suppress(ServiceRejected):
        found = await stage.pms.search_guests(by, text)

    assert found == ()


async def test_a_search_brings_at_most_fifty_guests(stage: PmsStage) -> None:
    stage.holds(*many(stage, 60))

    if Capability.SEARCH_BY_NAME in stage.pms.capabilities:
        assert len(await stage.pms.search_guests(SearchBy.NAME, "Silva")) == 50


async def test_a_busy_vendor_says_when_to_come_back(stage: PmsStage, question: Question) -> None:
    stage.holds(at_home(stage, a_reservation_snapshot()))
    stage.is_busy(timedelta(seconds=17))

    with pytest.raises(ServiceUnavailable) as failure:
        await question(stage)

    assert failure.value.retry_after == timedelta(seconds=17)
    assert_no_secret(stage, failure.value)


async def test_refused_credentials_are_denied(stage: PmsStage, question: Question) -> None:
    stage.refuses_credentials()

    with pytest.raises(ServiceDenied) as failure:
        await question(stage)

    assert_no_secret(stage, failure.value)


async def test_a_good_connection_has_no_problem(stage: PmsStage) -> None:
    report = await stage.pms.check()

    assert report.problem is None
    assert report.summary


async def test_a_bad_connection_is_reported_and_not_raised(stage: PmsStage) -> None:
    stage.refuses_credentials()

    report = await stage.pms.check()

    assert report.problem
    assert not any(secret in f"{report.summary} {report.problem}" for secret in stage.secrets)


def assert_no_secret(stage: PmsStage, failure: OutsideFailure) -> None:
    assert not any(secret in f"{failure} {failure!r}" for secret in stage.secrets)

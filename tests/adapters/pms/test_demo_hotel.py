"""The demo hotel: always full of life, always the same."""

import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jack.adapters.phones import LibPhoneReader
from jack.adapters.pms.mock.book import newest_guests
from jack.adapters.pms.mock.demo import DemoBook
from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.pattern import CYCLE
from jack.adapters.pms.mock.wishes import INSTRUCTION
from jack.domain.matching import SHARED_FROM
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from jack.domain.sync import SyncWindow
from tests.fakes.clock import FixedClock
from tests.hotel import NOW

LISBON = ZoneInfo("Europe/Lisbon")
DEMO = DemoBook(seed="demo", time_zone="Europe/Lisbon", region="PT")
SEEDS = ["demo", "harbour", "another"]
STATUS = ReservationStatus

instants = st.integers(min_value=0, max_value=7 * 366 * 24 * 3600).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def with_status(found: tuple[ReservationSnapshot, ...], status: ReservationStatus) -> list[ReservationSnapshot]:
    return [reservation for reservation in found if reservation.status is status]


def local(now: datetime) -> datetime:
    return now.astimezone(LISBON)


def a_whole_turn(hours: int = 24) -> list[datetime]:
    """Instants over every day of the pattern, at changing times of the day."""
    return [NOW + timedelta(hours=step * hours, minutes=17 * step % 1440) for step in range(CYCLE * 24 // hours)]


def test_every_day_has_guests_in_house_arrivals_and_departures_future_and_past_stays() -> None:
    for now in a_whole_turn():
        today = local(now).date()
        found = DEMO.reservations(now)
        coming = [r for r in found if r.status in (STATUS.CONFIRMED, STATUS.CHECKED_IN)]
        staying = [r for r in found if r.status in (STATUS.CHECKED_IN, STATUS.CHECKED_OUT)]
        assert len(with_status(found, STATUS.CHECKED_IN)) >= 10
        assert any(r.period.arrival == today for r in [*coming, *staying])
        assert any(r.period.departure == today for r in staying)
        assert any(r.period.departure == today - timedelta(days=1) for r in with_status(found, STATUS.CHECKED_OUT))
        assert any(r.period.arrival > today for r in with_status(found, STATUS.CONFIRMED))


def test_about_seven_rooms_in_ten_are_lived_in_at_night() -> None:
    nights = [datetime(2026, 3, 1, 2, tzinfo=UTC) + timedelta(days=day) for day in range(0, CYCLE, 3)]
    lived_in = [sum(r.occupancy is Occupancy.OCCUPIED for r in DEMO.rooms(night)) for night in nights]
    assert 0.62 <= sum(lived_in) / len(nights) / 40 <= 0.78


def test_the_hotel_has_forty_rooms_and_some_hundred_and_twenty_guests() -> None:
    assert len(DEMO.rooms(NOW)) == 40
    assert 110 <= len(newest_guests(DEMO.reservations(NOW))) <= 130


def test_bookings_lie_between_forty_five_days_ago_and_a_hundred_and_twenty_ahead() -> None:
    for now in a_whole_turn(24 * 14):
        today = local(now).date()
        for stay in DEMO.reservations(now):
            assert stay.period.departure >= today - timedelta(days=46)
            assert stay.period.arrival <= today + timedelta(days=120)


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_shares_a_room_with_a_stranger_and_nobody_is_in_two_rooms_unless_they_took_two(seed: str) -> None:
    book = DemoBook(seed=seed, time_zone="Europe/Lisbon", region="PT")
    for now in a_whole_turn(24 * 4):
        in_house = with_status(book.reservations(now), STATUS.CHECKED_IN)
        rooms = Counter(r.room_number for r in in_house)
        people = Counter(g.ref for r in in_house for g in (r.guest, *r.companions))
        assert max(rooms.values()) == 1
        assert None not in rooms
        assert max(people.values()) <= 2
        assert sum(number == 2 for number in people.values()) <= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_rooms_agree_with_stays(seed: str) -> None:
    book = DemoBook(seed=seed, time_zone="Europe/Lisbon", region="PT")
    for now in a_whole_turn(24 * 4):
        rooms = {room.number: room for room in book.rooms(now)}
        in_house = {r.room_number: r for r in with_status(book.reservations(now), STATUS.CHECKED_IN)}
        assert {n for n, room in rooms.items() if room.occupancy is Occupancy.OCCUPIED} == set(in_house)
        assert rooms["110"].housekeeping is Housekeeping.OUT_OF_ORDER
        for number, stay in in_house.items():
            assert number is not None
            assert rooms[number].room_type == stay.room_type
            if stay.period.arrival == local(now).date():
                assert rooms[number].housekeeping is Housekeeping.CLEAN


def test_nobody_checks_in_to_a_room_that_was_not_cleaned() -> None:
    before: dict[str, RoomSnapshot] = {}
    for minute in range(0, 2 * 24 * 60, 10):
        rooms = {room.number: room for room in DEMO.rooms(NOW + timedelta(minutes=minute))}
        for number, room in rooms.items():
            held = before.get(number)
            if held and held.occupancy is Occupancy.VACANT and room.occupancy is Occupancy.OCCUPIED:
                assert held.housekeeping is not Housekeeping.DIRTY
        before = rooms


@pytest.mark.parametrize("seed", SEEDS)
def test_a_couple_with_one_phone_is_always_in_house(seed: str) -> None:
    book = DemoBook(seed=seed, time_zone="Europe/Lisbon", region="PT")
    for now in a_whole_turn(24 * 4 - 1):
        in_house = with_status(book.reservations(now), STATUS.CHECKED_IN)
        assert any(r.guest.phones and r.guest.phones == c.phones for r in in_house for c in r.companions)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_awkward_cases_are_always_there(seed: str) -> None:
    book = DemoBook(seed=seed, time_zone="Europe/Lisbon", region="PT")
    for now in a_whole_turn(24 * 14):
        found = book.reservations(now)
        guests = newest_guests(found)
        mains = {r.guest.ref for r in found}
        texts = [phone for guest in guests for phone in guest.phones]
        names = [f"{guest.first_name} {guest.last_name}" for guest in guests]
        assert any(not guest.phones and guest.ref in mains for guest in guests)
        assert any(number > SHARED_FROM for number in Counter(texts).values()), "an agency's phone"
        assert "ask at desk" in texts
        assert any(text[0] != "+" and text[0].isdigit() for text in texts), "a phone in national form"
        assert any("'" in name for name in names)
        assert any("🌸" in name for name in names)
        assert any("É" in name for name in names)
        assert any(not guest.first_name for guest in guests)
        assert max(map(len, names)) > 80
        assert any(INSTRUCTION in r.special_requests for r in found)
        assert {r.status for r in found} == set(STATUS)
        assert any(r.period.arrival == r.period.departure for r in found), "a day use"
        assert any(r.companions for r in found)
        assert two_rooms_at_once(found)
        assert cancelled_and_rebooked(found)


def two_rooms_at_once(found: tuple[ReservationSnapshot, ...]) -> bool:
    stays = Counter((r.guest.ref, r.period.arrival) for r in found if r.status is not STATUS.CANCELLED)
    return max(stays.values()) == 2


def cancelled_and_rebooked(found: tuple[ReservationSnapshot, ...]) -> bool:
    kept = {(r.guest.ref, r.period.arrival) for r in found if r.status is not STATUS.CANCELLED}
    return any(
        (r.guest.ref, r.period.arrival - timedelta(days=days)) in kept
        for r in with_status(found, STATUS.CANCELLED)
        for days in range(1, 5)
    )


def test_somebody_moves_to_another_room_of_the_same_type_every_few_days() -> None:
    rooms: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str | None]] = defaultdict(set)
    for hour in range(0, 14 * 24, 6):
        for stay in with_status(DEMO.reservations(NOW + timedelta(hours=hour)), STATUS.CHECKED_IN):
            rooms[stay.ref.key].add(stay.room_number or "")
            kinds[stay.ref.key].add(stay.room_type)
    assert sum(len(lived_in) == 2 for lived_in in rooms.values()) >= 5
    assert all(len(types) == 1 for types in kinds.values())


@given(now=instants)
@settings(max_examples=20, deadline=None)
def test_nothing_was_modified_in_the_future(now: datetime) -> None:
    for stay in DEMO.reservations(now):
        assert stay.modified_at is not None
        assert stay.modified_at <= now
        for guest in (stay.guest, *stay.companions):
            assert guest.modified_at is not None
            assert guest.modified_at <= now


@given(now=instants, seconds=st.integers(min_value=1, max_value=40 * 60))
@settings(max_examples=20, deadline=None)
def test_whatever_changed_between_two_readings_is_in_the_window_between_them(now: datetime, seconds: int) -> None:
    later = now + timedelta(seconds=seconds)
    before = {stay.ref: stay for stay in DEMO.reservations(now)}
    window = SyncWindow(since=now, until=later + timedelta(microseconds=1))
    for stay in DEMO.reservations(later):
        held = before.get(stay.ref)
        assert stay.modified_at is not None
        if held is None or without_guests(held) != without_guests(stay):
            assert window.contains(stay.modified_at)
        else:
            assert held.modified_at == stay.modified_at


@given(now=instants, seconds=st.integers(min_value=1, max_value=40 * 60))
@settings(max_examples=20, deadline=None)
def test_a_guest_that_changed_has_a_newer_modification_and_comes_with_a_changed_stay(
    now: datetime, seconds: int
) -> None:
    later = now + timedelta(seconds=seconds)
    before = {guest.ref: guest for guest in newest_guests(DEMO.reservations(now))}
    found = DEMO.reservations(later)
    read_again = {
        guest.ref
        for stay in found
        if stay.modified_at is not None and stay.modified_at > now
        for guest in (stay.guest, *stay.companions)
    }
    for guest in newest_guests(found):
        held = before.get(guest.ref)
        if held is not None and held != guest:
            assert held.modified_at is not None
            assert guest.modified_at is not None
            assert guest.modified_at > held.modified_at
            assert guest.ref in read_again


def test_a_guest_is_the_same_in_every_stay() -> None:
    versions: dict[object, set[GuestSnapshot]] = defaultdict(set)
    for stay in DEMO.reservations(NOW):
        for guest in (stay.guest, *stay.companions):
            versions[guest.ref].add(guest)
    assert {len(found) for found in versions.values()} == {1}


def test_about_every_minute_something_changes() -> None:
    changes = 0
    before = {stay.ref: stay.modified_at for stay in DEMO.reservations(NOW)}
    for minute in range(2, 62, 2):
        after = {stay.ref: stay.modified_at for stay in DEMO.reservations(NOW + timedelta(minutes=minute))}
        changes += sum(before.get(ref) != modified_at for ref, modified_at in after.items())
        before = after
    assert 30 <= changes <= 120


def test_a_quiet_hotel_changes_only_by_bookings_and_stays() -> None:
    quiet = DemoBook(seed="demo", time_zone="Europe/Lisbon", region="PT", lively=False)
    night = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    later = night + timedelta(hours=2)
    assert quiet.reservations(night) == quiet.reservations(later)
    assert DEMO.reservations(night) != DEMO.reservations(later)


def test_the_hotel_is_the_same_in_another_process_and_another_order_of_asking() -> None:
    script = (
        "from datetime import datetime, UTC, timedelta\n"
        "import hashlib\n"
        "from jack.adapters.pms.mock.demo import DemoBook\n"
        "b = DemoBook(seed='demo', time_zone='Europe/Lisbon', region='PT')\n"
        f"n = datetime.fromisoformat({NOW.isoformat()!r})\n"
        "b.reservations(n + timedelta(days=400)); b.rooms(n)\n"
        "print(hashlib.sha256(repr((b.reservations(n), b.rooms(n))).encode()).hexdigest())\n"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": hashing, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for hashing in ("1", "2")
    ]
    assert found[0] == found[1] != ""


def test_another_seed_is_another_hotel() -> None:
    other = DemoBook(seed="other", time_zone="Europe/Lisbon", region="PT")
    assert other.reservations(NOW) != DEMO.reservations(NOW)


DST_DAYS = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]


@given(
    now=instants
    | st.builds(
        lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute),
        st.sampled_from(DST_DAYS),
        st.integers(min_value=-90, max_value=26 * 60),
    ),
    seed=st.sampled_from(SEEDS),
)
@settings(max_examples=60, deadline=None)
def test_there_is_always_a_guest_for_the_demonstration(now: datetime, seed: str) -> None:
    book = BOOKS[seed]
    stay = book.demo_guest(now)
    today = now.astimezone(ZONES[seed]).date()
    found = book.reservations(now)
    phones = Counter(phone for guest in newest_guests(found) for phone in guest.phones)
    assert stay in found
    assert stay.status is STATUS.CHECKED_IN
    assert stay.room_number
    assert stay.period.arrival <= today < stay.period.departure
    assert stay.guest.language == "en"
    assert stay.guest.preferences
    reading = LibPhoneReader().read(stay.guest.phones[0], REGIONS[seed])
    assert reading is not None
    assert reading.number.e164 == stay.guest.phones[0]
    assert not reading.assumed_region
    assert phones[stay.guest.phones[0]] == 1


ZONES = {
    "demo": ZoneInfo("Europe/Lisbon"),
    "harbour": ZoneInfo("America/Santiago"),
    "another": ZoneInfo("Pacific/Auckland"),
}
REGIONS = {"demo": "PT", "harbour": "US", "another": "GB"}
BOOKS = {seed: DemoBook(seed=seed, time_zone=str(ZONES[seed]), region=REGIONS[seed]) for seed in SEEDS}


@pytest.mark.parametrize("region", ["PT", "US", "GB", "DE", "FR", "ES", "IT", "CH", "JP", "AE", "BR"])
def test_every_phone_but_the_unreadable_one_is_a_valid_number(region: str) -> None:
    reader = LibPhoneReader()
    book = DemoBook(seed="demo", time_zone="Europe/Lisbon", region=region)
    texts = {phone for guest in newest_guests(book.reservations(NOW)) for phone in guest.phones}
    assert {text for text in texts if reader.read(text, region) is None} == {"ask at desk"}
    assumed = [text for text in texts if (r := reader.read(text, region)) and r.assumed_region]
    assert len(assumed) == 1


def test_phones_are_unique_but_for_couples_and_the_agency() -> None:
    guests = newest_guests(DEMO.reservations(NOW))
    holders = Counter(phone for guest in guests for phone in guest.phones)
    assert sorted(number for number in holders.values() if number > 1) == [2, 2, 2, 2, 2, 2, 7]


def test_confirmation_numbers_and_references_are_unique() -> None:
    found = DEMO.reservations(NOW)
    assert len({r.ref for r in found}) == len({r.confirmation_number for r in found}) == len(found)


def test_the_hotel_is_computed_in_a_moment() -> None:
    DEMO.reservations(NOW)
    begin = time.process_time()
    for minute in range(5):
        DEMO.reservations(NOW + timedelta(minutes=minute))
    assert (time.process_time() - begin) / 5 < 0.1


async def test_the_mock_pms_reads_the_demo_hotel_in_pages_of_a_hundred() -> None:
    pms = MockPms(DEMO, FixedClock(NOW))
    pages = [page async for page in pms.changed(SyncWindow(since=NOW - timedelta(days=200), until=NOW))]
    assert {len(page.reservations) for page in pages[:-1]} == {100}
    assert sum(len(page.reservations) for page in pages) == pages[0].total == len(DEMO.reservations(NOW))
    report = await pms.check()
    assert "40 rooms" in report.summary


def without_guests(stay: ReservationSnapshot) -> tuple[object, ...]:
    return (
        stay.status,
        stay.period,
        stay.room_number,
        stay.expected_arrival,
        stay.special_requests,
        stay.room_type,
        stay.modified_at,
    )

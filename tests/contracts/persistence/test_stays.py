"""What every repository of reservations and rooms does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import Conflict
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import GuestId, HotelId, ReservationId
from jack.domain.reservation import Companion, Reservation, ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from tests.hotel import HARBOUR, NOW, a_companion, a_guest, a_period, a_ref, a_room, a_stay, days

GARDEN = HotelId("garden")
RICH = a_stay(
    expected_arrival=NOW + timedelta(hours=3),
    adults=2,
    children=1,
    special_requests=("cot 🛏", "late 'arrival'"),
    companions=(a_companion(), Companion(guest_id=None, first_name="Baby", last_name="")),
)


async def save(begin: BeginUnitOfWork, *stays: Reservation) -> None:
    """Commit these stays, with Anna, Bruno and Carla as guests."""
    async with begin() as uow:
        await uow.guests.save_synced([a_guest(), a_guest("bruno"), a_guest("carla")])
        await uow.guests.save_synced([a_guest("garden", hotel_id=GARDEN)])
        await uow.reservations.save_synced(stays)
        await uow.commit()


async def test_a_stay_comes_back_whole(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH)
    async with begin() as uow:
        found = await uow.reservations.get(HARBOUR, RICH.id)
        assert found
        assert found == RICH
        assert found.synced_at == RICH.synced_at
        assert await uow.reservations.get(GARDEN, RICH.id) is None


async def test_stays_are_found_by_reference_in_their_hotel(begin: BeginUnitOfWork) -> None:
    elsewhere = a_stay(id=ReservationId("elsewhere"), hotel_id=GARDEN, guest="garden")
    await save(begin, RICH, a_stay("R-2"), elsewhere)
    async with begin() as uow:
        asked = [a_ref("R-1"), a_ref("R-1", system="mews"), a_ref("R-9")]
        assert await uow.reservations.by_refs(HARBOUR, asked) == {a_ref("R-1"): RICH}
        assert await uow.reservations.by_refs(GARDEN, asked) == {a_ref("R-1"): elsewhere}
        assert await uow.reservations.by_refs(HARBOUR, []) == {}


async def test_a_newer_stay_replaces_the_older_with_its_companions(begin: BeginUnitOfWork) -> None:
    newer = replace(
        RICH, status=ReservationStatus.CHECKED_OUT, room_number=None, companions=(a_companion("carla"),), doubt="odd"
    )
    await save(begin, RICH)
    await save(begin, newer)
    async with begin() as uow:
        assert await uow.reservations.get(HARBOUR, RICH.id) == newer
        assert await uow.reservations.of_guests(HARBOUR, [a_guest("bruno").id], days(-99)) == ()
        assert await uow.reservations.of_guests(HARBOUR, [a_guest("carla").id], days(-99)) == (newer,)


async def test_a_known_reference_under_another_id_is_a_conflict(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH)
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.reservations.save_synced([a_stay(id=ReservationId("another"))])


async def test_one_reference_twice_in_one_page_is_a_conflict(begin: BeginUnitOfWork) -> None:
    await save(begin)
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.reservations.save_synced([a_stay(), a_stay(id=ReservationId("another"))])


async def test_stays_are_found_by_room_and_by_confirmation_number(begin: BeginUnitOfWork) -> None:
    here = a_stay("R-1", room_number="204", arrival=-1, departure=2)
    booked = a_stay("R-2", room_number=None, confirmation_number="JH77", arrival=9, departure=12)
    left = a_stay("R-3", room_number="204", arrival=-9, departure=-5)
    await save(begin, here, booked, left)
    async with begin() as uow:
        assert await uow.reservations.with_code(HARBOUR, ["204", "205"], days(-2), 9) == (here,)
        assert await uow.reservations.with_code(HARBOUR, ["JH77"], days(-2), 9) == (booked,)
        assert set(await uow.reservations.with_code(HARBOUR, ["204"], days(-5), 9)) == {here, left}
        assert len(await uow.reservations.with_code(HARBOUR, ["204"], days(-5), 1)) == 1
        assert await uow.reservations.with_code(GARDEN, ["204"], days(-9), 9) == ()
        assert await uow.reservations.with_code(HARBOUR, [], days(-9), 9) == ()


async def test_the_stays_of_a_guest_are_own_and_shared_ones_by_arrival(begin: BeginUnitOfWork) -> None:
    later, sooner = a_stay("R-2", arrival=5, departure=7), a_stay("R-3", arrival=1, departure=2)
    with_bruno = a_stay("R-4", guest="bruno", arrival=3, departure=4, companions=(a_companion("anna"),))
    ended = a_stay("R-5", arrival=-9, departure=-3)
    of_carla = a_stay("R-6", guest="carla", arrival=2, departure=3)
    gone = a_stay("R-7", arrival=1, departure=2, gone_at=NOW)
    await save(begin, later, sooner, with_bruno, ended, of_carla, gone)
    async with begin() as uow:
        anna = a_guest().id
        assert await uow.reservations.of_guests(HARBOUR, [anna], days(-2)) == (sooner, gone, with_bruno, later)
        assert await uow.reservations.of_guests(HARBOUR, [anna], days(-3)) == (ended, sooner, gone, with_bruno, later)
        both = await uow.reservations.of_guests(HARBOUR, [anna, GuestId("guest-carla")], days(3))
        assert both == (of_carla, with_bruno, later)
        assert await uow.reservations.of_guests(GARDEN, [anna], days(-99)) == ()
        assert await uow.reservations.of_guests(HARBOUR, [], days(-99)) == ()


async def test_references_of_a_period_share_a_day_with_it_and_are_not_gone(begin: BeginUnitOfWork) -> None:
    await save(
        begin,
        a_stay("ends-first-day", arrival=-9, departure=0),
        a_stay("starts-last-day", arrival=4, departure=9),
        a_stay("around", arrival=-5, departure=9),
        a_stay("before", arrival=-5, departure=-1),
        a_stay("after", arrival=5, departure=6),
        a_stay("gone", arrival=1, departure=2, gone_at=NOW),
        a_stay("cancelled", arrival=1, departure=2, status=ReservationStatus.CANCELLED),
        a_stay("elsewhere", arrival=1, departure=2, hotel_id=GARDEN, guest="garden"),
    )
    async with begin() as uow:
        period = a_period(0, 4)
        found = [ref.key async for ref in uow.reservations.refs_in(HARBOUR, period)]
        assert sorted(found) == ["around", "cancelled", "ends-first-day", "starts-last-day"]
        assert await uow.reservations.count_in(HARBOUR, period) == 4


async def test_thousands_of_references_are_streamed_once_each_while_they_are_marked(begin: BeginUnitOfWork) -> None:
    await save(begin, *(a_stay(f"S-{n}", arrival=n % 7, departure=n % 7 + 1) for n in range(2500)))
    async with begin() as uow:
        seen = []
        async for ref in uow.reservations.refs_in(HARBOUR, a_period(0, 30)):
            seen.append(ref)
            if len(seen) % 500 == 0:
                assert await uow.reservations.mark_gone(HARBOUR, seen[-500:], NOW) == 500
        assert len(set(seen)) == len(seen) == 2500
        assert await uow.reservations.count_in(HARBOUR, a_period(0, 30)) == 0


async def test_what_is_gone_keeps_the_instant_of_the_first_time(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH, a_stay("R-2"))
    async with begin() as uow:
        assert await uow.reservations.mark_gone(HARBOUR, [a_ref("R-1"), a_ref("R-9")], NOW) == 1
        later = NOW + timedelta(hours=1)
        assert await uow.reservations.mark_gone(HARBOUR, [a_ref("R-1"), a_ref("R-2")], later) == 1
        assert await uow.reservations.mark_gone(GARDEN, [a_ref("R-1")], later) == 0
        assert await uow.reservations.get(HARBOUR, RICH.id) == replace(RICH, gone_at=NOW)


async def test_what_only_another_system_told_of_is_left_behind(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH, a_stay("R-2"))
    async with begin() as uow:
        assert await uow.reservations.leave_behind(HARBOUR, RICH.ref.system, NOW) == 0
        assert await uow.reservations.leave_behind(GARDEN, "another", NOW) == 0
        assert await uow.reservations.leave_behind(HARBOUR, "another", NOW) == 2
        assert await uow.reservations.leave_behind(HARBOUR, "another", NOW) == 0
        assert await uow.reservations.get(HARBOUR, RICH.id) == replace(RICH, gone_at=NOW)


async def test_doubt_keeps_the_last_good_facts(begin: BeginUnitOfWork) -> None:
    await save(begin, RICH)
    async with begin() as uow:
        assert await uow.reservations.mark_doubtful(HARBOUR, a_ref("R-1"), "unknown state")
        assert not await uow.reservations.mark_doubtful(HARBOUR, a_ref("R-9"), "unknown state")
        assert await uow.reservations.get(HARBOUR, RICH.id) == replace(RICH, doubt="unknown state")


async def test_the_rooms_of_a_hotel_are_those_of_the_last_board(begin: BeginUnitOfWork) -> None:
    elsewhere = a_room("204", hotel_id=GARDEN)
    unknown = a_room("9", room_type=None, occupancy=None, housekeeping=None)
    async with begin() as uow:
        await uow.rooms.replace_all(GARDEN, [elsewhere])
        await uow.rooms.replace_all(HARBOUR, [a_room("204"), a_room("10"), unknown])
        assert await uow.rooms.of_hotel(HARBOUR) == (a_room("10"), a_room("204"), unknown)
        dirty = a_room("204", housekeeping=Housekeeping.DIRTY, occupancy=Occupancy.VACANT)
        await uow.rooms.replace_all(HARBOUR, [dirty, unknown, a_room("305")])
        assert await uow.rooms.of_hotel(HARBOUR) == (dirty, a_room("305"), unknown)
        await uow.rooms.replace_all(HARBOUR, [])
        assert await uow.rooms.of_hotel(HARBOUR) == ()
        assert await uow.rooms.of_hotel(GARDEN) == (elsewhere,)


async def test_an_unchanged_room_keeps_its_row(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.rooms.replace_all(HARBOUR, [a_room("204", synced_at=NOW)])
        await uow.rooms.replace_all(HARBOUR, [a_room("204", synced_at=NOW + timedelta(hours=1))])
        assert [room.synced_at for room in await uow.rooms.of_hotel(HARBOUR)] == [NOW]


async def test_stays_under_a_number_are_those_of_the_system_that_are_not_gone(begin: BeginUnitOfWork) -> None:
    one = a_stay("R-1", confirmation_number="B-1")
    two = a_stay("R-2", confirmation_number="B-2")
    elsewhere = a_stay("R-3", confirmation_number="B-1", hotel_id=GARDEN, guest="garden")
    other_system = a_stay("R-4", confirmation_number="B-1", ref=a_ref("R-4", system="mews"))
    gone = a_stay("R-5", confirmation_number="B-1", gone_at=NOW)
    await save(begin, one, two, elsewhere, other_system, gone)
    async with begin() as uow:
        assert await uow.reservations.refs_under(HARBOUR, one.ref.system, ["B-1", "B-9"]) == (one.ref,)
        assert set(await uow.reservations.refs_under(HARBOUR, one.ref.system, ["B-1", "B-2"])) == {one.ref, two.ref}
        assert await uow.reservations.refs_under(HARBOUR, one.ref.system, []) == ()

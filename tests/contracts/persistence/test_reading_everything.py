"""What every store keeps of a reading of everything: the marks of what was met, and what happened to stays."""

from dataclasses import replace
from datetime import timedelta

from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import HotelId
from jack.domain.reservation import Reservation, ReservationStatus
from jack.domain.snapshot import ROOM, RejectedRecord
from jack.domain.stay_events import StayEvent, events_between
from tests.hotel import HARBOUR, NOW, SYSTEM, a_guest, a_period, a_ref, a_stay

GARDEN = HotelId("garden")


async def save(begin: BeginUnitOfWork, *stays: Reservation) -> None:
    async with begin() as uow:
        await uow.guests.save_synced([a_guest(), a_guest("garden", hotel_id=GARDEN)])
        await uow.reservations.save_synced(stays)
        await uow.commit()


async def test_missing_is_what_is_held_in_the_period_and_was_not_met(begin: BeginUnitOfWork) -> None:
    await save(
        begin,
        a_stay("met"),
        a_stay("missing"),
        a_stay("gone", gone_at=NOW),
        a_stay("elsewhen", arrival=50, departure=52),
        a_stay("other", ref=a_ref("other", system="mews")),
        a_stay("elsewhere", hotel_id=GARDEN, guest="garden"),
    )
    period = a_period(-5, 5)
    async with begin() as uow:
        await uow.seen_stays.add(HARBOUR, [a_ref("met"), a_ref("unheard-of")])
        await uow.seen_stays.add(HARBOUR, [a_ref("met")])
        await uow.seen_stays.add(HARBOUR, [])
        await uow.seen_stays.add(GARDEN, [a_ref("missing")])
        assert await uow.seen_stays.count_missing(HARBOUR, SYSTEM, period) == 1
        assert await uow.seen_stays.missing(HARBOUR, SYSTEM, period, 9) == (a_ref("missing"),)
        await uow.seen_stays.forget(HARBOUR)
        assert await uow.seen_stays.count_missing(HARBOUR, SYSTEM, period) == 2
        assert len(await uow.seen_stays.missing(HARBOUR, SYSTEM, period, 1)) == 1
        assert await uow.seen_stays.count_missing(GARDEN, SYSTEM, period) == 1


async def test_what_happened_comes_back_whole_and_oldest_first(begin: BeginUnitOfWork) -> None:
    before = a_stay(room_number="204", status=ReservationStatus.CONFIRMED)
    moved = replace(before, room_number="305", modified_at=NOW)
    left = replace(moved, status=ReservationStatus.CHECKED_OUT)
    first: tuple[StayEvent, ...] = events_between(before, moved, NOW)
    second = events_between(moved, left, NOW + timedelta(hours=1))
    async with begin() as uow:
        await uow.stay_events.add(second)
        await uow.stay_events.add(first)
        await uow.stay_events.add(())
        await uow.commit()
    async with begin() as uow:
        assert await uow.stay_events.of_stays(HARBOUR, [before.id]) == (*first, *second)
        assert await uow.stay_events.of_stays(GARDEN, [before.id]) == ()
        assert await uow.stay_events.of_stays(HARBOUR, []) == ()


async def test_bad_rooms_are_exactly_those_of_the_last_reading_and_never_tried_by_themselves(
    begin: BeginUnitOfWork,
) -> None:
    def bad(kind: str, key: str) -> RejectedRecord:
        return RejectedRecord(kind=kind, ref=a_ref(key), reason="odd", raw="{}")

    later = NOW + timedelta(days=1)
    async with begin() as uow:
        await uow.sync.reject(HARBOUR, [bad("reservation", "R-1")], NOW)
        await uow.sync.reject_only(HARBOUR, ROOM, [bad(ROOM, "101"), bad(ROOM, "102")], NOW)
        await uow.sync.reject_only(GARDEN, ROOM, [bad(ROOM, "7")], NOW)
        await uow.sync.reject_only(HARBOUR, ROOM, [], NOW)
        assert await uow.sync.rejected_refs(HARBOUR, later, 9) == (a_ref("R-1"),)
        assert await uow.sync.rejected_refs(GARDEN, later, 9) == ()

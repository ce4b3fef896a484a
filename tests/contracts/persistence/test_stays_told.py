"""What staff see of what happened to stays, and of whom a guest may be, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.stays_views import SqlStaysViews
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.domain.guest import Guest
from jack.domain.ids import HotelId
from jack.domain.reservation import Reservation, ReservationStatus
from jack.domain.stay_events import events_between
from tests.hotel import ANNA_PHONE, NOW, a_companion, a_guest, a_phone, a_stay, an_email

GARDEN = HotelId("garden")


@pytest.fixture
def views(database: Database) -> SqlStaysViews:
    return SqlStaysViews(database)


async def save(database: Database, *things: Guest | Reservation) -> None:
    async with BeginSqlUnitOfWork(database)() as uow:
        await uow.guests.save_synced([thing for thing in things if isinstance(thing, Guest)])
        await uow.reservations.save_synced([thing for thing in things if isinstance(thing, Reservation)])
        await uow.commit()


async def test_what_happened_to_own_and_shared_stays_is_told_oldest_first(
    database: Database, views: SqlStaysViews
) -> None:
    own = a_stay("R-1", status=ReservationStatus.CONFIRMED)
    shared = a_stay("R-2", guest="bruno", companions=(a_companion("anna"),), room_number="204")
    strange = a_stay("R-3", guest="bruno", room_number="204")
    await save(database, a_guest(), a_guest("bruno"), own, shared, strange)
    async with BeginSqlUnitOfWork(database)() as uow:
        later = NOW + timedelta(hours=1)
        await uow.stay_events.add(events_between(shared, replace(shared, room_number="305"), later))
        await uow.stay_events.add(events_between(strange, replace(strange, room_number="306"), later))
        await uow.stay_events.add(events_between(own, replace(own, status=ReservationStatus.CHECKED_IN), NOW))
        await uow.commit()
    told = await views.stay_events(a_guest().id)
    assert [(event.kind, event.reservation_id) for event in told] == [("checked_in", own.id), ("room_moved", shared.id)]
    assert (told[1].before, told[1].after) == ({"room_number": "204"}, {"room_number": "305"})
    assert told[0].confirmation_number == own.confirmation_number
    assert [e.kind for e in await views.stay_events(a_guest().id, since=NOW + timedelta(minutes=1))] == ["room_moved"]
    assert [e.kind for e in await views.stay_events(a_guest().id, limit=1)] == ["room_moved"]
    assert await views.stay_events("nobody") == ()


async def test_the_same_name_and_a_contact_in_common_is_suggested_and_nothing_less(
    database: Database, views: SqlStaysViews
) -> None:
    anna = a_guest("anna", contact_points=(a_phone(), an_email()))
    both = a_guest("both", first_name="ANNA", last_name=anna.last_name, contact_points=(a_phone(), an_email()))
    phone = a_guest("phone", first_name="Ànna", last_name=anna.last_name, contact_points=(a_phone(),))
    wife = a_guest("wife", first_name="Bea", last_name=anna.last_name, contact_points=(a_phone(),))
    namesake = a_guest("namesake", first_name="Anna", last_name=anna.last_name, contact_points=())
    unread = a_guest(
        "unread",
        first_name="Anna",
        last_name=anna.last_name,
        contact_points=(a_phone(ANNA_PHONE, readable=False),),
    )
    elsewhere = a_guest(
        "elsewhere", hotel_id=GARDEN, first_name="Anna", last_name=anna.last_name, contact_points=(a_phone(),)
    )
    await save(database, anna, both, phone, wife, namesake, unread, elsewhere)
    found = await views.same_person_suggestions(anna.id)
    assert {(one.guest_id, frozenset(one.same)) for one in found} == {
        (both.id, frozenset({"name", "phone", "email"})),
        (phone.id, frozenset({"name", "phone"})),
    }
    assert await views.same_person_suggestions(namesake.id) == ()

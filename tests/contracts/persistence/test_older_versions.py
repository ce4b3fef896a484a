"""What every store does when an older version comes after a newer one, and when two apply at the same time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.application.stays.apply import apply_snapshots
from jack.domain.contact import ContactKind
from jack.domain.snapshot import ReservationSnapshot
from tests.hotel import (
    ANNA_EMAIL,
    HARBOUR,
    NOW,
    a_companion,
    a_guest,
    a_guest_snapshot,
    a_hotel,
    a_ref,
    a_reservation_snapshot,
    a_stay,
    an_email,
    days,
)

EARLIER, LATER = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
NEW_GUEST = a_guest(last_name="Souza", contact_points=(an_email("new@example.com"),), modified_at=LATER)
NEW_STAY = a_stay(room_number="310", companions=(a_companion(),), modified_at=LATER)


async def save_new(begin: BeginUnitOfWork) -> None:
    """Commit the newer versions."""
    async with begin() as uow:
        await uow.guests.save_synced([NEW_GUEST, a_guest("bruno")])
        await uow.reservations.save_synced([NEW_STAY])
        await uow.commit()


async def test_an_older_version_does_not_replace_a_newer_one(begin: BeginUnitOfWork) -> None:
    await save_new(begin)
    async with begin() as uow:
        await uow.guests.save_synced([a_guest(modified_at=EARLIER), a_guest("carla")])
        await uow.reservations.save_synced([a_stay(modified_at=EARLIER), a_stay("R-2")])
        await uow.commit()
    async with begin() as uow:
        assert await uow.guests.get(HARBOUR, NEW_GUEST.id) == NEW_GUEST
        assert await uow.guests.by_contact(HARBOUR, ContactKind.EMAIL, [ANNA_EMAIL], 9) == ()
        assert await uow.guests.by_contact(HARBOUR, ContactKind.EMAIL, ["new@example.com"], 9) == (NEW_GUEST,)
        assert await uow.reservations.of_guests(HARBOUR, [a_guest("bruno").id], days(-99)) == (NEW_STAY,)
        found = await uow.reservations.by_refs(HARBOUR, [a_ref("R-1"), a_ref("R-2")])
        assert found == {a_ref("R-1"): NEW_STAY, a_ref("R-2"): a_stay("R-2")}


@pytest.mark.parametrize("modified_at", [LATER, NOW, None])
async def test_a_version_that_is_not_older_replaces(begin: BeginUnitOfWork, modified_at: object) -> None:
    await save_new(begin)
    guest, stay = replace(a_guest(), modified_at=modified_at), replace(a_stay(), modified_at=modified_at)  # type: ignore[arg-type]
    async with begin() as uow:
        await uow.guests.save_synced([guest])
        await uow.reservations.save_synced([stay])
        assert await uow.guests.get(HARBOUR, guest.id) == guest
        assert await uow.reservations.get(HARBOUR, stay.id) == stay
        assert await uow.reservations.of_guests(HARBOUR, [a_guest("bruno").id], days(-99)) == ()


async def test_an_older_version_replaces_when_it_is_told_to(begin: BeginUnitOfWork) -> None:
    await save_new(begin)
    guest, stay = a_guest(modified_at=EARLIER), a_stay(modified_at=EARLIER)
    async with begin() as uow:
        await uow.guests.save_synced([guest], overwrite=True)
        await uow.reservations.save_synced([stay], overwrite=True)
        assert await uow.guests.get(HARBOUR, guest.id) == guest
        assert await uow.guests.by_contact(HARBOUR, ContactKind.EMAIL, [ANNA_EMAIL], 9) == (guest,)
        assert await uow.reservations.get(HARBOUR, stay.id) == stay
        assert await uow.reservations.of_guests(HARBOUR, [a_guest("bruno").id], days(-99)) == ()


async def apply(begin: BeginUnitOfWork, snapshot: ReservationSnapshot) -> None:
    """Make this snapshot Jack's own."""
    async with begin() as uow:
        await apply_snapshots(uow, a_hotel(), (snapshot,), (), LibPhoneReader(), NOW)
        await uow.commit()


@pytest.mark.parametrize("has_versions", [True, False])
async def test_who_compares_later_sees_what_the_other_stored(postgres_url: str, has_versions: bool) -> None:
    # only here: in memory and on SQLite units of work run one after another
    database = open_database(postgres_url)
    begin = BeginSqlUnitOfWork(database)

    def version(room: str, age: timedelta) -> ReservationSnapshot:
        at = NOW - age if has_versions else None
        return a_reservation_snapshot(room_number=room, modified_at=at, guest=a_guest_snapshot(modified_at=at))

    await apply(begin, version("204", timedelta(hours=3)))
    async with begin() as page:
        await page.reservations.alone(HARBOUR)
        other = asyncio.create_task(apply(begin, version("310", timedelta(hours=1))))
        async with database.reading() as watching:
            while not other.done() and not await _somebody_waits(watching):
                pass
        older = version("205", timedelta(hours=2))
        await apply_snapshots(page, a_hotel(), (older,), (), LibPhoneReader(), NOW)
        await page.commit()
    await other
    async with begin() as uow:
        found = await uow.reservations.by_refs(HARBOUR, [a_ref("R-1")])
    assert [stay.room_number for stay in found.values()] == ["310"]
    await database.aclose()


async def _somebody_waits(connection: SqlConnection) -> bool:
    found = await connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
    return bool(found.scalar_one())

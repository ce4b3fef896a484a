"""What the PMS tells again unchanged writes no row, and what it tells changed is never taken for unchanged."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.application.stays.apply import apply_snapshots
from jack.domain.snapshot import ReservationSnapshot
from jack.domain.sync import SyncCounts
from tests.hotel import HARBOUR, NOW, a_guest_snapshot, a_hotel, a_ref, a_reservation_snapshot

STAYS = tuple(
    a_reservation_snapshot(
        f"R-{number}",
        guest=a_guest_snapshot(f"guest{number}", phones=(f"+35191234{number:04}",)),
        companions=(a_guest_snapshot(f"friend{number}"),) if number % 3 == 0 else (),
    )
    for number in range(30)
)


async def apply(begin: BeginUnitOfWork, *snapshots: ReservationSnapshot, region: str = "PT") -> SyncCounts:
    """One page."""
    async with begin() as uow:
        counts = await apply_snapshots(uow, a_hotel(phone_region=region), snapshots, (), LibPhoneReader(), NOW)
        await uow.commit()
    return counts


COUNTED = ("guests", "guest_contacts", "guest_refs", "reservations", "reservation_companions", "stay_events")


async def count_writes(database: Database) -> None:
    """Let the database count every row that is written into these tables from now on."""
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE written (name TEXT)"))
        if database.dialect == "postgresql":
            function = "BEGIN INSERT INTO written VALUES (TG_TABLE_NAME); RETURN NULL; END"
            await connection.execute(
                text(f"CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $body$ {function} $body$")
            )
        for name in COUNTED:
            for what in ("INSERT", "UPDATE", "DELETE"):
                does = (
                    "EXECUTE FUNCTION note()"
                    if database.dialect == "postgresql"
                    else f"BEGIN INSERT INTO written VALUES ('{name}'); END"
                )
                trigger = f"CREATE TRIGGER watch_{name}_{what} AFTER {what} ON {name} FOR EACH ROW {does}"
                await connection.execute(text(trigger))
        await connection.commit()


async def written(database: Database) -> int:
    """How many rows were written."""
    async with database.reading() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM written"))).scalar_one())


@pytest.fixture
async def watched(database: Database) -> AsyncIterator[Database]:
    """A database that holds the stays, counts what is written, and is left as others expect it."""
    await apply(BeginSqlUnitOfWork(database), *STAYS)
    await count_writes(database)
    yield database
    async with database.writing() as connection:
        for name in COUNTED:
            for what in ("INSERT", "UPDATE", "DELETE"):
                on = f" ON {name}" if database.dialect == "postgresql" else ""
                await connection.execute(text(f"DROP TRIGGER watch_{name}_{what}{on}"))
        if database.dialect == "postgresql":
            await connection.execute(text("DROP FUNCTION note"))
        await connection.execute(text("DROP TABLE written"))
        await connection.commit()


async def test_what_is_told_again_unchanged_writes_no_row(watched: Database) -> None:
    counts = await apply(BeginSqlUnitOfWork(watched), *STAYS)
    assert counts == SyncCounts(unchanged=len(STAYS))
    assert await written(watched) == 0


async def test_only_what_changed_is_written(watched: Database) -> None:
    moved = replace(STAYS[3], room_number="9")
    counts = await apply(BeginSqlUnitOfWork(watched), *STAYS[:3], moved, *STAYS[4:])
    assert counts == SyncCounts(updated=1, unchanged=len(STAYS) - 1)
    assert 1 <= await written(watched) <= 2  # the stay, and that it moved


async def test_a_guest_whose_facts_change_is_written_although_the_stay_is_the_same(begin: BeginUnitOfWork) -> None:
    await apply(begin, *STAYS)
    renamed = replace(STAYS[0], guest=replace(STAYS[0].guest, last_name="Souza"))
    counts = await apply(begin, renamed)
    assert counts == SyncCounts(unchanged=1)
    async with begin() as uow:
        known = await uow.guests.by_refs(HARBOUR, [a_ref("guest0")])
        assert [guest.last_name for guest in known.values()] == ["Souza"]


async def test_what_was_told_before_the_last_change_is_noticed_when_it_is_told_again(begin: BeginUnitOfWork) -> None:
    old, new = STAYS[0], replace(STAYS[0], room_number="9")
    for told in (old, new, old):
        await apply(begin, told)
        async with begin() as uow:
            held = await uow.reservations.by_refs(HARBOUR, [old.ref])
            assert held[old.ref].room_number == told.room_number


async def test_a_stay_that_is_back_or_readable_again_is_no_longer_gone_or_in_doubt(begin: BeginUnitOfWork) -> None:
    stay = STAYS[0]
    await apply(begin, stay)
    async with begin() as uow:
        await uow.reservations.mark_gone(HARBOUR, [stay.ref], NOW)
        await uow.reservations.mark_doubtful(HARBOUR, stay.ref, "unreadable")
        await uow.commit()
    assert await apply(begin, stay) == SyncCounts(updated=1)
    async with begin() as uow:
        held = (await uow.reservations.by_refs(HARBOUR, [stay.ref]))[stay.ref]
        assert (held.gone_at, held.doubt) == (None, None)


async def test_phones_are_read_again_when_the_hotel_has_another_phone_region(begin: BeginUnitOfWork) -> None:
    stay = a_reservation_snapshot(guest=a_guest_snapshot(phones=("912 345 678",), country=None))
    await apply(begin, stay, region="DE")
    await apply(begin, stay, region="PT")
    async with begin() as uow:
        known = await uow.guests.by_refs(HARBOUR, [a_ref("anna")])
        assert "+351912345678" in [point.value for guest in known.values() for point in guest.contact_points]

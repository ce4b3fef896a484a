"""A hotel that has used Jack since the first tables keeps what it has when tables change, and when they change back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from jack.adapters.persistence import tables
from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.migrate import downgrade, upgrade
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.ports.channels import Delivery
from jack.domain.contact import ContactKind, PhoneNumber
from jack.domain.ids import SyncRunId
from jack.domain.match import Level, Match, MatchOutcome
from jack.domain.sync import SyncCounts, SyncCursor, SyncKind, SyncRun, SyncState, SyncStatus
from tests.hotel import (
    ANNA_EMAIL,
    ANNA_PHONE,
    HARBOUR,
    NOW,
    SYSTEM,
    TODAY,
    a_conversation,
    a_guest,
    a_message,
    a_preference,
    a_ref,
    a_room,
    a_stay,
)

FIRST = "0001"
"""The revision that hotels have installed."""

YESTERDAY, A_MINUTE_AGO = NOW - timedelta(days=1), NOW - timedelta(minutes=1)
ACCOUNT, BODY = "106540352242922", b'{"entry": []}'

HELD: dict[str, list[dict[str, Any]]] = {
    "guests": [
        {
            "id": "guest-anna",
            "hotel_id": HARBOUR,
            "pms_system": SYSTEM,
            "pms_key": "anna",
            "first_name": "Anna",
            "last_name": "Silva",
            "name_key": "silva\tanna",
            "language": "en",
            "country": "PT",
            "vip": False,
            "contact_points": json.dumps(
                [["phone", ANNA_PHONE, True, False, False], ["email", ANNA_EMAIL, True, False, False]]
            ),
            "preferences": json.dumps([["preference-pillow-feather", "pillow", "feather", YESTERDAY.isoformat()]]),
            "further_refs": "[]",
            "modified_at": YESTERDAY,
            "synced_at": A_MINUTE_AGO,
        }
    ],
    "guest_contacts": [
        {"hotel_id": HARBOUR, "kind": kind, "value": value, "guest_id": "guest-anna", "readable": True}
        for kind, value in (("phone", ANNA_PHONE), ("email", ANNA_EMAIL))
    ],
    "reservations": [
        {
            "id": "reservation-R-1",
            "hotel_id": HARBOUR,
            "guest_id": "guest-anna",
            "pms_system": SYSTEM,
            "pms_key": "R-1",
            "confirmation_number": "CN-R-1",
            "status": "checked_in",
            "arrival": TODAY - timedelta(days=1),
            "departure": TODAY + timedelta(days=2),
            "room_number": "204",
            "room_type": "Deluxe Sea View",
            "adults": 1,
            "children": 0,
            "special_requests": "[]",
            "companions": "[]",
            "modified_at": NOW - timedelta(hours=2),
            "synced_at": A_MINUTE_AGO,
        }
    ],
    "rooms": [
        {
            "hotel_id": HARBOUR,
            "number": "204",
            "room_type": "Deluxe Sea View",
            "occupancy": "occupied",
            "housekeeping": "clean",
            "synced_at": A_MINUTE_AGO,
        }
    ],
    "sync_states": [{"hotel_id": HARBOUR, "cursor_at": A_MINUTE_AGO, "last_success_at": NOW}],
    "sync_runs": [
        {
            "id": "run-1",
            "hotel_id": HARBOUR,
            "kind": "changes",
            "started_at": NOW,
            "status": "running",
            "created": 1,
            "updated": 2,
            "unchanged": 3,
            "rejected": 0,
            "gone": 0,
        }
    ],
    "conversations": [
        {
            "id": "conversation-c-1",
            "hotel_id": HARBOUR,
            "channel": "whatsapp",
            "account": ACCOUNT,
            "address": ANNA_PHONE.removeprefix("+"),
            "created_at": NOW,
            "phone": ANNA_PHONE,
            "display_name": "Anna",
            "held_by": "jack",
            "state": "open",
            "needs_attention": False,
            "match_outcome": "matched",
            "match_level": "contact",
            "match_evidence": '["phone"]',
            "guest_id": "guest-anna",
            "reservation_id": "reservation-R-1",
            "match_by_staff": False,
            "unread": 1,
            "listed_at": NOW,
            "attempts": 0,
            "version": 4,
        }
    ],
    "messages": [
        {
            "id": "message-m-1",
            "hotel_id": HARBOUR,
            "conversation_id": "conversation-c-1",
            "channel": "whatsapp",
            "account": ACCOUNT,
            "direction": "inbound",
            "author_kind": "guest",
            "author_name": "Anna",
            "type": "text",
            "text": "Hello",
            "media": "[]",
            "status": "received",
            "sent_at": NOW,
            "created_at": NOW,
            "provider_id": "wamid.1",
            "attempts": 0,
            "told_level": "public",
        }
    ],
    "inbox_deliveries": [
        {
            "id": "delivery-1",
            "channel": "whatsapp",
            "accounts": json.dumps([ACCOUNT]),
            "body": BODY,
            "received_at": NOW,
        }
    ],
}
"""Rows as the first tables hold them; what is not named is NULL."""


@pytest.fixture(params=["sqlite", "postgresql"])
def first_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind that has the first tables, empty."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path}/first.db"
    else:
        url = request.getfixturevalue("postgres_url")
        downgrade(url, "base")
    upgrade(url, FIRST)
    return url


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        await database.aclose()


async def _fill(url: str) -> None:
    async with _opened(url) as database, database.writing() as connection:
        for name, rows in HELD.items():
            for row in rows:
                # only what is given is named, so that the columns of today's tables are not
                await connection.execute(tables.metadata.tables[name].insert().values(row))
        await connection.commit()


async def _all_held(url: str) -> dict[str, set[str]]:
    """Every row of the tables in `HELD`, in words, with the columns that are given there."""
    held = {}
    async with _opened(url) as database, database.reading() as connection:
        for name, rows in HELD.items():
            columns = tables.metadata.tables[name].c
            found = await connection.execute(select(*(columns[column] for column in rows[0])))
            held[name] = {repr(row) for row in found}
    return held


async def test_nothing_that_a_hotel_holds_is_lost_or_changed(first_url: str) -> None:
    await _fill(first_url)
    await asyncio.to_thread(upgrade, first_url)

    async with _opened(first_url) as database, BeginSqlUnitOfWork(database)() as uow:
        guest, stay = a_guest(preferences=(a_preference(noted_at=YESTERDAY),)), a_stay()
        assert await uow.guests.by_refs(HARBOUR, [a_ref("anna")]) == {a_ref("anna"): guest}
        assert await uow.guests.by_contact(HARBOUR, ContactKind.EMAIL, [ANNA_EMAIL], 9) == (guest,)
        assert await uow.reservations.by_refs(HARBOUR, [stay.ref]) == {stay.ref: stay}
        assert await uow.rooms.of_hotel(HARBOUR) == (a_room(),)
        conversation = a_conversation(
            phone=PhoneNumber(e164=ANNA_PHONE),
            match=Match(
                outcome=MatchOutcome.MATCHED,
                level=Level.CONTACT,
                evidence=("phone",),
                guest_id=guest.id,
                reservation_id=stay.id,
            ),
            unread=1,
            version=4,
        )
        assert await uow.conversations.get(conversation.id) == conversation
        assert await uow.messages.unanswered(conversation.id) == (a_message(provider_id="wamid.1"),)
        delivery = Delivery(id="delivery-1", channel="whatsapp", accounts=(ACCOUNT,), body=BODY, received_at=NOW)
        assert await uow.inbox.waiting(9) == (delivery,)


async def test_a_hotel_that_was_synced_goes_on_from_its_cursor(first_url: str) -> None:
    await _fill(first_url)
    await asyncio.to_thread(upgrade, first_url)

    async with _opened(first_url) as database, BeginSqlUnitOfWork(database)() as uow:
        state = SyncState(hotel_id=HARBOUR, cursor=SyncCursor(at=A_MINUTE_AGO), last_success_at=NOW)
        assert await uow.sync.state(HARBOUR) == state
        assert await uow.sync.running(HARBOUR) == (
            SyncRun(
                id=SyncRunId("run-1"),
                hotel_id=HARBOUR,
                kind=SyncKind.CHANGES,
                started_at=NOW,
                status=SyncStatus.RUNNING,
                counts=SyncCounts(created=1, updated=2, unchanged=3),
            ),
        )


async def test_what_was_there_has_no_fingerprint_until_it_is_written_again(first_url: str) -> None:
    await _fill(first_url)
    await asyncio.to_thread(upgrade, first_url)

    async with _opened(first_url) as database, BeginSqlUnitOfWork(database)() as uow:
        guest, stay = a_guest(), a_stay()
        assert await uow.guests.fingerprints(HARBOUR, [a_ref("anna")]) == {a_ref("anna"): (guest.id, None)}
        assert await uow.reservations.fingerprints(HARBOUR, [stay.ref]) == {stay.ref: None}
        await uow.guests.save_synced([guest], fingerprints={guest.id: "anna1"})
        await uow.reservations.save_synced([stay], fingerprints={stay.id: "stay1"})
        assert await uow.guests.fingerprints(HARBOUR, [a_ref("anna")]) == {a_ref("anna"): (guest.id, "anna1")}
        assert await uow.reservations.fingerprints(HARBOUR, [stay.ref]) == {stay.ref: "stay1"}


async def test_going_back_keeps_what_the_first_tables_can_hold(first_url: str) -> None:
    await _fill(first_url)
    before = await _all_held(first_url)
    await asyncio.to_thread(upgrade, first_url)
    await _add_contact(first_url, "guest-nobody")
    await asyncio.to_thread(downgrade, first_url, FIRST)

    assert await _all_held(first_url) == before


async def test_contacts_lose_their_foreign_key_and_get_it_back(first_url: str) -> None:
    with pytest.raises(IntegrityError):
        await _add_contact(first_url, "guest-nobody")
    await asyncio.to_thread(upgrade, first_url)
    await _add_contact(first_url, "guest-nobody")
    await asyncio.to_thread(downgrade, first_url, FIRST)
    with pytest.raises(IntegrityError):
        await _add_contact(first_url, "guest-nobody")


async def _add_contact(url: str, guest_id: str) -> None:
    row = {"hotel_id": HARBOUR, "kind": "email", "value": "nobody@example.com", "readable": True}
    async with _opened(url) as database, database.write_engine.begin() as connection:
        await connection.execute(tables.guest_contacts.insert().values(guest_id=guest_id, **row))

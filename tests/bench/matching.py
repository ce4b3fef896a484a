"""How long it takes to find out who is writing, with a million guests and reservations in the database.

`python -m tests.bench.matching URL STORED` fills an empty database with SQL alone, asks through the real story and
prints one JSON line: the median and the 99th percentile in ms of each question.
"""

import asyncio
import json
import random
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace

import asyncpg
import uvloop
from sqlalchemy import make_url

from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.unit_of_work import BeginSqlReading
from jack.adapters.phones import LibPhoneReader
from jack.application.ports.unit_of_work import UnitOfWork
from jack.application.stays.match import match_guest
from jack.domain.contact import PhoneNumber
from jack.domain.match import MatchOutcome
from tests.hotel import HARBOUR, NOW, TODAY, a_conversation, a_hotel

ASKED = 400
_SERIES = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :stored) SELECT i FROM n)",
    "postgresql": "generate_series(CAST(0 AS bigint), :stored - 1)",
}
_ARRIVAL = {
    "sqlite": "date('2026-03-01', '+' || (i % 500) || ' days')",
    "postgresql": "DATE '2026-03-01' + CAST(i % 500 AS int)",
}
_DEPARTURE = {"sqlite": _ARRIVAL["sqlite"][:-1] + ", '+3 days')", "postgresql": _ARRIVAL["postgresql"] + " + 3"}
_DIGITS = "substr(CAST(10000000 + i AS text), 2)"
_PHONE = "'+35191' || substr(CAST(10000000 + (i * 7919) % 10000000 AS text), 2)"
_WORDS = {
    "phone": dict.fromkeys(_SERIES, _PHONE),
    "arrival": _ARRIVAL,
    "departure": _DEPARTURE,
    "series": _SERIES,
}
_NAME = "'Silva-' || (i % 50000)"

_FILLING = (
    "INSERT INTO guests (id, hotel_id, pms_system, pms_key, first_name, last_name, name_key, language, country, vip,"
    " contact_points, preferences, further_refs)"
    f" SELECT 'g' || {_DIGITS}, 'harbour', 'mock', 'G-' || {_DIGITS}, 'Anna', {_NAME},"
    f" lower({_NAME}) || '\t' || 'anna', 'en', 'PT', false,"
    " '[[\"phone\",\"' || {phone} || '\",true,false,false]]', '[]', '[]' FROM {series} AS s(i)",
    "INSERT INTO guest_contacts (hotel_id, kind, value, guest_id, readable)"
    f" SELECT 'harbour', 'phone', {{phone}}, 'g' || {_DIGITS}, true FROM {{series}} AS s(i)",
    "INSERT INTO reservations (id, hotel_id, guest_id, pms_system, pms_key, confirmation_number, status, arrival,"
    " departure, room_number, adults, children, special_requests, companions)"
    f" SELECT 'r' || {_DIGITS}, 'harbour', 'g' || {_DIGITS}, 'mock', 'R-' || {_DIGITS}, 'CN' || (i * 7919) % 10000000,"
    " 'confirmed', {arrival}, {departure}, CAST(100 + i % 400 AS text), 2, 0, '[]', '[]' FROM {series} AS s(i)",
    "INSERT INTO reservation_companions (reservation_id, guest_id)"
    f" SELECT 'r' || {_DIGITS}, 'g' || substr(CAST(10000000 + (i * 31) % :stored AS text), 2) FROM {{series}} AS s(i)"
    " WHERE i % 10 = 0",
)


async def fill(url: str, stored: int) -> None:
    """So many guests with a phone each and a stay each, one stay in ten shared with somebody else."""
    address = make_url(url)
    dialect = address.get_backend_name()
    words = {
        "phone": _PHONE,
        "arrival": _ARRIVAL[dialect],
        "departure": _DEPARTURE[dialect],
        "series": _SERIES[dialect],
    }
    statements = []
    for statement in _FILLING:
        for word, meant in words.items():
            statement = statement.replace(f"{{{word}}}", meant)  # noqa: PLW2901
        statements.append(statement.replace(":stored", str(stored)))
    if dialect == "sqlite":
        with closing(sqlite3.connect(str(address.database))) as file:
            for statement in statements:
                file.execute(statement.replace(" AS s(i)", ""))
            file.commit()
            file.execute("ANALYZE")
        return
    server = await asyncpg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    for statement in [*statements, "VACUUM ANALYZE"]:
        await server.execute(statement)
    await server.close()


async def asked(database: Database, question: Callable[[UnitOfWork, int], Awaitable[None]], stored: int) -> list[float]:
    """Milliseconds of the question about anybody, each in a unit of work of its own, sorted."""
    begin, anybody, spent = BeginSqlReading(database), random.Random(7), []
    for _ in range(ASKED):
        number = anybody.randrange(stored)
        began = time.perf_counter()
        async with begin() as uow:
            await question(uow, number)
        spent.append((time.perf_counter() - began) * 1000)
    return sorted(spent)


async def main(url: str, stored: int) -> None:
    """Fill, ask, print."""
    await fill(url, stored)
    database = open_database(url)
    hotel, phones = a_hotel(), LibPhoneReader()

    async def sender(uow: UnitOfWork, number: int) -> None:
        phone = PhoneNumber(e164=f"+35191{number * 7919 % 10_000_000:07}")
        conversation = replace(a_conversation(), phone=phone, address=phone.e164[1:])
        finding = await match_guest(uow, conversation, hotel, phones, NOW)
        assert [guest.id for guest in finding.guests] == [f"g{number:07}"]
        assert finding.match.outcome in (MatchOutcome.MATCHED, MatchOutcome.AMBIGUOUS)

    async def booking(uow: UnitOfWork, number: int) -> None:
        await uow.reservations.with_code(
            HARBOUR, [f"CN{number * 7919 % 10_000_000}", str(100 + number % 400)], TODAY, 9
        )

    async def name(uow: UnitOfWork, number: int) -> None:
        assert await uow.guests.named(HARBOUR, [("Anna", f"Silva-{number % 50_000}")], 9)

    found = {}
    for question in (sender, booking, name):
        times = await asked(database, question, stored)
        found[question.__name__] = {"p50_ms": times[len(times) // 2], "p99_ms": times[int(len(times) * 0.99)]}
    await database.aclose()
    print(json.dumps(found))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2])))

"""What a PMS adapter must remember, in SQL: each call is a transaction of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.tables import pms_kept, pms_memory
from jack.adapters.persistence.upsert import upsert
from jack.application.ports.pms_notices import KeptNotice, PmsMemory
from jack.domain.ids import HotelId


@dataclass(frozen=True, slots=True)
class SqlPmsMemory(PmsMemory):
    """Plays PmsMemory for one hotel and the system that it has; another system's notes are not seen."""

    database: Database
    hotel_id: HotelId
    system: str

    async def recall(self, name: str) -> str | None:
        table = pms_memory.c
        mine = (table.hotel_id == self.hotel_id, table.system == self.system, table.name == name)
        async with self.database.reading() as connection:
            found = await connection.execute(select(table.value).where(*mine))
            value: str | None = found.scalar_one_or_none()
        return value

    async def note(self, name: str, value: str) -> None:
        row = {"hotel_id": self.hotel_id, "system": self.system, "name": name, "value": value}
        async with self.database.writing() as connection:
            await connection.execute(upsert(connection.dialect, pms_memory), row)
            await connection.commit()

    async def keep(self, bodies: Sequence[bytes]) -> None:
        rows = [{"hotel_id": self.hotel_id, "system": self.system, "body": body} for body in bodies]
        if not rows:
            return
        async with self.database.writing() as connection:
            await connection.execute_many(insert(pms_kept), rows)
            await connection.commit()

    async def kept(self, limit: int) -> tuple[KeptNotice, ...]:
        table = pms_kept.c
        mine = (table.hotel_id == self.hotel_id, table.system == self.system)
        async with self.database.reading() as connection:
            found = await connection.execute(select(table.id, table.body).where(*mine).order_by(table.id).limit(limit))
            return tuple(KeptNotice(id=row.id, body=row.body) for row in found)

    async def drop(self, ids: Sequence[int]) -> None:
        table = pms_kept.c
        mine = (table.hotel_id == self.hotel_id, table.system == self.system)
        async with self.database.writing() as connection:
            for start in range(0, len(ids), 500):
                await connection.execute(delete(pms_kept).where(*mine, table.id.in_(ids[start : start + 500])))
            await connection.commit()

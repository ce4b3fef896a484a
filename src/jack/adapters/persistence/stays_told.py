"""What staff see of what happened to a guest's stays, and of whom else that guest may be, in SQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, union

from jack.adapters.persistence.stay_events import event_from_row
from jack.adapters.persistence.sync_views import SqlSyncViews
from jack.adapters.persistence.tables import guest_contacts, guests, reservation_companions, reservations, stay_events
from jack.application.ports.stays_views import SamePersonView, StayEventView

MOST_SUGGESTED = 20
"""How many guests are suggested as the same person; more would be a search."""


@dataclass(frozen=True, slots=True)
class SqlStaysTold(SqlSyncViews):
    """The part of StaysViews that is about what happened and who may be who, and about the sync."""

    async def stay_events(
        self, guest_id: str, *, since: datetime | None = None, limit: int = 200
    ) -> tuple[StayEventView, ...]:
        own = select(reservations.c.id).where(reservations.c.guest_id == guest_id)
        shared = select(reservation_companions.c.reservation_id).where(reservation_companions.c.guest_id == guest_id)
        stays = union(own, shared).subquery()
        statement = (
            select(stay_events, reservations.c.confirmation_number)
            .join(reservations, reservations.c.id == stay_events.c.reservation_id)
            .where(stay_events.c.reservation_id.in_(select(stays.c.id)))
            .order_by(stay_events.c.at.desc(), stay_events.c.id.desc())
            .limit(limit)
        )
        if since is not None:
            statement = statement.where(stay_events.c.at >= since)
        async with self.database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(map(_event, reversed(rows)))

    async def same_person_suggestions(self, guest_id: str) -> tuple[SamePersonView, ...]:
        mine, theirs = guest_contacts.alias("mine"), guest_contacts.alias("theirs")
        me, other = guests.alias("me"), guests.alias("other")
        statement = (
            select(other.c.id, other.c.first_name, other.c.last_name, theirs.c.kind)
            .select_from(me)
            .join(mine, mine.c.guest_id == me.c.id)
            .join(
                theirs,
                (theirs.c.hotel_id == mine.c.hotel_id)
                & (theirs.c.kind == mine.c.kind)
                & (theirs.c.value == mine.c.value)
                & (theirs.c.guest_id != mine.c.guest_id),
            )
            .join(other, (other.c.id == theirs.c.guest_id) & (other.c.name_key == me.c.name_key))
            .where(me.c.id == guest_id, mine.c.readable, theirs.c.readable)
            .distinct()
            .order_by(other.c.id, theirs.c.kind)
            .limit(MOST_SUGGESTED * 3)
        )
        async with self.database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        found: dict[str, SamePersonView] = {}
        for row in rows:
            kinds = found[row.id].same if row.id in found else ("name",)
            found[row.id] = SamePersonView(
                guest_id=row.id, first_name=row.first_name, last_name=row.last_name, same=(*kinds, row.kind)
            )
        return tuple(found.values())[:MOST_SUGGESTED]


def _event(row: Row[Any]) -> StayEventView:
    event = event_from_row(row)
    return StayEventView(
        id=event.id,
        reservation_id=event.reservation_id,
        confirmation_number=row.confirmation_number,
        kind=event.kind.value,
        before=dict(event.before),
        after=dict(event.after),
        at=event.at,
        modified_at=event.modified_at,
    )

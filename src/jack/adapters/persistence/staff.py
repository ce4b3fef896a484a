"""Staff accounts, sessions and API tokens in SQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, or_, select, update

from jack.adapters.persistence.column_types import from_json, to_json
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import staff_members, staff_sessions
from jack.adapters.persistence.upsert import insert_or_ignore
from jack.application.ports.staff_store import StaffAccounts, StaffSession
from jack.domain.ids import HotelId, StaffId
from jack.domain.staff import Role, StaffMember


@dataclass(frozen=True, slots=True)
class SqlStaffAccounts(StaffAccounts):
    """Plays StaffAccounts inside one unit of work."""

    connection: SqlConnection

    async def add(self, member: StaffMember, password_hash: str) -> bool:
        row = {
            "id": member.id,
            "email": member.email,
            "name": member.name,
            "role": member.role.value,
            "hotels": to_json(member.hotels),
            "password_hash": password_hash,
            "created_at": member.created_at,
        }
        statement = insert_or_ignore(self.connection.dialect, staff_members, "email")
        return (await self.connection.execute(statement, row)).rowcount == 1

    async def by_email(self, email: str) -> tuple[StaffMember, str] | None:
        found = await self.connection.execute(select(staff_members).where(staff_members.c.email == email))
        row = found.one_or_none()
        return (_member(row), row.password_hash) if row else None

    async def set_password(self, staff_id: StaffId, password_hash: str) -> None:
        await self.connection.execute(
            update(staff_members).where(staff_members.c.id == staff_id).values(password_hash=password_hash)
        )

    async def add_session(self, session: StaffSession) -> None:
        row = {
            "token_digest": session.token_digest,
            "csrf_digest": session.csrf_digest,
            "staff_id": session.staff_id,
            "created_at": session.created_at,
            "expires_at": session.expires_at,
        }
        await self.connection.execute(staff_sessions.insert(), row)

    async def by_token(self, token_digest: str, now: datetime) -> tuple[StaffMember, StaffSession] | None:
        found = await self.connection.execute(
            select(
                staff_members,
                staff_sessions.c.csrf_digest,
                staff_sessions.c.created_at.label("signed_in_at"),
                staff_sessions.c.expires_at,
            )
            .join(staff_sessions, staff_sessions.c.staff_id == staff_members.c.id)
            .where(
                staff_sessions.c.token_digest == token_digest,
                or_(staff_sessions.c.expires_at.is_(None), staff_sessions.c.expires_at > now),
            )
        )
        row = found.one_or_none()
        if row is None:
            return None
        session = StaffSession(
            token_digest=token_digest,
            csrf_digest=row.csrf_digest,
            staff_id=StaffId(row.id),
            created_at=row.signed_in_at,
            expires_at=row.expires_at,
        )
        return _member(row), session

    async def end_session(self, token_digest: str) -> None:
        await self.connection.execute(delete(staff_sessions).where(staff_sessions.c.token_digest == token_digest))

    async def forget_expired(self, now: datetime) -> int:
        return (
            await self.connection.execute(delete(staff_sessions).where(staff_sessions.c.expires_at <= now))
        ).rowcount


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(
        id=StaffId(row.id),
        email=row.email,
        name=row.name,
        role=Role(row.role),
        hotels=tuple(HotelId(hotel) for hotel in from_json(row.hotels)),
        created_at=row.created_at,
    )

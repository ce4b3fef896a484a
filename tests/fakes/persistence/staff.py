"""Staff accounts in memory."""

from dataclasses import dataclass
from datetime import datetime

from jack.application.errors import Conflict
from jack.application.ports.staff_store import StaffAccounts, StaffSession
from jack.domain.ids import StaffId
from jack.domain.staff import StaffMember
from tests.fakes.persistence.state import State


@dataclass(frozen=True, slots=True)
class InMemoryStaffAccounts(StaffAccounts):
    """Plays StaffAccounts on one state."""

    state: State

    async def add(self, member: StaffMember, password_hash: str) -> bool:
        if any(held.email == member.email for held, _ in self.state.staff.values()):
            return False
        self.state.staff[member.id] = (member, password_hash)
        return True

    async def by_email(self, email: str) -> tuple[StaffMember, str] | None:
        return next((pair for pair in self.state.staff.values() if pair[0].email == email), None)

    async def set_password(self, staff_id: StaffId, password_hash: str) -> None:
        if staff_id in self.state.staff:
            self.state.staff[staff_id] = (self.state.staff[staff_id][0], password_hash)

    async def add_session(self, session: StaffSession) -> None:
        if session.staff_id not in self.state.staff or session.token_digest in self.state.sessions:
            raise Conflict("the session belongs to nobody, or exists already")
        self.state.sessions[session.token_digest] = session

    async def by_token(self, token_digest: str, now: datetime) -> tuple[StaffMember, StaffSession] | None:
        session = self.state.sessions.get(token_digest)
        if session is None or (session.expires_at is not None and session.expires_at <= now):
            return None
        return self.state.staff[session.staff_id][0], session

    async def end_session(self, token_digest: str) -> None:
        self.state.sessions.pop(token_digest, None)

    async def forget_expired(self, now: datetime) -> int:
        expired = [
            digest
            for digest, session in self.state.sessions.items()
            if session.expires_at is not None and session.expires_at <= now
        ]
        for digest in expired:
            del self.state.sessions[digest]
        return len(expired)

"""Repository for staff accounts, sessions and API tokens; inside one unit of work."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from jack.domain.ids import StaffId
from jack.domain.staff import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """One sign-in. Only digests are stored; `csrf_digest` belongs to the token that unsafe methods must carry.

    `expires_at` None is an API token, which lasts until it is revoked and needs no csrf token.
    """

    token_digest: str = field(repr=False)
    csrf_digest: str | None = field(repr=False)
    staff_id: StaffId
    created_at: datetime
    expires_at: datetime | None


class StaffAccounts(Protocol):
    """Who works here, and who is signed in."""

    @abstractmethod
    async def add(self, member: StaffMember, password_hash: str) -> bool:
        """Store a new account; False when the e-mail has one already."""

    @abstractmethod
    async def by_email(self, email: str) -> tuple[StaffMember, str] | None:
        """The account with its password hash, or None."""

    @abstractmethod
    async def set_password(self, staff_id: StaffId, password_hash: str) -> None:
        """Store a new password hash."""

    @abstractmethod
    async def add_session(self, session: StaffSession) -> None:
        """Store a session or an API token."""

    @abstractmethod
    async def by_token(self, token_digest: str, now: datetime) -> tuple[StaffMember, StaffSession] | None:
        """Who is signed in with that token, while it has not expired, or None."""

    @abstractmethod
    async def end_session(self, token_digest: str) -> None:
        """Forget a session or API token; nothing happens when there is none."""

    @abstractmethod
    async def forget_expired(self, now: datetime) -> int:
        """Delete expired sessions; how many."""

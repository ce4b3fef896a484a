"""SignIn, SignOut, Authenticate, AddStaffMember, IssueToken: who may use the dashboard and the API."""

from dataclasses import dataclass, field
from datetime import timedelta

from jack.application.errors import Conflict, NotFound, NotSignedIn
from jack.application.ports.clock import Clock
from jack.application.ports.security import PasswordHasher, Tokens
from jack.application.ports.staff_store import StaffSession
from jack.application.ports.unit_of_work import BeginReading, BeginUnitOfWork
from jack.application.staff.throttle import SignInThrottle
from jack.domain.errors import DomainError
from jack.domain.ids import HotelId, StaffId, new_id
from jack.domain.staff import Role, StaffMember

SESSION = timedelta(hours=12)
"""How long a sign-in lasts: one shift."""

SHORTEST_PASSWORD = 8
"""Characters; NIST SP 800-63B, section 5.1.1.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A fresh sign-in. The tokens exist only here and at the browser; Jack stores digests."""

    member: StaffMember
    token: str = field(repr=False)
    csrf_token: str = field(repr=False)
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who asks. `csrf_digest` is what the token of an unsafe request must fit, None for an API token."""

    member: StaffMember
    csrf_digest: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Staff sign in with e-mail and password."""

    begin: BeginUnitOfWork
    hasher: PasswordHasher
    tokens: Tokens
    throttle: SignInThrottle
    clock: Clock

    async def __call__(self, email: str, password: str, address: str) -> SignedIn:
        """A new session, under tokens that nobody chose.

        Raises NotSignedIn without saying what was wrong, TooManyAttempts when this account or `address` (the client's)
        failed too often.
        """
        email = email.strip().lower()
        self.throttle.check(email, address)
        self.throttle.failed(email, address)
        async with self.begin() as uow:
            account = await uow.staff.by_email(email)
        fits = await self.hasher.verify(password, account[1] if account else None)
        if account is None or not fits:
            raise NotSignedIn("e-mail or password is wrong")
        self.throttle.succeeded(email, address)
        member = account[0]
        token, csrf_token, now = self.tokens.new(), self.tokens.new(), self.clock.now()
        async with self.begin() as uow:
            await uow.staff.add_session(
                StaffSession(
                    token_digest=self.tokens.digest(token),
                    csrf_digest=self.tokens.digest(csrf_token),
                    staff_id=member.id,
                    created_at=now,
                    expires_at=now + SESSION,
                )
            )
            await uow.commit()
        return SignedIn(member=member, token=token, csrf_token=csrf_token, lasts=SESSION)


@dataclass(frozen=True, slots=True)
class SignOut:
    """Staff sign out."""

    begin: BeginUnitOfWork
    tokens: Tokens

    async def __call__(self, token: str) -> None:
        """Forget the session; nothing happens when there is none."""
        async with self.begin() as uow:
            await uow.staff.end_session(self.tokens.digest(token))
            await uow.commit()


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Find out who asks, from a session token or an API token."""

    read: BeginReading
    tokens: Tokens
    clock: Clock

    async def __call__(self, token: str) -> Credentials:
        """Raises NotSignedIn for a token that is unknown or has expired."""
        async with self.read() as uow:
            found = await uow.staff.by_token(self.tokens.digest(token), self.clock.now())
        if found is None:
            raise NotSignedIn("sign in first")
        member, session = found
        return Credentials(member=member, csrf_digest=session.csrf_digest)


@dataclass(frozen=True, slots=True)
class AddStaffMember:
    """Somebody new may use the dashboard."""

    begin: BeginUnitOfWork
    hasher: PasswordHasher
    clock: Clock

    async def __call__(
        self, email: str, name: str, role: Role, password: str, hotels: tuple[HotelId, ...] = ()
    ) -> StaffMember:
        """The new account. Raises DomainError for bad input, Conflict when the e-mail has an account already."""
        if len(password) < SHORTEST_PASSWORD:
            raise DomainError(f"a password needs at least {SHORTEST_PASSWORD} characters")
        member = StaffMember(
            id=StaffId(new_id()),
            email=email.strip().lower(),
            name=name.strip(),
            role=role,
            hotels=hotels,
            created_at=self.clock.now(),
        )
        hashed = await self.hasher.hash(password)
        async with self.begin() as uow:
            if not await uow.staff.add(member, hashed):
                raise Conflict(f"{member.email} has an account already")
            await uow.commit()
        return member


@dataclass(frozen=True, slots=True)
class IssueToken:
    """A new API token for a staff member; what the API does with it is done in their name."""

    begin: BeginUnitOfWork
    tokens: Tokens
    clock: Clock

    async def __call__(self, email: str) -> str:
        """The token, which cannot be read again later. Raises NotFound for an unknown e-mail."""
        token = self.tokens.new()
        async with self.begin() as uow:
            account = await uow.staff.by_email(email.strip().lower())
            if account is None:
                raise NotFound(f"nobody of the staff has the e-mail {email}")
            await uow.staff.add_session(
                StaffSession(
                    token_digest=self.tokens.digest(token),
                    csrf_digest=None,
                    staff_id=account[0].id,
                    created_at=self.clock.now(),
                    expires_at=None,
                )
            )
            await uow.commit()
        return token

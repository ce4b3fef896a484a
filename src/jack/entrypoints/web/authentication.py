"""Who asks: session cookie or API token, the CSRF token that belongs to the session, roles."""

import hmac
from typing import Any

from dishka import AsyncContainer
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import Guard

from jack.application.errors import Forbidden, NotSignedIn
from jack.application.ports.security import Tokens
from jack.application.staff.accounts import Authenticate, Credentials
from jack.domain.staff import Role, StaffMember
from jack.entrypoints.web.problems import CSRF, MEDIA, Refusal

SESSION_COOKIE = "session"
CSRF_COOKIE = "csrftoken"
CSRF_HEADER = "x-csrftoken"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_TOKEN = 256
"""Characters; Jack's own tokens are much shorter."""

Connection = ASGIConnection[Any, Any, Any, State]
StaffRequest = Request[StaffMember, Credentials, State]
Member = NamedDependency[StaffMember]
"""The staff member who asks, in the signature of a handler."""


class StaffAuthentication(AbstractAuthenticationMiddleware):
    """Finds out who asks before anything else is read of the request. Sign-in opts out with `exclude_from_auth`."""

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        """The staff member with their credentials.

        Raises NotSignedIn, and Refusal for an unsafe request whose CSRF token does not belong to the session. An API
        token needs none: no browser sends it by itself.
        """
        container: AsyncContainer = connection.app.state.dishka_container
        bearer = bearer_token(connection)
        token = connection.cookies.get(SESSION_COOKIE) if bearer is None else bearer
        if not token or len(token) > LONGEST_TOKEN:
            raise NotSignedIn("sign in first")
        credentials = await (await container.get(Authenticate))(token)
        if bearer is None:
            if credentials.csrf_digest is None:
                raise NotSignedIn("sign in first")  # an API token is no cookie
            if connection.scope.get("method") not in SAFE_METHODS:
                _check_csrf(connection, credentials.csrf_digest, await container.get(Tokens))
        return AuthenticationResult(user=credentials.member, auth=credentials)


def bearer_token(connection: Connection) -> str | None:
    """The token of the Authorization header; empty for a header that is none of ours, None without a header."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _check_csrf(connection: Connection, digest: str, tokens: Tokens) -> None:
    """Header and cookie must be the same, and be the token that was made for this very session."""
    header = connection.headers.get(CSRF_HEADER, "")
    cookie = connection.cookies.get(CSRF_COOKIE, "")
    if (
        not header
        or len(header) > LONGEST_TOKEN
        or not _same(header, cookie)
        or not _same(tokens.digest(header), digest)
    ):
        raise Refusal(CSRF)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def needs(role: Role) -> Guard:
    """A guard that lets through those whose role includes `role`."""

    def guard(connection: Connection, _: BaseRouteHandler) -> None:
        member: StaffMember = connection.user
        if not member.role.includes(role):
            raise Forbidden(f"this needs the role {role.value}")

    return guard


AGENTS: list[Guard] = [needs(Role.AGENT)]
"""Guards of everything that changes something."""


def check_media_type(request: Request[Any, Any, State]) -> None:
    """Refuse bodies that are not JSON, whatever they look like: a foreign page can send text/plain, but not JSON."""
    headers = request.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    if has_body and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(MEDIA)


def client_address(request: Request[Any, Any, State], trust_forwarded_for: bool) -> str:
    """The address of the client, for throttling.

    With `trust_forwarded_for` it is the last entry of X-Forwarded-For, which the proxy in front appended itself; all
    entries before it are the client's own words.
    """
    if trust_forwarded_for:
        last = request.headers.getall("x-forwarded-for", [""])[-1].rpartition(",")[2].strip()
        if last:
            return last[:64]
    return request.client.host if request.client else "unknown"

"""Problems: every error leaves as application/problem+json (RFC 9457) with a stable type."""

import logging
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from jack.application.errors import (
    ApplicationError,
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    OutsideFailure,
    ServiceRejected,
    ServiceUnavailable,
    TooManyAttempts,
)
from jack.domain.errors import DomainError

log = logging.getLogger(__name__)

_NAMED = re.compile(r"Object (?:contains )?(unknown|missing required) field `(.+)`")

MEDIA_TYPE = "application/problem+json"

RETRY = timedelta(seconds=5)
"""What a client is told to wait when nobody knows better."""


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field of the body, the query or the path."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error (RFC 9457). `type` is stable; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    fields: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its name in the type, its status, its title, and when it happens."""

    name: str
    status: int
    title: str
    when: str

    @property
    def type(self) -> str:
        """The type, a relative reference; opening it explains the kind."""
        return f"/problems/{self.name}"


INVALID = Kind(
    "invalid-request", 400, "Invalid request", "The body, the query or the path is not what this route takes."
)
NOT_SIGNED_IN = Kind("not-signed-in", 401, "Not signed in", "Nobody is signed in, or the sign-in failed.")
WRONG_SIGNATURE = Kind("wrong-signature", 401, "Wrong signature", "A webhook's signature does not fit its body.")
FORBIDDEN = Kind("forbidden", 403, "Forbidden", "Your role may not do this.")
CSRF = Kind(
    "csrf", 403, "CSRF token missing or wrong", "With a session cookie, the header x-csrftoken must repeat csrftoken."
)
NOT_FOUND = Kind("not-found", 404, "Not found", "It does not exist, or not for you.")
METHOD = Kind("method-not-allowed", 405, "Method not allowed", "The route exists, but not with this method.")
CONFLICT = Kind("conflict", 409, "Conflict", "Somebody was faster, or the present state does not allow this.")
TOO_LARGE = Kind("too-large", 413, "Body too large", "The body is larger than this route takes.")
MEDIA = Kind("unsupported-media-type", 415, "Unsupported media type", "Bodies must be application/json.")
AGAINST_RULES = Kind(
    "against-the-rules", 422, "Against the rules", "The request is well-formed, but a rule forbids it."
)
TOO_MANY = Kind("too-many-attempts", 429, "Too many attempts", "Please wait as long as Retry-After says.")
INTERNAL = Kind("internal", 500, "Internal error", "A fault in Jack; the log tells more under the request's id.")
OUTSIDE = Kind("outside-failure", 502, "An outside service refused", "A service that Jack depends on refused.")
UNAVAILABLE = Kind("unavailable", 503, "Not available now", "Try again as Retry-After says.")

KINDS = (
    *(INVALID, NOT_SIGNED_IN, WRONG_SIGNATURE, FORBIDDEN, CSRF, NOT_FOUND, METHOD, CONFLICT, TOO_LARGE, MEDIA),
    *(AGAINST_RULES, TOO_MANY, INTERNAL, OUTSIDE, UNAVAILABLE),
)
_BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}


class Refusal(Exception):
    """A request that the web door itself refuses."""

    def __init__(self, kind: Kind, detail: str = "", *, fields: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail or kind.when
        self.fields = fields


def respond(
    kind: Kind, detail: str, *, fields: tuple[FieldProblem, ...] = (), headers: Mapping[str, str] | None = None
) -> Response[Problem]:
    """The response for a problem."""
    extra = dict(headers or {})
    if kind.status == 401:
        extra.setdefault("www-authenticate", "Bearer")
    if kind is UNAVAILABLE:
        extra.setdefault("retry-after", _seconds(RETRY))
    problem = Problem(type=kind.type, title=kind.title, status=kind.status, detail=detail, fields=fields)
    return Response(problem, status_code=kind.status, media_type=MEDIA_TYPE, headers=extra)


def _refusal(_: "Request[Any, Any, State]", error: Refusal) -> Response[Problem]:
    return respond(error.kind, error.detail, fields=error.fields)


def _http(_: "Request[Any, Any, State]", error: HTTPException) -> Response[Problem]:
    """What Litestar itself refuses. Its texts may quote the address, so they are not passed on."""
    kind = _BY_STATUS.get(error.status_code, INVALID if error.status_code < 500 else INTERNAL)
    if isinstance(error, ValidationException):
        return respond(kind, "the request does not fit: see fields", fields=_fields(error.extra))
    detail = error.detail if kind is INVALID else kind.when
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return respond(kind, detail, headers=headers)


def _fields(extra: object) -> tuple[FieldProblem, ...]:
    found = extra if isinstance(extra, list) else []
    return tuple(
        _field(str(item.get("key") or "body"), str(item.get("message", ""))) for item in found if isinstance(item, dict)
    )


def _field(key: str, message: str) -> FieldProblem:
    """One of Litestar's complaints, under the name that the client used."""
    if message == f"'{key}'":
        return FieldProblem(field="body", message="a JSON object is expected")
    if named := _NAMED.fullmatch(message):
        return FieldProblem(field=named[2], message=f"{named[1]} field")
    return FieldProblem(field={"data": "body", "conversation_state": "state"}.get(key, key), message=message)


def _told(_: "Request[Any, Any, State]", error: ApplicationError | DomainError) -> Response[Problem]:
    """What a story refuses: its texts are written for staff."""
    kind = next((kind for word, kind in _STORIES.items() if isinstance(error, word)), INTERNAL)
    headers: dict[str, str] = {}
    if isinstance(error, TooManyAttempts | ServiceUnavailable) and error.retry_after is not None:
        headers["retry-after"] = _seconds(error.retry_after)
    return respond(kind, str(error) if kind is not INTERNAL else INTERNAL.when, headers=headers)


_STORIES: dict[type[Exception], Kind] = {
    NotFound: NOT_FOUND,
    Conflict: CONFLICT,
    Forbidden: FORBIDDEN,
    NotSignedIn: NOT_SIGNED_IN,
    TooManyAttempts: TOO_MANY,
    ServiceUnavailable: UNAVAILABLE,
    ServiceRejected: AGAINST_RULES,
    OutsideFailure: OUTSIDE,
    DomainError: AGAINST_RULES,
}


def _unexpected(request: "Request[Any, Any, State]", error: Exception) -> Response[Problem]:
    """A fault: the log gets the traceback, the client learns nothing of the inside."""
    route = request.scope.get("path_template", "")
    log.error("http.fault", extra={"method": request.method, "route": route}, exc_info=error)
    return respond(INTERNAL, INTERNAL.when)


def _seconds(wait: timedelta) -> str:
    return str(max(1, math.ceil(wait.total_seconds())))


HANDLERS: ExceptionHandlersMap = {
    Refusal: _refusal,
    HTTPException: _http,
    ApplicationError: _told,
    DomainError: _told,
    Exception: _unexpected,
}

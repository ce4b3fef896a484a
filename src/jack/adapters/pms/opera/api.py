"""OperaApi: calling one hotel of an OPERA environment with headers, token and pace, and its words for failures."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx
import msgspec

from jack.adapters.http import Answer, failure_of, send
from jack.adapters.vendor_api.caller import PATIENT, Dialect, Patience, VendorApi
from jack.adapters.vendor_api.pace import Paces
from jack.adapters.vendor_api.tokens import FreshToken, Tokens
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceUnavailable
from jack.application.ports.clock import Clock

T = TypeVar("T")
Params = Sequence[tuple[str, str]]

SERVICE = "OPERA"

COMMON_SCOPE = "urn:opc:hgbu:ws:__myscopes__"
"""All scopes that the client was given; Oracle's own Postman collections ask for it."""

_PACE = (20, timedelta(seconds=0.5))
_EVENTS_PACE = (4, timedelta(seconds=1))
"""Above 50 calls a second an environment delays everybody, above 100 it refuses; business events: 300 a minute
(Oracle's platform guide). The limits are shared with the chain's other integrations; and as real answers take some
tenths of a second, AT_ONCE calls at a time stay below this pace."""

AT_ONCE = 8
"""Calls under way at the same time for one reading."""

AREAS = {
    "/rsv/": "Reservation (rsv)",
    "/crm/": "Customer Relationship Management (crm)",
    "/hsk/": "Housekeeping (hsk)",
    "/fof/": "Front Desk Operations (fof)",
    "/ent/": "Enterprise Configuration (entcfg)",
    "/int/": "Integration Processor (int)",
}
"""What Oracle calls the module behind a path; who may use it is decided for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperaAccount:
    """Where an OPERA environment is, as whom Jack signs in, and which hotel is meant.

    With a `username` Jack signs in as that integration user, else as a client of the enterprise.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    app_key: str = field(repr=False)
    hotel_id: str
    enterprise_id: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    scope: str | None = None


class OperaApi:
    """Calls for one hotel. Methods raise the three words; a refused call names the module whose access is missing.

    Paths hold `{hotel}` where the hotel's code belongs.
    """

    def __init__(self, client: httpx.AsyncClient, clock: Clock, paces: Paces, account: OperaAccount) -> None:
        self._client = client
        self._account = account
        self._base = account.base_url.rstrip("/")
        self._hotel = quote(account.hotel_id, safe="")
        self._headers = {
            "x-app-key": account.app_key,
            "x-hotelid": account.hotel_id,
            "content-type": "application/json",
            "accept": "application/json",
        }
        # the limits are the environment's, so everybody who calls it shares them
        digest = hashlib.sha256(self._base.encode()).hexdigest()[:16]
        tokens = Tokens(clock, self._token)
        dialect = Dialect(explain=_explain, handed_over=frozenset({400, 403, 404}))
        self._api, self._events = (
            VendorApi(
                client,
                clock,
                service=SERVICE,
                pace=paces.of(f"opera:{digest}{name}", calls, per),
                tokens=tokens,
                dialect=dialect,
            )
            for name, (calls, per) in (("", _PACE), (":events", _EVENTS_PACE))
        )

    async def found(
        self, path: str, params: Params, decode: Callable[[bytes], T], *, patience: Patience = PATIENT
    ) -> T | None:
        """What a search finds; None for nothing, which OPERA tells as 204 without a body."""
        return await self._read(path, params, decode, frozenset({204}), patience)

    async def one(
        self, path: str, params: Params, decode: Callable[[bytes], T], *, patience: Patience = PATIENT
    ) -> T | None:
        """One thing by its id; None when OPERA does not have it (any more): 204 or 404."""
        return await self._read(path, params, decode, frozenset({204, 404}), patience)

    async def if_told(self, path: str, decode: Callable[[bytes], T]) -> T | None:
        """What Jack can do without; None also where OPERA refuses it."""
        return await self._read(path, [], decode, frozenset({204, 400, 403, 404}), PATIENT)

    async def answer(self, path: str, params: Params, patience: Patience) -> Answer:
        """An answer as it came: a success, 400, 403 or 404."""
        return await self._api.call("GET", self._url(path), patience=patience, headers=self._headers, params=params)

    async def dequeue(self, path: str, params: Params, patience: Patience, *, repeatable: bool) -> Answer:
        """As `answer`, from the queue of business events. A call that broke has perhaps taken events away: unless it
        may be repeated, it raises Interrupted at once."""
        return await self._events.call(
            "GET", self._url(path), patience=patience, repeatable=repeatable, headers=self._headers, params=params
        )

    async def post(self, path: str, json: object) -> Answer:
        """Make something. Raises Interrupted when it is not known whether it was made."""
        url = self._url(path)
        answer = await self._api.call("POST", url, repeatable=False, headers=self._headers, json=json)
        refused = refusal_of(answer, path)
        if refused is not None:
            raise refused
        return answer

    def _url(self, path: str) -> str:
        return self._base + path.replace("{hotel}", self._hotel)

    async def _read(
        self,
        path: str,
        params: Params,
        decode: Callable[[bytes], T],
        nothing: frozenset[int],
        patience: Patience,
    ) -> T | None:
        def decoded(answer: Answer) -> T | None:
            if answer.status in nothing:
                return None
            refused = refusal_of(answer, path)
            if refused is not None:
                raise refused
            return decode(answer.body)

        return await self._api.read(
            "GET", self._url(path), decoded, patience=patience, headers=self._headers, params=params
        )

    async def _token(self) -> FreshToken:
        account = self._account
        headers = {
            "authorization": "Basic "
            + base64.b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode(),
            "x-app-key": account.app_key,
            "content-type": "application/x-www-form-urlencoded",
            "accept": "application/json",
        }
        if account.username is not None:
            form = {"grant_type": "password", "username": account.username, "password": account.password or ""}
        else:
            form = {"grant_type": "client_credentials", "scope": account.scope or COMMON_SCOPE}
            if account.enterprise_id:
                headers["enterpriseId"] = account.enterprise_id
        url = f"{self._base}/oauth/v1/tokens"
        answer = await send(
            self._client, "POST", url, service=SERVICE, headers=headers, content=urlencode(form).encode()
        )
        if answer.status in (400, 401, 403):
            who = "username and password" if account.username is not None else "enterprise_id and scope"
            raise ServiceDenied(
                f"OPERA does not let Jack sign in (it answered {answer.status}): check client_id, client_secret, "
                f"app_key, {who} in jack.toml against the application and the environment in Oracle's developer portal"
            )
        if not answer.ok:
            raise failure_of(answer, SERVICE, "asked for a token")
        try:
            fresh = msgspec.json.decode(answer.body, type=_FreshToken, strict=False)
        except (msgspec.DecodeError, UnicodeError):
            raise ServiceUnavailable("OPERA gave a token that cannot be read") from None
        return FreshToken(fresh.access_token, timedelta(seconds=fresh.expires_in) if fresh.expires_in else None)


def refusal_of(answer: Answer, path: str) -> OutsideFailure | None:
    """The failure in an answer that was handed over; None where it is a success."""
    if answer.ok:
        return None
    said = _explain(answer)
    if answer.status == 403:
        area = next((name for prefix, name in AREAS.items() if path.startswith(prefix)), "this module")
        return ServiceDenied(
            f"OPERA answered 403{f' ({said})' if said else ''}: Jack may not use {area} of this hotel. Add the "
            "module to the application in Oracle's developer portal, and the hotel and the task to its integration user"
        )
    return failure_of(answer, SERVICE, said)


class _FreshToken(msgspec.Struct):
    access_token: str
    expires_in: float | None = None


class _Problem(msgspec.Struct, rename={"code": "o:errorCode"}):
    title: str | None = None
    code: str | int | None = None


def _explain(answer: Answer) -> str:
    """OPERA's title and code of a problem; its details may quote a guest and are left out."""
    try:
        problem = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.DecodeError, UnicodeError):
        return ""
    said = " ".join(str(part) for part in (problem.code, problem.title) if part)
    return " ".join(said.split())[:120]

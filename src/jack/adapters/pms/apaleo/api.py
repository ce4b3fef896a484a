"""ApaleoApi: calling apaleo with a client's token, its pace, and its words for what went wrong."""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import httpx
import msgspec

from jack.adapters.http import Answer, failure_of, send
from jack.adapters.vendor_api.caller import PATIENT, Dialect, Patience, VendorApi
from jack.adapters.vendor_api.pace import Pace, Paces
from jack.adapters.vendor_api.tokens import FreshToken, Tokens
from jack.application.errors import OutsideFailure, ServiceDenied
from jack.application.ports.clock import Clock

T = TypeVar("T")

SERVICE = "apaleo"
IDENTITY = "apaleo's identity service"

RESERVATIONS, UNITS, PROPERTIES = "reservations.read", "units.read", "properties.read"
"""The scopes that Jack's calls need."""

_OFTEN = (500, timedelta(minutes=10))
_FAST = (8, timedelta(seconds=1))
"""apaleo publishes no numbers; an error text of 2020 spoke of 600 calls in ten minutes (github.com/apaleo/api, issue
368), and calls at the same time are limited as well."""

_QUOTED = re.compile("'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApaleoAccount:
    """Where apaleo is and as whom Jack signs in: a client of the hotel's account, and the hotel's property."""

    base_url: str
    identity_url: str
    client_id: str
    client_secret: str = field(repr=False)
    property_id: str


class ApaleoApi:
    """Reads from apaleo for one client. Methods raise the three words; a refused call names the scope it needs."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock, paces: Paces, account: ApaleoAccount) -> None:
        self._client = client
        self._account = account
        self._base = account.base_url.rstrip("/")
        digest = hashlib.sha256(f"{account.client_id}\n{account.client_secret}".encode()).hexdigest()[:16]
        self._api = VendorApi(
            client,
            clock,
            service=SERVICE,
            pace=_Paces(
                tuple(paces.of(f"apaleo:{digest}:{calls}", calls, per) for calls, per in (_OFTEN, _FAST)),
            ),
            tokens=Tokens(clock, self._token),
            dialect=Dialect(explain=_explain, handed_over=frozenset({403, 404})),
        )

    async def page(
        self, path: str, params: Sequence[tuple[str, str]], decode: Callable[[bytes], T], *, scope: str
    ) -> T | None:
        """A page of a list; None for an empty one, which apaleo tells as 204 without a body."""
        return await self._read(path, params, decode, scope, 204)

    async def one(
        self, path: str, params: Sequence[tuple[str, str]], decode: Callable[[bytes], T], *, scope: str
    ) -> T | None:
        """One thing by its id; None when apaleo does not have it."""
        return await self._read(path, params, decode, scope, 404)

    async def answer(self, path: str, params: Sequence[tuple[str, str]], patience: Patience = PATIENT) -> Answer:
        """An answer as it came: a success, 403 or 404."""
        return await self._api.call("GET", self._base + path, patience=patience, params=params)

    async def _read(
        self,
        path: str,
        params: Sequence[tuple[str, str]],
        decode: Callable[[bytes], T],
        scope: str,
        nothing: int,
    ) -> T | None:
        def decoded(answer: Answer) -> T | None:
            if answer.status == nothing:
                return None
            refused = refusal_of(answer, scope)
            if refused is not None:
                raise refused
            return decode(answer.body)

        return await self._api.read("GET", self._base + path, decoded, params=params)

    async def _token(self) -> FreshToken:
        account = self._account
        basic = base64.b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()
        answer = await send(
            self._client,
            "POST",
            account.identity_url.rstrip("/") + "/connect/token",
            service=IDENTITY,
            headers={"authorization": f"Basic {basic}", "content-type": "application/x-www-form-urlencoded"},
            content=b"grant_type=client_credentials",
        )
        if answer.status in (400, 401, 403):
            raise ServiceDenied(
                f"apaleo does not accept client_id and client_secret (its identity service answered {answer.status}): "
                "copy both again from the client's page in apaleo, or make a new client there"
            )
        if answer.status == 404:
            raise ServiceDenied(f"{IDENTITY} answered 404: check identity_url in jack.toml")
        if not answer.ok:
            raise failure_of(answer, IDENTITY)
        fresh = msgspec.json.decode(answer.body, type=_FreshToken, strict=False)
        return FreshToken(fresh.access_token, timedelta(seconds=fresh.expires_in) if fresh.expires_in else None)


def refusal_of(answer: Answer, scope: str) -> OutsideFailure | None:
    """The failure in an answer that was handed over, None where it is a success."""
    if answer.status == 403:
        return ServiceDenied(
            f"apaleo answered 403: the client may not do this. Give it the scope {scope} in apaleo (one with "
            "fine-grained permissions: that permission, for this property), then try again"
        )
    return None if answer.ok else failure_of(answer, SERVICE, _explain(answer))


class _Paces(Pace):
    """Several limits at once."""

    def __init__(self, paces: Sequence[Pace]) -> None:
        self._paces = paces

    async def turn(self) -> None:
        """As the port says."""
        for pace in self._paces:
            await pace.turn()


class _FreshToken(msgspec.Struct):
    access_token: str
    expires_in: float | None = None


class _Messages(msgspec.Struct):
    messages: list[str] = []


def _explain(answer: Answer) -> str:
    """What apaleo says is wrong with a call (`{"messages": [...]}`), without what it quotes of it."""
    try:
        said = msgspec.json.decode(answer.body, type=_Messages).messages
    except msgspec.DecodeError:
        return ""
    return _QUOTED.sub("…", "; ".join(said))[:300]

"""Signing in at Cloudbeds: an API key that stays, or an access token that a refresh token buys and that expires.

The vendor may answer with another refresh token, and the one before is worth nothing from then on. So the new one is
noted durably before its access token is used; whoever dies in between finds the new one, and so does every other
process of this Jack, because the noted one is asked for before each exchange.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import msgspec

from jack.adapters.http import Answer, failure_of
from jack.adapters.pms.cloudbeds.answers import explained
from jack.adapters.pms.cloudbeds.payloads import Word, text
from jack.adapters.vendor_api.tokens import FreshToken
from jack.application.errors import ServiceDenied, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.pms_notices import PmsMemory

FORM = {"content-type": "application/x-www-form-urlencoded"}

OTHERS_TURN = timedelta(seconds=1)
"""How long to wait for another process that exchanged the same token a moment ago, and notes the new one."""

_EXCHANGES = 3


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that the hotel made in Cloudbeds; it does not expire while it is used."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """An OAuth client with the refresh token that the hotel's consent gave."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


Credentials = ApiKey | OAuthClient


class SignInDenied(ServiceDenied):
    """No access token is to be had with these credentials."""


def digest_of(credentials: Credentials) -> str:
    """A name for these credentials that does not give them away."""
    secret = credentials.value if isinstance(credentials, ApiKey) else credentials.client_id
    return hashlib.sha256(f"cloudbeds|{secret}".encode()).hexdigest()[:16]


Send = Callable[[bytes], Awaitable[Answer]]
"""Sends a form to `/access_token` once and gives whatever is answered. Raises the three words."""


class RefreshGrant:
    """Buys access tokens with the newest refresh token."""

    def __init__(self, client: OAuthClient, memory: PmsMemory, clock: Clock, send: Send) -> None:
        self._client = client
        self._memory = memory
        self._clock = clock
        self._send = send
        # whoever puts another token into jack.toml means that one, not what became of the former
        self._name = "refresh_token:" + hashlib.sha256(client.refresh_token.encode()).hexdigest()[:16]
        self._unnoted: tuple[str, FreshToken] | None = None

    async def fetch(self) -> FreshToken:
        """A new access token. Raises the three words; SignInDenied when the refresh token is not taken any more."""
        if self._unnoted is not None:  # the memory was away when this was bought
            return await self._noted(*self._unnoted)
        tried = ""
        for attempt in range(_EXCHANGES):
            if attempt:
                await self._clock.sleep(OTHERS_TURN)
            token = await self._memory.recall(self._name) or self._client.refresh_token
            if token == tried:
                continue
            tried = token
            answer = await self._send(self._form(token))
            bought = _read(answer)
            if bought is not None:
                return await self._paid(bought, token)
            if answer.status not in (200, 400, 401, 403):
                raise failure_of(answer, "Cloudbeds", explained(answer))
        raise SignInDenied(
            "Cloudbeds does not take the client's credentials or its refresh token any more: check client_id and "
            "client_secret, connect Jack in Cloudbeds again, and put the new refresh_token into jack.toml"
        )

    def _form(self, token: str) -> bytes:
        return urlencode(
            {
                "grant_type": "refresh_token",
                "client_id": self._client.client_id,
                "client_secret": self._client.client_secret,
                "refresh_token": token,
            }
        ).encode()

    async def _paid(self, bought: "_Bought", used: str) -> FreshToken:
        fresh = FreshToken(text(bought.access_token), _lifetime(bought.expires_in))
        rotated = text(bought.refresh_token)
        return await self._noted(rotated, fresh) if rotated and rotated != used else fresh

    async def _noted(self, rotated: str, fresh: FreshToken) -> FreshToken:
        self._unnoted = (rotated, fresh)
        await self._memory.note(self._name, rotated)
        self._unnoted = None
        return fresh

    def __repr__(self) -> str:
        """Hide the tokens."""
        return "RefreshGrant(…)"


class _Bought(msgspec.Struct):
    access_token: Word = None
    refresh_token: Word = None
    expires_in: Word = None

    def __repr__(self) -> str:
        """Hide the tokens."""
        return "_Bought(…)"


_BOUGHT = msgspec.json.Decoder(_Bought, strict=False)


def _read(answer: Answer) -> _Bought | None:
    """What was bought; None for a refusal, whatever its status is."""
    if not answer.ok:
        return None
    try:
        bought = _BOUGHT.decode(answer.body)
    except (msgspec.DecodeError, UnicodeError):
        raise ServiceUnavailable("Cloudbeds gave an answer for a token that cannot be read") from None
    return bought if text(bought.access_token) else None


def _lifetime(seconds: Word) -> timedelta | None:
    try:
        return timedelta(seconds=float(text(seconds)))
    except (ValueError, OverflowError):
        return None

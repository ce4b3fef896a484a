"""VendorApi: calling one vendor's API with pace, patience and a token."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, Unpack

import httpx
import msgspec

from jack.adapters.http import Answer, Call, Interrupted, failure_of, send
from jack.adapters.vendor_api.pace import Pace
from jack.adapters.vendor_api.records import why
from jack.adapters.vendor_api.tokens import Tokens
from jack.application.errors import OutsideFailure, ServiceRejected, ServiceUnavailable
from jack.application.ports.clock import Clock

T = TypeVar("T")

FIRST_BACKOFF = timedelta(seconds=1)
LONGEST_BACKOFF = timedelta(seconds=30)
TIME_LIMIT = 30.0
"""Seconds that one try of a call may take, unless the call says otherwise."""

LONGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of one answer at most."""

_CERTAINLY_NOT_DONE = frozenset({425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long in all one call is tried again before its failure is told."""

    attempts: int = 6
    waiting: timedelta = timedelta(seconds=60)


PATIENT = Patience()
ONCE = Patience(attempts=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one vendor's answers are to be taken.

    `explain` gives what the vendor said in a failed answer, fit for staff and without secrets, or "". `refuses` gives
    the failure in an answer whose status looks like success, or None. `handed_over` are status codes that mean
    something to the adapter: they are returned like a success.
    """

    explain: Callable[[Answer], str] = lambda _: ""
    refuses: Callable[[Answer], OutsideFailure | None] = lambda _: None
    handed_over: frozenset[int] = frozenset()


class VendorApi:
    """Calls for one set of credentials. A call waits for its turn, carries the token if there are tokens, and is tried
    again as long as patience lasts: after what the vendor asked for, else after a random part of a growing time.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Clock,
        *,
        service: str,
        pace: Pace,
        tokens: Tokens | None = None,
        dialect: Dialect | None = None,
    ) -> None:
        self.service = service
        self._client = client
        self._clock = clock
        self._pace = pace
        self._tokens = tokens
        self._dialect = dialect or Dialect()

    async def call(
        self, method: str, url: str, *, patience: Patience = PATIENT, repeatable: bool = True, **call: Unpack[Call]
    ) -> Answer:
        """One call, its answer whole. Raises the three words.

        What is not `repeatable` is not tried again once it may have been carried out: that raises Interrupted.
        """
        return await self.read(method, url, lambda answer: answer, patience=patience, repeatable=repeatable, **call)

    async def read(
        self,
        method: str,
        url: str,
        decode: Callable[[Answer], T],
        *,
        patience: Patience = PATIENT,
        repeatable: bool = True,
        **call: Unpack[Call],
    ) -> T:
        """One call, its answer decoded. An answer that `decode` cannot parse (msgspec.DecodeError, UnicodeError) counts
        as damaged on its way, so it is asked for again; one that is whole but of another shape than documented
        (msgspec.ValidationError) raises ServiceRejected at once.
        """
        call = self._sendable(call)
        waited = timedelta()
        attempt = 1
        while True:
            try:
                return decode(await self._once(method, url, call))
            except ServiceUnavailable as error:
                failure = error
            except msgspec.ValidationError as error:
                raise ServiceRejected(f"{self.service} gave an answer that {why(error)}") from None
            except (msgspec.DecodeError, UnicodeError):
                failure = Interrupted(f"{self.service} gave an answer that cannot be read")
            if isinstance(failure, Interrupted) and not repeatable:
                raise failure
            wait = self._wait(failure, attempt)
            if attempt >= patience.attempts or waited + wait > patience.waiting:
                raise failure
            await self._clock.sleep(wait)
            waited += wait
            attempt += 1

    def _sendable(self, call: Call) -> Call:
        """The call with its body encoded. What somebody looks for may hold half a character, which is not their key's
        fault: raises ServiceRejected.
        """
        params = call.get("params", ())
        pairs = params.items() if isinstance(params, Mapping) else params
        try:
            for _, value in pairs:
                value.encode()
            if "json" not in call:
                return call
            body = msgspec.json.encode(call["json"])
        except UnicodeEncodeError:
            raise ServiceRejected(f"{self.service} cannot be asked for a text with half a character in it") from None
        headers = {"content-type": "application/json", **call.get("headers", {})}
        rest = {name: value for name, value in call.items() if name != "json"}
        return Call(**{**rest, "content": body, "headers": headers})  # type: ignore[typeddict-item]

    async def _once(self, method: str, url: str, call: Call) -> Answer:
        token = await self._tokens.current() if self._tokens else ""
        answer = await self._send(method, url, call, token)
        if answer.status == 401 and self._tokens:
            answer = await self._send(method, url, call, await self._tokens.instead_of(token))
        if answer.ok or answer.status in self._dialect.handed_over:
            refused = self._dialect.refuses(answer)
            if refused is not None:
                raise refused
            return answer
        failure = failure_of(answer, self.service, self._dialect.explain(answer))
        if isinstance(failure, ServiceUnavailable) and answer.status not in _CERTAINLY_NOT_DONE:
            raise Interrupted(str(failure), failure.retry_after)  # who failed half-way does not know how far it came
        raise failure

    async def _send(self, method: str, url: str, call: Call, token: str) -> Answer:
        await self._pace.turn()
        headers: Mapping[str, str] = call.get("headers", {})
        if token:
            headers = {**headers, "authorization": f"Bearer {token}"}
        whole = Call(**{"time_limit": TIME_LIMIT, **call, "headers": headers})
        return await send(self._client, method, url, service=self.service, size_limit=LONGEST_ANSWER, **whole)

    def _wait(self, failure: ServiceUnavailable, attempt: int) -> timedelta:
        if failure.retry_after is not None:
            # everybody was told the same time; a little more keeps them from coming back at the same moment
            return failure.retry_after + timedelta(seconds=random.uniform(0, 0.25))  # noqa: S311  no secret
        longest = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** (attempt - 1))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311  no secret

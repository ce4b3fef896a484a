"""RedisPaces: one limit for all processes that call with the same credentials."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from jack.adapters.vendor_api.pace import Pace, Paces, SlidingPace
from jack.application.ports.clock import Clock

log = logging.getLogger(__name__)

SOCKET_PATIENCE = 2.0
"""Seconds that Redis may take for one answer."""

LEFT_ALONE = timedelta(seconds=10)
"""How long a Redis that did not answer is not asked again."""

LONGEST_WAIT = timedelta(minutes=2)
"""However many are waiting in other processes, nobody is held up longer than this."""

_OUTAGE = (RedisError, OSError, TimeoutError)

_RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local calls, per = tonumber(ARGV[1]), tonumber(ARGV[2])
local turns = redis.call('LRANGE', KEYS[1], 0, -1)
local seen = tonumber(redis.call('GET', KEYS[2]) or now)
if now < seen then
    redis.call('DEL', KEYS[1])
    for place, turn in ipairs(turns) do
        turns[place] = turn - (seen - now)
        redis.call('RPUSH', KEYS[1], string.format('%.0f', turns[place]))
    end
end
local at = now
if #turns >= calls then at = math.max(now, turns[#turns - calls + 1] + per) end
redis.call('RPUSH', KEYS[1], string.format('%.0f', at))
redis.call('LTRIM', KEYS[1], -calls, -1)
local kept = math.ceil((at - now + per) / 1000) + 1
redis.call('PEXPIRE', KEYS[1], kept)
redis.call('SET', KEYS[2], string.format('%.0f', now), 'PX', kept)
return string.format('%.0f', at - now)
"""
"""Reserves the next free instant (microseconds on Redis' own clock) and returns how far away it is.

The same rule as SlidingPace: the turn before `calls` turns, and `per` later; when Redis' clock was set back, the turns
keep their distance from now. The keys outlive the last turn by `per`, then nothing needs to be known any more.
"""


class SharedPace(Pace):
    """At most `calls` within any span of `per` over all processes that name it alike.

    While Redis is away each process keeps to the limit by itself; so it does before it asks Redis, which costs nothing
    and leaves it with a memory of its own turns when Redis goes.
    """

    def __init__(self, paces: "RedisPaces", name: str, calls: int, per: timedelta, alone: Pace) -> None:
        self._paces = paces
        self._keys = (f"jack:pace:{{{name}}}:turns", f"jack:pace:{{{name}}}:seen")
        self._limit = (calls, round(per / timedelta(microseconds=1)))
        self._alone = alone

    async def turn(self) -> None:
        """As the port says."""
        await self._alone.turn()
        await self._paces.wait_for(self._keys, self._limit)


class RedisPaces(Paces):
    """Paces that are kept in Redis; `aclose` ends the connection."""

    def __init__(self, clock: Clock, redis_url: str) -> None:
        self._clock = clock
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=SOCKET_PATIENCE,
            socket_connect_timeout=SOCKET_PATIENCE,
        )
        self._reserve = self._redis.register_script(_RESERVE)
        self._paces: dict[str, SharedPace] = {}
        self._away_until: datetime | None = None

    def of(self, name: str, calls: int, per: timedelta) -> Pace:
        """As the port says."""
        pace = self._paces.get(name)
        if pace is None:
            pace = self._paces[name] = SharedPace(self, name, calls, per, SlidingPace(self._clock, calls, per))
        return pace

    async def wait_for(self, keys: tuple[str, str], limit: tuple[int, int]) -> None:
        """Reserve a turn and wait for it; return at once while Redis is away."""
        if self._is_left_alone():
            return
        try:
            microseconds = int(await self._reserve(keys=keys, args=limit))
        except _OUTAGE as error:
            self._away_until = self._clock.now() + LEFT_ALONE
            log.warning("Redis is away (%s): each process keeps to the vendors' limits by itself", type(error).__name__)
            return
        await self._clock.sleep(min(timedelta(microseconds=microseconds), LONGEST_WAIT))

    async def aclose(self) -> None:
        """End the connection."""
        with suppress(*_OUTAGE):
            await self._redis.aclose()

    def _is_left_alone(self) -> bool:
        if self._away_until is None:
            return False
        now = self._clock.now()
        if self._away_until - LEFT_ALONE <= now < self._away_until:  # not after the clock was set back
            return True
        self._away_until = None
        return False

    def __repr__(self) -> str:
        """Hide the address: it may hold a password."""
        return "RedisPaces(…)"

"""What the ringing and the working side of the arq queue agree on: connection, encoding, names."""

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from jack.adapters.queue.wire import merge_key, name_of, pack
from jack.application.ports.jobs import Follow, Job, Sync

OUTAGE = (RedisError, OSError, TimeoutError)
"""What a command to Redis raises when Redis is not there, refuses or is too slow."""

SOCKET_PATIENCE = 5.0
"""Seconds that Redis may take to answer one command; arq sends none that blocks."""

BEGUN_FOR = timedelta(hours=1)
"""How long it is remembered that a job has begun; longer than any job may run."""


def connect(redis_url: str, queue: str) -> ArqRedis:
    """A client for one queue; it connects with its first command, and again after Redis was away.

    redis-py reads the address (unlike arq's own reading it decodes %-escapes in passwords) and its time limits keep a
    command to a silent host from waiting for ever.
    """
    pool: Any = ConnectionPool.from_url(
        redis_url,
        socket_timeout=SOCKET_PATIENCE,
        socket_connect_timeout=SOCKET_PATIENCE,
        socket_keepalive=True,
    )
    return ArqRedis(pool, job_serializer=encode, job_deserializer=decode, default_queue_name=queue)


async def begun(redis: ArqRedis, name: str, jobs: Sequence[Job]) -> list[str]:
    """For each job a word that changes whenever an equal job begins.

    arq drops a job whose id is waiting or running. Waiting is what merging means; running would lose the ring. So the
    word of the last beginning is part of the id, and a ring made after it gets an id that arq has not seen.

    A job that was claimed and has not begun may belong to a worker that died in between; arq keeps that id from all
    others for a minute and more. A ring does not wait for it, and is a job of its own.
    """
    found: list[bytes | None] = await redis.mget([_begun_key(name, job) for job in jobs])
    words = [word.decode() if word else "new" for word in found]
    claimed = await redis.mget(
        [f"{in_progress_key_prefix}{_job_id(name, job, word)}" for job, word in zip(jobs, words, strict=True)]
    )
    return [uuid.uuid4().hex if by else word for word, by in zip(words, claimed, strict=True)]


async def note_begin(redis: ArqRedis, name: str, job: Job) -> None:
    """A worker begins this job: from here on an equal ring is a new job."""
    await redis.set(_begun_key(name, job), uuid.uuid4().hex, ex=BEGUN_FOR)


async def enqueue(redis: ArqRedis, name: str, job: Job, word: str, wait: timedelta = timedelta(0)) -> None:
    """Hand one ring to arq; `word` is what `begun` said of the job."""
    # a delayed ring must not merge into one that runs earlier
    word = uuid.uuid4().hex if wait else word
    await redis.enqueue_job(
        name_of(job),
        _job_id=_job_id(name, job, word),
        # what asks the PMS has a queue of its own: it may take long, and guests must not wait behind it
        _queue_name=syncs_queue(name) if isinstance(job, Sync | Follow) else jobs_queue(name),
        _defer_by=wait,
        **pack(job),
    )


def jobs_queue(name: str) -> str:
    """The queue of everything that is short."""
    return f"{name}:jobs"


def syncs_queue(name: str) -> str:
    """The queue of the syncs, and of what PMSs pushed."""
    return f"{name}:syncs"


def _job_id(name: str, job: Job, word: str) -> str:
    return f"{name}:{merge_key(job)}:{word}"


def _begun_key(name: str, job: Job) -> str:
    return f"{name}:begun:{merge_key(job)}"


def _name_of_type(value: object) -> str:
    """arq encodes errors into results even where it keeps none; their texts may quote guests."""
    return type(value).__name__


_encoder = msgspec.msgpack.Encoder(enc_hook=_name_of_type)
encode: Callable[[dict[str, Any]], bytes] = _encoder.encode
"""What arq stores of a job or a result, as MessagePack: nothing that is read can run code, unlike pickle."""


def decode(data: bytes) -> dict[str, Any]:
    """The other way. Raises msgspec.DecodeError for anything that is not a table."""
    return msgspec.msgpack.decode(data, type=dict[str, Any])

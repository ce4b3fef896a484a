"""Jobs as they travel: a kind and plain fields, ids only."""

from typing import Any

import msgspec

from jack.application.ports.jobs import Answer, Deliver, Follow, Job, Receive, Sync

KINDS: dict[str, type[Job]] = {
    "receive": Receive,
    "answer": Answer,
    "deliver": Deliver,
    "sync": Sync,
    "follow": Follow,
}
"""Every kind of job by the name under which it travels."""

_NAMES = {kind: name for name, kind in KINDS.items()}


def name_of(job: Job) -> str:
    """The name under which a job travels."""
    return _NAMES[type(job)]


def pack(job: Job) -> dict[str, Any]:
    """The fields of a job in types that every encoding knows."""
    fields: dict[str, Any] = msgspec.to_builtins(job)
    return fields


def unpack(name: str, fields: dict[str, Any]) -> Job:
    """The job of that name. Raises ValueError for a name or fields that this version of Jack does not know."""
    try:
        return msgspec.convert(fields, KINDS[name])
    except (KeyError, msgspec.ValidationError) as error:
        raise ValueError(f"a job of kind {name} cannot be read") from error


def merge_key(job: Job) -> str:
    """The same text for equal jobs and for no others."""
    return ":".join([name_of(job), *(str(value) for value in pack(job).values() if value is not None)])

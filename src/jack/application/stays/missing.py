"""What Jack holds and a full reading did not find, and what it could not read before."""

from dataclasses import dataclass
from datetime import datetime

from jack.application.errors import ServiceRejected
from jack.application.ports.pms import Pms
from jack.application.ports.unit_of_work import UnitOfWork
from jack.application.stays.leased import LeasedWriter
from jack.application.stays.pages import in_words
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import RejectedRecord
from jack.domain.sync import rolling_period

SHARE = 0.1
"""At most this share of the stays may turn out missing in one run ..."""

AT_LEAST = 20
"""... but always so many, so that a small hotel can lose a few."""

RETRIED_RECORDS = 100
"""How many kept bad records a run tries again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Stays that a full reading did not find: to be asked for one by one, or `too_many` in a sentence for staff.

    A narrowed permission or half an outage looks like a hotel whose stays are gone; then nothing is marked.
    """

    suspects: tuple[ExternalRef, ...] = ()
    too_many: str | None = None


async def find_missing(uow: UnitOfWork, hotel: Hotel, system: str, seen: set[str], now: datetime) -> Missing:
    """Compare what Jack holds in the rolling period with the keys that a full reading of it has `seen`."""
    period = rolling_period(hotel.today(now))
    held = await uow.reservations.count_in(hotel.id, period)
    limit = max(AT_LEAST, int(held * SHARE))
    suspects: list[ExternalRef] = []
    async for ref in uow.reservations.refs_in(hotel.id, period):
        if ref.system == system and ref.key not in seen:
            suspects.append(ref)
            if len(suspects) > limit:
                return Missing(
                    too_many=f"more than {limit} of {held} stays are missing at the PMS; nothing was marked as gone, "
                    "because an outage or a narrowed permission looks the same. Check the PMS, then sync again"
                )
    return Missing(suspects=tuple(suspects))


async def mark_missing(writer: LeasedWriter, pms: Pms, seen: set[str]) -> None:
    """Mark as gone what a full reading did not find and the PMS does not have when it is asked for by name.

    Raises ServiceRejected when too many are missing, and what the PMS raises.
    """
    async with writer.begin() as uow:
        missing = await find_missing(uow, writer.hotel, pms.system, seen, writer.run.started_at)
    for ref in missing.suspects:
        await _read_one(writer, pms, ref)
    if missing.too_many:
        raise ServiceRejected(missing.too_many)


async def retry_rejected(writer: LeasedWriter, pms: Pms) -> None:
    """Try records that were bad in earlier runs once more; those of this run were only just tried.

    Raises what the PMS raises, except that a record which is still bad stays kept.
    """
    async with writer.begin() as uow:
        refs = await uow.sync.rejected_refs(writer.hotel.id, writer.run.started_at, RETRIED_RECORDS)
    for ref in refs:
        await _read_one(writer, pms, ref)


async def _read_one(writer: LeasedWriter, pms: Pms, ref: ExternalRef) -> None:
    try:
        snapshot = await pms.reservation(ref)
    except ServiceRejected as error:
        # without a raw form, so that the one that is kept stays
        await writer.rejected(RejectedRecord(kind="reservation", ref=ref, reason=in_words(error), raw=""))
        return
    if snapshot is None:
        await writer.gone(ref)
    else:
        await writer.record(snapshot)

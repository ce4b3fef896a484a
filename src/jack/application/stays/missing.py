"""What Jack holds and a full reading did not find, and what it could not read before."""

from jack.application.errors import ServiceRejected
from jack.application.ports.pms import Pms
from jack.application.stays.leased import LeasedWriter
from jack.application.stays.pages import in_words
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import RejectedRecord
from jack.domain.sync import MissingStays

SHARE = 0.1
"""At most this share of the stays may turn out missing in one run ..."""

AT_LEAST = 20
"""... or so many, so that a small hotel can lose a few, as long as they are fewer than half of its stays."""

AT_ONCE = 50
"""How many missing stays are looked up together, to be asked for one by one."""

RETRIED_RECORDS = 100
"""How many kept bad records a run tries again."""


async def mark_missing(
    writer: LeasedWriter, pms: Pms, period: StayPeriod, found_before: MissingStays | None
) -> MissingStays | None:
    """Mark as gone what a full reading of the period did not meet and the PMS does not have when asked for by name.

    A narrowed permission or half an outage looks like a hotel whose stays are gone. So when too many are missing,
    nothing is marked and they are returned for staff to look at; what staff confirmed of a run before is not too many.
    Raises what the PMS raises.
    """
    hotel_id = writer.hotel.id
    async with writer.begin() as uow:
        number = await uow.seen_stays.count_missing(hotel_id, pms.system, period)
        held = await uow.reservations.count_in(hotel_id, period)
    limit = limit_of(held)
    if found_before is not None and found_before.confirmed:
        limit = max(limit, found_before.number + AT_LEAST)
    if number > limit:
        return MissingStays(number=number, held=held, run_id=writer.run.id)
    while number:
        async with writer.begin() as uow:
            suspects = await uow.seen_stays.missing(hotel_id, pms.system, period, AT_ONCE)
        if not suspects:
            break
        for ref in suspects:
            await _read_one(writer, pms, ref)
        async with writer.begin() as uow:  # whatever the answers were, none is asked for again
            await writer.hold(uow)
            await uow.seen_stays.add(hotel_id, suspects)
            await uow.commit()
    return None


def limit_of(held: int) -> int:
    """How many of so many stays may be missing without anybody being asked; of a few stays one may always."""
    return max(1, min(AT_LEAST, (held - 1) // 2), int(held * SHARE))


def too_many(missing: MissingStays) -> str:
    """What staff read about it."""
    return (
        f"{missing.number} of {missing.held} stays are missing at the PMS, more than the {limit_of(missing.held)} that "
        "may be missing at once. Nothing was marked as gone: an outage or a narrowed permission looks the same. "
        "Check the PMS; if the hotel really has lost them, confirm it and a full sync marks them"
    )


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
        await writer.keeper.rejected(RejectedRecord(kind="reservation", ref=ref, reason=in_words(error), raw=""))
        return
    if snapshot is None:
        await writer.keeper.gone(ref)
    else:
        await writer.keeper.record(snapshot)

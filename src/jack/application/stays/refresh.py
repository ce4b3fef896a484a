"""Reading a stay again when what Jack holds is too old to stand on."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from jack.application.errors import ApplicationError
from jack.application.ports.clock import Clock
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import Pms
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.application.stays.apply import BAD_RECORD, apply_snapshots
from jack.domain.disclosure import KnownStay
from jack.domain.hotel import Hotel
from jack.domain.reservation import Reservation

TIME_LIMIT = timedelta(seconds=2)
"""How long a guest may wait for the PMS before Jack goes on with what it has."""


async def refreshed(
    begin: BeginUnitOfWork,
    pms: Pms,
    phones: PhoneReader,
    clock: Clock,
    hotel: Hotel,
    stays: Sequence[Reservation],
    confirmed_at: datetime | None,
) -> tuple[KnownStay, ...]:
    """These stays with their age; those in doubt or older than the hotel allows were read again, or are stale.

    `confirmed_at` is when Jack's copy last equalled the PMS. Never raises for failures outside.
    """
    now = clock.now()
    known = [KnownStay(reservation=stay, as_of=_confirmed(stay, confirmed_at)) for stay in stays]
    old = [s for s in known if s.as_of is None or s.reservation.doubt or now - s.as_of > hotel.max_age]
    if not old:
        return tuple(known)
    fresh: dict[str, KnownStay] = {}
    try:
        async with asyncio.timeout(TIME_LIMIT.total_seconds()):
            for stay in old:
                again = await _read_again(begin, pms, phones, clock, hotel, stay.reservation)
                if again is not None:
                    fresh[stay.reservation.id] = again
    except (ApplicationError, *BAD_RECORD, TimeoutError):
        pass  # the stays that could not be read again are marked below; the answer says that Jack is checking
    return tuple(_or_stale(stay, fresh, stay in old) for stay in known)


async def _read_again(
    begin: BeginUnitOfWork, pms: Pms, phones: PhoneReader, clock: Clock, hotel: Hotel, stay: Reservation
) -> KnownStay | None:
    snapshot = await pms.reservation(stay.ref)
    now = clock.now()
    async with begin() as uow:
        if snapshot is None:
            await uow.reservations.alone(hotel.id)
            await uow.reservations.mark_gone(hotel.id, [stay.ref], now)
        else:
            await apply_snapshots(uow, hotel, (snapshot,), (), phones, now)
        stored = await uow.reservations.get(hotel.id, stay.id)
        await uow.commit()
    return KnownStay(reservation=stored, as_of=now) if stored else None


def _or_stale(stay: KnownStay, fresh: dict[str, KnownStay], was_old: bool) -> KnownStay:
    if stay.reservation.id in fresh:
        return fresh[stay.reservation.id]
    return KnownStay(reservation=stay.reservation, as_of=stay.as_of, stale=was_old)


def _confirmed(stay: Reservation, confirmed_at: datetime | None) -> datetime | None:
    """When these facts were last known to be the PMS's own: a stay in doubt was not confirmed with the others."""
    instants = (stay.synced_at, None if stay.doubt else confirmed_at)
    return max((instant for instant in instants if instant is not None), default=None)

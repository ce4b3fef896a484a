"""Reading a stay again when what Jack holds is too old to stand on."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from jack.application.errors import ApplicationError
from jack.application.ports.clock import Clock
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import Pms
from jack.application.ports.pms_pages import ReservationPage
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.application.stays.apply import BAD_RECORD
from jack.application.stays.pages import PageKeeper
from jack.domain.disclosure import KnownStay
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef, HotelId
from jack.domain.reservation import Reservation

log = logging.getLogger(__name__)

TIME_LIMIT = timedelta(seconds=2)
"""How long a guest may wait for the PMS before Jack goes on with what it has."""

LONGEST_READING = timedelta(seconds=15)
"""How long a reading goes on for those who ask next, after nobody waits for it any more."""

_Readings = dict[tuple[HotelId, ExternalRef], "asyncio.Task[KnownStay | None]"]

_under_way: WeakKeyDictionary[Pms, _Readings] = WeakKeyDictionary()
"""What this process is reading again now: whoever wants the same stay meanwhile waits for the same reading."""


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

    `confirmed_at` is when Jack's copy last equalled the PMS. Each stay stands for itself: one that cannot be read makes
    no other one stale. A reading that takes too long goes on by itself, so that nothing is given up while it is being
    written. Never raises for failures outside.
    """
    now = clock.now()
    known = [KnownStay(reservation=stay, as_of=_confirmed(stay, confirmed_at)) for stay in stays]
    old = [s for s in known if s.as_of is None or s.reservation.doubt or now - s.as_of > hotel.max_age]
    if not old:
        return tuple(known)
    keeper = PageKeeper(begin, phones, clock, hotel, pms.system)
    readings = {stay.reservation.id: _reading(keeper, pms, stay.reservation) for stay in old}
    await asyncio.wait(readings.values(), timeout=TIME_LIMIT.total_seconds())
    return tuple(_or_stale(stay, readings.get(stay.reservation.id)) for stay in known)


def _reading(keeper: PageKeeper, pms: Pms, stay: Reservation) -> "asyncio.Task[KnownStay | None]":
    """The reading of that stay that is under way, or a new one."""
    readings = _under_way.setdefault(pms, {})
    which = (keeper.hotel.id, stay.ref)
    if which not in readings:
        task = asyncio.create_task(_read_again(keeper, pms, stay))
        readings[which] = task
        task.add_done_callback(lambda _: readings.pop(which, None))
    return readings[which]


async def _read_again(keeper: PageKeeper, pms: Pms, stay: Reservation) -> KnownStay | None:
    """The stay as the PMS has it now, and as Jack holds it from now on; None when it could not be read or kept."""
    with suppress(ApplicationError, *BAD_RECORD, TimeoutError):
        asked_at = keeper.clock.now()
        async with asyncio.timeout(LONGEST_READING.total_seconds()):
            snapshot = await pms.reservation(stay.ref)
        page = ReservationPage(gone=(stay.ref,)) if snapshot is None else ReservationPage(reservations=(snapshot,))
        if (snapshot is None or snapshot.modified_at is None) and await _was_read_since(keeper, stay, asked_at):
            page = ReservationPage()  # without a version, the later reading is the newer one
        await keeper.page(page)
        async with keeper.begin() as uow:
            stored = await uow.reservations.get(keeper.hotel.id, stay.id)
        if stored is not None and (stored.doubt is None or stored.gone_at is not None):
            return KnownStay(reservation=stored, as_of=keeper.clock.now())
    return None


async def _was_read_since(keeper: PageKeeper, stay: Reservation, instant: datetime) -> bool:
    async with keeper.begin() as uow:
        held = await uow.reservations.get(keeper.hotel.id, stay.id)
    return held is not None and held.synced_at is not None and held.synced_at > instant


def _or_stale(stay: KnownStay, reading: "asyncio.Task[KnownStay | None] | None") -> KnownStay:
    if reading is None:
        return stay
    again: KnownStay | None = None
    if reading.done() and not reading.cancelled():
        error = reading.exception()
        if error is None:
            again = reading.result()
        else:  # a bug; the guest is answered all the same
            log.error("stay.not_read_again", extra={"error": type(error).__name__})
    return again or KnownStay(reservation=stay.reservation, as_of=stay.as_of, stale=True)


def _confirmed(stay: Reservation, confirmed_at: datetime | None) -> datetime | None:
    """When these facts were last known to be the PMS's own: a stay in doubt was not confirmed with the others."""
    instants = (stay.synced_at, None if stay.doubt else confirmed_at)
    return max((instant for instant in instants if instant is not None), default=None)

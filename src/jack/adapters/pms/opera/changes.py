"""What changed: OPERA cannot be asked for it, so Jack follows its events and compares what it lists by date."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

from jack.adapters.pms.opera.bydates import ByDates
from jack.adapters.pms.opera.details import Versions
from jack.adapters.pms.opera.events import EventQueue
from jack.adapters.pms.opera.hotel import OperaHotel
from jack.adapters.pms.opera.named import NamedRecords
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.reservation import StayPeriod
from jack.domain.sync import SyncWindow, rolling_period

YESTERDAY = timedelta(days=1)
SOON = timedelta(days=14)
"""Stays of the next days are compared in every run, even where events come: they are the ones that guests live by."""


class Changes:
    """Reads changes from the queue of business events and from the stays' dates."""

    def __init__(self, queue: EventQueue, named: NamedRecords, dates: ByDates, hotel: OperaHotel) -> None:
        self._queue = queue
        self._named = named
        self._dates = dates
        self._hotel = hotel

    async def __call__(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """Everything that changed since the window began, and perhaps more.

        Events are kept as they came before anything else, and forgotten when what they name is durable. Where no queue
        is set up, none has proven itself, or it may have lost something, all stays from yesterday to the end of the
        rolling period are compared by their search rows; otherwise those of the next days.
        """
        drained = await self._queue.drain()
        versions: Versions = {}
        unsettled = drained.may_have_lost
        while True:
            ids, hints = await self._queue.kept()
            if not ids:
                break
            if hints.unknown:
                yield ReservationPage(unknown=hints.unknown)
            async with aclosing(self._named(hints, versions)) as pages:
                async for page in pages:
                    yield page
            if hints.changes:
                unsettled = True
                self._hotel.forget_today()
                await self._queue.distrust()
            await self._queue.drop(ids)
        today = await self._hotel.today()
        whole = unsettled or not drained.is_proven
        last = rolling_period(today).departure if whole else today + SOON
        period = StayPeriod(arrival=today - YESTERDAY, departure=last)
        async with aclosing(self._dates.differing(period, window.since, versions)) as pages:
            async for page in pages:
                yield page
        if unsettled:
            await self._queue.settle()

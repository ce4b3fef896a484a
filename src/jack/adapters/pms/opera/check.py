"""The connection test: what a hotelier must do, in sentences."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from jack.adapters.http import Answer
from jack.adapters.pms.opera.api import OperaApi, refusal_of
from jack.adapters.pms.opera.details import Details
from jack.adapters.pms.opera.events import EventQueue
from jack.adapters.pms.opera.hotel import CONTEXT_PATH, OperaHotel
from jack.adapters.pms.opera.rooms import ROOMS_PATH
from jack.adapters.pms.opera.search import Search
from jack.adapters.pms.opera.search_guests import PROFILES_PATH
from jack.adapters.pms.opera.tasks import REQUESTS_PATH
from jack.adapters.vendor_api.caller import ONCE
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms import ConnectionReport, PmsHotel

MOST_SKEW = timedelta(minutes=1)

AHEAD = timedelta(days=30)
"""Where the test looks for a stay that it can try to read."""


class ConnectionTest:
    """Tries what a sync does, each call once."""

    def __init__(
        self,
        api: OperaApi,
        hotel: OperaHotel,
        details: Details,
        search: Search,
        queue: EventQueue,
        clock: Clock,
        *,
        task_code: str | None,
    ) -> None:
        self._api = api
        self._hotel = hotel
        self._details = details
        self._search = search
        self._queue = queue
        self._clock = clock
        self._task_code = task_code

    async def __call__(self) -> ConnectionReport:
        """The report. Never raises for outside failures."""
        hotel: PmsHotel | None = None
        try:
            skew = self._skew(await self._context())
            hotel = await self._hotel.described(ONCE)
            await self._modules()
            notes = [*self._remarks(hotel), *await self._events()]
        except OutsideFailure as failure:
            return ConnectionReport(summary="The connection to OPERA fails.", problem=_advice(failure), hotel=hotel)
        summary = f"OPERA answers for {hotel.name} (hotel {hotel.key}, business date {await self._hotel.today()})."
        return ConnectionReport(summary=summary, problem=skew, hotel=hotel, notes=tuple(notes))

    async def _context(self) -> Answer:
        """Whether the hotel is Jack's: OPERA refuses another one in several ways."""
        answer = await self._api.answer(CONTEXT_PATH, [], ONCE)
        if answer.status in (204, 400, 403, 404):
            raise ServiceDenied(
                f"OPERA answered {answer.status} for the hotel {self._hotel.key!r}: set hotel_id in jack.toml to the "
                "hotel's code in OPERA, see that the environment has this hotel and that the integration user may use "
                "it, and that the application has the module Enterprise Configuration (entcfg)"
            )
        return answer

    async def _modules(self) -> None:
        """Every module that a sync needs, with as little asked for as possible."""
        today = await self._hotel.today()
        day = today.isoformat()
        few = [("limit", "1"), ("offset", "0")]
        asked = [
            (PROFILES_PATH, [("profileType", "Guest"), ("profileName", "Jack"), *few]),
            (ROOMS_PATH, few),
        ]
        if self._task_code is not None:
            dates = [("creationStartDate", day), ("creationEndDate", day)]
            asked.append((REQUESTS_PATH, [("code", self._task_code), *dates]))
        for path, params in asked:
            refused = refusal_of(await self._api.answer(path, params, ONCE), path)
            if refused is not None:
                raise refused
        ahead = [("departureStartDate", day), ("departureEndDate", (today + AHEAD).isoformat())]
        # what may be searched may perhaps not be read: OPERA decides for each call
        for row in (await self._search.some(ahead, ONCE)).rows[:1]:
            await self._details.try_once(row.key)

    async def _events(self) -> list[str]:
        code = self._queue.external_system
        if not await self._queue.is_remembered():
            return ["The queue of business events was not tried, because Jack's database does not answer."]
        answer = await self._queue.try_once()
        if answer.ok:
            return []
        return [
            f"OPERA has no queue of business events for the external system {code!r} (it answered {answer.status}), so "
            "Jack searches all stays by date in every sync. To hear of changes at once, make in OPERA an external "
            f"system {code!r} with an external database for this hotel, and configure the business events of the "
            "modules Reservation and Profile for it; or set external_system in jack.toml to the one that is there."
        ]

    def _remarks(self, hotel: PmsHotel) -> list[str]:
        if hotel.time_zone is not None:
            return []
        return ["OPERA does not say its time zone in a form that Jack knows: see that time_zone in jack.toml is right."]

    def _skew(self, answer: Answer) -> str | None:
        """A problem when this machine's clock and OPERA's differ: tokens would end at the wrong time."""
        theirs = _date_of(answer)
        if theirs is None or abs(theirs - self._clock.now()) <= MOST_SKEW:
            return None
        behind = theirs > self._clock.now()
        seconds = abs(theirs - self._clock.now()) // timedelta(seconds=1)
        return (
            f"This machine's clock is {seconds} seconds {'behind' if behind else 'ahead of'} OPERA's: "
            "let the machine set its clock by the network (NTP)."
        )


def _advice(failure: OutsideFailure) -> str:
    if isinstance(failure, ServiceDenied):
        return str(failure)
    if isinstance(failure, ServiceRejected):
        return f"{failure}: check base_url in jack.toml, and Jack's version"
    return f"{failure}. Check base_url in jack.toml and the network, then try again"


def _date_of(answer: Answer) -> datetime | None:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)

"""What guests wished for when they booked (`specialRequests`), which Cloudbeds tells of one guest at a time.

One call for each guest would make the first load of a busy hotel take hours. So the question is asked for stays that
may concern somebody now: in house, or arriving within a week. Others come into that span by themselves, and the daily
full reading brings their wishes then. A small hotel is asked about everybody who is still to come.
"""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from jack.adapters.pms.cloudbeds.bookings import Reference
from jack.adapters.pms.cloudbeds.fields import FieldBook
from jack.adapters.pms.cloudbeds.guests import guest_alone, merged_into
from jack.adapters.pms.cloudbeds.payloads import is_true, text
from jack.adapters.pms.cloudbeds.people import CloudbedsPeople
from jack.application.errors import ServiceRejected
from jack.application.ports.clock import Clock
from jack.domain.reservation import ReservationStatus
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot

log = logging.getLogger(__name__)

AHEAD = timedelta(days=7)

_LIVE = (ReservationStatus.CHECKED_IN, ReservationStatus.CONFIRMED, ReservationStatus.TENTATIVE)

REMEMBERED = 1_000
FRESH = timedelta(minutes=5)
"""How many answers are remembered, and for how long: the parts of one long reading overlap."""


class Wishes:
    """Adds to stays what their guests wished for, and follows guests who were merged into others."""

    def __init__(self, people: CloudbedsPeople, clock: Clock, is_small: Callable[[], Awaitable[bool]]) -> None:
        self._people = people
        self._is_small = is_small
        self._clock = clock
        self._told: OrderedDict[_Question, tuple[datetime, _Told]] = OrderedDict()

    async def added(
        self, stays: Sequence[ReservationSnapshot], reference: Reference
    ) -> tuple[ReservationSnapshot, ...]:
        """The same stays, in the same order. Raises the three words."""
        done: list[ReservationSnapshot] = []
        for stay in stays:
            if not _is_to_come(stay, reference.today) or not (
                stay.period.arrival <= reference.today + AHEAD or await self._is_small()
            ):
                done.append(stay)
                continue
            instead, wish = await self._remembered((stay.guest, stay.modified_at), reference.fields)
            wishes = tuple(dict.fromkeys((*((wish,) if wish else ()), *stay.special_requests)))
            if instead is not None or wishes != stay.special_requests:
                stay = replace(stay, guest=instead or stay.guest, special_requests=wishes)  # noqa: PLW2901
            done.append(stay)
        return tuple(done)

    async def _remembered(self, question: "_Question", fields: FieldBook) -> "_Told":
        """What was told of that guest a moment ago, as long as neither they nor their booking changed since."""
        now = self._clock.now()
        held = self._told.get(question)
        if held is not None and now < held[0]:
            return held[1]
        told = await self._ask(question[0].ref.key, fields)
        self._told[question] = (now + FRESH, told)
        self._told.move_to_end(question)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return told

    async def _ask(self, key: str, fields: FieldBook) -> "_Told":
        """Who the guest has become, None for nobody else, and what they wished for."""
        try:
            found = await self._people.one(key)
        except ServiceRejected as error:  # one guest of another form must not cost the whole reading
            log.warning("cloudbeds.wishes_not_told", extra={"reason": str(error)})
            return None, ""
        if found is None:
            return None, ""
        wish = "" if is_true(found.is_anonymized) else text(found.special_requests)
        if merged_into(found) is None:
            return None, wish
        last, key = await self._people.followed(found, key)
        return guest_alone(last, key, fields), wish or text(last.special_requests)


_Question = tuple[GuestSnapshot, datetime | None]
_Told = tuple[GuestSnapshot | None, str]


def _is_to_come(stay: ReservationSnapshot, today: date) -> bool:
    """Whether the guest is in the house or yet to arrive."""
    return stay.status in _LIVE and today <= stay.period.departure

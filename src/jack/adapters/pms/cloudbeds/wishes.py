"""What guests wished for when they booked (`specialRequests`), which Cloudbeds tells of one guest at a time.

One call for each guest would make the first load of a busy hotel take hours. So the question is asked for stays that
may concern somebody now: in house, or arriving within a week. Others come into that span by themselves, and the daily
full reading brings their wishes then.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from jack.adapters.pms.cloudbeds.fields import FieldBook
from jack.adapters.pms.cloudbeds.guests import guest_alone, merged_into
from jack.adapters.pms.cloudbeds.payloads import is_true, text
from jack.adapters.pms.cloudbeds.people import CloudbedsPeople
from jack.domain.reservation import ReservationStatus
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot

AHEAD = timedelta(days=7)

_LIVE = (ReservationStatus.CHECKED_IN, ReservationStatus.CONFIRMED, ReservationStatus.TENTATIVE)

_REMEMBERED = 500


class Wishes:
    """Adds to stays what their guests wished for, and follows guests who were merged into others."""

    def __init__(self, people: CloudbedsPeople) -> None:
        self._people = people

    async def added(
        self, stays: Sequence[ReservationSnapshot], today: date, fields: FieldBook
    ) -> tuple[ReservationSnapshot, ...]:
        """The same stays, in the same order; each guest among them is asked for once. Raises the three words."""
        asked: OrderedDict[str, tuple[GuestSnapshot | None, str]] = OrderedDict()
        done: list[ReservationSnapshot] = []
        for stay in stays:
            if not _concerns(stay, today):
                done.append(stay)
                continue
            key = stay.guest.ref.key
            if key not in asked:
                asked[key] = await self._ask(key, fields)
                if len(asked) > _REMEMBERED:
                    asked.popitem(last=False)
            instead, wish = asked[key]
            wishes = tuple(dict.fromkeys((*((wish,) if wish else ()), *stay.special_requests)))
            if instead is not None or wishes != stay.special_requests:
                stay = replace(stay, guest=instead or stay.guest, special_requests=wishes)  # noqa: PLW2901
            done.append(stay)
        return tuple(done)

    async def _ask(self, key: str, fields: FieldBook) -> tuple[GuestSnapshot | None, str]:
        """Who the guest has become, None for nobody else, and what they wished for."""
        found = await self._people.one(key)
        if found is None:
            return None, ""
        wish = "" if is_true(found.is_anonymized) else text(found.special_requests)
        if merged_into(found) is None:
            return None, wish
        last, key = await self._people.followed(found, key)
        return guest_alone(last, key, fields), wish or text(last.special_requests)


def _concerns(stay: ReservationSnapshot, today: date) -> bool:
    period = stay.period
    return stay.status in _LIVE and period.arrival <= today + AHEAD and today <= period.departure

"""What Jack holds and a full reading did not find."""

from dataclasses import dataclass
from datetime import datetime

from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef
from jack.domain.sync import rolling_period

SHARE = 0.1
"""At most this share of the stays may turn out missing in one run ..."""

AT_LEAST = 20
"""... but always so many, so that a small hotel can lose a few."""


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

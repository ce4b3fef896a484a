"""What Jack did not understand of a hotel's PMS, in one sentence for `jack doctor`."""

from datetime import datetime

from jack.application.ports.stays_views import StaysViews
from jack.domain.ids import HotelId

NAMED = 5
"""Unknown words that are named; the API and the dashboard show all."""


async def not_understood(views: StaysViews, hotel_id: HotelId, now: datetime) -> str | None:
    """None when everything was understood. It is no fault that stops Jack, but worth a look.

    Raises the outside words when the database cannot be asked.
    """
    state = await views.sync_state(hotel_id, now)
    said = []
    if state.rejected:
        said.append(f"{_many(state.rejected, 'record')} could not be used")
    if state.unknown:
        words = (await views.unknown_values(hotel_id, limit=NAMED)).items
        named = ", ".join(f"{word.field} {word.value!r}" for word in words)
        more = ", ..." if state.unknown > len(words) else ""
        said.append(f"{_many(state.unknown, 'word')} not known to Jack ({named}{more})")
    if state.unreadable_notices:
        said.append(f"{_many(state.unreadable_notices, 'push', 'pushes')} could not be understood")
    return f"{'; '.join(said)}: see the page Sync of the dashboard" if said else None


def _many(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"

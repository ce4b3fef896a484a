"""The state of the demo hotel's rooms, as it follows from who lived in them lately."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jack.adapters.pms.mock.course import ROOM_READY, Dice
from jack.adapters.pms.mock.house import OUT_OF_ORDER, ROOM_TYPES
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import RoomSnapshot

_INSPECTION = timedelta(minutes=20)


def room_states(
    lived_in: Sequence[tuple[str, datetime, datetime]], now: datetime, zone: ZoneInfo
) -> tuple[RoomSnapshot, ...]:
    """Every room by number; `lived_in` are (room, from, until) of the last days."""
    spans: dict[str, list[tuple[datetime, datetime]]] = {room: [] for room in ROOM_TYPES}
    for room, begin, end in lived_in:
        if begin <= now:
            spans[room].append((begin, end))
    return tuple(_state(room, max(spans[room], default=None), now, zone) for room in sorted(ROOM_TYPES))


def _state(room: str, last: tuple[datetime, datetime] | None, now: datetime, zone: ZoneInfo) -> RoomSnapshot:
    occupied = last is not None and now < last[1]
    if room == OUT_OF_ORDER:
        housekeeping = Housekeeping.OUT_OF_ORDER
    elif last is None:
        housekeeping = Housekeeping.INSPECTED
    elif occupied:
        housekeeping = _while_lived_in(room, last[0], now, zone)
    else:
        housekeeping = _after_check_out(room, last[1], now)
    return RoomSnapshot(
        number=room,
        room_type=ROOM_TYPES[room],
        occupancy=Occupancy.OCCUPIED if occupied else Occupancy.VACANT,
        housekeeping=housekeeping,
    )


def _while_lived_in(room: str, since: datetime, now: datetime, zone: ZoneInfo) -> Housekeeping:
    """Clean on the day of check-in; on every other day used since the morning and made up again by the afternoon."""
    today = now.astimezone(zone).date()
    if since.astimezone(zone).date() == today:
        return Housekeeping.CLEAN
    morning = datetime.combine(today, time(7), tzinfo=zone).astimezone(UTC)
    made_up = morning + timedelta(minutes=150 + Dice(room, today).below(330))
    return Housekeeping.DIRTY if morning <= now < made_up else Housekeeping.CLEAN


def _after_check_out(room: str, left: datetime, now: datetime) -> Housekeeping:
    cleaned = left + ROOM_READY - timedelta(minutes=Dice(room, left).below(40))
    if now < cleaned:
        return Housekeeping.DIRTY
    return Housekeeping.CLEAN if now < cleaned + _INSPECTION else Housekeeping.INSPECTED

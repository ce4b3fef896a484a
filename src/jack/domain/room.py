"""Room: a room of the hotel with its state as the PMS reported it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jack.domain.ids import HotelId


class Occupancy(StrEnum):
    """Whether somebody lives in the room now."""

    VACANT = "vacant"
    OCCUPIED = "occupied"


class Housekeeping(StrEnum):
    """The state of the room itself."""

    CLEAN = "clean"
    DIRTY = "dirty"
    INSPECTED = "inspected"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room; `occupancy` and `housekeeping` are None where the PMS does not say."""

    hotel_id: HotelId
    number: str
    room_type: str | None
    occupancy: Occupancy | None
    housekeeping: Housekeeping | None
    synced_at: datetime | None = field(default=None, compare=False)

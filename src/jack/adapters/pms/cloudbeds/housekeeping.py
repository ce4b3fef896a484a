"""Asking for the rooms and for what housekeeping says of them today."""

from dataclasses import dataclass

from jack.adapters.pms.cloudbeds.answers import ListReader
from jack.adapters.pms.cloudbeds.api import CloudbedsApi
from jack.adapters.pms.cloudbeds.payloads import Listed, RoomCare, RoomOfHotel, RoomsOfProperty, each, text
from jack.adapters.pms.cloudbeds.rooms import list_rooms, read_rooms
from jack.application.ports.pms_pages import RoomList
from jack.domain.snapshot import RejectedRecord

ROOMS_SIZE = 100
CARE_SIZE = 100


class CloudbedsRooms:
    """Every method raises the three words."""

    def __init__(self, api: CloudbedsApi, property_id: str) -> None:
        self._api = api
        self._property_id = property_id

    async def all(self) -> RoomList:
        """Every room with its state.

        No dates are asked with: they would turn the question into one for rooms without a guest.
        """
        rooms: dict[str, RoomOfHotel] = {}
        bad: dict[str, RejectedRecord] = {}
        doors = self._api.pages("getRooms", {"propertyIDs": self._property_id}, self._read_rooms, ROOMS_SIZE)
        async for page in doors:
            rooms |= {text(room.room_id) or f"name {text(room.room_name)}": room for room in page.rooms}
            bad |= {record.raw: record for record in page.bad}
        care: list[RoomCare] = []
        states = self._api.pages("getHousekeepingStatus", {"propertyID": self._property_id}, _read_care, CARE_SIZE)
        async for state in states:
            care += state.rooms
        return list_rooms(rooms.values(), care, bad.values())

    def _read_rooms(self, body: bytes) -> "_RoomPage":
        """The rooms of one answer; its counts are of properties, so only a page with nothing new is the last one."""
        mine = [found for found in _PROPERTIES(body).good if text(found.property_id) in ("", self._property_id)]
        raws = [bytes(raw) for found in mine for raw in each(found.rooms)]
        good, bad = read_rooms(raws)
        return _RoomPage(rooms=tuple(good), bad=tuple(bad), count=len(raws))


@dataclass(frozen=True, slots=True, kw_only=True)
class _RoomPage:
    rooms: tuple[RoomOfHotel, ...]
    bad: tuple[RejectedRecord, ...]
    count: int
    total: int | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(text(room.room_id) for room in self.rooms if text(room.room_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class _CarePage:
    rooms: tuple[RoomCare, ...]
    count: int
    total: int | None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(text(room.room_id) for room in self.rooms if text(room.room_id))


def _read_care(body: bytes) -> _CarePage:
    records = _CARE(body)
    return _CarePage(rooms=records.good, count=records.count, total=records.total)


_PROPERTIES: ListReader[RoomsOfProperty] = ListReader(Listed[RoomsOfProperty], RoomsOfProperty)
_CARE: ListReader[RoomCare] = ListReader(Listed[RoomCare], RoomCare)

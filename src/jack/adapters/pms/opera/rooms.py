"""From OPERA's housekeeping board to rooms."""

import msgspec

from jack.adapters.pms.opera.api import OperaApi
from jack.adapters.pms.opera.payloads import Flag, Number, Payload, Text
from jack.adapters.pms.opera.values import SYSTEM, Unknowns, count, flag, may_go_on, text, word
from jack.adapters.vendor_api.records import Unreadable, each_readable, present
from jack.application.ports.pms_pages import RoomList
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import RejectedRecord, RoomSnapshot

ROOMS_PATH = "/hsk/v1/hotels/{hotel}/housekeepingOverview"

STATES = {
    "clean": Housekeeping.CLEAN,
    "dirty": Housekeeping.DIRTY,
    "pickup": Housekeeping.DIRTY,
    "inspected": Housekeeping.INSPECTED,
    "outoforder": Housekeeping.OUT_OF_ORDER,
    "outofservice": Housekeeping.OUT_OF_ORDER,
}
"""A room to pick up was used and is not ready; one out of service could be sold, but nobody is sent there."""

OCCUPANCIES = {"vacant": Occupancy.VACANT, "occupied": Occupancy.OCCUPIED}

_MOST_PAGES = 500


class _Status(Payload, frozen=True, gc=False):
    housekeeping_room_status: str | None = None
    front_office_status: str | None = None


class _State(Payload, frozen=True, gc=False):
    housekeeping_room_status: _Status | None = None


class _Type(Payload, frozen=True, gc=False):
    room_type: Text = None
    pseudo_room: Flag = None


class _Room(Payload, frozen=True, gc=False):
    room_id: Text = None
    room_number: Text = None
    room_type: _Type | None = None
    housekeeping: _State | None = None


class _Rooms(Payload, frozen=True, gc=False):
    room: list[msgspec.Raw] | None = None


class _Page(Payload, frozen=True, gc=False):
    housekeeping_rooms: _Rooms | None = None
    total_results: Number = None
    has_more: Flag = None


class _Board(Payload, frozen=True, gc=False):
    housekeeping_room_info: _Page | None = None


_BOARD = msgspec.json.Decoder(_Board, strict=False)
_ROOM = msgspec.json.Decoder(_Room, strict=False)


async def read_rooms(api: OperaApi, page_size: int) -> RoomList:
    """Every room. A board that shifted while it was read is read once more."""
    found, shifted = await _read_board(api, page_size)
    return (await _read_board(api, page_size))[0] if shifted else found


async def _read_board(api: OperaApi, page_size: int) -> tuple[RoomList, bool]:
    unknown = Unknowns()
    rooms: dict[str, RoomSnapshot] = {}
    bad: list[RejectedRecord] = []
    total: int | None = None
    offset, shifted = 0, False
    for _ in range(_MOST_PAGES):
        params = [("limit", str(page_size)), ("offset", str(offset))]
        page = await api.found(ROOMS_PATH, params, lambda body: _BOARD.decode(body).housekeeping_room_info)
        raws = (page.housekeeping_rooms.room if page is not None and page.housekeeping_rooms else None) or []
        if page is None or not raws:
            break
        good, rejects = each_readable(
            "room", SYSTEM, raws, _ROOM.decode, lambda room: _snapshot(room, unknown), lambda record: record["roomId"]
        )
        found = [room for room in good if room is not None]
        told = count(page.total_results)
        if found and total == told and all(rooms.get(room.number) == room for room in found):
            break  # the page that was there before: nothing new will come
        shifted |= any(room.number in rooms for room in found) or (offset > 0 and told != total)
        rooms |= {room.number: room for room in found}
        bad += rejects
        total = told
        offset += len(raws)
        if not may_go_on(page.has_more, total, offset):
            break
    return RoomList(rooms=tuple(rooms.values()), rejected=tuple(bad), unknown=unknown.all()), shifted


def _snapshot(room: _Room, unknown: Unknowns) -> RoomSnapshot | None:
    """One room; None for a posting master, which is no room."""
    kind = room.room_type
    if kind is not None and flag(kind.pseudo_room):
        return None
    number = text(room.room_id) or text(room.room_number)
    if number is None:
        raise Unreadable("the room has no number")
    status = room.housekeeping.housekeeping_room_status if room.housekeeping is not None else None
    state = present(status.housekeeping_room_status) if status is not None else None
    occupancy = present(status.front_office_status) if status is not None else None
    if state is not None and word(state) not in STATES:
        unknown.note("room.housekeeping", state)
    if occupancy is not None and word(occupancy) not in OCCUPANCIES:
        unknown.note("room.occupancy", occupancy)
    return RoomSnapshot(
        number=number,
        room_type=text(kind.room_type) if kind is not None else None,
        occupancy=OCCUPANCIES.get(word(occupancy)),
        housekeeping=STATES.get(word(state)),
    )

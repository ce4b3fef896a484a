"""Rooms with their state."""

from collections.abc import Collection, Iterable
from contextlib import aclosing
from datetime import timedelta

from jack.adapters.pms.mews.api import MewsApi, interval
from jack.adapters.pms.mews.extras import ACTIVE, Extras
from jack.adapters.pms.mews.library import Library
from jack.adapters.pms.mews.listing import BLOCKS, RESOURCES
from jack.adapters.pms.mews.payloads import Block, Resource, is_so
from jack.adapters.pms.mews.reference import Reference
from jack.adapters.pms.mews.stays import Stays
from jack.adapters.pms.mews.together import together
from jack.adapters.pms.mews.words import ROOM_STATES, STARTED
from jack.adapters.vendor_api.records import present
from jack.application.ports.clock import Clock
from jack.application.ports.pms_pages import RoomList
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import RejectedRecord, RoomSnapshot, UnknownValue

LATE = timedelta(days=2)
"""For how long after its planned end a stay may go on before its room counts as vacant."""

EARLY = timedelta(days=1)
"""How long before its planned beginning a stay may begin: Mews asks for the planned time, not for the one that came."""

SOON = timedelta(minutes=1)


class Rooms:
    """Reads the rooms of the lodging services."""

    def __init__(self, api: MewsApi, library: Library, stays: Stays, extras: Extras, clock: Clock) -> None:
        self._api = api
        self._library = library
        self._stays = stays
        self._extras = extras
        self._clock = clock

    async def all(self) -> RoomList:
        """Every room in use, as it is now."""
        resources: list[Resource] = []
        rejected: list[RejectedRecord] = []
        await self._library.reference()
        fields = self._library.here({"Extent": {"Resources": True, "Inactive": False}})
        async with aclosing(self._api.pages("resources/getAll", RESOURCES, fields)) as pages:
            async for page in pages:
                resources += page.records
                rejected += page.rejected
        reference = await self._library.knowing(resource.id for resource in resources)
        occupied, blocked = await together(self._occupied(reference), self._blocked())
        rooms = room_list(resources, reference, occupied=occupied, blocked=blocked)
        return RoomList(rooms=rooms.rooms, rejected=tuple(rejected), unknown=rooms.unknown)

    async def _occupied(self, reference: Reference) -> set[str]:
        """The rooms of the stays that are going on."""
        now = self._clock.now()
        found: set[str] = set()
        async with aclosing(self._stays.during(reference, ("CollidingUtc", now - LATE, now + EARLY))) as pages:
            async for _, page in pages:
                found |= {r.assigned_resource_id for r in page.records if r.state == STARTED and r.assigned_resource_id}
        return found

    async def _blocked(self) -> set[str]:
        """The rooms that are out of order now."""
        now = self._clock.now()
        fields = self._library.here({"CollidingUtc": interval(now, now + SOON), "ActivityStates": ACTIVE})
        blocks: list[Block] = await self._extras.if_allowed(
            "resourceBlocks/getAll", lambda: self._api.all("resourceBlocks/getAll", BLOCKS, fields), []
        )
        return {
            block.assigned_resource_id
            for block in blocks
            if block.assigned_resource_id and block.type == "OutOfOrder" and is_so(block.is_active, otherwise=True)
        }


def room_list(
    resources: Iterable[Resource], reference: Reference, *, occupied: Collection[str], blocked: Collection[str]
) -> RoomList:
    """The resources in which people sleep. A room is occupied as well when one of its beds is.

    What has no name yet is no room yet.
    """
    found = [r for r in resources if r.id in reference.types_of and is_so(r.is_active, otherwise=True)]
    taken = {r.parent_resource_id for r in found if r.id in occupied and r.parent_resource_id} | set(occupied)
    unknown: dict[UnknownValue, None] = dict.fromkeys(reference.unknown)
    rooms = []
    for resource in found:
        number = present(resource.name)
        if number is None:
            continue
        housekeeping = Housekeeping.OUT_OF_ORDER if resource.id in blocked else ROOM_STATES.get(resource.state or "")
        if present(resource.state) and resource.state not in ROOM_STATES:
            unknown[UnknownValue(field="resource.State", value=resource.state or "")] = None
        rooms.append(
            RoomSnapshot(
                number=number,
                room_type=reference.room_type(resource.id, None),
                occupancy=Occupancy.OCCUPIED if resource.id in taken else Occupancy.VACANT,
                housekeeping=housekeeping,
            )
        )
    return RoomList(rooms=tuple(rooms), unknown=tuple(unknown))

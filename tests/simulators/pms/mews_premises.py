"""What belongs to the house behind the simulator of Mews: services, room types, rooms and ages."""

from collections.abc import Iterator

from jack.domain.room import Housekeeping
from tests.simulators.pms.mews_truth import (
    ADULT,
    CHAIN,
    CHILD,
    MEETINGS,
    OPENED,
    PARKING,
    RESTAURANT,
    ROOM_STATES,
    STAY,
    Json,
    MewsTruth,
)


class MewsPremises(MewsTruth):
    """The records about the house itself."""

    def enterprise(self, key: str | None = None) -> Json:
        """The hotel itself; a dummy for a portfolio that nobody named a hotel of."""
        dummy = self.is_portfolio and key is None
        return {
            "Id": "enterprise-portfolio" if dummy else self.enterprise_id,
            "ChainId": CHAIN,
            "ChainName": "Chain",
            "CreatedUtc": OPENED,
            "UpdatedUtc": OPENED,
            "Name": "Portfolio" if dummy else self.name,
            "ShortName": None,
            "TimeZoneIdentifier": "Pacific/Auckland" if dummy else self.time_zone,
            "LegalEnvironmentCode": "PT",
            "AccommodationEnvironmentCode": "PT",
            "AccountingEnvironmentCode": "PT",
            "TaxEnvironmentCode": "PT",
            "DefaultLanguageCode": "en-GB",
            "AccountingEditableHistoryInterval": "P0M7DT0H0M0S",
            "OperationalEditableHistoryInterval": "P0M5DT0H0M0S",
            "EditableHistoryInterval": "P0M7DT0H0M0S",
            "Pricing": "Gross",
            "AddressId": "address",
            "Address": {"Id": "address", "City": "Lisboa", "CountryCode": "PT"},
            "GroupNames": [],
            "Subscription": {"TaxIdentifier": None},
            "Currencies": [{"Currency": "EUR", "IsDefault": True, "IsEnabled": True}],
            "IsPortfolio": dummy,
        }

    def _services(self) -> Iterator[Json]:
        for key, unit in ((STAY, "Day"), (PARKING, "Hour"), (MEETINGS, "Day"), (RESTAURANT, None)):
            data: Json = {"Discriminator": "Additional", "Value": {"Promotions": {}}}
            if unit:
                offsets = dict.fromkeys(("StartOffset", "OccupancyStartOffset"), "P0M0DT15H0M0S")
                offsets |= dict.fromkeys(("EndOffset", "OccupancyEndOffset"), "P0M0DT11H0M0S")
                data = {"Discriminator": "Bookable", "Value": {**offsets, "TimeUnitPeriod": unit, "TimeUnit": unit}}
            else:
                at = (
                    "BeforeCheckIn",
                    "AfterCheckIn",
                    "DuringStay",
                    "BeforeCheckOut",
                    "AfterCheckOut",
                    "DuringCheckOut",
                )
                data["Value"]["Promotions"] = dict.fromkeys(at, False)
            yield {
                "Id": key,
                "EnterpriseId": self.enterprise_id,
                "IsActive": True,
                "Names": {"en-GB": key},
                "Name": key,
                "Options": {"BillAsPackage": False},
                "Ordering": 0,
                "Data": data,
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
            }

    def _room_types(self) -> list[str]:
        told = [r.room_type for r in self.reservations.values()] + [r.room_type for r in self.rooms.values()]
        return list(dict.fromkeys(name for name in (*told, *self.booked_types.values()) if name))

    def _categories(self) -> Iterator[Json]:
        rooms = [(f"category-{name}", STAY, "Room", name) for name in self._room_types() or ["Standard"]]
        others = [
            ("category-parking", PARKING, "ParkingSpot", "Garage"),
            ("category-meeting", MEETINGS, "MeetingRoom", "Board room"),
        ]
        for key, service, kind, name in rooms + others:
            yield {
                "Id": key,
                "EnterpriseId": self.enterprise_id,
                "ServiceId": service,
                "IsActive": True,
                "Type": kind,
                "Names": {"pt-PT": f"{name} (pt)", "en-GB": name},
                "ShortNames": {"en-GB": name[:3]},
                "Descriptions": {},
                "Ordering": 1,
                "Capacity": 2,
                "ExtraCapacity": 0,
                "ExternalIdentifier": None,
            }

    def _spaces(self) -> Iterator[tuple[str, str | None, Housekeeping | None]]:
        seen = set()
        for room in self.rooms.values():
            seen.add(room.number)
            yield room.number, room.room_type, room.housekeeping
        for stay in self.reservations.values():
            if stay.room_number and stay.room_number not in seen:
                seen.add(stay.room_number)
                yield stay.room_number, stay.room_type, Housekeeping.CLEAN

    def _resources(self) -> Iterator[Json]:
        spaces = [
            (f"resource-{number}", number, ROOM_STATES.get(state or Housekeeping.CLEAN), True)
            for number, _, state in self._spaces()
        ]
        spaces += [("resource-P1", "P1", "Clean", True), ("resource-board", "Board room", "Clean", True)]
        for key, name, state, active in spaces:
            yield {
                "Id": key,
                "EnterpriseId": self.enterprise_id,
                "IsActive": active,
                "ParentResourceId": None,
                "Name": name,
                "State": state,
                "Descriptions": {},
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
                "Data": {"Discriminator": "Space", "Value": {"FloorNumber": "2", "LocationNotes": ""}},
                "ExternalNames": {},
                "Directions": {},
            }

    def _assignments(self) -> Iterator[Json]:
        pairs = [(number, kind) for number, kind, _ in self._spaces() if kind]
        pairs += [(r.room_number, r.room_type) for r in self.reservations.values() if r.room_number and r.room_type]
        named = [(f"resource-{number}", f"category-{kind}") for number, kind in dict.fromkeys(pairs)]
        for resource, category in [*named, ("resource-P1", "category-parking"), ("resource-board", "category-meeting")]:
            yield {
                "Id": f"{resource} is {category}",
                "IsActive": True,
                "ResourceId": resource,
                "CategoryId": category,
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
            }

    def _age_categories(self) -> Iterator[Json]:
        for key, word in ((ADULT, "Adult"), (CHILD, "Child")):
            yield {
                "Id": key,
                "ServiceId": STAY,
                "MinimalAge": None,
                "MaximalAge": None,
                "Names": {"en-GB": word},
                "ShortNames": None,
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
                "Classification": word,
                "IsActive": True,
            }

    def _blocks(self) -> Iterator[Json]:
        yield from self.blocks

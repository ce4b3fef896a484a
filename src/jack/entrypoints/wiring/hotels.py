"""The hotels of the configuration, as the stories ask for them."""

from collections.abc import Mapping
from datetime import time, timedelta

from jack.application.ports.hotels import Hotels
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId
from jack.entrypoints.settings import Settings
from jack.entrypoints.settings.schema import PmsSettings


class ConfiguredHotels(Hotels):
    """Hotels as they stood in `jack.toml` when the process started, with their sync's interval and overlap."""

    def __init__(self, hotels: tuple[Hotel, ...], timing: Mapping[HotelId, PmsSettings]) -> None:
        self._hotels = {hotel.id: hotel for hotel in hotels}
        self._timing = timing

    @classmethod
    def of(cls, settings: Settings) -> "ConfiguredHotels":
        """The hotels of these settings."""
        timing = {HotelId(hotel.id): hotel.pms for hotel in settings.hotels}
        return cls(settings.hotels_as_domain(), timing)

    def get(self, hotel_id: HotelId) -> Hotel | None:
        """The hotel, or None."""
        return self._hotels.get(hotel_id)

    def all(self) -> tuple[Hotel, ...]:
        """Every hotel, in the order of the configuration."""
        return tuple(self._hotels.values())

    def sync_interval(self, hotel_id: HotelId) -> timedelta:
        """From the start of one scheduled sync to the start of the next."""
        return self._timing[hotel_id].sync_interval

    def full_sync_at(self, hotel_id: HotelId) -> time:
        """When everything is read each night, by the hotel's clocks."""
        return self._timing[hotel_id].full_sync_at

    def sync_overlap(self, hotel_id: HotelId) -> timedelta:
        """How far before the cursor a sync reads again."""
        return self._timing[hotel_id].sync_overlap

"""Hotels: the properties that this Jack serves."""

from abc import abstractmethod
from datetime import time, timedelta
from typing import Protocol

from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId


class Hotels(Protocol):
    """The hotels of the configuration; the same for the whole life of the process."""

    @abstractmethod
    def get(self, hotel_id: HotelId) -> Hotel | None:
        """The hotel, or None when this Jack does not serve it."""

    @abstractmethod
    def all(self) -> tuple[Hotel, ...]:
        """Every hotel, in the order of the configuration."""

    @abstractmethod
    def sync_interval(self, hotel_id: HotelId) -> timedelta:
        """How long after the start of one scheduled sync the next begins."""

    @abstractmethod
    def full_sync_at(self, hotel_id: HotelId) -> time:
        """When everything is read each night, by the hotel's clocks."""

    @abstractmethod
    def sync_overlap(self, hotel_id: HotelId) -> timedelta:
        """How far before the cursor a sync reads again."""

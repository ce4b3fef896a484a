"""NotePreference, ForgetPreference: what staff know about a guest's wishes."""

from dataclasses import dataclass

from jack.application.errors import NotFound
from jack.application.ports.clock import Clock
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.errors import DomainError
from jack.domain.guest import Preference, Source
from jack.domain.ids import GuestId, HotelId, PreferenceId, new_id


@dataclass(frozen=True, slots=True)
class NotePreference:
    """Staff note a preference of a guest; no sync ever takes it away."""

    begin: BeginUnitOfWork
    clock: Clock

    async def __call__(self, hotel_id: HotelId, guest_id: GuestId, category: str, value: str) -> Preference:
        """The stored preference. Raises NotFound for an unknown guest, DomainError for empty words."""
        if not category.strip() or not value.strip():
            raise DomainError("a preference needs a category and a value")
        async with self.begin() as uow:
            if await uow.guests.get(hotel_id, guest_id) is None:
                raise NotFound("there is no such guest")
            preference = Preference(
                id=PreferenceId(new_id()),
                category=category.strip(),
                value=value.strip(),
                source=Source.STAFF,
                noted_at=self.clock.now(),
            )
            await uow.guests.add_preference(hotel_id, guest_id, preference)
            await uow.commit()
        return preference


@dataclass(frozen=True, slots=True)
class ForgetPreference:
    """Staff remove a preference that staff or the guest stated; what the PMS says can only go there."""

    begin: BeginUnitOfWork

    async def __call__(self, hotel_id: HotelId, guest_id: GuestId, preference_id: PreferenceId) -> None:
        """Raises NotFound when the guest has no such preference of that kind."""
        async with self.begin() as uow:
            if not await uow.guests.remove_preference(hotel_id, guest_id, preference_id):
                raise NotFound("there is no such preference, or it comes from the PMS and must be changed there")
            await uow.commit()

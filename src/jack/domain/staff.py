"""StaffMember: somebody of the hotel who may see and do things, according to a role."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jack.domain.errors import DomainError
from jack.domain.ids import HotelId, StaffId


class Role(StrEnum):
    """What a staff member may do; each role includes the ones before it."""

    VIEWER = "viewer"
    AGENT = "agent"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """True when somebody with this role may do what `other` may do."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody of the staff. `hotels` empty means every hotel of this Jack."""

    id: StaffId
    email: str
    name: str
    role: Role
    hotels: tuple[HotelId, ...] = ()
    created_at: datetime

    def __post_init__(self) -> None:
        local, at, host = self.email.partition("@")
        if not (local and at and host) or self.email != self.email.strip().lower():
            raise DomainError("a staff member needs an e-mail address in lower case")
        if not self.name.strip():
            raise DomainError("a staff member needs a name")

    def may_see(self, hotel_id: HotelId) -> bool:
        """True when this staff member works for that hotel."""
        return not self.hotels or hotel_id in self.hotels

"""Hotel: one property with its own clock, language and phone region."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jack.domain.errors import DomainError
from jack.domain.ids import HotelId

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_REGION = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotel:
    """One property. `facts` is what anyone may be told (Markdown): breakfast, Wi-Fi, parking, address."""

    id: HotelId
    name: str
    time_zone: str
    language: str
    phone_region: str
    facts: str = ""
    max_age: timedelta = timedelta(minutes=15)
    quiet_time: timedelta = timedelta(seconds=1)

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise DomainError(f"hotel id {self.id!r} must be lower-case letters, digits, '-' or '_'")
        if not self.name.strip():
            raise DomainError("a hotel needs a name")
        if not _REGION.fullmatch(self.phone_region):
            raise DomainError(f"phone region {self.phone_region!r} must be two capital letters, like PT")
        if not _LANGUAGE.fullmatch(self.language):
            raise DomainError(f"language {self.language!r} must be a language tag, like en or pt-BR")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise DomainError(f"time zone {self.time_zone!r} is not known, expected one like Europe/Lisbon") from error

    def local_time(self, now: datetime) -> datetime:
        """The wall clock at the hotel at the instant `now` (aware)."""
        if now.tzinfo is None:
            raise DomainError("an instant needs its time zone")
        return now.astimezone(ZoneInfo(self.time_zone))

    def today(self, now: datetime) -> date:
        """The hotel's own date at the instant `now`; stay dates are compared with this and nothing else."""
        return self.local_time(now).date()

    def last_instant_of(self, wall_time: time, now: datetime) -> datetime:
        """The last instant up to `now` at which the hotel's clocks showed `wall_time`, exactly one for each day.

        Where the clocks jump over it, it is the instant at which they would have shown it; where they show it twice,
        the first one counts.
        """
        today = self.local_time(now).date()
        zone = ZoneInfo(self.time_zone)
        instants = (
            datetime.combine(today - timedelta(days=back), wall_time, tzinfo=zone).astimezone(UTC) for back in (0, 1)
        )
        return next((instant for instant in instants if instant <= now), now)

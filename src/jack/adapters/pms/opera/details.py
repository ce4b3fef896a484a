"""Reading reservations one by one, with the profiles of everybody who stays: only together they are a whole stay."""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from jack.adapters.pms.opera.answers import Told, told_in
from jack.adapters.pms.opera.api import OperaApi
from jack.adapters.pms.opera.guests import guest_of
from jack.adapters.pms.opera.hotel import OperaHotel
from jack.adapters.pms.opera.languages import Languages
from jack.adapters.pms.opera.parallel import each
from jack.adapters.pms.opera.payloads import Profile, ProfileAnswer, ProfileInfos
from jack.adapters.pms.opera.reservations import Reference, page_of, people_in
from jack.adapters.pms.opera.values import SYSTEM, Unknowns, id_of
from jack.adapters.vendor_api.records import ref_of, rejected, why
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, UnknownValue

RESERVATION_PATH = "/rsv/v1/hotels/{hotel}/reservations/"
PROFILE_PATH = "/crm/v1/profiles/"

_OF_RESERVATION = (
    "Reservation",
    "Comments",
    "GuestComments",
    "Preferences",
    "Memberships",
    "GuestMemberships",
    "AccompanyingGuestProfile",
)
_OF_PROFILE = ("Profile", "Address", "Communication", "Membership", "Preference", "Comment")

_PROFILE = msgspec.json.Decoder(ProfileAnswer, strict=False)

Versions = dict[str, str]
"""Modification times of reservations that were read, as OPERA writes them, by key."""

MOST_VERSIONS = 5_000
"""Stays of one reading that are remembered at most, so that none is read twice for two reasons."""


class Details:
    """Reads whole stays and whole guests."""

    def __init__(self, api: OperaApi, hotel: OperaHotel, languages: Languages) -> None:
        self._api = api
        self._hotel = hotel
        self._languages = languages

    async def page(
        self,
        keys: Sequence[str],
        *,
        bad: Sequence[RejectedRecord] = (),
        total: int | None = None,
        versions: Versions | None = None,
    ) -> ReservationPage:
        """These reservations as they are now; those that OPERA does not have are told as gone.

        Profiles are read once for a page. `versions` collects what was read, as long as they are not many.
        """
        today = await self._hotel.today()
        answers = dict(zip(keys, await each(keys, self._reservation), strict=True))
        told = [record for answer in answers.values() if answer is not None for record in answer[0]]
        rejects = [*bad, *(record for answer in answers.values() if answer is not None for record in answer[1])]
        people = people_in(told)
        profiles = dict(zip(people, await each(people, self._profile_if_told), strict=True))
        unread = {key for key, profile in profiles.items() if isinstance(profile, str)}
        if unread:
            told, more = _without(told, unread)
            rejects += more
        if versions is not None and len(versions) < MOST_VERSIONS:
            for record in told:
                key = id_of(record.payload.reservation_id_list, "reservation")
                if key is not None and record.payload.last_modify_date_time:
                    versions[key] = record.payload.last_modify_date_time
        reference = Reference(
            zone=self._hotel.zone,
            today=today,
            languages=self._languages,
            profiles={key: profile for key, profile in profiles.items() if isinstance(profile, Profile)},
        )
        page = page_of(told, reference, rejects)
        gone = tuple(ref for key, answer in answers.items() if answer is None and (ref := ref_of(SYSTEM, key)))
        return ReservationPage(
            reservations=page.reservations, rejected=page.rejected, unknown=page.unknown, gone=gone, total=total
        )

    async def guest(self, key: str) -> tuple[GuestSnapshot | None, tuple[UnknownValue, ...]]:
        """One guest by profile, and the words of it that are not known; no guest when OPERA does not have them.

        Raises ServiceRejected for a profile that cannot be read.
        """
        profile = await self._profile(key)
        if isinstance(profile, str):
            raise ServiceRejected(profile)
        if profile is None:
            return None, ()
        unknown = Unknowns()
        guest = guest_of(key, [profile], zone=self._hotel.zone, languages=self._languages, unknown=unknown)
        return guest, unknown.all()

    async def _reservation(self, key: str) -> tuple[list[Told], list[RejectedRecord]] | None:
        path = RESERVATION_PATH + quote(key, safe="")
        params = [("fetchInstructions", name) for name in _OF_RESERVATION]
        found = await self._api.one(path, params, lambda body: told_in(body, key))
        return found if found is not None and any(found) else None

    async def _profile(self, key: str) -> Profile | str | None:
        """A profile; None when OPERA does not have it, a reason when it cannot be read."""
        params = [("fetchInstructions", name) for name in _OF_PROFILE]
        return await self._api.one(PROFILE_PATH + quote(key, safe=""), params, _read_profile)

    async def _profile_if_told(self, key: str) -> Profile | str | None:
        """As `_profile`; None also where OPERA refuses this one, because the reservation tells of the guest as well."""
        try:
            return await self._profile(key)
        except ServiceRejected:
            return None


def _without(told: Sequence[Told], unread: set[str]) -> tuple[list[Told], list[RejectedRecord]]:
    """The reservations without those of people whose profile cannot be read, and these as rejected records."""
    good: list[Told] = []
    bad: list[RejectedRecord] = []
    for record in told:
        if unread.isdisjoint(people_in([record])):
            good.append(record)
            continue
        ref: ExternalRef | None = ref_of(SYSTEM, id_of(record.payload.reservation_id_list, "reservation"))
        bad.append(rejected("reservation", ref, "the profile of a guest cannot be read", record.raw()))
    return good, bad


def _read_profile(body: bytes) -> Profile | str | None:
    try:
        answer = _PROFILE.decode(body)
    except msgspec.ValidationError as error:
        return f"the profile {why(error)}"
    listed = (answer.profiles or ProfileInfos()).profile_info or []
    return answer.profile_details or answer.profile or next((info.profile for info in listed if info.profile), None)

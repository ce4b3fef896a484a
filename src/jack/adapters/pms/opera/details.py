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
from jack.adapters.vendor_api.caller import ONCE, PATIENT, Patience
from jack.adapters.vendor_api.records import ref_of, rejected, why
from jack.application.errors import OutsideFailure, ServiceRejected, ServiceUnavailable
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

Answered = tuple[list[Told], list[RejectedRecord]] | None
"""What OPERA answers for one reservation; None when it does not have it."""

MOST_FAILING = 3
"""Reservations of a page that OPERA may fail to give before it counts as out of order."""

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
        answers, refused = await self._reservations(keys)
        told = [record for answer in answers.values() if answer is not None for record in answer[0]]
        rejects = [
            *bad,
            *refused,
            *(record for answer in answers.values() if answer is not None for record in answer[1]),
        ]
        people = people_in(told)
        profiles = await self._profiles(people)
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

    async def _reservations(self, keys: Sequence[str]) -> tuple[dict[str, Answered], list[RejectedRecord]]:
        """What OPERA answers for each, and those that it refuses or fails to give while it gives others.

        Raises ServiceUnavailable when more than MOST_FAILING fail, or all do: then it is not about a record.
        """
        failed: dict[str, OutsideFailure] = {}

        async def ask(key: str) -> Answered:
            try:
                return await self._reservation(key)
            except ServiceRejected as failure:
                failed[key] = failure
            except ServiceUnavailable as failure:
                failed[key] = failure
                if sum(isinstance(other, ServiceUnavailable) for other in failed.values()) > MOST_FAILING:
                    raise
            return None

        answered = dict(zip(keys, await each(keys, ask), strict=True))
        for failure in failed.values():
            if isinstance(failure, ServiceUnavailable) and len(failed) == len(keys):
                raise failure
        refused = [rejected("reservation", ref_of(SYSTEM, key), str(failure), b"") for key, failure in failed.items()]
        return {key: answer for key, answer in answered.items() if key not in failed}, refused

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

    async def try_once(self, key: str) -> None:
        """Ask for that reservation and the profile of its guest, to see whether Jack may. Raises ServiceDenied and
        ServiceUnavailable; that this one cannot be read is no failure."""
        try:
            found = await self._reservation(key, ONCE)
            for person in people_in(found[0] if found is not None else [])[:1]:
                await self._profile(person, ONCE)
        except ServiceRejected:
            return

    async def _reservation(self, key: str, patience: Patience = PATIENT) -> Answered:
        path = RESERVATION_PATH + quote(key, safe="")
        params = [("fetchInstructions", name) for name in _OF_RESERVATION]
        found = await self._api.one(path, params, lambda body: told_in(body, key), patience=patience)
        return found if found is not None and any(found) else None

    async def _profile(self, key: str, patience: Patience = PATIENT) -> Profile | str | None:
        """A profile; None when OPERA does not have it, a reason when it cannot be read."""
        params = [("fetchInstructions", name) for name in _OF_PROFILE]
        return await self._api.one(PROFILE_PATH + quote(key, safe=""), params, _read_profile, patience=patience)

    async def _profiles(self, people: Sequence[str]) -> dict[str, Profile | str | None]:
        """The profiles of these people. Raises ServiceUnavailable as `_reservations` does."""
        failed: set[str] = set()

        async def ask(key: str) -> Profile | str | None:
            try:
                return await self._profile_if_told(key)
            except ServiceUnavailable as failure:
                failed.add(key)
                if len(failed) > MOST_FAILING or len(failed) == len(people):
                    raise
                return str(failure)

        return dict(zip(people, await each(people, ask), strict=True))

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

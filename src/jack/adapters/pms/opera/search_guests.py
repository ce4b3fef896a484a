"""Finding guests by what is known of them."""

from collections.abc import Callable, Iterator

import msgspec

from jack.adapters.pms.opera.api import OperaApi
from jack.adapters.pms.opera.details import Details
from jack.adapters.pms.opera.guests import profile_id
from jack.adapters.pms.opera.parallel import each
from jack.adapters.pms.opera.payloads import Id, Payload, ProfileInfo
from jack.adapters.vendor_api.caller import PATIENT, Patience
from jack.application.errors import ServiceRejected
from jack.application.ports.pms import SearchBy
from jack.domain.ids import is_text
from jack.domain.snapshot import GuestSnapshot

PROFILES_PATH = "/crm/v1/profiles"

MOST_GUESTS = 50

_SAME_DIGITS = 7
"""Digits at the end in which two spellings of a number agree."""


class _Summary(Payload, frozen=True, gc=False):
    profile_id_list: list[Id] | None = None


class _Summaries(Payload, frozen=True, gc=False):
    profile_info: list[_Summary] | None = None


class _Found(Payload, frozen=True, gc=False):
    profile_summaries: _Summaries | None = None


_FOUND = msgspec.json.Decoder(_Found, strict=False)


class GuestSearch:
    """Asks the profile search for ids, and then for the whole profiles."""

    def __init__(self, api: OperaApi, details: Details) -> None:
        self._api = api
        self._details = details

    async def __call__(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        """The guests whom the first question finds that finds any, best first, at most 50."""
        wanted = " ".join(text.split())
        if not wanted or not is_text(wanted):
            return ()
        for question in _QUESTIONS[by](wanted):
            guests = await each(await self.ids(question), self._guest)
            fitting = [guest for guest in guests if guest is not None and _FITS[by](guest, wanted)]
            if fitting:
                whole = [guest for guest in fitting if wanted.casefold() in _names(guest)]
                return (*whole, *(guest for guest in fitting if guest not in whole))
        return ()

    async def ids(
        self, question: list[tuple[str, str]], *, limit: int = MOST_GUESTS, patience: Patience = PATIENT
    ) -> tuple[str, ...]:
        """The profile ids that a question finds."""
        params = [("profileType", "Guest"), *question, ("limit", str(limit)), ("offset", "0")]
        found = await self._api.found(PROFILES_PATH, params, _read_ids, patience=patience)
        return (found or ())[:limit]

    async def _guest(self, key: str) -> GuestSnapshot | None:
        try:
            return (await self._details.guest(key))[0]
        except ServiceRejected:
            return None  # one profile that cannot be read hides no other


def _by_name(text: str) -> Iterator[list[tuple[str, str]]]:
    words = text.split(" ")
    if len(words) > 1:
        yield [("profileName", words[-1]), ("givenName", " ".join(words[:-1]))]
        yield [("profileName", words[0]), ("givenName", " ".join(words[1:]))]
    yield [("profileName", text)]


def _by_email(text: str) -> Iterator[list[tuple[str, str]]]:
    yield [("email", text)]


def _by_phone(text: str) -> Iterator[list[tuple[str, str]]]:
    """How numbers are compared is not documented: the spellings in which they are typed, one after the other."""
    digits = _digits(text)
    spellings = (text, digits, f"00{digits}", digits[-9:], digits[-_SAME_DIGITS:])
    for spelling in dict.fromkeys(spelling for spelling in spellings if len(_digits(spelling)) >= _SAME_DIGITS):
        yield [("phone", spelling)]


_QUESTIONS: dict[SearchBy, Callable[[str], Iterator[list[tuple[str, str]]]]] = {
    SearchBy.NAME: _by_name,
    SearchBy.EMAIL: _by_email,
    SearchBy.PHONE: _by_phone,
}

_FITS: dict[SearchBy, Callable[[GuestSnapshot, str], bool]] = {
    SearchBy.NAME: lambda guest, text: bool(guest.first_name or guest.last_name) and bool(text),
    SearchBy.EMAIL: lambda guest, text: text.casefold() in map(str.casefold, guest.emails),
    SearchBy.PHONE: lambda guest, text: any(_same_number(phone, text) for phone in guest.phones),
}


def _names(guest: GuestSnapshot) -> tuple[str, ...]:
    names = (f"{guest.first_name} {guest.last_name}", f"{guest.last_name} {guest.first_name}", guest.last_name)
    return tuple(name.strip().casefold() for name in names)


def _same_number(one: str, other: str) -> bool:
    return len(_digits(one)) >= _SAME_DIGITS and _digits(one)[-_SAME_DIGITS:] == _digits(other)[-_SAME_DIGITS:]


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())


def _read_ids(body: bytes) -> tuple[str, ...]:
    listed = _FOUND.decode(body).profile_summaries
    found = (listed.profile_info if listed is not None else None) or []
    ids = (profile_id(ProfileInfo(profile_id_list=info.profile_id_list)) for info in found)
    return tuple(dict.fromkeys(key for key in ids if key))

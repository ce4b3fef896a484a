"""Searching guests: apaleo searches texts of reservations, so what it finds is looked at again. Asks nobody."""

import unicodedata

from jack.application.ports.pms import SearchBy
from jack.domain.snapshot import GuestSnapshot


def asked_for(by: SearchBy, text: str) -> str:
    """What apaleo is to look for: it looks into one name at a time, so of several words the longest."""
    words = text.split()
    return max(words, key=len) if by is SearchBy.NAME and words else text.strip()


def fit_of(guest: GuestSnapshot, by: SearchBy, text: str) -> int | None:
    """How well the guest fits: 0 best; None not at all (apaleo also finds by booker, room and number)."""
    wanted = _folded(text)
    if by is SearchBy.EMAIL:
        return 0 if wanted in map(_folded, guest.emails) else None
    name = _folded(f"{guest.first_name} {guest.last_name}")
    if wanted in (name, _folded(guest.last_name)):
        return 0
    parts = name.split()
    return 1 if wanted and all(any(part.startswith(word) for part in parts) for word in wanted.split()) else None


def identity_of(guest: GuestSnapshot) -> object:
    """The same for two guests who are alike in name and contact points: nobody wants one person fifty times."""
    if not (guest.phones or guest.emails):
        return guest.ref
    return _folded(guest.first_name), _folded(guest.last_name), guest.phones, guest.emails


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(ch for ch in plain if not unicodedata.combining(ch)).casefold().split())

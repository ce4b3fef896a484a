"""The rules by which a sender becomes a guest and a stay."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from jack.domain.contact import ContactKind
from jack.domain.guest import Guest
from jack.domain.ids import GuestId
from jack.domain.match import NOBODY, Level, Match, MatchOutcome
from jack.domain.reservation import Reservation, ReservationStatus

SHARED_FROM = 5
"""A contact point held by this many people or more is an agency's or a booking portal's and identifies nobody."""

AFTER_DEPARTURE = timedelta(days=2)
"""How long a stay that ended still decides who is writing: lost property, invoices."""

MORE_NAMES = 2
"""How many words a display name may have beside the guest's: a second first name, a second surname."""


class Nearness(IntEnum):
    """How near a stay is to today; a lower value beats a higher one."""

    IN_HOUSE = 0
    ARRIVING_TODAY = 1
    FUTURE = 2
    JUST_LEFT = 3
    NONE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A guest who holds the sender's contact point.

    `assumed` is True when the stored number was read with an assumed region or is a regional variant of the sender's:
    it may be another person's number, so it counts only together with a second fact (the name).
    """

    guest: Guest
    stays: tuple[Reservation, ...]
    assumed: bool = False


def nearness(stay: Reservation, today: date) -> Nearness:
    """How near a stay is to the hotel's `today`. Cancelled, no-show, gone and long past stays are NONE."""
    if not stay.is_live or stay.status is ReservationStatus.TENTATIVE:
        return Nearness.NONE
    if stay.status is ReservationStatus.CHECKED_IN:
        return Nearness.IN_HOUSE
    if stay.status is ReservationStatus.CHECKED_OUT:
        left = stay.period.departure
        return Nearness.JUST_LEFT if today - AFTER_DEPARTURE <= left else Nearness.NONE
    if stay.period.arrival <= today <= stay.period.departure:
        return Nearness.ARRIVING_TODAY
    return Nearness.FUTURE if stay.period.arrival > today else Nearness.NONE


def match_sender(
    candidates: tuple[Candidate, ...], today: date, *, display_name: str = "", holders: int | None = None
) -> Match:
    """Who is writing, from the guests who hold the sender's contact point.

    `holders` is how many people of the hotel hold it when that is more than the candidates given. Two different people
    at the same nearness are never guessed between. `display_name` is chosen by the sender: it can only weigh against an
    assumed number's doubt, never match by itself.
    """
    if not candidates:
        return NOBODY
    people = persons(tuple(candidate.guest for candidate in candidates))
    count = holders if holders is not None else len(set(people.values()))
    if count >= SHARED_FROM:
        return Match(
            outcome=MatchOutcome.UNKNOWN,
            level=Level.PUBLIC,
            evidence=(f"{count} guests share this contact point, so it identifies nobody",),
        )
    ranked = sorted(((_nearest(c, today), c) for c in candidates), key=lambda pair: pair[0])
    best = ranked[0][0]
    # Of two records of guests who never come and one who is here, the one who is here is meant; of two who are not,
    # nobody can tell.
    front = [candidate for rank, candidate in ranked if rank == best]
    rivals = len({people[c.guest.id] for c in front})
    if rivals > 1:
        return Match(
            outcome=MatchOutcome.AMBIGUOUS,
            level=Level.PUBLIC,
            evidence=(f"{rivals} guests share this contact point and are equally near ({_words(best)})",),
        )
    return _matched(_with_the_nearest_stay(front, best, today), best, today, display_name)


def persons(holders: tuple[Guest, ...]) -> dict[GuestId, GuestId]:
    """Which of these holders of one contact point are one person: each guest's id with the id that stands for them.

    Guests with an identity of their own are different people whatever their names. Where a system tells guests within
    their stays only, each stay brings a new record: those with the same full name, and no e-mail addresses that differ,
    are taken for one person. Nothing is merged by it.
    """
    stands_for: dict[GuestId, GuestId] = {}
    known: list[tuple[str, set[str], GuestId]] = []
    for guest in sorted(holders, key=lambda holder: holder.id):
        name = " ".join(_folded(guest.full_name).split())
        if not name or not all(ref.is_within_a_stay for ref in guest.external_refs) or not guest.external_refs:
            stands_for[guest.id] = guest.id
            continue
        emails = {p.value for p in guest.contact_points if p.kind is ContactKind.EMAIL and p.readable}
        for same, addresses, first in known:
            if same == name and (not emails or not addresses or emails & addresses):
                addresses.update(emails)
                stands_for[guest.id] = first
                break
        else:
            known.append((name, emails, guest.id))
            stands_for[guest.id] = guest.id
    return stands_for


def _with_the_nearest_stay(records: list[Candidate], rank: Nearness, today: date) -> Candidate:
    """Of one person's records, the one whose stay is nearest."""
    stays = stays_at(tuple(stay for record in records for stay in record.stays), rank, today)
    return next((r for r in records if stays and stays[0] in r.stays), records[0])


def _matched(candidate: Candidate, rank: Nearness, today: date, display_name: str) -> Match:
    evidence = ["the guest's record holds this contact point"]
    level = Level.CONTACT
    if candidate.assumed:
        if names_agree(display_name, candidate.guest):
            evidence.append("its country was assumed, and the sender's name agrees with the guest's")
        else:
            evidence.append("its country was assumed and nothing else confirms it, so nothing is disclosed")
            level = Level.CLAIMED
    stays = stays_at(candidate.stays, rank, today)
    if not stays:
        evidence.append("no stay around today")
    elif len(stays) == 1:
        evidence.append(f"one stay is nearest: {_words(rank)}")
    else:
        evidence.append(f"{len(stays)} stays of the same guest are equally near: {_words(rank)}")
    return Match(
        outcome=MatchOutcome.MATCHED,
        level=level,
        evidence=tuple(evidence),
        guest_id=candidate.guest.id,
        reservation_id=stays[0].id if stays else None,
    )


def nearest_stays(stays: tuple[Reservation, ...], guest_id: GuestId, today: date) -> tuple[Reservation, ...]:
    """The stays of one guest that are nearest to today, most relevant first; several rooms are several stays."""
    own = tuple(stay for stay in stays if stay.belongs_to(guest_id))
    rank = min((nearness(stay, today) for stay in own), default=Nearness.NONE)
    return stays_at(own, rank, today)


def stays_at(stays: tuple[Reservation, ...], rank: Nearness, today: date) -> tuple[Reservation, ...]:
    """The stays at one rank, nearest first; of future stays only those that arrive on the nearest day."""
    if rank is Nearness.NONE:
        return ()
    found = sorted(
        (stay for stay in stays if nearness(stay, today) == rank),
        key=lambda stay: (
            abs((stay.period.arrival - today).days),
            stay.period.departure,
            stay.room_number or "",
            stay.id,
        ),
    )
    if rank is Nearness.FUTURE and found:
        found = [stay for stay in found if stay.period.arrival == found[0].period.arrival]
    if rank is Nearness.JUST_LEFT and found:
        latest = max(stay.period.departure for stay in found)
        found = [stay for stay in found if stay.period.departure == latest]
    return tuple(found)


def names_agree(display_name: str, guest: Guest) -> bool:
    """True when the surname, and the first name if both are given, stand in the display name; accents do not count.

    Few other words may stand there: the sender chooses the name, and a list of surnames would agree with anybody.
    """
    shown = set(_folded(display_name).split())
    surname = set(_folded(guest.last_name).split())
    first = set(_folded(guest.first_name).split())
    others = len(shown - surname - first)
    if others > min(MORE_NAMES, len(surname | first)):
        return False
    return bool(surname) and surname <= shown and (not first or bool(first & shown))


def _nearest(candidate: Candidate, today: date) -> Nearness:
    return min((nearness(stay, today) for stay in candidate.stays), default=Nearness.NONE)


def _folded(text: str) -> str:
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    return "".join(ch if ch.isalnum() else " " for ch in plain.casefold())


def _words(rank: Nearness) -> str:
    return {
        Nearness.IN_HOUSE: "in house today",
        Nearness.ARRIVING_TODAY: "arriving today",
        Nearness.FUTURE: "the nearest future stay",
        Nearness.JUST_LEFT: "a stay that just ended",
        Nearness.NONE: "no stay around today",
    }[rank]

"""Signing in, tokens, preferences and service requests."""

import asyncio
from datetime import timedelta

import pytest

from jack.application.errors import Conflict, NotFound, NotSignedIn, TooManyAttempts
from jack.application.messaging.service_requests import MoveServiceRequest, OpenServiceRequest
from jack.application.staff.accounts import SESSION, AddStaffMember, Authenticate, IssueToken, SignIn, SignOut
from jack.application.staff.throttle import FORGOTTEN_AFTER, FREE_TRIES, LONGEST_PAUSE, REMEMBERED, SignInThrottle
from jack.application.stays.preferences import ForgetPreference, NotePreference
from jack.domain.errors import DomainError
from jack.domain.guest import Source
from jack.domain.ids import GuestId, PreferenceId, ReservationId, ServiceRequestId
from jack.domain.service_request import ServiceRequestKind, ServiceRequestStatus
from jack.domain.staff import Role
from tests.application.world import SECOND, World
from tests.fakes.security import NumberedTokens, QuickPasswordHasher
from tests.hotel import HARBOUR

MAIL, PASSWORD, DESK = "ann@hotel.example", "correct horse", "192.0.2.1"


class Office:
    """The staff's side of the world, with Ann's account."""

    def __init__(self) -> None:
        self.world = World()
        begin, clock = self.world.database.begin, self.world.clock
        self.clock, self.hasher, self.tokens = clock, QuickPasswordHasher(), NumberedTokens()
        self.throttle = SignInThrottle(clock)
        self.add = AddStaffMember(begin, self.hasher, clock)
        self.sign_in = SignIn(begin, self.hasher, self.tokens, self.throttle, clock)
        self.sign_out = SignOut(begin, self.tokens)
        self.authenticate = Authenticate(begin, self.tokens, clock)
        self.issue_token = IssueToken(begin, self.tokens, clock)

    async def fails(self, times: int, *, mail: str = MAIL, address: str = DESK) -> None:
        for _ in range(times):
            with pytest.raises(NotSignedIn):
                await self.sign_in(mail, "wrong", address)


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.add(f" {MAIL.upper()} ", "Ann", Role.AGENT, PASSWORD)
    return office


async def test_signing_in_opens_a_session_that_lasts_a_shift(office: Office) -> None:
    signed_in = await office.sign_in(" Ann@Hotel.example", PASSWORD, DESK)
    credentials = await office.authenticate(signed_in.token)
    assert (credentials.member.email, credentials.member.role) == (MAIL, Role.AGENT)
    assert credentials.csrf_digest == office.tokens.digest(signed_in.csrf_token)
    office.clock.move(SESSION)
    with pytest.raises(NotSignedIn):
        await office.authenticate(signed_in.token)


async def test_signing_out_ends_the_session_at_once(office: Office) -> None:
    signed_in = await office.sign_in(MAIL, PASSWORD, DESK)
    await office.sign_out(signed_in.token)
    await office.sign_out(signed_in.token)
    with pytest.raises(NotSignedIn):
        await office.authenticate(signed_in.token)


async def test_tokens_and_passwords_are_never_stored_in_clear_nor_shown(office: Office) -> None:
    signed_in = await office.sign_in(MAIL, PASSWORD, DESK)
    token = await office.issue_token(MAIL)
    stored = f"{office.world.state!r}{list(office.world.state.sessions)}{list(office.world.state.staff.values())}"
    for secret in (signed_in.token, signed_in.csrf_token, token, PASSWORD):
        assert secret not in stored
        assert secret not in repr(signed_in)


async def test_an_api_token_lasts_and_needs_no_second_token(office: Office) -> None:
    token = await office.issue_token(MAIL)
    office.clock.move(timedelta(days=900))
    await office.world.tidy_up()
    assert (await office.authenticate(token)).csrf_digest is None
    with pytest.raises(NotFound):
        await office.issue_token("nobody@hotel.example")


async def test_an_unknown_account_takes_the_same_path_as_a_wrong_password(office: Office) -> None:
    messages = []
    for mail in (MAIL, "nobody@hotel.example"):
        with pytest.raises(NotSignedIn) as refused:
            await office.sign_in(mail, "wrong", DESK)
        messages.append(str(refused.value))
    assert len(set(messages)) == 1
    assert len(office.hasher.verified) == 2
    assert office.hasher.verified[1] is None


async def test_guessing_gets_slower_and_the_right_password_waits_too(office: Office) -> None:
    await office.fails(FREE_TRIES)
    with pytest.raises(TooManyAttempts) as refused:
        await office.sign_in(MAIL, PASSWORD, DESK)
    assert refused.value.retry_after == timedelta(seconds=1)
    office.clock.move(timedelta(seconds=1))
    await office.fails(1)
    with pytest.raises(TooManyAttempts) as refused:
        await office.sign_in(MAIL, PASSWORD, DESK)
    assert refused.value.retry_after == timedelta(seconds=2)
    office.clock.move(timedelta(seconds=2))
    await office.sign_in(MAIL, PASSWORD, DESK)
    await office.fails(1)


async def test_many_guesses_at_once_are_not_all_free(office: Office) -> None:
    outcomes = await asyncio.gather(
        *(office.sign_in(MAIL, f"guess {n}", DESK) for n in range(50)), return_exceptions=True
    )
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == FREE_TRIES
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 50 - FREE_TRIES


async def test_many_right_sign_ins_at_once_from_one_desk_go_through(office: Office) -> None:
    for _ in range(20):
        await office.sign_in(MAIL, PASSWORD, DESK)
    assert office.throttle.failures == {}


async def test_an_owner_of_an_account_cannot_guess_others_between_own_sign_ins(office: Office) -> None:
    await office.add("eve@hotel.example", "Eve", Role.VIEWER, PASSWORD)
    for n in range(FREE_TRIES):
        await office.fails(1, mail=f"victim{n}@hotel.example")
        if n < FREE_TRIES - 1:
            await office.sign_in("eve@hotel.example", PASSWORD, DESK)
    with pytest.raises(TooManyAttempts):
        await office.sign_in("eve@hotel.example", PASSWORD, DESK)


async def test_somebody_who_guesses_does_not_lock_the_owner_out(office: Office) -> None:
    for n in range(60):
        office.clock.move(timedelta(seconds=10))
        await office.fails(1, address=f"198.51.100.{n}")
    office.clock.move(timedelta(seconds=8))
    await office.sign_in(MAIL, PASSWORD, DESK)


async def test_an_address_that_guesses_on_waits_a_quarter_of_an_hour_at_most(office: Office) -> None:
    for n in range(20):
        await office.fails(1, mail=f"somebody{n}@hotel.example")
        office.clock.move(LONGEST_PAUSE)


async def test_old_failures_are_forgotten(office: Office) -> None:
    await office.fails(FREE_TRIES)
    office.clock.move(FORGOTTEN_AFTER + timedelta(seconds=1))
    await office.fails(FREE_TRIES)


async def test_the_throttle_remembers_a_bounded_number_of_names(office: Office) -> None:
    for n in range(REMEMBERED):
        office.throttle.failed(f"{n}@hotel.example", f"address-{n}")
    assert len(office.throttle.failures) == REMEMBERED


async def test_an_account_is_made_once_and_with_a_password_worth_its_name(office: Office) -> None:
    with pytest.raises(Conflict):
        await office.add(MAIL, "Ann again", Role.ADMIN, PASSWORD)
    with pytest.raises(DomainError):
        await office.add("new@hotel.example", "New", Role.AGENT, "short")
    with pytest.raises(DomainError):
        await office.add("not an address", "New", Role.AGENT, PASSWORD)
    assert len(office.world.state.staff) == 1


# preferences and service requests


async def test_staff_note_and_forget_a_preference_but_never_what_the_pms_says() -> None:
    world = World()
    await world.anna_stays()
    (guest_id,) = world.state.guests
    note, forget = NotePreference(world.database.begin, world.clock), ForgetPreference(world.database.begin)
    noted = await note(HARBOUR, guest_id, " allergy ", " nuts ")
    assert (noted.category, noted.value, noted.source) == ("allergy", "nuts", Source.STAFF)
    (from_pms,) = (p for p in world.state.guests[guest_id].preferences if p.source is Source.PMS)
    for unknown in (from_pms.id, PreferenceId("nothing")):
        with pytest.raises(NotFound):
            await forget(HARBOUR, guest_id, unknown)
    await forget(HARBOUR, guest_id, noted.id)
    assert world.state.guests[guest_id].preferences == (from_pms,)


async def test_a_preference_needs_words_and_a_guest_of_this_hotel() -> None:
    world = World()
    await world.anna_stays()
    (guest_id,) = world.state.guests
    note = NotePreference(world.database.begin, world.clock)
    with pytest.raises(DomainError):
        await note(HARBOUR, guest_id, " ", "nuts")
    with pytest.raises(NotFound):
        await note(SECOND, guest_id, "allergy", "nuts")


async def test_staff_open_a_service_request_for_a_stay_and_move_it_along() -> None:
    world = World()
    await world.anna_stays()
    (stay,) = world.state.reservations.values()
    open_request = OpenServiceRequest(world.database.begin, world.clock)
    request = await open_request(HARBOUR, ServiceRequestKind.TAXI, "at 9:00", reservation_id=stay.id)
    assert (request.room_number, request.guest_id, request.verified) == ("204", stay.guest_id, True)
    move = MoveServiceRequest(world.database.begin)
    for status in (ServiceRequestStatus.ACCEPTED, ServiceRequestStatus.DONE, ServiceRequestStatus.DONE):
        assert (await move(request.id, status)).status is status
    with pytest.raises(DomainError):
        await move(request.id, ServiceRequestStatus.OPEN)
    with pytest.raises(NotFound):
        await move(ServiceRequestId("nothing"), None)
    with pytest.raises(NotFound):
        await move(request.id, ServiceRequestStatus.DONE, hotels=(SECOND,))


async def test_a_service_request_is_about_this_hotel() -> None:
    world = World()
    await world.anna_stays()
    await world.guest_writes("Hi")
    await world.receive()
    open_request = OpenServiceRequest(world.database.begin, world.clock)
    with pytest.raises(DomainError):
        await open_request(HARBOUR, ServiceRequestKind.TAXI, " ")
    with pytest.raises(NotFound):
        await open_request(SECOND, ServiceRequestKind.TAXI, "taxi", conversation_id=world.conversation.id)
    with pytest.raises(NotFound):
        await open_request(HARBOUR, ServiceRequestKind.TAXI, "taxi", guest_id=GuestId("nobody"))
    with pytest.raises(NotFound):
        await open_request(HARBOUR, ServiceRequestKind.TAXI, "taxi", reservation_id=ReservationId("nothing"))
    assert world.state.service_requests == {}

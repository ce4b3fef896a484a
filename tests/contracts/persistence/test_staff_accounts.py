"""What every repository of staff accounts does."""

from datetime import timedelta

import pytest

from jack.application.errors import Conflict
from jack.application.ports.staff_store import StaffSession
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import HotelId, StaffId
from jack.domain.staff import Role
from tests.hotel import HARBOUR, NOW, a_staff_member

MARIA = a_staff_member(role=Role.ADMIN, hotels=(HARBOUR, HotelId("garden")))
HOUR = timedelta(hours=1)


def a_session(digest: str = "digest", **fields: object) -> StaffSession:
    """Maria signed in for an hour."""
    given: dict[str, object] = {
        "token_digest": digest,
        "csrf_digest": "csrf",
        "staff_id": MARIA.id,
        "created_at": NOW,
        "expires_at": NOW + HOUR,
    }
    return StaffSession(**(given | fields))  # type: ignore[arg-type]  # a test's builder


@pytest.fixture(autouse=True)
async def maria(begin: BeginUnitOfWork) -> None:
    """Maria has an account."""
    async with begin() as uow:
        assert await uow.staff.add(MARIA, "hash")
        await uow.commit()


async def test_an_account_is_found_by_its_e_mail(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        assert await uow.staff.by_email("maria@hotel.example") == (MARIA, "hash")
        assert await uow.staff.by_email("nobody@hotel.example") is None


async def test_an_e_mail_has_one_account(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        assert not await uow.staff.add(a_staff_member("maria", id=StaffId("another")), "other hash")
        assert await uow.staff.add(a_staff_member("joao"), "hash")
        assert await uow.staff.by_email("maria@hotel.example") == (MARIA, "hash")
        assert await uow.staff.by_email("joao@hotel.example") == (a_staff_member("joao"), "hash")


async def test_a_new_password_replaces_the_old(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.staff.set_password(MARIA.id, "new hash")
        assert await uow.staff.by_email("maria@hotel.example") == (MARIA, "new hash")


async def test_a_session_lasts_until_it_expires(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.staff.add_session(a_session())
        almost = NOW + HOUR - timedelta(microseconds=1)
        assert await uow.staff.by_token("digest", almost) == (MARIA, a_session())
        assert await uow.staff.by_token("digest", NOW + HOUR) is None
        assert await uow.staff.by_token("another", NOW) is None


async def test_an_api_token_lasts_until_it_is_revoked(begin: BeginUnitOfWork) -> None:
    token = a_session(csrf_digest=None, expires_at=None)
    async with begin() as uow:
        await uow.staff.add_session(token)
        assert await uow.staff.by_token("digest", NOW + timedelta(days=9999)) == (MARIA, token)
        await uow.staff.end_session("digest")
        await uow.staff.end_session("digest")
        assert await uow.staff.by_token("digest", NOW) is None


async def test_expired_sessions_are_forgotten_and_api_tokens_are_not(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.staff.add_session(a_session("over"))
        await uow.staff.add_session(a_session("going on", expires_at=NOW + 2 * HOUR))
        await uow.staff.add_session(a_session("token", expires_at=None))
        assert await uow.staff.forget_expired(NOW + HOUR) == 1
        assert await uow.staff.by_token("going on", NOW)
        assert await uow.staff.by_token("token", NOW)


@pytest.mark.parametrize("session", [a_session("one"), a_session("two", staff_id=StaffId("nobody"))])
async def test_a_session_belongs_to_somebody_and_exists_once(begin: BeginUnitOfWork, session: StaffSession) -> None:
    async with begin() as uow:
        await uow.staff.add_session(a_session("one"))
        with pytest.raises(Conflict):
            await uow.staff.add_session(session)

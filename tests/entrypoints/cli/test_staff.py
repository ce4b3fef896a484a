"""`jack staff add` and `jack staff token`."""

import httpx

from jack.entrypoints.settings import load_settings
from jack.entrypoints.web.start import serve_jack
from tests.entrypoints.cli.conftest import SECRET, Desk
from tests.journeys.hotel import EMAIL, PASSWORD, Staff

ANN = ("staff", "add", "--email", EMAIL, "--name", "Ann", "--role", "admin")


async def test_a_member_with_the_password_of_the_environment_signs_in(desk: Desk) -> None:
    said = await desk.jack(*ANN, JACK_STAFF_PASSWORD=PASSWORD)

    assert (said.code, said.out) == (0, f"{EMAIL} may sign in now as admin.\n")
    await _ann_signs_in(desk)


async def test_the_password_may_be_a_line_on_standard_input(desk: Desk) -> None:
    said = await desk.jack(*ANN, typed=f"{PASSWORD}\n")

    assert said.code == 0
    await _ann_signs_in(desk)


async def test_an_e_mail_has_one_account_however_it_is_written(desk: Desk) -> None:
    await desk.jack(*ANN, typed=f"{PASSWORD}\n")

    said = await desk.jack(*ANN[:3], EMAIL.upper(), *ANN[4:], typed=f"{PASSWORD}\n")

    assert (said.code, said.err) == (2, f"{EMAIL} has an account already\n")


async def test_a_short_password_is_refused(desk: Desk) -> None:
    said = await desk.jack(*ANN, typed="short\n")

    assert said.code == 2
    assert "a password needs at least" in said.err


async def test_no_password_at_all_is_refused(desk: Desk) -> None:
    assert (await desk.jack(*ANN)).code == 2


async def test_a_hotel_that_is_not_configured_is_refused(desk: Desk) -> None:
    said = await desk.jack(*ANN, "--hotel", "castle", typed=f"{SECRET}\n")

    assert (said.code, said.err) == (2, "There is no hotel 'castle'; the configuration has: harbour.\n")


async def test_an_unknown_role_is_refused(desk: Desk) -> None:
    said = await desk.jack(*ANN[:-1], "king")

    assert said.code == 2
    assert "'king' is not one of 'viewer', 'agent', 'admin'" in said.err


async def test_a_token_opens_the_api(desk: Desk) -> None:
    await desk.jack(*ANN, typed=f"{PASSWORD}\n")

    said = await desk.jack("staff", "token", "--email", EMAIL)

    assert said.code == 0
    async with serve_jack(load_settings(desk.folder / "jack.toml", {})) as url:
        bearer = {"authorization": f"Bearer {said.out.strip()}"}
        async with httpx.AsyncClient(base_url=url, headers=bearer, trust_env=False) as client:
            answer = await client.get("/api/v1/session")
    assert answer.json()["email"] == EMAIL


async def test_nobody_gets_a_token_for_somebody_unknown(desk: Desk) -> None:
    said = await desk.jack("staff", "token", "--email", "eve@harbour.example")

    assert (said.code, said.out) == (2, "")
    assert "eve@harbour.example" in said.err


async def _ann_signs_in(desk: Desk) -> None:
    async with serve_jack(load_settings(desk.folder / "jack.toml", {})) as url, Staff(url) as ann:
        assert (await ann.get("/session"))["name"] == "Ann"

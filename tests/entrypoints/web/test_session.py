"""Signing in, staying signed in, signing out, and what foreign pages cannot do."""

from datetime import timedelta
from http.cookies import SimpleCookie

import httpx
import pytest
from litestar import Litestar

from jack.application.staff.accounts import SESSION
from jack.entrypoints.web.app import WebSettings
from tests import hotel as the
from tests.entrypoints.web.conftest import PASSWORD, House, assert_problem, client_of, sign_in

CLOSE = f"/api/v1/conversations/{the.a_conversation().id}/close"


def cookies_of(response: httpx.Response) -> SimpleCookie:
    """The cookies that a response sets, with their attributes."""
    cookies = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        cookies.load(header)
    return cookies


async def test_signing_in_answers_with_who_it_is(anyone: httpx.AsyncClient) -> None:
    response = await sign_in(anyone)

    assert response.status_code == 201
    assert response.json() == {
        "id": "staff-agent",
        "email": "agent@hotel.example",
        "name": "Agent",
        "role": "agent",
        "hotels": [],
    }
    assert (await anyone.get("/api/v1/session")).json() == response.json()


async def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(anyone: httpx.AsyncClient) -> None:
    cookies = cookies_of(await sign_in(anyone))

    session, csrf = cookies["session"], cookies["csrftoken"]
    assert session["httponly"]
    assert not csrf["httponly"]
    for cookie in (session, csrf):
        assert cookie["samesite"] == "lax"
        assert cookie["secure"]
        assert cookie["path"] == "/"
        assert cookie["max-age"] == str(int(SESSION.total_seconds()))
    assert session.value != csrf.value


async def test_cookies_also_work_without_tls_where_jack_is_reached_without(house: House) -> None:
    app = house.app(WebSettings(public_url="http://127.0.0.1:8000"))
    async with client_of(app) as browser:
        cookies = cookies_of(await sign_in(browser))

    assert not cookies["session"]["secure"]


async def test_a_session_that_somebody_planted_is_not_the_one_that_signs_in(house: House, app: Litestar) -> None:
    async with client_of(app) as browser, client_of(app) as attacker:
        for client in (browser, attacker):
            client.cookies.set("session", "chosen-by-the-attacker", domain="jack.test")
        given = cookies_of(await sign_in(browser))["session"].value

        assert given != "chosen-by-the-attacker"
        assert_problem(await attacker.get("/api/v1/session"), 401, "not-signed-in")


async def test_signing_in_again_ends_the_session_before(anyone: httpx.AsyncClient, app: Litestar) -> None:
    first = cookies_of(await sign_in(anyone))["session"].value
    await sign_in(anyone)

    async with client_of(app) as elsewhere:
        elsewhere.cookies.set("session", first, domain="jack.test")
        assert_problem(await elsewhere.get("/api/v1/session"), 401, "not-signed-in")
    assert (await anyone.get("/api/v1/session")).status_code == 200


async def test_signing_out_ends_the_session_and_takes_the_cookies(anyone: httpx.AsyncClient, app: Litestar) -> None:
    session = cookies_of(await sign_in(anyone))["session"].value
    response = await anyone.delete("/api/v1/session", headers={"x-csrftoken": anyone.cookies["csrftoken"]})

    assert response.status_code == 204
    assert response.content == b""
    assert not anyone.cookies
    async with client_of(app) as elsewhere:
        elsewhere.cookies.set("session", session, domain="jack.test")
        assert_problem(await elsewhere.get("/api/v1/session"), 401, "not-signed-in")


async def test_a_session_ends_with_the_shift(anyone: httpx.AsyncClient, house: House) -> None:
    await sign_in(anyone)
    house.clock.move(SESSION + timedelta(seconds=1))

    assert_problem(await anyone.get("/api/v1/session"), 401, "not-signed-in")


async def test_an_api_token_is_not_signed_out_by_accident(agent: httpx.AsyncClient) -> None:
    assert_problem(await agent.delete("/api/v1/session"), 409, "conflict")

    assert (await agent.get("/api/v1/session")).status_code == 200


async def test_an_api_token_is_no_cookie(anyone: httpx.AsyncClient) -> None:
    anyone.cookies.set("session", "token-of-agent", domain="jack.test")

    assert_problem(await anyone.get("/api/v1/session"), 401, "not-signed-in")


@pytest.mark.parametrize(
    ("email", "password"),
    [("agent@hotel.example", "wrong"), ("nobody@hotel.example", PASSWORD), ("not an address", PASSWORD)],
)
async def test_a_failed_sign_in_does_not_say_what_was_wrong(
    anyone: httpx.AsyncClient, email: str, password: str
) -> None:
    response = await anyone.post("/api/v1/session", json={"email": email, "password": password})

    assert assert_problem(response, 401, "not-signed-in")["detail"] == "e-mail or password is wrong"
    assert "set-cookie" not in response.headers


async def fail_to_sign_in(client: httpx.AsyncClient, times: int, **headers: str) -> httpx.Response:
    """The answer to the last try."""
    body = {"email": "agent@hotel.example", "password": "wrong"}
    for _ in range(times):
        response = await client.post("/api/v1/session", json=body, headers=headers)
    return response


async def test_guessing_passwords_has_to_wait(anyone: httpx.AsyncClient) -> None:
    assert (await fail_to_sign_in(anyone, 5)).status_code == 401

    response = await sign_in(anyone)
    assert_problem(response, 429, "too-many-attempts")
    assert int(response.headers["retry-after"]) >= 1


async def test_a_client_does_not_get_a_new_address_by_claiming_one(house: House, app: Litestar) -> None:
    async with client_of(app) as guesser:
        for number in range(5):
            body = {"email": f"guess-{number}@hotel.example", "password": "wrong"}
            await guesser.post("/api/v1/session", json=body, headers={"x-forwarded-for": f"192.0.2.{number}"})

        assert_problem(await sign_in(guesser), 429, "too-many-attempts")


async def test_behind_a_proxy_the_address_that_the_proxy_appended_counts(house: House) -> None:
    app = house.app(WebSettings(public_url="https://jack.test", trust_forwarded_for=True))
    async with client_of(app) as proxy:
        for number in range(5):
            body = {"email": f"guess-{number}@hotel.example", "password": "wrong"}
            claimed = {"x-forwarded-for": f"192.0.2.{number}, 203.0.113.7"}
            await proxy.post("/api/v1/session", json=body, headers=claimed)

        body = {"email": "agent@hotel.example", "password": PASSWORD}
        guesser = await proxy.post("/api/v1/session", json=body, headers={"x-forwarded-for": "203.0.113.7"})
        other = await proxy.post("/api/v1/session", json=body, headers={"x-forwarded-for": "203.0.113.8"})
    assert_problem(guesser, 429, "too-many-attempts")
    assert other.status_code == 201


async def test_with_a_session_a_change_needs_its_csrf_token(anyone: httpx.AsyncClient) -> None:
    await sign_in(anyone)

    assert_problem(await anyone.post(CLOSE), 403, "csrf")
    assert_problem(await anyone.post(CLOSE, headers={"x-csrftoken": "wrong"}), 403, "csrf")
    right = {"x-csrftoken": anyone.cookies["csrftoken"]}
    assert (await anyone.post(CLOSE, headers=right)).status_code == 200


async def test_a_planted_csrf_cookie_does_not_fit_the_session(anyone: httpx.AsyncClient) -> None:
    await sign_in(anyone)
    anyone.cookies.delete("csrftoken")
    anyone.cookies.set("csrftoken", "planted", domain="jack.test")

    assert_problem(await anyone.post(CLOSE, headers={"x-csrftoken": "planted"}), 403, "csrf")


async def test_the_csrf_token_of_another_session_does_not_fit(anyone: httpx.AsyncClient, app: Litestar) -> None:
    async with client_of(app) as other:
        await sign_in(other, "admin")
        foreign = other.cookies["csrftoken"]
    await sign_in(anyone)
    anyone.cookies.delete("csrftoken")
    anyone.cookies.set("csrftoken", foreign, domain="jack.test")

    assert_problem(await anyone.post(CLOSE, headers={"x-csrftoken": foreign}), 403, "csrf")


async def test_the_header_alone_is_not_enough(anyone: httpx.AsyncClient) -> None:
    await sign_in(anyone)
    right = {"x-csrftoken": anyone.cookies["csrftoken"]}
    anyone.cookies.delete("csrftoken")

    assert_problem(await anyone.post(CLOSE, headers=right), 403, "csrf")


async def test_reading_needs_no_csrf_token(anyone: httpx.AsyncClient) -> None:
    await sign_in(anyone)

    assert (await anyone.get("/api/v1/guests")).status_code == 200


async def test_an_api_token_needs_no_csrf_token(agent: httpx.AsyncClient) -> None:
    assert (await agent.post(CLOSE)).status_code == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_foreign_pages_form_cannot_sign_anybody_in(anyone: httpx.AsyncClient, media_type: str) -> None:
    body = b'{"email":"agent@hotel.example","password":"correct horse battery"}'
    response = await anyone.post("/api/v1/session", content=body, headers={"content-type": media_type})

    assert_problem(response, 415, "unsupported-media-type")
    assert "set-cookie" not in response.headers

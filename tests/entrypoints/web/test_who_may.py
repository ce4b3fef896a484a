"""Who may do what: every route of the app is walked, so that a new one cannot be forgotten."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import ASGIRoute, HTTPRoute

from jack.domain.ids import new_id
from tests import hotel as the
from tests.entrypoints.web.conftest import REQUEST, RUN, House, assert_problem, client_of

OPEN_TO_EVERYBODY = {
    ("POST", "/api/v1/session"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("GET", "/chat/widget.js"),
    ("GET", "/schema"),
    ("GET", "/schema/openapi.json"),
    ("GET", "/problems/{name:str}"),
    ("GET", "/"),
    ("GET", "/{path:path}"),
}
SIGNED_INSTEAD = {"/webhooks/whatsapp", "/webhooks/twilio", "/webhooks/twilio/status"}
CHAT = "/chat/{hotel:str}/"
SECRET_INSTEAD = "/webhooks/pms/{hotel:str}/{secret:str}"

CONVERSATION = f"/api/v1/conversations/{the.a_conversation().id}"
GUEST = f"/api/v1/guests/{the.a_guest().id}"
SYNC = "/api/v1/hotels/harbour/sync"
CONFIRM_MISSING = "/api/v1/hotels/{hotel_id:str}/sync/confirm-missing"

# Every route about a thing of one hotel: method, address of a thing at the Harbour Hotel, body, template.
THINGS: list[tuple[str, str, Any, str]] = [
    ("GET", CONVERSATION, None, "/api/v1/conversations/{conversation_id:str}"),
    ("GET", f"{CONVERSATION}/messages", None, "/api/v1/conversations/{conversation_id:str}/messages"),
    ("POST", f"{CONVERSATION}/messages", {"text": "Hello"}, "/api/v1/conversations/{conversation_id:str}/messages"),
    ("POST", f"{CONVERSATION}/take-over", None, "/api/v1/conversations/{conversation_id:str}/take-over"),
    ("POST", f"{CONVERSATION}/seen", None, "/api/v1/conversations/{conversation_id:str}/seen"),
    ("POST", f"{CONVERSATION}/hand-back", None, "/api/v1/conversations/{conversation_id:str}/hand-back"),
    ("POST", f"{CONVERSATION}/close", None, "/api/v1/conversations/{conversation_id:str}/close"),
    ("POST", f"{CONVERSATION}/match", {"guest_id": None}, "/api/v1/conversations/{conversation_id:str}/match"),
    ("GET", f"/api/v1/messages/{the.a_reply().id}/receipt", None, "/api/v1/messages/{message_id:str}/receipt"),
    ("GET", GUEST, None, "/api/v1/guests/{guest_id:str}"),
    ("GET", f"{CONVERSATION}/timeline", None, "/api/v1/conversations/{conversation_id:str}/timeline"),
    (
        "GET",
        f"{GUEST}/same-person-suggestions",
        None,
        "/api/v1/guests/{guest_id:str}/same-person-suggestions",
    ),
    ("GET", f"{GUEST}/reservations", None, "/api/v1/guests/{guest_id:str}/reservations"),
    (
        "POST",
        f"{GUEST}/preferences",
        {"category": "pillow", "value": "hard"},
        "/api/v1/guests/{guest_id:str}/preferences",
    ),
    ("DELETE", f"{GUEST}/preferences/p-1", None, "/api/v1/guests/{guest_id:str}/preferences/{preference_id:str}"),
    ("GET", f"/api/v1/reservations/{the.a_stay().id}", None, "/api/v1/reservations/{reservation_id:str}"),
    ("PATCH", f"/api/v1/service-requests/{REQUEST}", {"status": "done"}, "/api/v1/service-requests/{request_id:str}"),
    ("GET", SYNC, None, "/api/v1/hotels/{hotel_id:str}/sync"),
    ("GET", f"{SYNC}/runs", None, "/api/v1/hotels/{hotel_id:str}/sync/runs"),
    ("GET", f"{SYNC}/runs/{RUN}", None, "/api/v1/hotels/{hotel_id:str}/sync/runs/{run_id:str}"),
    ("POST", f"{SYNC}/runs", {"kind": "changes"}, "/api/v1/hotels/{hotel_id:str}/sync/runs"),
    ("GET", f"{SYNC}/rejected", None, "/api/v1/hotels/{hotel_id:str}/sync/rejected"),
    ("GET", f"{SYNC}/unknown", None, "/api/v1/hotels/{hotel_id:str}/sync/unknown"),
    ("GET", f"{SYNC}/notices", None, "/api/v1/hotels/{hotel_id:str}/sync/notices"),
    ("POST", f"{SYNC}/confirm-missing", None, CONFIRM_MISSING),
]

LISTS = ["/api/v1/conversations", "/api/v1/guests", "/api/v1/reservations", "/api/v1/rooms", "/api/v1/service-requests"]


def routes(app: Litestar) -> Iterator[tuple[str, str]]:
    """Every method and template, without the OPTIONS that Litestar answers by itself."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method in route.methods:
                if method != "OPTIONS":
                    yield method, route.path
        else:
            assert isinstance(route, ASGIRoute)
            assert route.path in SIGNED_INSTEAD


def filled(template: str) -> str:
    """An address of that template."""
    return "/".join("x" if part.startswith("{") else part for part in template.split("/"))


async def test_every_route_asks_who_is_there_unless_it_is_meant_for_everybody(app: Litestar) -> None:
    walked = 0
    async with client_of(app) as nobody:
        for method, template in routes(app):
            if (method, template) in OPEN_TO_EVERYBODY:
                continue
            response = await nobody.request(method, filled(template))
            if template in {"/", "/{path:path}"}:  # the dashboard's files, which have one method
                assert response.status_code in {200, 404, 405}, (method, template)
                continue
            if template == SECRET_INSTEAD:
                assert response.status_code == 404, method  # who does not know the secret finds nothing there
                continue
            if template.startswith(CHAT):
                assert response.status_code in {400, 404}, template  # this hotel has no chat
                continue
            assert_problem(response, 401, "not-signed-in")
            assert response.headers["www-authenticate"] == "Bearer"
            walked += 1
    assert walked >= 25


async def test_everything_in_the_list_for_everybody_exists(app: Litestar) -> None:
    assert set(routes(app)) >= OPEN_TO_EVERYBODY


def test_every_route_about_a_thing_is_in_the_table_of_things(app: Litestar) -> None:
    about_things = {(m, path) for m, path in routes(app) if path.startswith("/api/v1/") and "{" in path}

    assert about_things == {(method, template) for method, _, _, template in THINGS}


@pytest.mark.parametrize(("method", "path", "body", "_template"), THINGS)
async def test_another_hotels_thing_looks_exactly_like_one_that_never_was(
    castle: httpx.AsyncClient, house: House, method: str, path: str, body: Any, _template: str
) -> None:
    theirs = assert_problem(await castle.request(method, path, json=body), 404, "not-found")
    for known in (the.a_conversation().id, the.a_reply().id, the.a_guest().id, the.a_stay().id, REQUEST, "harbour"):
        path = path.replace(known, new_id())
    nobodys = assert_problem(await castle.request(method, path, json=body), 404, "not-found")

    assert theirs == nobodys
    assert "harbour" not in str(theirs).lower()
    assert house.queue.rings == []


@pytest.mark.parametrize(("method", "path", "body", "_template"), THINGS)
async def test_the_same_thing_is_there_for_those_who_work_there(
    agent: httpx.AsyncClient, method: str, path: str, body: Any, _template: str
) -> None:
    response = await agent.request(method, path, json=body)

    if method == "DELETE":
        assert "no such preference" in assert_problem(response, 404, "not-found")["detail"]
    elif _template == CONFIRM_MISSING:
        assert "nothing to confirm" in assert_problem(response, 409, "conflict")["detail"]
    else:
        assert response.is_success, response.text


@pytest.mark.parametrize("path", LISTS)
async def test_lists_show_nothing_of_another_hotel(
    castle: httpx.AsyncClient, viewer: httpx.AsyncClient, path: str
) -> None:
    assert len((await viewer.get(path)).json()["items"]) == 1

    assert (await castle.get(path)).json() == {"items": [], "next_cursor": None}
    assert_problem(await castle.get(path, params={"hotel_id": "harbour"}), 404, "not-found")
    assert (await castle.get(path, params={"hotel_id": "castle"})).json()["items"] == []


async def test_the_list_of_hotels_names_only_ones_own(castle: httpx.AsyncClient, viewer: httpx.AsyncClient) -> None:
    own = (await castle.get("/api/v1/hotels")).json()["items"]
    every = (await viewer.get("/api/v1/hotels")).json()["items"]

    assert [hotel["id"] for hotel in own] == ["castle"]
    assert [hotel["id"] for hotel in every] == ["harbour", "castle"]


async def test_nothing_can_be_opened_at_another_hotel(castle: httpx.AsyncClient) -> None:
    body = {"hotel_id": "harbour", "kind": "towels", "details": "two"}
    assert_problem(await castle.post("/api/v1/service-requests", json=body), 404, "not-found")

    smuggled = {**body, "hotel_id": "castle", "guest_id": the.a_guest().id}
    assert_problem(await castle.post("/api/v1/service-requests", json=smuggled), 404, "not-found")


async def test_a_viewer_changes_nothing_anywhere(app: Litestar, viewer: httpx.AsyncClient, house: House) -> None:
    unsafe = [
        (method, path)
        for method, path in routes(app)
        if method != "GET" and path.startswith("/api/v1/") and path != "/api/v1/session"
    ]
    assert len(unsafe) >= 10

    for method, path in unsafe:
        assert_problem(await viewer.request(method, filled(path), json={}), 403, "forbidden")
    assert house.queue.rings == []


async def test_a_viewer_reads_everything(viewer: httpx.AsyncClient) -> None:
    for path in [*LISTS, "/api/v1/hotels", *(path for method, path, _, _ in THINGS if method == "GET")]:
        assert (await viewer.get(path)).status_code == 200, path


async def test_an_admin_may_do_what_an_agent_may(app: Litestar) -> None:
    async with client_of(app, "admin") as admin:
        assert (await admin.post(f"{CONVERSATION}/take-over")).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "token-of-agent", f"Bearer {'x' * 5000}"]
)
async def test_a_header_that_is_no_token_opens_nothing(app: Litestar, header: str) -> None:
    async with client_of(app) as nobody:
        response = await nobody.get("/api/v1/guests", headers={"authorization": header})

    assert_problem(response, 401, "not-signed-in")

"""Every error is a problem that says what was wrong, and nothing of the inside."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from pytest_mock import MockerFixture

from jack.adapters.persistence.stays_views import SqlStaysViews
from jack.entrypoints.web.problems import KINDS
from tests import hotel as the
from tests.entrypoints.web.conftest import House, assert_problem, client_of, moved_into

CONVERSATION = f"/api/v1/conversations/{the.a_conversation().id}"
LISTS = [
    "/api/v1/conversations",
    f"{CONVERSATION}/messages",
    "/api/v1/guests",
    f"/api/v1/guests/{the.a_guest().id}/reservations",
    "/api/v1/reservations",
    "/api/v1/service-requests",
    "/api/v1/hotels/harbour/sync/runs",
    "/api/v1/hotels/harbour/sync/rejected",
]


@pytest.fixture(scope="module")
async def house(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One house for all: nothing that is refused here may change it."""
    async with moved_into(migrated_file, tmp_path_factory.mktemp("problems")) as shared:
        yield shared


@pytest.fixture(scope="module")
def app(house: House) -> Litestar:
    """Its web door."""
    return house.app()


@pytest.mark.parametrize("path", LISTS)
async def test_a_limit_that_is_no_limit_is_refused(viewer: httpx.AsyncClient, path: str) -> None:
    for limit in ("0", "-1", "201", "many", "1.5", ""):
        problem = assert_problem(await viewer.get(path, params={"limit": limit}), 400, "invalid-request")
        assert [field["field"] for field in problem["fields"]] == ["limit"], limit
    for limit in ("1", "200"):
        assert (await viewer.get(path, params={"limit": limit})).status_code == 200, limit


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_that_the_list_did_not_give_is_refused(viewer: httpx.AsyncClient, path: str) -> None:
    for cursor in ("nonsense", "eyJhIjoxfQ==", "é", "WyJvdGhlciIsMV0=", "x" * 501):
        problem = assert_problem(await viewer.get(path, params={"cursor": cursor}), 400, "invalid-request")
        assert [field["field"] for field in problem["fields"]] == ["cursor"], cursor


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/api/v1/conversations", {"state": "asleep"}, "state"),
        ("/api/v1/conversations", {"needs_attention": "perhaps"}, "needs_attention"),
        ("/api/v1/reservations", {"status": "asleep"}, "status"),
        ("/api/v1/reservations", {"on": "2026-13-01"}, "on"),
        ("/api/v1/reservations", {"on": "2026-11-22T10:00:00Z"}, "on"),
        ("/api/v1/service-requests", {"status": "asleep"}, "status"),
        ("/api/v1/guests", {"q": "x" * 101}, "q"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_named(
    viewer: httpx.AsyncClient, path: str, query: dict[str, str], field: str
) -> None:
    problem = assert_problem(await viewer.get(path, params=query), 400, "invalid-request")

    assert [found["field"] for found in problem["fields"]] == [field]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (f"{CONVERSATION}/messages", {"text": "Hello", "extra": 1}, "extra"),
        (f"{CONVERSATION}/messages", {}, "text"),
        (f"{CONVERSATION}/messages", {"text": 5}, "text"),
        (f"{CONVERSATION}/messages", {"text": ""}, "text"),
        (f"{CONVERSATION}/messages", ["Hello"], "body"),
        (f"{CONVERSATION}/messages", None, "body"),
        (f"{CONVERSATION}/match", {}, "guest_id"),
        (f"{CONVERSATION}/match", {"guest_id": "x", "level": "staff"}, "level"),
        (f"/api/v1/guests/{the.a_guest().id}/preferences", {"category": "tea"}, "value"),
        (f"/api/v1/guests/{the.a_guest().id}/preferences", {"category": "a", "value": "b", "source": "pms"}, "source"),
        ("/api/v1/service-requests", {"hotel_id": "harbour", "kind": "massage", "details": "x"}, "kind"),
        (
            "/api/v1/service-requests",
            {"hotel_id": "harbour", "kind": "taxi", "details": "x", "verified": True},
            "verified",
        ),
        ("/api/v1/hotels/harbour/sync/runs", {"kind": "first"}, "kind"),
        ("/api/v1/hotels/harbour/sync/runs", {"since": "2026"}, "since"),
        ("/api/v1/session", {"email": "a@b", "password": "p", "role": "admin"}, "role"),
        ("/api/v1/session", {"email": "a@b"}, "password"),
    ],
)
async def test_a_body_that_does_not_fit_is_refused_by_the_name_of_the_field(
    agent: httpx.AsyncClient, house: House, path: str, body: Any, field: str
) -> None:
    problem = assert_problem(await agent.post(path, json=body), 400, "invalid-request")

    assert [found["field"] for found in problem["fields"]] == [field]
    assert house.queue.rings == []


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"text": "a" "b"}', b"{'text': 1}", b"[" * 5000])
async def test_what_is_no_json_is_refused(agent: httpx.AsyncClient, body: bytes) -> None:
    response = await agent.post(f"{CONVERSATION}/messages", content=body, headers={"content-type": "application/json"})

    assert_problem(response, 400, "invalid-request")


async def test_a_body_that_is_not_called_json_is_refused(agent: httpx.AsyncClient) -> None:
    response = await agent.post(
        f"{CONVERSATION}/messages", content=b'{"text":"Hello"}', headers={"content-type": "text/plain"}
    )

    assert_problem(response, 415, "unsupported-media-type")


async def test_a_body_larger_than_any_honest_one_is_refused(agent: httpx.AsyncClient) -> None:
    response = await agent.post(f"{CONVERSATION}/messages", json={"text": "x" * 300_000})

    assert_problem(response, 413, "too-large")


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v1", "/api", "/webhooks/nothing", "/health/nothing", "/schema/x", "/nothing.js"]
)
async def test_an_address_that_is_none_is_not_found(viewer: httpx.AsyncClient, path: str) -> None:
    assert_problem(await viewer.get(path), 404, "not-found")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/api/v1/guests"), ("DELETE", "/api/v1/hotels"), ("POST", "/")])
async def test_a_method_that_a_route_has_not_is_not_allowed(viewer: httpx.AsyncClient, method: str, path: str) -> None:
    assert_problem(await viewer.request(method, path), 405, "method-not-allowed")


async def test_a_method_that_is_not_allowed_comes_with_those_that_are(viewer: httpx.AsyncClient) -> None:
    response = await viewer.put("/api/v1/service-requests")

    assert {method.strip() for method in response.headers["allow"].split(",")} >= {"GET", "POST"}


@pytest.mark.parametrize("path", ["/api/v1/guests/a%00b", "/api/v1/guests?q=%00", "/api/v1/guests?cursor=%00"])
async def test_a_nul_character_never_reaches_a_database(viewer: httpx.AsyncClient, path: str) -> None:
    assert_problem(await viewer.get(path), 400, "invalid-request")


async def test_a_fault_tells_the_client_nothing_and_the_log_everything(
    app: Litestar, mocker: MockerFixture, caplog: pytest.LogCaptureFixture
) -> None:
    mocker.patch.object(SqlStaysViews, "guest", side_effect=RuntimeError("the secret inside"))
    async with client_of(app, "viewer") as viewer:
        response = await viewer.get("/api/v1/guests/x")

    assert_problem(response, 500, "internal")
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text
    (fault,) = [record for record in caplog.records if record.getMessage() == "http.fault"]
    assert fault.levelno == logging.ERROR
    assert fault.exc_info is not None
    assert "the secret inside" in str(fault.exc_info[1])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_every_type_explains_itself(anyone: httpx.AsyncClient, kind: Any) -> None:
    response = await anyone.get(kind.type)

    assert response.status_code == 200
    assert str(kind.status) in response.text
    assert kind.title in response.text


async def test_a_type_that_is_none_explains_nothing(anyone: httpx.AsyncClient) -> None:
    assert_problem(await anyone.get("/problems/other"), 404, "not-found")

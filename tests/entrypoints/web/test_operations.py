"""What machines and logs see: health, metrics, headers, one line for each request."""

import asyncio
import logging

import httpx
import pytest
from litestar import Litestar
from pytest_mock import MockerFixture

from jack.adapters.persistence.stays_views import SqlStaysViews
from jack.entrypoints.logs import correlation_id
from jack.entrypoints.web.app import WebSettings
from jack.entrypoints.web.routes import health
from tests import hotel as the
from tests.entrypoints.web.conftest import House, assert_problem, client_of, sign_in


async def test_alive_says_so_without_looking_at_anything(anyone: httpx.AsyncClient, house: House) -> None:
    house.readiness.found = ("the database is down",)

    assert (await anyone.get("/health/live")).json() == {"status": "ok"}


async def test_ready_when_nothing_is_in_the_way(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get("/health/ready")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_not_ready_says_why_and_when_to_come_back(anyone: httpx.AsyncClient, house: House) -> None:
    house.readiness.found = ("the database does not answer", "run `jack db upgrade`")
    response = await anyone.get("/health/ready")

    problem = assert_problem(response, 503, "unavailable")
    assert problem["detail"] == "the database does not answer; run `jack db upgrade`"
    assert response.headers["retry-after"]


async def test_a_database_that_hangs_is_not_waited_for(
    anyone: httpx.AsyncClient, house: House, mocker: MockerFixture
) -> None:
    mocker.patch.object(health, "TIME_LIMIT", 0.01)
    house.readiness.wait = asyncio.Event().wait

    problem = assert_problem(await anyone.get("/health/ready"), 503, "unavailable")
    assert "did not answer" in problem["detail"]


async def test_metrics_count_by_template_and_never_by_address(anyone: httpx.AsyncClient) -> None:
    for number in range(3):
        await anyone.get(f"/api/v1/guests/number-{number}")
        await anyone.get(f"/api/v1/nothing-{number}")
    await anyone.request("BREW", "/api/v1/guests")
    answer = await anyone.get("/metrics")
    text = answer.text

    assert answer.headers["content-type"].count("charset") == 1
    assert (
        'jack_http_requests_total{method="GET",route="/api/v1/guests/{guest_id}",status="401"} 3.0' in text.splitlines()
    )
    assert 'jack_http_requests_total{method="GET",route="unmatched",status="404"} 3.0' in text.splitlines()
    assert 'method="OTHER"' in text
    assert "number-" not in text
    assert "nothing-" not in text
    assert "BREW" not in text


async def test_two_apps_in_one_process_count_for_themselves(house: House) -> None:
    async with client_of(house.app()) as one, client_of(house.app()) as other:
        await one.get("/health/live")

        assert 'route="/health/live"' not in (await other.get("/metrics")).text


async def test_a_good_request_id_comes_back_and_a_strange_one_is_replaced(anyone: httpx.AsyncClient) -> None:
    given = await anyone.get("/health/live", headers={"x-request-id": "abc-123"})
    strange = await anyone.get("/health/live", headers={"x-request-id": "a b\tc"})
    none = await anyone.get("/health/live")

    assert given.headers["x-request-id"] == "abc-123"
    assert strange.headers["x-request-id"].isalnum()
    assert none.headers["x-request-id"] != strange.headers["x-request-id"]


async def test_a_request_is_one_line_without_anything_of_a_guest(
    app: Litestar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with client_of(app) as client:
        await sign_in(client)
        caplog.clear()
        await client.post(
            f"/api/v1/conversations/{the.a_conversation().id}/messages?secret-query=1",
            json={"text": "secret-text"},
            headers={"x-csrftoken": client.cookies["csrftoken"]},
        )
        session = client.cookies["session"]

    lines = [record for record in caplog.records if record.name == "jack.http"]
    assert len(lines) == 1
    said = vars(lines[0])
    assert said["method"] == "POST"
    assert said["route"] == "/api/v1/conversations/{conversation_id}/messages"
    assert said["status"] == 201
    assert said["ms"] >= 0
    for word in ("secret-text", "secret-query", "csrftoken", session, the.a_conversation().id):
        assert word not in str(said)


async def test_every_line_logged_during_a_request_can_name_it(app: Litestar, mocker: MockerFixture) -> None:
    seen: list[str] = []
    mocker.patch.object(SqlStaysViews, "guest", side_effect=lambda _: seen.append(correlation_id.get()))
    async with client_of(app, "viewer") as viewer:
        await viewer.get("/api/v1/guests/x", headers={"x-request-id": "r-1"})

    assert seen == ["r-1"]
    assert correlation_id.get() == ""


async def test_what_meets_no_route_is_logged_too(app: Litestar, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with client_of(app) as client:
        await client.get("/api/v1/anna@example.com")

    (line,) = [record for record in caplog.records if record.name == "jack.http"]
    assert vars(line)["route"] == "unmatched"
    assert "anna" not in str(vars(line))


async def test_probes_and_deliveries_that_went_well_do_not_fill_the_log(
    app: Litestar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with client_of(app) as client:
        await client.get("/health/live")
        await client.post("/webhooks/whatsapp", content=b"{}", headers={"x-hub-signature-256": "good"})
        await client.post("/webhooks/whatsapp", content=b"{}", headers={"x-hub-signature-256": "bad"})

    statuses = [vars(record)["status"] for record in caplog.records if record.name == "jack.http"]
    assert statuses == [401]


@pytest.mark.parametrize(
    "path", ["/", "/health/live", "/api/v1/guests", "/nothing.js", "/schema", "/webhooks/whatsapp"]
)
async def test_every_answer_carries_the_security_headers(anyone: httpx.AsyncClient, path: str) -> None:
    headers = (await anyone.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


async def test_answers_of_the_api_are_never_kept(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/api/v1/guests")).headers["cache-control"] == "no-store"


async def test_without_tls_nobody_is_told_to_use_it(house: House) -> None:
    async with client_of(house.app(WebSettings(public_url="http://127.0.0.1:8000"))) as client:
        assert "strict-transport-security" not in (await client.get("/health/live")).headers

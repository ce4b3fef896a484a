"""Where a PMS pushes notices: the address, the body, and what an answer means."""

import logging

import httpx
import pytest
from litestar import Litestar

from jack.application.ports.jobs import Follow
from jack.domain.notices import QUIET
from jack.entrypoints.logs import JsonFormatter
from jack.entrypoints.web.routes.pms_notices import LARGEST_BODY
from tests.entrypoints.web.conftest import PMS_SECRET, House, assert_problem, client_of
from tests.hotel import HARBOUR

PATH = f"/webhooks/pms/harbour/{PMS_SECRET}"


async def test_a_push_is_stored_byte_for_byte_and_rung_for_after_a_quiet_time(
    anyone: httpx.AsyncClient, house: House
) -> None:
    body = b'{"Events": [\xff]}\x00'
    response = await anyone.post(PATH, content=body, headers={"content-type": "application/json"})

    assert (response.status_code, response.content) == (200, b"")
    assert [(notice.hotel_id, notice.body) for notice in house.inbox.notices] == [(HARBOUR, body)]
    assert [(ring.job, ring.after) for ring in house.queue.rings] == [(Follow(hotel_id=HARBOUR), QUIET)]


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "", "nonsense"])
async def test_whatever_the_vendor_says_it_sends_is_stored(
    anyone: httpx.AsyncClient, house: House, content_type: str
) -> None:
    response = await anyone.post(PATH, content=b"a=b", headers={"content-type": content_type})

    assert response.status_code == 200
    assert [notice.body for notice in house.inbox.notices] == [b"a=b"]


async def test_a_thousand_pushes_ring_once(anyone: httpx.AsyncClient, house: House) -> None:
    for _ in range(1000):
        assert (await anyone.post(PATH, content=b"{}")).status_code == 200

    assert len(house.inbox.notices) == 1000
    assert len(house.queue.rings) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/pms/harbour/wrong",
        f"/webhooks/pms/castle/{PMS_SECRET}",
        f"/webhooks/pms/nowhere/{PMS_SECRET}",
        f"/webhooks/pms/HARBOUR/{PMS_SECRET}",
        f"/webhooks/pms/harbour/{PMS_SECRET}%00",
        "/webhooks/pms/harbour/%F0%9F%92%A9",
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_an_unknown_hotel_and_a_wrong_secret_are_answered_alike(
    anyone: httpx.AsyncClient, house: House, method: str, path: str
) -> None:
    response = await anyone.request(method, path, content=b"{}" if method == "POST" else None)

    assert assert_problem(response, 404, "not-found")["detail"] == "there is nothing here"
    assert house.inbox.notices == []
    assert house.queue.rings == []


async def test_a_health_check_without_a_body_is_answered_and_leaves_nothing(
    anyone: httpx.AsyncClient, house: House
) -> None:
    for method in ("GET", "HEAD", "POST"):
        assert (await anyone.request(method, PATH)).status_code == 200
    assert (await anyone.post(PATH, content=b"  \n")).status_code == 200

    assert house.inbox.notices == []
    assert house.queue.rings == []


async def test_other_methods_are_refused(anyone: httpx.AsyncClient) -> None:
    assert_problem(await anyone.put(PATH, content=b"{}"), 405, "method-not-allowed")


async def test_what_could_not_be_stored_is_not_acknowledged(anyone: httpx.AsyncClient, house: House) -> None:
    house.inbox.down = True
    response = await anyone.post(PATH, content=b"{}")

    assert_problem(response, 503, "unavailable")
    assert house.queue.rings == []


async def test_a_body_that_is_too_large_is_refused(anyone: httpx.AsyncClient, house: House) -> None:
    assert (await anyone.post(PATH, content=b"x" * LARGEST_BODY)).status_code == 200
    response = await anyone.post(PATH, content=b"x" * (LARGEST_BODY + 1))

    assert_problem(response, 413, "too-large")
    assert len(house.inbox.notices) == 1


async def test_the_secret_stands_in_no_log_no_metric_and_no_answer(
    app: Litestar, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.inbox.down = True
    async with client_of(app, raise_app_exceptions=False) as anyone:
        answers = [await anyone.request(method, PATH, content=b"{}") for method in ("POST", "PUT", "GET")]
        house.inbox.down = False
        answers += [
            await anyone.post(PATH, content=b"{}"),
            await anyone.post(f"{PATH}/more"),
            await anyone.post(f"{PATH}x"),
        ]
        shown = (await anyone.get("/metrics")).text + (await anyone.get("/schema/openapi.json")).text

    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert any(record.name == "jack.http" for record in ours)
    assert all(PMS_SECRET not in JsonFormatter().format(record) + str(vars(record)) for record in ours)
    assert 'route="/webhooks/pms/{hotel}/{secret}"' in shown
    assert PMS_SECRET not in shown
    assert all(PMS_SECRET not in answer.text + str(answer.headers) for answer in answers)

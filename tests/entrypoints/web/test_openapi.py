"""The OpenAPI document: complete, stable, and the same one that the dashboard is typed from."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from jack.entrypoints import dashboard
from jack.entrypoints.web.app import openapi_document
from tests.entrypoints.web.test_who_may import routes

KEPT = Path(dashboard.__file__).parent / "openapi.json"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every path, method and operation."""
    for path, methods in openapi_document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_dashboards_copy_is_the_document() -> None:
    if not KEPT.exists():
        pytest.skip("Jack was installed without the dashboard's source")
    assert json.loads(KEPT.read_text()) == openapi_document(), "run `make openapi` and look at what changed"


def test_every_route_of_the_api_is_described(app: Litestar) -> None:
    described = {(method.upper(), path) for path, method, _ in operations()}
    there = {
        (method, path.replace(":str}", "}")) for method, path in routes(app) if path.startswith(("/api/v1/", "/chat/{"))
    }

    assert described - {("GET", "/health/live"), ("GET", "/health/ready")} == there


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is_for() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(set(names)) == len(names)
    for path, method, operation in operations():
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
        assert operation["tags"], (path, method)


def test_every_error_that_is_described_is_a_problem() -> None:
    for path, method, operation in operations():
        for status, response in operation["responses"].items():
            if status >= "400":
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, (path, method, status)
            elif operation["operationId"].endswith("events"):
                assert list(response["content"]) == ["text/event-stream"]
            elif status != "204":
                assert response["content"]["application/json"]["schema"], (path, method, status)


def test_what_needs_a_sign_in_says_so_and_the_rest_does_not() -> None:
    free = {operation["operationId"] for _, _, operation in operations() if not operation.get("security")}
    expecting_401 = {operation["operationId"] for _, _, operation in operations() if "401" in operation["responses"]}

    assert free == {"sign_in", "open_chat", "live", "ready"}
    assert {operation["operationId"] for _, _, operation in operations()} - expecting_401 == {
        "open_chat",
        "live",
        "ready",
    }


def test_every_reference_leads_somewhere() -> None:
    document = openapi_document()
    references = {part.partition('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}

    assert references <= document["components"]["schemas"].keys()


def test_the_words_of_states_are_listed() -> None:
    schemas = openapi_document()["components"]["schemas"]

    assert schemas["ConversationView"]["properties"]["held_by"]["enum"] == ["jack", "staff"]
    assert schemas["MessageView"]["properties"]["direction"]["enum"] == ["inbound", "outbound"]
    assert schemas["ReservationView"]["properties"]["status"]["enum"][0] == "tentative"


async def test_the_document_is_served_as_it_is_kept(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get("/schema/openapi.json")

    assert response.headers["content-type"].startswith("application/json")
    assert response.json() == openapi_document()


async def test_its_page_needs_no_script_and_no_other_host(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get("/schema")

    assert response.headers["content-type"].startswith("text/html")
    assert "/api/v1/conversations" in response.text
    assert "<script" not in response.text
    assert "//" not in response.text.replace("<!doctype", "")

"""The dashboard's files: found, kept where they may be, and nothing beside them."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from jack.entrypoints.web.problems import HANDLERS
from jack.entrypoints.web.routes.dashboard import dashboard
from tests.entrypoints.web.conftest import assert_problem, client_of

PAGE = "<!doctype html><title>Jack</title>"
SCRIPT = "console.log('é');" * 100


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a door that serves a small dashboard."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / ".jack-built").write_text("digest")
    (folder / "assets" / "index-abc123.js").write_text(SCRIPT)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    app = Litestar([dashboard(folder)], exception_handlers=HANDLERS, openapi_config=None, logging_config=None)
    async with client_of(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/index.html", "/conversations", "/conversations/0199aa", "/sync/harbour"])
async def test_the_page_is_at_every_address_of_the_dashboards_own(browser: httpx.AsyncClient, path: str) -> None:
    response = await browser.get(path)

    assert (response.status_code, response.text) == (200, PAGE)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


async def test_built_files_may_be_kept_for_ever_because_their_names_change(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/assets/index-abc123.js")

    assert response.text == SCRIPT
    assert "javascript" in response.headers["content-type"]
    assert "immutable" in response.headers["cache-control"]
    assert (await browser.get("/favicon.svg")).headers["cache-control"] == "no-cache"


async def test_files_travel_compressed_to_those_who_can_read_that(browser: httpx.AsyncClient) -> None:
    async with browser.stream("GET", "/assets/index-abc123.js", headers={"accept-encoding": "gzip"}) as response:
        raw = b"".join([piece async for piece in response.aiter_raw()])
    plain = await browser.get("/assets/index-abc123.js", headers={"accept-encoding": "identity"})

    assert gzip.decompress(raw).decode() == SCRIPT
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/link.txt",
        "/.jack-built",
        "/assets/missing.js",
        "/a%00b",
        "/..%5csecret.txt",
    ],
)
async def test_nothing_beside_the_files_is_served(browser: httpx.AsyncClient, path: str) -> None:
    response = await browser.get(path)

    assert "secret" not in response.text
    assert_problem(response, 404, "not-found")


@pytest.mark.parametrize("path", ["/api/v2/x", "/webhooks/other", "/chat/x", "/problems"])
async def test_addresses_of_the_api_are_never_the_dashboards(browser: httpx.AsyncClient, path: str) -> None:
    assert_problem(await browser.get(path), 404, "not-found")


async def test_nothing_can_be_sent_to_a_page(browser: httpx.AsyncClient) -> None:
    assert_problem(await browser.post("/"), 405, "method-not-allowed")
    assert_problem(await browser.post("/conversations"), 404, "not-found")


async def test_a_head_request_gets_the_page_s_headers(browser: httpx.AsyncClient) -> None:
    response = await browser.head("/", headers={"accept-encoding": "identity"})

    assert response.status_code == 200
    assert response.headers["content-length"] == str(len(PAGE))


async def test_a_rebuilt_file_is_seen_at_once(browser: httpx.AsyncClient, tmp_path: Path) -> None:
    await browser.get("/")
    (tmp_path / "dist" / "index.html").write_text("<!doctype html><title>Newer</title>")

    assert "Newer" in (await browser.get("/")).text


async def test_a_page_says_so_where_the_dashboard_was_not_built(anyone: httpx.AsyncClient) -> None:
    response = await anyone.get("/")

    assert response.status_code == 200
    assert "<title>" in response.text

"""The chat's script on a hotel's own page, in a real Chromium: another origin than Jack's, under a strict policy."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.dashboard.conftest import PATIENCE
from tests.journeys.hotel import Staff
from tests.journeys.web_chat import Chatting
from tests.simulators.serving import serve

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Hotel</title><h1>Harbour</h1>
<script src="{jack}/chat/widget.js" {more} async></script>"""
NASTY = "<img src=x onerror=\"document.title='taken'\"> & <b>breakfast?</b>"


class HotelPage:
    """The hotel's own web server; `more` are the script's attributes."""

    def __init__(self) -> None:
        self.jack = ""
        self.more = 'data-hotel="harbour"'

    async def __call__(self, scope: Any, _: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        policy = f"default-src 'none'; script-src {self.jack}; connect-src {self.jack}"
        headers = [(b"content-type", b"text/html"), (b"content-security-policy", policy.encode())]
        found = scope["path"] == "/"
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
        body = PAGE.format(jack=self.jack, more=self.more).encode() if found else b""
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[tuple[Chatting, HotelPage, str]]:
    """Jack, the hotel's page, and where that is."""
    page = HotelPage()
    async with serve(page) as origin:
        jack = Chatting(tmp_path, origin)
        await jack.employ_ann()
        await jack.open()
        page.jack = jack.url
        yield jack, page, origin
        assert jack.serve is not None
        await jack.serve.kill()


@pytest.fixture
async def visit(
    browser: Browser, hotel: tuple[Chatting, HotelPage, str]
) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens the hotel's page in a browser of its own; no script may fail on it."""
    _, _, origin = hotel
    faults: list[str] = []
    async with AsyncExitStack() as stack:

        async def visited(**options: Any) -> Page:
            context = await browser.new_context(**{"locale": "en-GB", **options})
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE)
            context.on("weberror", lambda error: faults.append(str(error.error)))
            page = await context.new_page()
            await page.goto(origin)
            return page

        yield visited
    assert faults == []


async def test_a_guest_chats_by_keyboard_and_nothing_written_is_read_as_html(
    visit: Callable[..., Awaitable[Page]], hotel: tuple[Chatting, HotelPage, str]
) -> None:
    page = await visit()
    opener = page.get_by_role("button", name="Chat with us")
    await opener.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Chat")
    field = dialog.get_by_label("Your message")
    await expect(field).to_be_focused()
    await page.keyboard.type(NASTY)
    await page.keyboard.press("Enter")

    log = dialog.get_by_role("log")
    await expect(log.get_by_text(NASTY)).to_be_visible()
    await expect(log.locator(".hotel")).to_have_count(1)
    assert await page.title() == "Hotel"
    assert await log.locator("img, b").count() == 0

    async with Staff(hotel[0].url) as ann:
        (conversation,) = (await ann.get("/conversations"))["items"]
        await ann.post(f"/conversations/{conversation['id']}/take-over")
        await ann.post(f"/conversations/{conversation['id']}/messages", {"text": "<b>Ann</b> here"})
    await expect(log.get_by_text("<b>Ann</b> here")).to_be_visible()
    await expect(log.get_by_text("Ann", exact=True)).to_be_visible()

    for keys in ("Tab", "Shift+Tab"):  # the focus stays inside, whichever way
        for _ in range(6):
            await page.keyboard.press(keys)
            assert await page.evaluate(
                "document.querySelector('jack-chat').shadowRoot.activeElement.closest('[role=dialog]') !== null"
            )
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(opener).to_be_focused()

    await page.reload()
    await page.get_by_role("button", name="Chat with us").click()
    await expect(log.locator(".message")).to_have_count(3)


async def test_what_could_not_be_sent_says_so_and_is_sent_once_when_tried_again(
    visit: Callable[..., Awaitable[Page]],
) -> None:
    page = await visit()
    await page.get_by_role("button", name="Chat with us").click()
    down = True

    async def unreachable(route: Route) -> None:
        await (route.abort() if down else route.continue_())

    await page.route("**/chat/harbour/messages", unreachable)
    await page.get_by_label("Your message").fill("Do you have parking?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Not sent.")).to_be_visible()
    down = False
    await page.get_by_role("button", name="Try again").click()

    log = page.get_by_role("log")
    await expect(log.locator(".hotel")).to_have_count(1)
    await expect(log.locator(".guest")).to_have_count(1)
    await expect(page.get_by_text("Not sent.")).to_have_count(0)


async def test_the_page_finds_jack_again_after_a_restart(
    visit: Callable[..., Awaitable[Page]], hotel: tuple[Chatting, HotelPage, str]
) -> None:
    jack, _, _ = hotel
    page = await visit()
    await page.get_by_role("button", name="Chat with us").click()
    await page.get_by_label("Your message").fill("Do you have parking?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").locator(".hotel")).to_have_count(1)
    assert jack.serve is not None
    await jack.serve.kill()
    await expect(page.get_by_text("No connection. Trying again…")).to_be_visible()
    await jack.open()
    await expect(page.get_by_text("No connection. Trying again…")).to_have_count(0)
    await page.get_by_label("Your message").fill("And a pool?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").locator(".hotel")).to_have_count(2)
    await expect(page.get_by_role("log").locator(".message")).to_have_count(4)


@pytest.mark.parametrize(
    ("locale", "more", "words"),
    [
        ("de-AT", "", "Chatten Sie mit uns"),
        ("es-MX", "", "Chatee con nosotros"),
        ("fr-FR", "", "Discutez avec nous"),
        ("pt-PT", "", "Fale connosco"),
        ("ja-JP", "", "Chat with us"),
        ("de-DE", 'data-language="fr"', "Discutez avec nous"),
    ],
)
async def test_the_guests_language_is_spoken_unless_the_page_chooses(
    visit: Callable[..., Awaitable[Page]], hotel: tuple[Chatting, HotelPage, str], locale: str, more: str, words: str
) -> None:
    hotel[1].more += f" {more}"
    page = await visit(locale=locale)
    await expect(page.get_by_role("button", name=words)).to_be_visible()


async def test_on_a_phone_the_chat_fills_the_screen(visit: Callable[..., Awaitable[Page]]) -> None:
    page = await visit(viewport={"width": 360, "height": 640}, has_touch=True)
    await page.get_by_role("button", name="Chat with us").tap()
    box = await page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 640)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360

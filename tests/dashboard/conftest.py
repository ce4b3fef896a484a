"""A real Chromium before the dashboard of a running demo, with an eye on what pages may never do."""

import shutil
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, async_playwright, expect

from jack.entrypoints import dashboard
from tests.dashboard.demo import Demo, running_demo

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE = 15_000
"""Milliseconds that anything on a page may take on a busy machine."""

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} forbids ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def chromium() -> str:
    """The path of a Chromium of this machine."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"No Chromium to walk through the dashboard with: install one ({', '.join(BROWSERS)}).")
    return found


@pytest.fixture(scope="module")
def demo(chromium: str) -> Iterator[Demo]:
    """A running `jack demo`."""
    if not (dashboard.folder() / "assets").is_dir():
        pytest.skip("The dashboard was not built: JACK_SKIP_DASHBOARD was set while Jack was installed.")
    with running_demo() as running:
        yield running


@pytest.fixture(scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A running Chromium."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, headless=True, args=OPTIONS)
        yield started
        await started.close()


@pytest.fixture
async def context(browser: Browser, demo: Demo) -> AsyncIterator[BrowserContext]:
    """A browser of its own for one test; afterwards it must have asked no other host and complained about nothing."""
    opened = await browser.new_context(base_url=demo.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    opened.set_default_timeout(PATIENCE)
    faults: list[str] = []
    host = urlsplit(demo.url).netloc

    async def only_this_host(route: Route) -> None:
        if urlsplit(route.request.url).netloc == host:
            await route.continue_()
            return
        faults.append(f"asked another host: {route.request.url}")
        await route.abort()

    def complains(message: ConsoleMessage) -> None:
        # Chromium itself reports every 401; here that is the question "who am I" before and after being signed in
        is_expected = message.location["url"].startswith(demo.url) and "status of 401" in message.text
        if message.type in {"error", "warning"} and not is_expected:
            faults.append(f"console: {message.text}")

    await opened.route("**/*", only_this_host)
    await opened.add_init_script(REPORT_VIOLATIONS)
    opened.on("console", complains)
    opened.on("weberror", lambda error: faults.append(f"uncaught: {error.error}"))
    yield opened
    await opened.close()
    assert faults == []


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    """A page on which nobody is signed in."""
    return await context.new_page()


@pytest.fixture
async def staff(page: Page, demo: Demo) -> Page:
    """A page on which the demo's staff member has signed in."""
    await page.goto("/")
    await sign_in(page, demo.email, demo.password)
    await expect(page.get_by_role("heading", name="Conversations")).to_be_visible()
    return page


async def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in the form and send it."""
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()

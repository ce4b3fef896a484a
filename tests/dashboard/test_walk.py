"""A walk through the dashboard of a running demo, in a real Chromium, as staff walk."""

import re
import uuid
from datetime import date
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.dashboard.conftest import sign_in
from tests.dashboard.demo import Demo

pytestmark = pytest.mark.browser


async def test_a_wrong_password_is_told_and_the_right_one_opens_the_page_that_was_asked_for(
    page: Page, demo: Demo
) -> None:
    await page.goto("/reservations?status=checked_in")
    await sign_in(page, demo.email, "not the password")
    await expect(page.get_by_role("alert")).to_have_text("The e-mail or the password is wrong.")

    await sign_in(page, demo.email, demo.password)

    await expect(page.get_by_role("heading", name="Reservations")).to_be_visible()
    await expect(page.get_by_label("Status")).to_have_value("checked_in")


async def test_a_conversation_stands_beside_its_guest_and_says_how_the_sender_was_matched(staff: Page) -> None:
    conversation, guest, stay = await the_demo_conversation(staff)

    await open_conversation(staff, conversation)

    messages = staff.get_by_role("log")
    await expect(messages.get_by_text("Hi, I'd like late checkout")).to_be_visible()
    await expect(messages.get_by_text("Today")).to_be_visible()
    panel = staff.get_by_role("complementary", name="Guest")
    await expect(panel.get_by_role("heading", name=f"{guest['first_name']} {guest['last_name']}")).to_be_visible()
    await expect(panel.get_by_text(f"Room {stay['room_number']}", exact=True)).to_be_visible()
    await expect(panel.get_by_text(stay["room_type"])).to_be_visible()
    await expect(panel.get_by_text("Checked in")).to_be_visible()
    await expect(fact(panel, "Check-in")).to_have_text(in_words(stay["arrival_date"]))
    await expect(fact(panel, "Check-out")).to_have_text(in_words(stay["departure_date"]))
    assert guest["preferences"], "the demo's guest must like something"
    for preference in guest["preferences"]:
        await expect(panel.get_by_text(preference["value"])).to_be_visible()
    await expect(panel.get_by_text("Matched", exact=True)).to_be_visible()
    await expect(panel.get_by_text("Level: contact")).to_be_visible()
    assert conversation["match"]["evidence"], "a match must have evidence"
    for sentence in conversation["match"]["evidence"]:
        await expect(panel.get_by_text(sentence)).to_be_visible()


async def test_every_answer_of_jack_says_what_it_stood_on(staff: Page) -> None:
    conversation, guest, stay = await the_demo_conversation(staff)
    await open_conversation(staff, conversation)

    await staff.get_by_role("button", name="Why did Jack say this?").first.click()

    receipt = staff.get_by_role("dialog", name="Why did Jack say this?")
    await expect(receipt.get_by_text("Hi, I'd like late checkout")).to_be_visible()
    facts = receipt.get_by_role("listitem")
    name = f"{guest['first_name']} {guest['last_name']}"
    await expect(facts.filter(has_text="Guest name")).to_contain_text(name)
    await expect(facts.filter(has_text="Stay room number")).to_contain_text(stay["room_number"])
    await expect(facts.filter(has_text="Stay room number")).to_contain_text("Level: contact")
    await staff.keyboard.press("Escape")
    await expect(receipt).to_have_count(0)


async def test_staff_take_over_reply_and_hand_back(staff: Page) -> None:
    conversation, _, _ = await the_demo_conversation(staff)
    await open_conversation(staff, conversation)
    thread = staff.get_by_role("region", name=re.compile("^Conversation with"))
    words = f"The desk has noted it, reference {uuid.uuid4().hex[:8]}."

    await thread.get_by_role("button", name="Take over").click()
    await expect(thread.get_by_text("Held by staff")).to_be_visible()

    await thread.get_by_label("Reply to the guest").fill(words)
    await thread.get_by_role("button", name="Send").click()
    said = thread.get_by_role("article").filter(has_text=words)
    await expect(said).to_have_count(1)
    await expect(said).to_contain_text("Ann of the staff")
    await expect(said).to_contain_text(re.compile("Delivered|Read"))

    await thread.get_by_role("button", name="Hand back to Jack").click()
    await expect(thread.get_by_text("Held by Jack")).to_be_visible()
    await expect(said).to_have_count(1)


async def test_a_reservation_is_found_by_its_guest_its_status_and_its_day(staff: Page) -> None:
    _, guest, stay = await the_demo_conversation(staff)
    await staff.get_by_role("link", name="Reservations").click()

    await staff.get_by_label("Search").fill(stay["confirmation_number"])
    found = (
        staff.get_by_role("table", name="Reservations").get_by_role("row").filter(has_text=stay["confirmation_number"])
    )
    await expect(staff.get_by_role("row")).to_have_count(2)  # the head and the one
    await expect(found).to_contain_text(f"{guest['first_name']} {guest['last_name']}")
    await expect(found).to_contain_text(stay["room_number"])

    await staff.get_by_label("Status").select_option("cancelled")
    await expect(staff.get_by_text("No reservation fits")).to_be_visible()
    await staff.get_by_label("Status").select_option("checked_in")
    await staff.get_by_label("In the hotel on").fill(stay["arrival_date"])
    await expect(found).to_be_visible()
    await expect(staff).to_have_url(re.compile(f"on={stay['arrival_date']}"))


async def test_a_guest_is_found_by_phone_and_shows_every_stay(staff: Page) -> None:
    _, guest, stay = await the_demo_conversation(staff)
    phone = next(point["value"] for point in guest["contact_points"] if point["kind"] == "phone")
    await staff.get_by_role("link", name="Guests").click()

    await staff.get_by_label("Search").fill(phone)
    await staff.get_by_role("table").get_by_role("link", name=f"{guest['first_name']} {guest['last_name']}").click()

    await expect(staff.get_by_role("heading", level=1)).to_have_text(f"{guest['first_name']} {guest['last_name']}")
    await expect(staff.get_by_role("row").filter(has_text=stay["confirmation_number"])).to_be_visible()


async def test_a_sync_is_run_now_and_shows_what_it_did(staff: Page) -> None:
    await staff.get_by_role("link", name="Sync").click()
    runs = staff.get_by_role("row").filter(has_text="Full sync")
    await expect(staff.get_by_role("row").filter(has_text="First load")).to_contain_text("Complete")
    await expect(runs).to_have_count(0)  # only people order one

    await run_now(staff, "Full sync")

    await expect(runs).to_have_count(1)
    await expect(runs).to_contain_text("Complete")
    await expect(staff.get_by_role("button", name="Run now")).to_be_enabled()
    await expect(staff.get_by_text("The last run was complete.")).to_be_visible()


async def test_signing_out_leads_to_the_sign_in_and_leaves_nothing_behind(staff: Page) -> None:
    conversation, guest, _ = await the_demo_conversation(staff)
    await open_conversation(staff, conversation)

    await staff.get_by_role("button", name="Sign out").click()

    await expect(staff.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(staff.get_by_text(guest["last_name"])).to_have_count(0)
    assert (await staff.request.get("/api/v1/session")).status == 401


async def test_a_session_that_ended_leads_to_the_sign_in_and_back_to_where_one_was(staff: Page, demo: Demo) -> None:
    conversation, _, _ = await the_demo_conversation(staff)
    await open_conversation(staff, conversation)

    await staff.context.clear_cookies()
    await expect(staff.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(staff, demo.email, demo.password)

    await expect(staff.get_by_role("log").get_by_text("Hi, I'd like late checkout")).to_be_visible()
    await expect(staff).to_have_url(re.compile(f"/conversations/{conversation['id']}$"))


async def test_the_walk_fits_a_phone(staff: Page) -> None:
    conversation, _, stay = await the_demo_conversation(staff)
    await staff.set_viewport_size({"width": 390, "height": 844})
    for room in ("Reservations", "Guests", "Sync", "Conversations"):
        await staff.get_by_role("link", name=room).click()
        await expect(staff.get_by_role("heading", name=room)).to_be_visible()
        assert await staff.evaluate("document.documentElement.scrollWidth") <= 390

    await open_conversation(staff, conversation)
    await expect(staff.get_by_label("Reply to the guest")).to_be_in_viewport()
    await staff.get_by_role("button", name="Guest", exact=True).click()
    panel = staff.get_by_role("complementary", name="Guest")
    await expect(panel.get_by_text(f"Room {stay['room_number']}", exact=True)).to_be_in_viewport()


async def the_demo_conversation(page: Page) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The conversation of the demo's guest, the guest and the stay, as the API tells them."""
    conversation = (await read(page, "conversations"))["items"][0]
    guest = await read(page, f"guests/{conversation['guest_id']}")
    return conversation, guest, await read(page, f"reservations/{conversation['reservation_id']}")


async def read(page: Page, what: str) -> Any:
    """What the API answers to the signed-in page."""
    answer = await page.request.get(f"/api/v1/{what}")
    assert answer.ok, answer.status
    return await answer.json()


async def open_conversation(page: Page, conversation: dict[str, Any]) -> None:
    """Choose the conversation from the list."""
    await page.get_by_role("region", name="Conversations").get_by_role("link", name=conversation["guest_name"]).click()
    await expect(page.get_by_role("log")).to_be_visible()


async def run_now(page: Page, button: str) -> None:
    """Press the button; once more when a scheduled run was in the way."""
    status = 409
    for _ in range(5):
        async with page.expect_response(lambda r: r.request.method == "POST" and "/sync/runs" in r.url) as caught:
            await page.locator("button:not([aria-disabled])", has_text=button).click()
        status = (await caught.value).status
        if status != 409:
            break
    assert status == 202


def fact(panel: Locator, name: str) -> Locator:
    """The value beside the name of a fact."""
    return panel.locator("dt", has_text=re.compile(f"^{name}$")).locator("xpath=following-sibling::dd")


def in_words(day: str) -> str:
    """`2026-11-22` as the dashboard says it, reckoned without any time zone."""
    there = date.fromisoformat(day)
    return f"{there:%a} {there.day} {there:%b} {there.year}"

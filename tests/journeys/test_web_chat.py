"""A guest on the hotel's own page: Jack in a process of its own, a browser's requests, staff beside it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import httpx
import pytest

from tests.entrypoints.web.chatting import listening, messages, opened, write
from tests.journeys.hotel import Staff
from tests.journeys.web_chat import Chatting
from tests.programs import eventually


@pytest.fixture
async def jack(tmp_path: Path) -> AsyncIterator[Chatting]:
    """Jack, with Ann at the desk."""
    chatting = Chatting(tmp_path)
    await chatting.employ_ann()
    await chatting.open()
    yield chatting
    if chatting.serve:
        await chatting.serve.kill()


async def test_a_guest_is_answered_on_the_page_knows_no_secret_and_staff_win(jack: Chatting) -> None:
    async with httpx.AsyncClient(base_url=jack.url) as browser, Staff(jack.url) as ann:
        token = await opened(browser)
        async with listening(browser, token) as events:
            for _ in range(3):  # the page tries again because it heard nothing
                assert (await write(browser, token, "What time is breakfast?")).status_code == 202
            mine, answer = await messages(events, 2)
            assert (mine["text"], answer["author"]["kind"]) == ("What time is breakfast?", "jack")

            (conversation,) = (await ann.get("/conversations"))["items"]
            assert (conversation["channel"], conversation["match"]["level"]) == ("web_chat", "public")
            path = f"/conversations/{conversation['id']}"

            async def is_delivered() -> bool:
                stored = await ann.messages(conversation["id"])
                return [one["status"] for one in stored] == ["received", "delivered"]

            await eventually(is_delivered)

            await ann.post(f"{path}/take-over")
            await ann.post(f"{path}/messages", {"text": "Ann **here**."})
            (staff,) = await messages(events, 1)
            assert (staff["text"], staff["author"]) == ("Ann here.", {"kind": "staff", "name": "Ann"})

            await write(browser, token, "And the pool?", "c-2")
            (asked,) = await messages(events, 1)
            assert asked["text"] == "And the pool?"
            await ann.post(f"{path}/hand-back")
            (again,) = await messages(events, 1)
            assert again["author"]["kind"] == "jack"


async def test_a_restart_takes_nothing_from_the_page_and_waits_for_no_open_one(jack: Chatting) -> None:
    async with httpx.AsyncClient(base_url=jack.url) as browser:
        token = await opened(browser)
        async with listening(browser, token) as events:
            await write(browser, token, "Do you have parking?")
            mine, answer = await messages(events, 2)
            assert jack.serve is not None
            before = monotonic()
            stopping = asyncio.create_task(jack.serve.stop())
            assert [one async for one in events if one["event"] == "message"] == []  # the stream ends, unbroken
            assert await stopping == 0, jack.serve.said
            assert monotonic() - before < 8  # it does not wait for its time to run out
        await jack.open()
    async with httpx.AsyncClient(base_url=jack.url) as browser:
        async with listening(browser, token) as events:
            assert await messages(events, 2) == [mine, answer]
        async with listening(browser, token, after=mine["number"]) as events:
            assert await messages(events, 1) == [answer]
    said = jack.serve.said
    assert token not in said
    assert "parking" not in said

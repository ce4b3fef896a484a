"""A browser's side of the web chat, as the house's tests play it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

ORIGIN = "https://www.harbour.example"


async def opened(client: httpx.AsyncClient, hotel: str = "harbour", **headers: str) -> str:
    """A new session's token."""
    response = await client.post(f"/chat/{hotel}/sessions", headers=headers)
    assert response.status_code == 201, response.text
    return str(response.json()["token"])


async def write(
    client: httpx.AsyncClient, token: str, text: str = "Hello", id_: str = "c-1", hotel: str = "harbour"
) -> httpx.Response:
    """Write as the page does."""
    return await client.post(
        f"/chat/{hotel}/messages",
        json={"client_message_id": id_, "text": text},
        headers={"authorization": f"Bearer {token}", "origin": ORIGIN},
    )


@asynccontextmanager
async def listening(
    client: httpx.AsyncClient, token: str, after: int | None = None, hotel: str = "harbour"
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The page's events: dictionaries with `event`, `data`, and `id` where there is one."""
    headers = {"authorization": f"Bearer {token}", "origin": ORIGIN}
    if after is not None:
        headers["last-event-id"] = str(after)
    async with client.stream("GET", f"/chat/{hotel}/events", headers=headers, timeout=20) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        events = parsed(response)  # held here, because dropping it hangs up
        yield events


async def parsed(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Events as they come, without comments."""
    found: dict[str, Any] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            found[name] = json.loads(value) if name == "data" else value
        elif "event" in found:
            yield found
            found = {}


async def messages(events: AsyncIterator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The next messages."""
    got = []
    async for one in events:
        if one["event"] == "message":
            got.append({**one["data"], "number": int(one["id"])})
            if len(got) == count:
                break
    return got

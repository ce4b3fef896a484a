"""Bodies and answers of webhooks, below Litestar's request and response objects."""

import asyncio
from typing import Final

from litestar.types import Receive, Scope, Send

from jack.entrypoints.web.problems import TOO_LARGE, Refusal
from jack.entrypoints.web.sizes import announces_more

TEXT: Final = b"text/plain; charset=utf-8"

BODY_TIME_LIMIT: Final = 20.0
"""Seconds for a body that comes in pieces."""


async def whole_body(scope: Scope, receive: Receive, largest: int) -> bytes | None:
    """The whole body, None when the sender went away before its end.

    Raises Refusal before reading when it says that it is larger than `largest` bytes, else as soon as it is.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and announces_more(value, largest):
            raise Refusal(TOO_LARGE)
    pieces: list[bytes] = []
    size, more = 0, True
    async with asyncio.timeout(BODY_TIME_LIMIT):
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return None
            piece, more = message["body"], message["more_body"]
            size += len(piece)
            if size > largest:
                raise Refusal(TOO_LARGE)
            pieces.append(piece)
    return b"".join(pieces)


async def answer(send: Send, text: bytes = b"", media_type: bytes = TEXT) -> None:
    """Answer 200. Without its length the body would be chunked: one more write for an answer that is usually empty."""
    headers = [(b"content-type", media_type), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})

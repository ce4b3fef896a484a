"""ChatHub: from the posts in the database to the open pages of this process.

One small question for all pages, so that what any process stored reaches every page, whoever serves it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any, Final

from jack.application.errors import OutsideFailure
from jack.application.messaging.chat import ConfirmDelivered
from jack.application.ports.clock import Clock
from jack.application.ports.web_chat import ChatPost, ChatPosts, ChatSession
from jack.entrypoints.web.streams import ALIVE, START, Stream, Streams, event

log = logging.getLogger(__name__)

POLL_EVERY: Final = 0.3
"""Seconds between two looks, while any page is open."""

HISTORY: Final = 200
"""Posts that a new page gets at most."""

AT_ONCE: Final = 500
"""Posts read at once."""

ANSWER_EXPECTED: Final = timedelta(minutes=3)
"""For how long after a guest's post Jack may still be typing."""

PER_SESSION: Final = 6
PER_ADDRESS: Final = 60
"""Open streams; all guests on the hotel's own Wi-Fi may share one address."""


class ChatHub:
    """Serves every open page of this process."""

    def __init__(self, posts: ChatPosts, confirm: ConfirmDelivered, clock: Clock, streams: Streams) -> None:
        self._posts = posts
        self._confirm = confirm
        self._clock = clock
        self._streams = streams
        self._pages: defaultdict[str, set[Stream]] = defaultdict(set)
        self._waiting: dict[str, Any] = {}  # since when each sender waits for an answer
        self._typing: frozenset[str] = frozenset()
        self._seen: int | None = None
        self._poll: asyncio.Task[None] | None = None

    def check(self, session: ChatSession, address: str) -> None:
        """Raises TooManyAttempts when this session or address has enough pages open."""
        self._streams.check(*_shares(session, address))

    async def events(self, session: ChatSession, address: str, after: int) -> AsyncIterator[bytes]:
        """Everything that the page may show with a number above `after`, then what comes, until one side hangs up."""
        sender = session.sender
        with self._streams.opened(*_shares(session, address)) as stream:
            self._pages[sender].add(stream)
            try:
                yield START
                history = await self._begin(sender, after)
                last = history[-1].number if history else 0
                yield b"".join(_shown(post) for post in history)
                yield event("typing", {"typing": sender in self._typing})
                await self._delivered(session, history)
                async for item in stream.items():
                    if not isinstance(item, ChatPost):
                        yield ALIVE if item is None else item
                    elif item.number > last:
                        last = item.number
                        yield _shown(item)
                        await self._delivered(session, (item,))
            except OutsideFailure as failure:
                log.warning("chat.stream_ended", extra={"reason": str(failure)})  # the page comes back
            finally:
                self._pages[sender].discard(stream)
                if not self._pages[sender]:
                    del self._pages[sender]
                    self._waiting.pop(sender, None)

    async def _begin(self, sender: str, after: int) -> tuple[ChatPost, ...]:
        """What the page missed. The looking goes on before this is read, so that nothing falls in between."""
        newest = await self._posts.newest()
        if self._seen is None:
            self._seen = newest
        if self._poll is None or self._poll.done():
            self._poll = asyncio.create_task(self._keep_looking(), name="chat pages")
        history = await self._posts.of(sender, after if after <= newest else 0, HISTORY)
        if history:
            self._expect(history[-1])
        return history

    async def _delivered(self, session: ChatSession, posts: Sequence[ChatPost]) -> None:
        try:
            await self._confirm(session, posts)
        except OutsideFailure as failure:
            log.warning("chat.receipt_lost", extra={"reason": str(failure)})  # the next page tells it again

    async def _keep_looking(self) -> None:
        """Until no page is open."""
        while self._pages:
            try:
                await self._look()
            except OutsideFailure as failure:
                log.warning("chat.database_away", extra={"reason": str(failure)})
            except Exception:
                log.exception("chat.look_broke")
            await asyncio.sleep(POLL_EVERY)
        self._seen = None

    async def _look(self) -> None:
        while posts := await self._posts.after(self._seen or 0, AT_ONCE):
            for post in posts:
                self._seen = post.number
                if post.sender in self._pages:
                    self._expect(post)
                    self._tell(post.sender, post)
        now = self._clock.now()
        for sender in [sender for sender, since in self._waiting.items() if now - since > ANSWER_EXPECTED]:
            del self._waiting[sender]
        typing = await self._posts.answering(tuple(self._waiting), now)
        for sender in typing ^ self._typing:
            self._tell(sender, event("typing", {"typing": sender in typing}))
        self._typing = typing

    def _expect(self, post: ChatPost) -> None:
        """After a guest's post Jack may be typing; after the hotel's he is done, unless the guest writes again."""
        if post.message_id is None:
            self._waiting[post.sender] = post.at
        else:
            self._waiting.pop(post.sender, None)

    def _tell(self, sender: str, item: ChatPost | bytes) -> None:
        for stream in tuple(self._pages.get(sender, ())):
            stream.put(item)


def _shares(session: ChatSession, address: str) -> tuple[tuple[str, str, int], ...]:
    return ("chat session", session.sender, PER_SESSION), ("chat address", address, PER_ADDRESS)


def _shown(post: ChatPost) -> bytes:
    return event(
        "message",
        {
            "id": str(post.message_id or post.client_id),
            "client_message_id": post.client_id,
            "direction": "inbound" if post.message_id is None else "outbound",
            "author": {"kind": post.author, "name": post.author_name},
            "text": post.text,
            "created_at": post.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        },
        post.number,
    )

"""The web chat's sessions and posts, in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from jack.application.ports.web_chat import ChatPost, ChatPosts, ChatSession, ChatSessions
from jack.domain.ids import HotelId, MessageId
from tests.fakes.persistence import assert_no_open_unit_of_work


@dataclass(slots=True)
class InMemoryChatSessions(ChatSessions):
    """Keeps sessions; `posts` lose those of sessions that are forgotten."""

    posts: "InMemoryChatPosts"

    async def add(self, session: ChatSession) -> None:
        held = self.posts.sessions
        for sender in [sender for sender, other in held.items() if other.expires_at <= session.created_at]:
            del held[sender]
            self.posts.posts = [post for post in self.posts.posts if post.sender != sender]
        held[session.sender] = session

    async def by_token(self, hotel_id: HotelId, token_digest: str, now: datetime) -> ChatSession | None:
        for session in self.posts.sessions.values():
            if (session.hotel_id, session.token_digest) == (hotel_id, token_digest) and session.expires_at > now:
                return session
        return None

    async def prolong(self, sender: str, expires_at: datetime) -> None:
        if sender in self.posts.sessions:
            self.posts.sessions[sender] = replace(self.posts.sessions[sender], expires_at=expires_at)


@dataclass(slots=True)
class InMemoryChatPosts(ChatPosts):
    """Keeps posts of sessions; `answers` says whom Jack is answering."""

    sessions: dict[str, ChatSession] = field(default_factory=dict)
    posts: list[ChatPost] = field(default_factory=list)
    answers: Callable[[], frozenset[str]] = frozenset
    given: int = 0

    async def say(self, sender: str, message_id: MessageId, text: str, at: datetime) -> ChatPost | None:
        assert_no_open_unit_of_work()
        if sender not in self.sessions:
            return None
        for post in self.posts:
            if post.message_id == message_id:
                return post
        return self._add(sender, message_id, None, "jack", text, at)

    async def note(self, sender: str, client_id: str, text: str, at: datetime) -> None:
        assert_no_open_unit_of_work()
        known = any((post.sender, post.client_id) == (sender, client_id) for post in self.posts)
        if sender in self.sessions and not known:
            self._add(sender, None, client_id, "guest", text, at)

    async def saying(self, sender: str, text: str, since: datetime) -> tuple[ChatPost, ...]:
        said = [post for post in self.posts if post.sender == sender and post.message_id is not None]
        return tuple(post for post in said if post.text == text and post.at >= since)

    async def of(self, sender: str, after: int, limit: int) -> tuple[ChatPost, ...]:
        return tuple(post for post in self.posts if post.sender == sender and post.number > after)[-limit:]

    async def newest(self) -> int:
        assert_no_open_unit_of_work()
        return max((post.number for post in self.posts), default=0)

    async def after(self, number: int, limit: int) -> tuple[ChatPost, ...]:
        return tuple(post for post in self.posts if post.number > number)[:limit]

    async def delivered(self, numbers: Sequence[int]) -> None:
        self.posts = [replace(post, delivered=True) if post.number in numbers else post for post in self.posts]

    async def answering(self, senders: Sequence[str], now: datetime) -> frozenset[str]:
        return self.answers() & frozenset(senders)

    def _add(
        self, sender: str, message_id: MessageId | None, client_id: str | None, author: str, text: str, at: datetime
    ) -> ChatPost:
        self.given += 1
        post = ChatPost(
            number=self.given,
            sender=sender,
            message_id=message_id,
            client_id=client_id,
            author=author,
            author_name="",
            text=text,
            at=at,
            delivered=message_id is None,
        )
        self.posts.append(post)
        return post

"""The web chat's stories: a browser opens a session, writes, and gets what the hotel said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jack.application.errors import NotFound, NotSignedIn
from jack.application.messaging.chat_limits import ChatLimits
from jack.application.ports.channels import Delivery
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.inbox import DeliveryInbox
from jack.application.ports.jobs import JobQueue, Receive
from jack.application.ports.security import Tokens
from jack.application.ports.web_chat import ChatPost, ChatPosts, ChatSession, ChatSessions, WebChats
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId, new_id

CHANNEL = "web_chat"

LASTS = timedelta(days=14)
"""How long a session lasts that nobody uses."""

PROLONGED_EVERY = timedelta(hours=6)
"""A session in use is written so often at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedChat:
    """A new session; the token is shown this once."""

    token: str = field(repr=False)
    expires_at: datetime
    hotel: Hotel


@dataclass(frozen=True, slots=True)
class OpenChat:
    """Give a browser a session of its own."""

    chats: WebChats
    hotels: Hotels
    sessions: ChatSessions
    tokens: Tokens
    limits: ChatLimits
    clock: Clock

    async def __call__(self, hotel: str, address: str) -> OpenedChat:
        """Raises NotFound for a hotel without a web chat, TooManyAttempts, and the three words."""
        served = self.hotels.get(HotelId(hotel))
        if served is None or self.chats.origins(hotel) is None:
            raise NotFound("there is no chat here")
        self.limits.session(hotel, address)
        now, token = self.clock.now(), self.tokens.new()
        session = ChatSession(
            sender=new_id(),
            token_digest=self.tokens.digest(token),
            hotel_id=served.id,
            created_at=now,
            expires_at=now + LASTS,
        )
        await self.sessions.add(session)
        return OpenedChat(token=token, expires_at=session.expires_at, hotel=served)


@dataclass(frozen=True, slots=True)
class EnterChat:
    """Find the session behind a token."""

    chats: WebChats
    sessions: ChatSessions
    tokens: Tokens
    limits: ChatLimits
    clock: Clock

    async def __call__(self, hotel: str, token: str, address: str) -> ChatSession:
        """The session, which lasts anew from now.

        Raises NotFound for a hotel without a web chat, NotSignedIn alike for a token that nobody has, one of another
        hotel and one that expired, TooManyAttempts for an address that tries many, and the three words.
        """
        if self.chats.origins(hotel) is None:
            raise NotFound("there is no chat here")
        self.limits.may_guess(address)
        now = self.clock.now()
        session = await self.sessions.by_token(HotelId(hotel), self.tokens.digest(token), now) if token else None
        if session is None:
            self.limits.guessed(address)
            raise NotSignedIn("this chat has ended; open a new one")
        if session.expires_at < now + LASTS - PROLONGED_EVERY:
            await self.sessions.prolong(session.sender, now + LASTS)
        return session


@dataclass(frozen=True, slots=True)
class WriteChatMessage:
    """Make durable what a guest wrote, then ring, as for every channel; only then it is acknowledged."""

    inbox: DeliveryInbox
    posts: ChatPosts
    queue: JobQueue
    limits: ChatLimits
    clock: Clock

    async def __call__(self, session: ChatSession, client_id: str, text: str, body: bytes, address: str) -> None:
        """`body` is what the browser sent, in which `client_id` and `text` were found. The same `client_id` again makes
        no second message. Raises TooManyAttempts, and ServiceUnavailable when it could not be stored.
        """
        self.limits.message(session.sender, address)
        await self.inbox.store(_delivery(session.hotel_id, session.sender, "messages", body, self.clock.now()))
        self.queue.ring(Receive())
        await self.posts.note(session.sender, client_id, text, self.clock.now())


@dataclass(frozen=True, slots=True)
class ConfirmDelivered:
    """Pages got posts: their messages are delivered. What is lost on the way is told again by the next page."""

    inbox: DeliveryInbox
    posts: ChatPosts
    queue: JobQueue
    clock: Clock

    async def __call__(self, session: ChatSession, got: Sequence[ChatPost]) -> None:
        """Store receipts for those that the hotel said and no page had. Raises the three words."""
        new = [post for post in got if post.message_id is not None and not post.delivered]
        if not new:
            return
        body = json.dumps([{"post": post.provider_id, "message": post.message_id} for post in new]).encode()
        await self.inbox.store(_delivery(session.hotel_id, session.sender, "delivered", body, self.clock.now()))
        self.queue.ring(Receive())
        await self.posts.delivered([post.number for post in new])


def _delivery(hotel_id: HotelId, sender: str, kind: str, body: bytes, now: datetime) -> Delivery:
    return Delivery(
        id=new_id(),
        channel=CHANNEL,
        accounts=(hotel_id,),
        body=body,
        received_at=now,
        target=f"{sender}/{kind}",
    )

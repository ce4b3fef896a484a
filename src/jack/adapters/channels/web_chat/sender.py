"""WebChatSender: saying something on a hotel's page is storing it where the page's stream finds it."""

from datetime import datetime

from jack.adapters.markup import to_plain
from jack.application.errors import OutsideFailure, ServiceRejected, ServiceUnavailable
from jack.application.ports.channels import ChannelSender, DeliveryReceipt, OutboundText, Sent, Unclear
from jack.application.ports.clock import Clock
from jack.application.ports.web_chat import ChatPosts
from jack.domain.message import DeliveryStatus

LONGEST_TEXT = 4_000
"""Characters of one post; longer answers are split."""


class WebChatSender(ChannelSender):
    """Sends to the sessions of one hotel; `account` is the hotel's id.

    A message has one post, however often it is sent, so that a try that broke off may be made again. There is no time
    that free text could run out of.
    """

    def __init__(self, posts: ChatPosts, account: str, clock: Clock) -> None:
        self._posts = posts
        self._account = account
        self._clock = clock

    def __repr__(self) -> str:
        """Name the hotel."""
        return f"WebChatSender({self._account})"

    @property
    def longest_text(self) -> int:
        """Turning Markdown into plain text adds little."""
        return LONGEST_TEXT - 100

    async def send(self, message: OutboundText) -> Sent | Unclear:
        """Show one text, Markdown made plain; see ChannelSender for what is raised."""
        text = to_plain(message.text)
        if not text:
            raise ServiceRejected("there is no text to send")
        if len(text) > LONGEST_TEXT:
            raise ServiceRejected(f"the text is longer than {LONGEST_TEXT} characters; shorten it")
        now = self._clock.now()
        try:
            post = await self._posts.say(message.address, message.message_id, text, now)
        except ServiceUnavailable as failure:
            return await self._after(failure, message, text, now)
        if post is None:
            raise ServiceRejected("the guest's chat has ended; there is no page any more that would show it")
        return Sent(provider_id=post.provider_id)

    async def listed(self, message: OutboundText, since: datetime) -> tuple[DeliveryReceipt, ...] | None:
        """What is stored for the page."""
        posts = await self._posts.saying(message.address, to_plain(message.text), since)
        return tuple(
            DeliveryReceipt(
                account=self._account,
                provider_id=post.provider_id,
                message_id=post.message_id,
                status=DeliveryStatus.DELIVERED if post.delivered else DeliveryStatus.SENT,
                at=post.at,
            )
            for post in posts
        )

    async def check(self) -> str | None:
        """Ask whether the pages' posts can be read."""
        try:
            await self._posts.newest()
        except OutsideFailure as failure:
            return f"the chat's posts cannot be read: {failure}"
        return None

    async def _after(
        self, failure: ServiceUnavailable, message: OutboundText, text: str, began: datetime
    ) -> Sent | Unclear:
        """A commit may be done although nobody was told: look whether it was."""
        try:
            posts = await self._posts.saying(message.address, text, began)
        except OutsideFailure:
            return Unclear(reason="the database went away while a post was stored")
        for post in posts:
            if post.message_id == message.message_id:
                return Sent(provider_id=post.provider_id)
        raise failure

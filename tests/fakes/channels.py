"""A channel that records what is sent."""

import asyncio
from collections import deque
from datetime import datetime, timedelta

from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.channels import ChannelSender, DeliveryReceipt, OutboundText, Sent, Unclear
from tests.fakes.persistence import assert_no_open_unit_of_work

NEEDS_TEMPLATE = "the time for free text has run out"


class RecordingSender(ChannelSender):
    """Takes every text unless told otherwise; fails when it is called inside a unit of work.

    `taken` is what got through to the guest, `calls` every try. What is lined up happens to the next tries, in order.
    """

    def __init__(self) -> None:
        self.longest = 4_000
        self.taken: list[OutboundText] = []
        self.calls: list[OutboundText] = []
        self.wrong: str | None = None
        self.list: tuple[DeliveryReceipt, ...] | None = None
        self._plan: deque[OutsideFailure | Unclear] = deque()
        self._lost: deque[bool] = deque()

    @property
    def longest_text(self) -> int:
        return self.longest

    def busy_next(self, retry_after: timedelta | None = None) -> None:
        """The next try is told to come back later."""
        self.fail_next(ServiceUnavailable("the channel is busy", retry_after=retry_after))

    def deny_next(self) -> None:
        """The next try meets wrong credentials."""
        self.fail_next(ServiceDenied("the channel does not accept the credentials"))

    def reject_next(self) -> None:
        """The next text is refused for good."""
        self.fail_next(ServiceRejected("the channel does not take this text"))

    def fail_next(self, failure: OutsideFailure) -> None:
        """The next try fails so."""
        self._plan.append(failure)

    def lose_next_answer(self, *, taken: bool) -> None:
        """The next try breaks off, with the text taken or not: the sender cannot tell."""
        self._plan.append(Unclear(reason="the call to the channel broke off"))
        self._lost.append(taken)

    async def send(self, message: OutboundText) -> Sent | Unclear:
        """Take the text, or do what was lined up."""
        assert_no_open_unit_of_work()
        self.calls.append(message)
        number = len(self.calls)
        await asyncio.sleep(0)  # as a real call does, let others run in between
        if not message.window_open:
            raise ServiceRejected(NEEDS_TEMPLATE)
        outcome = self._plan.popleft() if self._plan else None
        if isinstance(outcome, OutsideFailure):
            raise outcome
        if outcome is None or self._lost.popleft():
            self.taken.append(message)
        return outcome or Sent(provider_id=f"recorded-{number}")

    async def listed(self, message: OutboundText, since: datetime) -> tuple[DeliveryReceipt, ...] | None:
        """The `list` that a test laid down."""
        assert_no_open_unit_of_work()
        return self.list

    async def check(self) -> str | None:
        """What is `wrong`, None unless a test set it."""
        assert_no_open_unit_of_work()
        return self.wrong

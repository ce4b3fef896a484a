"""Random schedules: whoever crashes, repeats or interrupts wherever, the promises hold.

Every step of every story may be interrupted at every await: the database lets others run before each transaction and
after it, the model and the channel think for a few turns of the loop, and a crash cancels a worker wherever it stands.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from jack.application.errors import ServiceUnavailable
from jack.application.messaging.staff_desk import HandBack, ReplyAsStaff, TakeOver
from jack.application.ports.channels import OutboundText, Sent, Unclear
from jack.application.ports.jobs import Answer, Deliver, Job, Receive
from jack.application.ports.llm import Prompt
from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.butler import Draft
from jack.domain.conversation import HeldBy
from jack.domain.message import AuthorKind, DeliveryStatus
from tests.application.test_answering import COLLEAGUE
from tests.application.world import MARIA, World

LEFT = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.READ)


class Storm:
    """One world under a random schedule, which the seed decides."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World()
        self.workers: list[asyncio.Task[None]] = []
        self.desk: list[asyncio.Task[None]] = []
        self.written = 0
        self.held_since_send: list[str] = []
        self.taken_over = False
        self._slow_down()

    def _slow_down(self) -> None:
        world, begin = self.world, self.world.database.begin
        draft, send, sleep = world.model.draft, world.sender.send, world.clock.sleep

        @asynccontextmanager
        async def slow_begin() -> AsyncIterator[UnitOfWork]:
            await self.breathe()
            async with begin() as uow:
                await self.breathe()
                yield uow
            await self.breathe()

        async def slow_draft(prompt: Prompt) -> Draft:
            if self.chance.random() < 0.1:
                raise ServiceUnavailable("busy")
            await self.breathe(60)
            return await draft(prompt)

        async def slow_send(text: OutboundText) -> Sent | Unclear:
            await self.breathe(60)
            if self.taken_over and self._author(text) is AuthorKind.JACK:
                self.held_since_send.append(text.text)
            if self.chance.random() < 0.1:
                world.sender.busy_next()
            return await send(text)

        async def slow_sleep(duration: timedelta) -> None:
            # much happens in the time that somebody sleeps
            for _ in range(40):
                await asyncio.sleep(0)
            await sleep(duration)

        world.database.begin = slow_begin  # type: ignore[method-assign]
        world.model.draft, world.sender.send = slow_draft, slow_send  # type: ignore[method-assign,assignment]
        world.clock.sleep = slow_sleep  # type: ignore[method-assign]
        for name in ("receive", "answer", "deliver", "sweep"):
            story = getattr(world, name)
            object.__setattr__(story, "begin", slow_begin)
        self.take_over_story = TakeOver(slow_begin, world.clock)
        self.hand_back_story = HandBack(slow_begin, world.queue)
        self.reply_story = ReplyAsStaff(slow_begin, world.queue, world.clock)

    def _author(self, text: OutboundText) -> AuthorKind:
        return self.world.state.messages[text.message_id].author.kind

    async def breathe(self, longest: int = 3) -> None:
        """Let others run for a few turns of the loop."""
        for _ in range(self.chance.randint(0, longest)):
            await asyncio.sleep(0)

    # what may happen

    async def a_guest_writes(self) -> None:
        self.written += 1
        message = self.world.inbound(f"message {self.written}")
        for _ in range(self.chance.choice((1, 1, 2))):
            await self.world.delivered(message)

    async def a_ring_is_played(self) -> None:
        jobs: list[Job] = [Receive()]
        jobs += [Answer(conversation_id=c) for c in self.world.state.conversations]
        queued = [m for m in self.world.state.messages.values() if m.status is DeliveryStatus.QUEUED]
        jobs += [Deliver(message_id=m.id) for m in queued]
        for job in self.chance.choices(jobs, k=self.chance.choice((1, 1, 3))):
            self.workers.append(asyncio.create_task(self.world.play(job)))

    async def a_worker_dies(self) -> None:
        living = [task for task in self.workers if not task.done()]
        if living:
            self.chance.choice(living).cancel()

    async def staff_act(self) -> None:
        if not self.world.state.conversations or any(not task.done() for task in self.desk):
            return
        act = self.chance.choice((self._take_over, self._take_over, self._hand_back, self._reply))
        self.desk.append(asyncio.create_task(act()))

    async def time_passes(self) -> None:
        self.world.clock.move(timedelta(seconds=self.chance.choice((0.2, 1, 3))))

    async def the_sweep_looks(self) -> None:
        self.workers.append(asyncio.create_task(self.world.sweep()))

    async def _take_over(self) -> None:
        await self.take_over_story(self.world.conversation.id)
        self.taken_over = self.world.conversation.held_by is HeldBy.STAFF

    async def _hand_back(self) -> None:
        self.taken_over = False
        await self.hand_back_story(self.world.conversation.id)

    async def _reply(self) -> None:
        await self.reply_story(self.world.conversation.id, MARIA, "Maria here.")

    async def rages(self) -> None:
        events = (
            [self.a_guest_writes] * 2
            + [self.a_ring_is_played] * 6
            + [self.a_worker_dies]
            + [self.staff_act] * 2
            + [self.time_passes] * 3
            + [self.the_sweep_looks]
        )
        for _ in range(120):
            await self.chance.choice(events)()
            await self.breathe(12)
        await asyncio.gather(*self.workers, *self.desk, return_exceptions=True)
        self._nothing_broke()

    def _nothing_broke(self) -> None:
        for task in (*self.workers, *self.desk):
            error = None if task.cancelled() else task.exception()
            assert error is None, repr(error)

    async def calms_down(self) -> None:
        """Nobody crashes any more, and the sweep comes round a few times."""
        self.chance.random = lambda: 1.0  # type: ignore[method-assign]
        for _ in range(6):
            self.world.clock.move(timedelta(minutes=2))
            await self.world.sweep()
            await self.world.everything_happens()


@pytest.mark.parametrize("seed", range(150))
async def test_whatever_happens_in_whatever_order_the_promises_hold(seed: int) -> None:
    storm = Storm(seed)
    await storm.rages()
    world = storm.world
    await storm.calms_down()

    questions, replies = world.questions, {m.id: m for m in world.replies}
    # every acknowledged message is stored once
    assert sorted(m.text for m in questions) == sorted(f"message {n + 1}" for n in range(storm.written))
    # and answered at most once
    answers = Counter(
        question
        for receipt in world.state.receipts.values()
        if replies[receipt.message_id].status is not DeliveryStatus.DRAFT
        for question in receipt.questions
    )
    assert all(number == 1 for number in answers.values())
    # the guest got every text at most once
    texts = Counter(text.message_id for text in world.sender.taken)
    assert all(number == 1 for number in texts.values())
    # in the order in which they were said
    said_at = [world.state.messages[text.message_id].created_at for text in world.sender.taken]
    assert said_at == sorted(said_at)
    # nothing of Jack's left after staff took over
    assert storm.held_since_send == []
    # every reply has a known fate, and an unknown one is shown to staff
    assert not [m for m in replies.values() if m.status in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)]
    for message in replies.values():
        assert (message.id in texts) or message.status not in LEFT
    if not questions:
        return
    if world.conversation.held_by is HeldBy.JACK:
        assert all(m.answered_at for m in questions)
        assert world.conversation.turn_token is None
    # and what counts as answered was answered: by a reply that stands (a fixed one is not repeated), or by staff
    if not any(m.text == COLLEAGUE for m in replies.values()):
        standing = [m for m in world.messages() if m.status is not DeliveryStatus.DRAFT]
        answered_at = {m.created_at for m in standing if m.author.kind is not AuthorKind.GUEST}
        assert all(m.answered_at in answered_at for m in questions if m.answered_at)

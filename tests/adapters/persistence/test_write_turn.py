"""Whose turn it is to write."""

import asyncio

from jack.adapters.persistence.write_turn import WriteTurn


class Writers:
    """Tasks that take the turn and hold it until they are let go."""

    def __init__(self) -> None:
        self.turn = WriteTurn()
        self.order: list[str] = []
        self.go = asyncio.Event()

    def want(self, name: str, *, first: bool = False) -> "asyncio.Task[None]":
        """Another task that asks for the turn."""

        async def write() -> None:
            async with self.turn.taken(first=first):
                self.order.append(name)
                await self.go.wait()

        return asyncio.create_task(write())


async def settle() -> None:
    """Let every task come as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_turns_come_in_order_of_asking_and_deliveries_go_first() -> None:
    writers = Writers()
    tasks = [writers.want("one"), writers.want("two"), writers.want("three"), writers.want("inbox", first=True)]
    await settle()
    assert writers.order == ["one"]
    writers.go.set()
    await asyncio.gather(*tasks)
    assert writers.order == ["one", "inbox", "two", "three"]


async def test_whoever_gives_up_waiting_holds_up_nobody() -> None:
    writers = Writers()
    one, two, three = writers.want("one"), writers.want("two"), writers.want("three")
    await settle()
    two.cancel()
    await settle()
    writers.go.set()
    await asyncio.gather(one, three)
    assert writers.order == ["one", "three"]


async def test_a_turn_that_comes_together_with_the_cancellation_is_passed_on() -> None:
    writers = Writers()
    one, two, three = writers.want("one"), writers.want("two"), writers.want("three")
    await settle()
    one.cancel()
    await asyncio.sleep(0)  # one is over and has handed its turn to two, which has not run yet
    two.cancel()
    writers.go.set()
    await asyncio.gather(one, two, three, return_exceptions=True)
    assert writers.order == ["one", "three"]


async def test_a_burst_of_deliveries_is_let_pass_first() -> None:
    writers = Writers()
    writers.go.set()
    await writers.want("inbox", first=True)
    story = writers.want("story")
    await settle()
    assert writers.order == ["inbox"]
    await writers.want("inbox", first=True)
    await story
    assert writers.order == ["inbox", "inbox", "story"]


async def test_a_burst_that_never_ends_holds_nobody_up_for_long() -> None:
    writers = Writers()
    writers.go.set()
    await writers.want("inbox", first=True)
    story = writers.want("story")
    deliveries = 0
    while not story.done():
        await writers.want("inbox", first=True)
        deliveries += 1
    await story
    assert deliveries > 1
    assert "story" in writers.order


async def test_deliveries_are_expected_for_a_while_after_one() -> None:
    turn = WriteTurn()
    assert not turn.delivering
    async with turn.taken():
        pass
    assert not turn.delivering
    async with turn.taken(first=True):
        pass
    assert turn.delivering

"""Whether the promises were kept: read from the staff API and from what the far ends noted themselves."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.torture.crowd import Crowd
from tests.torture.desk import Desk, digits
from tests.torture.house import House
from tests.torture.words import ANSWER, STAFF, answered, topics

SETTLED = {"received", "draft", "sent", "delivered", "read", "failed", "unknown"}


@dataclass(slots=True)
class Verdict:
    """What was found. `broken` are the promises that were not kept."""

    broken: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    settled_after: float = 0.0


@dataclass(slots=True)
class Judge:
    """Looks at one house after its storm."""

    house: House
    crowd: Crowd
    desk: Desk

    async def waits(self, patience: float) -> Verdict:
        """The verdict once nothing is open any more, or after `patience` seconds with what still is."""
        begun = time.monotonic()
        while True:
            verdict = await self._look()
            verdict.settled_after = time.monotonic() - begun
            if not verdict.broken or verdict.settled_after > patience:
                return verdict
            await asyncio.sleep(0.5)

    async def _look(self) -> Verdict:
        verdict = Verdict()
        texts = [sent.body for sent in self.house.whatsapp.accepted]
        self._nothing_twice(verdict, texts)
        self._nothing_after_a_take_over(verdict)
        conversations = await self.desk.conversations()
        told = [(one, await self.desk.messages(one["id"])) for one in conversations]
        self._stored_once(verdict, told)
        for conversation, messages in told:
            self._nothing_open(verdict, conversation, messages, set(answered(texts)))
        verdict.figures["acknowledged"] = len(self.crowd.acknowledged)
        verdict.figures["taken by the channel"] = len(texts)
        return verdict

    def _nothing_twice(self, verdict: Verdict, texts: list[str]) -> None:
        ids = Counter(sent.callback_data for sent in self.house.whatsapp.accepted)
        verdict.broken += [f"message {one} was sent {times} times" for one, times in ids.items() if times > 1]
        verdict.broken += [
            f"{of} was answered {times} times" for of, times in Counter(answered(texts)).items() if times > 1
        ]

    def _nothing_after_a_take_over(self, verdict: Verdict) -> None:
        for arrival in self.house.graph.arrivals:
            if arrival.body.get("type") != "text":
                continue
            text = str(arrival.body["text"]["body"])
            address = digits(str(arrival.body.get("to", arrival.body.get("recipient"))))
            if text.startswith(STAFF):
                continue
            for held in self.desk.held:
                if held.address == address and held.since < arrival.at < held.until:
                    late = arrival.at - held.since
                    verdict.broken.append(f"a word of Jack's left {late:.3f} s after the take-over returned")

    def _stored_once(self, verdict: Verdict, told: list[tuple[Any, list[Any]]]) -> None:
        stored = Counter(
            (of, digits(conversation["address"]))
            for conversation, messages in told
            for message in messages
            if message["direction"] == "inbound"
            for of in topics(message["text"])
        )
        for of, person in self.crowd.acknowledged.items():
            times = stored.pop((of, str(person.wa_id)), 0)
            if times != 1:
                verdict.broken.append(f"{of} is stored {times} times")
        addresses = Counter(digits(conversation["address"]) for conversation, _ in told)
        verdict.broken += [f"{times} conversations with one guest" for times in addresses.values() if times > 1]

    def _nothing_open(self, verdict: Verdict, conversation: Any, messages: list[Any], answers: set[str]) -> None:
        """Every question is answered or with people, every fate is known or with people."""
        verdict.figures.update(message["status"] for message in messages if message["direction"] == "outbound")
        with_people = conversation["needs_attention"] or conversation["held_by"] == "staff"
        seen_by_staff = any(held.address == digits(conversation["address"]) for held in self.desk.held)
        unsettled = [message["status"] for message in messages if message["status"] not in SETTLED]
        verdict.broken += [f"a message is still {status}" for status in unsettled]
        fates = {message["status"] for message in messages}
        if {"unknown", "failed"} & fates and not (with_people or seen_by_staff):
            verdict.broken.append("an unknown or failed fate is shown to nobody")
        staff_wrote = [i for i, one in enumerate(messages) if one["author"]["kind"] == "staff"]
        for index, message in enumerate(messages):
            asked = [of for of in topics(message["text"]) if of in self.crowd.acknowledged]
            open_topics = [of for of in asked if of not in answers]
            if message["direction"] != "inbound" or not open_topics or with_people:
                continue
            if any(at > index for at in staff_wrote):
                continue
            if seen_by_staff and any(_is_apology(later) for later in messages[index:]):
                continue
            if {"unknown", "failed"} & fates and seen_by_staff:
                continue  # the answer is the one whose fate staff were shown
            verdict.broken.append(f"{open_topics[0]} is unanswered and nobody was told")


def _is_apology(message: Any) -> bool:
    """True of what Jack says when he cannot answer; staff are told in the same moment."""
    return message["author"]["kind"] == "jack" and not message["text"].startswith(ANSWER)

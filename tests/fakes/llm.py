"""A language model that says what the test wants."""

from collections import deque

from jack.application.ports.llm import LanguageModel, Prompt
from jack.domain.butler import Draft
from tests.fakes.persistence import assert_no_open_unit_of_work


class ScriptedFake(LanguageModel):
    """Returns queued drafts, or raises queued failures, in order; says something harmless when nothing is queued.

    `prompts` are those it was asked. Fails the test when it is asked while a unit of work is open.
    """

    def __init__(self, *outcomes: Draft | Exception, name: str = "fake") -> None:
        self.outcomes = deque(outcomes)
        self.prompts: list[Prompt] = []
        self.problem: str | None = None
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def will(self, *outcomes: Draft | Exception) -> None:
        """Queue what comes next."""
        self.outcomes.extend(outcomes)

    async def draft(self, prompt: Prompt) -> Draft:
        assert_no_open_unit_of_work()
        self.prompts.append(prompt)
        outcome = self.outcomes.popleft() if self.outcomes else Draft(text="Certainly.", model=self._name)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def check(self) -> str | None:
        assert_no_open_unit_of_work()
        return self.problem

"""LanguageModel: turns a context into a draft."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from jack.domain.butler import Draft
from jack.domain.context import ConversationContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a model is asked.

    `persona` is the same for every answer (a provider may cache it); `facts` is the context's facts as JSON; the turns
    are `context.history` followed by `context.question`. Nothing outside this object may reach the model.
    """

    persona: str
    facts: str
    context: ConversationContext


class LanguageModel(Protocol):
    """A language model behind some provider."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What staff read on a receipt, such as "anthropic claude-sonnet-4-5"."""

    @abstractmethod
    async def draft(self, prompt: Prompt) -> Draft:
        """One reply, whole or not at all, within the adapter's time limit.

        Raises ServiceUnavailable when the model is busy, down, too slow, or its answer was cut or empty; ServiceDenied
        for credentials, permissions and spent budgets; ServiceRejected when the model refuses this prompt. Does not
        retry. A tool call that cannot be read is not dropped silently: it makes the answer ServiceUnavailable.
        """

    @abstractmethod
    async def check(self) -> str | None:
        """None when the model answers, else what is wrong and what to do; never names a secret."""

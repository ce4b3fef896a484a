"""ScriptedModel: the butler that answers by rules, for hotels and newcomers without a language model."""

from jack.adapters.llm.scripted.answer import answer
from jack.application.ports.llm import LanguageModel, Prompt
from jack.domain.butler import Draft


class ScriptedModel(LanguageModel):
    """A deterministic butler in English, German, Spanish, French, Portuguese and Italian.

    It says only what stands in the context, passes on what people must do, and never fails.
    """

    @property
    def name(self) -> str:
        """What staff read on a receipt."""
        return "scripted"

    async def draft(self, prompt: Prompt) -> Draft:
        """One reply; the same context always gives the same one."""
        text, requests = answer(prompt.context)
        return Draft(text=text, requests=requests, model=self.name)

    async def check(self) -> str | None:
        """Always well."""
        return None

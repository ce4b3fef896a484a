"""The scripted butler: the model that needs no credentials."""

from jack.adapters.llm.scripted.model import ScriptedModel

__all__ = ["ScriptedModel"]

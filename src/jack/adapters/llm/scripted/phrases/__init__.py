"""What the scripted butler says, language by language."""

from typing import Final

from jack.adapters.llm.scripted.phrases.book import Phrases
from jack.adapters.llm.scripted.phrases.de import GERMAN
from jack.adapters.llm.scripted.phrases.en import ENGLISH
from jack.adapters.llm.scripted.phrases.es import SPANISH
from jack.adapters.llm.scripted.phrases.fr import FRENCH
from jack.adapters.llm.scripted.phrases.it import ITALIAN
from jack.adapters.llm.scripted.phrases.pt import PORTUGUESE

PHRASES: Final[dict[str, Phrases]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "es": SPANISH,
    "fr": FRENCH,
    "pt": PORTUGUESE,
    "it": ITALIAN,
}

__all__ = ["PHRASES", "Phrases"]

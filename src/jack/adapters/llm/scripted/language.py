"""In which language somebody writes, and text made comparable."""

import re
import unicodedata
from typing import Final

LANGUAGES: Final = ("en", "de", "es", "fr", "pt", "it")

_WORDS: Final[dict[str, str]] = {
    "en": (
        "i i'd i'm i'll i've we we'd we're you your my our the a an is are do does can could would may have has "
        "need want like please what when where which who how time much there thanks thank hello hey good morning "
        "afternoon evening tonight tomorrow today until room towels breakfast with for and it's of to this that "
        "not don't any some be get at in on more another bring book send late early help checking leave arrive"
    ),
    "de": (
        "ich wir sie ihr mir mich uns ist sind war haben habe hatte hatten kann konnen konnte konnten mochte "
        "mochten wurde wurden bitte wann wo wie was wer welches welche gibt es der die das den dem des ein eine "
        "einen einem einer mein meine meinen unser unsere und oder nicht kein keine auch noch mit fur von zum zur "
        "im am um bis danke hallo guten guten morgen tag abend gerne gern brauche brauchen zimmer handtucher "
        "fruhstuck spater fruher heute uhr bekommen auschecken einchecken moin servus vielen dank haben wird auf"
    ),
    "es": (
        "yo me mi mis nos nuestra nuestro es son esta estan hay tengo tiene tienen puedo puede podria podemos "
        "quiero quisiera queria quisieramos gustaria necesito necesitamos por favor que cual cuando donde como "
        "quien el la los las un una unos unas y o no con para por del al de en mas tarde temprano hasta hola "
        "gracias buenos buenas dias tardes noches habitacion toallas desayuno manana hoy hora salir salida mucho "
        "cuanto a soy"
    ),
    "fr": (
        "combien nuit nuits "
        "je j'ai j'aimerais nous vous me moi mon ma mes notre nos votre est sont il y a avez avons puis peux "
        "pouvez pourrais pourriez pouvons voudrais voudrions besoin s'il plait svp quel quelle quand ou comment "
        "qui que quoi le la les un une des du de et pas ne avec pour dans au aux sur plus tard tot jusqu'a bonjour "
        "bonsoir salut merci chambre serviettes petit dejeuner demain aujourd'hui heure est-ce c'est d'un d'une "
        "suis qu'est"
    ),
    "pt": (
        "eu nos me meu minha meus minhas nosso nossa e sao esta estao ha tem tenho temos posso pode podem poderia "
        "podemos quero queria gostaria gostava preciso precisamos por favor que qual quando onde como quem o a os "
        "as um uma uns umas ou nao com para por do da dos das ao no na em mais tarde cedo ate ola obrigado "
        "obrigada bom boa dia tarde noite quarto toalhas pequeno almoco amanha hoje horas sair voce voces sou"
    ),
    "it": (
        "io mi mio mia miei mie noi ci nostro nostra e sono c'e avete abbiamo ho posso puo possiamo potrei "
        "potrebbe vorrei vorremmo bisogno per favore che quale quando dove come chi il lo la i gli le un uno una "
        "ed o non con di del della dei al alla in piu tardi presto fino ciao buongiorno buonasera salve grazie "
        "camera asciugamani colazione domani oggi ora che sera prego"
    ),
}
_MARKS: Final = {"de": "ßäöü", "es": "ñ¿¡", "fr": "êèœàùç", "pt": "ãõç", "it": "ìòù"}

_KNOWN: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
EVERYDAY: Final = frozenset().union(*_KNOWN.values())
"""Words too common to say what a text is about."""


def folded(text: str) -> str:
    """Small letters without accents, one space between words, apostrophes alike; for comparing only."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("`", "'"))
    kept = "".join(ch for ch in plain if not unicodedata.combining(ch) and unicodedata.category(ch) != "Cf")
    return " ".join(kept.casefold().split())


def normal(text: str) -> str:
    """Folded, and the words that everybody spells differently spelled alike: checkout, checkin, wifi."""
    text = folded(text)
    text = re.sub(r"\bcheck(?:ing)?[ -]?(out|in)s?\b", r"check\1", text)
    return re.sub(r"\b(?:wi[ -]fi|w-?lan)\b", "wifi", text)


def language_of(text: str) -> str | None:
    """The language of the text among LANGUAGES, None where its words do not decide."""
    words = re.findall(r"[a-z]+(?:['-][a-z]+)*", folded(text))
    points = dict.fromkeys(LANGUAGES, 0.0)
    for word in words:
        knowing = [language for language in LANGUAGES if word in _KNOWN[language]]
        for language in knowing:
            points[language] += 1 / len(knowing)
    small = text.casefold()
    for language, marks in _MARKS.items():
        points[language] += 0.4 * sum(mark in small for mark in marks)
    best, second = sorted(points.values(), reverse=True)[:2]
    if best < 0.5 or best - second < 0.25:
        return None
    return max(LANGUAGES, key=lambda language: points[language])


def pattern(*alternatives: str) -> re.Pattern[str]:
    """One expression that finds any of the alternatives from the beginning of a word to the end of one."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)")

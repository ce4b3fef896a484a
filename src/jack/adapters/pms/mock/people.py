"""The guests of the demo hotel: who they are, who travels with whom, and what is awkward about them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Oddity(StrEnum):
    """What makes a party a case of its own for matching, disclosure or the sync."""

    NONE = "none"
    SHARED_PHONE = "shared phone"
    AGENCY = "agency"
    NO_PHONE = "no phone"
    UNREADABLE_PHONE = "unreadable phone"
    NATIONAL_PHONE = "national phone"
    TWO_ROOMS = "two rooms"
    INSTRUCTION = "instruction"
    STRANGE_NAME = "strange name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name with a language and a country of residence."""

    first_name: str
    last_name: str
    language: str | None
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who travels together: the main guest first. `plain` parties may be the demo's guest."""

    people: tuple[Person, ...]
    children: int = 0
    oddity: Oddity = Oddity.NONE

    @property
    def plain(self) -> bool:
        """True when nothing about the main guest is a case of its own."""
        return self.oddity is Oddity.NONE


_PLAIN: Final = """
en GB  Olivia|Hartley, James|Hartley  2
en GB  Imogen|Ashworth
en GB  Callum|Fraser, Isla|Fraser
en GB  Priya|Raman
en GB  Chidi|Okafor, Ngozi|Okafor  1
en GB  Gareth|Llewellyn
en GB  Beatrice|Holloway, Edmund|Holloway
en GB  Amira|Haddad
en GB  Rowan|Pemberton
en GB  Yusuf|Demirci, Elif|Demirci
en US  Margaret|Sullivan
en US  Ethan|Caldwell, Hannah|Caldwell  2
en US  Grace|Nakamura
en US  Marcus|Whitaker
en US  Sofia|Delgado, Andrés|Delgado
en US  Benjamin|Rosenthal
en US  Aaliyah|Brooks
en US  Theodore|Lindqvist, Astrid|Lindqvist
en US  Mei-Ling|Chen
en US  Jackson|Thibodeaux
en US  Rebecca|Abramson, Daniel|Abramson  1
en US  Vikram|Subramanian
en CA  Charlotte|Bouchard
en CA  Liam|MacKenzie, Fiona|MacKenzie
en CA  Harpreet|Gill
fr CA  Étienne|Tremblay, Maude|Tremblay
en CA  Nadia|Kowalchuk
en AU  Matilda|Greenwood
en AU  Lachlan|Doherty, Zoe|Doherty  2
en AU  Thi Mai|Nguyen
en AU  Cooper|Hensley
en AU  Ruby|Papadakis, Nikos|Papadakis
fr FR  Camille|Lefebvre
fr FR  Antoine|Moreau, Juliette|Moreau
fr FR  Élodie|Garnier
fr FR  Mathieu|Beaumont, Claire|Beaumont  1
fr FR  Aïcha|Benali
fr FR  Hugo|Castellane
de DE  Annika|Schröder
de DE  Jürgen|Vogel, Sabine|Vogel
de DE  Leonie|Brandt
de DE  Maximilian|Freiherr von Stetten
de DE  Katharina|Weiß, Tobias|Weiß  2
de DE  Emre|Yilmaz
de DE  Friederike|Lorenz
sv SE  Elsa|Bergström
sv SE  Oskar|Lundgren, Maja|Lundgren
sv SE  Astrid|Sjöholm
es ES  Lucía|Fernández, Javier|Fernández
it IT  Giulia|Marchetti
nl NL  Sanne|van der Meer, Bram|van der Meer
ja JP  Haruka|Ishikawa
pl PL  Zofia|Wiśniewska
da DK  Freja|Kjærgaard
nb NO  Sindre|Haugland
de CH  Reto|Ammann, Ursina|Ammann
de AT  Magdalena|Gruber
pt BR  Rafael|Cavalcanti, Beatriz|Cavalcanti
en GB  Winston|Achebe, Folake|Achebe
en US  Naomi|Feldstein, Joshua|Feldstein
en AU  Declan|Mulvaney, Tess|Mulvaney  1
de DE  Ilse|Haberland, Rolf|Haberland
"""

_ODD: Final = {
    Oddity.SHARED_PHONE: """
en GB  Harriet|Lockwood, Simon|Lockwood
en US  Dorothy|Kessler, Walter|Kessler
de DE  Brigitte|Naumann, Heinz|Naumann
fr FR  Solange|Delacroix, Bernard|Delacroix
en CA  Joan|Pelletier, Russell|Pelletier
sv SE  Birgitta|Ekström, Göran|Ekström
""",
    Oddity.AGENCY: """
en GB  Mildred|Cartwright
en GB  Percy|Butterworth
en GB  Winifred|Tunstall
en GB  Cedric|Ogilvie
en GB  Enid|Fairweather
en GB  Horace|Pettigrew
en GB  Doris|Applegate
""",
    Oddity.NO_PHONE: """
ko KR  Seo-yeon|Park
fi FI  Aino|Virtanen
""",
    Oddity.UNREADABLE_PHONE: """
en US  Philippa|Stanhope
""",
    Oddity.NATIONAL_PHONE: """
pt --  Teresa|Nogueira
""",
    Oddity.TWO_ROOMS: """
en US  Alexander|Fitzgerald  3
en GB  Saoirse|Kavanagh  2
fr FR  Delphine|Arnaud  3
""",
    Oddity.INSTRUCTION: """
en US  Mallory|Vance
""",
    Oddity.STRANGE_NAME: """
en CA  Siobhán|O'Dwyer-D'Angelo
en US  🌸 Luna|Star ✨
-- --  |Prakash
de DE  Maximiliana Theodora Anastasia Kunigunde|von und zu Hohenlohe-Waldenburg-Schillingsfürst
es ES  José María|Núñez de Balboa y Ibáñez
""",
}


def everybody() -> tuple[Party, ...]:
    """Every party of the demo hotel, in a fixed order."""
    plain = tuple(_party(line, Oddity.NONE) for line in _PLAIN.strip().splitlines())
    odd = tuple(_party(line, oddity) for oddity, lines in _ODD.items() for line in lines.strip().splitlines())
    return plain + odd


def _party(line: str, oddity: Oddity) -> Party:
    """`language country  First|Last, First|Last  children`; '--' where the PMS does not say."""
    tongue, names, *children = line.split("  ")
    language, country = (None if word == "--" else word for word in tongue.split(" "))
    people = tuple(
        Person(first_name=first, last_name=last, language=language, country=country)
        for first, _, last in (name.partition("|") for name in names.split(", "))
    )
    return Party(people=people, children=int(children[0]) if children else 0, oddity=oddity)

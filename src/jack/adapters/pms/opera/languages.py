"""Languages: what the codes of an OPERA hotel mean."""

from collections.abc import Mapping

from jack.adapters.pms.opera.values import Unknowns
from jack.adapters.vendor_api.records import present

COMMON = {"E": "en", "F": "fr", "G": "de", "I": "it"}
"""The codes with which Oracle's own help explains languages; every hotel may have others."""

_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg
ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn
no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw
ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_ISO = frozenset(_CODES.split())


class Languages:
    """The hotel's own codes from jack.toml first, then Oracle's common ones, then codes of ISO 639-1."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self._tags = COMMON | {code.strip().upper(): tag for code, tag in (own or {}).items()}

    def read(self, code: str | None, unknown: Unknowns) -> str | None:
        """The language tag of a code, in any case; None for a code that nobody explained, which is noted."""
        given = present(code)
        if given is None:
            return None
        tag = self._tags.get(given.upper())
        if tag is None and given.lower() in _ISO:
            return given.lower()
        if tag is None:
            unknown.note("guest.language", given)
        return tag

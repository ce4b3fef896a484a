"""Phone numbers through `phonenumbers`, Google's numbering plans in Python.

The library alone reads too much: letters as a keypad, two numbers as one, digits without a country as a valid number of
the wrong country. So the form is judged here first, and the library decides about numbers.
"""

import re
import unicodedata
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from jack.application.ports.phones import PhoneReader
from jack.domain.contact import PhoneNumber, PhoneReading

_SEPARATORS = re.compile(r"[/,;|\n\r\t]")
_FORM = re.compile(r"\+? *[0-9][0-9 .~·-]*")
_NOT_DIGITS = re.compile(r"[^0-9]")
_LETTER = re.compile(r"[A-Za-z]")
_TEL = re.compile(r"tel:", re.IGNORECASE)
_CHANNEL_ID = re.compile(r"\+?([1-9][0-9]{4,14})")
_BRACKETS, _LINES, _MINUS = "()[]", "\n\r\t", "\u2212"
_NOISE = ("Cf", "So", "Mn", "Me")
"""Characters that people and address books put around numbers: direction marks, pictures and their modifiers."""

_COUNTING = ("01234567890", "9876543210")
"""What people type without thinking; with its country in front it may be somebody's number."""

_ZEROS = re.compile(r"[0-9]{0,4}?0{7,}")

_SHORTEST, _LONGEST = 8, 15
"""How many digits a number with its country code has, when it is somebody's and not a service's."""

_GROUPS = re.compile(r"\+[1-9][0-9]*(?:[ .-][0-9]+)*")
"""A number with its country in the plainest form: nothing in it has to be judged before its digits are."""

_ASCII_NOISE = str.maketrans("()[]\v\f\x1c\x1d\x1e\x1f", " " * 10)

_MEXICO = re.compile(r"\+52(1?)([0-9]{10})")
_BRAZIL = re.compile(r"\+55([1-9][0-9])(9?)([6-9][0-9]{7})")


class LibPhoneReader(PhoneReader):
    """Reads what people write with the numbering plans, and what channels send by its form alone."""

    def read(self, text: str, region: str, country: str | None = None) -> PhoneReading | None:
        written = text if _GROUPS.fullmatch(text) else _one_number(text)
        if written is None:
            return None
        if written.startswith("+"):
            found = _international(written)
            return _reading(found, assumed=False) if found else None
        for place in dict.fromkeys(p for p in (country, region) if p):
            found = _national(written, place)
            if found is None:
                continue
            abroad = _abroad(written)
            if abroad is None or abroad == found:
                return _reading(found, assumed=place != country)
            # 491701234567 is a valid number in Germany's plan, and certainly not the one that is meant.
            same_country = found.startswith(_country_code(abroad))
            return None if same_country else _reading(found, assumed=True)
        return None

    def from_channel(self, digits: str) -> PhoneReading | None:
        form = _CHANNEL_ID.fullmatch(digits.strip())
        return _reading(f"+{form[1]}", assumed=False) if form else None


def _one_number(text: str) -> str | None:
    """The one number in `text`, in ASCII, with '+' where it names its country; None where the form is not certain."""
    plain = _plain(_without_uri(text.strip()))
    if _LETTER.search(plain) if plain.isascii() else any(ch.isalpha() for ch in plain):
        return None
    parts = [part.strip() for part in _SEPARATORS.split(plain)]
    numbers = [part for part in parts if any(ch.isdigit() for ch in part)]
    written = numbers[0] if len(numbers) == 1 else _area_and_number(plain, numbers)
    return _with_plus(written) if written is not None and _FORM.fullmatch(written) else None


def _without_uri(text: str) -> str:
    """A tel: URI (RFC 3966) as a plain number: its context country in front, without extension and parameters."""
    if not _TEL.match(text):
        return text
    number, *parameters = text[4:].split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.lower() == "phone-context" and value.startswith("+") and not number.startswith("+"):
            return value + number
    return number


def _plain(text: str) -> str:
    """Every script's digits as ASCII, every dash as the usual one, no brackets, pictures and invisible marks."""
    if text.isascii():
        return text.translate(_ASCII_NOISE).strip()
    found = []
    for written in text:
        ch = unicodedata.normalize("NFKC", written) if "\uff01" <= written <= "\uff5e" else written
        if ch.isdecimal():
            found.append(str(unicodedata.decimal(ch)))
        elif ch in _BRACKETS or (ch.isspace() and ch not in _LINES):
            found.append(" ")
        elif ch == _MINUS or unicodedata.category(ch) == "Pd":
            found.append("-")
        elif unicodedata.category(ch) not in _NOISE:
            found.append(ch)
    return "".join(found).strip()


def _area_and_number(plain: str, numbers: list[str]) -> str | None:
    """`0170/1234567`, as it is written in Germany and Austria, is one number: a short code, then the rest of it."""
    if len(numbers) != 2 or len(_SEPARATORS.findall(plain)) != 1 or "/" not in plain:
        return None
    code, rest = numbers
    short = len(_digits(code)) <= (9 if code.startswith(("00", "+")) else 5)
    complete = _international(_with_plus(code)) is not None
    if short and not complete and code[0] in "0+" and rest[0] not in "0+" and len(_digits(rest)) >= 5:
        return f"{code} {rest}"
    return None


def _with_plus(written: str) -> str:
    """A leading 00 as '+', whatever the region, when the length fits."""
    digits = _digits(written)
    if digits[:2] == "00" and digits[2:3] != "0" and _SHORTEST <= len(digits) - 2 <= _LONGEST:
        return written if written.startswith("+") else f"+{digits[2:]}"
    return written


def _international(written: str) -> str | None:
    """The number that names its country: its form must be possible there, which is all that real numbers keep to."""
    digits = _digits(written)
    mexican = _MEXICO.fullmatch(f"+{digits}")
    if mexican and not _is_placeholder("52", mexican[2]):
        return mexican[0]
    if _GROUPS.fullmatch(written) and (plain := _plainly_possible(digits)) is not None:
        return None if _is_placeholder(*plain) else f"+{digits}"
    number = _parsed(written, None)
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    found = _e164(number)
    again = _parsed(found, None) if found else None
    # +310000001 loses a zero each time it is read, so it is no number that anybody could be found by
    return found if again is not None and _e164(again) == found else None


def _plainly_possible(digits: str) -> tuple[str, str] | None:
    """Country code and number where the numbering plan leaves nothing to decide: the length is one of that country's,
    and nothing in front is dialled only inside it. None for everything else, which the library has to read.

    A sync reads a hundred thousand numbers, most of them so; the library takes ten times as long to say the same.
    """
    for length in (1, 2, 3):  # no country code is the beginning of another one
        plan = _plan(int(digits[:length]))
        if plan is not None:
            national = digits[length:]
            lengths, dialled_inside = plan
            inside = national.startswith("0") or (dialled_inside is not None and dialled_inside.match(national))
            return (digits[:length], national) if len(national) in lengths and not inside else None
    return None


@cache
def _plan(country_code: int) -> tuple[frozenset[int], re.Pattern[str] | None] | None:
    """How long the numbers under a country code are, and what is dialled before them inside the country only."""
    if country_code not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        return None
    region = phonenumbers.region_code_for_country_code(country_code)
    plan = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(country_code, region)
    if plan is None or plan.general_desc is None:
        return None
    inside = plan.national_prefix_for_parsing
    return frozenset(plan.general_desc.possible_length), re.compile(inside) if inside else None


def _national(written: str, place: str) -> str | None:
    """The number as somebody in `place` would dial it; it must be valid there, or any digits would be a number."""
    number = _parsed(written, place)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    national = phonenumbers.national_significant_number(number)
    return None if any(national in counting for counting in _COUNTING) else _e164(number)


def _abroad(written: str) -> str | None:
    """The valid number that the same digits are when only the '+' before a country code is missing."""
    number = _parsed(f"+{_digits(written)}", None)
    return _e164(number) if number and phonenumbers.is_valid_number(number) else None


def _country_code(e164: str) -> str:
    return f"+{phonenumbers.parse(e164).country_code}"


def _digits(text: str) -> str:
    return _NOT_DIGITS.sub("", text)


def _parsed(written: str, place: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, place)
    except NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str | None:
    national = phonenumbers.national_significant_number(number)
    if _is_placeholder(str(number.country_code), national):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_placeholder(country_code: str, national: str) -> bool:
    """True for what people type when a form demands a number: 000000, 999999999, +1 555 555 0100."""
    if len(set(national)) == 1 or _ZEROS.fullmatch(national):
        return True
    return country_code == "1" and national.startswith("555555")


def _reading(e164: str, *, assumed: bool) -> PhoneReading:
    return PhoneReading(number=PhoneNumber(e164=e164), assumed_region=assumed, variants=_variants(e164))


def _variants(e164: str) -> tuple[PhoneNumber, ...]:
    """The other spelling of a Mexican or a Brazilian mobile number.

    WhatsApp keeps Mexico's former 1 after the country code, and for many older accounts leaves out the 9 that Brazil
    put before mobile numbers. Only those that began with 6 to 9 got it: a 9 before 2 to 5 would make somebody else's
    mobile number out of a landline.
    """
    if not e164.startswith(("+52", "+55")):
        return ()
    if mexican := _MEXICO.fullmatch(e164):
        return (PhoneNumber(e164=f"+52{mexican[2]}" if mexican[1] else f"+521{mexican[2]}"),)
    if brazilian := _BRAZIL.fullmatch(e164):
        area, nine, rest = brazilian.groups()
        return (PhoneNumber(e164=f"+55{area}{rest}" if nine else f"+55{area}9{rest}"),)
    return ()

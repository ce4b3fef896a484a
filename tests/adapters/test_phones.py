"""Phone numbers as people, hotel systems and channels write them."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jack.adapters import phones
from jack.adapters.phones import LibPhoneReader
from jack.domain.contact import PhoneNumber

READER = LibPhoneReader()


def read(text: str, region: str = "PT", country: str | None = None) -> str | None:
    reading = READER.read(text, region, country)
    return reading.number.e164 if reading else None


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+351912345678", "+351912345678"),
        ("+351 912 345 678", "+351912345678"),
        ("  +351-912-345-678 ", "+351912345678"),
        ("(+351) 912.345.678", "+351912345678"),
        ("+49 (0) 170 1234567", "+491701234567"),
        ("+49 170/1234567", "+491701234567"),
        ("+44 (0)7911 123456", "+447911123456"),
        ("+39 06 555 5555", "+39065555555"),
        ("00420123456789", "+420123456789"),
        ("00351912345678", "+351912345678"),
        ("(00351) 912 345 678", "+351912345678"),
        ("001 650 253 0000", "+16502530000"),
        ("tel:+33-6-12-34-56-78;ext=2", "+33612345678"),
        ("TEL:0612345678;phone-context=+33", "+33612345678"),
        ("tel:+351912345678;phone-context=example.com", "+351912345678"),
        ("+٣٥١٩١٢٣٤٥٦٧٨", "+351912345678"),
        ("\uff0b351 \uff19\uff11\uff12 345 678", "+351912345678"),
        ("\u202a+351\u00a0912\u2011345\u2013678\u202c", "+351912345678"),
        ("📱 +351 912 345 678", "+351912345678"),
        ("+351 912 345 678 /", "+351912345678"),
        ("+351 912 345 678, ;", "+351912345678"),
        ("+4989123343", "+4989123343"),
    ],
)
def test_a_number_that_names_its_country_is_read_whatever_the_hotels_region(text: str, e164: str) -> None:
    for region in ("PT", "US", "DE"):
        reading = READER.read(text, region)
        assert reading is not None
        assert reading.number.e164 == e164
        assert not reading.assumed_region


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("912 345 678", "PT", "+351912345678"),
        ("351912345678", "PT", "+351912345678"),
        ("0170 1234567", "DE", "+491701234567"),
        ("0170/1234567", "DE", "+491701234567"),
        ("089 / 12 33 43", "DE", "+4989123343"),
        ("(555) 555-1234", "US", None),
        ("(650) 253-0000", "US", "+16502530000"),
        ("415 555 0100 ", "US", "+14155550100"),
        ("06 555 5555", "IT", "+39065555555"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("6505551234", "DE", "+496505551234"),
        ("33612345678", "DE", "+4933612345678"),
        ("6505551234", "PT", None),
        ("2530000", "US", None),
        ("999999999", "DE", None),
    ],
)
def test_a_number_without_its_country_must_be_valid_in_the_region_and_is_assumed(
    text: str, region: str, e164: str | None
) -> None:
    reading = READER.read(text, region)

    assert (reading.number.e164 if reading else None) == e164
    assert reading is None or reading.assumed_region


def test_the_guests_country_is_tried_first_and_is_no_assumption() -> None:
    reading = READER.read("0170 1234567", "FR", "DE")

    assert reading is not None
    assert (reading.number.e164, reading.assumed_region) == ("+491701234567", False)


def test_a_number_that_fits_only_the_hotels_region_is_an_assumption_for_a_guest_from_elsewhere() -> None:
    reading = READER.read("912 345 678", "PT", "US")

    assert reading is not None
    assert (reading.number.e164, reading.assumed_region) == ("+351912345678", True)


def test_a_guest_from_the_hotels_own_country_is_no_assumption() -> None:
    reading = READER.read("912 345 678", "PT", "PT")

    assert reading is not None
    assert not reading.assumed_region


@pytest.mark.parametrize("country", ["??", "ZZ", "", "portugal"])
def test_a_country_that_does_not_exist_is_passed_over(country: str) -> None:
    reading = READER.read("912 345 678", "PT", country)

    assert reading is not None
    assert reading.assumed_region


def test_digits_that_only_lack_the_plus_are_not_taken_for_a_neighbours_number() -> None:
    assert READER.read("491701234567", "DE") is None
    assert READER.read("491701234567", "DE", "DE") is None


def test_digits_that_could_be_another_country_are_an_assumption_even_for_the_guests_own_country() -> None:
    reading = READER.read("33612345678", "PT", "DE")

    assert reading is not None
    assert reading.assumed_region


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "-",
        "nan",
        "none",
        "ask at desk",
        "0",
        "000000",
        "+000000000",
        "0000000000",
        "1111111111",
        "999999999",
        "+49 999999999",
        "123456789",
        "1234567890",
        "+1 555 555 0100",
        "+351 910 0000000",
        "anna@example.com",
    ],
)
def test_a_placeholder_is_no_number(text: str) -> None:
    for region in ("PT", "US", "DE", "BR"):
        assert read(text, region) is None


@pytest.mark.parametrize(
    "text",
    [
        "0033612345678 / Frau",
        "+351 912 345 678 (mobile)",
        "+1 650 253 0000 ext. 5",
        "1-800-FLOWERS",
        "+351 912 34S 678",
        "tel:+351912345678 or 9",
        "*31#912345678",
    ],
)
def test_letters_and_dialling_codes_are_not_read_as_digits(text: str) -> None:
    assert read(text) is None
    assert read(text, "US") is None


@pytest.mark.parametrize("between", [" / ", "/", ", ", ";", " | ", "\n", " ", "  +"])
def test_two_numbers_in_one_field_are_neither(between: str) -> None:
    assert read(f"+351912345678{between}351912345679") is None
    assert read(f"0170 1234567{between}0171 7654321", "DE") is None


def test_an_extension_range_after_a_slash_is_not_one_number() -> None:
    assert read("0351 1234567/8", "DE") is None


@pytest.mark.parametrize("text", ["+", "+0351912345678", "+351", "+351 9", "+49170123456789012345", "++351912345678"])
def test_a_number_of_an_impossible_form_is_not_read(text: str) -> None:
    assert read(text) is None


@given(text=st.text(max_size=40), region=st.sampled_from(["PT", "US", "DE", "ZZ"]))
def test_no_text_breaks_the_reader(text: str, region: str) -> None:
    readings = (READER.read(text, region), READER.read(f"+{text}", region, text), READER.from_channel(text))

    assert all(reading is None or isinstance(reading.number, PhoneNumber) for reading in readings)


def test_a_number_that_changes_whenever_it_is_read_is_none() -> None:
    assert READER.read("+310000001", "PT") is None


@given(digits=st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True))
def test_what_was_read_once_is_read_again_the_same(digits: str) -> None:
    reading = READER.read(f"+{digits}", "PT")
    if reading is not None:
        assert READER.read(reading.number.e164, "US") == reading


# what channels send


@given(digits=st.from_regex(r"[1-9][0-9]{4,14}", fullmatch=True))
def test_every_id_of_a_channel_is_a_number_with_or_without_plus(digits: str) -> None:
    reading = READER.from_channel(digits)

    assert reading is not None
    assert reading.number.e164 == f"+{digits}"
    assert not reading.assumed_region
    assert READER.from_channel(f"+{digits}") == reading


@pytest.mark.parametrize("digits", ["", "PT.13491208655302741918", "0351912345678", "1234567890123456", "anna", "+"])
def test_what_is_no_number_has_no_number(digits: str) -> None:
    assert READER.from_channel(digits) is None


@pytest.mark.parametrize(
    ("digits", "variants"),
    [
        # Mexico: the former 1, only before ten digits
        ("5215512345678", ["+525512345678"]),
        ("525512345678", ["+5215512345678"]),
        ("52155123456789", []),
        ("52551234567", []),
        # Brazil: the ninth digit, only where the old number began with 6 to 9
        ("553188888888", ["+5531988888888"]),
        ("5531988888888", ["+553188888888"]),
        ("553167654321", ["+5531967654321"]),
        ("553132345678", []),
        ("5531932345678", []),
        ("553152345678", []),
        # Argentina and everybody else: another spelling may be another subscriber
        ("5491123456789", []),
        ("541123456789", []),
        ("351912345678", []),
        ("22512345678", []),
    ],
)
def test_only_mexico_and_brazil_have_other_spellings_of_one_subscriber(digits: str, variants: list[str]) -> None:
    reading = READER.from_channel(digits)

    assert reading is not None
    assert [variant.e164 for variant in reading.variants] == variants


@given(digits=st.from_regex(r"(521?[0-9]{10}|55[1-9][0-9]9?[6-9][0-9]{7})", fullmatch=True))
def test_a_variants_variant_is_the_number_itself(digits: str) -> None:
    reading = READER.from_channel(digits)
    assert reading is not None
    (variant,) = reading.variants
    back = READER.from_channel(variant.e164)
    assert back is not None
    assert back.variants == (reading.number,)


def test_a_mexican_number_that_a_hotel_wrote_with_the_former_1_is_kept_as_written() -> None:
    reading = READER.read("+52 1 55 1234 5678", "PT")

    assert reading is not None
    assert reading.number.e164 == "+5215512345678"
    assert [variant.e164 for variant in reading.variants] == ["+525512345678"]


@given(
    country_code=st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)),
    national=st.text(alphabet="0123456789", max_size=15) | st.from_regex(r"0?[1-9]{1,3}[0-9]{5,9}", fullmatch=True),
    between=st.sampled_from(["", " ", "-", "."]),
)
@settings(max_examples=2_000)
def test_the_short_way_to_a_number_leads_where_the_library_leads(
    country_code: int, national: str, between: str
) -> None:
    text = f"+{country_code}{between if national else ''}{national}"
    short = phones._plainly_possible(f"{country_code}{national}")
    if short is not None:
        number = phonenumbers.parse(text)
        assert phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == f"+{''.join(short)}"
        assert str(number.country_code) == short[0]
        assert phonenumbers.national_significant_number(number) == short[1]


@given(text=st.text(alphabet="+0123456789 .-()[]\t\v~/x", max_size=18))
def test_what_needs_no_judgement_of_its_form_is_judged_alike(text: str) -> None:
    if phones._GROUPS.fullmatch(text):
        assert phones._one_number(text) == text


@given(text=st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_ascii_becomes_what_its_characters_become_one_by_one(text: str) -> None:
    # a character outside ASCII that leaves nothing behind makes the text go the long way
    assert phones._plain(text) == phones._plain(text + "\u200e")

"""What `jack doctor` makes of a PMS's own report."""

from zoneinfo import ZoneInfo

import pytest

from jack.application.ports.pms import Capability, ConnectionReport, PmsHotel
from jack.entrypoints.wiring.pms_check import LACKS, judged
from tests.hotel import NOW, a_hotel

EVERYTHING = frozenset(Capability)


def report(zone: str | None = None, problem: str | None = None, *notes: str) -> ConnectionReport:
    return ConnectionReport(
        summary="Mews answers as the Harbour Hotel.",
        problem=problem,
        hotel=PmsHotel(key="1", name="Harbour Hotel", time_zone=zone),
        notes=notes,
    )


def test_when_all_is_well_the_report_is_told_as_it_is() -> None:
    assert judged(report("Europe/Lisbon"), EVERYTHING, a_hotel(), NOW) == ("Mews answers as the Harbour Hotel.", None)


def test_a_time_zone_that_differs_is_a_problem_that_says_both() -> None:
    _, problem = judged(report("Europe/Madrid"), EVERYTHING, a_hotel(), NOW)

    assert problem is not None
    assert "Europe/Madrid" in problem
    assert "Europe/Lisbon" in problem
    assert "jack.toml" in problem


@pytest.mark.parametrize("other", ["Africa/Abidjan", "UTC"])
def test_a_zone_that_agrees_only_in_winter_differs(other: str) -> None:
    assert NOW.astimezone(ZoneInfo(other)).utcoffset() == NOW.astimezone(ZoneInfo("Europe/Lisbon")).utcoffset()

    assert judged(report(other), EVERYTHING, a_hotel(), NOW)[1] is not None


@pytest.mark.parametrize("same", ["Portugal", "WET", "Europe/Lisbon", "Europe/London"])
def test_another_name_of_the_same_time_is_no_problem(same: str) -> None:
    assert judged(report(same), EVERYTHING, a_hotel(), NOW)[1] is None


@pytest.mark.parametrize(
    "strange", ["GMT Standard Time", "(UTC+00:00) Lisbon", "", "../../etc/passwd", "Mars/Base\x00"]
)
def test_a_zone_that_nobody_knows_is_told_and_is_no_problem(strange: str) -> None:
    line, problem = judged(report(strange), EVERYTHING, a_hotel(), NOW)

    assert problem is None
    assert repr(strange) in line


def test_a_vendor_that_names_no_zone_is_not_blamed() -> None:
    assert judged(report(None), EVERYTHING, a_hotel(), NOW) == ("Mews answers as the Harbour Hotel.", None)
    without_hotel = ConnectionReport(summary="It answers.")
    assert judged(without_hotel, EVERYTHING, a_hotel(), NOW) == ("It answers.", None)


@pytest.mark.parametrize(("name", "told"), [("harbour hotel ", False), ("Riverside", True), ("", False)])
def test_another_name_of_the_hotel_is_told(name: str, told: bool) -> None:
    answers = ConnectionReport(summary="It answers.", hotel=PmsHotel(key="1", name=name, time_zone=None))

    line, problem = judged(answers, EVERYTHING, a_hotel(), NOW)

    assert problem is None
    assert ("The PMS calls this hotel 'Riverside'." in line) is told


def test_every_problem_is_told() -> None:
    _, problem = judged(report("Europe/Madrid", "The token may not read rooms."), EVERYTHING, a_hotel(), NOW)

    assert problem is not None
    assert problem.startswith("The token may not read rooms. ")
    assert "Europe/Madrid" in problem


def test_notes_and_what_the_vendor_cannot_do_stand_in_the_line() -> None:
    capabilities = EVERYTHING - {Capability.SEARCH_BY_PHONE, Capability.LOYALTY, Capability.CHANGES, Capability.EVENTS}

    line, _ = judged(report(None, None, "Three services are not lodging."), capabilities, a_hotel(), NOW)

    assert line == (
        "Mews answers as the Harbour Hotel. Three services are not lodging. "
        "This PMS does not offer: finding guests by phone, loyalty tiers."
    )


def test_everything_that_people_can_miss_has_words() -> None:
    assert set(LACKS) == EVERYTHING - {Capability.CHANGES, Capability.EVENTS}

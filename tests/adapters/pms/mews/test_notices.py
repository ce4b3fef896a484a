"""Pushes, and what is read after them."""

import json

import pytest

from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from tests.adapters.pms.mews.conftest import World, one, read
from tests.hotel import a_guest_snapshot
from tests.simulators.pms.mews_truth import PARKING


def push(enterprise_id: str | None, *events: tuple[str, str]) -> bytes:
    told = [{"Discriminator": kind, "Value": {"Id": key}} for kind, key in events]
    return json.dumps({"EnterpriseId": enterprise_id, "IntegrationId": "i", "Events": told}).encode()


async def test_three_hundred_events_in_one_push_are_read_in_batches(world: World) -> None:
    keys = world.holds_many(150)
    pms = world.pms()
    events = [("ServiceOrderUpdated", key) for key in keys] + [("CustomerUpdated", f"guest-{key}") for key in keys]
    await one(pms, keys[0])
    before = len(world.mews.requests)

    hints = pms.hints(push(world.house.enterprise_id, *events, *events))
    found = await read(pms.named(hints))

    assert set(found.stays) == set(keys)
    assert set(found.guests) == {f"guest-{key}" for key in keys}
    assert len(world.mews.requests) - before < 12
    assert max(len(body.get("ReservationIds", ())) for body in world.asked()) == 150


async def test_events_of_other_hotels_hint_at_nothing(world: World) -> None:
    pms = world.pms()
    await pms.hotel()

    assert pms.hints(push("enterprise-elsewhere", ("ServiceOrderUpdated", "R-1"), ("Moon", "m"))) == PmsHints()


async def test_before_the_own_hotel_is_known_other_hotels_are_sorted_out_when_reading(world: World) -> None:
    world.holds("R-1")
    world.holds("R-2", guest=a_guest_snapshot("bruno"))
    pms = world.pms()

    theirs = pms.hints(push("enterprise-elsewhere", ("ServiceOrderUpdated", "R-1"), ("CustomerAdded", "anna")))
    ours = pms.hints(push(world.house.enterprise_id, ("ServiceOrderUpdated", "R-2"), ("CustomerAdded", "bruno")))
    found = await read(pms.named(theirs | ours))

    assert (set(found.stays), set(found.guests), found.gone) == ({"R-2"}, {"bruno"}, [])


async def test_each_event_hints_at_its_kind(world: World) -> None:
    pms = world.pms(enterprise_id="e")

    assert pms.hints(push("e", ("ServiceOrderUpdated", "R-1"))) == PmsHints(stays=("R-1",))
    for kind in ("CustomerAdded", "CustomerUpdated"):
        assert pms.hints(push("e", (kind, "anna"))) == PmsHints(guests=("anna",))
    for kind in ("ResourceUpdated", "ResourceBlockUpdated"):
        assert pms.hints(push("e", (kind, "r"))) == PmsHints(rooms=True)
    for kind in ("MessageAdded", "PaymentUpdated"):
        assert pms.hints(push("e", (kind, "x"))) == PmsHints()
    socket = b'{"Events": [{"Type": "Reservation", "Id": "R-1"}, {"Type": "Resource", "Id": "r"}]}'
    assert pms.hints(socket) == PmsHints(stays=("R-1",), rooms=True)


async def test_an_unknown_event_is_named_and_makes_jack_look_for_changes(world: World) -> None:
    hints = world.pms().hints(push(None, ("MoonRisen", "m")))

    assert hints.changes
    assert [(value.field, value.value) for value in hints.unknown] == [("push.Discriminator", "MoonRisen")]


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"\xff", b'{"Events": 5}'])
async def test_a_body_that_is_no_push_is_rejected(world: World, body: bytes) -> None:
    with pytest.raises(ServiceRejected):
        world.pms().hints(body)


@pytest.mark.parametrize("events", [[5], [None], [{}], [{"Discriminator": "ServiceOrderUpdated"}]])
async def test_an_event_of_another_shape_makes_jack_look_for_changes(world: World, events: list[object]) -> None:
    assert world.pms().hints(json.dumps({"Events": events}).encode()).changes


async def test_the_keys_in_a_push_about_the_integration_are_not_kept(world: World) -> None:
    body = b'{"Action": "IntegrationApiKeyCreated", "Data": {"ApiKey": "fresh-secret"}}'
    assert world.pms().hints(body) == PmsHints()
    strange = world.pms().hints(body.replace(b"IntegrationApiKeyCreated", b"IntegrationPainted"))
    assert strange.changes
    assert "fresh-secret" not in repr(strange)


async def test_a_service_order_that_is_no_stay_is_left_out(world: World) -> None:
    world.holds()
    parked = world.house.table("reservations")[0] | {"Id": "parked", "ServiceId": PARKING}
    world.house.extra["reservations"] = [parked]
    pms = world.pms(enterprise_id=world.house.enterprise_id)

    both = (("ServiceOrderUpdated", "parked"), ("ServiceOrderUpdated", "R-1"))
    found = await read(pms.named(pms.hints(push(world.house.enterprise_id, *both))))

    assert set(found.stays) == {"R-1"}


async def test_what_mews_no_longer_has_is_told_as_gone(world: World) -> None:
    world.holds()
    found = await read(world.pms().named(PmsHints(stays=("R-1", "R-2"))))

    assert set(found.stays) == {"R-1"}
    assert found.gone == ["R-2"]


async def test_an_id_that_is_none_costs_itself_alone(world: World) -> None:
    keys = world.holds_many(9)
    world.mews.bad_ids = {"<script>"}
    pms = world.pms()

    stays = await read(pms.named(PmsHints(stays=("<script>", *keys))))
    guests = await read(pms.named(PmsHints(guests=("<script>", "guest-R-001", "guest-R-002"))))

    assert set(stays.stays) == set(keys)
    assert stays.gone == []
    assert set(guests.guests) == {"guest-R-001", "guest-R-002"}

"""The journey that Jack exists for: what the PMS knows reaches the guest's answer and the staff's screen."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from jack.domain.snapshot import ReservationSnapshot
from tests.journeys.hotel import Harbour, Staff
from tests.programs import eventually


async def test_a_message_is_answered_with_name_and_room_from_the_sync_and_staff_see_why(harbour: Harbour) -> None:
    stay = harbour.next_guest()
    guest, room = stay.guest, str(stay.room_number)
    assert await _row(harbour, stay) == (guest.first_name, guest.last_name, room)

    await harbour.writes(stay, "Hi, I'd like late checkout")
    (answer,) = await harbour.hears(stay)
    await harbour.reports(answer, "sent", "delivered", "read")

    assert guest.first_name in answer.body
    assert room in answer.body
    async with harbour.staff() as ann:
        conversation = await ann.conversation(stay)
        assert conversation["match"] | {"evidence": None} == {
            "outcome": "matched",
            "level": "contact",
            "evidence": None,
        }
        assert conversation["match"]["evidence"]
        assert conversation["held_by"] == "jack"
        asked, replied = await _messages_once_read(ann, conversation["id"])
        assert (asked["text"], replied["text"]) == ("Hi, I'd like late checkout", answer.body)
        assert replied["author"] == {"kind": "jack", "name": "Jack"}
        receipt = await ann.get(f"/messages/{replied['id']}/receipt")
        named = {fact["name"]: fact["value"] for fact in receipt["facts"]}
        assert named["guest.name"] == f"{guest.first_name} {guest.last_name}"
        assert named["stay.room_number"] == room
        await _guest_panel_shows(ann, conversation, stay)


async def _guest_panel_shows(ann: Staff, conversation: Any, stay: ReservationSnapshot) -> None:
    """What stands beside the conversation in the dashboard."""
    guest = await ann.get(f"/guests/{conversation['guest_id']}")
    shown = {key: guest[key] for key in ("first_name", "last_name", "language", "loyalty_tier", "vip")}
    assert shown == {key: getattr(stay.guest, key) for key in shown}
    preferences = {(one["category"], one["value"]) for one in guest["preferences"]}
    assert preferences == {(one.category, one.value) for one in stay.guest.preferences}
    assert stay.guest.phones[0] in [point["value"] for point in guest["contact_points"]]
    stays = (await ann.get(f"/guests/{conversation['guest_id']}/reservations"))["items"]
    current = next(one for one in stays if one["id"] == conversation["reservation_id"])
    shown = {key: current[key] for key in ("status", "room_number", "room_type", "arrival_date", "departure_date")}
    assert shown == {
        "status": "checked_in",
        "room_number": stay.room_number,
        "room_type": stay.room_type,
        "arrival_date": stay.period.arrival.isoformat(),
        "departure_date": stay.period.departure.isoformat(),
    }
    assert current["external_ref"] == {"system": stay.ref.system, "key": stay.ref.key}


async def _messages_once_read(ann: Staff, conversation_id: str) -> list[Any]:
    async def look() -> list[Any] | None:
        found = await ann.messages(conversation_id)
        return found if [one["status"] for one in found] == ["received", "read"] else None

    return await eventually(look)


async def _row(harbour: Harbour, stay: ReservationSnapshot) -> tuple[str, ...]:
    """The guest and the room of this stay as they stand in the database itself."""
    url = harbour.database.replace("///", f"///{harbour.folder}/") if "sqlite" in harbour.database else harbour.database
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            found = await connection.execute(
                text(
                    "SELECT guests.first_name, guests.last_name, reservations.room_number FROM reservations "
                    "JOIN guests ON guests.id = reservations.guest_id WHERE reservations.pms_key = :key"
                ),
                {"key": stay.ref.key},
            )
            (row,) = found.all()
            return tuple(row)
    finally:
        await engine.dispose()

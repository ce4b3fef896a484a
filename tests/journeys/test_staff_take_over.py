"""Once staff hold a conversation no word of Jack's leaves, until they hand it back."""

from tests.journeys.hotel import Harbour
from tests.programs import eventually


async def test_take_over_silences_jack_and_hand_back_lets_him_answer(harbour: Harbour) -> None:
    stay = harbour.next_guest()
    await harbour.writes(stay, "Good morning! What time is breakfast?")
    await harbour.hears(stay)

    async with harbour.staff() as ann:
        conversation = await ann.conversation(stay)
        path = f"/conversations/{conversation['id']}"
        await ann.post(f"{path}/take-over")
        await ann.post(f"{path}/messages", {"text": "Ann here, good morning!"})
        _, ann_wrote = await harbour.hears(stay, 2)
        assert ann_wrote.body == "Ann here, good morning!"

        await harbour.writes(stay, "And where is the pool?")

        async def arrived() -> bool:
            return any(one["text"] == "And where is the pool?" for one in await ann.messages(conversation["id"]))

        await eventually(arrived)
        await harbour.meanwhile_others_are_answered()
        assert len(harbour.said_to(stay)) == 2

        await ann.post(f"{path}/hand-back")
        assert (await ann.get(path))["held_by"] == "jack"
        jacks = (await harbour.hears(stay, 3))[-1]
        assert stay.guest.first_name in jacks.body
        newest = (await ann.messages(conversation["id"]))[-1]
        assert (newest["author"]["kind"], newest["text"]) == ("jack", jacks.body)

"""What a PMS pushes is followed up within seconds, and its secret is seen nowhere."""

import json
from typing import Any

from tests.journeys.hotel import PMS_SECRET, Harbour
from tests.programs import eventually

SYNC = "/hotels/harbour/sync"


async def test_a_burst_with_good_bad_and_unknown_pushes_is_followed_up(harbour: Harbour) -> None:
    stay = harbour.next_guest()
    good = json.dumps({"reservations": [stay.ref.key], "guests": [stay.guest.ref.key], "rooms": True}).encode()
    unknown = json.dumps({"event": "reservation.imagined"}).encode()
    async with harbour.staff() as ann:
        before = await ann.get(SYNC)

        assert await harbour.pushes(*[good] * 50, b"\xff no JSON", unknown, b"") == [200] * 53
        assert await harbour.pushes(good, secret="somebody-elses-guess") == [404]

        async def followed() -> Any:
            now = await ann.get(SYNC)
            synced = now["last_run"]["id"] != before["last_run"]["id"]
            return now if synced and now["waiting_notices"] == 0 and not now["running"] else None

        after = await eventually(followed)
        assert (after["unreadable_notices"], after["unknown"], after["error"]) == (1, 1, None)
        assert after["last_run"]["kind"] == "changes"  # for what the unknown event left unnamed
        (notice,) = (await ann.get(f"{SYNC}/notices"))["items"]
        assert notice["reason"] == "the push is not the mock PMS's"
        (word,) = (await ann.get(f"{SYNC}/unknown"))["items"]
        assert (word["field"], word["value"]) == ("push.event", "reservation.imagined")
    programs = [program for program in (harbour.serve, *harbour.workers) if program is not None]
    assert all(PMS_SECRET not in program.said for program in programs)
    assert any("pms.unknown_word" in program.said for program in programs)

"""`jack doctor` says what is wrong and what to do, and ends well only if all is well."""

from datetime import timedelta

from jack.adapters.clock import SystemClock
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.snapshot import UnknownValue
from jack.entrypoints.settings import load_settings
from jack.entrypoints.wiring.container import open_jack
from tests.entrypoints.cli.conftest import SECRET, Desk
from tests.hotel import HARBOUR
from tests.journeys.models import ReadingOpenAi, openai_model
from tests.programs import free_port
from tests.simulators import openai
from tests.simulators.serving import serve
from tests.simulators.whatsapp import ACCESS_TOKEN, WhatsAppSimulator


async def test_when_all_is_well_every_line_says_so(desk: Desk) -> None:
    async with serve(WhatsAppSimulator()) as whatsapp, serve(ReadingOpenAi()) as model:
        desk.configure(whatsapp=whatsapp, token=ACCESS_TOKEN, model=openai_model(model))
        await desk.jack("db", "upgrade")

        said = await desk.jack("doctor")

    assert said.code == 0, said
    lines = said.out.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert [line.split(maxsplit=1)[1].partition(":")[0] for line in lines] == [
        "configuration",
        "database",
        "queue",
        "PMS of harbour",
        "whatsapp of harbour",
        "model",
    ]


async def test_everything_that_is_wrong_is_told_at_once_and_no_secret(desk: Desk) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with serve(ReadingOpenAi()) as url:
        model = openai_model(url).replace(openai.KEY, SECRET)
        desk.configure(whatsapp=nowhere, model=model, redis=f"redis://:{SECRET}@127.0.0.1:{free_port()}/0")

        said = await desk.jack("doctor")

    assert said.code == 1
    wrong = {
        what: problem
        for line in said.out.splitlines()
        if line.startswith("WRONG")
        for what, _, problem in [line.removeprefix("WRONG").strip().partition(": ")]
    }
    assert set(wrong) == {"database", "queue", "whatsapp of harbour", "model"}
    assert "run `jack db upgrade`" in wrong["database"]
    assert "check queue.redis_url" in wrong["queue"]
    assert "could not be reached" in wrong["whatsapp of harbour"]
    assert "check the credentials" in wrong["model"]
    assert "4 things to mend." in said.err


async def test_a_wrong_token_is_told_as_one(desk: Desk) -> None:
    async with serve(WhatsAppSimulator()) as whatsapp:
        desk.configure(whatsapp=whatsapp, token=SECRET)
        await desk.jack("db", "upgrade")

        said = await desk.jack("doctor")

    assert said.code == 1
    (line,) = [line for line in said.out.splitlines() if line.startswith("WRONG")]
    assert line.startswith("WRONG  whatsapp of harbour: ")
    assert "the access token is not valid" in line
    assert "1 thing to mend." in said.err


async def test_a_redis_without_a_worker_is_told(desk: Desk, redis_url: str) -> None:
    desk.configure(redis=redis_url)

    said = await desk.jack("doctor")

    assert "WRONG  queue: no worker runs, so nobody is answered; start one with: jack worker" in said.out


async def test_a_database_that_is_away_is_told(desk: Desk) -> None:
    desk.configure(database=f"postgresql+asyncpg://jack:{SECRET}@127.0.0.1:{free_port()}/jack")

    said = await desk.jack("doctor")

    assert said.code == 1
    assert "WRONG  database: " in said.out


async def test_what_jack_does_not_understand_of_the_pms_is_told_and_is_no_fault(desk: Desk) -> None:
    async with serve(WhatsAppSimulator()) as whatsapp:
        desk.configure(whatsapp=whatsapp, token=ACCESS_TOKEN)
        async with open_jack(load_settings(desk.folder / "jack.toml", {})) as container:
            begin = await container.get(BeginUnitOfWork)
            now = SystemClock().now()
            words = [UnknownValue(field="room.state", value=word) for word in ("Vacated\n\x1b[2J", *"abcdef")]
            async with begin() as uow:
                await uow.sync.note_unknown(HARBOUR, "mock", words[:1], now + timedelta(seconds=1))
                await uow.sync.note_unknown(HARBOUR, "mock", words[1:], now)
                await uow.commit()

        said = await desk.jack("doctor")

    (line,) = [line for line in said.out.splitlines() if "PMS records of harbour" in line]
    assert line.startswith("ok ")
    assert "7 words not known to Jack (room.state 'Vacated\\n\\x1b[2J'," in line
    assert line.endswith(", ...): see the page Sync of the dashboard")
    assert said.code == 0

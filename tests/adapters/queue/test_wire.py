"""Jobs survive the journey, and strangers are refused."""

from datetime import timedelta
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.adapters.queue.arq_redis import decode, encode
from jack.adapters.queue.wire import KINDS, merge_key, name_of, pack, unpack
from jack.application.ports.jobs import Answer, Deliver, Job, Receive, Sync
from jack.domain.ids import ConversationId, HotelId, MessageId
from jack.domain.sync import SyncKind

IDS = st.text(alphabet="0123456789abcdef-_", min_size=1, max_size=40)
JOBS: st.SearchStrategy[Job] = st.one_of(
    st.just(Receive()),
    IDS.map(lambda text: Answer(conversation_id=ConversationId(text))),
    IDS.map(lambda text: Deliver(message_id=MessageId(text))),
    st.builds(
        lambda text, kind: Sync(hotel_id=HotelId(text), kind=kind), IDS, st.none() | st.sampled_from(list(SyncKind))
    ),
)


@given(JOBS)
def test_a_job_comes_out_as_it_went_in(job: Job) -> None:
    travelled = decode(encode(pack(job)))
    assert unpack(name_of(job), travelled) == job


@given(JOBS, JOBS)
def test_only_equal_jobs_share_a_merge_key(one: Job, other: Job) -> None:
    assert (merge_key(one) == merge_key(other)) == (one == other)


def test_every_kind_of_job_can_travel() -> None:
    assert set(KINDS.values()) == set(get_args(Job))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("dance", {}),
        ("answer", {}),
        ("answer", {"conversation_id": 7}),
        ("sync", {"hotel_id": "h", "kind": "sideways"}),
    ],
)
def test_what_this_version_does_not_know_is_refused(name: str, fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        unpack(name, fields)


def test_an_error_in_a_result_travels_without_its_text() -> None:
    assert decode(encode({"r": ValueError("my room is 204")})) == {"r": "ValueError"}


def test_what_is_not_a_table_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(msgspec.msgpack.encode([timedelta(1)]))

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.measures.strap import Packet
from matwise.practice import bring_in, guide, strap
from matwise.store.database import Database
from matwise.store.imports import State
from matwise.store.refusal import ConflictError, NotKeptError
from tests.emulated_strap import Said, Strap, apart, beats
from tests.practice.people import MONDAY_EVENING, a_database, answers_all

# Five minutes at rest: the beat breathes with you, fifteen times a minute.
AT_REST = [round(1024 * (0.95 + 0.04 * np.sin(2 * np.pi * 0.25 * n * 0.95))) for n in range(316)]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


def wall(worn: Strap) -> Callable[[], datetime]:
    return lambda: MONDAY_EVENING + timedelta(seconds=worn.now_s)


def record(db: Database, worn: Strap, *, minutes: float = 5.0, moment: str | None = None) -> strap.Recorded:
    def nothing(*_: object) -> None:
        pass

    return apart(
        strap.record,
        db,
        "rec",
        minutes=minutes,
        moment=moment,
        now=wall(worn),
        clock=worn.clock,
        found=nothing,
        told=nothing,
        strap=("Emulated H10", worn.packets()),
    )


def in_packets(ticks: Sequence[int]) -> list[Said]:
    """A packet with none, one, two or three of them, over and over."""
    said, at = [], 0
    for number in range(len(ticks)):
        size = number % 4
        said.append(beats(*ticks[at : at + size]))
        at += size
        if at >= len(ticks):
            break
    return said


def sent(number: int, packets: Sequence[tuple[int, str]], **more: object) -> strap.Sent:
    values: dict[str, object] = {"recording_id": "rec", "began_at": MONDAY_EVENING} | more
    return strap.Sent(number=number, packets=packets, **values)  # type: ignore[arg-type]  # by name


def seconds(first: int, last: int) -> list[tuple[int, str]]:
    """A beat each second, from the `first` to the `last`."""
    return [(1000 * at, "103c0004") for at in range(first, last + 1)]


def test_five_minutes_of_a_strap_are_kept_beat_by_beat_and_give_every_value(db: Database) -> None:
    found = record(db, Strap(in_packets(AT_REST)), minutes=10, moment="before")

    (kept,) = found.parts
    assert np.rint(kept.rr_ms * 1.024).astype(int).tolist() == AT_REST
    assert kept.source == "Emulated H10"
    assert kept.at - MONDAY_EVENING < timedelta(seconds=3)
    assert (kept.moment, kept.session_id) == ("before", None)
    assert found.best is not None
    assert all(one.value is not None for one in found.best.figures.values())
    assert (found.tally.read, found.tally.kept, found.tally.rejected) == (1, 1, 0)
    assert found.kept.state is State.DONE


def test_each_packet_is_told_as_it_comes(db: Database) -> None:
    worn, told = Strap([beats(1024, rate=61), beats(1000, 1010, rate=62)]), list[tuple[float, Packet]]()
    names: list[str] = []
    apart(
        strap.record,
        db,
        "rec",
        minutes=5,
        moment=None,
        now=wall(worn),
        clock=worn.clock,
        found=names.append,
        told=lambda at_s, packet: told.append((at_s, packet)),
        strap=("H10", worn.packets()),
    )

    assert names == ["H10"]
    assert [packet.heart_rate_per_min for _, packet in told] == [61, 62]


def test_a_strap_that_was_out_of_reach_gives_two_stretches_and_the_longer_one_speaks(db: Database) -> None:
    worn = Strap([beats(1024)] * 100, pauses={70: 25.0})
    found = record(db, worn)

    assert [one.rr_ms.size for one in found.parts] == [70, 30]
    assert found.parts[1].at - found.parts[0].at == timedelta(seconds=95)
    assert found.best is not None
    assert found.best.beats == 70


def test_what_was_kept_until_it_broke_off_is_there(db: Database) -> None:
    class Unplugged(Exception):  # noqa: N818 – what happens, not what is wrong
        pass

    worn = Strap([beats(1024)] * 100)

    async def broken() -> AsyncIterator[bytes]:
        async for raw in worn.packets():
            if worn.now_s > 65:
                raise Unplugged
            yield raw

    with pytest.raises(Unplugged):
        apart(
            strap.record,
            db,
            "rec",
            minutes=5,
            moment=None,
            now=wall(worn),
            clock=worn.clock,
            found=lambda _: None,
            told=lambda *_: None,
            strap=("H10", broken()),
        )
    (waits,) = strap.waiting(db)
    found = strap.finish(db, waits.id, wall(worn)())

    assert [one.rr_ms.size for one in found.parts] == [65]
    assert strap.waiting(db) == ()


def test_parts_that_come_twice_late_or_in_another_order_are_each_kept_once(db: Database) -> None:
    now = MONDAY_EVENING + timedelta(minutes=3)
    parts = [sent(0, seconds(1, 30)), sent(2, seconds(61, 90)), sent(1, seconds(31, 60)), sent(1, seconds(31, 60))]
    for one in parts:
        strap.take(db, one, now)
    found = strap.finish(db, "rec", now)
    strap.take(db, parts[1], now)  # its answer was lost, so it came again
    again = strap.finish(db, "rec", now)

    assert [one.rr_ms.size for one in found.parts] == [90]
    assert [one.id for one in again.parts] == [one.id for one in found.parts]


def test_packets_that_can_not_be_read_are_counted_with_the_reason(db: Database) -> None:
    now = MONDAY_EVENING + timedelta(minutes=2)
    strap.take(db, sent(0, [*seconds(1, 40), (40500, "10"), *seconds(41, 80)]), now)
    found = strap.finish(db, "rec", now)

    assert [one.rr_ms.size for one in found.parts] == [80]
    assert (found.packets, found.tally.read, found.tally.kept, found.tally.rejected) == (81, 2, 1, 1)
    assert "flags and a heart rate" in found.tally.examples[0].why


def test_a_strap_without_beats_says_nothing(db: Database) -> None:
    strap.take(db, sent(0, [(1000 * n, "003c") for n in range(20)]), MONDAY_EVENING)
    found = strap.finish(db, "rec", MONDAY_EVENING)

    assert found.parts == ()
    assert found.best is None
    assert found.packets == 20


@pytest.mark.parametrize(
    ("packets", "more"),
    [
        ([(2000, "003c"), (1000, "003c")], {}),
        ([(-1, "003c")], {}),
        ([(1000, "xy")], {}),
        ([(1000, "00 3c")], {}),
        ([(1000, "003")], {}),
        ([(0, "003c")] * 1001, {}),
        ([(0, "003c")], {"moment": "yesterday"}),
        ([(10**9, "003c")], {}),
    ],
)
def test_what_no_page_sends_is_refused(db: Database, packets: list[tuple[int, str]], more: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        strap.take(db, sent(0, packets, **more), MONDAY_EVENING)
    assert strap.waiting(db) == ()


def test_a_recording_can_be_taken_out_again_and_nothing_of_it_stays(db: Database) -> None:
    strap.take(db, sent(0, seconds(1, 60)), MONDAY_EVENING + timedelta(minutes=2))
    strap.discard(db, "rec", MONDAY_EVENING)

    assert strap.waiting(db) == ()
    assert bring_in.find(db, "rec").report == {"moment": None, "name": "", "parts": {}}
    with pytest.raises(ConflictError):
        strap.take(db, sent(1, seconds(61, 90)), MONDAY_EVENING)
    with pytest.raises(NotKeptError):
        strap.finish(db, "another", MONDAY_EVENING)


def has_rested(db: Database) -> str:
    """A session of ten minutes that ends at ten past seven."""
    answers_all(db)
    started = guide.start(db, "session-1", guide.TODAY, "no", MONDAY_EVENING).session
    guide.finish(db, started.id, None, MONDAY_EVENING + timedelta(minutes=10))
    return started.id


@pytest.mark.parametrize(
    ("moment", "begins_min", "belongs"),
    [("after", 12, True), ("after", 90, False), ("during", 1, True), ("during", 30, False), ("before", -6, False)],
)
def test_a_recording_finds_its_session(db: Database, moment: str, begins_min: int, belongs: bool) -> None:  # noqa: FBT001 – what is asked
    session = has_rested(db)
    began_at = MONDAY_EVENING + timedelta(minutes=begins_min)
    strap.take(db, sent(0, seconds(1, 200), began_at=began_at, moment=moment), MONDAY_EVENING + timedelta(hours=3))
    found = strap.finish(db, "rec", MONDAY_EVENING + timedelta(hours=3))

    assert found.session_id == (session if belongs else None)
    assert found.moment == moment

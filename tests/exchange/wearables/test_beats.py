from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.exchange.wearables import empatica, hrv_logger, polar, rr_text
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.makers import MAKERS, recognise
from matwise.exchange.wearables.opened import open_file
from matwise.measures.reading import Recording, Rejected

CALM = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
BEGAN = datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=1)))
intervals = st.lists(st.integers(300, 2000), min_size=5, max_size=50)


def told(path: Path, at: datetime | None = None) -> tuple[list[Recording], list[Rejected]]:
    opened = open_file(path)
    found: list[Found] = list(recognise(opened).read(opened, Told(zone=BEGAN.tzinfo or UTC, at=at)))
    return [one for one in found if isinstance(one, Recording)], [one for one in found if isinstance(one, Rejected)]


def written(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def as_elite(rr: Sequence[int]) -> list[str]:
    return [str(one) for one in rr]


def as_seconds(rr: Sequence[int]) -> list[str]:
    return ["# intervals in s", *(f"{one / 1000:.3f}".replace(".", ",") for one in rr)]


def as_logger(rr: Sequence[int]) -> list[str]:
    ends = BEGAN + np.cumsum(rr) * timedelta(milliseconds=1)
    rows = zip(ends, rr, np.cumsum(rr), strict=True)
    return ["date,rr,since start", *(f"{end:%Y-%m-%d %H:%M:%S.%f} +0100,{one},{since}" for end, one, since in rows)]


def as_sensor_logger(rr: Sequence[int]) -> list[str]:
    ends = BEGAN + np.cumsum(rr) * timedelta(milliseconds=1)
    head = "Phone timestamp;sensor timestamp [ns];RR-interval [ms]"
    return [head, *(f"{end.replace(tzinfo=None).isoformat()};5;{one}" for end, one in zip(ends, rr, strict=True))]


def as_flow(rr: Sequence[int]) -> list[str]:
    return [f"{since / 1000:.3f}\t{one}" for since, one in zip(np.cumsum(rr), rr, strict=True)]


def as_empatica(rr: Sequence[int]) -> list[str]:
    sums = np.cumsum(rr)
    rows = (f"{since / 1000:.6f},{one / 1000:.6f}" for since, one in zip(sums, rr, strict=True))
    return [f"{BEGAN.timestamp():.6f}, IBI", *rows]


@pytest.mark.parametrize(
    ("maker", "layout", "dated"),
    [
        (rr_text, as_elite, False),
        (rr_text, as_seconds, False),
        (hrv_logger, as_logger, True),
        (polar, as_sensor_logger, True),
        (polar, as_flow, False),
        (empatica, as_empatica, True),
    ],
)
@CALM
@given(rr=intervals)
def test_every_beat_comes_back_and_the_maker_is_known_by_what_is_in_the_file(
    tmp_path: Path, maker: object, layout: object, *, dated: bool, rr: list[int]
) -> None:
    path = written(tmp_path / "any.txt", layout(rr))  # type: ignore[operator]  # one of the functions above
    (recording,), rejected = told(path, at=None if dated else BEGAN)

    assert recognise(open_file(path)) is maker
    assert rejected == []
    assert recording.rr_ms == pytest.approx(rr)
    assert recording.at is not None
    # Sensor Logger tells the moment its first interval ended in, and HRV Logger too: it is reckoned back from there.
    assert abs(recording.at - BEGAN) <= timedelta(milliseconds=rr[0] + 1)


def test_what_no_heart_makes_is_rejected_line_by_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "rr.txt", [*(str(800 + n) for n in range(30)), "0", "-5", "1000000000", "NaN.", "12 13"])
    (recording,), rejected = told(path, BEGAN)

    assert recording.rr_ms.size == 30
    assert [one.where for one in rejected] == ["line 31", "line 32", "line 33", "line 35"]
    assert recording.rr_ms.size + len(rejected) == 34  # "NaN." begins with a letter, as a head does


def test_a_list_without_a_date_has_no_moment_until_somebody_says_it(tmp_path: Path) -> None:
    path = written(tmp_path / "rr.txt", as_elite([812] * 20))

    assert told(path)[0][0].at is None
    assert told(path, BEGAN)[0][0].at == BEGAN


def test_a_gap_in_what_empatica_saw_begins_a_new_recording(tmp_path: Path) -> None:
    rows = ["1.0,0.8", "1.8,0.8", "2.6,0.8", "60.0,0.9", "60.9,0.9"]
    recordings, rejected = told(written(tmp_path / "IBI.csv", [f"{BEGAN.timestamp():.0f}, IBI", *rows]))

    assert rejected == []
    assert [one.rr_ms.size for one in recordings] == [3, 2]
    assert [round((one.at - BEGAN).total_seconds(), 1) for one in recordings if one.at] == [0.2, 59.1]


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x00" * 500, b"a,b,c\n1,2,3\n" * 10, b"%PDF-1.7\n" * 9])
def test_what_nobody_knows_is_refused_and_told_what_can_be_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    with pytest.raises(ImportRejectedError, match=r"x\.bin"):
        recognise(open_file(path))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([as_elite, as_logger, as_sensor_logger, as_flow, as_empatica]),
    intervals,
    st.binary(max_size=80),
    st.integers(0, 2000),
)
def test_whatever_stands_in_a_file_only_the_declared_error_comes_out(
    tmp_path: Path, layout: object, rr: list[int], noise: bytes, at: int
) -> None:
    plain = "\n".join(layout(rr)).encode()  # type: ignore[operator]  # one of the functions above
    path = tmp_path / "noisy.txt"
    path.write_bytes(plain[:at] + noise + plain[at + len(noise) // 2 :])
    for maker in MAKERS:
        try:
            opened = open_file(path)
            maker.recognises(opened)
            list(maker.read(opened, Told()))
        except ImportRejectedError:
            continue

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from matwise.cli import record as command
from matwise.cli.terminal import database
from matwise.exchange import strap as bluetooth
from matwise.practice import recordings
from tests.emulated_strap import Strap, apart, beats
from tests.practice.people import MONDAY_EVENING

from .terminal import matwise


@pytest.fixture
def worn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Strap:
    """A strap in reach that tells 330 beats, of which a minute and a half is lost after the tenth."""
    strap = Strap([beats(980 + 8 * (number % 5)) for number in range(330)], pauses={10: 90.0})

    async def find() -> bluetooth.Strap:
        return bluetooth.Strap("Emulated H10", None)  # type: ignore[arg-type]

    def packets(_: bluetooth.Strap) -> AsyncGenerator[bytes, None]:
        return strap.packets()

    monkeypatch.setenv("MATWISE_DATA", str(tmp_path))
    monkeypatch.setattr(bluetooth, "find", find)
    monkeypatch.setattr(bluetooth, "packets", packets)
    monkeypatch.setattr(command, "time", SimpleNamespace(monotonic=strap.clock))
    monkeypatch.setattr(command, "now", lambda: MONDAY_EVENING + timedelta(seconds=strap.now_s))
    return strap


def test_a_strap_is_recorded_in_a_terminal_and_what_it_says_is_told(
    worn: Strap, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    apart(command.record, minutes=5, session_moment="before")
    told = capsys.readouterr().out
    with database() as db:
        kept = recordings.latest(db)
    undone = matwise(tmp_path, "measure", "import", "--undo", told.rsplit(maxsplit=1)[-1])

    assert "Recording Emulated H10." in told
    assert "60 beats a minute" in told
    assert "2 stretches are kept" in told
    assert "RMSSD" in told
    assert sorted(one.variability.beats for one in kept) == [10, 206]
    assert {one.recording.moment for one in kept} == {"before"}
    assert worn.now_s == pytest.approx(300, abs=1.1)
    assert undone.status == 0, undone.err


def test_a_time_that_can_not_be_meant_is_refused(tmp_path: Path) -> None:
    refused = matwise(tmp_path, "measure", "record", "--minutes", "0")

    assert refused.status == 2
    assert "above 0 and at most 240" in refused.err

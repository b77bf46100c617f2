from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from matwise.cli.playing import Ended, Played, Sound, follow, on_mat_minutes
from matwise.session.cue import Chapter, Cue, Kind, Timeline

ENDS_S, ALARM_S = 200.0, 180.0


def heard() -> Timeline:
    cues = (
        Cue(1.0, 3.0, Kind.VOICE, Chapter.SETTLING_IN, "Hello.", "hello"),
        Cue(10.0, 2.0, Kind.BELL, Chapter.GETTING_ON, "(a bell rings)"),
        Cue(70.0, 3.0, Kind.VOICE, Chapter.QUIET, "Let go.", "let_go"),
        Cue(ALARM_S, 2.0, Kind.ALARM, Chapter.ALARM, "(the alarm)"),
        Cue(ALARM_S + 5, 2.0, Kind.ALARM, Chapter.ALARM, "(the alarm)"),
    )
    return Timeline("A session", cues, ENDS_S, 20.0, 140.0)


@dataclass
class Hours:
    """A clock that goes on while somebody waits for a key, with keys and Ctrl-C at given seconds."""

    at: float = 1000.0
    keys_s: tuple[float, ...] = ()
    stops_s: float | None = None
    began: float = 1000.0

    def __call__(self) -> float:
        return self.at

    def pressed(self, wait_s: float) -> bool:
        before = self.at - self.began
        self.at += wait_s
        now = self.at - self.began
        if self.stops_s is not None and now >= self.stops_s:
            raise KeyboardInterrupt
        return any(before < key <= now for key in self.keys_s)


@dataclass
class Program:
    """Plays for so many s of this clock; a deaf one only ends when it is killed."""

    hours: Hours
    plays_s: float
    deaf: bool = False
    done: list[str] = field(default_factory=list)

    def poll(self) -> int | None:
        if "kill" in self.done or ("terminate" in self.done and not self.deaf):
            return -15
        return 0 if self.hours.at - self.hours.began >= self.plays_s else None

    def terminate(self) -> None:
        self.done.append("terminate")

    def kill(self) -> None:
        self.done.append("kill")

    def wait(self, timeout: float | None = None) -> int:
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired("a deaf program", timeout or 0)
        return status


def played(sound: Sound, hours: Hours, say: Callable[[str], None] = lambda _: None) -> Played:
    return follow(sound, heard(), say, hours.pressed, hours)


def test_each_line_is_said_when_it_is_spoken() -> None:
    hours, said = Hours(), list[tuple[float, str]]()
    told = played(Program(hours, ENDS_S), hours, lambda line: said.append((hours.at - hours.began, line.strip())))

    assert told.how is Ended.BY_ITSELF
    assert [line for _, line in said] == [
        "0:01  Hello.",
        "1:10  Let go.",
        "3:00  Wake up gently. Any key ends the bell.",
    ]
    assert [at for at, _ in said] == [pytest.approx(at, abs=0.2) for at in (1.0, 70.0, ALARM_S)]


def test_a_key_ends_the_alarm_and_none_before_it_does_anything() -> None:
    hours = Hours(keys_s=(5.0, 100.0, 190.0))
    sound = Program(hours, ENDS_S)
    told = played(sound, hours)

    assert told.how is Ended.AWAKE
    assert told.after_s == pytest.approx(190.0, abs=0.2)
    assert sound.done == ["terminate"]


def test_ctrl_c_stops_the_sound_at_once() -> None:
    hours = Hours(stops_s=60.0)
    sound = Program(hours, ENDS_S)
    told = played(sound, hours)

    assert told.how is Ended.STOPPED
    assert told.after_s == pytest.approx(60.0, abs=0.2)
    assert sound.done == ["terminate"]


def test_a_program_that_does_not_listen_is_ended_all_the_same() -> None:
    hours = Hours(stops_s=60.0)
    sound = Program(hours, ENDS_S, deaf=True)
    played(sound, hours)

    assert sound.done == ["terminate", "kill"]


def test_a_program_that_was_closed_before_the_end_counts_as_stopped() -> None:
    hours = Hours()

    assert played(Program(hours, 60.0), hours).how is Ended.STOPPED


@pytest.mark.parametrize(("after_s", "minutes"), [(0, 0), (20, 0), (80, 1), (140, 2), (200, 2), (9999, 2)])
def test_only_time_on_the_mat_counts(after_s: float, minutes: float) -> None:
    assert on_mat_minutes(heard(), after_s) == pytest.approx(minutes)

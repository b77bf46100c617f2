from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from matwise.session.clip import LOUDNESS_LUFS
from matwise.session.loudness import loudness_lufs
from matwise.session.mix import mix
from matwise.session.several import Several
from matwise.session.sound import RATE_HZ, Samples, bell
from matwise.session.unspoken import LENGTH_S, Signal
from tests.session.sessions import a_snippet, a_timeline, said, seeded


@dataclass(frozen=True)
class Hum:
    """A voice that hums each of its lines for so many seconds."""

    lengths: Mapping[str, float]
    hertz: float
    rate_hz: int = RATE_HZ
    fingerprint: str = "hum"

    def speech_s(self) -> Mapping[str, float]:
        return self.lengths

    def clip(self, line: str) -> Samples:
        t = np.arange(round(self.lengths[line] * self.rate_hz)) / self.rate_hz
        return np.asarray(0.1 * np.sin(2 * np.pi * self.hertz * t), dtype=np.float32)


def strongest_hz(sound: Samples) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * RATE_HZ / sound.size)


def test_each_line_is_said_by_the_first_that_has_it_and_every_line_by_somebody() -> None:
    both = Several((Hum({"a": 1.0}, 200.0), Hum({"a": 2.0, "b": 3.0}, 400.0)))

    assert both.speech_s() == {"a": 1.0, "b": 3.0}
    assert both.who == {"a": 0, "b": 1}
    assert strongest_hz(both.clip("a")) == pytest.approx(200, abs=1)
    assert strongest_hz(both.clip("b")) == pytest.approx(400, abs=1)


def test_voices_of_different_rates_are_heard_at_one_rate_and_as_long_as_they_say() -> None:
    mixed = Several((Hum({"a": 1.3}, 200.0, rate_hz=22_050), Hum({"b": 0.7}, 400.0, rate_hz=48_000)))

    assert mixed.rate_hz == RATE_HZ
    for line, hertz in (("a", 200.0), ("b", 400.0)):
        assert mixed.clip(line).size / RATE_HZ == pytest.approx(mixed.speech_s()[line], abs=0.001)
        assert strongest_hz(mixed.clip(line)) == pytest.approx(hertz, abs=2)


def test_the_fingerprint_changes_with_a_clip_and_with_who_says_what() -> None:
    one, other = Hum({"a": 1.0}, 200.0), Hum({"a": 1.0, "b": 1.0}, 400.0)
    changed = Hum({"a": 1.0}, 200.0, fingerprint="another hum")
    told = {Several(voices).fingerprint for voices in ((one, other), (other, one), (changed, other), (one,))}

    assert len(told) == 4


def test_nobody_says_a_line_nobody_has() -> None:
    with pytest.raises(KeyError, match="c"):
        Several((Hum({"a": 1.0}, 200.0),)).clip("c")
    with pytest.raises(KeyError, match="c"):
        Signal(("a",)).clip("c")


def test_the_sign_for_a_line_nobody_can_say_is_two_strokes_as_loud_as_a_voice_and_unlike_the_bell() -> None:
    sign = Signal(("a", "b")).clip("a")
    loud = np.abs(sign).reshape(-1, RATE_HZ // 20).max(axis=1)
    strokes = [n for n in range(1, loud.size) if loud[n] > 1.5 * loud[n - 1] and loud[n] > 0.05]

    assert sign.size == LENGTH_S * RATE_HZ
    assert loudness_lufs(sign, RATE_HZ) == pytest.approx(LOUDNESS_LUFS, abs=0.1)
    assert [n / 20 for n in [0, *strokes]] == pytest.approx([0.0, 0.7], abs=0.06)
    assert np.abs(sign[[0, -1]]).max() < 1e-3
    assert strongest_hz(sign) / strongest_hz(bell(4.0)) == pytest.approx(1.25, rel=0.02)


def test_a_session_whose_voice_lacks_lines_is_heard_with_the_sign_in_their_place() -> None:
    usual = a_timeline()
    lacking = Several((Signal(tuple({cue.line for cue in usual.cues if cue.line})),))
    cue = said(usual, "stop_rule")
    sound = np.concatenate(list(mix(a_snippet(usual, cue.at_s, cue.duration_s), lacking, seeded())))

    assert np.abs(sound[RATE_HZ : 3 * RATE_HZ]).max() > 0.05

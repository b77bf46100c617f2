from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matwise.content.voices import voice
from matwise.session.clip import LOUDNESS_LUFS, finished, levels
from matwise.session.loudness import loudness_lufs
from matwise.session.sound import RATE_HZ
from matwise.session.take import Take, clip, faults, measured

SPOKEN_RATE_HZ = 24_000
LINE = "stop_reminder"


def a_take(
    factor: float = 0.5, noise_db: float | None = None, silence_s: float = 0.5, channels: int = 1, line: str = LINE
) -> NDArray[np.float32]:
    """Somebody reads a line aloud: quieter or louder, in some noise, with silence before and after."""
    speech = voice("en").clip(line) * np.float32(factor)
    sound = np.pad(speech, round(silence_s * SPOKEN_RATE_HZ))
    if noise_db is not None:
        rng = np.random.Generator(np.random.PCG64(3))
        level = np.sqrt(np.mean(speech**2)) * 10 ** (noise_db / 20)
        sound = sound + np.float32(level) * rng.normal(size=sound.size).astype(np.float32)
    return np.repeat(sound[:, np.newaxis], channels, axis=1).astype(np.float32)


def found(samples: NDArray[np.float32], rate_hz: int = SPOKEN_RATE_HZ, longest_s: float = 20.0) -> list[str]:
    return [fault.got for fault in faults(measured(samples, rate_hz), longest_s)]


def test_a_line_read_well_has_no_fault_and_its_silence_does_not_count() -> None:
    take = measured(a_take(silence_s=2.0), SPOKEN_RATE_HZ)

    assert list(faults(take, 20.0)) == []
    assert take.speech_s == pytest.approx(voice("en").speech_s()[LINE], abs=0.2)


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (a_take(0.02), "very quiet"),
        (a_take(noise_db=-20), "noise only"),
        (np.clip(a_take(8.0), -1, 1), "too loud for the recorder"),
        (np.clip(a_take(8.0), -0.97, 0.97), "very loud"),
        (a_take(channels=3), "3 channels"),
        (np.zeros((48_000, 1), dtype=np.float32), "nothing to be heard"),
        (np.zeros((0, 1), dtype=np.float32), "nothing to be heard"),
    ],
)
def test_what_is_wrong_is_said(samples: NDArray[np.float32], says: str) -> None:
    assert any(says in got for got in found(samples)), found(samples)


def test_noise_that_is_far_below_the_voice_is_none() -> None:
    assert found(a_take(noise_db=-50)) == []


@pytest.mark.parametrize("line", list(voice("en").speech_s()))
def test_no_clip_that_ships_is_called_noisy_or_clipped(line: str) -> None:
    assert found(voice("en").clip(line)[:, np.newaxis]) == []


def test_a_line_read_too_slowly_can_t_be_used_and_the_time_it_may_take_is_told() -> None:
    (fault,) = faults(measured(a_take(), SPOKEN_RATE_HZ), 3.0)

    assert not fault.usable
    assert fault.want.startswith("at most 3.0 s")


@pytest.mark.parametrize(("rate_hz", "usable"), [(4_000, False), (11_025, True), (192_000, True), (384_000, False)])
def test_a_rate_that_is_not_usual_is_told_and_one_that_is_absurd_can_t_be_used(rate_hz: int, usable: bool) -> None:  # noqa: FBT001 – the case
    (fault,) = faults(Take(rate_hz, 1, 2.0), 20.0)

    assert "best 44100 or 48000" in fault.want
    assert fault.usable is usable


@settings(max_examples=20)
@given(
    factor=st.floats(0.03, 1.0),
    rate_hz=st.sampled_from([16_000, 22_050, 44_100, 48_000, 96_000]),
    channels=st.integers(1, 2),
)
def test_whatever_the_rate_the_level_and_the_channels_a_clip_is_mono_as_loud_as_all_and_as_long_as_measured(
    factor: float, rate_hz: int, channels: int
) -> None:
    samples = a_take(factor, channels=channels, line="half_way")
    heard = clip(samples, rate_hz)  # read at another rate it is another pitch, and still speech

    assert heard.ndim == 1
    assert heard.size / RATE_HZ == pytest.approx(measured(samples, rate_hz).speech_s, abs=0.001)
    assert loudness_lufs(heard, RATE_HZ) == pytest.approx(LOUDNESS_LUFS, abs=0.5)
    assert np.abs(heard).max() < 0.85
    assert np.abs(heard[[0, -1]]).max() < 0.01


def test_a_recording_is_heard_as_it_was_spoken_without_its_hiss_taken_away() -> None:
    spoken = voice("en").clip("sit_first")
    ours, softened = (finished(spoken, SPOKEN_RATE_HZ, soften=soft) for soft in (False, True))
    size = min(spoken.size, ours.size)

    assert np.corrcoef(ours[:size], spoken[:size])[0, 1] > np.corrcoef(softened[:size], spoken[:size])[0, 1] > 0.9


def test_levels_are_of_every_whole_hundredth() -> None:
    assert levels(np.ones(2500, dtype=np.float32), 24_000).tolist() == [1.0] * 10

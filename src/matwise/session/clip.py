"""One line, spoken: cut to what is said, faded, brought to the loudness of all clips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matwise.session.loudness import loudness_lufs
from matwise.session.sound import Samples

LOUDNESS_LUFS = -20.0  # with the bells around it; loud enough for a phone on the floor
HISS_HZ = (4000.0, 6000.0)
HISS_WINDOW_S = 0.012
HISS_RMS, HISS_HOLD = 0.025, 0.75  # above this level three quarters of the surplus (in dB) are taken away
KNEE, CEILING = 0.6, 0.78  # a plosive that sticks out is bent, so that it doesn't hold a whole sentence down
EDGE_DB = -48.0  # quieter than this, against the loudest moment, is not yet or no longer speech
BEFORE_S, AFTER_S = 0.04, 0.12
FADE_IN_S, FADE_OUT_S = 0.01, 0.06


def finished(samples: Samples, rate_hz: int, *, soften: bool = True) -> Samples:
    """Speech without the silence around it, with small fades, at the loudness of all clips.

    Args:
        samples: shape (n_samples,), full scale ±1, at least as long as both fades; not silent.
        rate_hz: samples per second.
        soften: take the sting out of the hiss of a voice made by a machine.
    """
    start, end = spoken_part(samples, rate_hz)
    cut = samples[start:end].copy()
    fade_in, fade_out = round(FADE_IN_S * rate_hz), round(FADE_OUT_S * rate_hz)
    cut[:fade_in] *= np.sin(np.linspace(0, np.pi / 2, fade_in)) ** 2
    cut[-fade_out:] *= np.cos(np.linspace(0, np.pi / 2, fade_out)) ** 2
    cut *= 10 ** ((LOUDNESS_LUFS - loudness_lufs(cut, rate_hz)) / 20)
    if soften:
        cut = softened(cut, rate_hz)
        cut *= 10 ** ((LOUDNESS_LUFS - loudness_lufs(cut, rate_hz)) / 20)
    over, room = np.abs(cut) > KNEE, CEILING - KNEE
    cut[over] = np.sign(cut[over]) * (KNEE + room * np.tanh((np.abs(cut[over]) - KNEE) / room))
    return cut


def spoken_part(samples: Samples, rate_hz: int) -> tuple[int, int]:
    """The samples from shortly before the first sound to shortly after the last: start and end."""
    loud = levels(samples, rate_hz)
    spoken = np.flatnonzero(loud > loud.max() * 10 ** (EDGE_DB / 20))
    frame = rate_hz // 100
    start = max(0, int(spoken[0]) * frame - round(BEFORE_S * rate_hz))
    return start, min(samples.size, (int(spoken[-1]) + 1) * frame + round(AFTER_S * rate_hz))


def levels(samples: Samples, rate_hz: int) -> NDArray[np.float32]:
    """Root mean square of every whole hundredth of a second, shape (n_hundredths,)."""
    frame = rate_hz // 100
    whole = samples[: samples.size // frame * frame].reshape(-1, frame)
    loud: NDArray[np.float32] = np.sqrt(np.mean(whole**2, axis=1))
    return loud


def softened(samples: Samples, rate_hz: int) -> Samples:
    """Speech whose hiss (s, sh, t) no longer stings an ear that lies still with headphones on."""
    spectrum = np.fft.rfft(samples, samples.size + rate_hz)
    hertz = np.fft.rfftfreq(samples.size + rate_hz, 1 / rate_hz)
    share = np.clip((hertz - HISS_HZ[0]) / (HISS_HZ[1] - HISS_HZ[0]), 0, 1)
    hiss = np.fft.irfft(spectrum * np.sin(np.pi / 2 * share) ** 2, samples.size + rate_hz)[: samples.size]
    window = np.hanning(round(HISS_WINDOW_S * rate_hz))
    level = np.sqrt(np.convolve(hiss**2, window / window.sum(), mode="same") + 1e-12)
    kept = np.minimum(1.0, HISS_RMS / level) ** HISS_HOLD
    return (samples - hiss * (1 - kept)).astype(np.float32)

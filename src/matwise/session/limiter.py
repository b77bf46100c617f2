"""Peaks held down, so that nothing clips on the way to an ear."""

from __future__ import annotations

import numpy as np

from matwise.session.sound import RATE_HZ, Samples

# Above the knee the limiter bends, and it never reaches the ceiling (−2.5 dBFS): an encoder may overshoot by a dB.
KNEE, CEILING = 0.60, 0.75
_FRAME_S = 0.002  # quicker than a plosive, slower than a wave of the voice
_HELD, _SMOOTHED = 4, 3  # frames to each side; what is smoothed lies within what is held, so no peak slips through


def bent(mixed: Samples) -> Samples:
    """The same samples with what lies above the knee bent down; below it nothing changes. Changes them in place."""
    over = np.abs(mixed) > KNEE
    if over.any():
        room = CEILING - KNEE
        mixed[over] = np.sign(mixed[over]) * (KNEE + room * np.tanh((np.abs(mixed[over]) - KNEE) / room))
    return mixed


def held(samples: Samples, rate_hz: int = RATE_HZ, ceiling: float = KNEE) -> Samples:
    """A sound turned down for some ms around each peak above `ceiling`, which bends no wave."""
    if np.abs(samples).max(initial=0.0) <= ceiling:
        return samples
    frame = round(_FRAME_S * rate_hz)
    frames = -(-samples.size // frame)
    padded = np.zeros(frames * frame, dtype=np.float32)
    padded[: samples.size] = np.abs(samples)
    needed = np.minimum(1.0, ceiling / np.maximum(padded.reshape(frames, frame).max(axis=1), 1e-9))
    wide = np.pad(needed, _HELD + _SMOOTHED, constant_values=1.0)
    lowest = np.lib.stride_tricks.sliding_window_view(wide, 2 * _HELD + 1).min(axis=1)
    smooth = np.lib.stride_tricks.sliding_window_view(lowest, 2 * _SMOOTHED + 1).mean(axis=1)
    centres = (np.arange(frames) + 0.5) * frame
    return np.asarray(samples * np.interp(np.arange(samples.size), centres, smooth), dtype=np.float32)

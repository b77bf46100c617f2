"""Peaks held down, so that nothing clips on the way to an ear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from matwise.session.sound import RATE_HZ, Samples

# A voice wished louder leaves room for what sounds beside it; of the whole no sample is above −3 dBFS, for an encoder
# may overshoot by a dB, and so may what lies between the samples.
VOICE_CEILING, CEILING = 0.60, 0.70
_FRAME_S = 0.002  # quicker than a plosive, slower than a wave of the voice
_HELD, _SMOOTHED = 4, 3  # frames to each side; what is smoothed lies within what is held, so no peak slips through
_AROUND = _HELD + _SMOOTHED + 3  # frames to each side of a block that may change it, and those cut at the edges


def held(samples: Samples, rate_hz: int = RATE_HZ, ceiling: float = VOICE_CEILING) -> Samples:
    """A sound turned down for some ms around each peak above `ceiling`, which bends no wave."""
    return next(held_blocks([samples], rate_hz, ceiling))


def held_blocks(blocks: Iterable[Samples], rate_hz: int = RATE_HZ, ceiling: float = CEILING) -> Iterator[Samples]:
    """`held` for a sound that comes in blocks of at least 20 ms (the last may be shorter), to the same bytes.

    Each block comes out once the next one has come in.
    """
    frame = round(_FRAME_S * rate_hz)
    around = _AROUND * frame
    coming = iter(blocks)
    here, start = next(coming, None), 0
    before = np.empty(0, dtype=np.float32)
    while here is not None:
        after = next(coming, None)
        window = np.concatenate((before, here, np.empty(0, np.float32) if after is None else after[:around]))
        if np.abs(window).max(initial=0.0) <= ceiling:
            yield here
        else:
            into_frame = (start - before.size) % frame
            turned = window * _turned_down(np.pad(np.abs(window), (into_frame, 0)), frame, ceiling)[into_frame:]
            yield np.asarray(turned[before.size : before.size + here.size], dtype=np.float32)
        before, start = np.concatenate((before, here))[-around:], start + here.size
        here = after


def _turned_down(size_of_each: Samples, frame: int, ceiling: float) -> NDArray[np.float64]:
    """Factor for each sample."""
    frames = -(-size_of_each.size // frame)
    padded = np.zeros(frames * frame, dtype=np.float32)
    padded[: size_of_each.size] = size_of_each
    needed = np.minimum(1.0, ceiling / np.maximum(padded.reshape(frames, frame).max(axis=1), 1e-9))
    wide = np.pad(needed, _HELD + _SMOOTHED, constant_values=1.0)
    lowest = np.lib.stride_tricks.sliding_window_view(wide, 2 * _HELD + 1).min(axis=1)
    smooth = np.lib.stride_tricks.sliding_window_view(lowest, 2 * _SMOOTHED + 1).mean(axis=1)
    centres = (np.arange(frames) + 0.5) * frame
    return np.asarray(np.interp(np.arange(size_of_each.size), centres, smooth))

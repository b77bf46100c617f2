"""What an ear would find wrong with a session: too loud, a click."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matwise.session.cue import Kind, Timeline
from matwise.session.loudness import gated_lufs, k_weight
from matwise.session.sound import RATE_HZ, Samples
from tests.session.sessions import end_s, of_kind

BLOCK = round(0.4 * RATE_HZ)
STRETCH = 2048
EDGE_S = 0.15  # of a line: its seams are looked at, the hiss within it is speech


def true_peak(samples: Samples) -> float:
    """Largest value between the samples, by four times as many (BS.1770-4, annex 2); soft stretches can't hold it."""
    stretches = np.lib.stride_tricks.sliding_window_view(np.pad(samples, STRETCH), 3 * STRETCH)[::STRETCH]
    loud = stretches[np.abs(stretches[:, STRETCH:-STRETCH]).max(axis=1) > 0.35]
    faded = loud * np.hanning(3 * STRETCH) ** 0.1  # so that the ends, which don't count, don't ring
    spectrum = np.fft.rfft(faded, axis=1)
    wide = np.fft.irfft(spectrum, 12 * STRETCH, axis=1) * 4
    return float(np.abs(wide[:, 4 * STRETCH : -4 * STRETCH]).max(initial=np.abs(samples).max()))


def clicks(samples: Samples, above: float = 12.0) -> NDArray[np.intp]:
    """Samples that stick out of the ten before and after by more than any sound of ours can."""
    bend = np.abs(np.diff(samples, n=3))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(bend, 10, mode="edge"), 21)
    suspects = np.flatnonzero(bend > 0.05)  # the others can't be one, whatever is around them
    usual = np.partition(around[suspects], 10, axis=1)[:, 10]
    return suspects[bend[suspects] > above * (usual + 1e-3)]


def outside_speech(heard: Timeline, at: NDArray[np.intp]) -> list[int]:
    """Those of these samples that lie in no spoken line."""
    inside = [(cue.at_s + EDGE_S, end_s(cue) - EDGE_S) for cue in of_kind(heard, Kind.VOICE)]
    return [int(one) for one in at if not any(start <= one / RATE_HZ <= end for start, end in inside)]


def lufs(samples: Samples) -> float:
    """Integrated loudness by blocks of 0.4 s side by side, which is quicker for a long session."""
    blocks = samples[: samples.size // BLOCK * BLOCK].reshape(-1, BLOCK)
    weight = k_weight(np.fft.rfftfreq(BLOCK, 1 / RATE_HZ)).astype(np.float32)
    return gated_lufs(np.array([2 * np.sum((np.abs(np.fft.rfft(block)) * weight) ** 2) / BLOCK**2 for block in blocks]))

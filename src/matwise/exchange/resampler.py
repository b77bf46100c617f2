"""From the rate of the mix to that of Opus, block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matwise.session.sound import RATE_HZ, Samples

OPUS_RATE_HZ = 48_000

_DIVISOR = int(np.gcd(RATE_HZ, OPUS_RATE_HZ))
_IN, _OUT = RATE_HZ // _DIVISOR, OPUS_RATE_HZ // _DIVISOR  # 147 samples become 160
_PERIODS = 300  # at a time, about a second: always as many, so that the blocks that come in change no bit
# A product this small is computed on one core: quicker than two that wait for each other, and the same everywhere.
_TOGETHER = 5
_REACH = 32  # samples on either side that a new one is made of
_CUTOFF = 20_000 / RATE_HZ  # between the highest that is kept (18 kHz) and the highest there is
_BETA = 9.0  # of the Kaiser window: 90 dB down


class Resampler:
    """The same sound at `OPUS_RATE_HZ`: flat up to 18 kHz, mirror images above 90 dB down, no delay.

    Source:
        J. F. Kaiser (1974), "Nonrecursive digital filter design using the I0-sinh window function".
    """

    def __init__(self) -> None:
        self._weights = _weights()
        self._waiting = np.zeros(_REACH, dtype=np.float32)
        self._taken = 0
        self._given = 0

    def push(self, samples: Samples) -> Samples:
        """What can be told so far, shape (n_samples,); the rest waits for what comes next."""
        self._taken += samples.size
        self._waiting = np.concatenate((self._waiting, samples))
        whole = (self._waiting.size - 2 * _REACH) // (_IN * _PERIODS)
        made = [self._next() for _ in range(whole)]
        return np.concatenate(made) if made else np.zeros(0, dtype=np.float32)

    def rest(self) -> Samples:
        """What is left when nothing more comes."""
        wanted = -(-self._taken * _OUT // _IN) - self._given
        periods = -(-wanted // (_OUT * _PERIODS))
        silence = np.zeros(periods * _IN * _PERIODS + _REACH, dtype=np.float32)
        self._waiting = np.concatenate((self._waiting, silence))
        made = [self._next() for _ in range(periods)]
        return np.concatenate(made)[:wanted] if made else np.zeros(0, dtype=np.float32)

    def _next(self) -> Samples:
        used = _IN * _PERIODS
        windows = np.lib.stride_tricks.sliding_window_view(self._waiting, _IN + 2 * _REACH)[:used:_IN]
        self._waiting = self._waiting[used:]
        together = np.ascontiguousarray(windows).reshape(-1, _TOGETHER, self._weights.shape[0])
        made: Samples = (together @ self._weights).ravel()
        self._given += made.size
        return made


def _weights() -> NDArray[np.float32]:
    """How much of each sample goes into each new one, shape (_IN + 2 * _REACH, _OUT)."""
    here = np.arange(_IN + 2 * _REACH)[:, np.newaxis] - _REACH
    away = here - np.arange(_OUT)[np.newaxis, :] * (_IN / _OUT)
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (away / _REACH) ** 2, 0, None))) / np.i0(_BETA)
    weights = np.sinc(2 * _CUTOFF * away) * window * (np.abs(away) < _REACH)
    return np.asarray(weights / weights.sum(axis=0), dtype=np.float32)

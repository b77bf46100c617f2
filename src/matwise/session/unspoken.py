"""A sign in place of a line that nobody can say: it asks to look at the screen, where the words stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from matwise.session.clip import LOUDNESS_LUFS
from matwise.session.loudness import loudness_lufs
from matwise.session.sound import RATE_HZ, Samples, bell, resampled

HIGHER = 5 / 4  # than the bell that begins and ends the time: a third
STROKES_APART_S = 0.7  # two strokes: no other bell of a session is struck twice
# Too long for the words that lead a breath: there the tones alone rise and fall, which say the same.
LENGTH_S = 5.0
_VERSION = "two strokes, 1"


@dataclass(frozen=True, slots=True)
class Signal:
    """A voice that says nothing: two strokes of a small bell for each of these lines."""

    lines: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Changes whenever the sign does."""
        return f"{_VERSION} {','.join(self.lines)}"

    @property
    def rate_hz(self) -> int:
        """Samples per second of the sign."""
        return RATE_HZ

    def speech_s(self) -> Mapping[str, float]:
        """Length of the sign for every line, in s."""
        return MappingProxyType(dict.fromkeys(self.lines, LENGTH_S))

    def clip(self, line: str) -> Samples:
        """The sign: shape (n_samples,), at `rate_hz`; the same for every line, a KeyError for one it does not have."""
        if line not in self.lines:
            raise KeyError(line)
        stroke = resampled(bell((LENGTH_S - STROKES_APART_S) * HIGHER), round(RATE_HZ * HIGHER))
        sign = np.zeros(round(LENGTH_S * RATE_HZ), dtype=np.float32)
        for start in (0, round(STROKES_APART_S * RATE_HZ)):
            part = stroke[: sign.size - start]
            sign[start : start + part.size] += part
        sign *= 10 ** ((LOUDNESS_LUFS - loudness_lufs(sign, RATE_HZ)) / 20)
        return sign

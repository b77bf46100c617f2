"""Several voices as one: each line is said by the first that has it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from matwise.session.sound import RATE_HZ, Samples, Voice, resampled


@dataclass(frozen=True)
class Several:
    """Voices in the order in which they are asked; is a `matwise.session.sound.Voice` itself."""

    voices: tuple[Voice, ...]

    @cached_property
    def who(self) -> Mapping[str, int]:
        """Which of the voices says each line, by its number."""
        said: dict[str, int] = {}
        for number, voice in enumerate(self.voices):
            for line in voice.speech_s():
                said.setdefault(line, number)
        return MappingProxyType(said)

    @property
    def fingerprint(self) -> str:
        """Changes whenever a clip does, or somebody else says a line."""
        told = [*(voice.fingerprint for voice in self.voices), *(f"{line} {n}" for line, n in self.who.items())]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    @property
    def rate_hz(self) -> int:
        """Samples per second of every clip, whatever those of the voices are."""
        return RATE_HZ

    def speech_s(self) -> Mapping[str, float]:
        """Length of every clip by line id, in s."""
        lengths = [voice.speech_s() for voice in self.voices]
        return MappingProxyType({line: lengths[number][line] for line, number in self.who.items()})

    def clip(self, line: str) -> Samples:
        """One line, spoken: shape (n_samples,), at `rate_hz`; a KeyError where nobody says it."""
        voice = self.voices[self.who[line]]
        return resampled(voice.clip(line), voice.rate_hz)

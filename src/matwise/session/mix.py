"""A session as sound, block by block, so that an hour needs no more memory than a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matwise.errors import InvalidInputError, Problem
from matwise.session.cue import Cue, Kind, Timeline
from matwise.session.sound import RATE_HZ, Samples, Voice, bell, gain, quiet, resampled, strike, tone

BLOCK_S = 2.0
# Above the knee the limiter bends, and it never reaches the ceiling (−2.5 dBFS): an encoder may overshoot by a dB.
KNEE, CEILING = 0.60, 0.75
FADE_S = 1.0  # of the whole session, at both ends


@dataclass(frozen=True, slots=True)
class _Sounding:
    """A sound that has begun: its samples and the sample of the session it starts at."""

    starts: int
    samples: Samples

    @property
    def ends(self) -> int:
        return self.starts + self.samples.size


def mix(timeline: Timeline, voice: Voice, rng: np.random.Generator, block_s: float = BLOCK_S) -> Iterator[Samples]:
    """Everything that is heard, in blocks of `block_s`: float32 at `RATE_HZ`, peaks below −2 dBFS.

    Raises:
        InvalidInputError: a line has no clip, or one longer than its time; names every one, before the first block.
    """
    _check(timeline, voice)
    return _blocks(timeline, _Sounds(voice), quiet(rng), round(block_s * RATE_HZ))


def n_samples(timeline: Timeline) -> int:
    """Length of the whole session in samples."""
    return round(timeline.duration_s * RATE_HZ)


def _check(timeline: Timeline, voice: Voice) -> None:
    speech_s = voice.speech_s()
    problems = []
    for cue in timeline.cues:
        if cue.kind is Kind.VOICE and (cue.line is None or cue.line not in speech_s):
            problems.append(Problem(f"line {cue.line}", "no clip", "a spoken clip (tools/speak.py makes it)"))
        elif cue.line is not None and speech_s[cue.line] > cue.duration_s + 0.01:
            want = f"a clip of at most {cue.duration_s:.2f} s"
            problems.append(Problem(f"line {cue.line}", f"{speech_s[cue.line]:.2f} s", want))
    if problems:
        raise InvalidInputError(*dict.fromkeys(problems))


def _blocks(timeline: Timeline, sounds: _Sounds, noise: Samples, block: int) -> Iterator[Samples]:
    total = n_samples(timeline)
    loop = np.concatenate((noise, noise[:block]))
    waiting = list(reversed(timeline.cues))
    sounding: list[_Sounding] = []
    for start in range(0, total, block):
        end = min(start + block, total)
        while waiting and round(waiting[-1].at_s * RATE_HZ) < end:
            cue = waiting.pop()
            sounding.append(_Sounding(round(cue.at_s * RATE_HZ), sounds.of(cue)))
        at = start % noise.size
        mixed = loop[at : at + end - start].copy()
        for sound in sounding:
            first, last = max(start, sound.starts), min(end, sound.ends)
            mixed[first - start : last - start] += sound.samples[first - sound.starts : last - sound.starts]
        sounding = [sound for sound in sounding if sound.ends > end]
        yield _limited(_faded(mixed, start, total))


class _Sounds:
    """Makes each sound once; a session has some hundred cues and a dozen sounds."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._made: dict[tuple[Kind, float, str | None], Samples] = {}

    def of(self, cue: Cue) -> Samples:
        """The sound of a cue at its level."""
        key = (cue.kind, cue.duration_s, cue.line)
        if key not in self._made:
            self._made[key] = self._make(cue)
        return self._made[key] * np.float32(gain(cue.level_db))

    def _make(self, cue: Cue) -> Samples:
        if cue.line is not None:
            return resampled(self._voice.clip(cue.line), self._voice.rate_hz)
        if cue.kind is Kind.BELL:
            return bell(cue.duration_s)
        if cue.kind is Kind.ALARM:
            return strike(cue.duration_s)
        return tone(cue.duration_s, rising=cue.kind is Kind.INHALE)


def _faded(mixed: Samples, start: int, total: int) -> Samples:
    fade = round(FADE_S * RATE_HZ)
    if fade <= start and start + mixed.size <= total - fade:
        return mixed
    here = np.arange(start, start + mixed.size)
    share = np.clip(np.minimum(here, total - 1 - here) / fade, 0, 1)
    return np.asarray(mixed * share, dtype=np.float32)


def _limited(mixed: Samples) -> Samples:
    over = np.abs(mixed) > KNEE
    if over.any():
        room = CEILING - KNEE
        mixed[over] = np.sign(mixed[over]) * (KNEE + room * np.tanh((np.abs(mixed[over]) - KNEE) / room))
    return mixed

"""A session as sound, block by block, so that an hour needs no more memory than a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.session.balance import bed_courses, level_db, session_gain_db
from matwise.session.bed import BedSound, bed_sound
from matwise.session.cue import Cue, Kind, Timeline
from matwise.session.limiter import held, held_blocks
from matwise.session.sound import RATE_HZ, Samples, Voice, bell, gain, quiet, resampled, strike, tone
from matwise.session.timeline import open_bells

BLOCK_S = 2.0
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
    """Everything that is heard, in blocks of `block_s`: float32 at `RATE_HZ`, no sample above −3 dBFS.

    Up to the alarm a session is about −20 LUFS loud as a whole, however much of it is bed, voice or silence.

    Raises:
        InvalidInputError: a line has no clip, or one longer than its time; names every one, before the first block.
    """
    _check(timeline, voice)
    under = _Under(timeline, rng, fades_out=True)
    sounds = _Sounds(timeline, voice, under.turned(timeline, voice))
    return held_blocks(_blocks(iter(timeline.cues), sounds, under, n_samples(timeline), round(block_s * RATE_HZ)))


def turned_db(timeline: Timeline, voice: Voice, rng: np.random.Generator) -> float:
    """How far `mix` turns a session up or down from the same `rng`, in dB."""
    return _Under(timeline, rng, fades_out=True).turned(timeline, voice)


def mix_without_end(
    timeline: Timeline, voice: Voice, rng: np.random.Generator, block_s: float = BLOCK_S
) -> Iterator[Samples]:
    """A session with an open end, block by block, until nobody asks for the next one.

    Raises:
        InvalidInputError: see `mix`; or the session has no open end.
    """
    if timeline.open_end is None:
        raise InvalidInputError(Problem("session", "one that ends", "one with an open end (Wishes.open_end)"))
    _check(timeline, voice)
    cues = chain(timeline.cues, open_bells(timeline, float("inf"), ""))
    under = _Under(timeline, rng, fades_out=False)
    sounds = _Sounds(timeline, voice, under.turned(timeline, voice))
    return held_blocks(_blocks(cues, sounds, under, None, round(block_s * RATE_HZ)))


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


def _blocks(cues: Iterator[Cue], sounds: _Sounds, under: _Under, total: int | None, block: int) -> Iterator[Samples]:
    """The session block by block; for ever where `total` is None."""
    waiting = next(cues, None)
    sounding: list[_Sounding] = []
    for start in range(0, total, block) if total is not None else count(0, block):
        end = start + block if total is None else min(start + block, total)
        while waiting is not None and round(waiting.at_s * RATE_HZ) < end:
            sounding.append(_Sounding(round(waiting.at_s * RATE_HZ), sounds.of(waiting)))
            waiting = next(cues, None)
        mixed = under.block(start, end - start)
        for sound in sounding:
            first, last = max(start, sound.starts), min(end, sound.ends)
            mixed[first - start : last - start] += sound.samples[first - sound.starts : last - sound.starts]
        sounding = [sound for sound in sounding if sound.ends > end]
        yield _faded(mixed, start, total)


class _Under:
    """What lies under everything: quiet noise, and the bed on its course."""

    def __init__(self, timeline: Timeline, rng: np.random.Generator, *, fades_out: bool) -> None:
        self._noise = quiet(rng)
        self._bed: BedSound | None = None
        if timeline.under is not None:
            self._bed = bed_sound(timeline.under.bed, rng)
            self._fade, self._back = bed_courses(timeline, fades_out=fades_out)
            self._factor = gain(timeline.under.level_db)

    def turned(self, timeline: Timeline, voice: Voice) -> float:
        """Turn the bed up or down with its session; gives how far, in dB."""
        session_db = session_gain_db(timeline, voice, self._bed)
        if self._bed is not None:
            self._factor *= gain(session_db)
        return session_db

    def block(self, start: int, size: int) -> Samples:
        at = start % self._noise.size
        noise = self._noise[at : at + size]
        while noise.size < size:
            noise = np.concatenate((noise, self._noise[: size - noise.size]))
        if self._bed is None:
            return noise.copy()
        return noise + self._bed.block(start, size, self._course)

    def _course(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._factor * self._fade.at(at_s) * self._back.at(at_s)


class _Sounds:
    """Makes each sound once and lets a line go when it is not said any more: hundreds of cues, a few dozen sounds."""

    def __init__(self, timeline: Timeline, voice: Voice, session_db: float) -> None:
        self._voice = voice
        self._session_db = session_db
        self._made: dict[tuple[Kind, float, str | None], Samples] = {}
        self._left = Counter(_key(cue) for cue in timeline.cues)

    def of(self, cue: Cue) -> Samples:
        """The sound of a cue at its level."""
        key = _key(cue)
        if key not in self._made:
            self._made[key] = self._make(cue)
        sound = np.asarray(self._made[key] * np.float32(gain(level_db(cue, self._session_db))))
        self._left[key] -= 1
        if cue.kind is Kind.VOICE and self._left[key] == 0:
            del self._made[key]
        return held(sound) if cue.kind is Kind.VOICE else sound

    def _make(self, cue: Cue) -> Samples:
        if cue.line is not None:
            return resampled(self._voice.clip(cue.line), self._voice.rate_hz)
        if cue.kind is Kind.BELL:
            return bell(cue.duration_s)
        if cue.kind is Kind.ALARM:
            return strike(cue.duration_s)
        return tone(cue.duration_s, rising=cue.kind is Kind.INHALE)


def _key(cue: Cue) -> tuple[Kind, float, str | None]:
    return cue.kind, cue.duration_s, cue.line


def _faded(mixed: Samples, start: int, total: int | None) -> Samples:
    fade = round(FADE_S * RATE_HZ)
    if fade <= start and (total is None or start + mixed.size <= total - fade):
        return mixed
    here = np.arange(start, start + mixed.size)
    to_end = here if total is None else np.minimum(here, total - 1 - here)
    return np.asarray(mixed * np.clip(to_end / fade, 0, 1), dtype=np.float32)

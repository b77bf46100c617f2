"""How loud each part of a session is, so that every session as a whole is about as loud as any other."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.session.bed import BedSound
from matwise.session.cue import Cue, Kind, Timeline
from matwise.session.limiter import held
from matwise.session.loudness import STEP_S, gated_lufs, k_weight, step_power
from matwise.session.sound import QUIET_DBFS, RATE_HZ, Samples, Voice, bell, gain, tone

TARGET_LUFS = -20.0
MOST_DB = 6.0  # further up or down is what the person wished for, or a session that is hardly more than its alarm
BED_UNDER_VOICE_DB = -6.0
BED_STEPS_BACK_S, BED_COMES_BACK_S = 0.8, 1.5
BED_FADE_IN_S, BED_FADE_OUT_S = 4.0, 6.0
_STEPS = 4  # of 0.1 s in a block of 0.4 s
_MOST_TRIES, _CLOSE_LU, _FAR_LU = 6, 0.25, 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """A factor that changes over the session in straight lines: moments in s, and the factor at each."""

    at_s: tuple[float, ...]
    factor: tuple[float, ...]

    def at(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The factor at these moments, in s."""
        return np.interp(at_s, self.at_s, self.factor)


def session_gain_db(timeline: Timeline, voice: Voice, bed: BedSound | None) -> float:
    """How far everything but the alarm is turned up or down, in dB.

    Args:
        timeline: the session.
        voice: who speaks it.
        bed: the sound of `timeline.under`; None where there is none.
    """
    forecast = Forecast(timeline, voice, bed)
    # Whatever is turned up is limited more, and half of a long session can lie on either side of the gate: it is tried.
    off_lu: dict[float, float] = {}
    session_db, most = 0.0, most_db(timeline)
    while session_db not in off_lu and len(off_lu) < _MOST_TRIES:
        louder_lu = TARGET_LUFS - forecast.lufs(session_db)
        off_lu[session_db] = abs(louder_lu)
        if abs(louder_lu) < _CLOSE_LU:
            break
        session_db = float(np.clip(session_db + louder_lu, -MOST_DB, most))
    if min(off_lu.values()) > _FAR_LU:
        # Turned down, a limited session can get louder, as its bed falls below the gate: no step from here leads there.
        off_lu |= {float(one): abs(TARGET_LUFS - forecast.lufs(float(one))) for one in np.arange(-MOST_DB, most, 1.0)}
    return min(off_lu, key=lambda one: off_lu[one])


def most_db(timeline: Timeline) -> float:
    """How far a session may be turned up, in dB: never until a voice that is wished louder is mostly limiter."""
    loudest = max((cue.level_db for cue in timeline.cues if cue.kind is Kind.VOICE and not cue.wakes), default=0.0)
    return MOST_DB - max(0.0, loudest)


def level_db(cue: Cue, session_db: float) -> float:
    """Level of a cue in a session that is turned up or down by so much; what wakes keeps its own."""
    return cue.level_db if cue.wakes else cue.level_db + session_db


class Forecast:
    """How loud a session will be up to its alarm, from every sound that will be heard in it.

    The sounds are taken to add up by their power, which those that have nothing to do with each other do.
    """

    def __init__(self, timeline: Timeline, voice: Voice, bed: BedSound | None) -> None:
        alarm_s = min((cue.at_s for cue in timeline.cues if cue.kind is Kind.ALARM), default=timeline.duration_s)
        self._steps = max(_STEPS, round(alarm_s / STEP_S))
        self._cues = [cue for cue in timeline.cues if round(cue.at_s / STEP_S) < self._steps]
        self._voice = voice
        self._clips: dict[str, Samples] = {}
        self._spoken: dict[tuple[str, float], NDArray[np.float64]] = {}
        self._bed = np.zeros(self._steps)
        if timeline.under is not None and bed is not None:
            moments_s = STEP_S * np.arange(self._steps, dtype=np.float64)
            for_bed = np.prod([course.at(moments_s) for course in bed_courses(timeline)], axis=0)
            self._bed = bed.step_power(moments_s) * (gain(timeline.under.level_db) * for_bed) ** 2

    def lufs(self, session_db: float = 0.0) -> float:
        """Integrated loudness if it is turned up or down by so much."""
        power = self._bed * gain(session_db) ** 2 + _quiet_power()
        for cue in self._cues:
            first, level = round(cue.at_s / STEP_S), gain(level_db(cue, session_db))
            course = _power(cue) * level**2 if cue.line is None else self._spoken_power(cue.line, level)
            course = course[: power.size - first]
            power[first : first + course.size] += course
        return gated_lufs(np.convolve(power, np.full(_STEPS, 1 / _STEPS), mode="valid"))

    def _spoken_power(self, line: str, level: float) -> NDArray[np.float64]:
        if line not in self._clips:
            self._clips[line] = self._voice.clip(line)
        if (line, level) not in self._spoken:
            spoken = held(np.asarray(self._clips[line] * np.float32(level)), self._voice.rate_hz)
            self._spoken[line, level] = step_power(spoken, self._voice.rate_hz)
        return self._spoken[line, level]


def bed_courses(timeline: Timeline, *, fades_out: bool = True) -> tuple[Course, Course]:
    """How the bed comes and goes, and how it steps back while somebody speaks or the alarm rings; both count."""
    gone_s = timeline.duration_s if fades_out else float("inf")
    fade = Course((0.0, BED_FADE_IN_S, gone_s - BED_FADE_OUT_S, gone_s), (0.0, 1.0, 1.0, 0.0))
    if not fades_out:
        fade = Course(fade.at_s[:2], fade.factor[:2])
    at_s, under = [-BED_STEPS_BACK_S - 1], gain(BED_UNDER_VOICE_DB)
    for start_s, end_s in _talks(timeline):
        at_s += [start_s - BED_STEPS_BACK_S, start_s, end_s, end_s + BED_COMES_BACK_S]
    return fade, Course(tuple(at_s), (1.0, *(1.0, under, under, 1.0) * (len(at_s) // 4)))


def _talks(timeline: Timeline) -> list[tuple[float, float]]:
    """When somebody speaks or the alarm rings; what lies close together is one talk."""
    close_s = BED_STEPS_BACK_S + BED_COMES_BACK_S
    talks: list[tuple[float, float]] = []
    for cue in timeline.cues:
        if cue.kind not in {Kind.VOICE, Kind.ALARM}:
            continue
        ends_s = cue.at_s + cue.duration_s
        if talks and cue.at_s <= talks[-1][1] + close_s:
            talks[-1] = (talks[-1][0], max(talks[-1][1], ends_s))
        else:
            talks.append((cue.at_s, ends_s))
    return talks


def _power(cue: Cue) -> NDArray[np.float64]:
    """K-weighted power of a bell or a tone at its usual level, 0.1 s by 0.1 s."""
    if cue.kind in {Kind.INHALE, Kind.EXHALE}:
        course = _tone_power(rising=cue.kind is Kind.INHALE)
        share = np.linspace(0, course.size - 1, max(1, round(cue.duration_s / STEP_S)))
        return np.asarray(np.interp(share, np.arange(course.size), course))
    return _bell_power(cue.duration_s) if cue.kind is Kind.BELL else np.zeros(0)


@functools.cache
def _tone_power(*, rising: bool) -> NDArray[np.float64]:
    return step_power(tone(5.0, rising=rising), RATE_HZ)


@functools.cache
def _bell_power(duration_s: float) -> NDArray[np.float64]:
    return step_power(bell(duration_s), RATE_HZ)


@functools.cache
def _quiet_power() -> float:
    """Of the noise under everything (sound.quiet): as much power in every octave."""
    hertz = np.geomspace(30, RATE_HZ / 2, 1000)
    return float(np.mean(k_weight(hertz) ** 2)) * gain(QUIET_DBFS) ** 2

"""How loud each part of a session is, so that every session as a whole is about as loud as any other."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.session.bed import BED_LUFS
from matwise.session.cue import Cue, Kind, Timeline
from matwise.session.loudness import STEP_S, gated_lufs, power_at, step_power
from matwise.session.sound import RATE_HZ, bell, gain, tone

TARGET_LUFS = -20.0
MOST_DB = 6.0  # further up or down is what the person wished for, or a session that is hardly more than its alarm
VOICE_LUFS = -20.9  # every clip is −20 without its pauses (Voice.clip); with them, so much (tests/session/test_balance)
BED_UNDER_VOICE_DB = -6.0
BED_STEPS_BACK_S, BED_COMES_BACK_S = 0.8, 1.5
BED_FADE_IN_S, BED_FADE_OUT_S = 4.0, 6.0
_STEPS = 4  # of 0.1 s in a block of 0.4 s


@dataclass(frozen=True, slots=True)
class Course:
    """A factor that changes over the session in straight lines: moments in s, and the factor at each."""

    at_s: tuple[float, ...]
    factor: tuple[float, ...]

    def at(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The factor at these moments, in s."""
        return np.interp(at_s, self.at_s, self.factor)


def session_gain_db(timeline: Timeline) -> float:
    """How far everything but the alarm is turned up or down, in dB."""
    return float(np.clip(TARGET_LUFS - forecast_lufs(timeline), -MOST_DB, MOST_DB))


def level_db(cue: Cue, session_db: float) -> float:
    """Level of a cue in a session that is turned up or down by so much; what wakes keeps its own."""
    return cue.level_db if cue.wakes else cue.level_db + session_db


def forecast_lufs(timeline: Timeline) -> float:
    """Integrated loudness up to the alarm, from what is known of every sound, in LUFS.

    The sounds are taken to add up by their power, which those that have nothing to do with each other do.
    """
    alarm_s = min((cue.at_s for cue in timeline.cues if cue.kind is Kind.ALARM), default=timeline.duration_s)
    power = np.zeros(max(_STEPS, round(alarm_s / STEP_S)))
    for cue in timeline.cues:
        first = round(cue.at_s / STEP_S)
        if first < power.size:
            course = _power(cue)[: power.size - first] * gain(cue.level_db) ** 2
            power[first : first + course.size] += course
    if timeline.under is not None:
        moments_s = STEP_S * np.arange(power.size, dtype=np.float64)
        for_bed = np.prod([course.at(moments_s) for course in bed_courses(timeline)], axis=0)
        power += power_at(BED_LUFS + timeline.under.level_db) * for_bed**2
    return gated_lufs(np.convolve(power, np.full(_STEPS, 1 / _STEPS), mode="valid"))


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
    """K-weighted power of a cue at its usual level, 0.1 s by 0.1 s."""
    if cue.kind is Kind.VOICE:
        return np.full(round(cue.duration_s / STEP_S), power_at(VOICE_LUFS))
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

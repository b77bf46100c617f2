"""Intervals between beats, and those among them that no heart made: missed, made up or misplaced beats.

Found and mended as in Lipponen & Tarvainen 2019, doi:10.1080/03091902.2019.1640306: what is usual is read from the
recording itself, 91 beats around each, so no fixed limit decides for every heart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

Floats = NDArray[np.float64]
Beats = list[int]

ALPHA, C1, C2 = 5.2, 0.13, 0.17  # of the paper
WINDOW, MEDIAN_WINDOW = 91, 11  # beats
UNUSUAL_MEDIAN = 3.0  # times the threshold away from the median around it
# Straps tell time in steps of a thousandth of a second. Where a heart beats so evenly that most steps are one or none,
# a step of two would stick out; below this nothing does.
LEAST_THRESHOLD_MS = 5.0
FEWEST = 10  # beats: with fewer there is nothing usual to compare with
_ROWS = 20_000  # windows sorted at a time, so that a day of beats needs little memory


@dataclass(frozen=True, slots=True)
class Artefacts:
    """Beats that are not where a heart put them, by number; beat n ends interval n − 1, and 0 is the first."""

    ectopic: Beats = field(default_factory=list)
    missed: Beats = field(default_factory=list)
    extra: Beats = field(default_factory=list)
    long_or_short: Beats = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.ectopic) + len(self.missed) + len(self.extra) + len(self.long_or_short)


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """Intervals with the artefacts mended, in ms, shape (n_mended,), and which artefacts there were before."""

    rr_ms: Floats
    artefacts: Artefacts
    beats: int

    @property
    def artefact_share(self) -> float:
        """Artefacts per beat of the recording as it came."""
        return self.artefacts.number / self.beats


def intervals(rr_ms: ArrayLike) -> Floats:
    """Intervals between beats as an array.

    Raises:
        InvalidInputError: there is none, or one that is no positive number; names the first such.
    """
    rr = np.asarray(rr_ms, dtype=np.float64)
    if rr.ndim != 1 or not rr.size:
        got = Sentence("an array of shape {shape}", shape=str(rr.shape))
        raise InvalidInputError(Problem("rr_ms", got, Sentence("intervals in ms, shape (n_beats,)")))
    wrong = np.flatnonzero(~(np.isfinite(rr) & (rr > 0)))
    if wrong.size:
        where = f"rr_ms[{wrong[0]}]"
        raise InvalidInputError(Problem(where, str(rr[wrong[0]]), Sentence("a positive number of ms")))
    return rr


def find(rr_ms: ArrayLike) -> Artefacts:
    """Which beats are artefacts.

    Args:
        rr_ms: intervals between successive beats, in ms, shape (n_beats,).

    Raises:
        InvalidInputError: see `intervals`.
    """
    return _find(_beats(intervals(rr_ms)))


def mend(rr_ms: ArrayLike) -> Mended:
    """Intervals with extra beats taken out, missed ones put in and misplaced ones moved, as long as that helps.

    Args:
        rr_ms: intervals between successive beats, in ms, shape (n_beats,).

    Raises:
        InvalidInputError: see `intervals`.
    """
    beats_ms = _beats(intervals(rr_ms))
    first = found = _find(beats_ms)
    mended = _mend(beats_ms, found)
    while found.number:
        again = _find(mended)
        if again.number >= found.number:
            break
        found, mended = again, _mend(mended, again)
    return Mended(np.diff(mended), first, beats_ms.size)


def _beats(rr: Floats) -> Floats:
    return np.concatenate((np.zeros(1), np.cumsum(rr)))


def _find(beats_ms: Floats) -> Artefacts:
    if beats_ms.size < FEWEST:
        return Artefacts()
    # One interval for each beat, the one that it ends; what the first beat ends nobody knows.
    rr = np.diff(beats_ms, prepend=0.0)
    rr[0] = rr[1:].mean()
    step = np.diff(rr, prepend=rr[0])
    step[0] = step[1:].mean()
    step = step / _threshold(step)
    median = _rolling_quantiles(rr, MEDIAN_WINDOW, (0.5,))[0]
    away = rr - median
    away[away < 0] *= 2
    usual = _threshold(away)
    return _classified(rr, step, median, away / usual, usual)


def _threshold(course: Floats) -> Floats:
    low, high = _rolling_quantiles(np.abs(course), WINDOW, (0.25, 0.75))
    return np.maximum(ALPHA * (high - low) / 2, LEAST_THRESHOLD_MS)


def _rolling_quantiles(course: Floats, window: int, probabilities: tuple[float, ...]) -> tuple[Floats, ...]:
    """Quantiles of the values around each, with linear interpolation; fewer values at both ends."""
    half, n = window // 2, course.size
    padded = np.pad(course, half, constant_values=np.inf)  # sorted to the end, where no quantile looks
    here = np.arange(n)
    known = np.minimum(here, half) + 1 + np.minimum(n - 1 - here, half)
    windows = np.lib.stride_tricks.sliding_window_view(padded, window)
    found = np.empty((len(probabilities), n))
    for start in range(0, n, _ROWS):
        rows = slice(start, min(n, start + _ROWS))
        in_order = np.sort(windows[rows], axis=1)
        each = np.arange(in_order.shape[0])
        for number, probability in enumerate(probabilities):
            place = probability * (known[rows] - 1)
            below = place.astype(np.int64)
            low = in_order[each, below]
            high = in_order[each, np.minimum(below + 1, known[rows] - 1)]
            found[number, rows] = low + (place - below) * (high - low)
    return tuple(found)


def _classified(rr: Floats, step: Floats, median: Floats, away: Floats, usual: Floats) -> Artefacts:
    """The decisions of figure 1 of the paper, beat by beat; a pair that was judged together is not judged again."""
    found = Artefacts()
    around = np.pad(step, 2, mode="reflect")
    before, after, second = around[1:-3], around[3:-1], around[4:]
    beside = np.where(step > 0, np.maximum(before, after), np.minimum(before, after))
    behind = np.where(step >= 0, np.minimum(after, second), np.maximum(after, second))
    ectopic = ((step > 1) & (beside < -C1 * step - C2)) | ((step < -1) & (beside > -C1 * step + C2))
    down_after, up_after = (step > 1) & (behind < -1), (step < -1) & (behind > 1)
    strange = down_after | up_after | (np.abs(away) > UNUSUAL_MEDIAN)
    is_missed = down_after & (np.abs(rr / 2 - median) < usual)
    is_extra = up_after & (np.abs(rr + np.append(rr[1:], np.inf) - median) < usual)
    judged = 0
    for suspect in np.flatnonzero(np.abs(step[:-2]) > 1).tolist():
        if suspect < judged:
            continue
        if ectopic[suspect]:
            found.ectopic.append(suspect)
            judged = suspect + 1
            continue
        pair = abs(step[suspect + 1]) < abs(step[suspect + 2])
        judged = suspect + 1 + pair
        for beat in range(suspect, judged):
            if is_extra[beat]:
                found.extra.append(beat)
            elif is_missed[beat]:
                found.missed.append(beat)
            elif strange[beat]:
                found.long_or_short.append(beat)
    return found


def _mend(beats_ms: Floats, found: Artefacts) -> Floats:
    out = np.array(found.extra, dtype=np.int64)
    missing = np.array(found.missed, dtype=np.int64)
    missing = missing[missing > 1]
    halves = (beats_ms[missing - 1] + beats_ms[missing]) / 2
    # Each beat keeps its number through what is taken out and put in, so that those to be moved are found again.
    number = np.arange(beats_ms.size)
    keep = np.ones(beats_ms.size, dtype=np.bool_)
    keep[out] = False
    times = np.concatenate((beats_ms[keep], halves))
    names = np.concatenate((number[keep], np.full(halves.size, -1)))
    order = np.argsort(times, kind="stable")
    times, names = times[order], names[order]
    for kind in (found.ectopic, found.long_or_short):
        at = np.flatnonzero(np.isin(names, np.array(kind, dtype=np.int64)))
        at = at[(at > 1) & (at < times.size - 1)]
        times[at] = (times[at - 1] + times[at + 1]) / 2 if at.size else times[at]
        order = np.argsort(times, kind="stable")
        times, names = times[order], names[order]
    return times

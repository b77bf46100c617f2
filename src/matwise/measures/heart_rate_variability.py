"""How much the time between beats varies: figures of the time and of the pace, and whether they can be trusted.

Definitions: Task Force of the European Society of Cardiology and the North American Society of Pacing and
Electrophysiology 1996, doi:10.1161/01.CIR.93.5.1043.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.measures.rr_intervals import intervals, mend
from matwise.measures.spectrum import HF_HZ, LF_HZ, spectrum
from matwise.sentence import Sentence

# The Task Force of 1996 asks for about one minute for HF, about two for LF, and takes five as the standard length of a
# short recording, on which SDNN depends.
HF_S, LF_S, SDNN_S = 60.0, 120.0, 290.0  # a recording of five minutes ends with its last beat
RMSSD_S = 60.0  # our choice: as for the quick part of the spectrum, which says nearly the same
FEWEST_BEATS = 30  # our choice
MOST_ARTEFACTS = 0.05  # our choice: of the beats

TOO_SHORT = Sentence("It lasts {got} and would need at least {need}.")
SECONDS, MINUTES = Sentence("{seconds} s"), Sentence("{minutes} min")
TOO_MANY = Sentence("{percent} % of the beats are artefacts; above {most} % nothing is shown.")
LED = Sentence(
    "The breath was led. That alone changes the variation, so it can't be compared with a recording at free breathing."
)
SLOW_BREATH = Sentence(
    "At {breaths} breaths a minute the variation that comes with the breath lies in the slow band (LF), not in the"
    " quick one (HF)."
)
QUICK_BREATH = Sentence(
    "At {breaths} breaths a minute the variation that comes with the breath lies above the quick band."
)
ONLY_COMPARE = Sentence(
    "Compare it only with your own values: same source, same position, same time of the day, resting and breathing"
    " freely."
)


@dataclass(frozen=True, slots=True)
class TimeDomain:
    """Figures of the time between beats: `rmssd_ms`, `sdnn_ms` (n − 1), `pnn50_percent`, means."""

    rmssd_ms: float
    sdnn_ms: float
    pnn50_percent: float
    mean_rr_ms: float
    mean_heart_rate_per_min: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, or why it is not shown; `unit` in UCUM."""

    value: float | None
    unit: str
    why_not: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Variability:
    """Everything a recording says: figures by id, how good it is, and what to keep in mind.

    Ids: `rmssd`, `sdnn`, `pnn50`, `heart_rate`, `lf_power`, `hf_power`. RMSSD and SDNN are different things and are
    never merged.
    """

    figures: Mapping[str, Figure]
    duration_s: float
    beats: int
    artefact_share: float
    window_s: float | None
    cautions: tuple[Sentence, ...]


def time_domain(rr_ms: NDArray[np.float64]) -> TimeDomain:
    """The figures of intervals as they are, artefacts and all.

    Args:
        rr_ms: successive intervals, in ms, shape (n_beats,), at least three.
    """
    steps = np.diff(rr_ms)
    mean = float(rr_ms.sum()) / rr_ms.size
    away = rr_ms - mean
    return TimeDomain(
        float(np.sqrt(steps @ steps / steps.size)),
        float(np.sqrt(away @ away / (rr_ms.size - 1))),
        100.0 * float(np.count_nonzero(np.abs(steps) > 50)) / rr_ms.size,
        mean,
        60_000 / mean,
    )


def variability(rr_ms: ArrayLike, *, led: bool = False, breaths_per_min: float | None = None) -> Variability:
    """What a recording says, artefacts mended, and which of it is good enough to be shown.

    Args:
        rr_ms: intervals between successive beats, in ms, shape (n_beats,).
        led: whether the breath was led while it was recorded.
        breaths_per_min: how quick the breath was, if that is known.

    Raises:
        InvalidInputError: there is no interval, or one that is no positive number.
    """
    rr = intervals(rr_ms)
    mended = mend(rr)
    duration_s = float(rr.sum()) / 1000
    share = mended.artefact_share
    why_not = {name: _why_not(need_s, duration_s, rr.size, share) for name, need_s in _NEEDS.items()}
    values: dict[str, float] = {}
    if why_not["rmssd"] is None:
        found = time_domain(mended.rr_ms)
        values = {"rmssd": found.rmssd_ms, "sdnn": found.sdnn_ms, "pnn50": found.pnn50_percent}
        values["heart_rate"] = found.mean_heart_rate_per_min
    window_s = None
    if why_not["hf_power"] is None:
        of_paces = spectrum(mended.rr_ms)
        window_s = of_paces.window_s
        values |= {"lf_power": of_paces.power(LF_HZ), "hf_power": of_paces.power(HF_HZ)}
    figures = {
        name: Figure(None if why_not[name] else values[name], unit, why_not[name]) for name, unit in UNITS.items()
    }
    return Variability(figures, duration_s, rr.size, share, window_s, _cautions(led, breaths_per_min))


UNITS = {"rmssd": "ms", "sdnn": "ms", "pnn50": "%", "heart_rate": "/min", "lf_power": "ms2", "hf_power": "ms2"}
_NEEDS = {
    "rmssd": RMSSD_S,
    "sdnn": SDNN_S,
    "pnn50": RMSSD_S,
    "heart_rate": RMSSD_S,
    "lf_power": LF_S,
    "hf_power": HF_S,
}


def _why_not(need_s: float, duration_s: float, beats: int, share: float) -> Sentence | None:
    if share > MOST_ARTEFACTS:
        return TOO_MANY.format(percent=round(100 * share), most=round(100 * MOST_ARTEFACTS))
    if duration_s < need_s or beats < FEWEST_BEATS:
        return TOO_SHORT.format(got=_length(duration_s), need=_length(need_s))
    return None


def _length(seconds: float) -> Sentence:
    if seconds <= 120:
        return SECONDS.format(seconds=int(seconds))
    return MINUTES.format(minutes=round(seconds / 60, 1))


def _cautions(led: bool, breaths_per_min: float | None) -> tuple[Sentence, ...]:  # noqa: FBT001 – the one fact it is about
    said = [LED] if led else []
    if breaths_per_min is not None and breaths_per_min < 60 * HF_HZ[0]:
        said.append(SLOW_BREATH.format(breaths=round(breaths_per_min, 1)))
    if breaths_per_min is not None and breaths_per_min > 60 * HF_HZ[1]:
        said.append(QUICK_BREATH.format(breaths=round(breaths_per_min, 1)))
    return (*said, ONLY_COMPARE)

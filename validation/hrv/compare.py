"""Do the figures of heart-rate variability agree with those of others, on recordings of real hearts?

python validation/hrv/compare.py [--pin]

Two recordings, as they are and with artefacts put in by chance (seeded). Time domain and artefacts against NeuroKit2
and hrv-analysis, the spectrum against SciPy and both. Fails when something that has to be equal is not, or a pinned
figure moved.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path

import hrvanalysis
import neurokit2
import neurokit2.signal.signal_fixpeaks
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.signal import welch

from matwise.measures.heart_rate_variability import time_domain
from matwise.measures.rr_intervals import find, mend
from matwise.measures.spectrum import HF_HZ, LF_HZ, PER_S, WINDOW_S, even, spectrum

HERE = Path(__file__).parent
PINNED = HERE / "pinned" / "compare.json"
FINE = 1_000_000  # samples a second: NeuroKit2 cuts beats to whole samples at every pass, we don't
fixing = sys.modules["neurokit2.signal.signal_fixpeaks"]
theirs_carried = fixing._update_indices
np.trapz = np.trapezoid  # hrv-analysis 1.0 still calls it by its old name


def carried(source: list[int], moved: list[int], by: int) -> list[int]:
    """Where beats are found again after others were taken out before them; see README."""
    return sorted({one + by * sum(one > gone for gone in source) for one in moved})


def recording(name: str) -> NDArray[np.float64]:
    return np.loadtxt(HERE / "recordings" / f"{name}.txt")


def spoiled(rr: NDArray[np.float64], rng: np.random.Generator, artefacts: int) -> NDArray[np.float64]:
    """A missed, an extra, a misplaced or a long beat here and there, never two within twenty."""
    parts, start = [], 0
    for at in np.sort(rng.choice(np.arange(20, rr.size - 20, 20), artefacts, replace=False)).tolist():
        parts.append(rr[start:at])
        kind = rng.integers(4)
        if kind == 0:
            parts.append(np.array([rr[at] + rr[at + 1]]))
        elif kind == 1:
            parts.append(np.array([0.4 * rr[at], 0.6 * rr[at], rr[at + 1]]))
        elif kind == 2:
            parts.append(np.array([0.7 * rr[at], rr[at + 1] + 0.3 * rr[at]]))
        else:
            parts.append(np.array([1.4 * rr[at], rr[at + 1]]))
        start = at + 2
    return np.round(np.concatenate([*parts, rr[start:]]))


def beats(rr: NDArray[np.float64], per_s: int) -> NDArray[np.int64]:
    return np.concatenate(([0], np.round(np.cumsum(rr) * per_s / 1000))).astype(np.int64)


def of_time(rr: NDArray[np.float64]) -> dict[str, float]:
    """Largest relative difference of each figure."""
    ours = time_domain(rr)
    nk = neurokit2.hrv_time(beats(rr, FINE), sampling_rate=FINE).iloc[0]
    ha = hrvanalysis.get_time_domain_features(rr.tolist())
    pairs = {
        "rmssd": (ours.rmssd_ms, nk["HRV_RMSSD"], ha["rmssd"]),
        "sdnn": (ours.sdnn_ms, nk["HRV_SDNN"], ha["sdnn"]),
        # hrv-analysis divides by the steps, not by the intervals as the Task Force does.
        "pnn50": (ours.pnn50_percent, nk["HRV_pNN50"], ha["pnni_50"] * (rr.size - 1) / rr.size),
        "mean_rr": (ours.mean_rr_ms, nk["HRV_MeanNN"], ha["mean_nni"]),
    }
    return {name: max(abs(one / us - 1) for one in others) for name, (us, *others) in pairs.items()}


def of_artefacts(rr: NDArray[np.float64]) -> dict[str, float]:
    """Decisions and mended beats, beside NeuroKit2 as it is and with its numbering of beats put right."""
    ours, mended = find(rr), mend(rr).rr_ms
    told = {"artefacts": ours.number}
    for name, how in (("as_it_is", theirs_carried), ("put_right", carried)):
        fixing._update_indices = how
        _, clean = neurokit2.signal_fixpeaks(beats(rr, FINE), sampling_rate=FINE, method="kubios", iterative=True)
        first, _ = fixing._find_artifacts(beats(rr, FINE), sampling_rate=FINE)
        decisions = (first["ectopic"], first["missed"], first["extra"], first["longshort"])
        told["same_decisions"] = decisions == (ours.ectopic, ours.missed, ours.extra, ours.long_or_short)
        theirs = np.diff(clean) * 1000 / FINE
        same_size = theirs.size == mended.size
        told[f"off_ms_{name}"] = round(float(np.abs(theirs - mended).max()), 2) if same_size else None
        told[f"rmssd_ratio_{name}"] = round(time_domain(theirs).rmssd_ms / time_domain(mended).rmssd_ms, 4)
    return told


def of_paces(rr: NDArray[np.float64]) -> dict[str, float]:
    ours = spectrum(rr)
    at_s = np.cumsum(rr) / 1000
    course = CubicSpline(at_s, rr, bc_type="natural")(np.arange(at_s[0], at_s[-1], 1 / PER_S))
    size = round(WINDOW_S * PER_S)
    _, density = welch(course, PER_S, "hann", size, size // 2, detrend="linear")
    nk = neurokit2.hrv_frequency(beats(rr, 1000), 1000, normalize=False, interpolation_rate=PER_S).iloc[0]
    ha = hrvanalysis.get_frequency_domain_features(rr.tolist())
    return {
        "spline_off_ms": float(np.abs(course - even(rr)).max()),
        "scipy_relative": float(np.abs(density - ours.density).max() / density.max()),
        "lf_ms2": round(ours.power(LF_HZ), 1),
        "hf_ms2": round(ours.power(HF_HZ), 1),
        "neurokit_lf_ratio": round(nk["HRV_LF"] / ours.power(LF_HZ), 3),
        "neurokit_hf_ratio": round(nk["HRV_HF"] / ours.power(HF_HZ), 3),
        "hrvanalysis_lf_ratio": round(ha["lf"] / ours.power(LF_HZ), 3),
        "hrvanalysis_hf_ratio": round(ha["hf"] / ours.power(HF_HZ), 3),
    }


def looked_at(rr: NDArray[np.float64]) -> tuple[dict[str, object], list[str]]:
    """What is pinned of a course, and what should be equal and is not."""
    artefacts, paces = of_artefacts(rr), of_paces(mend(rr).rr_ms)
    equal = of_time(rr) | {key: paces.pop(key) for key in ("spline_off_ms", "scipy_relative")}
    flaws = [f"{key} differs by {value:.1e}" for key, value in equal.items() if value > 1e-9]
    if not artefacts["same_decisions"]:
        flaws.append("other artefacts than NeuroKit2")
    if artefacts["off_ms_put_right"] is None or artefacts["off_ms_put_right"] > 0.1:
        flaws.append("mended otherwise than NeuroKit2")
    return {"beats": rr.size, "artefacts": artefacts, "paces": paces}, flaws


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pin", action="store_true")
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")  # of theirs, about short windows
    rng = np.random.default_rng(20260301)  # noqa: TID251 - seeded, so that the figures can be pinned
    found: dict[str, object] = {}
    wrong: list[str] = []
    for name in ("short", "long"):
        rr = recording(name)
        for how, course in (("as it is", rr), ("spoiled", spoiled(rr, rng, 6 if name == "short" else 60))):
            where = f"{name}, {how}"
            found[where], flaws = looked_at(course)
            wrong += [f"{where}: {flaw}" for flaw in flaws]
    print(json.dumps(found, indent=1))
    print(*wrong, sep="\n")
    if asked.pin:
        PINNED.write_text(json.dumps(found, indent=1) + "\n")
    elif found != json.loads(PINNED.read_text()):
        wrong.append("differs from what is pinned")
        print(wrong[-1])
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

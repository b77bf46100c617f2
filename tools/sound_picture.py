"""Draw what a session sounds like, as waveform and spectrogram, into docs/pictures: `uv run tools/sound_picture.py`.

One session of five minutes on the mat with rain under the voice. The picture is the same whenever the sound is.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure  # comes with arviz, of the group test

from matwise.content.voices import voice
from matwise.content.words import words
from matwise.plan.rung import Rung
from matwise.screening.gate import Permission
from matwise.screening.limits import NO_LIMITS, Base, Layer, Placement
from matwise.screening.rule import Outcome
from matwise.screening.verdict import Verdict
from matwise.session.breathing import Breathing
from matwise.session.cue import Bed, Timeline
from matwise.session.mix import mix
from matwise.session.sound import RATE_HZ, Samples
from matwise.session.timeline import timeline
from matwise.session.wishes import Wishes

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "sound.png"
NOW = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
PAPER, INK, CLAY, SEA = "#faf5ec", "#2b2420", "#9c4a2c", "#2f6687"
FRAME = 4096  # samples of a spectrum: 93 ms, about a syllable
COLUMN_S = 0.5
SOFTEST_DB, LOUDEST_DB = -110.0, -30.0


def session() -> Timeline:
    """Five minutes on the back, in a thin T-shirt, on a bed."""
    permission = Permission(Verdict(Outcome.GO, (), NO_LIMITS, NOW.date(), NOW.date(), "picture"), NOW)
    rung = Rung(0, "picture", Placement.WHOLE_BACK, Layer.THIN_SHIRT, Base.BED, 5, 3, "Whole back", "")
    return timeline(
        rung,
        permission,
        arm="mat",
        words=words("en"),
        speech_s=voice("en").speech_s(),
        breathing=Breathing(),
        now=NOW,
        wishes=Wishes(bed=Bed.RAIN),
    )


def spectrogram(samples: Samples) -> np.ndarray:
    """Mean power of each half second by frequency, in dB below full scale, shape (n_frequencies, n_columns)."""
    column = round(COLUMN_S * RATE_HZ)
    window = np.hanning(FRAME).astype(np.float32)
    columns = []
    for start in range(0, samples.size - column + 1, column):
        frames = np.lib.stride_tricks.sliding_window_view(samples[start : start + column], FRAME)[:: FRAME // 2]
        columns.append(np.mean(np.abs(np.fft.rfft(frames * window, axis=1)) ** 2, axis=0))
    return np.asarray(10 * np.log10(np.stack(columns, axis=1) / window.sum() ** 2 * 4 + 1e-14))


def draw(heard: Timeline, samples: Samples) -> Figure:
    """Both pictures, one above the other, with the chapters between them."""
    mpl.rcParams |= {"font.size": 10, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK}
    mpl.rcParams |= {"xtick.color": INK, "ytick.color": INK, "svg.hashsalt": "matwise"}
    figure = Figure(figsize=(12, 5.4), facecolor=PAPER, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.6))
    minutes = samples.size / RATE_HZ / 60
    step = RATE_HZ // 4
    parts = samples[: samples.size // step * step].reshape(-1, step)
    above.fill_between(np.arange(len(parts)) / 240, parts.min(axis=1), parts.max(axis=1), color=CLAY, linewidth=0)
    above.set(ylim=(-1.45, 1), yticks=(-1, 0, 1), ylabel="amplitude", facecolor=PAPER)
    _chapters(above, heard)
    shown = below.imshow(
        spectrogram(samples),
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=SOFTEST_DB,
        vmax=LOUDEST_DB,
        extent=(0, minutes, 0, RATE_HZ / 2000),
    )
    below.set(ylim=(0, 10), ylabel="frequency in kHz", xlabel="minutes")
    figure.colorbar(shown, ax=(above, below), label="level in dB of full scale", pad=0.01)
    return figure


def _chapters(axes: Axes, heard: Timeline) -> None:
    names = words("en")
    for number, (chapter, cues) in enumerate(groupby(heard.cues, key=lambda cue: cue.chapter)):
        start = next(cues).at_s / 60
        axes.axvline(start, color=SEA, linewidth=0.8)
        axes.text(start + 0.03, -1.35 + 0.22 * (number % 2), names[f"chapter_{chapter.value}"], color=SEA, fontsize=8)


def main() -> int:
    """What the module says."""
    heard = session()
    samples = np.concatenate(list(mix(heard, voice("en"), np.random.Generator(np.random.PCG64(1)))))
    draw(heard, samples).savefig(PICTURE, dpi=90, metadata={"Software": None})
    sys.stdout.write(f"{PICTURE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

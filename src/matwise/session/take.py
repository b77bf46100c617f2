"""One line as somebody recorded it: how it was taken, and what would make it better."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.sentence import Sentence
from matwise.session.clip import finished, levels, spoken_part
from matwise.session.loudness import loudness_lufs
from matwise.session.sound import RATE_HZ, Samples, resampled

RATES_HZ, USABLE_HZ = (16_000, 96_000), (8_000, 192_000)
MOST_CHANNELS = 2
LOUDNESS_RANGE_LUFS = (-36.0, -10.0)  # further up or down its noise comes up with it, or its peaks are close to the end
FULL_SCALE, RUN = 0.985, 3  # so many samples in a row at the very end of the scale are a wave that was cut off
NOISE_DB, NOISE_WINDOWS, NOISE_FROM_S = -32.0, 6, 1.2  # of the quietest 60 ms against the speech
SHORTEST_SPEECH_S = 0.3
SILENT = 1e-4  # −80 dBFS
LONGEST_FILE_S = 60.0
BEST_RATES = Sentence("from {slowest} to {quickest}, best 44100 or 48000")
QUIET_ROOM = Sentence("{below_db:.0f} dB or more: a quieter room, or closer to the microphone")
QUICKER = Sentence("at most {longest_s:.1f} s: read it a little quicker")


@dataclass(frozen=True, slots=True)
class Take:
    """A recording, measured.

    `speech_s`: from the first sound to the last. `quality` None: only what decides whether it can be used was measured.
    """

    rate_hz: int
    channels: int
    speech_s: float
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """How well it was taken.

    `clipped`: moments at which the wave is cut off. `noise_db`: the quietest moment against the speech; None where the
    recording is too short for a pause.
    """

    loudness_lufs: float
    clipped: int
    noise_db: float | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a take, and what would be right; one that is not `usable` can't be heard in a session."""

    got: str
    want: str
    usable: bool = True


def measured(samples: NDArray[np.float32], rate_hz: int, *, thorough: bool = True) -> Take:
    """How a recording was taken.

    Args:
        samples: shape (n_samples, n_channels), full scale ±1.
        rate_hz: samples per second.
        thorough: measure its quality too, which takes longer.
    """
    heard, one_rate_hz = _mono(samples, rate_hz)
    loud = levels(heard, one_rate_hz)
    if not loud.size or loud.max() < SILENT:
        return Take(rate_hz, samples.shape[1], 0.0)
    start, end = spoken_part(heard, one_rate_hz)
    quality = None
    if thorough:
        noise_db = _noise_db(loud) if heard.size > NOISE_FROM_S * one_rate_hz else None
        quality = Quality(loudness_lufs(heard[start:end], one_rate_hz), _clipped(samples), noise_db)
    return Take(rate_hz, samples.shape[1], (end - start) / one_rate_hz, quality)


def faults(take: Take, longest_s: float) -> Iterator[Fault]:
    """What is wrong with this take of a line that may take `longest_s`."""
    slowest, quickest = RATES_HZ
    if not slowest <= take.rate_hz <= quickest:
        want = BEST_RATES.format(slowest=slowest, quickest=quickest)
        yield Fault(
            Sentence("{rate_hz} samples a second").format(rate_hz=take.rate_hz),
            want,
            usable=USABLE_HZ[0] <= take.rate_hz <= USABLE_HZ[1],
        )
    if take.channels > MOST_CHANNELS:
        yield Fault(Sentence("{channels} channels").format(channels=take.channels), Sentence("mono or stereo"))
    if take.speech_s < SHORTEST_SPEECH_S:
        yield Fault(Sentence("nothing to be heard"), Sentence("the sentence, spoken"), usable=False)
    elif take.speech_s > longest_s:
        want = QUICKER.format(longest_s=longest_s)
        yield Fault(Sentence("{speech_s:.2f} s of speech").format(speech_s=take.speech_s), want, usable=False)
    if take.quality is not None:
        yield from _faults_of(take.quality)


def _faults_of(quality: Quality) -> Iterator[Fault]:
    low, high = LOUDNESS_RANGE_LUFS
    if quality.clipped:
        places = Sentence.counted("{number} place", "{number} places", quality.clipped)
        yield Fault(
            Sentence("too loud for the recorder at {places} (clipped)").format(places=places),
            Sentence("the recording level turned down, read again"),
        )
    if quality.loudness_lufs < low:
        yield Fault(
            Sentence("very quiet ({loudness_lufs:.0f} LUFS)").format(loudness_lufs=quality.loudness_lufs),
            Sentence("{low:g} or more: closer to the microphone").format(low=low),
        )
    elif quality.loudness_lufs > high:
        got = Sentence("very loud ({loudness_lufs:.0f} LUFS)").format(loudness_lufs=quality.loudness_lufs)
        yield Fault(got, Sentence("{high:g} or less: the recording level turned down").format(high=high))
    if quality.noise_db is not None and quality.noise_db > NOISE_DB:
        got = Sentence("noise only {below_db:.0f} dB below the voice").format(below_db=-quality.noise_db)
        yield Fault(
            got,
            Sentence("{below_db:.0f} dB or more: a quieter room, or closer to the microphone").format(
                below_db=-NOISE_DB
            ),
        )


def clip(samples: NDArray[np.float32], rate_hz: int) -> Samples:
    """A recording as it is heard in a session: mono, cut, faded and as loud as all clips, at `RATE_HZ` of the mix.

    Args:
        samples: shape (n_samples, n_channels), full scale ±1, with speech in it.
        rate_hz: samples per second.
    """
    heard, one_rate_hz = _mono(samples, rate_hz)
    return resampled(finished(heard, one_rate_hz, soften=False), one_rate_hz)


def _mono(samples: NDArray[np.float32], rate_hz: int) -> tuple[Samples, int]:
    """One channel; at the rate of the mix where there are more than 48 kHz, up to which loudness is defined."""
    mono = np.asarray(samples.mean(axis=1), dtype=np.float32)
    return (resampled(mono, rate_hz), RATE_HZ) if rate_hz > 48_000 else (mono, rate_hz)


def _noise_db(loud: NDArray[np.float32]) -> float:
    """The quietest 60 ms that are not perfect silence, which only an editor makes, against the speech."""
    power = np.convolve(loud.astype(np.float64) ** 2, np.full(NOISE_WINDOWS, 1 / NOISE_WINDOWS), mode="valid")
    speech = float(np.mean(power[power > power.max() / 100]))
    return float(10 * np.log10(max(power.min(), 1e-12) / speech))


def _clipped(samples: NDArray[np.float32]) -> int:
    """How often the wave stays at the very end of the scale."""
    at_end = (np.abs(samples) >= FULL_SCALE).any(axis=1)
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate(([False], at_end, [False])).astype(np.int8))))[::2]
    return int(np.count_nonzero(runs >= RUN))

"""How loud a sound is to the ear."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK_S, STEP_S = 0.4, 0.1
SILENCE_LUFS = -70.0  # blocks below this are silence and don't count
OFFSET_LU = 0.691  # so that a sine of 997 Hz at full scale reads −3.01
RELATIVE_GATE_LU = 10.0  # blocks this much below the mean of the others are pauses and don't count

# The two filters of K-weighting, as the recommendation gives them for 48 kHz: (b0, b1, b2), (a0, a1, a2).
_FILTER_RATE_HZ = 48_000
_HEAD = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_LOW_CUT = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def loudness_lufs(samples: NDArray[np.float32], rate_hz: int) -> float:
    """Integrated loudness with both gates, in LUFS; −inf for silence.

    Args:
        samples: one channel, shape (n_samples,), full scale ±1.
        rate_hz: samples per second, at most 48 000.

    Source:
        ITU-R BS.1770-4, annex 1. The filters are applied by their frequency response, so phase is not reproduced, which
        loudness does not hear.
    """
    return gated_lufs(_block_power(_k_weighted(samples.astype(np.float64), rate_hz), rate_hz))


def gated_lufs(power: NDArray[np.float64]) -> float:
    """Loudness of blocks of 0.4 s whose K-weighted power is known, in LUFS; −inf for silence.

    Args:
        power: mean square of each block, one every 0.1 s, shape (n_blocks,).
    """
    power = power[_lufs(power) > SILENCE_LUFS]
    if not power.size:
        return float("-inf")
    gate = _lufs(power.mean()) - RELATIVE_GATE_LU
    return float(_lufs(power[_lufs(power) > gate].mean()))


def step_power(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float64]:
    """K-weighted power of a sound, 0.1 s by 0.1 s: mean square, shape (n_steps,); the last may be part of a step.

    Each step is weighted by its own spectrum (Parseval): a fraction of the work, and within 0.01 LU over a sentence.
    """
    step = round(STEP_S * rate_hz)
    steps = np.zeros((-(-samples.size // step), step), dtype=np.float32)
    steps.ravel()[: samples.size] = samples
    spectrum = np.fft.rfft(steps, axis=1)
    power: NDArray[np.float64] = (spectrum.real**2 + spectrum.imag**2) @ _step_weight(step, rate_hz)
    return power


@functools.cache
def _step_weight(step: int, rate_hz: int) -> NDArray[np.float64]:
    weight = k_weight(np.fft.rfftfreq(step, 1 / rate_hz)) ** 2 / step**2
    twice = slice(1, -1) if step % 2 == 0 else slice(1, None)
    weight[twice] *= 2  # those of negative frequency
    return weight


def power_at(lufs: float) -> float:
    """Mean square of the K-weighted sound that is this loud."""
    return float(10 ** ((lufs + OFFSET_LU) / 10))


def k_weight(hertz: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """How much of each frequency the ear is given, as a factor of amplitude."""
    weight: NDArray[np.float64] = np.abs(_response(hertz))
    return weight


def _k_weighted(samples: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    length = 1 << (samples.size + rate_hz - 1).bit_length()  # a second of room, so that the ends don't meet
    response = _response(np.fft.rfftfreq(length, 1 / rate_hz))
    weighted: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(samples, length) * response, length)
    return weighted[: samples.size]


def _response(hertz: NDArray[np.floating[Any]]) -> NDArray[np.complex128]:
    z = np.exp(-2j * np.pi * hertz / _FILTER_RATE_HZ)
    response: NDArray[np.complex128] = np.ones_like(z)
    for b, a in (_HEAD, _LOW_CUT):
        response *= (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)
    return response


def _block_power(samples: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    block, step = round(BLOCK_S * rate_hz), round(STEP_S * rate_hz)
    if samples.size < block:  # shorter than one block: the whole is the block
        return np.array([np.mean(samples**2)])
    energy = np.concatenate(([0.0], np.cumsum(samples**2)))
    starts = np.arange(0, samples.size - block + 1, step)
    power: NDArray[np.float64] = (energy[starts + block] - energy[starts]) / block
    return power


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        lufs: NDArray[np.float64] = -OFFSET_LU + 10 * np.log10(np.asarray(power))
    return lufs

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matwise.session.limiter import CEILING, VOICE_CEILING, held, held_blocks
from matwise.session.sound import RATE_HZ, Samples


def a_word(peak: float, at: int = 2000) -> Samples:
    """A soft tone with a plosive in it."""
    t = np.arange(6000)
    plosive = peak * np.exp(-((t - at) ** 2) / 800.0) * np.sin(t / 3.0)
    return np.asarray(0.2 * np.sin(2 * np.pi * 220 * t / RATE_HZ) + plosive, dtype=np.float32)


@given(st.floats(0.1, 4.0), st.integers(0, 5999))
def test_no_peak_ever_slips_through(peak: float, at: int) -> None:
    assert np.abs(held(a_word(peak, at))).max() <= VOICE_CEILING + 1e-5


def test_what_is_soft_enough_stays_as_it_is() -> None:
    soft = a_word(0.2)

    assert np.array_equal(held(soft), soft)


def test_far_from_a_peak_nothing_is_turned_down() -> None:
    loud = a_word(2.0)

    assert np.array_equal(held(loud)[4000:], loud[4000:])


def test_turning_down_has_no_corner() -> None:
    factor = held(a_word(2.0)) / np.where(np.abs(a_word(2.0)) > 1e-3, a_word(2.0), np.nan)

    assert np.nanmax(np.abs(np.diff(factor))) < 0.01


def cut(samples: Samples, *ends: int) -> list[Samples]:
    return np.split(samples, sorted(ends))


@given(st.floats(0.1, 4.0), st.integers(0, 5999), st.integers(900, 2500), st.integers(3500, 5100))
def test_cut_into_blocks_it_is_held_by_the_same_bytes(peak: float, at: int, first: int, second: int) -> None:
    word = a_word(peak, at)
    blocks = list(held_blocks(cut(word, first, second)))

    assert [block.size for block in blocks] == [first, second - first, 6000 - second]
    assert np.array_equal(np.concatenate(blocks), held(word, ceiling=CEILING))


def test_even_sixteen_times_too_loud_stays_below_the_ceiling() -> None:
    loud = np.linspace(-16, 16, 9000, dtype=np.float32)

    assert np.abs(np.concatenate(list(held_blocks(cut(loud, 3000, 6000))))).max() <= CEILING + 1e-5


def test_a_sound_without_end_comes_out_one_block_behind() -> None:
    asked = 0

    def for_ever() -> Iterator[Samples]:
        nonlocal asked
        while True:
            asked += 1
            yield a_word(2.0)

    heard = held_blocks(for_ever())
    next(heard), next(heard)

    assert asked == 3

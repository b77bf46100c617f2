from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matwise.errors import InvalidInputError
from matwise.measures.rr_intervals import find, mend

Floats = NDArray[np.float64]


def resting(beats: int = 300, seed: int = 1) -> Floats:
    """A heart at rest: breath, a slow wave and chance."""
    n = np.arange(beats)
    chance = np.random.default_rng(seed).normal(0, 12, beats)  # noqa: TID251 – a seed of its own
    return np.asarray(np.round(900 + 35 * np.sin(0.9 * n) + 25 * np.sin(0.15 * n) + chance))


def with_missed(rr: Floats, at: int) -> Floats:
    return np.concatenate((rr[:at], [rr[at] + rr[at + 1]], rr[at + 2 :]))


def with_extra(rr: Floats, at: int) -> Floats:
    return np.concatenate((rr[:at], [0.4 * rr[at], 0.6 * rr[at]], rr[at + 1 :]))


def with_early(rr: Floats, at: int) -> Floats:
    return np.concatenate((rr[:at], [0.65 * rr[at], rr[at + 1] + 0.35 * rr[at]], rr[at + 2 :]))


seeds = st.integers(0, 10_000)
places = st.integers(20, 270)


@given(seeds, places)
def test_a_missed_beat_is_found_and_put_in_half_way(seed: int, at: int) -> None:
    rr = resting(seed=seed)
    spoiled = with_missed(rr, at)
    found = find(spoiled)

    assert found.missed == [at + 1]
    assert mend(spoiled).rr_ms.size == rr.size
    assert np.abs(np.cumsum(mend(spoiled).rr_ms) - np.cumsum(rr)).max() < 150


@given(seeds, places)
def test_an_extra_beat_is_found_and_taken_out(seed: int, at: int) -> None:
    rr = resting(seed=seed)
    found = find(with_extra(rr, at))

    assert at + 1 in {*found.extra, *found.ectopic, *found.long_or_short}
    assert mend(with_extra(rr, at)).rr_ms.sum() == pytest.approx(rr.sum())


@given(seeds, places)
def test_an_early_beat_is_found_and_moved(seed: int, at: int) -> None:
    rr = resting(seed=seed)
    spoiled = with_early(rr, at)
    mended = mend(spoiled)

    found = find(spoiled)
    assert at + 1 in {*found.ectopic, *found.long_or_short}
    assert mended.rr_ms.size == rr.size
    # Moved towards the middle of its neighbours; where the beat behind it is moved as well, not all the way.
    assert np.abs(np.diff(mended.rr_ms)).max() < 0.7 * np.abs(np.diff(spoiled)).max()


@given(seeds)
def test_mending_keeps_the_time_between_the_first_and_the_last_beat(seed: int) -> None:
    spoiled = with_missed(with_early(resting(seed=seed), 60), 200)

    assert mend(spoiled).rr_ms.sum() == pytest.approx(spoiled.sum())
    assert (mend(spoiled).rr_ms > 0).all()


def test_a_heart_at_rest_has_hardly_an_artefact() -> None:
    assert sum(find(resting(seed=seed)).number for seed in range(50)) / (50 * 300) < 0.002


@pytest.mark.parametrize("rr", [np.full(60, 800.0), np.tile([800.0, 801.0], 40), np.array([800.0, 2.0, 800.0])])
def test_even_beats_and_a_handful_of_them_have_no_artefacts(rr: Floats) -> None:
    assert find(rr).number == 0
    assert np.array_equal(mend(rr).rr_ms, rr)


@given(seeds, st.floats(0.6, 1.6))
def test_what_is_an_artefact_does_not_hang_on_how_quick_the_heart_is(seed: int, times: float) -> None:
    spoiled = with_missed(with_early(resting(seed=seed), 60), 200)

    assert find(times * spoiled).ectopic == find(spoiled).ectopic
    assert find(times * spoiled).missed == find(spoiled).missed


@pytest.mark.parametrize("wrong", [[], [[800.0]], [800.0, 0.0], [800.0, float("nan")], [-1.0]])
def test_what_is_no_interval_is_named(wrong: object) -> None:
    with pytest.raises(InvalidInputError, match="rr_ms"):
        mend(wrong)  # type: ignore[arg-type]  # wrong on purpose

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.signal import welch as scipy_welch

from matwise.measures.heart_rate_variability import LED, Variability, time_domain, variability
from matwise.measures.spectrum import HF_HZ, LF_HZ, PER_S, WINDOW_S, even, spectrum, welch
from tests.measures.test_rr_intervals import resting, with_missed

Floats = NDArray[np.float64]
courses = st.lists(st.floats(500, 1400), min_size=3, max_size=200).map(np.array)


def swinging(hertz: float, by_ms: float = 40.0, lasts_s: float = 600.0) -> Floats:
    """Beats of a heart whose interval follows a sine."""
    rr, now_s = [], 0.0
    while now_s < lasts_s:
        rr.append(900 + by_ms * np.sin(2 * np.pi * hertz * now_s))
        now_s += rr[-1] / 1000
    return np.array(rr)


def shown(found: Variability) -> set[str]:
    return {name for name, figure in found.figures.items() if figure.value is not None}


def test_even_beats_do_not_vary() -> None:
    found = time_domain(np.full(400, 800.0))

    assert (found.rmssd_ms, found.sdnn_ms, found.pnn50_percent) == (0.0, 0.0, 0.0)
    assert (found.mean_rr_ms, found.mean_heart_rate_per_min) == (800.0, 75.0)


def test_beats_that_alternate_are_what_the_definitions_make_of_them() -> None:
    found = time_domain(np.tile([760.0, 840.0], 50))

    assert found.rmssd_ms == pytest.approx(80.0)
    assert found.sdnn_ms == pytest.approx(40 * np.sqrt(100 / 99))
    assert found.pnn50_percent == 99.0  # every step of 99, per interval of 100


@given(courses, st.floats(-200, 200))
def test_a_slower_heart_with_the_same_steps_varies_as_much(rr: Floats, shift_ms: float) -> None:
    here, there = time_domain(rr), time_domain(rr + shift_ms)

    assert there.rmssd_ms == pytest.approx(here.rmssd_ms, abs=1e-6)
    assert there.sdnn_ms == pytest.approx(here.sdnn_ms, abs=1e-6)


@given(courses)
def test_backwards_a_recording_says_the_same(rr: Floats) -> None:
    assert time_domain(rr[::-1]).rmssd_ms == pytest.approx(time_domain(rr).rmssd_ms)


@pytest.mark.parametrize(("hertz", "inside", "outside"), [(0.1, LF_HZ, HF_HZ), (0.25, HF_HZ, LF_HZ)])
def test_a_sine_has_its_power_in_its_band_and_as_much_as_a_sine_has(
    hertz: float, inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    found = spectrum(swinging(hertz))

    assert found.power(inside) == pytest.approx(40**2 / 2, rel=0.05)
    assert found.power(outside) < 0.01 * found.power(inside)


def test_all_the_power_there_is_is_the_variance() -> None:
    chance = np.random.default_rng(3).normal(0, 30, 40_000)  # noqa: TID251 – a seed of its own
    found = welch(chance, PER_S, WINDOW_S)

    assert np.sum(found.density) * found.hertz[1] == pytest.approx(900, rel=0.02)


def test_spline_and_windows_are_those_of_scipy() -> None:
    rr = resting(700)
    at_s = np.cumsum(rr) / 1000
    course = CubicSpline(at_s, rr, bc_type="natural")(np.arange(at_s[0], at_s[-1], 1 / PER_S))
    _, density = scipy_welch(course, PER_S, "hann", 480, 240, detrend="linear")

    assert np.allclose(even(rr), course, rtol=1e-10)
    assert np.allclose(spectrum(rr).density, density, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("beats", "wanted"),
    [
        (40, set()),
        (70, {"rmssd", "pnn50", "heart_rate", "hf_power"}),
        (140, {"rmssd", "pnn50", "heart_rate", "hf_power", "lf_power"}),
        (330, {"rmssd", "pnn50", "heart_rate", "hf_power", "lf_power", "sdnn"}),
    ],
)
def test_a_figure_is_shown_only_where_the_recording_is_long_enough(beats: int, wanted: set[str]) -> None:
    found = variability(resting(beats))

    assert shown(found) == wanted
    assert all((figure.value is None) == (figure.why_not is not None) for figure in found.figures.values())


def test_what_is_left_out_says_what_it_would_need() -> None:
    assert variability(resting(140)).figures["sdnn"].why_not == "It lasts 2.1 min and would need at least 4.8 min."


def test_many_artefacts_hide_every_figure() -> None:
    rr = resting(330)
    for at in range(300, 10, -12):
        rr = with_missed(rr, at)
    found = variability(rr)

    assert shown(found) == set()
    assert "% of the beats are artefacts" in (found.figures["rmssd"].why_not or "")


def test_one_artefact_hardly_moves_what_is_shown() -> None:
    clean, spoiled = variability(resting(400)), variability(with_missed(resting(400), 150))

    assert spoiled.artefact_share > 0
    assert spoiled.figures["rmssd"].value == pytest.approx(clean.figures["rmssd"].value, rel=0.05)
    assert time_domain(with_missed(resting(400), 150)).rmssd_ms > 1.5 * time_domain(resting(400)).rmssd_ms


def test_a_led_and_a_slow_breath_are_said() -> None:
    found = variability(resting(), led=True, breaths_per_min=6)

    assert LED in found.cautions
    assert any(str(one).startswith("At 6 breaths a minute") for one in found.cautions)
    assert not any("band" in str(one) for one in variability(resting(), breaths_per_min=14).cautions)

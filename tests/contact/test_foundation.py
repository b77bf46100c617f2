"""The balance of springs against closed forms. General source: K. L. Johnson, Contact Mechanics (1985), chapter 4."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.contact.foundation import Bedding, modes_of, pressure_pa, settle

Floats = npt.NDArray[np.float64]
RIGID_TISSUE_PA = 1e12


def a_bedding(
    gap_m: Floats, area_m2: float, load_n: Floats, stiffness_pa_per_m: float, *, bend_nm2: float | None = None
) -> Bedding:
    """Rows × cells of skin that does not give, on springs."""
    rows, cells = gap_m.shape
    along = (np.arange(rows) + 0.5) * np.sqrt(area_m2)
    bend = np.full(rows, bend_nm2 or 0.0)
    modes, bends = modes_of(along, bend, rigid=bend_nm2 is None)
    flat = gap_m.reshape(1, -1)
    return Bedding(
        gap_m=flat,
        thickness_m=np.full_like(flat, 1.0),
        modulus_pa=np.full_like(flat, RIGID_TISSUE_PA),
        compliance_m_per_pa=np.full_like(flat, 1.0 / stiffness_pa_per_m),
        area_m2=np.full(flat.size, area_m2),
        first_of_row=np.arange(rows) * cells,
        row=np.repeat(np.arange(rows), cells),
        modes=modes,
        stiffness=bends[None],
        load_n=load_n[None],
    )


@given(
    pressure=st.floats(10.0, 5e5),
    thickness_mm=st.floats(1.0, 100.0),
    modulus=st.floats(1e3, 1e6),
    compliance=st.floats(1e-9, 1e-5),
)
def test_tissue_and_support_in_series_always_share_one_pressure(
    pressure: float, thickness_mm: float, modulus: float, compliance: float
) -> None:
    thickness = thickness_mm / 1e3
    depth = thickness * pressure / (modulus + pressure) + compliance * pressure
    got, _ = pressure_pa(np.array([depth]), *(np.array([one]) for one in (thickness, modulus, compliance)))

    assert got[0] == pytest.approx(pressure, rel=1e-6)


@given(depth=st.floats(-0.02, 0.08), compliance=st.floats(1e-8, 1e-5))
def test_the_slope_is_always_the_pressures_derivative(depth: float, compliance: float) -> None:
    rest = (np.array([0.03]), np.array([2e4]), np.array([compliance]))
    step = 1e-7
    around = [pressure_pa(np.array([depth + sign * step]), *rest)[0][0] for sign in (-1, 1)]
    _, slope = pressure_pa(np.array([depth]), *rest)

    if abs(depth) > step:
        assert slope[0] == pytest.approx((around[1] - around[0]) / (2 * step), rel=1e-4, abs=1e-3)


def test_a_sphere_on_springs_meets_the_winkler_solution_and_closes_in_with_a_finer_grid() -> None:
    # p = k w under a sphere of radius R: F = π k R d², so the area is 2 π R d and the peak pressure k d.
    radius, stiffness, load = 0.1, 2e6, 80.0
    depth = np.sqrt(load / (np.pi * stiffness * radius))
    errors = []
    for cells in (20, 40, 80):
        width = 0.1 / cells
        at = (np.arange(cells) + 0.5) * width - 0.05
        gap = (at[:, None] ** 2 + at[None, :] ** 2) / (2 * radius)
        along = np.zeros(cells)
        along[cells // 2 - 1 : cells // 2 + 1] = load / 2
        pressure = settle(a_bedding(gap, width**2, along, stiffness))[0]
        errors.append(abs(pressure.max() / (stiffness * depth) - 1))

    assert errors[-1] < 2e-3
    assert errors[2] < errors[0] / 4


def test_a_beam_on_springs_meets_hetenyis_solution_under_a_point_load() -> None:
    # Hetényi (1946): under a load P an endless beam sinks by P β / (2 k), β = (k / 4 EI)^¼, k per length.
    rows, width, stiffness, bend = 301, 0.01, 1e5, 4.0
    spring = stiffness * width  # of one column of cells per length
    beta = (spring / (4 * bend / 2)) ** 0.25
    load = np.zeros(rows)
    load[rows // 2] = 50.0
    # Pressed in evenly by 10 cm beforehand, so that nothing lifts off and all stays linear.
    even = np.full(rows, stiffness * width**2 * 0.1)
    pressure = settle(a_bedding(np.zeros((rows, 1)), width**2, load + even, stiffness, bend_nm2=bend))[0]

    assert pressure[rows // 2] / stiffness - 0.1 == pytest.approx(50.0 * beta / (2 * spring), rel=0.02)


@given(load=st.floats(1.0, 2000.0), where=st.floats(0.3, 0.7))
def test_forces_and_moments_are_always_in_balance(load: float, where: float) -> None:
    rows = 21
    at = np.linspace(-1, 1, rows)
    gap = 0.01 * (at[:, None] ** 2 + at[None, :] ** 2)
    along = np.zeros(rows)
    along[round(where * (rows - 1))] = load
    bedding = a_bedding(gap, 1e-4, along, 1e6)
    force = settle(bedding)[0].reshape(rows, rows).sum(axis=1) * 1e-4

    assert force.sum() == pytest.approx(load, rel=1e-6)
    assert force @ np.arange(rows) == pytest.approx(along @ np.arange(rows), rel=1e-6)


def test_moving_or_tilting_a_beam_as_a_whole_bends_nothing() -> None:
    along = np.linspace(0.005, 1.745, 175)
    modes, stiffness = modes_of(along, np.full(175, 8.0), rigid=False)
    whole, tilt = (np.linalg.lstsq(modes, shape, rcond=None)[0] for shape in (np.ones(175), along))

    assert np.abs(stiffness @ whole).max() < 1e-6 * np.abs(stiffness).max()
    assert np.abs(stiffness @ tilt).max() < 1e-6 * np.abs(stiffness).max()

"""A compliant body on a compliant support: how far it sinks in until the support carries its weight.

The body's axis is a beam (or rigid), its soft tissue and the support are independent springs in series. Tissue of
thickness h and modulus M answers a compression d with p = M (d/h) / (1 − d/h): a spring of stiffness M/h that
stiffens until nothing is left to compress. The support answers linearly, so pressure follows in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matwise.contact.body import Floats
from matwise.errors import MatwiseError

TOLERANCE = 1e-9  # of the load; the balance that is promised is 1e-6
STEPS = 60
PRESSED_IN_M, DEEPER_M, NEAR_M = 0.12, 0.012, 0.012
HALVINGS = 12
MODE_M = 0.05


class NotBalancedError(MatwiseError):
    """No depth was found at which the support carries the load."""


def pressure_pa(
    depth_m: Floats, thickness_m: Floats, modulus_pa: Floats, compliance_m_per_pa: Floats
) -> tuple[Floats, Floats]:
    """Pressure at a total approach of body and support, and how fast it grows.

    Args:
        depth_m: approach in m; none or negative is no contact. All arguments broadcast.
        thickness_m: of the soft tissue.
        modulus_pa: of the soft tissue.
        compliance_m_per_pa: of the support.

    Returns:
        pressure in Pa and its derivative in Pa/m, both 0 where there is no contact.
    """
    depth = np.maximum(depth_m, 0.0)
    stiff = modulus_pa * compliance_m_per_pa
    rest = thickness_m + stiff - depth
    root = np.sqrt(rest * rest + 4.0 * stiff * depth)
    # Of the two forms of the quadratic's root each loses its figures on one side of rest = 0.
    pressure = np.where(
        rest > 0, 2.0 * depth * modulus_pa / (np.abs(rest) + root), (root - rest) / (2.0 * compliance_m_per_pa)
    )
    return pressure, np.where(depth_m > 0, (pressure + modulus_pa) / root, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Bedding:
    """Everything that decides the balance, for n_variants at once; cells are sorted by row.

    `gap_m`, `thickness_m`, `modulus_pa`, `compliance_m_per_pa`: shape (n_variants, n_cells). `area_m2`: (n_cells,).
    `first_of_row`: where each row's cells begin, (n_rows,); `row`: the row of each cell. `modes`: how the rows may
    move, (n_rows, n_modes). `stiffness`: of bending between the modes, (n_variants, n_modes, n_modes).
    `load_n`: weight on each row, (n_variants, n_rows).
    """

    gap_m: Floats
    thickness_m: Floats
    modulus_pa: Floats
    compliance_m_per_pa: Floats
    area_m2: Floats
    first_of_row: npt.NDArray[np.intp]
    row: npt.NDArray[np.intp]
    modes: Floats
    stiffness: Floats
    load_n: Floats

    def only_first(self) -> Bedding:
        """The first variant alone."""
        names = ("gap_m", "thickness_m", "modulus_pa", "compliance_m_per_pa", "stiffness", "load_n")
        return replace(self, **{name: getattr(self, name)[:1] for name in names})

    def only(self, cells: npt.NDArray[np.bool_]) -> Bedding:
        """Some of the cells; of every row at least one."""
        names = ("gap_m", "thickness_m", "modulus_pa", "compliance_m_per_pa")
        wide = {name: np.broadcast_to(getattr(self, name), self.gap_m.shape)[:, cells] for name in names}
        row = self.row[cells]
        first_of_row = np.searchsorted(row, np.arange(self.first_of_row.size))
        return replace(self, **wide, area_m2=self.area_m2[cells], row=row, first_of_row=first_of_row)

    def within(self, amplitudes: Floats, reach_m: float) -> npt.NDArray[np.bool_]:
        """Cells that touch in any variant, or miss by no more than this; and the first of each row, (n_cells,)."""
        depth = (amplitudes @ self.modes.T)[:, self.row] - self.gap_m[: amplitudes.shape[0]]
        near = np.asarray((depth > -reach_m).any(axis=0))
        if reach_m > 0:
            near[self.first_of_row] = True
        return near

    def carried(self, amplitudes: Floats) -> tuple[Floats, Floats, Floats]:
        """Pressure on the cells, force and stiffness of each row, at amplitudes (n_variants, n_modes)."""
        sunk = amplitudes @ self.modes.T
        depth = sunk[:, self.row] - self.gap_m
        pressure, slope = pressure_pa(depth, self.thickness_m, self.modulus_pa, self.compliance_m_per_pa)
        force = np.add.reduceat(pressure * self.area_m2, self.first_of_row, axis=1)
        return pressure, force, np.add.reduceat(slope * self.area_m2, self.first_of_row, axis=1)


def modes_of(row_m: Floats, bend_nm2: Floats, *, rigid: bool) -> tuple[Floats, Floats]:
    """How the rows of half a body can move, and the stiffness of bending between those ways.

    Args:
        row_m: where the rows lie along the body, (n_rows,), evenly.
        bend_nm2: bending stiffness of the whole body there, (n_rows,), N m².
        rigid: it only moves up and down and tilts; else it bends between knots that are MODE_M apart.

    Returns:
        modes, (n_rows, n_modes), which sum to 1 in every row, and their stiffness, (n_modes, n_modes), of which a
        movement or a tilt of the whole takes nothing.
    """
    if rigid:
        share = (row_m - row_m[0]) / np.ptp(row_m)
        return np.stack([1.0 - share, share], axis=1), np.zeros((2, 2))
    n_knots = max(4, round(np.ptp(row_m) / MODE_M) + 1)
    knots = np.linspace(row_m[0], row_m[-1], n_knots)
    step = knots[1] - knots[0]
    hats = np.clip(1.0 - np.abs(row_m[:, None] - knots) / step, 0.0, None)
    second = (np.eye(n_knots)[:-2] - 2 * np.eye(n_knots)[1:-1] + np.eye(n_knots)[2:]) / step**2
    # Half a body is half as stiff as a whole one.
    stiff = 0.5 * np.interp(knots[1:-1], row_m, bend_nm2) * step
    return hats, second.T @ (stiff[:, None] * second)


def settle(bedding: Bedding) -> Floats:
    """Pressure on each cell once the body has come to rest, by Newton's method with step halving.

    Returns:
        Pa, shape (n_variants, n_cells); each variant's forces balance its load within 1e-6 of it, and in their moments.

    Raises:
        NotBalancedError: it did not come to rest.
    """
    # The first alone, from a body pressed in everywhere: the springs only stiffen, so Newton's steps come from one
    # side.
    first = bedding.only_first()
    pressed_in = np.linalg.lstsq(first.modes, np.full(first.modes.shape[0], PRESSED_IN_M), rcond=None)[0]
    _, amplitudes = _at_rest(first, pressed_in[None, :])
    # Its neighbours lie close by; they too are met from the pressed-in side, since from the other steps overshoot.
    deeper = amplitudes + pressed_in * (DEEPER_M / PRESSED_IN_M)
    start = np.repeat(deeper, bedding.load_n.shape[0], axis=0)
    near = bedding.within(amplitudes, NEAR_M)
    pressure = np.zeros_like(bedding.gap_m)
    pressure[:, near], reached = _at_rest(bedding.only(near), start)
    if (bedding.within(reached, 0.0) & ~near).any():
        return _at_rest(bedding, reached)[0]
    return pressure


@dataclass(frozen=True, slots=True)
class _Overlaps:
    """Products of the modes, row by row: with themselves, and with the next; with others they share no row."""

    own: Floats
    next_to: Floats


def _at_rest(bedding: Bedding, amplitudes: Floats) -> tuple[Floats, Floats]:
    load = bedding.load_n @ bedding.modes
    enough = TOLERANCE * bedding.load_n.sum(axis=1)
    overlaps = _Overlaps(bedding.modes**2, bedding.modes[:, :-1] * bedding.modes[:, 1:])
    pressure, residual, jacobian = _state(bedding, amplitudes, load, overlaps)
    for _ in range(STEPS):
        size = np.abs(residual).max(axis=1)
        if (size <= enough).all():
            return pressure, amplitudes
        step = np.linalg.solve(jacobian, residual[..., None])[..., 0]
        share = np.ones(size.size)
        for _ in range(HALVINGS):
            trial = amplitudes - share[:, None] * step
            pressure, residual, jacobian = _state(bedding, trial, load, overlaps)
            worse = np.abs(residual).max(axis=1) > np.maximum(size * (1 - 1e-4 * share), enough)
            if not worse.any():
                break
            share = np.where(worse, share / 2, share)
        amplitudes = trial
    raise NotBalancedError("The body did not come to rest on this support.")


def _state(bedding: Bedding, amplitudes: Floats, load: Floats, overlaps: _Overlaps) -> tuple[Floats, Floats, Floats]:
    """Pressures, what is out of balance in each mode, and how that changes with the amplitudes."""
    pressure, force, slope = bedding.carried(amplitudes)
    bent = (bedding.stiffness @ amplitudes[..., None])[..., 0]
    jacobian = np.repeat(bedding.stiffness, amplitudes.shape[0] // bedding.stiffness.shape[0], axis=0)
    own = slope @ overlaps.own
    # A spring of no account keeps rows that float free, as under a hollow back, from being singular; only the way to
    # the balance feels it, not the balance.
    own = own + 1e-9 * (own.mean(axis=1) + np.trace(jacobian, axis1=1, axis2=2) / own.shape[1])[:, None]
    next_to = slope @ overlaps.next_to
    at = np.arange(own.shape[1])
    jacobian[:, at, at] += own
    jacobian[:, at[:-1], at[1:]] += next_to
    jacobian[:, at[1:], at[:-1]] += next_to
    return pressure, force @ bedding.modes + bent - load, jacobian

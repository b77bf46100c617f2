"""The pressure between a body and what carries it: a field over the skin, with how far it could be off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matwise.contact.body import Body, Floats
from matwise.contact.foundation import Bedding, modes_of, settle
from matwise.contact.lying import lying
from matwise.contact.placement import Placement, Underside, on_mat
from matwise.contact.region import Face, Region
from matwise.contact.resting import foot, hand, seat
from matwise.contact.support import Support

# What is uncertain, as a factor on the middle value at the 5th and 95th percentile of a lognormal: 1.645 standard
# deviations. Tissue: spread 1.35 of the stiffness that fits published contact areas. Curves: how round the skin really
# is. Bending: of spine and joints, a guess. Load: what arms, posture and armrests take away or add.
Z = 1.645
TISSUE_SPREAD, CURVE_SPREAD, BENDING_SPREAD, LOAD_SPREAD = 1.35, 1.2, 2.0, 1.05


@dataclass(frozen=True, slots=True, eq=False)
class PressureField:
    """Points of the skin and the pressure on them: what a response curve of the spikes is applied to.

    Per cell, shape (n_cells,), left and right halves both:
    `x_m`, `y_m`: place on the map of `face` (see `region.on_map`; x to the body's own left). `region`: whose skin.
    `area_m2`: of the cell. `pressure_pa`: the middle estimate, 0 without contact. `low_pa`, `high_pa`: its 90 %
    interval.
    `on_mat`: the cell lies over the mat, so spikes can press it.

    `variants_pa`: shape (n_variants, n_cells), the field with one uncertain thing at a time moved to its 5th and its
    95th percentile; the first is `pressure_pa`. Carry any figure through them with `interval`.
    `weight_n`: the weight the field carries, (n_variants,).
    """

    face: Face
    x_m: Floats
    y_m: Floats
    region: tuple[Region, ...]
    area_m2: Floats
    pressure_pa: Floats
    low_pa: Floats
    high_pa: Floats
    on_mat: npt.NDArray[np.bool_]
    variants_pa: Floats
    weight_n: Floats

    def force_n(self) -> Floats:
        """What each variant's cells carry together, (n_variants,)."""
        return np.asarray(self.variants_pa @ self.area_m2)

    def contact_m2(self, *, only_mat: bool = False) -> float:
        """Area that carries anything; the mat's part of it."""
        loaded = (self.pressure_pa > 0) & (self.on_mat if only_mat else True)
        return float(self.area_m2[loaded].sum())

    def interval(self, figure: Callable[[Floats], float]) -> tuple[float, float, float]:
        """A figure of the field and its 90 % interval: (middle, low, high).

        Args:
            figure: from pressures in Pa, shape (n_cells,), to a number.
        """
        values = np.array([figure(variant) for variant in self.variants_pa])[:, None]
        low, high = spread(values)
        return float(values[0, 0]), float(low[0]), float(high[0])


def spread(variants: npt.ArrayLike) -> tuple[Floats, Floats]:
    """5th and 95th percentile from variants, shape (n_variants, …), the first of them the middle one.

    The variants after the first come in pairs, one for each uncertain thing; what the pairs add or take away is added
    in quadrature, each side by itself. First order: things that are uncertain together are taken as independent.
    """
    values = np.asarray(variants, float)
    off = (values[1:] - values[0]).reshape(-1, 2, *values.shape[1:])
    down = np.sqrt((np.minimum(off.min(axis=1), 0.0) ** 2).sum(axis=0))
    up = np.sqrt((np.maximum(off.max(axis=1), 0.0) ** 2).sum(axis=0))
    return values[0] - down, values[0] + up


def interface_pressure(placement: Placement, body: Body, support: Support) -> PressureField:
    """The field for a person in a placement on a support.

    Args:
        placement: where the mat goes.
        body: whose weight and shape.
        support: base and mat.

    Raises:
        NotBalancedError: no position of rest was found.
    """
    down = underside(placement, body)
    share, roll = on_mat(placement, body, down, support.mat_length_cm / 100, support.mat_width_cm / 100)
    if not support.mat:
        share, roll = np.zeros_like(share), np.zeros_like(roll)
    factors = _factors(support)
    pressure = settle(_bedding(down, support, share, roll, factors))
    low, high = spread(pressure)
    mirror = {"x_m": np.concatenate([down.x_m, -down.x_m])}
    both = [np.concatenate([one, one], axis=-1) for one in (down.y_m, down.area_m2, pressure, low, high, share > 0)]
    return PressureField(
        face=down.face,
        x_m=mirror["x_m"],
        y_m=both[0],
        region=down.region * 2,
        area_m2=both[1],
        pressure_pa=both[2][0],
        low_pa=np.maximum(both[3], 0.0),
        high_pa=both[4],
        on_mat=both[5],
        variants_pa=both[2],
        weight_n=2.0 * down.load_n.sum() * factors["load"],
    )


@lru_cache(maxsize=64)
def underside(placement: Placement, body: Body) -> Underside:
    """The skin that faces the support."""
    match placement:
        case Placement.FEET_STANDING:
            return foot(body, seated=False)
        case Placement.FEET_SEATED:
            return foot(body, seated=True)
        case Placement.SEAT:
            return seat(body)
        case Placement.HANDS:
            return hand(body)
        case Placement.STOMACH:
            return lying(body, Face.FRONT)
    return lying(body, Face.BACK)


def _factors(support: Support) -> dict[str, Floats]:
    """For each uncertain thing its factor in every variant, (n_variants,)."""
    spreads = {
        "tissue": TISSUE_SPREAD,
        "curve": CURVE_SPREAD,
        "bending": BENDING_SPREAD,
        "load": LOAD_SPREAD,
        "base": support.base_spread,
        "mat": support.mat_spread,
    }
    factors = {name: np.ones(1 + 2 * len(spreads)) for name in spreads}
    for n, (name, wide) in enumerate(spreads.items()):
        factors[name][1 + 2 * n] = wide**-Z
        factors[name][2 + 2 * n] = wide**Z
    return factors


def _bedding(down: Underside, support: Support, share: Floats, roll: Floats, factors: dict[str, Floats]) -> Bedding:
    factor = {name: values[:, None] for name, values in factors.items()}
    base = 1.0 / (support.base_kpa_per_mm * 1e6 * factor["base"])
    foam = share / (support.mat_kpa_per_mm * 1e6 * factor["mat"])
    # A roll is as soft as the foam it is made of, however thick: its height counts, its give is the mat's.
    gap = down.gap_m * factor["curve"] - share * support.mat_thickness_mm * 1e-3 - roll
    modes, bends = modes_of(down.row_m, down.bend_nm2, rigid=down.rigid)
    return Bedding(
        gap_m=gap,
        thickness_m=np.broadcast_to(down.thickness_m, gap.shape),
        modulus_pa=down.modulus_pa * factor["tissue"],
        compliance_m_per_pa=base + foam,
        area_m2=down.area_m2,
        first_of_row=down.first_of_row,
        row=down.row,
        modes=modes,
        stiffness=factor["bending"][..., None] * bends,
        load_n=down.load_n * factor["load"],
    )

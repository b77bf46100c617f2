"""Where the mat goes, and which skin then faces it: the underside of the body, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from matwise.contact.body import Body, Floats
from matwise.contact.region import Face, Region


class Placement(StrEnum):
    """Where the mat goes; `whole_back` without a mat is simply lying on the back."""

    FEET_STANDING = "feet_standing"
    FEET_SEATED = "feet_seated"
    SEAT = "seat"
    LOWER_BACK = "lower_back"
    WHOLE_BACK = "whole_back"
    NECK = "neck"
    STOMACH = "stomach"
    THIGHS = "thighs"
    CALVES = "calves"
    HANDS = "hands"


@dataclass(frozen=True, slots=True, eq=False)
class Underside:
    """The left half of the skin that faces the support (the right half is its mirror image), cells sorted by row.

    Per cell (n_cells,): `x_m`, `y_m` on the map of `face`; `across_m` and `along_m` in the plane of the support (a
    seated person's runs along the thighs); `gap_m` above the lowest skin; `thickness_m` of soft tissue; `region`;
    `row`. Per row (n_rows,): `row_m` where it lies, `load_n` the weight on it, `bend_nm2` how stiffly the body resists
    bending there. `rigid`: the rows only move up and down and tilt. `modulus_pa`: of the tissue.
    """

    face: Face
    x_m: Floats
    y_m: Floats
    across_m: Floats
    along_m: Floats
    gap_m: Floats
    thickness_m: Floats
    area_m2: Floats
    region: tuple[Region, ...]
    row: npt.NDArray[np.intp]
    row_m: Floats
    load_n: Floats
    bend_nm2: Floats
    rigid: bool
    modulus_pa: float

    @property
    def first_of_row(self) -> npt.NDArray[np.intp]:
        """Index of each row's first cell, (n_rows,)."""
        return np.searchsorted(self.row, np.arange(self.row_m.size))


@dataclass(frozen=True, slots=True)
class Lying:
    """Which stretch of the body the mat lies under: levels as shares of the stature, or as long as the mat is.

    `bolster`: it is wrapped around a roll of this height (m), as under the neck.
    """

    middle: float
    crosswise: bool = False
    bolster_m: float = 0.0


# The mat's middle under the body. Whole back: from the seat to the shoulders. Elsewhere the mat lies crosswise, so that
# its short side runs along the body. A neck pillow is a roll of about 9 cm.
MAT_UNDER: dict[Placement, Lying] = {
    Placement.WHOLE_BACK: Lying(0.655),
    Placement.LOWER_BACK: Lying(0.60, crosswise=True),
    Placement.STOMACH: Lying(0.62, crosswise=True),
    Placement.THIGHS: Lying(0.385, crosswise=True),
    Placement.CALVES: Lying(0.185, crosswise=True),
    Placement.NECK: Lying(0.862, crosswise=True, bolster_m=0.09),
}
NECK_ROLL_HALF_WIDTH_M = 0.075


def on_mat(placement: Placement, body: Body, underside: Underside, length_m: float, width_m: float) -> Floats:
    """Which cells the mat lies under, and how high a roll lifts it there.

    Args:
        placement: where the mat goes.
        body: whose underside it is.
        underside: its cells.
        length_m: the mat's long side.
        width_m: its short side.

    Returns:
        shape (2, n_cells): 1 over the mat and 0 beside it; the roll's height in m, 0 where there is none.
    """
    cells = underside.gap_m.size
    if placement not in MAT_UNDER:
        return np.stack([np.ones(cells), np.zeros(cells)])
    lying = MAT_UNDER[placement]
    along, across = (width_m, length_m) if lying.crosswise else (length_m, width_m)
    away = underside.along_m - lying.middle * body.height_m
    if lying.bolster_m:
        share = np.clip(1.0 - (away / NECK_ROLL_HALF_WIDTH_M) ** 2, 0.0, None)
        return np.stack([(share > 0).astype(float), lying.bolster_m * np.sqrt(share)])
    under = (np.abs(away) <= along / 2) & (underside.across_m <= across / 2)
    return np.stack([under.astype(float), np.zeros(cells)])

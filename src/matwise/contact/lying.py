"""The underside of somebody who lies: the skin of the back or the front, as high as it is above the lowest point."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from matwise.contact.body import GRAVITY_M_S2, Body, Floats, Segment, between
from matwise.contact.placement import Underside
from matwise.contact.region import Face, Region, on_map, region
from matwise.contact.shape import Part

CELL_M = 0.01
REACH_M = 0.07  # skin farther than this above the lowest point of its row touches nothing
# Modulus of resting fat and muscle in compression across their whole thickness. With 40 mm it is the 0.35 kPa/mm that
# the supine contact area on a theatre pad asks for (see validation in tests/contact/test_published_pressures.py).
TISSUE_PA = 11e3
# Bending stiffness (N m²) at levels (shares of the stature) from the heel to the crown: a knee and a hip give way, a
# thigh does not. Engineering guesses.
BENDING: tuple[tuple[float, float], ...] = (
    *((0.0, 40.0), (0.25, 40.0), (0.28, 6.0), (0.31, 60.0), (0.44, 60.0), (0.50, 4.0), (0.56, 8.0), (0.62, 5.0)),
    *((0.80, 6.0), (0.85, 1.0), (1.0, 1.0)),
)
# Soft tissue in mm over bone at levels (y, thickness), behind and in front; thin over sacrum, heel and back of the
# head. Hand-set from the ranges of published skin and fat thicknesses and of what lies over which bone.
SOFT_MM: Mapping[Face, tuple[tuple[float, float], ...]] = MappingProxyType(
    {
        Face.BACK: (
            *((0.0, 14.0), (0.04, 14.0), (0.09, 25.0), (0.17, 45.0), (0.24, 40.0), (0.29, 30.0), (0.38, 50.0)),
            *((0.48, 55.0), (0.53, 45.0), (0.58, 35.0), (0.65, 40.0), (0.72, 30.0), (0.80, 30.0), (0.845, 30.0)),
            *((0.89, 15.0), (0.92, 9.0), (1.0, 7.0)),
        ),
        Face.FRONT: (
            *((0.0, 8.0), (0.06, 10.0), (0.20, 10.0), (0.28, 8.0), (0.36, 45.0), (0.48, 45.0), (0.52, 35.0)),
            *((0.60, 80.0), (0.70, 45.0), (0.76, 28.0), (0.82, 15.0), (0.87, 10.0), (1.0, 8.0)),
        ),
    }
)
# Relief that a stack of ovals lacks: (across, level, half width across, half width along, height) in shares of the
# stature, height positive where the skin stands out. Shoulder blades, the spine's groove, the muscles beside it, the
# buttocks and the groove between them. Drawn by hand.
RELIEF: Mapping[Face, tuple[tuple[float, float, float, float, float], ...]] = MappingProxyType(
    {
        Face.BACK: (
            (0.052, 0.770, 0.026, 0.035, 0.0030),
            (0.000, 0.700, 0.010, 0.110, -0.0050),
            (0.022, 0.640, 0.016, 0.060, 0.0030),
            (0.044, 0.520, 0.030, 0.034, 0.0030),
            (0.000, 0.500, 0.008, 0.030, -0.0100),
        ),
        Face.FRONT: ((0.0, 0.60, 0.010, 0.020, -0.002),),
    }
)
_SACRUM = (0.560, 0.022, 0.022, 16.0)  # level, half lengths, mm of tissue
_PARTS = (Part.HEAD, Part.NECK, Part.TRUNK, Part.THIGH, Part.SHANK, Part.FOOT)


def lying(body: Body, face: Face) -> Underside:
    """The underside of a body lying on its back or its front, arms beside it on the base and out of the account.

    Args:
        body: whose.
        face: which side is down.
    """
    height = body.height_m
    n_rows = round(height / CELL_M)
    rows = (np.arange(n_rows) + 0.5) * height / n_rows
    across: Floats = (np.arange(26, dtype=np.float64) + 0.5) * CELL_M
    below, owner = _below(body, face, rows, across)
    below = below + _relief(face, rows / height, across / height) * height
    # Each row is only as deep as the skin that can touch; a row without skin (never met) would keep its nearest cell.
    gap = below.max() - below
    near = gap - gap.min(axis=1, keepdims=True) <= REACH_M
    row, column = np.nonzero(near)
    parts = owner[row, column]
    shares = rows[row] / height
    points = np.stack([across[column], rows[row], np.zeros(row.size)], axis=-1)
    return Underside(
        face=face,
        x_m=points[:, 0],
        y_m=_y_on_map(points, parts, face, height),
        across_m=across[column],
        along_m=rows[row],
        gap_m=gap[row, column],
        thickness_m=_soft_mm(face, shares, across[column] / height) * 1e-3 * body.girth * height / 1.75,
        area_m2=np.full(row.size, CELL_M * height / n_rows),
        region=tuple(_region(_PARTS[part], share, face) for part, share in zip(parts, shares, strict=True)),
        row=row,
        row_m=rows,
        load_n=_weight(body, rows, face),
        bend_nm2=between(rows / height, BENDING),
        rigid=False,
        modulus_pa=TISSUE_PA,
    )


def _region(part: Part, share: float, face: Face) -> Region:
    return region(Part.THIGH if part is Part.TRUNK and share < 0.465 else part, share, face)


def _y_on_map(points: Floats, parts: npt.NDArray[np.intp], face: Face, height: float) -> Floats:
    """A lying foot stands on its heel: the heel's back is the sole's beginning on the map."""
    foot = parts == _PARTS.index(Part.FOOT)
    heel = on_map(Part.FOOT, np.array([0.0, 0.0, -0.038 * height]), face, height)[1]
    return np.where(foot, np.minimum(points[:, 1], heel), points[:, 1])


def _below(body: Body, face: Face, rows: Floats, across: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """How far down each place reaches (m, larger is lower) and whose skin it is, both (n_rows, n_across)."""
    # Face down, a foot lies stretched behind the ankle and carries little: left out, its weight stays on the shin's
    # end.
    parts = _PARTS if face is Face.BACK else _PARTS[:-1]
    reach = np.stack([_reach(body.segments[part], face, rows, across, part is Part.FOOT) for part in parts])
    return reach.max(axis=0), reach.argmax(axis=0)


def _reach(segment: Segment, face: Face, rows: Floats, across: Floats, heel: bool) -> Floats:  # noqa: FBT001
    sign = -1.0 if face is Face.BACK else 1.0
    if heel:  # a ball of the heel's breadth, resting on its back
        centre, side, depth = segment.section(0.2)
        end = -segment.surface(0.0, 0.0)[2]
        up = (rows[:, None] - centre[1]) / (1.15 * depth)
        out = (across[None, :] - centre[0]) / side
        return np.asarray(end - side * (1 - np.sqrt(np.clip(1 - up**2 - out**2, 0, None))) - 9.0 * (up**2 + out**2 > 1))
    levels = segment.centre[:, 1]
    order = np.argsort(levels)
    inside = (rows >= levels.min()) & (rows <= levels.max())
    columns = (segment.centre[:, 0], segment.centre[:, 2], segment.side, segment.depth)
    x, z, side, depth = (np.interp(rows, levels[order], one[order])[:, None] for one in columns)
    out = np.abs((across[None, :] - x) / side)
    skin = depth * np.clip(1 - out**segment.exponent, 0, None) ** (1 / segment.exponent)
    return np.where(inside[:, None] & (out < 1), sign * z + skin, -9.0)


def _relief(face: Face, levels: Floats, across: Floats) -> Floats:
    total = np.zeros((levels.size, across.size))
    for x, y, wide, long, tall in RELIEF[face]:
        total += tall * np.exp(-(((across[None, :] - x) / wide) ** 2) - ((levels[:, None] - y) / long) ** 2)
    return total


def _soft_mm(face: Face, levels: Floats, across: Floats) -> Floats:
    soft = between(levels, SOFT_MM[face])
    if face is Face.FRONT:
        return np.asarray(soft)
    level, long, wide, thin = _SACRUM
    bony = np.exp(-(((levels - level) / long) ** 2) - (across / wide) ** 2)
    return np.asarray(soft + (thin - soft) * bony)


def _weight(body: Body, rows: Floats, face: Face) -> Floats:
    """Half of the weight of head, trunk and legs on each row, N, spread as the volume is."""
    total = np.zeros(rows.size)
    for name, parts in (("head", (Part.HEAD, Part.NECK)), ("trunk", (Part.TRUNK,)), ("thigh", (Part.THIGH,))):
        total += _spread(body, rows, parts) * body.mass_kg(name) * (0.5 if name != "thigh" else 1.0)
    total += _spread(body, rows, (Part.SHANK,)) * body.mass_kg("shank")
    heel = np.clip(1 - np.abs(rows / body.height_m - (0.03 if face is Face.BACK else 0.07)) / 0.03, 0, None)
    total += heel / heel.sum() * body.mass_kg("foot")
    return total * GRAVITY_M_S2


def _spread(body: Body, rows: Floats, parts: tuple[Part, ...]) -> Floats:
    share = np.zeros(rows.size)
    for part in parts:
        segment = body.segments[part]
        levels = segment.centre[:, 1]
        order = np.argsort(levels)
        area = np.interp(rows, levels[order], (segment.side * segment.depth)[order], left=0.0, right=0.0)
        share += area
    return np.asarray(share / share.sum())

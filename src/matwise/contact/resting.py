"""The undersides that rest on the support as one piece: a foot, a hand, the seat with the thighs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matwise.contact.body import GRAVITY_M_S2, Body, Floats, Segment, between
from matwise.contact.placement import Underside
from matwise.contact.region import Face, Region, on_map
from matwise.contact.shape import Part

CELL_M = 0.005
SEAT_CELL_M = 0.01
# The sole's tissue is held in chambers and far stiffer than fat elsewhere; this modulus, with a heel pad of 16 mm
# (Naemi 2016, doi:10.5772/64170: 12.5–24.5 mm), gives the 4–8 kPa/mm of a standing person's sole.
SOLE_PA, PALM_PA, SEAT_PA = 120e3, 40e3, 18e3
SOLE_MM = ((0.0, 16.0), (0.25, 16.0), (0.45, 14.0), (0.72, 11.0), (0.85, 8.0), (1.0, 7.0))
SOLE_EXPONENT = 2.8
# Where the load acts, as a share of the foot's length from the heel: a standing person's line of gravity falls a few
# centimetres ahead of the ankle; a seated one's shank stands on it.
STANDING_AT, SEATED_AT = 0.40, 0.32
# What a seated person's thighs pass on to the feet besides shank and foot, as a share of the weight.
PASSED_TO_FEET = 0.06
FEET = (Part.FOOT, Part.TOE_1, Part.TOE_2, Part.TOE_3, Part.TOE_4, Part.TOE_5)
HANDS = (Part.HAND, Part.THUMB, Part.INDEX, Part.MIDDLE, Part.RING, Part.LITTLE)
# The foot's arch: how high its inner side stands (share of the stature), where along the foot, and over what length.
ARCH = (0.012, 0.45, 0.16)


def foot(body: Body, *, seated: bool) -> Underside:
    """The left sole.

    Args:
        body: whose.
        seated: the feet carry the shanks and a little of the thighs; else each carries half of the weight.
    """
    height = body.height_m
    first = body.segments[Part.FOOT].centre[0, 2]
    last = max(body.segments[toe].centre[-1, 2] for toe in FEET[1:])
    rows = np.arange(first + CELL_M / 2, last, CELL_M)
    lowest = body.segments[Part.TOE_1].centre[:, 0].min() - 0.01 * height
    across = np.arange(lowest, lowest + 0.075 * height, CELL_M)
    height_of = np.stack([_sole(body.segments[part], rows, across) for part in FEET]).min(axis=0)
    share = (rows - first) / (last - first)
    centre, side, _ = body.segments[Part.FOOT].section(0.5)
    tall, at, long = ARCH
    inner = np.clip(0.5 - 0.9 * (across - centre[0]) / side, 0.0, 1.0)
    height_of = height_of + tall * height * inner[None, :] * np.exp(-(((share[:, None] - at) / long) ** 2))
    row, column = _near(height_of, 0.03)
    points = np.stack([across[column], np.zeros(row.size), rows[row]], axis=-1)
    return Underside(
        face=Face.BACK,
        x_m=across[column],
        y_m=on_map(Part.FOOT, points, Face.BACK, height)[:, 1],
        across_m=across[column],
        along_m=rows[row],
        gap_m=height_of[row, column] - height_of.min(),
        thickness_m=between(share[row], SOLE_MM) * 1e-3 * height / 1.75,
        area_m2=np.full(row.size, CELL_M**2),
        region=(Region.SOLE,) * row.size,
        row=row,
        row_m=rows,
        load_n=_on_foot_n(body, seated=seated) * _at(share, SEATED_AT if seated else STANDING_AT),
        bend_nm2=np.zeros(rows.size),
        rigid=True,
        modulus_pa=SOLE_PA,
    )


def _on_foot_n(body: Body, *, seated: bool) -> float:
    half = body.weight_kg * GRAVITY_M_S2 / 2
    return body.weight_n("shank") + body.weight_n("foot") + PASSED_TO_FEET * half if seated else half


def _sole(segment: Segment, rows: Floats, across: Floats) -> Floats:
    """Height of the skin above the ground, (n_rows, n_across); far up beside the segment."""
    along = segment.centre[:, 2]
    columns = (segment.centre[:, 0], segment.centre[:, 1], segment.side, segment.depth)
    x, y, side, depth = (np.interp(rows, along, one)[:, None] for one in columns)
    out = np.abs((across[None, :] - x) / side)
    # Flatter below than an oval: a sole is a pad, not a pipe.
    skin = y - depth * np.clip(1 - out**SOLE_EXPONENT, 0, None) ** (1 / SOLE_EXPONENT)
    inside = (rows >= along[0]) & (rows <= along[-1])
    return np.where(inside[:, None] & (out < 1), skin, 9.0)


def hand(body: Body) -> Underside:
    """The left palm, resting with the weight of hand and forearm."""
    height = body.height_m
    top = body.segments[Part.HAND].centre[0, 1]
    end = body.segments[Part.MIDDLE].centre[-1, 1]
    rows = np.arange(end + CELL_M / 2, top, CELL_M)
    middle = body.segments[Part.HAND].centre[:, 0].mean()
    across = np.arange(middle - 0.035 * height, middle + 0.045 * height, CELL_M)
    height_of = np.stack([_palm(body.segments[part], rows, across) for part in HANDS]).min(axis=0)
    share = (top - rows) / (top - end)
    hollow = np.exp(-(((across[None, :] - middle) / (0.010 * height)) ** 2) - ((share[:, None] - 0.35) / 0.15) ** 2)
    height_of = height_of + 0.003 * height * hollow
    row, column = _near(height_of, 0.02)
    return Underside(
        face=Face.FRONT,
        x_m=across[column],
        y_m=rows[row],
        across_m=across[column],
        along_m=rows[row],
        gap_m=height_of[row, column] - height_of.min(),
        thickness_m=np.interp(share[row], (0.0, 0.3, 0.55, 1.0), (10.0, 14.0, 9.0, 6.0)) * 1e-3 * height / 1.75,
        area_m2=np.full(row.size, CELL_M**2),
        region=(Region.PALM,) * row.size,
        row=row,
        row_m=rows,
        load_n=(body.weight_n("forearm") + body.weight_n("hand")) * _at(share, 0.4),
        bend_nm2=np.zeros(rows.size),
        rigid=True,
        modulus_pa=PALM_PA,
    )


def _palm(segment: Segment, rows: Floats, across: Floats) -> Floats:
    order = np.argsort(segment.centre[:, 1])
    level = segment.centre[order, 1]
    columns = (segment.centre[order, 0], segment.centre[order, 2], segment.side[order], segment.depth[order])
    x, z, side, depth = (np.interp(rows, level, one)[:, None] for one in columns)
    out = np.abs((across[None, :] - x) / side)
    skin = -(z + depth * np.clip(1 - out**3, 0, None) ** (1 / 3))
    inside = (rows >= level[0]) & (rows <= level[-1])
    return np.where(inside[:, None] & (out < 1), skin, 9.0)


# The seat, as it is sat on, in shares of the stature and along the map of the back: the bones one sits on (level,
# across), the end of the seat behind, where the chair ends in front, and how the underside rises from the bones: the
# radius behind them and the rise at the chair's front edge.
SIT_BONES = (0.505, 0.034)
SEAT_BEHIND, SEAT_FRONT = 0.560, 0.340
BEHIND_RADIUS, THIGH_RISE = 0.065, 0.006
HALF_THIGH = 0.55  # of the rows' length
BONE_MM, FLESH_MM, BONE_REACH = 38.0, 60.0, 0.017


def seat(body: Body) -> Underside:
    """The left half of the seat and the thigh of somebody who sits upright, hands in the lap, without a backrest."""
    height = body.height_m
    rows = np.arange(SEAT_FRONT * height, SEAT_BEHIND * height, SEAT_CELL_M)
    n_across = round(0.13 * height * body.girth / SEAT_CELL_M)
    across: Floats = (np.arange(n_across, dtype=np.float64) + 0.5) * SEAT_CELL_M
    level, out = rows[:, None] / height, across[None, :] / height
    bone, _ = SIT_BONES
    behind, ahead = np.clip(level - bone, 0.0, None), np.clip(bone - level, 0.0, None)
    radius = BEHIND_RADIUS
    rise = (
        radius - np.sqrt(np.clip(radius**2 - behind**2, 0.0, None)) + THIGH_RISE * (ahead / (bone - SEAT_FRONT)) ** 1.5
    )
    rise = rise * height + 9.0 * (behind >= radius)
    thigh, side, depth = body.segments[Part.THIGH].section(0.1)
    wide = side / height * (1.05 - 0.25 * np.clip(ahead / 0.2, 0.0, 1.0))
    share = np.abs((out - thigh[0] / height) / wide)
    round_ = depth * (1.0 - np.clip(1.0 - share**2.4, 0.0, None) ** (1 / 2.4))
    height_of = np.where(share < 1, rise + round_, 9.0)
    row, column = _near(height_of, 0.09)
    at, beside = rows[row] / height, across[column] / height
    bony = np.exp(-(((at - bone) / BONE_REACH) ** 2) - ((beside - SIT_BONES[1]) / BONE_REACH) ** 2)
    return Underside(
        face=Face.BACK,
        x_m=across[column],
        y_m=rows[row],
        across_m=across[column],
        along_m=rows[row],
        gap_m=height_of[row, column] - height_of.min(),
        thickness_m=(FLESH_MM + (BONE_MM - FLESH_MM) * bony) * 1e-3 * body.girth * height / 1.75,
        area_m2=np.full(row.size, SEAT_CELL_M**2),
        region=tuple(Region.SEAT if one >= 0.465 else Region.THIGH_BACK for one in at),
        row=row,
        row_m=rows,
        load_n=_on_seat_n(body, rows),
        bend_nm2=np.zeros(rows.size),
        rigid=True,
        modulus_pa=SEAT_PA,
    )


def _on_seat_n(body: Body, rows: Floats) -> Floats:
    """Head, trunk and arms on the bones one sits on, the thighs half-way to the knees; half a body."""
    above = (body.weight_n("head") + body.weight_n("trunk")) / 2
    above += sum(body.weight_n(part) for part in ("upper_arm", "forearm", "hand"))
    thigh = body.weight_n("thigh") - PASSED_TO_FEET * body.weight_kg * GRAVITY_M_S2 / 2
    share = (rows - rows[0]) / np.ptp(rows)
    bones = (SIT_BONES[0] - SEAT_FRONT) * body.height_m / float(np.ptp(rows))
    return above * _at(share, bones) + thigh * _at(share, bones - HALF_THIGH)


def _near(height_of: Floats, reach_m: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Row and column of the cells that can touch; the lowest of each row is always among them."""
    low = height_of.min(axis=1, keepdims=True)
    row, column = np.nonzero(height_of <= np.maximum(low, height_of.min() + reach_m))
    return row, column


def _at(share: Floats, where: float) -> Floats:
    """A load of 1 at one place of the rows, shared by the two beside it so that its moment is right too."""
    index = int(np.clip(np.searchsorted(share, where), 1, share.size - 1))
    low, high = sorted((float(share[index - 1]), float(share[index])))
    part = (where - share[index - 1]) / (share[index] - share[index - 1]) if high > low else 0.0
    load = np.zeros(share.size)
    load[index - 1], load[index] = 1.0 - part, part
    return load

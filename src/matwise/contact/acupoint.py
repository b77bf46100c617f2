"""Which acupoints lie under load, and what that is worth: a mat presses skin, not points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb

import numpy as np

from matwise.contact.body import Body
from matwise.contact.cun import Rule, Spot, spot
from matwise.contact.interface_pressure import PressureField
from matwise.contact.region import Face
from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

CHANNELS = {
    "LU": Sentence("Lung"),
    "LI": Sentence("Large Intestine"),
    "ST": Sentence("Stomach"),
    "SP": Sentence("Spleen"),
    "HT": Sentence("Heart"),
    "SI": Sentence("Small Intestine"),
    "BL": Sentence("Bladder"),
    "KI": Sentence("Kidney"),
    "PC": Sentence("Pericardium"),
    "TE": Sentence("Triple Energizer"),
    "GB": Sentence("Gallbladder"),
    "LR": Sentence("Liver"),
    "GV": Sentence("Governor Vessel"),
    "CV": Sentence("Conception Vessel"),
}
ON_THE_MIDLINE = frozenset({"GV", "CV"})


@dataclass(frozen=True, slots=True)
class Acupoint:
    """A point of the WHO standard, with our own rule.

    `code`: as in the standard ("BL23"). `name`: in pinyin, without tones. `rule`: where, in proportional cun.
    `error_cm`: how far the drawn place may be from where a careful person would put it, about 19 times in 20.
    `settled`: False for the six whose place the standard itself leaves open. `where`: the rule in words.

    Raises:
        InvalidInputError: a code of no channel, or an error that is not positive.
    """

    code: str
    name: str
    rule: Rule
    error_cm: float
    settled: bool
    where: Sentence

    def __post_init__(self) -> None:
        problems = []
        if self.channel not in CHANNELS or not self.code[2:].isdigit():
            problems.append(Problem("code", self.code, f"one of {', '.join(CHANNELS)} and a number"))
        if not self.error_cm > 0:
            problems.append(Problem("error_cm", f"{self.error_cm:g}", "more than 0"))
        if problems:
            raise InvalidInputError(*problems)

    @property
    def channel(self) -> str:
        """The channel's letters, a key of `CHANNELS`."""
        return self.code[:2]

    @property
    def paired(self) -> bool:
        """Whether it lies on both sides."""
        return self.channel not in ON_THE_MIDLINE


@dataclass(frozen=True, slots=True)
class Placed:
    """An acupoint on a body; `right` is the mirror image. `x_m`, `y_m` on the map of the spot's face."""

    point: Acupoint
    spot: Spot
    right: bool

    @property
    def x_m(self) -> float:
        """To the body's own left."""
        return float(self.spot.map_m[0]) * (-1.0 if self.right else 1.0)

    @property
    def y_m(self) -> float:
        """Upwards."""
        return float(self.spot.map_m[1])


def placed(points: Sequence[Acupoint], body: Body) -> tuple[Placed, ...]:
    """Every point on a body, those of both sides twice."""
    found = []
    for point in points:
        where = spot(point.rule, body)
        found.append(Placed(point, where, right=False))
        if point.paired:
            found.append(Placed(point, where, right=True))
    return tuple(found)


class Load(StrEnum):
    """Whether a point is pressed, seen how surely it can be placed."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A point that faces the mat. `load`: PERHAPS where skin within its error is pressed and skin is not.

    `pressure_pa`, `low_pa`, `high_pa`: the mean pressure of the skin at its drawn place, 90 % interval.
    """

    placed: Placed
    load: Load
    pressure_pa: float
    low_pa: float
    high_pa: float


def under_load(points: Sequence[Placed], field: PressureField, *, only_mat: bool = True) -> tuple[Loaded, ...]:
    """The points whose skin the field covers, and whether they are pressed.

    Args:
        points: on the body that the field was made for.
        field: the pressure.
        only_mat: leave out those that lie beside the mat.
    """
    cell = float(np.sqrt(field.area_m2.max()))
    regions = set(field.region)
    found = []
    for one in points:
        if one.spot.face is not field.face or one.spot.region not in regions:
            continue
        away = np.hypot(field.x_m - one.x_m, field.y_m - one.y_m)
        nearest = int(away.argmin())
        if away[nearest] > cell or (only_mat and not field.on_mat[nearest]):
            continue
        around = away <= max(one.point.error_cm / 100, cell / 2)
        pressed = field.pressure_pa[around] > 0
        load = Load.YES if pressed.all() else Load.PERHAPS if pressed.any() else Load.NO
        pressures = (field.pressure_pa[nearest], field.low_pa[nearest], field.high_pa[nearest])
        found.append(Loaded(one, load, *(float(one) for one in pressures)))
    return tuple(found)


# Skin beside a point: from here to there.
BESIDE_M = (0.01, 0.03)
# Differences of pressure smaller than this are not felt: 10–14 %, Goossens (2005), doi:10.1080/00140130500123647.
NOTICED = 1.14


@dataclass(frozen=True, slots=True)
class Selectivity:
    """Does the mat press points, or simply skin?

    `area_share`: pressed share of the skin that faces the mat. `points_facing`, `points_pressed`: points on that skin,
    and those whose drawn place is pressed. `low`, `high`: how many would be pressed, 19 times in 20, if that many
    points lay anywhere on it by chance. `contrast`: the pressure on pressed points over that on the skin beside them;
    1 is no choice at all, None if no point is pressed. `skin_share`, `point_share`: pressed shares of all the skin and
    of all the points of the body.
    """

    area_share: float
    points_facing: int
    points_pressed: int
    low: int
    high: int
    contrast: float | None
    skin_share: float
    point_share: float

    @property
    def findings(self) -> tuple[Sentence, ...]:
        """The same in words."""
        found = [PRESSED.format(pressed=self.points_pressed, facing=self.points_facing, share=self.area_share)]
        if not self.low <= self.points_pressed <= self.high:
            found.append(CROWDED.format(low=self.low, high=self.high))
        if self.contrast is not None:
            felt = HARDER if self.contrast > NOTICED else SOFTER if self.contrast < 1 / NOTICED else ALIKE
            found += [felt.format(contrast=self.contrast), NO_CHOICE]
        return tuple(found)


PRESSED = Sentence("{pressed} of {facing} points that face the mat are pressed, and {share:.0%} of the skin facing it.")
CROWDED = Sentence(
    "Of as many places put there by chance {low} to {high} would be. The difference comes from where bodies touch and "
    "where points are crowded, as along the spine."
)
ALIKE = Sentence(
    "On a pressed point the pressure is {contrast:.2f} times that on the skin 1 to 3 cm beside it: no difference that "
    "could be felt."
)
HARDER = Sentence(
    "On a pressed point the pressure is {contrast:.2f} times that on the skin 1 to 3 cm beside it, because here the "
    "points lie where the body stands out."
)
SOFTER = Sentence(
    "On a pressed point the pressure is {contrast:.2f} times that on the skin 1 to 3 cm beside it, because here the "
    "points lie where the body is hollow."
)
NO_CHOICE = Sentence("The mat presses skin and chooses no points: the spikes beside a point press as those on it do.")


def selectivity(points: Sequence[Placed], body: Body, field: PressureField) -> Selectivity:
    """Compares pressed points with pressed skin.

    Args:
        points: on this body.
        body: whose skin.
        field: the pressure on it, of a placement with a mat.

    Raises:
        InvalidInputError: no skin of the field faces a mat.
    """
    facing = field.on_mat
    if not facing.any():
        raise InvalidInputError(Problem("field", "no skin over a mat", "a field of a support with a mat"))
    pressed = facing & (field.pressure_pa > 0)
    area_share = float(field.area_m2[pressed].sum() / field.area_m2[facing].sum())
    covered = under_load(points, field)
    hit = [one for one in covered if one.pressure_pa > 0]
    low, high = _binomial_band(len(covered), area_share)
    return Selectivity(
        area_share=area_share,
        points_facing=len(covered),
        points_pressed=len(hit),
        low=low,
        high=high,
        contrast=_contrast(hit, field),
        skin_share=float(field.area_m2[pressed].sum()) / body.skin_m2,
        point_share=len(hit) / max(len(points), 1),
    )


def _contrast(hit: Sequence[Loaded], field: PressureField) -> float | None:
    """Sum of the pressures on points over the sum of the means beside them."""
    near, far = BESIDE_M
    on, beside = 0.0, 0.0
    for one in hit:
        away = np.hypot(field.x_m - one.placed.x_m, field.y_m - one.placed.y_m)
        ring = (away > near) & (away <= far)
        on += one.pressure_pa
        beside += float(field.pressure_pa[ring].mean()) if ring.any() else one.pressure_pa
    return on / beside if beside > 0 else None


def _binomial_band(n: int, share: float) -> tuple[int, int]:
    """The central 95 % of a binomial."""
    chances = np.cumsum([comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)])
    return int(np.searchsorted(chances, 0.025)), int(np.searchsorted(chances, 0.975))


def on_face(points: Sequence[Placed], face: Face) -> tuple[Placed, ...]:
    """Those to be drawn on one of the two pictures."""
    return tuple(one for one in points if one.spot.face is face)

"""What a person lies, sits or stands on, as far as the whole body feels it: springs, and perhaps a mat on them."""

from __future__ import annotations

from dataclasses import dataclass

from matwise.errors import InvalidInputError, Problem


@dataclass(frozen=True, slots=True)
class Support:
    """A base and the mat on it as independent springs (Winkler).

    `base_kpa_per_mm`: pressure for each mm the base gives way; `base_spread`: its geometric standard deviation.
    `mat_kpa_per_mm`, `mat_spread`: the same of the mat's foam. `mat_thickness_mm`: how much it lifts the body.
    `mat_length_cm`, `mat_width_cm`: its size. `mat`: whether there is one.

    Raises:
        InvalidInputError: a size or stiffness that is not positive, or a spread below 1.

    Source:
        None measured on a mat: engineering guesses with wide spreads (a mattress of 20 kPa and 150 mm; foam of 20–60
        kPa and 20–30 mm).
    """

    base_kpa_per_mm: float
    base_spread: float = 1.4
    mat: bool = True
    mat_kpa_per_mm: float = 2.0
    mat_spread: float = 1.5
    mat_thickness_mm: float = 30.0
    mat_length_cm: float = 70.0
    mat_width_cm: float = 42.0

    def __post_init__(self) -> None:
        names = ("base_kpa_per_mm", "mat_kpa_per_mm", "mat_thickness_mm", "mat_length_cm", "mat_width_cm")
        problems = [
            Problem(name, f"{getattr(self, name):g}", "more than 0") for name in names if not getattr(self, name) > 0
        ]
        problems += [
            Problem(name, f"{getattr(self, name):g}", "at least 1")
            for name in ("base_spread", "mat_spread")
            if not getattr(self, name) >= 1
        ]
        if problems:
            raise InvalidInputError(*problems)


FLOOR = Support(50.0)
CARPET = Support(6.0)
CHAIR = Support(50.0)
BED = Support(0.12)
# The pad of an operating table, on which supine pressures were mapped; no mat.
THEATRE_PAD = Support(0.6, mat=False)
BARE_CHAIR = Support(50.0, mat=False)
BARE_FLOOR = Support(50.0, mat=False)

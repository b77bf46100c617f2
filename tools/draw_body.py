"""Draws the body's map, its regions and the acupoints, to be looked at: `python tools/draw_body.py body.svg`."""

from __future__ import annotations

import sys
from pathlib import Path

from matwise.contact.acupoint import placed
from matwise.contact.body import Body, Sex, body
from matwise.contact.region import Face, Region, patches
from matwise.content.acupoints import acupoints

SCALE = 520.0  # units of the picture per metre
MIDDLE = {Face.FRONT: 330.0, Face.BACK: 990.0}


def drawn(person: Body, points: dict[str, tuple[Face, float, float]]) -> str:
    """The two faces side by side as SVG; points by their label as (face, x, y) of the map."""
    said = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1320 1160" font-family="sans-serif" font-size="5">']
    for face, middle in MIDDLE.items():
        turn = 1 if face is Face.FRONT else -1
        outlines = [
            (patch, " ".join(f"{middle + turn * SCALE * x:.1f},{1030 - SCALE * y:.1f}" for x, y in patch.polygon))
            for patch in patches(person, face)
        ]
        said += [f'<polygon points="{line}" stroke="#333" stroke-width="3" fill="none"/>' for _, line in outlines]
        for patch, line in outlines:
            colour = f"hsl({list(Region).index(patch.region) * 47 % 360} 45% 80%)"
            said.append(f'<polygon points="{line}" fill="{colour}" stroke="{colour}" stroke-width="0.8"/>')
        for label, (seen, x, y) in points.items():
            if seen is face:
                at = (middle + turn * SCALE * x, 1030 - SCALE * y)
                said.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="1.5" fill="#c00"/>')
                said.append(f'<text x="{at[0] + 2:.1f}" y="{at[1] + 1.5:.1f}">{label}</text>')
    return "\n".join([*said, "</svg>"])


def main() -> None:
    """Writes the picture."""
    sex = {"f": Sex.FEMALE, "m": Sex.MALE}.get("".join(sys.argv[4:5]))
    height, weight = (float(one) for one in sys.argv[2:4]) if sys.argv[3:] else (1.75, 75.0)
    person = body(height, weight, sex)
    Path(sys.argv[1]).write_text(drawn(person, _points(person)))


def _points(person: Body) -> dict[str, tuple[Face, float, float]]:
    found = placed(acupoints(), person)
    return {one.point.code: (one.spot.face, one.x_m, one.y_m) for one in found if not one.right}


if __name__ == "__main__":
    main()

"""Draws the icons of the installed app from the mark: `python -m tools.icons`.

They ship as files, because an installed app needs its picture before the program behind it runs.
"""

from __future__ import annotations

from pathlib import Path

from matwise.exchange.cover import cover

FOLDER = Path(__file__).parents[1] / "src" / "matwise" / "web" / "static" / "icons"
# What iOS puts on a home screen, and the two sizes that Chromium asks for before it offers to install.
SIDES_PX = (180, 192, 512)


def icons() -> dict[Path, bytes]:
    """Every icon as PNG, by its place: the mark up to the edge, so that any mask may cut its corners."""
    return {FOLDER / f"icon-{side_px}.png": cover(side_px).png for side_px in SIDES_PX}


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for path, png in icons().items():
        path.write_bytes(png)
        print(path.name, len(png), "bytes")


if __name__ == "__main__":
    main()

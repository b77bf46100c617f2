"""A link as a picture that a phone can read."""

from __future__ import annotations

import io

from matwise.errors import InvalidInputError, Problem

LONGEST_LINK = 300  # beyond it the squares are too small for a phone held at arm's length from a screen
_QUIET_MODULES = 4  # of empty border, without which a reader does not find the code (ISO/IEC 18004 §6.3.8)
_INK, _PAPER = "#1b1714", "#fff"  # dark on light in every look: many readers see nothing in the reverse


def svg(link: str, title: str) -> str:
    """The link as a QR code: an SVG element that takes the width it is given, with `title` for those who can't see it.

    Raises:
        InvalidInputError: the link is empty, too long, or not printable ASCII.
    """
    import segno

    _check(link)
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out,
        kind="svg",
        border=_QUIET_MODULES,
        dark=_INK,
        light=_PAPER,
        title=title,
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return out.getvalue().decode()


def blocks(link: str) -> str:
    """The link as a QR code in characters, two rows of it in each line, to be printed black on white.

    Raises:
        InvalidInputError: see `svg`.
    """
    import segno

    _check(link)
    rows = [
        [bool(module) for module in row]
        for row in segno.make(link, error="l", micro=False).matrix_iter(border=_QUIET_MODULES)
    ]
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    shown = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    return "\n".join(
        "".join(shown[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )


def _check(link: str) -> None:
    if not link.isascii() or not link.isprintable() or not 0 < len(link) <= LONGEST_LINK:
        got = f"{len(link)} characters" if link.isascii() else "letters beyond ASCII"
        raise InvalidInputError(Problem("link", got, f"1 to {LONGEST_LINK} printable ASCII characters"))

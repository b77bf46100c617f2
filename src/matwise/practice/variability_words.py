"""How the figures of a recording of beats are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.measures.heart_rate_variability import Figure

NAMES = {
    "rmssd": Sentence("RMSSD: how much one beat differs from the next"),
    "sdnn": Sentence("SDNN: how much all of them differ"),
    "pnn50": Sentence("pNN50: steps of more than 50 ms"),
    "heart_rate": Sentence("Mean heart rate"),
    "lf_power": Sentence("LF power: slow waves, 0.04 to 0.15 Hz"),
    "hf_power": Sentence("HF power: quick waves, 0.15 to 0.4 Hz"),
}
SHOWN_UNITS = {"ms": "ms", "%": "%", "/min": Sentence("per minute"), "ms2": "ms²"}
VALUE = Sentence("{value:.0f} {unit}")
FINE = Sentence("{value:.1f} {unit}")
SMALL = 10.0


def told(figure: Figure) -> str:
    """A figure with its unit, or why it is not shown."""
    if figure.value is None:
        return figure.why_not or ""
    template = FINE if figure.value < SMALL else VALUE
    return template.format(value=figure.value, unit=SHOWN_UNITS[figure.unit])

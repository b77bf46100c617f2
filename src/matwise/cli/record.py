"""Record a chest strap in a terminal."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Literal

from matwise.cli.measure import measure
from matwise.cli.terminal import database, now, out
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.measures.strap import Packet
    from matwise.practice.strap import Recorded

LOOKING = Sentence("Looking for a strap. Wear it, and rest.")
FOUND = Sentence("Recording {name}. Sit or lie still and breathe freely. Ctrl-C ends it; what came is kept.")
A_STRAP = Sentence("a strap")
AT = Sentence("{minutes}:{seconds:02d}  {rate} beats a minute")
NO_TOUCH = Sentence("{minutes}:{seconds:02d}  The strap does not feel your skin.")
NOTHING_CAME = Sentence("The strap sent nothing, so nothing is kept.")
NO_BEATS = Sentence("The strap told no times between beats, so there is nothing to reckon with.")
KEPT = Sentence("Kept: {minutes:.1f} minutes, {beats} beats, {percent:.1f} % of them artefacts.")
STRETCHES = Sentence("The strap was out of reach: {number} stretches are kept, and this is the longest.")
UNDO = Sentence("To take it out again: matwise measure import --undo {id}")
TOLD_EVERY_S = 10.0


@measure.command
def record(*, minutes: float = 5.0, session_moment: Literal["before", "during", "after"] | None = None) -> None:
    """Record a chest strap: the times between your beats, and what they say.

    Rest while it records, sitting or lying, and breathe freely: a led breath alone changes the variation.

    Args:
        minutes: How long; five is what all values need.
        session_moment: Whether it is the measurement before, during or after a session.
    """
    from matwise.practice import strap as practice
    from matwise.store.refusal import NotKeptError

    told_s = -TOLD_EVERY_S

    def found(name: str) -> None:
        out.print(FOUND.format(name=name or A_STRAP), markup=False)

    def told(at_s: float, packet: Packet) -> None:
        nonlocal told_s
        if at_s - told_s < TOLD_EVERY_S:
            return
        told_s = at_s
        template = NO_TOUCH if packet.touches is False else AT
        passed = {"minutes": int(at_s) // 60, "seconds": int(at_s) % 60}
        out.print(template.format(rate=packet.heart_rate_per_min, **passed))

    out.print(LOOKING)
    with database() as db:
        try:
            kept = practice.record(
                db,
                uuid.uuid4().hex[:8],
                minutes=minutes,
                moment=session_moment,
                now=now,
                clock=time.monotonic,
                found=found,
                told=told,
            )
        except NotKeptError:
            out.print(NOTHING_CAME)
            return
    _tell(kept)


def _tell(kept: Recorded) -> None:
    from matwise.practice.variability_words import NAMES, told

    if kept.best is None:
        out.print(NO_BEATS)
        return
    best = kept.best
    if len(kept.parts) > 1:
        out.print(STRETCHES.format(number=len(kept.parts)))
    out.print(
        KEPT.format(minutes=best.duration_s / 60, beats=best.beats, percent=100 * best.artefact_share), markup=False
    )
    for name, figure in best.figures.items():
        out.print(" ", Sentence("{what}: {value}").format(what=NAMES[name], value=told(figure)), markup=False)
    for caution in best.cautions:
        out.print(caution)
    out.print(UNDO.format(id=kept.kept.id), soft_wrap=True)

"""The ladder in a terminal."""

from __future__ import annotations

from matwise.cli.terminal import VERBS, app, bold, database, now, out
from matwise.sentence import Sentence

ROUTINE = Sentence("Also open: {title} (matwise guide --choice {id}). {caution}")
SCREEN_FIRST = Sentence("Do the safety check first: matwise screen")
UP, STAY, BACK = Sentence("Up"), Sentence("Stay"), Sentence("Back")
MOVE = Sentence("{move}: {sentence}")
RUNG = Sentence("{title}: {rung}")


@app.command(group=VERBS, sort_key=2)
def plan() -> None:
    """Which step of the ladder am I on, why, and what would move me?"""
    from matwise.practice import plan as practice
    from matwise.practice import say

    with database() as db:
        today = practice.today(db, now())
    if today.refusal is not None:
        out.print(bold(today.refusal.sentence))
    if today.trial_day is not None:
        out.print(say.words().arm_today[today.trial_day.arm])
    if today.step is None:
        out.print(SCREEN_FIRST)
        return
    out.print(bold(say.words().move[today.step.move]))
    for why in today.step.because:
        out.print(" ", why)
    for rung in today.ladder.rungs:
        here = "▸" if today.step.rung is not None and rung.number == today.step.rung.number else " "
        done = "✓" if rung.number <= today.reached else " "
        out.print(f"{here}{done} {rung.number + 1:2} ", RUNG.format(title=rung.title, rung=say.rung(rung)))
    for label, sentence in ((UP, today.step.up_if), (STAY, today.step.keep_if), (BACK, today.step.back_if)):
        out.print(MOVE.format(move=label, sentence=sentence))
    for routine in today.routines:
        out.print(ROUTINE.format(title=routine.title, id=routine.id, caution=routine.caution))

"""The ladder in a terminal."""

from __future__ import annotations

from matwise.cli.terminal import VERBS, app, database, now, out


@app.command(group=VERBS, sort_key=2)
def plan() -> None:
    """Which step of the ladder am I on, why, and what would move me?"""
    from matwise.practice import plan as practice
    from matwise.practice import say

    with database() as db:
        today = practice.today(db, now())
    if today.refusal is not None:
        out.print(f"[bold]{today.refusal}[/bold]")
    if today.trial_day is not None:
        out.print(say.words().arm_today[today.trial_day.arm])
    if today.step is None:
        out.print("Do the safety check first: matwise screen")
        return
    out.print(f"[bold]{say.words().move[today.step.move]}[/bold]")
    for why in today.step.because:
        out.print(f"  {why}")
    for rung in today.ladder.rungs:
        here = "▸" if today.step.rung is not None and rung.number == today.step.rung.number else " "
        done = "✓" if rung.number <= today.reached else " "
        out.print(f"{here}{done} {rung.number + 1:2}  {rung.title}: {say.rung(rung)}")
    for label, sentence in (("Up", today.step.up_if), ("Stay", today.step.keep_if), ("Back", today.step.back_if)):
        out.print(f"{label}: {sentence}")
    for routine in today.routines:
        out.print(f"Also open: {routine.title} (matwise guide --choice {routine.id}). {routine.caution}")

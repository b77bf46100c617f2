"""The question and its answer in a terminal."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from matwise.cli.terminal import VERBS, app, database, now, out
from matwise.errors import InvalidInputError, Problem


@app.command(group=VERBS)
def answer(  # noqa: PLR0913 – each is one option of the command
    file: Path | None = None,
    *,
    outcome: str | None = None,
    compare: str = "mat:rest",
    better: Literal["lower", "higher"] = "lower",
    scale: str = "0:10",
    carryover: str = "average",
    prior: tuple[str, ...] = (),
    smallest_change: float | None = None,
    json: Annotated[bool, Parameter(name="--json")] = False,
    begin: str | None = None,
    days: int = 56,
    block: int = 4,
    washin: int = 1,
    end: str | None = None,
) -> None:
    """Does the mat help me, by how much, and how sure are we? From your own trial, or from any table of days.

    Args:
        file: A table of days (CSV: day,arm,<ratings>; blanks are missing days). Without it: your own trial.
        outcome: The column of the table that is the rating.
        compare: The two arms, first minus second.
        better: Which way is good.
        scale: 0:10, another LOW:HIGH, or free.
        carryover: none, average, or the number of days to leave out after each switch.
        prior: level=MEAN,SD, effect=MEAN,SD, trend=MEAN,SD or sigma=SD; may be given several times.
        smallest_change: The smallest change that matters, in points of the rating.
        json: Print the answer as JSON.
        begin: Begin a trial of one: RATING:rest or RATING:nothing, for example pain:rest.
        days: Days of the new trial, 14 to 84.
        block: Days per block.
        washin: Days left out after each switch.
        end: End the running trial and keep why.
    """
    from matwise.practice import answer as practice

    if file is not None:
        if outcome is None:
            raise InvalidInputError(Problem("--outcome", "nothing", "the column of the table that is the rating"))
        found = practice.answer_file(
            file, outcome, compare, better, scale, carryover, prior, smallest_change=smallest_change
        )
        _print_answer(found, as_json=json)
        return
    with database() as db:
        if begin is not None:
            rating, _, versus = begin.partition(":")
            tomorrow = now().date() + timedelta(days=1)
            practice.begin(
                db,
                str(uuid.uuid4()),
                scale=rating,
                versus=versus or "rest",
                days=days,
                block_days=block,
                washin_days=washin,
                starts_on=tomorrow,
                seed=secrets.randbits(32),
                now=now(),
            )
        if end is not None:
            practice.end(db, end, now())
        trial = practice.latest(db)
        if trial is None:
            out.print("You have no trial yet. Begin one: matwise answer --begin pain:rest")
            return
        if not json:
            _print_schedule(trial, now().date())
        _print_answer(practice.answer(db, trial, now()), as_json=json)

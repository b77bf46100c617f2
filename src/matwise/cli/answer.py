"""The question and its answer in a terminal."""

from __future__ import annotations

import secrets
import sys
import uuid
from datetime import date, timedelta
from itertools import groupby
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from matwise.cli.terminal import VERBS, app, bold, database, dim, in_words, now, out, read_dates
from matwise.errors import InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.sentence import Sentence
from matwise.trial.arm_words import arm_name

if TYPE_CHECKING:
    from matwise.store.database import Database
    from matwise.store.trials import KeptTrial
    from matwise.trial.answer import Answer

SPAN, OFF = Sentence("{first} to {last}"), Sentence("off")
DIFFERENCE = Sentence("Difference, {first} minus {second}: {mean:+.2f} (95 % between {low:+.2f} and {high:+.2f})")
DAYS = Sentence("Days used: {used}; missing: {missing}; probably still needed: {needed}")
BETWEEN = Sentence("{low:+.1f} to {high:+.1f}")
VERDICTS = {
    "helps": Sentence("helps"),
    "makes_worse": Sentence("makes worse"),
    "no_difference_that_matters": Sentence("no difference that matters"),
    "not_enough_days": Sentence("not enough days"),
}


@app.command(group=VERBS, sort_key=5)
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
    adjust: tuple[str, ...] = (),
    json: Annotated[bool, Parameter(name="--json")] = False,
    report: bool = False,
    begin: str | None = None,
    days: int = 56,
    block: int = 4,
    washin: int = 0,
    order: str = "random",
    cannot: str = "",
    seed: int | None = None,
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
        adjust: What else is allowed for: weekday, period:DAYS, or a column such as sleep; may be given several times.
        json: Print the answer as JSON.
        report: Print a report by the items of CENT 2015 instead: a paragraph, the periods, a table.
        begin: Begin a trial of one: RATING:rest, RATING:nothing or RATING:both, for example pain:rest.
        days: Days of the new trial, 14 to 112.
        block: Days per block.
        washin: Days left out after each switch.
        order: How chance orders the blocks: random, abba, or latin for three arms.
        cannot: Dates on which you can do no session, with commas between them.
        seed: Deal from this seed, as `matwise trial schedule` did; without it a new one.
        end: End the running trial and keep why.
    """
    if file is not None:
        from matwise.practice.table import answer_file, report_of

        if outcome is None:
            raise InvalidInputError(
                Problem("--outcome", Sentence("nothing"), Sentence("the column of the table that is the rating"))
            )
        found = answer_file(
            file,
            outcome,
            compare=compare,
            better=better,
            scale=scale,
            carryover=carryover,
            priors=prior,
            smallest_change=smallest_change,
            adjust=adjust,
        )
        if report:
            sys.stdout.write(in_words(report_of(found).to_text()) + "\n")
        else:
            _print_answer(found, as_json=json)
        return
    from matwise.practice import answer as practice

    with database() as db:
        if begin is not None:
            _begin(db, begin, days, block, washin, order=order, cannot=read_dates("cannot", cannot), seed=seed)
        if end is not None:
            practice.end(db, end, now())
        trial = practice.latest(db)
        if trial is None:
            out.print(Sentence("You have no trial yet. Begin one: matwise answer --begin pain:rest"))
            return
        if report:
            from matwise.practice import beside

            sys.stdout.write(in_words(beside.report(db, trial, now()).to_text()) + "\n")
            return
        if not json:
            _print_schedule(trial, day_of(now()))
        _print_answer(practice.answer(db, trial, now()), as_json=json)


def _begin(
    db: Database,
    question: str,
    days: int,
    block: int,
    washin: int,
    *,
    order: str,
    cannot: list[date],
    seed: int | None,
) -> None:
    from matwise.practice import answer as practice

    rating, _, versus = question.partition(":")
    practice.begin(
        db,
        str(uuid.uuid4()),
        scale=rating,
        versus=versus or "rest",
        days=days,
        block_days=block,
        washin_days=washin,
        starts_on=now().date() + timedelta(days=1),
        seed=secrets.randbits(32) if seed is None else seed,
        now=now(),
        order=order,
        cannot=frozenset(cannot),
    )


def _print_schedule(trial: KeptTrial, today: date) -> None:
    from matwise.practice import say

    out.print(bold(Sentence("Your trial")))
    for (arm, off), days in groupby(trial.schedule.days, key=lambda day: (day.arm, day.off)):
        block = list(days)
        here = "▸" if block[0].on <= today <= block[-1].on else " "
        out.print(here, SPAN.format(first=block[0].on, last=block[-1].on), "", OFF if off else say.words().arm[arm])
    running = next((day for day in trial.schedule.days if day.on == today), None)
    if running is not None and not running.off and trial.ended_at is None:
        out.print(say.words().arm_today[running.arm])
    out.print()


def _print_answer(found: Answer, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(dumps(found.to_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n")
        return
    out.print(bold(found.sentence))
    for sentence in found.sentences:
        out.print(" ", sentence)
    for pair in found.pairs:
        low, high = pair.effect.q025, pair.effect.q975
        first, second = arm_name(pair.first), arm_name(pair.second)
        out.print(DIFFERENCE.format(first=first, second=second, mean=pair.effect.mean, low=low, high=high))
    needed = Sentence("more than a year") if found.days_needed is None else str(found.days_needed)
    out.print(DAYS.format(used=found.days_used, missing=found.days_missing, needed=needed))
    for warning in found.warnings:
        out.print(dim(warning))
    if found.sensitivity is not None:
        _print_sensitivity(found)


def _print_sensitivity(found: Answer) -> None:
    from rich.table import Table

    assert found.sensitivity is not None  # noqa: S101 – asked by the caller
    heads = (Sentence("If …"), Sentence("Difference, 95 %"), Sentence("Answer"))
    table = Table(*map(in_words, heads), box=None, pad_edge=False)
    for one in found.sensitivity.variants:
        same = one.verdict is found.verdict
        answer = Sentence("the same") if same else bold(VERDICTS[one.verdict.value])
        table.add_row(*map(in_words, (one.assumed, BETWEEN.format(low=one.low, high=one.high), answer)))
    out.print()
    out.print(Sentence("Does the answer hang on something nobody can know?"))
    out.print(table)

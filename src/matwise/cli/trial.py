"""A trial before it begins, in a terminal: what it can show, and its days."""

from __future__ import annotations

import csv as tables
import sys
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from matwise.cli.terminal import VERBS, app, bold, in_words, now, out, read_dates
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.practice.outlook import PowerTable
    from matwise.trial.design import Schedule

trial = App(
    name="trial", help="What would a trial of one show, and how would its days be dealt?", group=VERBS, sort_key=6
)
app.command(trial)

DesignWord = Literal["1", "2", "4", "7", "abba"]
_DESIGN = {
    "1": Sentence("a new draw every day"),
    "2": Sentence("2-day blocks"),
    "4": Sentence("4-day blocks"),
    "7": Sentence("7-day blocks"),
    "abba": Sentence("4-day blocks, mirrored (ABBA)"),
}
_POINTS = Sentence("The chance that a true difference of {points} shows clearly, by days of the trial.")
_SPREAD = Sentence(
    "Ratings differ by {spread:.1f} points from day to day and one day resembles the next by {rho:.2f} ({whose}); one"
    " evening in ten is not rated."
)
_HOPELESS = Sentence("Such a trial will probably not tell you: even {days} days leave less than an even chance.")
_NO_DESIGN = Sentence("No design gives a chance of 80 % within {days} days.")
_DEALT = Sentence("{days} days from {first}, seed {seed}")
_SPAN, _OFF = Sentence("{first} to {last}"), Sentence("off: left out of the trial")
_FAIR = Sentence("Chance dealt these days once. Keep to them however you feel: that is what makes the answer fair.")


@trial.command
def power(
    *,
    design: tuple[DesignWord, ...] = (),
    versus: Literal["rest", "breath", "nothing", "both"] = "rest",
    sd: float | None = None,
    rho: float | None = None,
    baseline: Path | None = None,
    outcome: str | None = None,
    effect: float = 1.0,
    json: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """How likely is a clear answer after 28, 42, 56, 84 and 112 days, if there is a difference?

    Args:
        design: Days per block (1, 2, 4 or 7) or abba; may be given several times. Default: all of them.
        versus: What the mat is compared with.
        sd: How much your ratings differ from day to day, in points. Default: 1.5, as is typical.
        rho: How much one day resembles the next, from -1 to 1. Default: 0.3, as is typical.
        baseline: A table of your own days (CSV: day,<ratings>) to take both from.
        outcome: The column of that table.
        effect: The true difference, in points.
        json: Print the table as JSON.
    """
    from matwise.practice import outlook as practice

    told = practice.power(
        designs=design or tuple(practice.DESIGNS),
        versus=versus,
        sd=sd,
        rho=rho,
        baseline_file=baseline,
        outcome=outcome,
        effect=effect,
    )
    if json:
        sys.stdout.write(dumps(_as_json(told), ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    else:
        _print_power(told)


@trial.command
def schedule(
    *,
    days: int = 56,
    block: int = 4,
    order: Literal["random", "abba", "latin"] = "random",
    versus: Literal["rest", "breath", "nothing", "both"] = "rest",
    washin: int = 0,
    starts: str | None = None,
    cannot: str = "",
    seed: int | None = None,
    csv: Annotated[bool, Parameter(name="--csv")] = False,
) -> None:
    """Deal the days of a trial, to keep to it without the app. Nothing is begun.

    Args:
        days: Days of the trial, 14 to 112; days off come on top.
        block: Days per block.
        order: random, abba (every other group mirrors the one before) or latin (three arms, each in every place).
        versus: What the mat is compared with; both makes three arms.
        washin: Days left out after each switch.
        starts: The first day, such as 2027-01-04. Default: tomorrow.
        cannot: Days on which you can do no session, with commas between; they are left out, whatever was due.
        seed: The number that the days are dealt from; the same number deals the same days. Default: a new one.
        csv: Print a table day,arm,washin,off instead.
    """
    from matwise.practice import outlook as practice

    dealt = practice.deal(
        versus=versus,
        days=days,
        block_days=block,
        order=order,
        washin_days=washin,
        starts_on=now().date() + timedelta(days=1) if starts is None else read_dates("starts", starts)[0],
        cannot=frozenset(read_dates("cannot", cannot)),
        seed=seed,
    )
    if csv:
        _write_csv(dealt)
    else:
        _print_schedule(dealt)


def _as_json(told: PowerTable) -> dict[str, object]:
    return {
        "versus": told.versus.value,
        "effect": told.effect,
        "day_spread": told.spread.day_spread,
        "rho": told.spread.rho,
        "baseline_days": told.spread.days,
        "missing": told.missing,
        "can_succeed": told.can_succeed,
        "designs": [
            {
                "design": line.word,
                "block_days": line.block_days,
                "order": line.order.value,
                "chances": [asdict(one) for one in line.chances],
                "days_for_half": line.days_for_half,
                "days_for_80_percent": line.days_for_probable,
            }
            for line in told.lines
        ],
    }


def _print_power(told: PowerTable) -> None:
    from rich.table import Table

    spread, longest = told.spread, told.lines[0].chances[-1].days
    own = Sentence("your own {days} days").format(days=spread.days)
    whose = own if spread.days else Sentence("what was told or is typical")
    size = abs(told.effect)
    out.print(
        _POINTS.format(points=Sentence("1 point") if size == 1 else Sentence("{size:g} points").format(size=size))
    )
    out.print(_SPREAD.format(spread=spread.day_spread, rho=spread.rho, whose=whose))
    lengths = [Sentence("{days} days").format(days=one.days) for one in told.lines[0].chances]
    table = Table("", *map(in_words, (*lengths, Sentence("80 % with"))), box=None, pad_edge=False)
    for line in told.lines:
        about = Sentence("about {days}").format(days=line.days_for_probable)
        needed = Sentence("more than {days}").format(days=longest) if line.days_for_probable is None else about
        chances = (f"{one.chance:.0%}" for one in line.chances)
        table.add_row(in_words(_DESIGN[line.word]), *chances, in_words(needed))
    out.print(table)
    if not told.can_succeed:
        out.print(bold(_HOPELESS.format(days=longest)))
    elif all(line.days_for_probable is None for line in told.lines):
        out.print(_NO_DESIGN.format(days=longest))


def _print_schedule(dealt: Schedule) -> None:
    from matwise.practice import say

    design = dealt.design
    out.print(bold(_DEALT.format(days=design.days, first=design.starts_on, seed=design.seed)))
    for (arm, off), days in groupby(dealt.days, key=lambda day: (day.arm, day.off)):
        block = list(days)
        several = in_words(_SPAN.format(first=block[0].on, last=block[-1].on))
        span = several if len(block) > 1 else f"{block[0].on}"
        out.print(f"{span:24} ", _OFF if off else say.words().arm[arm])
    out.print(_FAIR)


def _write_csv(dealt: Schedule) -> None:
    rows = tables.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("day", "arm", "washin", "off"))
    for one in dealt.days:
        rows.writerow((one.on.isoformat(), "" if one.off else one.arm.value, int(one.washin), int(one.off)))

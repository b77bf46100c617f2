"""The safety check in a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from matwise.cli.terminal import VERBS, app, ask, bold, database, dim, now, out
from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.practice.screen import OpenScreening
    from matwise.screening.rule import Rule
    from matwise.screening.verdict import Verdict
    from matwise.store.database import Database

GOING_ON = Sentence("You answered {answered} of {asked} questions before. Going on from there.")
WHERE = Sentence("{number} of {asked} · {group}")
SOURCE = Sentence("{title}, {address}; reviewed {on}")
HOLDS = Sentence("This holds through {until}; before every session you are asked whether anything has changed.")


@app.command(group=VERBS, sort_key=1)
def screen(*, answers: Path | None = None) -> None:
    """May I use a mat today? Every question, the outcome, why, and who says so.

    Args:
        answers: A JSON file of answers by question id: "no", "yes", "unknown", or {"reply": "yes", "areas": ["neck"]}.
            Questions it does not answer are asked.
    """
    from matwise.practice import screen as practice

    with database() as db:
        check = practice.resume(db, now())
        for rule_id, (reply, areas) in (_answers_from(answers) if answers else {}).items():
            practice.keep_answer(db, check.id, rule_id, reply, areas, now())
        if answers is None:
            _go_on(db, check)
        check = practice.resume(db, now())
        _stop_for_help(db)
        for number, rule in enumerate(check.unanswered, start=len(check.answers) + 1):
            reply, areas = _ask(rule, number, check.asked)
            practice.keep_answer(db, check.id, rule.id, reply, areas, now())
            _stop_for_help(db)
        _tell(practice.finish(db, check.id, now()))


def _go_on(db: Database, check: OpenScreening) -> None:
    """Say where it goes on; ask a red flag again that was answered with yes, in case it was a slip."""
    from matwise.practice import screen as practice

    if check.answers:
        out.print(GOING_ON.format(answered=len(check.answers), asked=check.asked))
    urgent = practice.help_now(check, now())
    if urgent is None:
        return
    _tell(urgent)
    rules = {rule.id: rule for rule in practice.questions()}
    for reason in urgent.reasons:
        reply, areas = _ask(rules[reason.rule_id], 1, check.asked)
        practice.keep_answer(db, check.id, reason.rule_id, reply, areas, now())


def _stop_for_help(db: Database) -> None:
    from matwise.practice import screen as practice

    urgent = practice.help_now(practice.resume(db, now()), now())
    if urgent is not None:
        _tell(urgent)
        sys.exit(1)


def _answers_from(file: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    try:
        read = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInputError(Problem(str(file), str(error), Sentence("a JSON file of answers"))) from None
    if not isinstance(read, dict):
        raise InvalidInputError(
            Problem(str(file), type(read).__name__, Sentence("a JSON object of answers by question id"))
        )
    return {
        rule_id: (str(given.get("reply")), tuple(given.get("areas", ())))
        if isinstance(given, dict)
        else (str(given), ())
        for rule_id, given in read.items()
    }


def _ask(rule: Rule, number: int, asked: int) -> tuple[str, tuple[str, ...]]:
    from matwise.practice import say
    from matwise.screening.limits import Area

    out.print()
    out.print(dim(WHERE.format(number=number, asked=asked, group=say.words().group[rule.group])))
    out.print(bold(rule.question))
    if rule.help:
        out.print(dim(rule.help))
    reply = ask(Sentence("no, yes or unknown (I don’t know)"), choices=["no", "yes", "unknown", "n", "y", "u"])
    reply = {"n": "no", "y": "yes", "u": "unknown"}.get(reply, reply)
    if reply != "yes" or not rule.asks_where:
        return reply, ()
    for index, area in enumerate(Area, start=1):
        out.print(f"  {index} ", say.words().area[area])
    chosen = ask(Sentence("Where? Numbers with spaces between (nothing = everywhere)"), default="").split()
    names = [str(area) for area in Area]
    return reply, tuple(names[int(n) - 1] if n.isdigit() and 0 < int(n) <= len(names) else n for n in chosen)


def _tell(verdict: Verdict) -> None:
    from matwise.practice import explain, say

    out.print()
    out.print(bold(say.words().outcome[verdict.outcome.name]))
    for reason in verdict.reasons:
        out.print()
        out.print("•", reason.sentence)
        for source in reason.sources:
            told = SOURCE.format(title=source.title, address=source.address, on=reason.reviewed_on)
            out.print(" ", dim(told), soft_wrap=True)
    for sentence in say.limits(verdict.limits):
        out.print("–", sentence)
    out.print()
    out.print(HOLDS.format(until=verdict.valid_until))
    if not explain.clinically_reviewed():
        out.print(dim(say.words().not_reviewed))

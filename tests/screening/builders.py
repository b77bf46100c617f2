"""Small rules, answers and verdicts with defaults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from matwise.screening.limits import NO_LIMITS, Area, Limits
from matwise.screening.rule import Answer, Consequence, Group, Outcome, Reply, Rule, Source
from matwise.screening.verdict import Reason, Verdict

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
A_SOURCE = Source("A source", "https://doi.org/10.1/1", TODAY)


def a_rule(
    rule_id: str = "a_rule",
    yes: Outcome = Outcome.DO_NOT_USE,
    unknown: Outcome = Outcome.ASK_A_CLINICIAN,
    yes_limits: Limits = NO_LIMITS,
    *,
    asks_where: bool = False,
    valid_days: int = 28,
) -> Rule:
    return Rule(
        id=rule_id,
        group=Group.HEALTH,
        question="Is it so?",
        help="",
        yes=Consequence(yes, "Because it is so.", yes_limits),
        unknown=Consequence(unknown, "Because nobody knows.", yes_limits),
        sources=(A_SOURCE,),
        reviewed_on=TODAY,
        asks_where=asks_where,
        valid_days=valid_days,
    )


def yes(*areas: Area) -> Answer:
    return Answer(Reply.YES, frozenset(areas))


NO = Answer(Reply.NO)
UNKNOWN = Answer(Reply.UNKNOWN)


def all_no(rules: Sequence[Rule]) -> dict[str, Answer]:
    return {rule.id: NO for rule in rules}


def a_verdict(
    outcome: Outcome = Outcome.GO,
    limits: Limits = NO_LIMITS,
    screened_on: date = TODAY,
    valid_until: date = date(2026, 12, 21),
    rules_version: str = "1",
) -> Verdict:
    reasons = (Reason("a_rule", None, outcome, "Because it is so.", (A_SOURCE,), TODAY),) if outcome else ()
    return Verdict(outcome, reasons, limits, screened_on, valid_until, rules_version)

"""The answers of a person weighed against the rules: what they may do, why, and until when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, reduce

from matwise.screening.limits import AREAS_TOUCHED, NO_LIMITS, Area, Layer, Limits
from matwise.screening.rule import Answer, Answers, Consequence, Outcome, Reply, Rule, Source
from matwise.sentence import Sentence

VALID_DAYS = 28  # hazard H2: an answer about pregnancy, skin or medicine may be wrong after a month
NO_RULES = Sentence(
    "The safety check could not be loaded, so it can't tell whether the mat is right for you. Please don't use it."
)
NOTHING_LEFT = Sentence("Together, your answers leave no place for the mat for now.")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the outcome is what it is: one rule that fired, with who says so."""

    rule_id: str
    answer: Answer | None
    outcome: Outcome
    sentence: str
    sources: tuple[Source, ...]
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a safety check: the most careful of all reasons, valid through `valid_until` (inclusive)."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    limits: Limits
    screened_on: date
    valid_until: date
    rules_version: str


@dataclass(frozen=True, slots=True)
class _Fired:
    reason: Reason
    limits: Limits
    valid_days: int


def screen(answers: Answers, rules: Sequence[Rule], screened_on: date) -> Verdict:
    """Weigh every rule; the most careful consequence decides.

    A question without an answer counts as "I don't know", and so does an answer that is neither yes nor no. Without
    rules nobody is let through. Reasons come in order of care, the most careful first. The verdict stands for 28 days,
    or less where a rule that fired says that its reason can change sooner.
    """
    if not rules:
        reason = Reason("no_rules", None, Outcome.DO_NOT_USE, NO_RULES, (), screened_on)
        return Verdict(Outcome.DO_NOT_USE, (reason,), NO_LIMITS, screened_on, screened_on, "")
    fired = [one for rule in rules if (one := _weigh(rule, answers.get(rule.id))) is not None]
    reasons = [one.reason for one in fired]
    if not _anywhere([one.limits for one in fired if one.reason.outcome is Outcome.GO_WITH_LIMITS]):
        reasons = [_closed(reason) for reason in reasons]
    days = min([VALID_DAYS, *(one.valid_days for one in fired)])
    return Verdict(
        outcome=max((reason.outcome for reason in reasons), default=Outcome.GO),
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.outcome)),
        limits=_merged(one.limits for one in fired),
        screened_on=screened_on,
        valid_until=screened_on + timedelta(days=days),
        rules_version=version_of(rules),
    )


def version_of(rules: Sequence[Rule]) -> str:
    """A name for exactly these rules, in this order: it changes when a word, a limit or a date of them changes."""
    return _version(tuple(rules)) if rules else ""


@lru_cache(maxsize=8)  # the rules of a run are always the same few; spelling them out takes milliseconds
def _version(rules: tuple[Rule, ...]) -> str:
    return hashlib.sha256(_canonical(rules).encode()).hexdigest()[:16]


def _weigh(rule: Rule, answer: Answer | None) -> _Fired | None:
    if answer is not None and answer.reply is Reply.NO:
        return None
    sure = answer is not None and answer.reply is Reply.YES
    consequence = rule.yes if sure else rule.unknown
    reason = Reason(rule.id, answer, consequence.outcome, consequence.reason, rule.sources, rule.reviewed_on)
    return _Fired(reason, _limits(rule, consequence, answer if sure else None), rule.valid_days)


def _limits(rule: Rule, consequence: Consequence, answer: Answer | None) -> Limits:
    if not rule.asks_where:
        return consequence.limits
    # Nobody said where: it may be anywhere, so every area is closed.
    areas = answer.areas if answer is not None and answer.areas else frozenset(Area)
    return consequence.limits.and_also(Limits(closed_areas=areas))


def _merged(limits: Iterable[Limits]) -> Limits:
    return reduce(Limits.and_also, limits, NO_LIMITS)


def _anywhere(limits: Iterable[Limits]) -> bool:
    """Whether the gentlest session, one minute through a towel, is allowed anywhere at all."""
    merged = _merged(limits)
    return any(merged.allows(placement, Layer.TOWEL, 1) for placement in AREAS_TOUCHED)


def _closed(reason: Reason) -> Reason:
    """The same reason, now that nothing is left to go with: limits that allow nothing are no limits but a stop."""
    if reason.outcome is not Outcome.GO_WITH_LIMITS:
        return reason
    return replace(reason, outcome=Outcome.DO_NOT_USE, sentence=f"{reason.sentence} {NOTHING_LEFT}")


def _canonical(value: object) -> str:
    """Text that is the same on every machine and in every run: sets come in no fixed order, so they are sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        inner = ",".join(f"{field.name}={_canonical(getattr(value, field.name))}" for field in fields(value))
        return f"{type(value).__name__}({inner})"
    if isinstance(value, tuple):
        return "[" + ",".join(_canonical(one) for one in value) + "]"
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(_canonical(one) for one in value)) + "}"
    return repr(str(value))

"""The answers of a person weighed against the rules: what they may do, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matwise.screening.limits import Limits
from matwise.screening.rule import Answer, Outcome, Source


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

"""The rules of the safety check, read from `red_flags.yaml` and `contraindications.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.sources import cited
from matwise.errors import Problem
from matwise.screening.limits import Area, Layer, Limits, Placement
from matwise.screening.rule import Consequence, Group, Outcome, Rule
from matwise.screening.verdict import version_of
from matwise.sentence import Sentence

FILES = (HERE / "red_flags.yaml", HERE / "contraindications.yaml")


class _Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    thinnest_layer: Literal["bare", "thin_shirt", "heavy_shirt", "towel"] = "bare"
    closed_areas: tuple[Area, ...] = ()
    closed_placements: tuple[Placement, ...] = ()
    max_minutes: int | None = None
    no_breath_holds: bool = False


class _Consequence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # "go" is not on offer: a rule that fires always asks for care.
    outcome: Literal["go_with_limits", "ask_a_clinician", "do_not_use", "get_help_now"]
    reason: Sentence
    limits: _Limits = _Limits()


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    group: Group
    question: Sentence
    help: Sentence
    yes: _Consequence
    unknown: _Consequence
    sources: tuple[str, ...]
    reviewed_on: date
    asks_where: bool = False
    valid_days: int = 28
    hazards: tuple[str, ...] = ()


class _Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    role: str
    on: date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signed: _Signature | None
    rules_expected: int
    rules: tuple[_Rule, ...]


@functools.cache
def screening_rules() -> tuple[Rule, ...]:
    """Every rule of the safety check, red flags first.

    Raises:
        ContentError: a file can't be read, lost a rule, or says something that can't be meant.
    """
    return rules_in(FILES)


def rules_version() -> str:
    """A name for exactly these rules; kept with every verdict."""
    return version_of(screening_rules())


def clinically_reviewed() -> bool:
    """Whether a named clinician has signed every file of rules. Until then pages must say that none has."""
    return all(read(path, _File).value.signed is not None for path in FILES)


def rules_in(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules of these files, in order.

    Raises:
        ContentError: see `screening_rules`.
    """
    documents = [read(path, _File) for path in paths]
    seen: set[str] = set()
    problems = [problem for document in documents for problem in _problems(document, seen)]
    if problems:
        raise ContentError(*problems)
    return tuple(_rule(document, n) for document in documents for n in range(len(document.value.rules)))


def _problems(document: Document[_File], seen: set[str]) -> list[Problem]:
    file, found = document.value, []
    if len(file.rules) != file.rules_expected:
        want = f"{file.rules_expected} rules, as the head of the file says"
        found.append(document.problem("$.rules_expected", f"{len(file.rules)} rules", want))
    for n, rule in enumerate(file.rules):
        at = f"$.rules[{n}]"
        if rule.id in seen:
            found.append(document.problem(f"{at}.id", repr(rule.id), "an id that no other rule has"))
        if not (rule.question.strip() and rule.yes.reason.strip() and rule.unknown.reason.strip()):
            found.append(document.problem(at, "an empty sentence", "a question and a reason for yes and for unknown"))
        if not rule.sources:
            found.append(document.problem(f"{at}.sources", "none", "at least one source"))
        if not 0 <= rule.valid_days <= 28:
            found.append(document.problem(f"{at}.valid_days", str(rule.valid_days), "0 (only today) to 28 days"))
        found += _limits_problems(document, at, rule)
        seen.add(rule.id)
    return found


def _limits_problems(document: Document[_File], at: str, rule: _Rule) -> list[Problem]:
    """A consequence that limits must say what it limits: "go with limits" without any would be a "go"."""
    found = []
    for reply, consequence in (("yes", rule.yes), ("unknown", rule.unknown)):
        limits = consequence.limits
        if limits.max_minutes is not None and limits.max_minutes < 1:
            found.append(document.problem(f"{at}.{reply}.limits", str(limits.max_minutes), "at least 1 minute"))
        if consequence.outcome == "go_with_limits" and limits == _Limits() and not rule.asks_where:
            found.append(document.problem(f"{at}.{reply}", "go_with_limits without limits", "what is limited"))
    return found


def _rule(document: Document[_File], n: int) -> Rule:
    raw = document.value.rules[n]
    return Rule(
        id=raw.id,
        group=raw.group,
        question=raw.question,
        help=raw.help,
        yes=_consequence(raw.yes),
        unknown=_consequence(raw.unknown),
        sources=cited(document, f"$.rules[{n}].sources", raw.sources),
        reviewed_on=raw.reviewed_on,
        asks_where=raw.asks_where,
        valid_days=raw.valid_days,
        hazards=raw.hazards,
    )


def _consequence(raw: _Consequence) -> Consequence:
    limits = Limits(
        thinnest_layer=Layer[raw.limits.thinnest_layer.upper()],
        closed_areas=frozenset(raw.limits.closed_areas),
        closed_placements=frozenset(raw.limits.closed_placements),
        max_minutes=raw.limits.max_minutes,
        no_breath_holds=raw.limits.no_breath_holds,
    )
    return Consequence(Outcome[raw.outcome.upper()], raw.reason, limits)

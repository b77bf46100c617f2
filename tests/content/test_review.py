"""Everything that is said has a source, and somebody looked at it within a year."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from matwise.content import acupoints, aims, breathing, claims, ladder, rules, scales
from matwise.content import help as help_cards
from matwise.content.questionnaires import questionnaires
from matwise.content.reader import read
from matwise.content.sources import sources
from matwise.content.stop_reasons import stop_reasons
from matwise.screening.rule import Source

# The day of the test run would make an old checkout fail for ever, so it can be set: MATWISE_TODAY=2026-11-23 ./test
TODAY = date.fromisoformat(os.environ["MATWISE_TODAY"]) if "MATWISE_TODAY" in os.environ else date.today()  # noqa: DTZ011, TID251  # the one question that is about today
YEAR = timedelta(days=366)


def reviewed() -> Iterator[tuple[str, tuple[Source, ...], date]]:
    """Every piece of content: its name, its sources, the day of its review."""
    for rule in rules.screening_rules():
        yield f"rule {rule.id}", rule.sources, rule.reviewed_on
    for claim in claims.claims():
        yield f"claim {claim.id}", claim.sources, claim.reviewed_on
    written = read(scales.FILE, dict[str, Any]).value
    for raw in (*written["scales"], {"id": "complaint", **written["complaint"]}):
        yield f"scale {raw['id']}", _named(raw["sources"]), written["reviewed_on"]
    written = read(ladder.FILE, dict[str, Any]).value
    yield "the ladder", _named(written["sources"]), written["reviewed_on"]
    for kind, file in (("programmes", breathing.FILE), ("aims", aims.FILE)):
        for raw in read(file, dict[str, Any]).value[kind]:
            yield f"{kind} {raw['id']}", _named(raw["sources"]), raw["reviewed_on"]
    yield from _asked()
    yield "the acupoints", acupoints.known_from(), acupoints.REVIEWED_ON
    for reason in stop_reasons():
        if reason.sources:
            yield f"reason to stop {reason.id}", reason.sources, reason.reviewed_on


def _asked() -> Iterator[tuple[str, tuple[Source, ...], date]]:
    for questionnaire in questionnaires().values():
        yield f"questionnaire {questionnaire.instrument.id}", questionnaire.sources, questionnaire.reviewed_on
    for kind, card in help_cards.cards().items():
        if card.lines:
            yield f"help for the {kind}", tuple(line.source for line in card.lines), card.reviewed_on


def _named(ids: list[str]) -> tuple[Source, ...]:
    return tuple(
        Source(one, f"https://doi.org/{one[4:]}", TODAY) if one.startswith("doi:") else sources()[one] for one in ids
    )


@pytest.mark.parametrize(("name", "named", "on"), list(reviewed()), ids=[one[0] for one in reviewed()])
def test_it_has_a_source_and_was_reviewed_within_a_year(name: str, named: tuple[Source, ...], on: date) -> None:
    assert named, name
    assert on <= TODAY + timedelta(days=1), f"{name} was reviewed in the future"
    assert TODAY - on <= YEAR, f"{name} was last reviewed on {on}: read its sources again"


@pytest.mark.parametrize("key", sources(), ids=str)
def test_every_source_has_an_address_or_says_why_not(key: str) -> None:
    source = sources()[key]

    web = source.address.startswith(("https://", "http://"))
    said = any(word in source.address for word in ("not kept", "ISBN", "in the source of Matwise", "estimated", "FDA"))
    assert web or said, source.address
    assert source.title
    assert source.read_on <= TODAY + timedelta(days=1)


def test_every_source_is_used() -> None:
    used = {source for _, named, _ in reviewed() for source in named}

    assert {key for key, source in sources().items() if source not in used} == set()

"""What the answers of a person come to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.screening.limits import AREAS_TOUCHED, NO_LIMITS, Area, Layer, Limits, Placement
from matwise.screening.rule import Answer, Outcome, Reply
from matwise.screening.verdict import screen, version_of
from tests.screening.builders import NO, TODAY, UNKNOWN, a_rule, all_no, yes


def test_without_rules_nobody_is_let_through() -> None:
    verdict = screen({}, [], TODAY)

    assert verdict.outcome is Outcome.DO_NOT_USE
    assert verdict.reasons
    assert not verdict.rules_version
    assert verdict.valid_until == TODAY


def test_every_no_means_go_without_limits() -> None:
    rules = [a_rule("a"), a_rule("b")]

    verdict = screen(all_no(rules), rules, TODAY)

    assert (verdict.outcome, verdict.reasons, verdict.limits) == (Outcome.GO, (), NO_LIMITS)


def test_a_missing_answer_counts_as_unknown() -> None:
    rules = [a_rule("a"), a_rule("b")]

    missing = screen({"a": NO}, rules, TODAY)
    unknown = screen({"a": NO, "b": UNKNOWN}, rules, TODAY)

    assert missing.outcome is unknown.outcome is Outcome.ASK_A_CLINICIAN
    assert missing.reasons[0].sentence == "Because nobody knows."
    assert missing.reasons[0].answer is None


@pytest.mark.parametrize("odd", ["no", "NO", "", None, 0, False])
def test_an_answer_that_is_no_reply_never_counts_as_no(odd: object) -> None:
    rules = [a_rule("a")]
    answer = Answer(odd)  # type: ignore[arg-type]  # what a damaged store might hand over

    verdict = screen({"a": answer}, rules, TODAY)

    assert verdict.outcome is Outcome.ASK_A_CLINICIAN


def test_the_most_careful_reason_decides_and_comes_first() -> None:
    rules = [a_rule("a", yes=Outcome.GO_WITH_LIMITS), a_rule("b", yes=Outcome.GET_HELP_NOW), a_rule("c")]

    verdict = screen({"a": yes(), "b": yes(), "c": NO}, rules, TODAY)

    assert verdict.outcome is Outcome.GET_HELP_NOW
    assert [reason.rule_id for reason in verdict.reasons] == ["b", "a"]


def test_a_yes_closes_the_areas_it_names_and_no_other() -> None:
    rules = [a_rule("a", Outcome.GO_WITH_LIMITS, asks_where=True)]

    verdict = screen({"a": yes(Area.FEET)}, rules, TODAY)

    assert verdict.limits.closed_areas == {Area.FEET}
    assert not verdict.limits.allows(Placement.FEET_SEATED, Layer.TOWEL, 1)
    assert verdict.limits.allows(Placement.WHOLE_BACK, Layer.BARE, 60)


def test_a_yes_without_a_place_closes_every_place_and_so_stops() -> None:
    rules = [a_rule("a", Outcome.GO_WITH_LIMITS, asks_where=True)]

    verdict = screen({"a": yes()}, rules, TODAY)

    assert verdict.outcome is Outcome.DO_NOT_USE
    assert verdict.limits.closed_areas == frozenset(Area)
    assert "no place" in verdict.reasons[0].sentence


def test_limits_that_together_leave_no_place_are_a_stop() -> None:
    rules = [a_rule(area.value, Outcome.GO_WITH_LIMITS, asks_where=True) for area in Area]

    verdict = screen({area.value: yes(area) for area in Area}, rules, TODAY)

    assert verdict.outcome is Outcome.DO_NOT_USE


def test_unknown_where_closes_every_place() -> None:
    verdict = screen({"a": UNKNOWN}, [a_rule("a", Outcome.GO_WITH_LIMITS, asks_where=True)], TODAY)

    assert verdict.limits.closed_areas == frozenset(Area)


@given(
    layers=st.lists(st.sampled_from(Layer), min_size=1, max_size=4),
    minutes=st.lists(st.one_of(st.none(), st.integers(1, 40)), min_size=1, max_size=4),
    still=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_all_limits_hold_at_once(layers: list[Layer], minutes: list[int | None], still: list[bool]) -> None:
    both = list(zip(layers, minutes, strict=False))
    given_limits = [Limits(a, max_minutes=m, no_breath_holds=h) for (a, m), h in zip(both, still, strict=False)]
    rules = [a_rule(str(n), Outcome.GO_WITH_LIMITS, yes_limits=one) for n, one in enumerate(given_limits)]

    limits = screen({rule.id: yes() for rule in rules}, rules, TODAY).limits

    assert limits.thinnest_layer is max(layer for layer, _ in both)
    assert limits.max_minutes == min((m for _, m in both if m is not None), default=None)
    assert limits.no_breath_holds is any(one.no_breath_holds for one in given_limits)
    for rule in rules:
        assert limits.and_also(rule.yes.limits) == limits


def test_it_stands_for_28_days_or_less_where_a_reason_can_change_sooner() -> None:
    rules = [a_rule("a", valid_days=3), a_rule("b", valid_days=7), a_rule("c", valid_days=365)]

    assert screen(all_no(rules), rules, TODAY).valid_until == TODAY + timedelta(days=28)
    assert screen({**all_no(rules), "b": yes()}, rules, TODAY).valid_until == TODAY + timedelta(days=7)
    assert screen({**all_no(rules), "b": yes(), "a": yes()}, rules, TODAY).valid_until == TODAY + timedelta(days=3)
    assert screen({**all_no(rules), "c": yes()}, rules, TODAY).valid_until == TODAY + timedelta(days=28)


class _Broken(Mapping[str, Answer]):
    def __getitem__(self, key: str) -> Answer:
        raise OSError("disk")

    def __iter__(self) -> Iterator[str]:
        raise OSError("disk")

    def __len__(self) -> int:
        raise OSError("disk")

    def get(self, key: str, default: object = None) -> Answer:
        raise OSError("disk")


def test_a_failure_while_reading_answers_never_becomes_a_verdict() -> None:
    with pytest.raises(OSError, match="disk"):
        screen(_Broken(), [a_rule("a")], TODAY)


replies = st.sampled_from(Reply)
outcomes: st.SearchStrategy[Outcome] = st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.GO])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[Outcome, Outcome, bool]], list[Answer]]:
    size = draw(st.integers(1, 6))
    rows: list[tuple[Outcome, Outcome, bool]] = [
        (draw(outcomes), draw(outcomes), draw(st.booleans())) for _ in range(size)
    ]
    answers = [Answer(draw(replies), frozenset(draw(st.sets(st.sampled_from(Area), max_size=3)))) for _ in range(size)]
    return rows, answers


@given(table=tables(), which=st.integers(0, 5), instead=st.sampled_from([yes(), yes(Area.NECK), UNKNOWN, None]))
def test_no_answer_but_no_ever_makes_the_outcome_less_careful(
    table: tuple[list[tuple[Outcome, Outcome, bool]], list[Answer]], which: int, instead: Answer | None
) -> None:
    rows, given_answers = table
    rules = [a_rule(str(n), sure, unsure, asks_where=where) for n, (sure, unsure, where) in enumerate(rows)]
    changed = str(which % len(rules))
    answers = {rule.id: answer for rule, answer in zip(rules, given_answers, strict=True)} | {changed: NO}
    others = {key: answer for key, answer in answers.items() if key != changed}

    before = screen(answers, rules, TODAY)
    after = screen(others if instead is None else others | {changed: instead}, rules, TODAY)

    assert after.outcome >= before.outcome
    assert after.valid_until <= before.valid_until
    assert before.limits.and_also(after.limits) == after.limits


@given(table=tables())
def test_go_always_means_that_every_answer_was_an_explicit_no(
    table: tuple[list[tuple[Outcome, Outcome, bool]], list[Answer]],
) -> None:
    rows, given_answers = table
    rules = [a_rule(str(n), sure, unsure, asks_where=where) for n, (sure, unsure, where) in enumerate(rows)]

    verdict = screen(dict(zip((rule.id for rule in rules), given_answers, strict=True)), rules, TODAY)

    assert (verdict.outcome is Outcome.GO) == all(answer.reply is Reply.NO for answer in given_answers)
    if verdict.outcome is Outcome.GO_WITH_LIMITS:
        assert any(verdict.limits.allows(placement, Layer.TOWEL, 1) for placement in AREAS_TOUCHED)


def test_the_version_changes_with_every_part_of_a_rule() -> None:
    base = [a_rule("a")]
    others = [
        [a_rule("b")],
        [a_rule("a", Outcome.GET_HELP_NOW)],
        [a_rule("a", yes_limits=Limits(max_minutes=3))],
        [a_rule("a", asks_where=True)],
        [a_rule("a", valid_days=2)],
        [a_rule("a"), a_rule("b")],
        [a_rule("b"), a_rule("a")],
    ]

    assert len({version_of(rules) for rules in [base, *others]}) == len(others) + 1
    assert version_of(base) == version_of([a_rule("a")])


def test_the_version_is_the_same_in_every_run() -> None:
    code = "from matwise.content.rules import rules_version; print(rules_version())"

    versions = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(versions) == 1


def test_a_verdict_of_the_last_day_of_february_is_counted_in_days() -> None:
    rules = [a_rule("a")]

    assert screen(all_no(rules), rules, date(2028, 2, 29)).valid_until == date(2028, 3, 28)

"""Who passes the one door to a session."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.screening.gate import AdverseReport, NotAllowedError, Permission, permission
from matwise.screening.limits import Area, Layer, Limits, Placement
from matwise.screening.rule import Outcome, Reply
from matwise.screening.verdict import screen
from tests.screening.builders import NO, NOW, TODAY, UNKNOWN, a_rule, a_verdict, all_no, yes

BACK = (Placement.WHOLE_BACK, Layer.HEAVY_SHIRT, 10)


def a_report(days_ago: int = 0, what: str = "dizzy") -> AdverseReport:
    return AdverseReport(TODAY - timedelta(days=days_ago), what)


def test_without_a_safety_check_nobody_passes() -> None:
    with pytest.raises(NotAllowedError) as refusal:
        permission(None, Reply.NO, (), NOW)

    assert refusal.value.ask_again
    assert refusal.value.outcome is None
    assert refusal.value.reasons


@pytest.mark.parametrize("outcome", [Outcome.GO, Outcome.GO_WITH_LIMITS])
def test_a_check_that_allows_it_lets_pass_where_nothing_has_changed(outcome: Outcome) -> None:
    granted = permission(a_verdict(outcome), Reply.NO, (), NOW)
    granted.check(*BACK, NOW)

    assert granted.asked_at == NOW


@pytest.mark.parametrize("outcome", [Outcome.ASK_A_CLINICIAN, Outcome.DO_NOT_USE, Outcome.GET_HELP_NOW])
def test_every_other_outcome_refuses_and_says_why(outcome: Outcome) -> None:
    with pytest.raises(NotAllowedError) as refusal:
        permission(a_verdict(outcome), Reply.NO, (), NOW)

    assert refusal.value.outcome is outcome
    assert refusal.value.reasons == ("Because it is so.",)
    assert not refusal.value.ask_again


@pytest.mark.parametrize("outcome", [Outcome.ASK_A_CLINICIAN, Outcome.DO_NOT_USE, Outcome.GET_HELP_NOW])
def test_a_permission_can_not_be_made_by_hand_from_a_refusal(outcome: Outcome) -> None:
    with pytest.raises(NotAllowedError):
        Permission(a_verdict(outcome), NOW)


@pytest.mark.parametrize(("changed", "again"), [(Reply.YES, True), (Reply.UNKNOWN, True), (None, False)])
def test_whoever_does_not_say_that_nothing_has_changed_does_not_pass(changed: Reply | None, again: bool) -> None:  # noqa: FBT001  # a column of the table above
    with pytest.raises(NotAllowedError) as refusal:
        permission(a_verdict(), changed, (), NOW)

    assert refusal.value.ask_again is again


def test_the_last_valid_day_still_counts_and_the_next_does_not() -> None:
    verdict = a_verdict(valid_until=TODAY)
    late = datetime(2026, 11, 23, 23, 59, tzinfo=NOW.tzinfo)

    assert permission(verdict, Reply.NO, (), late)
    with pytest.raises(NotAllowedError) as refusal:
        permission(verdict, Reply.NO, (), late + timedelta(minutes=1))
    assert refusal.value.ask_again


def test_a_check_from_the_future_is_asked_again() -> None:
    with pytest.raises(NotAllowedError) as refusal:
        permission(a_verdict(screened_on=TODAY + timedelta(days=1)), Reply.NO, (), NOW)

    assert refusal.value.ask_again


def test_a_check_of_unknown_rules_is_asked_again() -> None:
    with pytest.raises(NotAllowedError) as refusal:
        permission(a_verdict(rules_version=""), Reply.NO, (), NOW)

    assert refusal.value.ask_again


def test_after_a_bad_reaction_the_check_is_asked_again() -> None:
    verdict = a_verdict(screened_on=TODAY - timedelta(days=5))

    with pytest.raises(NotAllowedError) as refusal:
        permission(verdict, Reply.NO, [a_report(days_ago=3)], NOW)

    assert refusal.value.ask_again
    assert "dizzy" in str(refusal.value)


def test_a_report_of_the_day_of_the_check_counts_as_newer() -> None:
    verdict = a_verdict(screened_on=TODAY - timedelta(days=5))

    with pytest.raises(NotAllowedError):
        permission(verdict, Reply.NO, [a_report(days_ago=5)], NOW)


def test_after_a_bad_reaction_today_the_mat_rests_until_tomorrow() -> None:
    with pytest.raises(NotAllowedError) as refusal:
        permission(a_verdict(), Reply.NO, [a_report()], NOW)
    tomorrow = a_verdict(screened_on=TODAY + timedelta(days=1))

    assert not refusal.value.ask_again
    assert permission(tomorrow, Reply.NO, [a_report()], NOW + timedelta(days=1))


def test_a_check_after_the_bad_reaction_lets_pass_again() -> None:
    assert permission(a_verdict(), Reply.NO, [a_report(days_ago=1)], NOW)


def test_two_bad_reactions_in_thirty_days_are_for_a_clinician() -> None:
    with pytest.raises(NotAllowedError) as refusal:
        permission(a_verdict(), Reply.NO, [a_report(days_ago=30), a_report(days_ago=1)], NOW)

    assert refusal.value.outcome is Outcome.ASK_A_CLINICIAN
    assert not refusal.value.ask_again


def test_two_bad_reactions_further_apart_are_not() -> None:
    assert permission(a_verdict(), Reply.NO, [a_report(days_ago=31), a_report(days_ago=1)], NOW)


def test_a_permission_lasts_two_hours() -> None:
    granted = permission(a_verdict(), Reply.NO, (), NOW)

    granted.check(*BACK, NOW + timedelta(hours=2))
    for at in (NOW + timedelta(hours=2, seconds=1), NOW - timedelta(seconds=1)):
        with pytest.raises(NotAllowedError):
            granted.check(*BACK, at)


def test_a_permission_ends_with_the_check() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=NOW.tzinfo)
    granted = permission(a_verdict(valid_until=TODAY), Reply.NO, (), late)

    granted.check(*BACK, late)
    with pytest.raises(NotAllowedError):
        granted.check(*BACK, late + timedelta(hours=1))


def test_half_an_hour_is_the_longest_session() -> None:
    granted = permission(a_verdict(), Reply.NO, (), NOW)

    granted.check(Placement.SEAT, Layer.TOWEL, 30, NOW)
    with pytest.raises(NotAllowedError):
        granted.check(Placement.SEAT, Layer.TOWEL, 30.1, NOW)


def test_a_refusal_that_has_run_out_is_asked_again() -> None:
    verdict = a_verdict(Outcome.DO_NOT_USE, valid_until=TODAY)

    for days, again in ((0, False), (1, True)):
        with pytest.raises(NotAllowedError) as refusal:
            permission(verdict, Reply.NO, (), NOW + timedelta(days=days))
        assert refusal.value.ask_again is again


@pytest.mark.parametrize("minutes", [0, -1, 31, math.nan, math.inf])
def test_a_length_that_is_none_or_too_much_never_passes(minutes: float) -> None:
    granted = permission(a_verdict(), Reply.NO, (), NOW)

    with pytest.raises(NotAllowedError):
        granted.check(Placement.SEAT, Layer.TOWEL, minutes, NOW)


@given(
    layer=st.sampled_from(Layer),
    closed=st.frozensets(st.sampled_from(Area)),
    longest=st.one_of(st.none(), st.integers(1, 30)),
    placement=st.sampled_from(Placement),
    through=st.sampled_from(Layer),
    minutes=st.integers(1, 30),
)
def test_what_the_limits_forbid_never_passes_and_the_rest_always_does(
    layer: Layer, closed: frozenset[Area], longest: int | None, placement: Placement, through: Layer, minutes: int
) -> None:
    limits = Limits(layer, closed, frozenset(), longest)
    granted = permission(a_verdict(Outcome.GO_WITH_LIMITS, limits), Reply.NO, (), NOW)
    passed = True

    try:
        granted.check(placement, through, minutes, NOW)
    except NotAllowedError:
        passed = False

    assert passed == limits.allows(placement, through, minutes)


@given(
    replies=st.lists(st.sampled_from([None, *Reply]), min_size=2, max_size=2),
    changed=st.sampled_from([None, *Reply]),
    days_later=st.integers(-2, 40),
    reports=st.lists(st.integers(-3, 40), max_size=3),
)
def test_whoever_passes_always_has_a_valid_check_and_nothing_against_it(
    replies: list[Reply | None], changed: Reply | None, days_later: int, reports: list[int]
) -> None:
    rules = [a_rule("a"), a_rule("b")]
    said = {Reply.NO: NO, Reply.YES: yes(), Reply.UNKNOWN: UNKNOWN}
    answers = {rule.id: said[reply] for rule, reply in zip(rules, replies, strict=True) if reply is not None}
    verdict = screen(answers, rules, TODAY)
    now = NOW + timedelta(days=days_later)

    try:
        permission(verdict, changed, [AdverseReport(TODAY + timedelta(days=n), "skin") for n in reports], now)
    except NotAllowedError:
        return

    assert replies == [Reply.NO, Reply.NO]
    assert changed is Reply.NO
    assert 0 <= days_later <= 28
    assert not [n for n in reports if n >= 0]


def test_a_check_without_any_answer_never_passes() -> None:
    rules = [a_rule("a")]

    with pytest.raises(NotAllowedError):
        permission(screen({}, rules, TODAY), Reply.NO, (), NOW)
    assert permission(screen(all_no(rules), rules, TODAY), Reply.NO, (), NOW)

"""Up, stay, back or rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.content.ladder import ladder as the_ladder
from matwise.plan.progression import next_rung, routines_open
from matwise.plan.rung import Effort, Move, SkinNextDay
from matwise.plan.signs import naps_grow
from matwise.screening.limits import Area, Layer, Limits, Placement
from matwise.screening.rule import Outcome
from tests.plan.builders import TODAY, a_ladder, an_effort, calm_days, go

LIMITS = st.builds(
    Limits,
    thinnest_layer=st.sampled_from(Layer),
    closed_areas=st.frozensets(st.sampled_from(Area), max_size=4),
    closed_placements=st.frozensets(st.sampled_from(Placement), max_size=3),
    max_minutes=st.one_of(st.none(), st.integers(1, 30)),
)
EFFORTS = st.lists(
    st.builds(
        an_effort,
        rung=st.integers(0, 9),
        days_ago=st.integers(0, 60),
        pain=st.one_of(st.none(), st.integers(0, 10)),
        dizzy=st.sampled_from([None, False, True]),
        skin=st.sampled_from([None, *SkinNextDay]),
        completed=st.booleans(),
        minutes=st.floats(0, 20),
        nap=st.one_of(st.none(), st.floats(0, 20)),
    ),
    max_size=12,
)


def number(efforts: list[Effort], limits: Limits | None = None) -> int | None:
    step = next_rung(a_ladder(), efforts, go(limits or Limits()), TODAY)
    return step.rung.number if step.rung is not None else None


def test_everybody_starts_on_the_gentlest_rung() -> None:
    step = next_rung(a_ladder(), [], go(), TODAY)

    assert step.rung is not None
    assert (step.rung.number, step.move) == (0, Move.START)
    assert "2 more calm days" in step.up_if
    assert "7 of 10" in step.back_if


def test_enough_calm_days_lead_up_by_one() -> None:
    step = next_rung(a_ladder(), calm_days(0, 2), go(), TODAY)

    assert step.rung is not None
    assert (step.rung.number, step.move) == (1, Move.UP)
    assert "2 of 10" in " ".join(step.because)


def test_pain_of_four_is_still_calm() -> None:
    assert number([an_effort(0, 2, pain=4), an_effort(0, 1, pain=4)]) == 1


def test_one_calm_day_too_few_stays_and_says_how_many_are_missing() -> None:
    step = next_rung(a_ladder(), calm_days(0, 1), go(), TODAY)

    assert step.rung is not None
    assert (step.rung.number, step.move) == (0, Move.STAY)
    assert "1 of 2" in " ".join(step.because)
    assert "1 more calm day:" in step.up_if


def test_two_sessions_on_one_day_count_as_one_day() -> None:
    assert number([an_effort(0), an_effort(0)]) == 0


@pytest.mark.parametrize(
    "unknown", [{"pain": None}, {"dizzy": None}, {"skin": None}, {"pain": 5}, {"pain": 6}], ids=str
)
def test_a_day_that_is_not_known_to_be_calm_does_not_lead_up(unknown: dict[str, int | None]) -> None:
    efforts = [an_effort(0, 2), an_effort(0, 1, **unknown)]  # type: ignore[arg-type]  # one field of the builder

    step = next_rung(a_ladder(), efforts, go(), TODAY)

    assert step.rung is not None
    assert (step.rung.number, step.move) == (0, Move.STAY)


def test_missing_answers_are_named() -> None:
    step = next_rung(a_ladder(), [an_effort(0, pain=None, skin=None)], go(), TODAY)

    assert "how strong the pain was or how your skin is" in " ".join(step.because)


@pytest.mark.parametrize(
    ("warning", "said"),
    [
        ({"pain": 7}, "7 of 10"),
        ({"dizzy": True}, "dizzy"),
        ({"completed": False, "minutes": 3.2}, "after 3 minutes"),
    ],
    ids=str,
)
def test_a_warning_leads_back_and_is_said(warning: dict[str, int], said: str) -> None:
    efforts = [*calm_days(2, 1, 2), an_effort(2, 1, **warning)]  # type: ignore[arg-type]  # one field of the builder

    step = next_rung(a_ladder(), efforts, go(), TODAY)

    assert step.rung is not None
    assert (step.rung.number, step.move) == (1, Move.BACK)
    assert said in " ".join(step.because)


@pytest.mark.parametrize("warning", [{"pain": 8}, {"dizzy": True}], ids=str)
def test_after_strong_pain_or_dizziness_today_is_for_rest(warning: dict[str, int]) -> None:
    step = next_rung(a_ladder(), [an_effort(2, 0, **warning)], go(), TODAY)  # type: ignore[arg-type]  # one field

    assert (step.rung, step.move) == (None, Move.REST)


@pytest.mark.parametrize("skin", [SkinNextDay.RED, SkinNextDay.BRUISED_OR_BROKEN])
def test_skin_that_is_not_fine_means_rest_until_it_is_reported_fine(skin: SkinNextDay) -> None:
    hurt = an_effort(2, 9, skin=skin)
    fine_again = replace(hurt, skin_later=SkinNextDay.FINE)

    assert next_rung(a_ladder(), [hurt], go(), TODAY).move is Move.REST
    assert next_rung(a_ladder(), [hurt, an_effort(2, 1, skin=None)], go(), TODAY).move is Move.REST
    assert next_rung(a_ladder(), [fine_again], go(), TODAY).rung is not None


def test_red_skin_starts_the_count_of_calm_days_anew_and_bruised_skin_leads_back() -> None:
    red = an_effort(2, 2, skin=SkinNextDay.RED, skin_later=SkinNextDay.FINE)
    bruised = replace(red, skin_next_day=SkinNextDay.BRUISED_OR_BROKEN)

    assert number([an_effort(2, 3), red, an_effort(2, 1)]) == 2
    assert number([an_effort(2, 3), bruised]) == 1


@pytest.mark.parametrize(("missed", "expected"), [(7, 3), (8, 2), (28, 2), (29, 0)])
def test_a_pause_leads_back_after_a_week_and_to_the_start_after_four(missed: int, expected: int) -> None:
    assert number([an_effort(3, missed + 1, pain=5)]) == expected


def test_a_long_pause_says_that_the_rule_is_our_own_choice() -> None:
    week = next_rung(a_ladder(), [an_effort(3, 10)], go(), TODAY)
    month = next_rung(a_ladder(), [an_effort(3, 40)], go(), TODAY)

    assert (week.move, month.move) == (Move.BACK, Move.START)
    assert "9 days" in week.because[0]
    assert "our own careful choice" in week.because[0]
    assert "39 days" in month.because[0]


def test_pauses_in_the_past_count_too() -> None:
    assert number([*calm_days(3, 1, 45), an_effort(0, 1)]) == 0


def test_a_week_of_rest_days_in_a_trial_is_no_pause() -> None:
    assert number([an_effort(3, 8, pain=5)]) == 3


def test_sessions_stop_growing_longer_while_naps_grow() -> None:
    way = [*calm_days(0, 2, 8), *calm_days(1, 2, 6), *calm_days(2, 1, 4)]
    last = an_effort(2, 1, nap=2)
    awake = next_rung(a_ladder(), [*way, last], go(), TODAY)
    asleep = next_rung(a_ladder(), [*way, replace(last, nap_minutes=5)], go(), TODAY)

    assert awake.rung is not None
    assert (awake.rung.number, awake.rung.minutes, awake.move) == (3, 10, Move.UP)
    assert asleep.rung is not None
    assert (asleep.rung.number, asleep.rung.minutes, asleep.move) == (2, 5, Move.STAY)
    assert "You slept 5 of the last 5 minutes." in " ".join(asleep.because)


@pytest.mark.parametrize(
    ("naps", "grow"),
    [
        ([], False),
        ([4.0], False),
        ([5.0], True),
        ([8.0, 6.0], False),  # half an hour long sessions: shorter than before, and less than half
        ([6.0, 8.0], True),
        ([8.0, None], True),  # not answered is not "I was awake"
        ([8.0, 0.0], False),
        ([18.0, 16.0], True),  # both half of the session
    ],
    ids=str,
)
def test_naps_grow_when_the_latest_is_the_longer_one_or_both_fill_half(naps: list[float | None], *, grow: bool) -> None:
    assert naps_grow([an_effort(minutes=30, nap=nap) for nap in naps]) is grow


@given(EFFORTS)
def test_a_nap_never_leads_higher_than_being_awake(efforts: list[Effort]) -> None:
    awake = number([replace(effort, nap_minutes=None) for effort in efforts])
    asleep = number(efforts)

    assert (awake is None) is (asleep is None)
    assert (asleep or 0) <= (awake or 0)


def test_the_last_rung_has_nothing_above() -> None:
    step = next_rung(a_ladder(), calm_days(5, 6), go(), TODAY)

    assert step.rung is not None
    assert (step.rung.number, step.move) == (5, Move.STAY)
    assert "last step" in step.up_if


def test_a_closed_rung_is_replaced_by_the_nearest_open_one_below() -> None:
    limits = Limits(max_minutes=10)

    step = next_rung(a_ladder(), calm_days(5, 1), go(limits, Outcome.GO_WITH_LIMITS), TODAY)

    assert step.rung is not None
    assert (step.rung.number, step.move) == (3, Move.BACK)
    assert "safety check" in " ".join(step.because)
    assert "closed by your safety check" in step.up_if


def test_nobody_climbs_over_a_closed_rung() -> None:
    no_back = Limits(closed_areas=frozenset({Area.UPPER_BACK}))

    assert number(list(calm_days(1, 20)), no_back) == 1


def test_where_the_feet_are_closed_the_seat_is_the_start() -> None:
    no_feet = Limits(closed_areas=frozenset({Area.FEET}))

    assert number([], no_feet) == 1
    assert number(list(calm_days(1, 2)), no_feet) == 2
    assert number([an_effort(0, 1, pain=9)], no_feet) is None


def test_where_the_seat_is_closed_the_feet_lead_to_the_back() -> None:
    no_seat = Limits(closed_areas=frozenset({Area.SEAT}))

    assert number(list(calm_days(0, 3)), no_seat) == 0
    assert number(list(calm_days(0, 4)), no_seat) == 2


def test_where_everything_is_closed_there_is_no_rung() -> None:
    step = next_rung(a_ladder(), [], go(Limits(closed_areas=frozenset(Area))), TODAY)

    assert (step.rung, step.move) == (None, Move.REST)


@pytest.mark.parametrize("outcome", [Outcome.ASK_A_CLINICIAN, Outcome.DO_NOT_USE, Outcome.GET_HELP_NOW])
def test_a_verdict_that_refuses_leaves_no_rung_and_no_routine(outcome: Outcome) -> None:
    efforts = calm_days(5, 3)

    assert next_rung(a_ladder(), efforts, go(outcome=outcome), TODAY).rung is None
    assert routines_open(a_ladder(), efforts, go(outcome=outcome), TODAY) == ()


@pytest.mark.parametrize("days", [-1, 29])
def test_a_verdict_of_another_time_leaves_no_rung(days: int) -> None:
    assert next_rung(a_ladder(), [], go(), TODAY + timedelta(days=days)).rung is None


@given(pain=st.integers(7, 10), rung=st.integers(0, 5), before=EFFORTS)
def test_strong_pain_never_leads_upwards(pain: int, rung: int, before: list[Effort]) -> None:
    efforts = [*before, an_effort(rung, 0, pain=pain)]

    tomorrow = TODAY + timedelta(days=1)
    chosen = next_rung(a_ladder(), efforts, go(), tomorrow).rung

    assert chosen is None or chosen.number <= rung
    assert next_rung(a_ladder(), efforts, go(), TODAY).rung is None


@given(before=EFFORTS, unknown=st.sampled_from(["pain", "dizzy", "skin"]), limits=LIMITS)
def test_a_session_with_an_unknown_answer_never_leads_upwards(
    before: list[Effort], unknown: str, limits: Limits
) -> None:
    verdict = go(limits, Outcome.GO_WITH_LIMITS)
    now = next_rung(the_ladder(), before, verdict, TODAY).rung
    if now is None:
        return
    more = [*before, an_effort(now.number, 0, **{unknown: None})]  # type: ignore[arg-type]  # one field of the builder

    after = next_rung(the_ladder(), more, verdict, TODAY).rung

    assert after is None or after.number <= now.number


@given(efforts=EFFORTS, limits=LIMITS)
def test_no_rung_and_no_routine_that_the_limits_forbid_is_ever_offered(efforts: list[Effort], limits: Limits) -> None:
    verdict = go(limits, Outcome.GO_WITH_LIMITS)
    step = next_rung(the_ladder(), efforts, verdict, TODAY)
    offered = [routine.rung for routine in routines_open(the_ladder(), efforts, verdict, TODAY)]
    if step.rung is not None:
        offered.append(step.rung)

    assert all(limits.allows(rung.placement, rung.layer, rung.minutes) for rung in offered)
    assert step.because
    assert all((step.up_if, step.keep_if, step.back_if))
    assert (step.rung is None) == (step.move is Move.REST)


def test_a_nap_on_a_rung_below_all_that_is_open_now_still_has_a_step() -> None:
    efforts = [an_effort(0, 2, minutes=5.0, nap=5.0), an_effort(1, 1, completed=False, minutes=5.0, nap=5.0)]
    limits = Limits(closed_placements=frozenset({Placement.HANDS, Placement.FEET_SEATED}))
    step = next_rung(the_ladder(), efforts, go(limits, Outcome.GO_WITH_LIMITS), TODAY)

    assert step.because
    assert step.rung is None or limits.allows(step.rung.placement, step.rung.layer, step.rung.minutes)


@given(efforts=EFFORTS, limits=LIMITS)
def test_nobody_is_ever_offered_a_rung_more_than_one_above_what_was_finished(
    efforts: list[Effort], limits: Limits
) -> None:
    ladder = the_ladder()
    finished = max((effort.rung for effort in efforts if effort.completed), default=-1)

    rung = next_rung(ladder, efforts, go(limits, Outcome.GO_WITH_LIMITS), TODAY).rung

    # Feet and seat are both starts: where the seat is closed, the back comes right after the feet.
    one_above = finished + 1 if finished >= ladder.last_start else ladder.last_start + 1
    assert rung is None or rung.number <= one_above


@given(efforts=EFFORTS, limits=LIMITS, seed=st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_given_never_matters(efforts: list[Effort], limits: Limits, seed: object) -> None:
    one_a_day = list({effort.on: effort for effort in efforts}.values())
    shuffled = list(one_a_day)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random of hypothesis
    verdict = go(limits, Outcome.GO_WITH_LIMITS)

    assert next_rung(a_ladder(), one_a_day, verdict, TODAY) == next_rung(a_ladder(), shuffled, verdict, TODAY)


@given(efforts=EFFORTS, pause=st.integers(0, 60), more=st.integers(0, 60))
def test_a_longer_pause_never_leads_higher(efforts: list[Effort], pause: int, more: int) -> None:
    verdict = replace(go(), valid_until=TODAY + timedelta(days=365))
    sooner = next_rung(a_ladder(), efforts, verdict, TODAY + timedelta(days=1 + pause)).rung
    later = next_rung(a_ladder(), efforts, verdict, TODAY + timedelta(days=1 + pause + more)).rung

    assert (sooner is None) == (later is None)
    if sooner is not None and later is not None:
        assert later.number <= sooner.number


def test_routines_open_once_their_rung_was_finished_without_a_warning() -> None:
    ladder = a_ladder()

    assert routines_open(ladder, calm_days(1, 3), go(), TODAY) == ()
    assert [one.id for one in routines_open(ladder, calm_days(2, 1), go(), TODAY)] == ["routine_2"]
    assert [one.id for one in routines_open(ladder, calm_days(4, 1), go(), TODAY)] == ["routine_2", "routine_4"]


def test_routines_close_again_on_the_way_back_and_where_the_limits_forbid_them() -> None:
    ladder = a_ladder()
    no_neck = Limits(closed_areas=frozenset({Area.NECK}))

    assert routines_open(ladder, [an_effort(2, 2), an_effort(2, 1, pain=8)], go(), TODAY) == ()
    assert routines_open(ladder, [an_effort(2, 1, skin=SkinNextDay.RED)], go(), TODAY) == ()
    assert routines_open(ladder, calm_days(4, 1), go(no_neck), TODAY) == ()


def test_the_whole_way_up_takes_its_days_and_no_fewer() -> None:
    ladder = the_ladder()
    efforts: list[Effort] = []
    verdict = replace(go(), valid_until=TODAY + timedelta(days=365))
    seen = []
    for n in range(40):
        today = TODAY + timedelta(days=n)
        rung = next_rung(ladder, efforts, verdict, today).rung
        assert rung is not None
        seen.append(rung.number)
        efforts.append(Effort(today, rung.number, True, rung.minutes, 2, False, SkinNextDay.FINE))  # noqa: FBT003  # `completed`, by its place in the record

    assert seen == [rung.number for rung in ladder.rungs for _ in range(rung.sessions_to_climb)][:40] + [ladder.top] * (
        40 - sum(rung.sessions_to_climb for rung in ladder.rungs)
    )

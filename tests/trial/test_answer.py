"""The answer of a trial of one."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.inference.priors import Priors
from matwise.inference.regression import NONE, compare
from matwise.trial.analysis import VerdictOfDays
from matwise.trial.answer import Answer
from matwise.trial.forecast import SIDE_BETWEEN, SIDE_RUNNING
from matwise.trial.from_schedule import answer_trial
from matwise.trial.from_table import answer_table
from matwise.trial.options import PriorChoice, read_adjustment
from matwise.trial.schedule import schedule
from tests.trial.builders import PAIN, a_design, a_schedule, a_table, day_number, noisy, some_ratings

ISSUE_KEYS = {
    *("verdict", "effect", "p_benefit", "p_matters", "days_used", "days_missing", "days_needed", "model", "priors"),
}


def ask(text: str, **options: Any) -> Answer:  # noqa: ANN401 (whatever answer_table takes)
    return answer_table(text, "pain", **options)


def problems_of(text: str, outcome: str = "pain", **options: Any) -> list[str]:  # noqa: ANN401 (as above)
    with pytest.raises(InvalidInputError) as caught:
        answer_table(text, outcome, **options)
    return [str(problem) for problem in caught.value.problems]


def figures(answer: Answer) -> list[float]:
    effect = answer.effect
    assert effect is not None
    assert answer.p_benefit is not None
    assert answer.p_matters is not None
    return [effect.mean, effect.sd, effect.q025, effect.q50, effect.q975, answer.p_benefit, answer.p_matters]


def test_a_clear_difference_helps() -> None:
    answer = ask(a_table(noisy(40, mat=-2.5)), carryover="none")

    assert answer.verdict is VerdictOfDays.HELPS
    assert answer.sentence.startswith("The mat helps you: ratings of “pain” were about 2")
    assert answer.sentence.endswith("points lower on mat days than on rest days.")
    assert answer.days_needed == 0


def test_where_higher_is_better_the_same_days_make_it_worse() -> None:
    lower = ask(a_table(noisy(40, mat=-2.5)), carryover="none")
    higher = ask(a_table(noisy(40, mat=-2.5)), carryover="none", better="higher")

    assert higher.verdict is VerdictOfDays.MAKES_WORSE
    assert higher.sentence.startswith("The mat makes it worse for you: ")
    assert higher.effect == lower.effect
    assert figures(higher)[5] == pytest.approx(1 - figures(lower)[5])


def test_days_that_hardly_differ_make_no_difference_that_matters() -> None:
    answer = ask(a_table(noisy(80, mat=0, spread=0.8)), carryover="none")

    assert answer.verdict is VerdictOfDays.NO_DIFFERENCE
    assert answer.p_no_difference is not None
    assert answer.p_no_difference >= 0.95
    assert answer.sentence.endswith("were the same, give or take 1 point.")


def test_days_that_differ_too_much_are_not_enough_and_it_is_said_how_many_more() -> None:
    answer = ask(a_table(noisy(20, mat=-0.8, spread=2.0)), carryover="none")

    assert answer.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    assert answer.sentence.startswith("Not enough days yet: ")
    assert answer.days_needed is not None
    assert answer.days_needed % 4 == 0
    assert f"about {answer.days_needed} days more" in " ".join(answer.sentences)


def test_the_figures_are_those_of_the_exact_posterior() -> None:
    pain = noisy(30)
    answer = ask(a_table([None if at in (3, 9) else one for at, one in enumerate(pain)]), carryover="none")
    y = np.array(pain, dtype=float)
    y[[3, 9]] = np.nan
    effect = compare(
        y, np.array([1 - at // 2 % 2 for at in range(30)]), np.arange(1, 31), priors=Priors.for_rating(), carryover=NONE
    ).effect

    quantiles = effect.quantile([0.025, 0.5, 0.975]).tolist()
    assert figures(answer)[:5] == pytest.approx([float(effect.mean), float(effect.sd), *quantiles])
    assert figures(answer)[5:] == pytest.approx([float(effect.below(0.0)), float(effect.below(-1.0))])
    assert (answer.days_used, answer.days_missing) == (28, 2)


def test_the_verdict_follows_the_interval_of_a_finished_table() -> None:
    for seed in range(30):
        answer = ask(a_table(noisy(24, mat=-1.0, spread=1.3, seed=seed)), carryover="none")
        assert answer.effect is not None
        assert answer.p_no_difference is not None
        if answer.p_no_difference < 0.95:
            assert (answer.verdict is VerdictOfDays.HELPS) == (answer.effect.q975 < 0)


def test_swapping_the_arms_flips_the_difference() -> None:
    text = a_table(noisy(30))
    there, back = (ask(text, carryover="none", compare=arms) for arms in (("mat", "rest"), ("rest", "mat")))

    assert back.p_benefit == pytest.approx(1 - (there.p_benefit or 0), abs=0.01)
    # Not to the last digit: the prior of the level belongs to the arm that is compared with.
    assert figures(back)[0] == pytest.approx(-figures(there)[0], abs=0.1)


@given(st.permutations(range(16)))
@settings(max_examples=15)
def test_the_order_of_lines_never_matters(order: list[int]) -> None:
    pain = noisy(16)
    arms = [("mat", "rest")[at // 2 % 2] for at in range(16)]
    shuffled = a_table([pain[at] for at in order], [arms[at] for at in order], [at + 1 for at in order])

    assert figures(ask(shuffled, carryover="none")) == figures(ask(a_table(pain), carryover="none"))


def test_a_third_arm_is_kept_apart() -> None:
    arms = [("mat", "rest", "nothing")[at // 2 % 3] for at in range(36)]
    pain = [value - 4 * (arm == "nothing") + 4 for value, arm in zip(noisy(36, level=3, mat=0), arms, strict=True)]
    answer = ask(a_table(pain, arms), carryover="none")

    assert abs(figures(answer)[0]) < 1
    assert answer.days_used_by_arm == {"mat": 12, "rest": 12, "nothing": 12}
    assert "The days with nothing are weighed in the same answer" in " ".join(answer.sentences)


def test_three_arms_are_compared_two_by_two_in_one_answer() -> None:
    arms = [("mat", "rest", "nothing")[at // 4 % 3] for at in range(84)]
    pain = [value + 2 * (arm != "mat") for value, arm in zip(noisy(84, level=4, mat=0), arms, strict=True)]
    answer = ask(a_table(pain, arms), carryover="none")
    by_pair = {(pair.first, pair.second): pair for pair in answer.pairs}

    assert list(by_pair) == [("mat", "rest"), ("mat", "nothing"), ("rest", "nothing")]
    assert by_pair["mat", "rest"].effect == answer.effect
    total = by_pair["mat", "rest"].effect.mean + by_pair["rest", "nothing"].effect.mean
    assert by_pair["mat", "nothing"].effect.mean == pytest.approx(total)
    assert by_pair["mat", "nothing"].sentence.startswith("The mat helps you")


def test_another_range_gives_the_same_answer_in_its_own_points() -> None:
    pain = noisy(30)
    small = ask(a_table(pain), carryover="none")
    large = ask(a_table([10 * one for one in pain]), carryover="none", scale="0:100")

    assert figures(large)[:5] == pytest.approx([10 * one for one in figures(small)[:5]])
    assert figures(large)[5:] == pytest.approx(figures(small)[5:])
    assert large.smallest_change == 10


def test_a_free_scale_takes_its_measure_from_the_spread_within_arms() -> None:
    pain = noisy(30)
    answer = ask(a_table([1000 + 0.01 * one for one in pain]), carryover="none", scale="free")
    again = ask(a_table([-5 + 3 * one for one in pain]), carryover="none", scale="free")

    assert answer.priors["level"]["mean"] == pytest.approx(1000 + 0.01 * np.mean(pain))
    assert [one * 300 for one in figures(answer)[:5]] == pytest.approx(figures(again)[:5], rel=1e-5)
    arms = np.array([at // 2 % 2 for at in range(30)])
    within = [np.array(pain)[arms == arm] for arm in (0, 1)]
    pooled = math.sqrt(sum(((group - group.mean()) ** 2).sum() for group in within) / 28)
    assert answer.smallest_change == pytest.approx(0.5 * 0.01 * pooled)


def test_chosen_priors_and_smallest_change_are_used_and_told() -> None:
    answer = ask(
        a_table(noisy(30)), carryover="none", priors=PriorChoice(effect=(0, 0.1), sigma=4), smallest_change=0.5
    )

    assert abs(figures(answer)[0]) < 0.3
    assert (answer.priors["effect"]["sd"], answer.priors["sigma"]["scale"]) == (0.1, 4)
    assert answer.smallest_change == 0.5


def test_days_left_out_after_each_switch_are_marked_and_counted_out() -> None:
    answer = ask(a_table(noisy(30)), carryover="1")

    assert sum(one.washin for one in answer.days) == 14
    assert (answer.days_used, answer.days_missing) == (16, 0)
    assert "14 days just after a switch are left out on purpose." in " ".join(answer.sentences)


def test_averaging_over_carry_over_is_less_certain() -> None:
    text = a_table(noisy(40))

    assert figures(ask(text))[1] > figures(ask(text, carryover="none"))[1]


@pytest.mark.parametrize("rated", [0, 1, 2, 5, 13])
def test_fewer_than_fourteen_rated_days_are_never_enough(rated: int) -> None:
    pain = [one if at < rated else None for at, one in enumerate(noisy(20, mat=-4, spread=0.3, level=7))]
    answer = ask(a_table(pain))

    assert answer.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    assert "needs at least 14" in answer.sentence
    assert (answer.effect is None) == (rated < 3)  # before the first rest day there is nothing to compare
    assert answer.days_needed
    json.dumps(answer.to_json(), allow_nan=False)


def test_an_arm_with_two_rated_days_is_never_enough() -> None:
    arms = ["rest"] * 2 + ["mat"] * 20
    answer = ask(a_table([9, 9, *noisy(20, mat=0, level=2, spread=0.5)], arms))

    assert answer.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    assert answer.sentence == (
        "Not enough days yet: only 2 of the rest days rated, and an answer needs at least 3 of each kind."
    )


@pytest.mark.parametrize("pain", [[7] * 2, [7] * 30, [5, 6] * 15, [3, 3, 8, 8] * 8, [0] * 20, [0, 10] * 10])
@pytest.mark.parametrize("scale", ["0:10", "free"])
@pytest.mark.parametrize("carryover", ["none", "average", "1"])
def test_ratings_without_chance_in_them_are_answered_honestly(pain: list[int], scale: str, carryover: str) -> None:
    days = range(1, len(pain) + 1)
    answer = ask(a_table(pain, ["mat", "rest"] if len(pain) == 2 else None, days), scale=scale, carryover=carryover)

    json.dumps(answer.to_json(), allow_nan=False)
    if answer.effect is None:
        assert answer.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    elif len(pain) > 14 and carryover != "1" and scale == "free":
        assert any("without any chance" in said for said in answer.warnings)
    if scale == "0:10" and answer.effect is not None:
        assert answer.latent is not None  # few levels: rounding alone hides a scatter that the ordinal model knows of


def test_the_same_rating_every_day_makes_no_difference_that_matters() -> None:
    assert ask(a_table([7] * 30), carryover="none").verdict is VerdictOfDays.NO_DIFFERENCE
    free = ask(a_table([7] * 30), scale="free")
    assert free.effect is None
    assert free.sentence == (
        "Not enough days yet: ratings of “pain” were the same every day, so there is nothing to tell apart."
    )


def test_ratings_at_the_end_of_the_scale_are_pointed_out() -> None:
    answer = ask(a_table([0 if one < 4 else one for one in noisy(40)]), carryover="none")

    assert "where the scale ends" in answer.warnings[0]
    assert answer.latent is not None
    assert answer.effect is not None
    assert abs(answer.latent.mean) > abs(answer.effect.mean)
    assert answer.model["ratings"].startswith("steps between two ends")


def test_of_ten_pairs_of_days_it_is_said_on_how_many_the_mat_day_is_better() -> None:
    one_sided, even = ask(a_table(noisy(60, mat=-6, level=8))), ask(a_table(noisy(60, mat=0)))

    assert one_sided.better_days is not None
    assert even.better_days is not None
    assert one_sided.better_days.mean > 9.5
    assert even.better_days.q025 < 5 < even.better_days.q975
    assert any(said.startswith("Of ten pairs of mat days and rest days") for said in even.sentences)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (a_table([5, 6], ["mat", "mat"]), {}, "arm: got mat on every line; want days of at least two arms"),
        (a_table([5, 6, 5]), {"compare": ("mat", "sit")}, "compare: got 'sit'; want one of the arms mat, rest"),
        (a_table([5, 6, 5]), {"compare": ("mat", "mat")}, "compare: got mat:mat; want two different ones"),
        (a_table([5, 6, 11]), {}, "line 4, pain: got '11'; want a number from 0 to 10"),
        (a_table([5, 6, 5]), {"outcome": "stress"}, "outcome: got 'stress'; want one of the columns pain"),
        (a_table([5, 6, 5]), {"better": "more"}, "better: got 'more'; want lower or higher"),
        (a_table([5, 6, 5]), {"scale": "ten"}, "scale: got 'ten'; want LOW:HIGH such as 0:10, or free"),
        (a_table([5, 6, 5]), {"carryover": "some"}, "carryover: got 'some'; want none, average, or"),
        (a_table([5, 6, 5]), {"smallest_change": 0.0}, "smallest change: got 0; want a number above 0"),
        ("day,arm\n1,mat\n2,rest\n", {}, "outcome: got 'pain'; want a column beside day and arm"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_would_be_right(text: str, options: dict[str, Any], said: str) -> None:
    assert problems_of(text, **options)[0].startswith(said)


def test_everything_wrong_is_named_at_once() -> None:
    found = problems_of(
        "day,arm,pain\n1,mat,five\n1,rest,12\n2,,3\n", compare=("mat", "sit"), better="more", carryover="some"
    )

    assert [one.split(":")[0] for one in found] == [
        *("carryover", "line 4, arm", "line 3, day", "line 2, pain", "line 3, pain", "compare", "better"),
    ]


def test_as_json_it_has_the_promised_keys_and_plain_values() -> None:
    plain = ask(a_table(noisy(30))).to_json()

    assert plain.keys() >= ISSUE_KEYS
    assert list(plain["effect"]) == ["mean", "sd", "q025", "q50", "q975"]
    assert plain["verdict"] in {"helps", "makes_worse", "no_difference_that_matters", "not_enough_days"}
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_the_curve_holds_all_of_the_probability_and_the_zone() -> None:
    answer = ask(a_table(noisy(30)))
    assert answer.density is not None
    x, pdf = np.array(answer.density.x), np.array(answer.density.pdf)

    assert np.trapezoid(pdf, x) == pytest.approx(1, abs=0.003)
    assert x[0] <= -1.5
    assert x[-1] >= 1.5


def ask_trial(today: date, *, ended: bool = False, mat: float = -2.0, days: int = 56, washin_days: int = 1) -> Answer:
    dealt = a_schedule(days=days, washin_days=washin_days)
    ratings = {on: value for on, value in some_ratings(dealt, mat=mat).items() if on <= today}
    return answer_trial(dealt, ratings, PAIN, today, ended=ended)


def test_a_trial_is_answered_as_the_table_of_its_days_would_be() -> None:
    dealt = a_schedule(washin_days=0)
    ratings = some_ratings(dealt)
    table = a_table(
        [ratings.get(one.on) for one in dealt.days],
        [one.arm.value for one in dealt.days],
        [one.on.isoformat() for one in dealt.days],
    )

    assert figures(answer_trial(dealt, ratings, PAIN, day_number(57))) == figures(ask(table))


def test_a_running_trial_can_be_looked_at_on_any_day() -> None:
    on_day_16, on_day_23 = ask_trial(day_number(16)), ask_trial(day_number(23))

    assert figures(on_day_16) != figures(on_day_23)
    assert len(on_day_23.days) == 23
    assert "You may look on any day" in on_day_23.sentences[-1]


def test_today_counts_once_it_is_rated() -> None:
    dealt = a_schedule(washin_days=0)
    ratings = {one.on: 5.0 + one.day % 3 for one in dealt.days[:16]}
    rated = answer_trial(dealt, ratings, PAIN, day_number(16))
    waiting = answer_trial(dealt, {on: v for on, v in ratings.items() if on < day_number(16)}, PAIN, day_number(16))

    assert (rated.days_used, rated.days_missing) == (16, 0)
    assert (waiting.days_used, waiting.days_missing) == (15, 0)


@pytest.mark.parametrize(("until", "side"), [(48, SIDE_RUNNING), (46, SIDE_BETWEEN)], ids=["a round", "another day"])
def test_a_running_trial_asks_for_more_certainty_than_a_finished_one(until: int, side: float) -> None:
    between = []
    for seed in range(24):
        dealt = a_schedule(days=56, washin_days=0, seed=seed)
        ratings = some_ratings(dealt, mat=-1.4, spread=1.3, seed=seed, missed=0.0)
        rated = {on: v for on, v in ratings.items() if on <= day_number(until)}
        running = answer_trial(dealt, rated, PAIN, day_number(until))
        p = running.p_benefit or 0.0
        if (running.p_no_difference or 0.0) < 0.95:
            assert (running.verdict is VerdictOfDays.HELPS) == (p >= side)
            between.append(0.975 <= p < side)

    assert any(between)


def test_a_trial_before_its_first_day_and_in_its_first_is_answered_too() -> None:
    before, early = ask_trial(day_number(0)), ask_trial(day_number(5))

    assert before.days == ()
    assert before.days_needed == 16
    assert early.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    assert early.effect is None or early.days_used < 14
    assert len(early.days) == 5


def test_a_finished_trial_is_weighed_whole() -> None:
    answer = ask_trial(day_number(57))

    assert not answer.running
    assert answer.verdict is VerdictOfDays.HELPS
    assert answer.sentence.startswith("The mat helps you: your own ratings were about ")
    assert answer.days_used + answer.days_missing + sum(one.washin for one in answer.days) == 56


def test_a_trial_that_was_ended_is_weighed_up_to_its_last_rating() -> None:
    dealt = a_schedule()
    ratings = {on: value for on, value in some_ratings(dealt).items() if on <= day_number(29)}
    answer = answer_trial(dealt, ratings, PAIN, day_number(80), ended=True)

    assert not answer.running
    assert answer.days_missing < 8


@given(st.integers(14, 84), st.integers(1, 7), st.integers(0, 90), st.integers(0, 99))
@settings(max_examples=40)
def test_any_trial_always_has_an_answer_on_any_day(days: int, block_days: int, today: int, seed: int) -> None:
    dealt = schedule(a_design(days, block_days, min(1, block_days - 1), seed))
    ratings = some_ratings(dealt, missed=0.3, seed=seed)
    answer = answer_trial(dealt, ratings, PAIN, day_number(today))

    json.dumps(answer.to_json(), allow_nan=False)
    assert answer.days_needed is None or answer.days_needed >= 0


def test_a_rating_off_the_scale_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="rating of 2026-11-23: got 11; want a number from 0 to 10"):
        answer_trial(a_schedule(), {day_number(1): 11.0}, PAIN, day_number(2))


def test_no_sentence_claims_more_than_ratings_or_breaks_off() -> None:
    answers = [ask_trial(day_number(n), mat=mat) for n in (3, 20, 57) for mat in (-2.0, 0.0, 2.0)]
    said = [sentence for answer in answers for sentence in (answer.sentence, *answer.sentences, *answer.warnings)]

    for sentence in said:
        assert sentence.endswith(".")
        assert not any(word in sentence.lower() for word in ("cure", "treat", "diagnos", "posterior", "bayes", "nan"))


def with_sleep(pain: list[float], missing_on: int | None = None) -> str:
    """A table whose pain follows the sleep of the night before by two points for each hour."""
    hours = [6 + (at * 7919 % 5) / 2 for at in range(len(pain))]
    lines = a_table([round(value + 2 * (hour - 7), 1) for value, hour in zip(pain, hours, strict=True)]).splitlines()
    cells = ["sleep", *("" if at == missing_on else f"{hour:g}" for at, hour in enumerate(hours))]
    return "\n".join(f"{line},{cell}" for line, cell in zip(lines, cells, strict=True))


def test_what_else_is_known_of_a_day_can_be_allowed_for() -> None:
    text = with_sleep(noisy(40))
    plain = answer_table(text, "pain", scale="-20:30", carryover="none")
    allowed = answer_table(text, "pain", scale="-20:30", carryover="none", adjustment=read_adjustment(["sleep"]))

    assert plain.effect is not None
    assert allowed.effect is not None
    assert allowed.effect.sd < 0.75 * plain.effect.sd
    assert "Allowed for as well: “sleep”." in allowed.sentences


def test_a_rated_day_without_its_covariate_is_refused_and_named() -> None:
    with pytest.raises(InvalidInputError, match=r"line 5, sleep.*every rated day"):
        answer_table(with_sleep(noisy(40), missing_on=3), "pain", scale="-20:30", adjustment=read_adjustment(["sleep"]))


@pytest.mark.parametrize("words", [["weekday"], ["period:14"], ["weekday", "period:14"]])
def test_weekday_and_period_can_be_allowed_for(words: list[str]) -> None:
    answer = answer_table(a_table(noisy(56)), "pain", adjustment=read_adjustment(words))

    assert answer.verdict is VerdictOfDays.HELPS
    assert len(answer.model["allowed_for"]) == len(words)


@pytest.mark.parametrize("word", ["period:", "period:x", "period:0"])
def test_a_period_without_days_is_refused(word: str) -> None:
    with pytest.raises(InvalidInputError, match="period:DAYS"):
        read_adjustment([word])

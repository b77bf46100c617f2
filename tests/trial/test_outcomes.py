"""Several ratings of one trial."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.inference.regression import NONE
from matwise.measures.rating import Better
from matwise.trial.analysis import Asked, VerdictOfDays, analyse
from matwise.trial.options import PriorChoice, RatingRange
from matwise.trial.outcomes import OneOutcome, Rated, several
from matwise.trial.series import Series, SeriesDay

ASKED = Asked(("mat", "rest"), Better.LOWER, RatingRange(), NONE, PriorChoice(), 1.0)


def a_rating(
    outcome: str = "pain",
    *,
    mat: float = 0.0,
    seed: int = 1,
    days: int = 56,
    mood: float = 0.0,
    asked: Asked = ASKED,
) -> Rated:
    """Ratings of alternating four-day blocks; `mood` is how much of their chance all ratings share."""
    shared = np.random.Generator(np.random.PCG64(99)).standard_normal(days)
    own = np.random.Generator(np.random.PCG64(seed)).standard_normal(days)
    arms = [("mat", "rest")[day // 4 % 2] for day in range(days)]
    y = 5 + mat * np.array([arm == "mat" for arm in arms]) + np.sqrt(mood) * shared + np.sqrt(1 - mood) * own
    series = Series(
        tuple(SeriesDay(day + 1, arm, float(value)) for day, (arm, value) in enumerate(zip(arms, y, strict=True)))
    )
    return Rated(outcome, f"“{outcome}”", series, asked, analyse(series, asked))


def four(mat: float = 0.0, mood: float = 0.0) -> list[Rated]:
    return [a_rating(name, mat=mat, seed=nth, mood=mood) for nth, name in enumerate(("pain", "stress", "back", "neck"))]


def by_name(outcomes: tuple[OneOutcome, ...]) -> dict[str, OneOutcome]:
    return {one.outcome: one for one in outcomes}


def width(one: OneOutcome, *, pooled: bool) -> float:
    effect = one.pooled_effect if pooled else one.effect
    assert effect is not None
    return effect.q975 - effect.q025


def test_where_all_share_an_effect_every_interval_is_narrower() -> None:
    found = several(four(mat=-1.5), "pain")

    assert all(width(one, pooled=True) < width(one, pooled=False) for one in found.outcomes)
    assert found.called == ("pain", "stress", "back", "neck")
    assert found.expected_false < 0.05


def test_ratings_of_one_mood_narrow_each_other_less_than_separate_witnesses() -> None:
    alike, apart = several(four(mat=-1.5, mood=0.9), "pain"), several(four(mat=-1.5), "pain")

    def gained(outcomes: tuple[OneOutcome, ...]) -> float:
        return float(np.mean([width(one, pooled=True) / width(one, pooled=False) for one in outcomes]))

    assert gained(apart.outcomes) < gained(alike.outcomes) < 1.02


def test_one_clear_rating_among_three_useless_ones_is_drawn_to_them_and_the_primary_is_not() -> None:
    rated = [a_rating("pain", mat=-1.2, seed=5), *four()[1:]]
    found = several(rated, "pain")
    pain = by_name(found.outcomes)["pain"]

    assert found.primary_verdict is rated[0].found.verdict is pain.verdict
    assert pain.effect is not None
    assert pain.pooled_effect is not None
    assert abs(pain.pooled_effect.mean) < abs(pain.effect.mean)
    assert found.sentences[0] == (
        "The rating that decides is “pain”, named beforehand; its answer stands by itself: “helps”."
    )
    assert found.sentences[1].startswith("Of 4 ratings, 1 is clearly better on mat days (“pain”) when")


def test_the_expected_false_alarms_are_the_chances_of_those_named_added_up() -> None:
    found = several(four(mat=-1.0), "pain")
    named = [one.pooled_p_benefit for one in found.outcomes if one.pooled_verdict is VerdictOfDays.HELPS]

    assert named
    assert found.expected_false == pytest.approx(sum(1 - (p or 0.0) for p in named))


def test_a_rating_where_higher_is_better_speaks_for_the_mat_when_it_rises() -> None:
    higher = replace(ASKED, better=Better.HIGHER)
    found = several([a_rating(mat=-1.5), a_rating("sleep", mat=1.5, seed=2, asked=higher)], "pain")

    assert found.mean is not None
    assert found.mean.mean > 1
    assert (found.p_benefit or 0) > 0.95
    sleep = by_name(found.outcomes)["sleep"].pooled_effect
    assert sleep is not None
    assert sleep.mean > 1


def test_a_rating_never_given_on_one_kind_of_day_is_left_out_and_said() -> None:
    short = a_rating("sleep", days=4)
    found = several([*four()[:2], short], "pain")

    assert by_name(found.outcomes)["sleep"].pooled_effect is None
    assert found.sentences[-1] == ("Not weighed here, for want of ratings that vary on days of both kinds: “sleep”.")


def test_one_rating_alone_is_not_pooled_with_anything() -> None:
    found = several([a_rating(mat=-2.0)], "pain")

    assert found.mean is None
    assert found.called == ()
    assert found.primary_verdict is VerdictOfDays.HELPS


def test_too_few_days_stay_too_few_however_many_ratings_there_are() -> None:
    rated = [a_rating(name, mat=-4.0, seed=nth, days=12) for nth, name in enumerate(("pain", "stress", "sleep"))]
    found = several(rated, "pain")

    assert {one.pooled_verdict for one in found.outcomes} == {VerdictOfDays.NOT_ENOUGH_DAYS}


def test_the_summary_is_ready_for_json() -> None:
    again = json.loads(json.dumps(several(four(mat=-1.5), "pain").to_json()))

    assert again["called"] == ["pain", "stress", "back", "neck"]
    assert again["outcomes"][0]["pooled_verdict"] == "helps"


def test_everything_wrong_with_the_ratings_is_named_at_once() -> None:
    other = a_rating("sleep", asked=replace(ASKED, compared=("rest", "mat")))
    with pytest.raises(InvalidInputError) as caught:
        several([a_rating(), a_rating(), other], "stress")

    assert [problem.where for problem in caught.value.problems] == ["ratings", "primary", "compared"]

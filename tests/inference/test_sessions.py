"""What a session does right away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.inference.mixture import Floats
from matwise.inference.priors import Normal, Priors
from matwise.inference.sessions import SessionPosterior, compare_sessions, session_priors


@dataclass(frozen=True)
class SomeSessions:
    before: Floats
    after: Floats
    arm: np.ndarray
    at_days: Floats


def some_sessions(
    seed: int = 1, *, n: int = 24, effect: float = -1.0, change: float = -1.0, slope: float = 0.5, noise: float = 1.0
) -> SomeSessions:
    rng = np.random.Generator(np.random.PCG64(seed))
    before = 5 + 1.6 * rng.standard_normal(n)
    arm = np.concatenate([rng.permutation([0, 1]) for _ in range(n // 2)])
    after = 5 + change + slope * (before - 5) + effect * arm + noise * rng.standard_normal(n)
    return SomeSessions(before, after, arm, np.arange(n) + 0.2 * rng.random(n))


def ask(some: SomeSessions, priors: Priors | None = None) -> SessionPosterior:
    return compare_sessions(some.before, some.after, some.arm, some.at_days, priors=priors or session_priors())


VAGUE = Priors(Normal(5, 100), Normal(0, 100), Normal(0, 300), 50, rho=Normal(0, 1e-4))


def test_under_vague_priors_and_independent_errors_the_effect_is_that_of_least_squares() -> None:
    some = some_sessions(n=60)
    step = np.arange(60.0)
    design = np.column_stack([some.before, step, np.ones(60), some.arm])
    slope, _, _, effect = np.linalg.lstsq(design, some.after, rcond=None)[0]

    found = ask(some, VAGUE)

    assert found.comparison is not None
    assert found.slope is not None
    assert float(found.comparison.effect.mean) == pytest.approx(effect, abs=1e-3)
    assert float(found.slope.mean) == pytest.approx(slope, abs=1e-3)


def test_the_interval_holds_the_truth_nineteen_times_out_of_twenty_and_is_narrower_than_that_of_changes() -> None:
    held, widths, of_changes = 0, [], []
    for seed in range(60):
        some = some_sessions(seed, n=20)
        found = ask(some)
        assert found.comparison is not None
        low, high = found.comparison.effect.quantile([0.025, 0.975])
        held += low <= -1.0 <= high
        widths.append(high - low)
        change = some.after - some.before
        each = [change[some.arm == one] for one in (0, 1)]
        of_changes.append(2 * 1.96 * np.sqrt(sum(one.var(ddof=1) / one.size for one in each)))

    assert 52 <= held <= 60
    assert np.mean(widths) < np.mean(of_changes)


def test_arms_that_start_from_different_levels_are_not_taken_for_different() -> None:
    means = []
    for seed in range(20):
        some = some_sessions(seed, n=40, effect=0.0)
        higher = some.before + 3 * some.arm  # the mat is taken on bad days
        after = 4 + 0.5 * (higher - 5) + (some.after - 4 - 0.5 * (some.before - 5))
        found = ask(SomeSessions(higher, after, some.arm, some.at_days))
        assert found.comparison is not None
        means.append(float(found.comparison.effect.mean))

    assert abs(np.mean(means)) < 0.25  # changes alone would say −1.5


def test_the_plain_change_of_an_arm_is_the_mean_of_its_changes() -> None:
    some = some_sessions(n=60, change=-2.0)
    change = (some.after - some.before)[some.arm == 1]

    found = ask(some, VAGUE).change[1]

    assert float(found.mean) == pytest.approx(change.mean(), abs=0.01)
    assert float(found.sd) == pytest.approx(change.std(ddof=2) / np.sqrt(30), rel=0.1)


def test_with_sessions_of_one_arm_there_is_a_change_and_no_comparison() -> None:
    some = some_sessions()
    found = ask(SomeSessions(some.before, some.after, np.ones(24, dtype=np.int64), some.at_days))

    assert found.comparison is None
    assert found.slope is None
    assert set(found.change) == {1}


def test_a_session_with_one_rating_missing_is_as_if_it_had_not_been() -> None:
    some = some_sessions()
    before, after = some.before.copy(), some.after.copy()
    before[3], after[-1] = np.nan, np.nan
    kept = np.delete(np.arange(24), [3, 23])
    without = SomeSessions(some.before[kept], some.after[kept], some.arm[kept], some.at_days[kept])

    found, expected = ask(SomeSessions(before, after, some.arm, some.at_days)), ask(without)

    assert found.used_by_arm == expected.used_by_arm
    assert found.comparison is not None
    assert expected.comparison is not None
    assert float(found.comparison.effect.mean) == float(expected.comparison.effect.mean)


def test_time_is_counted_in_usual_gaps_so_that_its_unit_plays_no_part() -> None:
    some = some_sessions()
    daily = ask(some)
    twice_a_day = ask(SomeSessions(some.before, some.after, some.arm, some.at_days / 2))

    assert daily.comparison is not None
    assert twice_a_day.comparison is not None
    assert twice_a_day.step_days == pytest.approx(daily.step_days / 2)
    assert float(twice_a_day.comparison.effect.mean) == pytest.approx(float(daily.comparison.effect.mean), abs=1e-12)


def test_sessions_minutes_apart_do_not_blow_up_the_calendar() -> None:
    some = some_sessions()
    at_days = np.concatenate([np.arange(23) / 10_000, [365.0]])
    found = ask(SomeSessions(some.before, some.after, some.arm, at_days))

    assert found.step_days == pytest.approx(1 / 24)
    assert found.comparison is not None
    assert np.isfinite(found.comparison.effect.mean)


def test_ratings_before_that_never_vary_leave_the_slope_unknown() -> None:
    some = some_sessions()
    found = ask(SomeSessions(np.full(24, 6.0), some.after, some.arm, some.at_days))

    assert found.slope is None
    assert found.comparison is not None
    assert np.isfinite(found.comparison.effect.mean)


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        compare_sessions([5, np.inf], [4, 4, 4], [0, -1], [2.0, 1.0], priors=session_priors())

    assert {problem.where for problem in caught.value.problems} == {"after", "before", "at_days", "arm"}

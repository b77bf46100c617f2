from __future__ import annotations

from pathlib import Path

import numpy as np

from matwise.practice import answer, demo, plan

from .people import MONDAY_EVENING, a_database


def test_the_invented_person_lives_through_a_whole_trial(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        demo.live(db, MONDAY_EVENING, np.random.default_rng(11))  # noqa: TID251 – a test is where chance comes from
        trial = answer.latest(db)
        assert trial is not None
        found = answer.answer(db, trial, MONDAY_EVENING)

        assert found.effect is not None
        assert len(trial.schedule.days) == demo.TRIAL_DAYS
        assert 35 <= found.days_used <= demo.TRIAL_DAYS
        assert found.effect.q025 < demo.MAT_EFFECT - demo.REST_EFFECT < found.effect.q975
        assert plan.today(db, MONDAY_EVENING).reached >= 2

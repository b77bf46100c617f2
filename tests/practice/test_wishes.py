from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from matwise.content.ladder import ladder
from matwise.errors import InvalidInputError
from matwise.plan.rung import Rung, SkinNextDay
from matwise.practice import guide, wishes
from matwise.practice.wishes import BELLS, NO_BED, Wanted
from matwise.session.cue import Bed
from matwise.store import sessions

from .people import MONDAY_EVENING, a_database, answers_all

RUNGS = [*ladder().rungs, *(routine.rung for routine in ladder().routines)]

wanted = st.builds(
    Wanted,
    aim=st.sampled_from([None, *wishes.aims_for({rung.placement for rung in RUNGS})]),
    minutes=st.one_of(st.none(), st.integers(2, 40)),
    breathing=st.sampled_from([None, *wishes.breathing_ids()]),
    bed=st.sampled_from([None, NO_BED, *wishes.bed_ids()]),
    bed_db=st.sampled_from([-12.0, 0.0, 4.0]),
    bells=st.sampled_from(BELLS),
    bell_every_min=st.just(3.0),
    bell_at_min=st.lists(st.sampled_from([1.0, 4.5, 12.0]), max_size=3, unique=True).map(tuple),
    settle_in_s=st.sampled_from([0.0, 60.0]),
    scan=st.booleans(),
    familiar=st.booleans(),
    open_end=st.booleans(),
)


def typed(chosen: Wanted) -> dict[str, str]:
    """As somebody would type it into the form."""
    said = {}
    for field in wishes.FIELDS:
        value = getattr(chosen, field)
        if value is not None and value is not False:
            said[field] = (
                "yes" if value is True else " ".join(map(str, value)) if field == "bell_at_min" else str(value)
            )
    return said


@given(chosen=wanted)
def test_what_was_chosen_is_kept_and_read_again_as_it_was(chosen: Wanted) -> None:
    assert wishes.kept(chosen.text()) == chosen
    assert wishes.read(typed(chosen)) == chosen


@given(chosen=wanted, rung=st.sampled_from(RUNGS))
def test_what_was_chosen_for_another_place_fits_every_rung_once_made_to_fit(chosen: Wanted, rung: Rung) -> None:
    fitting = wishes.fitting(chosen, rung, rung.minutes)
    made, led = wishes.composed(fitting)

    assert rung.placement in made.aim.placements
    assert fitting.minutes is None or fitting.minutes < rung.minutes
    assert not (led.never_standing and rung.placement.value == "feet_standing")
    assert wishes.fitting(fitting, rung, rung.minutes) == fitting


def test_the_aim_suggests_breathing_and_bed_and_the_person_may_choose_others() -> None:
    suits, led = wishes.composed(Wanted(aim="evening"))
    own, other = wishes.composed(Wanted(aim="evening", bed=NO_BED, breathing="no_guidance"))

    assert (suits.bed, led.id) == (Bed.WAVES, "longer_exhale")
    assert (own.bed, other.path) == (None, ())


def test_every_field_that_cannot_be_used_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        wishes.read({"aim": "magic", "minutes": "ten", "voice_db": "-40", "tempo": "1"})

    assert {problem.where for problem in refused.value.problems} == {"aim", "minutes", "voice_db", "field"}


def test_a_session_of_a_kind_no_longer_known_sounds_like_the_usual_one() -> None:
    assert wishes.kept('{"gong": "big"}') == wishes.USUAL


def _skin_is_fine(c: Connection, session_id: str, at: datetime) -> None:
    sessions.report(c, session_id, at, skin_next_day=SkinNextDay.FINE)


@pytest.mark.parametrize(("minutes", "climbs"), [("2", False), ("5", True), ("", True)])
def test_a_session_shortened_by_wish_is_no_step_up_and_is_not_short_again_by_itself(
    tmp_path: Path,
    minutes: str,
    climbs: bool,  # noqa: FBT001 – a column of the table above
) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        for number in range(6):
            at = MONDAY_EVENING + timedelta(days=number)
            begun = guide.start(db, f"session-{number}", guide.TODAY, "no", at, {"minutes": minutes}).session
            guide.finish(db, begun.id, begun.planned_minutes, at + timedelta(minutes=30))
            guide.report(db, begun.id, at, worst_pain_0_10=1, dizzy=False)
            db.write(partial(_skin_is_fine, session_id=begun.id, at=at))
        last = guide.last(db)
        remembered = wishes.remembered(db, MONDAY_EVENING + timedelta(days=7))

    assert last is not None
    assert (last.rung > 0) is climbs
    assert remembered.minutes is None

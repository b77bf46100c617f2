from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.measures.rating import Moment, Rating
from matwise.practice import outlook
from matwise.practice.person import ME
from matwise.store import ratings
from matwise.store.database import Database, open_database
from matwise.trial.design import Arm, Design, Order, Question, Versus

NOW = datetime(2027, 3, 1, 20, tzinfo=UTC)
TODAY = NOW.date()
ASKED = {"scale": "pain", "versus": "rest", "days": 56, "block_days": 4, "washin_days": 0, "today": TODAY}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "matwise.db", NOW) as database:
        yield database


def seen(db: Database, **but: object) -> outlook.Outlook:
    return outlook.outlook(db, starts_on=TODAY + timedelta(days=1), **(ASKED | but))  # type: ignore[arg-type]  # as a test wants it


def test_the_outlook_holds_the_chosen_length_and_says_whether_it_can_succeed(db: Database) -> None:
    found = seen(db, days=50)

    assert [one.days for one in found.chances] == [28, 42, 50, 56, 84, 112]
    assert found.chosen.days == 50
    assert found.spread.days == 0
    assert found.can_succeed
    assert found.days_for_half is not None
    assert 56 <= found.days_for_half <= 84


def test_a_persons_own_days_make_the_outlook_theirs(db: Database) -> None:
    for back in range(1, 29):
        at = NOW - timedelta(days=back)
        rating = Rating(f"r-{back}", "pain", Moment.EVENING, back * back * 7 % 11, at)
        db.write(partial(ratings.keep, person=ME, rating=rating))
    typical, own = seen(db), seen(db, from_own_days=True)

    assert own.spread.days == 28
    assert own.spread.day_spread > 2.5
    assert own.chosen.chance < typical.chosen.chance


def test_everything_wrong_with_a_design_is_named_at_once(db: Database) -> None:
    with pytest.raises(InvalidInputError) as caught:
        seen(db, scale="mood?", versus="sofa", days=3, order="any", cannot=frozenset({date(2020, 1, 1)}))

    assert {one.where for one in caught.value.problems} == {"scale", "compared with", "days", "order", "cannot"}


def test_who_differs_wildly_is_told_that_no_trial_would_show_it() -> None:
    told = outlook.power(designs=("7",), sd=5.0)

    assert not told.can_succeed
    assert told.lines[0].days_for_half is None


def test_the_seed_is_kept_with_days_that_are_dealt() -> None:
    asked = {"versus": "both", "days": 36, "block_days": 2, "order": "latin", "washin_days": 0, "starts_on": TODAY}
    first = outlook.deal(**asked, cannot=frozenset())  # type: ignore[arg-type]  # as a test wants it
    again = outlook.deal(**asked, cannot=frozenset(), seed=first.design.seed)  # type: ignore[arg-type]  # likewise

    assert first == again
    assert first.design.question == Question("pain", Versus.BOTH)
    assert first.design.order is Order.LATIN_SQUARE


def test_what_a_rule_leads_to_is_shown_beside_what_looking_daily_would() -> None:
    design = Design(Question("pain", Arm.REST), 28, 7, 0, TODAY, 1)
    told = outlook.stopping_rules(design)

    assert list(told) == ["offered", "rounds", "as_if_once"]
    assert told["offered"].helps < told["as_if_once"].helps

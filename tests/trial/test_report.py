"""A trial of one as a clinician reports it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.trial.account import Period, periods
from matwise.trial.answer import Answer
from matwise.trial.design import Arm, Order, Question, Schedule, Versus
from matwise.trial.from_schedule import answer_trial
from matwise.trial.from_table import answer_table
from matwise.trial.report import CentItem, cent_paragraph, cent_report, cent_table
from matwise.trial.schedule import schedule
from tests.trial.builders import PAIN, a_design, a_schedule, a_table, day_number, noisy, some_ratings

# Items of CONSORT 2010 (37), and the seven sub-items that CENT 2015 adds.
NUMBERS = [
    *("1a", "1b", "2a.1", "2a.2", "2b", "3a", "3b", "4a", "4b", "4c", "5", "6a", "6a+", "6b", "7a", "7b"),
    *("8a", "8b", "8+", "9", "10", "11a", "11b", "12a", "12b", "12+", "13a", "13b", "13+", "14a", "14b"),
    *("15", "16", "17a", "17a+", "17b", "18", "19", "20", "21", "22", "23", "24", "25"),
]
ONLY_THE_PERSON_KNOWS = {"2a.1", "3b", "4a", "4b", "4c", "6a+", "6b", "7a", "9", "15", "17b", "19", "23", "25"}


def an_answer(dealt: Schedule | None = None, on_day: int = 60) -> Answer:
    dealt = dealt or a_schedule()
    return answer_trial(dealt, some_ratings(dealt), PAIN, day_number(on_day))


def by_number(items: tuple[CentItem, ...]) -> dict[str, CentItem]:
    return {one.number: one for one in items}


def test_all_44_sub_items_of_all_25_items_are_there_once_in_order() -> None:
    items = cent_table(an_answer(), a_schedule(), version="1.2")

    assert [one.number for one in items] == NUMBERS
    assert len(NUMBERS) == 44
    assert {int("".join(filter(str.isdigit, one.split(".")[0]))) for one in NUMBERS} == set(range(1, 26))


def test_what_only_the_person_knows_is_not_reported_and_says_why() -> None:
    items = cent_table(an_answer(), a_schedule(), version="1.2")

    assert {one.number for one in items if not one.reported} == ONLY_THE_PERSON_KNOWS
    assert all(len(one.text) > len("not reported: ") for one in items)
    assert all(one.text.startswith("not reported: ") != one.reported for one in items)


def test_a_table_of_days_leaves_open_how_its_days_were_dealt() -> None:
    items = by_number(cent_table(answer_table(a_table(noisy(40)), "pain"), version="1.2"))

    assert {one for one in items if not items[one].reported} == ONLY_THE_PERSON_KNOWS | {
        *("7b", "8a", "8b", "8+", "10", "11b", "14a", "14b", "24"),
    }
    assert "randomised" not in items["1a"].text


def test_what_is_told_takes_the_place_of_what_is_not_known() -> None:
    told = {"4a": "Low back pain for two years.", "25": "None."}
    items = by_number(cent_table(an_answer(), a_schedule(), version="1.2", known=told))

    assert (items["4a"].text, items["4a"].reported, items["4a"].where) == (told["4a"], True, "as told")
    assert items["4b"].reported is False


def test_an_item_that_is_none_is_named() -> None:
    with pytest.raises(InvalidInputError, match="item: got '26'"):
        cent_table(an_answer(), a_schedule(), version="1.2", known={"26": "?"})


def test_the_paragraph_holds_every_figure_of_the_answer() -> None:
    answer = an_answer()
    said = cent_paragraph(answer, a_schedule(), version="1.2", randomisation_p=0.0123)
    effect = answer.effect
    assert effect is not None

    for figure in (effect.mean, effect.q025, effect.q975):
        assert f"{figure:+.2f}".replace("-", "−") in said
    for words in (
        "56 days from 2026-11-23 to 2027-01-17, in 14 periods of 4 days",
        "seed 7",
        "After each switch of arm 1 day had to be left out",
        "p = 0.012 (two-sided)",
        "level N(5, 3²), effect N(0, 2²)",
        "97.5 % on one side",
        "P(better) > 0.999",
        f"{answer.days_used} days counted",
        f"{answer.days_missing} without a rating",
        answer.sentence,
        "Matwise 1.2",
    ):
        assert words in said
    assert "  " not in said.replace(str(answer.model["symbols"]), "")


def test_a_running_trial_says_so_and_names_its_stricter_rule() -> None:
    dealt = a_schedule()
    answer = an_answer(dealt, on_day=21)
    items = by_number(cent_table(answer, dealt, version="1.2"))

    assert items["14b"].text == "The trial is still running, after 21 of 56 days."
    assert "99.5 % on one side after a whole group" in cent_paragraph(answer, dealt, version="1.2")


def test_a_trial_ended_early_says_so() -> None:
    dealt = a_schedule()
    answer = answer_trial(dealt, some_ratings(dealt), PAIN, day_number(21), ended=True)

    assert by_number(cent_table(answer, dealt, version="1.2"))["14b"].text == (
        "It was ended before its planned 56 days had gone by; why is not recorded."
    )


def test_days_without_a_rating_give_a_report_without_an_effect() -> None:
    dealt = a_schedule()
    said = cent_paragraph(answer_trial(dealt, {}, PAIN, day_number(60)), dealt, version="1.2")

    assert "No effect could be estimated" in said


def test_periods_hold_all_days_and_ratings_of_the_trial_once() -> None:
    dealt = a_schedule()
    answer = an_answer(dealt)
    found = periods(answer, dealt)

    assert len(found) == 14
    assert sum(one.days for one in found) == 56
    assert sum(one.rated for one in found) == answer.days_used
    assert all((one.last_day - one.first_day + 1, one.days) == (4, 4) for one in found)
    means = {arm: np.average([p.mean or 0 for p in found if p.arm == arm]) for arm in ("mat", "rest")}
    assert means["mat"] < means["rest"]


def test_two_periods_on_one_arm_stay_two() -> None:
    dealt = a_schedule()
    found = periods(an_answer(dealt), dealt)

    neighbours = [(one, after) for one, after in pairwise(found) if one.arm == after.arm]
    assert neighbours
    assert all(one.last_day % 8 == 0 for one, _ in neighbours)


def test_days_off_belong_to_no_period_and_are_said() -> None:
    design = replace(a_design(), cannot=frozenset({day_number(3), day_number(10)}))
    dealt = schedule(design)
    answer = an_answer(dealt, on_day=70)
    items = by_number(cent_table(answer, dealt, version="1.2"))
    found = periods(answer, dealt)

    assert "2 days on which no session was possible were left out beforehand." in items["3a"].text
    assert {one.days for one in found} == {4}
    assert (found[0].first_day, found[0].last_day) == (1, 5)
    assert items["14b"].text == "All 56 planned days have gone by."


@pytest.mark.parametrize(("order", "words"), [(Order.ABBA, "mirrored"), (Order.LATIN_SQUARE, "Latin squares")])
def test_the_sequence_is_told_as_it_was_drawn(order: Order, words: str) -> None:
    versus = Versus.BOTH if order is Order.LATIN_SQUARE else Arm.REST
    design = replace(a_design(), question=Question("pain", versus), order=order)
    dealt = schedule(design)
    items = by_number(cent_table(an_answer(dealt), dealt, version="1.2"))

    assert words in items["8a"].text
    assert items["8+"].text.count("days") == len(periods(an_answer(dealt), dealt))


def test_periods_of_a_table_are_its_runs_of_one_arm() -> None:
    found = periods(answer_table(a_table([3, 4, None, 6, 2, 2, *noisy(20)]), "pain"))

    assert replace(found[0], sd=None) == Period(1, "mat", 1, 2, 2, 2, 0, 3.5, None)
    assert found[0].sd == pytest.approx(np.sqrt(0.5))
    assert (found[1].rated, found[1].mean, found[1].sd) == (1, 6.0, None)


def test_the_report_is_text_and_json() -> None:
    report = cent_report(an_answer(), a_schedule(), version="1.2")
    again = json.loads(json.dumps(report.to_json()))

    assert len(again["items"]) == 44
    assert len(again["periods"]) == 14
    assert report.paragraph in report.to_text()
    assert all(f"\n{one.number}  {one.topic}" in report.to_text() for one in report.items)


def test_the_report_says_what_other_assumptions_give() -> None:
    answer = an_answer()
    assert answer.sensitivity is not None
    text = by_number(cent_table(answer, a_schedule(), version="1.2"))["18"].text

    assert all(one.assumed in text for one in answer.sensitivity.variants)
    alone = by_number(cent_table(replace(answer, sensitivity=None, checks=()), a_schedule(), version="1.2"))["18"].text
    assert alone == "No randomisation test was done."

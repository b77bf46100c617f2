"""Scores as their sources count them. The scoring is held against the questionnaires as they are shipped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.content.questionnaires import questionnaires
from matwise.errors import InvalidInputError
from matwise.measures.night import night
from matwise.measures.questionnaire import (
    NOT_FOR_ME,
    Answer,
    Help,
    Instrument,
    Kind,
    Size,
    Step,
    change,
    check_answer,
    check_told,
    compared,
    help_needed,
    needed,
    points_passed,
    score,
)
from matwise.measures.rating import Better

SUMS = ("phq4", "phq8", "gad7", "phq15")
NIGHT: dict[str, Answer] = {
    "to_bed": "22:30",
    "to_fall_asleep_min": 30,
    "awakenings": 2,
    "awake_min": 20,
    "woke": "06:00",
    "up": "06:30",
    "quality": 6,
}


def of(name: str) -> Instrument:
    return questionnaires()[name].instrument


def all_alike(name: str, value: int) -> dict[str, Answer]:
    return {one.id: value for one in of(name).items}


def in_order(name: str, *values: int) -> dict[str, Answer]:
    return {one.id: value for one, value in zip(of(name).items, values, strict=True)}


def complete(name: str) -> st.SearchStrategy[dict[str, Answer]]:
    instrument = of(name)
    most = {Kind.CHOICE: len(instrument.options) - 1, Kind.POINTS: 10, Kind.TICK: 1}
    return st.fixed_dictionaries({one.id: st.integers(0, most[one.kind]) for one in instrument.items})


@pytest.mark.parametrize(
    ("name", "highest"), [("phq4", 12), ("phq8", 24), ("gad7", 21), ("phq15", 30), ("roland_morris", 24), ("peg", 10)]
)
def test_the_ends_of_each_scale_are_those_its_source_prints(name: str, highest: float) -> None:
    most = 10 if name == "peg" else max(1, len(of(name).options) - 1)
    top = all_alike(name, most)

    assert score(of(name), all_alike(name, 0)).value == 0
    assert score(of(name), top).value == highest == of(name).high


def test_the_phq_4_is_two_halves_of_0_to_6_and_each_is_looked_at_from_3() -> None:
    # Kroenke et al. 2009, doi:10.1176/appi.psy.50.6.613: items 1 and 2 anxiety, 3 and 4 depression.
    answers = in_order("phq4", 2, 1, 1, 1)
    found = score(of("phq4"), answers)

    assert found.value == 5
    assert {one.part.id: one.value for one in found.parts} == {"anxiety": 3, "mood": 2}
    assert [(point.part, point.at) for point in points_passed(of("phq4"), answers)] == [("anxiety", 3)]
    assert help_needed(of("phq4"), answers) is Help.MIND
    assert help_needed(of("phq4"), in_order("phq4", 1, 1, 1, 1)) is None


@pytest.mark.parametrize(
    ("name", "total", "point"),
    [
        ("phq8", 4, None),
        ("phq8", 5, 5),
        ("phq8", 9, 5),
        ("phq8", 10, 10),
        ("phq8", 15, 15),
        ("phq8", 20, 20),
        ("phq8", 24, 20),
        ("gad7", 4, None),
        ("gad7", 5, 5),
        ("gad7", 9, 5),
        ("gad7", 10, 10),
        ("gad7", 14, 10),
        ("gad7", 15, 15),
        ("gad7", 21, 15),
        ("phq15", 4, None),
        ("phq15", 5, 5),
        ("phq15", 10, 10),
        ("phq15", 15, 15),
        ("phq15", 30, 15),
    ],
)
def test_the_points_5_10_15_and_20_are_those_of_the_sources(name: str, total: int, point: int | None) -> None:
    # doi:10.1016/j.jad.2008.06.026, doi:10.1001/archinte.166.10.1092, doi:10.1097/00006842-200203000-00008
    left, answers = total, {}
    for one in of(name).items:
        answers[one.id] = min(left, len(of(name).options) - 1)
        left -= answers[one.id]

    assert score(of(name), answers).value == total
    assert [one.at for one in points_passed(of(name), answers)] == ([] if point is None else [point])


@pytest.mark.parametrize(("name", "total"), [("phq8", 10), ("gad7", 10)])
def test_from_10_on_answers_lead_to_help(name: str, total: int) -> None:
    ids = [one.id for one in of(name).items]
    answers = {one: 3 if n < 3 else total - 9 if n == 3 else 0 for n, one in enumerate(ids)}

    assert help_needed(of(name), answers) is Help.MIND
    assert help_needed(of(name), answers | {ids[3]: 0}) is None


def test_roland_morris_counts_what_is_ticked_and_nothing_else() -> None:
    ticked: dict[str, Answer] = {"s1": 1, "s4": 1, "s24": 1, "s2": 0}

    assert score(of("roland_morris"), ticked).value == 3
    assert score(of("roland_morris"), {}).value == 0


def test_the_peg_is_the_mean_of_its_three_questions() -> None:
    # Krebs et al. 2009, doi:10.1007/s11606-009-0981-1
    assert score(of("peg"), in_order("peg", 6, 7, 5)).value == 6
    assert score(of("peg"), in_order("peg", 6, 7, 7)).value == pytest.approx(6.6667, abs=1e-4)


def test_a_question_that_does_not_apply_counts_nothing_as_in_the_original() -> None:
    answers = all_alike("phq15", 2) | {"periods": NOT_FOR_ME}

    assert score(of("phq15"), answers).value == 28  # the highest score of men
    with pytest.raises(InvalidInputError):
        check_answer(of("phq15"), "head", NOT_FOR_ME)


def test_pain_in_the_chest_comes_before_worry() -> None:
    assert help_needed(of("phq15"), {"chest": 2}) is Help.BODY
    assert help_needed(of("phq15"), {"chest": 1}) is None
    assert help_needed(of("snapshot"), {"chest": 7}) is Help.BODY


@pytest.mark.parametrize("name", [*SUMS, "peg"])
@given(data=st.data())
def test_a_missing_answer_never_gives_a_score_and_is_named(name: str, data: st.DataObject) -> None:
    answers = data.draw(complete(name))
    missing = data.draw(st.sampled_from(sorted(answers)))
    found = score(of(name), {one: value for one, value in answers.items() if one != missing})

    assert found.value is None
    assert [one.id for one in found.missing] == [missing]


@pytest.mark.parametrize("name", SUMS)
@given(data=st.data())
def test_help_never_depends_on_answers_that_add_nothing(name: str, data: st.DataObject) -> None:
    answers = data.draw(complete(name))
    weighty = {one: value for one, value in answers.items() if value}

    assert help_needed(of(name), weighty) is help_needed(of(name), answers)


@pytest.mark.parametrize("name", [*SUMS, "peg", "roland_morris", "snapshot", "pain_week"])
@given(data=st.data())
def test_a_score_stays_within_its_range_and_never_falls_when_an_answer_rises(name: str, data: st.DataObject) -> None:
    answers = data.draw(complete(name))
    raised = {
        one: max(value, other)
        for (one, value), other in zip(answers.items(), data.draw(complete(name)).values(), strict=True)
    }
    low, high = score(of(name), answers).value, score(of(name), raised).value

    assert low is not None
    assert high is not None
    assert of(name).low <= low <= high <= of(name).high


@given(kept=st.dictionaries(st.sampled_from([one.id for one in of("snapshot").items]), st.integers(0, 10), min_size=1))
def test_the_snapshot_is_always_the_mean_of_what_was_answered_with_its_count(kept: dict[str, Answer]) -> None:
    found = score(of("snapshot"), kept)

    assert found.value == pytest.approx(sum(int(value) for value in kept.values()) / len(kept))
    assert (found.answered, found.asked) == (len(kept), 10)
    assert len(found.missing) == 10 - len(kept)


def test_leaving_out_the_worst_never_looks_like_getting_better() -> None:
    before: dict[str, Answer] = {"head": 2, "back": 9}
    moved = compared(of("snapshot"), (before, None), ({"head": 2}, None))

    assert moved is not None
    assert (moved.by, moved.items, moved.size) == (0, 1, None)
    assert compared(of("snapshot"), (before, None), ({"skin": 2}, None)) is None


@pytest.mark.parametrize(
    ("name", "before", "after", "size", "better"),
    [
        ("gad7", 10, 6, Size.MEANINGFUL, True),
        ("gad7", 10, 7, None, True),
        ("gad7", 20, 15, None, True),  # 28 % of 20 is 5.6 points
        ("gad7", 20, 14, Size.MEANINGFUL, True),
        ("gad7", 6, 10, Size.MEANINGFUL, False),
        ("phq8", 10, 6, Size.MEANINGFUL, True),
        ("roland_morris", 10, 5, Size.MEANINGFUL, True),
        ("roland_morris", 20, 15, None, True),  # 30 % of 20 is 6 points
        ("roland_morris", 20, 14, Size.MEANINGFUL, True),
        ("peg", 6, 4.5, None, True),
        ("peg", 6, 4, Size.MEANINGFUL, True),
        ("pain_week", 5, 4, Size.SLIGHT, True),
        ("pain_week", 5, 3, Size.LARGE, True),
        ("pain_week", 9, 7, Size.SLIGHT, True),  # 33 % of 9 is 3 points
        ("pain_week", 8, 7, None, True),
        ("who5", 40, 50, Size.MEANINGFUL, True),
        ("phq4", 10, 0, None, True),  # nothing is known to matter
    ],
)
def test_a_change_is_held_against_what_matters_where_it_began(
    name: str, before: float, after: float, size: Size | None, *, better: bool
) -> None:
    moved = change(of(name), before, after)

    assert (moved.size, moved.for_the_better) == (size, better)


@given(step=st.builds(Step, st.just(Size.MEANINGFUL), st.floats(0.1, 10), st.floats(0, 50)), base=st.floats(0.1, 100))
def test_who_begins_milder_always_needs_at_least_as_large_a_share(step: Step, base: float) -> None:
    milder = base / 2

    assert needed(step, milder) / milder >= needed(step, base) / base - 1e-9
    assert needed(step, milder) <= needed(step, base) + 1e-9


def test_a_higher_score_is_better_where_the_questionnaire_says_so() -> None:
    assert of("who5").better is Better.HIGHER
    assert not change(of("who5"), 60, 40).for_the_better
    assert [point.at for point in points_passed(of("who5"), {}, 48)] == [48]
    assert points_passed(of("who5"), {}, 52) == ()


def test_a_night_is_the_share_of_the_time_in_bed_that_was_slept() -> None:
    slept = night(NIGHT)

    assert slept is not None
    assert (slept.in_bed_min, slept.asleep_min) == (480, 400)
    assert score(of("sleep_diary"), NIGHT).value == pytest.approx(100 * 400 / 480)
    assert score(of("sleep_diary"), {k: v for k, v in NIGHT.items() if k != "awake_min"}).value is None


@pytest.mark.parametrize(
    "wrong",
    [{"to_bed": "10:30"}, {"up": "05:30"}, {"awake_min": 430}, {"up": "22:30"}],
    ids=["morning for evening", "up before awake", "awake longer than in bed", "no time in bed"],
)
def test_a_night_that_cannot_be_is_refused(wrong: dict[str, Answer]) -> None:
    with pytest.raises(InvalidInputError):
        night(NIGHT | wrong)


@given(
    bed=st.integers(0, 1439),
    fall=st.integers(0, 300),
    awake=st.integers(0, 300),
    lie=st.integers(1, 900),
    late=st.integers(0, 120),
)
def test_a_night_never_sleeps_more_than_it_lies(bed: int, fall: int, awake: int, lie: int, late: int) -> None:
    def clock(minute: int) -> str:
        return f"{minute // 60 % 24:02}:{minute % 60:02}"

    told: dict[str, Answer] = {
        "to_bed": clock(bed),
        "to_fall_asleep_min": fall,
        "awake_min": awake,
        "woke": clock(bed + lie),
        "up": clock(bed + lie + late),
    }
    if fall + awake > lie:
        with pytest.raises(InvalidInputError):
            night(told)
        return
    slept = night(told)

    assert slept is not None
    assert 0 <= slept.asleep_min <= slept.in_bed_min == lie + late


@pytest.mark.parametrize(
    ("name", "item", "typed"),
    [
        ("phq4", "nervous", "4"),
        ("phq4", "nervous", "-1"),
        ("phq4", "nervous", "٣"),
        ("phq4", "nervous", "2.0"),
        ("phq4", "nobody", "1"),
        ("peg", "pain", "11"),
        ("roland_morris", "s1", "2"),
        ("sleep_diary", "to_bed", "25:00"),
        ("sleep_diary", "to_bed", "half ten"),
        ("sleep_diary", "awake_min", "1441"),
        ("sleep_diary", "awakenings", "100"),
        ("phq4", "nervous", ""),
    ],
)
def test_what_cannot_be_an_answer_is_refused(name: str, item: str, typed: str) -> None:
    with pytest.raises(InvalidInputError):
        check_answer(of(name), item, typed)


def test_times_and_numbers_are_taken_as_they_are_typed() -> None:
    assert check_answer(of("sleep_diary"), "to_bed", " 9:05 ") == "09:05"
    assert check_answer(of("peg"), "pain", "10") == 10
    assert check_told(of("promis_t"), "55,5") == 55.5


@pytest.mark.parametrize("typed", ["", "91", "9", "nan", "1e1", "-50", "５５"])
def test_a_told_score_outside_its_range_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError, match="10 to 90"):
        check_told(of("promis_t"), typed)


def test_a_told_score_is_its_own_value() -> None:
    assert score(of("isi"), {}, 14.0).value == 14
    assert [point.at for point in points_passed(of("isi"), {}, 15.0)] == [15]

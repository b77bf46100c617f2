from __future__ import annotations

from pathlib import Path

from .terminal import matwise


def test_where_am_i_today_asks_both_and_says_help_first(tmp_path: Path) -> None:
    said = matwise(tmp_path, "measure", "today", typed="4\n11\n" + "4\n" * 9 + "2\n" * 4)

    assert said.status == 0
    assert "a whole number from 0 to 10" in said.out  # the 11 is asked again
    told = said.out.partition("You don’t have to carry this alone")[2]
    assert "116 123" in told
    assert "Symptom snapshot: 4.0 of 10" in told
    assert "PHQ-4: 8 of 12" in told
    assert "not a validated scale" in told


def test_help_is_said_even_where_somebody_stops_half_way_and_nothing_is_kept(tmp_path: Path) -> None:
    said = matwise(tmp_path, "measure", "questionnaire", "phq4", typed="3\n\n\n\nno\n")
    result = matwise(tmp_path, "measure", "questionnaire", "phq4", "--result")

    assert "3 questions are still open" in said.out
    assert "You don’t have to carry this alone" in said.out
    assert "PHQ-4:" not in result.out


def test_a_score_from_elsewhere_is_told_and_its_questions_are_not_asked(tmp_path: Path) -> None:
    asked = matwise(tmp_path, "measure", "questionnaire", "isi")
    kept = matwise(tmp_path, "measure", "questionnaire", "isi", "--score", "14")
    wrong = matwise(tmp_path, "measure", "questionnaire", "isi", "--score", "40")

    assert "add --score" in asked.out
    assert "ISI: 14 of 28" in kept.out
    assert wrong.status != 0
    assert "a number from 0 to 28" in wrong.out + wrong.err

"""The questionnaires as they are written: which may be shown, in whose words, and by whose leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from matwise.content.help import cards
from matwise.content.questionnaires import FOLDER, questionnaire_in, questionnaires
from matwise.content.reader import ContentError
from matwise.measures.questionnaire import Help
from matwise.sentence import Sentence

MAY_BE_SHOWN = {"phq4": 4, "phq8": 8, "gad7": 7, "phq15": 15, "roland_morris": 24, "peg": 3}
OWN = {"pain_week", "sleep_diary", "snapshot", "two_complaints"}
OFFICIAL_GERMAN = {"phq4", "phq8", "gad7", "phq15"}


def test_only_those_that_may_be_shown_have_questions() -> None:
    shown = {name: len(one.instrument.items) for name, one in questionnaires().items() if one.origin == "validated"}
    told = [one for one in questionnaires().values() if one.origin == "score_only"]

    assert shown == MAY_BE_SHOWN
    assert {name for name, one in questionnaires().items() if one.origin == "own"} == OWN
    assert {"who5", "promis_t", "isi", "psqi", "odi", "ndi", "mymop", "msq", "dass21", "pss10"} == {
        one.instrument.id for one in told
    }
    assert all(not one.instrument.items and not one.instrument.options and not one.asks for one in told)


def test_each_says_its_licence_its_rule_for_what_is_missing_and_what_its_change_is_held_against() -> None:
    for one in questionnaires().values():
        assert one.licence
        assert one.missing
        assert one.change_because
        assert one.sources
        assert one.citation


def test_a_validated_wording_is_translated_only_where_there_is_an_official_translation() -> None:
    for name in MAY_BE_SHOWN:
        one = questionnaires()[name]
        wording = [
            one.asks,
            *one.instrument.options,
            *(text for item in one.instrument.items for text in (item.text, item.low, item.high)),
        ]

        assert {isinstance(text, Sentence) for text in wording if text} == {name in OFFICIAL_GERMAN}
        assert one.in_original("de") is (name not in OFFICIAL_GERMAN)
        assert not one.in_original("en")


def test_no_question_asks_about_harming_oneself() -> None:
    texts = " ".join(item.text for one in questionnaires().values() for item in one.instrument.items).lower()

    assert not any(word in texts for word in ("better off dead", "hurting yourself", "suicid"))


def test_where_no_change_is_known_to_matter_it_says_so() -> None:
    for one in questionnaires().values():
        if not one.instrument.steps and one.origin != "own":
            assert "no verdict" in one.change_because


def test_the_help_card_names_only_lines_with_a_source_and_the_emergency_numbers() -> None:
    mind, body = cards()[Help.MIND], cards()[Help.BODY]

    assert {line.number for line in mind.lines} == {"116 123", "988"}
    assert all(line.source.address.startswith("https://") for line in mind.lines)
    assert body.lines == ()
    for card in (mind, body):
        assert all(number in card.emergency for number in ("112", "999", "911"))
        assert "not a diagnosis" in card.why


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: phq4", "id: phq5", "the name of its file"),
        ("range: [0, 12]", "range: [0, 13]", "what the answers can give"),
        ("{id: down", "{id: interest", "an id of its own"),
        ("items: [nervous, worrying]", "items: [nervous, sleepy]", "one of its questions"),
        ("kind: validated", "kind: score_only", "score_only where the score is told"),
        ("sources: [phq_licence", "sources: [somebody", "an id of sources.yaml"),
        ("scoring: sum", "scoring: product", "Invalid enum value"),
    ],
)
def test_a_broken_questionnaire_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    copy = tmp_path / "phq4.yaml"
    copy.write_text((FOLDER / "phq4.yaml").read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(ContentError, match=r"phq4\.yaml line \d+") as refusal:
        questionnaire_in(copy)
    assert said in str(refusal.value)

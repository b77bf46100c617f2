"""What is known about mats, as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from matwise.content.claims import FILE, Certainty, Claim, Direction, Kind, claims, claims_in, known_limits
from matwise.content.reader import ContentError

BY_ID = {claim.id: claim for claim in claims()}

PROMISED = {
    *("back_pain", "neck_pain", "stress", "sleep", "anxiety", "mood", "fatigue", "fibromyalgia", "nausea"),
    *("blood_pressure", "endorphins", "relaxation", "warmth", "headache", "wellbeing", "qi", "toxins"),
}
OURS = {
    *("cloth_first", "first_minutes", "redness", "longer_exhale", "four_day_blocks", "nap", "expectation", "ladder"),
    *("dose", "same_rest", "harms", "safety_check", "point_that_matters"),
}


def sources_of(claim: Claim) -> str:
    return " ".join(source.title for source in claim.sources)


def test_every_usual_promise_and_every_claim_of_our_own_has_its_entry() -> None:
    assert {claim.id for claim in claims() if claim.kind is Kind.PROMISED} >= PROMISED
    assert {claim.id for claim in claims() if claim.kind is Kind.OURS} >= OURS


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_every_entry_is_plain_and_sourced(claim: Claim) -> None:
    assert claim.sources
    assert claim.title
    assert claim.answer.endswith(".")
    assert len(claim.answer.split()) <= 45
    for jargon in ("RCT", "SMD", "CI ", "p <", "p =", "placebo", "HRV", "RMSSD"):
        assert jargon not in claim.answer


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_where_nothing_was_studied_on_mats_the_certainty_is_none(claim: Claim) -> None:
    if claim.studied_on_mats == "No study was found.":
        assert claim.certainty is Certainty.NONE
        assert not [one for one in claim.findings if one.on_mats and one.direction is Direction.FOR]


@pytest.mark.parametrize("claim_id", ["stress", "sleep", "relaxation", "wellbeing", "blood_pressure", "same_rest"])
def test_the_null_result_against_the_same_rest_stands_wherever_it_belongs(claim_id: str) -> None:
    nulls = [one for one in BY_ID[claim_id].findings if one.direction is Direction.NO_DIFFERENCE]

    assert any("Kisker" in one.source.title for one in nulls)


def test_blood_pressure_was_higher_on_the_mat() -> None:
    against = [one for one in BY_ID["blood_pressure"].findings if one.direction is Direction.AGAINST]

    assert any("Olsson" in one.source.title and "higher" in one.text for one in against)
    assert "higher, not lower" in BY_ID["blood_pressure"].answer


@pytest.mark.parametrize("claim_id", ["back_pain", "neck_pain"])
def test_kjellgren_found_only_the_worst_pain_lower(claim_id: str) -> None:
    assert any("Only the worst pain" in one.text for one in BY_ID[claim_id].findings)


def test_the_contradiction_in_the_numbers_of_week_14_is_told() -> None:
    numbers = " ".join(one.numbers for one in BY_ID["back_pain"].findings)

    assert "p = .008" in numbers
    assert "p < .001" in numbers


def test_figures_are_those_of_the_studies() -> None:
    neck = " ".join(one.numbers for one in BY_ID["neck_pain"].findings)
    harms = " ".join(one.text for one in BY_ID["harms"].findings)

    assert "0.75 standard deviations (0.11 to 1.39)" in neck
    assert "8 of 91" in harms


def test_nobody_measured_endorphins_on_a_mat() -> None:
    assert "Nobody has measured them on a mat" in BY_ID["endorphins"].answer
    assert BY_ID["endorphins"].certainty is Certainty.NONE


def test_the_ladder_is_called_custom_not_evidence() -> None:
    assert "our own careful choice" in BY_ID["ladder"].answer
    assert BY_ID["ladder"].certainty is Certainty.NONE


def test_what_was_not_read_is_said() -> None:
    assert any("Only" in limit or "only the summary" in limit for limit in known_limits())
    assert any("No clinician" in limit for limit in known_limits())


def test_certainty_has_a_plain_word() -> None:
    assert [one.word for one in Certainty] == ["none", "very low", "low", "moderate"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: neck_pain", "id: back_pain", "no other claim"),
        ("source: hohmann_2012", "source: nobody", "sources.yaml"),
        ("certainty: low", "certainty: sure", "Invalid enum value"),
        ("title: Back pain", 'title: ""', "a sentence"),
        ("    findings: []\n    sources: [shakti_research]\n", "    findings: []\n", "at least one finding or source"),
    ],
)
def test_a_broken_claim_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    copy = tmp_path / "claims.yaml"
    copy.write_text(FILE.read_text().replace(old, new, 1))

    with pytest.raises(ContentError, match=r"claims\.yaml line \d+") as refusal:
        claims_in(copy)
    assert said in str(refusal.value)

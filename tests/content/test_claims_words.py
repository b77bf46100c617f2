"""Words that promise more than is known stand nowhere that people read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import matwise

HOUSE = Path(matwise.__file__).parent

COMPLAINTS = (
    r"(?:back |neck |muscle |period |chronic )?pains?|anxiety|depression|insomnia|nausea|migraines?|headaches?|stress"
    r"|fatigue|fibromyalgia|blood pressure|arthritis|sciatica|illness|disease"
)
VERBS = (
    r"treat(?:s|ing)?|cur(?:es?|ing)|reliev(?:es?|ing)|alleviat(?:es?|ing)|heal(?:s|ing)?|remed(?:y|ies)"
    r"|prevent(?:s|ing)?"
)
LOWERS = r"lowers|reduces|eases|improves|boosts|fights"

FORBIDDEN = {
    "a verb of medicine on a complaint": rf"\b(?:{VERBS})\b(?: \w+){{0,2}} (?:{COMPLAINTS})\b",
    "the mat does something to a complaint": rf"\b(?:mat|matwise|session|spikes?) (?:{LOWERS}|{VERBS})\b",
    "cures or treats": r"\b(?:cures|cured by|treats|therapeutic)\b",
    "relief as a promise": r"\b(?:pain|stress|tension)[- ]relie(?:f|ving)\b",
    "detox": r"\bdetox\w*|\bflush\w* (?:out )?toxins|\bremoves? toxins",
    "endorphins as a fact": r"\b(?:releases?|releasing|boosts?) (?:\w+ )?(?:endorphins|oxytocin|serotonin)\b",
    "proof": r"\b(?:clinically|scientifically|medically) (?:proven|tested)\b|\bmedical[- ]grade\b",
    "a guarantee": r"\b(?:guarantee[sd]?|miracle|risk[- ]free)\b",
    "a diagnosis": r"\byou (?:have|suffer from) (?:an? )?(?:disease|high blood pressure|depression|migraine)\b",
}


def read_by_people() -> list[Path]:
    files = [*HOUSE.glob("content/**/*.yaml"), *HOUSE.glob("web/templates/**/*.html"), *HOUSE.glob("plan/words.py")]
    return sorted([*files, HOUSE / "screening" / "gate.py"])


def found(text: str) -> list[str]:
    # Comments are for those who write the files; sentences run over lines.
    said = re.sub(r"\s+", " ", re.sub(r"(?m)^\s*#.*$", "", text))
    return [
        f"{name}: …{said[max(match.start() - 40, 0) : match.end() + 20]}…"
        for name, pattern in FORBIDDEN.items()
        for match in re.finditer(pattern, said, re.IGNORECASE)
    ]


@pytest.mark.parametrize("path", read_by_people(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_forbidden_claim_stands_in(path: Path) -> None:
    assert found(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The mat treats back pain.",
        "It relieves your chronic pain within days.",
        "A natural remedy for migraine",
        "Matwise reduces stress.",
        "Perfect for pain relief and detox",
        "Your body releases endorphins.",
        "Clinically proven to help",
        "Our medical-grade method",
        "You have high blood pressure.",
        "It cures insomnia",
    ],
)
def test_the_check_finds(sentence: str) -> None:
    assert found(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your own ratings were 1.2 points lower on mat evenings.",
        "Rest until it has healed.",
        "Are you being treated for it?",
        "Has anybody told you that your blood pressure is high?",
        "Nobody has measured endorphins on a mat.",
    ],
)
def test_the_check_leaves_alone(sentence: str) -> None:
    assert not found(sentence)

from __future__ import annotations

from pathlib import Path

import pytest

from matwise.content.reader import HERE, ContentError
from matwise.content.stop_reasons import stop_reasons, stop_reasons_in

FILE = HERE / "words" / "en" / "stop_reasons.yaml"


def test_every_warning_sign_says_who_says_so() -> None:
    assert all(reason.sources for reason in stop_reasons() if reason.warning)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("sources: [nhs_back]", "sources: [somebody]", "an id of sources.yaml"),
        ("sources: [nhs_back]", "sources: []", "at least one for a warning sign"),
        ("id: interrupted", "id: pain", "an id that no other reason has"),
        ("id: interrupted", "id: skin", "an id that no other reason has"),
        ("warning: false", "warning: true", "false, as screening"),
    ],
)
def test_a_broken_reason_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    copy = tmp_path / "stop_reasons.yaml"
    copy.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=r"stop_reasons\.yaml line \d+") as refusal:
        stop_reasons_in(copy)
    assert says in str(refusal.value)

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.exchange.audio_tags import MOST_CHAPTERS, chapter_marks, tags
from matwise.screening.limits import Placement
from matwise.session.cue import Chapter
from tests.exchange.builders import NAMES, a_small_timeline, some_labels
from tests.session.sessions import a_rung, a_timeline


def test_chapters_fill_the_file_without_a_gap_and_start_with_their_first_cue() -> None:
    marks = chapter_marks(a_small_timeline(), NAMES)

    assert [(mark.name, mark.start_s, mark.end_s) for mark in marks] == [
        (NAMES["settling_in"], 0.0, 15.5),
        (NAMES["breathing"], 15.5, 48.0),
        (NAMES["alarm"], 48.0, 61.5),
    ]


@pytest.mark.parametrize("placement", [Placement.WHOLE_BACK, Placement.FEET_STANDING])
@pytest.mark.parametrize("minutes", [2, 10])
def test_the_chapters_of_a_whole_session_meet_end_to_end(placement: Placement, minutes: int) -> None:
    timeline = a_timeline(a_rung(minutes, placement))
    marks = chapter_marks(timeline, NAMES)

    assert (marks[0].start_s, marks[-1].end_s) == (0, timeline.duration_s)
    assert all(before.end_s == after.start_s for before, after in pairwise(marks))
    assert all(mark.start_s < mark.end_s for mark in marks)


def test_a_chapter_that_comes_again_is_told_again() -> None:
    first, second, *_, last = a_small_timeline().cues
    cues = (first, replace(second, chapter=Chapter.QUIET), replace(last, chapter=first.chapter))

    assert [mark.name for mark in chapter_marks(replace(a_small_timeline(), cues=cues), NAMES)] == [
        NAMES["settling_in"],
        NAMES["quiet"],
        NAMES["settling_in"],
    ]


def test_without_labels_a_file_tells_its_title_and_length_alone() -> None:
    told = tags(a_small_timeline())

    assert (told.title, told.duration_s) == ("Füße & more", 61.5)
    assert (told.artist, told.album, told.language, told.marks, told.cover) == ("", "", "", (), None)


def test_everything_that_is_wrong_with_the_labels_is_told_at_once() -> None:
    labels = replace(some_labels(artist="Mat\0wise", language="de"), chapters={"settling_in": " "})

    with pytest.raises(InvalidInputError) as caught:
        tags(a_small_timeline(title="a\nb"), labels)

    assert [problem.where for problem in caught.value.problems] == [
        "title",
        "chapter settling_in",
        "chapter breathing",
        "chapter alarm",
        "artist",
        "language",
    ]


@given(
    character=st.characters(categories=["Cs"]) | st.characters(max_codepoint=31) | st.just("\x7f"), before=st.text("aä")
)
def test_a_title_that_no_file_can_hold_is_refused(character: str, before: str) -> None:
    with pytest.raises(InvalidInputError, match="title"):
        tags(a_small_timeline(title=before + character))


def test_more_chapters_than_a_table_of_contents_can_count_are_refused() -> None:
    cue = a_small_timeline().cues[0]
    two = (Chapter.QUIET, Chapter.BREATHING)
    cues = tuple(replace(cue, at_s=float(n), chapter=two[n % 2]) for n in range(MOST_CHAPTERS + 1))
    full = replace(a_small_timeline(), cues=cues[1:])

    assert len(tags(full, some_labels()).marks) == MOST_CHAPTERS
    with pytest.raises(InvalidInputError, match="chapters: got 256; want at most 255"):
        tags(replace(full, cues=cues), some_labels())

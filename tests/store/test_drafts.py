from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.store import drafts
from matwise.store.database import Database
from matwise.store.entry import LONGEST_TEXT

from .kept import EVENING, ME, read

READABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=READABLE)
def test_whatever_is_typed_comes_back_to_the_letter(db: Database, value: str) -> None:
    db.write(lambda c: drafts.keep(c, ME, "evening", "words", value, EVENING))

    assert read(db, lambda c: drafts.of(c, ME, "evening")) == {"words": value}


def test_a_form_keeps_the_latest_of_each_field_apart_from_other_forms_and_people(db: Database) -> None:
    for field, value in (("pain", "1"), ("pain", "12"), ("sleep", "not yet valid")):
        db.write(partial(drafts.keep, person=ME, form="evening", field=field, value=value, at=EVENING))
    db.write(lambda c: drafts.keep(c, ME, "trial", "days", "28", EVENING))
    db.write(lambda c: drafts.keep(c, "somebody", "evening", "pain", "3", EVENING))

    assert read(db, lambda c: drafts.of(c, ME, "evening")) == {"pain": "12", "sleep": "not yet valid"}
    assert read(db, lambda c: drafts.of(c, ME, "trial")) == {"days": "28"}
    assert read(db, lambda c: drafts.of(c, "somebody", "evening")) == {"pain": "3"}


def test_the_longest_text_is_kept_and_one_letter_more_is_refused(db: Database) -> None:
    db.write(lambda c: drafts.keep(c, ME, "f", "words", "ä" * LONGEST_TEXT, EVENING))

    assert read(db, lambda c: drafts.of(c, ME, "f")) == {"words": "ä" * LONGEST_TEXT}
    with pytest.raises(InvalidInputError, match="at most 10000"):
        db.write(lambda c: drafts.keep(c, ME, "f", "words", "ä" * (LONGEST_TEXT + 1), EVENING))


@pytest.mark.parametrize("value", ["nul \0", "half \ud83d"])
def test_what_no_file_can_carry_is_refused_with_a_reason(db: Database, value: str) -> None:
    with pytest.raises(InvalidInputError, match="can't be stored"):
        db.write(lambda c: drafts.keep(c, ME, "f", "words", value, EVENING))

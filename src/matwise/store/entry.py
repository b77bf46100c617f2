"""What can be kept as it stands: texts and ids that every database and every file format carries unchanged."""

from __future__ import annotations

import re

from matwise.errors import InvalidInputError, Problem

LONGEST_ID = 64  # characters: a UUID is 36, a ULID 26
LONGEST_TEXT = 10_000  # characters: five pages; more is not typed by hand

_ID = re.compile(rf"[A-Za-z0-9._:-]{{1,{LONGEST_ID}}}")


def check_ids(**ids: str) -> None:
    """Let ids pass that are letters, digits and `. _ : -`, at most 64 characters.

    Raises:
        InvalidInputError: names every id that can't be kept.
    """
    problems = [
        Problem(where, _shown(one), f"1 to {LONGEST_ID} letters, digits or . _ : -")
        for where, one in ids.items()
        if not isinstance(one, str) or not _ID.fullmatch(one)
    ]
    if problems:
        raise InvalidInputError(*problems)


def check_text(where: str, text: str, longest: int = LONGEST_TEXT) -> None:
    """Let a text pass that can be kept unchanged.

    Raises:
        InvalidInputError: it is no text, too long, or holds characters that files and databases can't carry.
    """
    if not isinstance(text, str):
        raise InvalidInputError(Problem(where, _shown(text), "text"))
    if len(text) > longest:
        raise InvalidInputError(Problem(where, f"{len(text)} characters", f"at most {longest}"))
    # NUL ends a text in PostgreSQL and many tools; half a surrogate pair can't be written as UTF-8 at all.
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidInputError(Problem(where, "a character that can't be stored", "readable text"))


def _shown(value: object) -> str:
    shown = ascii(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."

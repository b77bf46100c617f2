"""Answer from any table of days, without a database: whoever only wants to know should not wait for one."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.trial.answer import Answer
from matwise.trial.from_table import answer_table
from matwise.trial.options import read_adjustment, read_compare, read_priors

if TYPE_CHECKING:
    from matwise.trial.report import CentReport

NOT_UTF_8 = Sentence("byte {place} is not UTF-8")


def answer_file(
    file: Path,
    outcome: str,
    *,
    compare: str,
    better: str,
    scale: str,
    carryover: str,
    priors: tuple[str, ...],
    smallest_change: float | None,
    adjust: tuple[str, ...] = (),
) -> Answer:
    """What a table of days says, read from a CSV file.

    Raises:
        InvalidInputError: the file can't be read, or names everything in it or about the question that can't be used.
    """
    return answer_table(
        read_text(file),
        outcome,
        compare=read_compare(compare),
        better=better,
        scale=scale,
        carryover=carryover,
        priors=read_priors(priors),
        smallest_change=smallest_change,
        adjustment=read_adjustment(adjust),
    )


def report_of(found: Answer) -> CentReport:
    """An answer from a table by the items of CENT 2015."""
    from matwise.trial.report import cent_report

    return cent_report(found, version=version("matwise"))


def read_text(file: Path) -> str:
    """The text of a table.

    Raises:
        InvalidInputError: the file can't be read as text.
    """
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInputError(
            Problem(str(file), error.strerror or Sentence("no file"), Sentence("a CSV file of days"))
        ) from None
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            Problem(str(file), NOT_UTF_8.format(place=error.start), Sentence("a CSV file in UTF-8"))
        ) from None

"""What every error of Matwise has in common: it can be mended."""

from __future__ import annotations

from dataclasses import dataclass

from matwise.sentence import Sentence

ONE_OF = Sentence("one of {known}")
GOT_AND_WANT = Sentence("{where}: got {got}; want {want}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what was got, what would be right."""

    where: str
    got: str
    want: str

    def __str__(self) -> str:
        return GOT_AND_WANT.format(where=self.where, got=self.got, want=self.want)


class MatwiseError(Exception):
    """Base of everything that a person or a caller can put right."""

    @property
    def sentence(self) -> str:
        """What it says; unlike `str(error)` it can still be said in other languages where it was made to."""
        said = self.args[0] if self.args else ""
        return said if isinstance(said, str) else str(self)


class InvalidInputError(MatwiseError):
    """Input that can't be used; names every problem at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(Sentence.joined((str(problem) for problem in problems), "\n"))
        self.problems = problems

"""What every error of Matwise has in common: it can be mended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what was got, what would be right."""

    where: str
    got: str
    want: str

    def __str__(self) -> str:
        return f"{self.where}: got {self.got}; want {self.want}"


class MatwiseError(Exception):
    """Base of everything that a person or a caller can put right."""


class InvalidInputError(MatwiseError):
    """Input that can't be used; names every problem at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

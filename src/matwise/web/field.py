"""A question on a page that is kept the moment it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matwise.errors import InvalidInputError
from matwise.measures.rating import Moment, Scale
from matwise.sentence import Sentence

YES_NO = (("yes", Sentence("Yes")), ("no", Sentence("No")))
SHORT = {
    "pain": Sentence("Pain"),
    "stress": Sentence("Tension"),
    "sleep": Sentence("Sleep"),
    "relaxation": Sentence("Relaxation"),
    "nap": Sentence("Nap"),
}
PLEASE = Sentence("You entered {got}. Please give {want}.")


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `url`, `body` and `key` say where and as what an answer is sent; `options` are pairs of value and words (none: a
    0–10 scale with `low` and `high` at its ends); `value` is what was answered, as it was entered; `problem` is what
    is wrong with it; `hint` is what is known of it already, such as the rating before.
    """

    name: str
    question: str
    url: str
    body: Mapping[str, str]
    key: str = "value"
    low: str = ""
    high: str = ""
    options: tuple[tuple[str, str], ...] = ()
    value: str | None = None
    saved: bool = False
    problem: str | None = None
    hint: str = ""


def rating_field(
    scale: Scale, moment: Moment, *, session_id: str | None = None, given: int | None = None, hint: str = ""
) -> Field:
    """A 0–10 rating."""
    body = {"scale": scale.id, "moment": moment.value} | ({"session_id": session_id} if session_id else {})
    return Field(
        name=f"{moment.value}-{scale.id}",
        question=scale.question,
        url="/measure/ratings",
        body=body,
        low=scale.low,
        high=scale.high,
        value=None if given is None else str(given),
        saved=given is not None,
        hint=hint,
    )


def with_problem(field: Field, entered: str, error: InvalidInputError) -> Field:
    """The same question with what was entered and what would be right."""
    return replace(field, value=entered, saved=False, problem=in_words(error))


def in_words(error: InvalidInputError) -> str:
    """Problems as sentences beside a field."""
    return Sentence.joined(PLEASE.format(got=problem.got, want=problem.want) for problem in error.problems)


def short_name(scale: Scale) -> str:
    """A scale's name for the head of a column; a complaint is called what the person called it."""
    return scale.own_words or SHORT.get(scale.id, scale.id.capitalize())

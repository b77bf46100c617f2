"""What a session shall sound like: its part of the guide's form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from matwise.errors import InvalidInputError, Problem
from matwise.practice import say
from matwise.practice import wishes as practice
from matwise.screening.limits import Placement
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.asked import Form
from matwise.web.field import PLEASE
from matwise.web.page import language_of

SOUNDS = "sounds"  # a hidden field: the form asked what the session shall sound like
LEVELS = (
    ("-12", Sentence("Much softer")),
    ("-6", Sentence("Softer")),
    ("0", Sentence("As usual")),
    ("4", Sentence("Louder")),
)
VOICE_LEVELS = LEVELS[1:]
SETTLE_IN = (
    ("0", Sentence("Begin at once")),
    ("30", Sentence("Half a minute")),
    ("60", Sentence("One minute")),
    ("120", Sentence("Two minutes")),
)
BELLS = (
    (practice.USUAL_BELLS, Sentence("At the start and the end, and softly in a long quiet")),
    (practice.OWN_BELLS, Sentence("At times of my own as well")),
    (practice.NO_BELLS, Sentence("None; the voice says when it begins and ends")),
)
SWITCHES = (
    ("scan", Sentence("Go through the body, part by part")),
    ("familiar", Sentence("I know how it goes: leave out the introduction")),
    ("five_more", Sentence("After the alarm: five minutes more, if I ask for them")),
    ("open_end", Sentence("After the alarm: quiet for as long as I like")),
)


@dataclass(frozen=True, slots=True)
class Choosing:
    """The form's part: what there is to choose, what is chosen, and what is wrong with it, by field.

    `settled`: a trial has settled it. `longest` None: no session of today.
    """

    settled: bool
    longest: int
    aims: Sequence[tuple[str, str]]
    breathing: Sequence[tuple[str, str]]
    beds: Sequence[tuple[str, str]]
    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    bells: Sequence[tuple[str, str]] = BELLS
    settle_in: Sequence[tuple[str, str]] = SETTLE_IN
    levels: Sequence[tuple[str, str]] = LEVELS
    voice_levels: Sequence[tuple[str, str]] = VOICE_LEVELS
    switches: Sequence[tuple[str, str]] = SWITCHES

    @property
    def is_own(self) -> bool:
        """Whether anything differs from the usual session."""
        return any(self.values[name] != usual for name, usual in _values(practice.USUAL).items())

    @property
    def loudness_is_own(self) -> bool:
        """Whether loudness or the quiet before the first word differ from the usual, or are wrong."""
        usual, names = _values(practice.USUAL), ("voice_db", "bell_db", "bed_db", "settle_in_s")
        return any(self.values[name] != usual[name] or name in self.problems for name in names)


def choosing(
    request: Request,
    rungs: Sequence[tuple[Placement, int]],
    entered: Mapping[str, str],
    error: InvalidInputError | None,
) -> Choosing:
    """What can be chosen for sessions at these placements of so many minutes; the first is today's step."""
    db, now = asked.database(request), asked.now(request)
    language = language_of(request)
    values = _values(practice.remembered(db, now)) | {name: entered[name] for name in entered if name in FIELDS}
    return Choosing(
        settled=practice.is_settled(db, now),
        longest=max((minutes for _, minutes in rungs), default=0),
        aims=_named("aim", practice.aims_for({placement for placement, _ in rungs}), language),
        breathing=_named("breathing", practice.breathing_ids(), language),
        beds=_named("bed", practice.bed_ids(), language),
        values=values,
        problems={} if error is None else {_place(one): _in_words(one, language) for one in error.problems},
    )


def told(form: Form) -> dict[str, str] | None:
    """The fields as they were typed, a switch that is off among them; None where the form did not ask."""
    return {name: form.one(name) for name in FIELDS} if form.one(SOUNDS) else None


def _values(chosen: practice.Wanted) -> dict[str, str]:
    return {name: _as_typed(getattr(chosen, name)) for name in FIELDS}


def _as_typed(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, tuple):
        return " ".join(f"{one:g}" for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


FIELDS = tuple(practice.FIELDS)
_PLACES = {"pace": "pace_per_min", "bells.at_s": "bell_at_min", "bells.every_s": "bell_every_min"}


def _place(problem: Problem) -> str:
    where = _PLACES.get(problem.where, problem.where)
    return where if where in FIELDS else "minutes"


def _named(kind: str, ids: Iterable[str], language: str) -> list[tuple[str, str]]:
    return [(one, practice.name(kind, one, language)) for one in ids]


def _in_words(problem: Problem, language: str) -> str:
    return PLEASE.format(got=_with_names(problem.got, language), want=_with_names(problem.want, language))


def _with_names(told: str, language: str) -> str:
    """The same with names for the ids in it."""
    if not isinstance(told, Sentence):
        return told
    known = say.words().placement
    names: dict[str, Callable[[str], str]] = {
        "aim": lambda one: practice.name("aim", one, language),
        "programme": lambda one: practice.name("breathing", one, language),
        "placement": lambda one: known[Placement(one)],
        "places": lambda some: Sentence.joined((known[Placement(one)] for one in some.split(", ")), "; "),
    }
    return told.format(**{part: names[part](str(ids)) for part, ids in told.parts.items() if part in names})

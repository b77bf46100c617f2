"""Questionnaires: what they ask, the score of their answers, and whether a score changed enough to matter."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.measures.night import CLOCK, MINUTES, TIMES, TIMES_AWAKE, night
from matwise.measures.rating import WANTED, Better
from matwise.sentence import Sentence

Answer = int | str  # a number; "07:15" for a time of the day; NOT_FOR_ME
Answers = Mapping[str, Answer]

NOT_FOR_ME = "not_for_me"
TICKED = "1"
MOST_MINUTES, MOST_TIMES = 1440, 99
KNOWN_ITEM = Sentence("one of its questions")
A_SCORE = Sentence("a number from {low:g} to {high:g}")


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    POINTS = "points"
    TICK = "tick"
    TIME = "time"
    MINUTES = "minutes"
    NUMBER = "number"


class Scoring(StrEnum):
    """How answers become a score."""

    SUM = "sum"
    MEAN = "mean"
    MEAN_OF_ANSWERED = "mean_of_answered"
    TICKS = "ticks"
    NIGHT = "night"
    TOLD = "told"


class Help(StrEnum):
    """What a worrying answer is about; BODY is the one that may be an emergency today."""

    MIND = "mind"
    BODY = "body"


class Size(StrEnum):
    """How much a change is, in the words of those who published it."""

    SLIGHT = "slight"
    MEANINGFUL = "meaningful"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `low` and `high` are the words at the ends of a 0–10 scale."""

    id: str
    text: str
    kind: Kind
    low: str = ""
    high: str = ""
    may_not_apply: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the questions, which have a score of their own."""

    id: str
    name: str
    items: tuple[str, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScreeningPoint:
    """A score at which its source advises to look closer; never a diagnosis. `part` None: of the whole."""

    at: float
    means: str
    part: str | None = None
    help: Help | None = None


@dataclass(frozen=True, slots=True)
class Worrying:
    """An answer that leads to help by itself."""

    item: str
    at: int
    help: Help


@dataclass(frozen=True, slots=True)
class Step:
    """A change that matters: the larger of `points` and `percent` of where a person began."""

    size: Size
    points: float
    percent: float


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as far as its score goes; `steps` from the smallest change to the largest."""

    id: str
    name: str
    scoring: Scoring
    low: float
    high: float
    better: Better
    items: tuple[Item, ...] = ()
    options: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    points: tuple[ScreeningPoint, ...] = ()
    worrying: tuple[Worrying, ...] = ()
    steps: tuple[Step, ...] = ()
    decimals: int = 0
    unit: str = ""

    def item(self, item_id: str) -> Item | None:
        """One of its questions by id."""
        return next((one for one in self.items if one.id == item_id), None)


@dataclass(frozen=True, slots=True)
class PartScore:
    """The score of a part; None where one of its answers is missing."""

    part: Part
    value: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """A score, how many questions it rests on, and which are missing. `value` None: there is no score without them."""

    value: float | None
    answered: int
    asked: int
    missing: tuple[Item, ...] = ()
    parts: tuple[PartScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """From one score to a later one of the same person.

    `size` is the largest step that was reached, None if none was; `needed` the points that step (or the smallest one)
    asks for where this person began, None where no change is known to matter; `items` how many questions were
    compared, None where all of them were.
    """

    before: float
    after: float
    better: Better
    needed: float | None
    size: Size | None
    items: int | None = None

    @property
    def by(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def for_the_better(self) -> bool:
        """Whether it moved the way that is good."""
        return self.by < 0 if self.better is Better.LOWER else self.by > 0


def check_answer(instrument: Instrument, item_id: str, typed: str) -> Answer:
    """One answer from what was tapped or typed.

    Raises:
        InvalidInputError: there is no such question, or it can't be answered like that.
    """
    item, said = instrument.item(item_id), typed.strip()
    if item is None:
        raise InvalidInputError(Problem(instrument.id, ascii(item_id)[:80], KNOWN_ITEM))
    if item.may_not_apply and said == NOT_FOR_ME:
        return NOT_FOR_ME
    if item.kind is Kind.TIME:
        found = CLOCK.fullmatch(said)
        if found:
            return f"{int(found[1]):02}:{found[2]}"
    elif re.fullmatch(r"0|[1-9][0-9]{0,3}", said) and int(said) <= _most(instrument, item):
        return int(said)
    raise InvalidInputError(
        Problem(item.text, ascii(said)[:80] if said else Sentence("nothing"), _wanted(instrument, item))
    )


def _most(instrument: Instrument, item: Item) -> int:
    most = {Kind.POINTS: 10, Kind.TICK: 1, Kind.MINUTES: MOST_MINUTES, Kind.NUMBER: MOST_TIMES}
    return most.get(item.kind, len(instrument.options) - 1)


def _wanted(instrument: Instrument, item: Item) -> str:
    if item.kind is Kind.CHOICE:
        return ONE_OF.format(known=", ".join(str(number) for number in range(len(instrument.options))))
    return {Kind.POINTS: WANTED, Kind.TIME: TIMES, Kind.MINUTES: MINUTES, Kind.NUMBER: TIMES_AWAKE}.get(
        item.kind, ONE_OF.format(known="0, 1")
    )


def check_told(instrument: Instrument, typed: str) -> float:
    """A score that was counted elsewhere, from what was typed; a decimal comma is taken too.

    Raises:
        InvalidInputError: it is no number, or outside the range.
    """
    said = typed.strip().replace(",", ".")
    if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,4})?", said) and instrument.low <= float(said) <= instrument.high:
        return float(said)
    wanted = A_SCORE.format(low=instrument.low, high=instrument.high)
    raise InvalidInputError(
        Problem(instrument.name, ascii(typed.strip())[:80] if said else Sentence("nothing"), wanted)
    )


def check_together(instrument: Instrument, answers: Answers) -> None:
    """Let answers pass that can be true together.

    Raises:
        InvalidInputError: somebody would have slept for less than nothing.
    """
    if instrument.scoring is Scoring.NIGHT:
        night(answers)


def score(instrument: Instrument, answers: Answers, told: float | None = None) -> Score:
    """The score of some answers by the rule of the questionnaire.

    Nothing that is missing is ever filled in: a sum, a mean and a night need all their answers, a mean of what was
    answered says of how many, and only a list to tick counts what is not ticked as no.

    Args:
        instrument: what was asked.
        answers: by id of the question; those to other questions are left out.
        told: a score that was counted elsewhere.

    Raises:
        InvalidInputError: the answers can't be true together.
    """
    if instrument.scoring is Scoring.TOLD:
        return Score(told, 0, 0)
    given = {one.id: answers[one.id] for one in instrument.items if one.id in answers}
    missing = tuple(one for one in instrument.items if one.id not in given)
    if instrument.scoring is Scoring.TICKS:
        return Score(float(sum(value == 1 for value in given.values())), len(instrument.items), len(instrument.items))
    parts = tuple(
        PartScore(one, _sum(given, one.items) if set(one.items) <= set(given) else None) for one in instrument.parts
    )
    return Score(_value(instrument, given, missing), len(given), len(instrument.items), missing, parts)


def _value(instrument: Instrument, given: Answers, missing: tuple[Item, ...]) -> float | None:
    if instrument.scoring is Scoring.MEAN_OF_ANSWERED:
        return _sum(given, tuple(given)) / len(given) if given else None
    if instrument.scoring is Scoring.NIGHT:
        slept = night(given)
        return slept.efficiency_percent if slept is not None else None
    if missing:
        return None
    total = _sum(given, tuple(given))
    return total / len(given) if instrument.scoring is Scoring.MEAN else total


def _sum(given: Answers, items: tuple[str, ...]) -> float:
    """The sum of these answers; one that does not apply counts 0."""
    return float(sum(value for one in items if isinstance(value := given.get(one), int)))


def points_passed(instrument: Instrument, answers: Answers, told: float | None = None) -> tuple[ScreeningPoint, ...]:
    """The highest screening point of the whole, and of each part, that these answers reach.

    Missing answers can only add to a sum, so a point that is reached without them is reached.
    """
    whole = told if instrument.scoring is Scoring.TOLD else _sum(answers, tuple(one.id for one in instrument.items))
    of_parts: dict[str | None, float] = {one.id: _sum(answers, one.items) for one in instrument.parts}
    values = of_parts if whole is None else of_parts | {None: whole}
    reached: dict[str | None, ScreeningPoint] = {}
    for point in instrument.points:
        value = values.get(point.part)
        if value is None:
            continue
        if value >= point.at if instrument.better is Better.LOWER else value <= point.at:
            reached[point.part] = point
    return tuple(reached.values())


def help_needed(instrument: Instrument, answers: Answers, told: float | None = None) -> Help | None:
    """Whether these answers lead to help, and to which: symptoms that may not wait come before worry and mood."""
    alarms = {
        one.help for one in instrument.worrying if isinstance(value := answers.get(one.item), int) and value >= one.at
    }
    alarms |= {point.help for point in points_passed(instrument, answers, told) if point.help is not None}
    return next((one for one in (Help.BODY, Help.MIND) if one in alarms), None)


def change(instrument: Instrument, before: float, after: float) -> Change:
    """How one score differs from an earlier one, held against what is known to matter.

    A step is reached by the larger of its points and its percent of the earlier score: where somebody began mild, the
    points ask for a larger share; where somebody began severe, the percent ask for more points.
    """
    by = abs(after - before)
    reached = [step for step in instrument.steps if by >= needed(step, before) - 1e-9]
    smallest = instrument.steps[0] if instrument.steps else None
    step = reached[-1] if reached else smallest
    return Change(
        before,
        after,
        instrument.better,
        needed(step, before) if step else None,
        step.size if step and reached else None,
    )


def needed(step: Step, baseline: float) -> float:
    """The points by which a score must differ from `baseline` to reach a step."""
    return max(step.points, step.percent / 100 * abs(baseline))


def compared(
    instrument: Instrument, earlier: tuple[Answers, float | None], later: tuple[Answers, float | None]
) -> Change | None:
    """The change between two times, each as answers and told score; None where they can't be compared.

    Where a score rests on what was answered, both are counted on what was answered both times: a mean would move by
    what was left out.
    """
    both = None
    if instrument.scoring is Scoring.MEAN_OF_ANSWERED:
        both = tuple(one for one in instrument.items if one.id in earlier[0] and one.id in later[0])
        instrument = replace(instrument, items=both)
    values = [score(instrument, answers, told).value for answers, told in (earlier, later)]
    if values[0] is None or values[1] is None:
        return None
    return replace(change(instrument, values[0], values[1]), items=None if both is None else len(both))


def shown(instrument: Instrument, value: float) -> str:
    """A score with as many decimals as it has, in the figures of any language."""
    decimals = 1 if instrument.scoring in (Scoring.MEAN, Scoring.MEAN_OF_ANSWERED) else instrument.decimals
    if instrument.unit:
        return Sentence("{value:.0f} %").format(value=value)
    if decimals == 0 and not math.isclose(value, round(value)):
        decimals = 1
    return Sentence(f"{{value:.{decimals}f}}").format(value=value)

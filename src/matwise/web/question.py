"""A trial in words: what can be chosen for it, what it asks, and how its figures read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matwise.measures.rating import Moment, Scale
from matwise.sentence import Sentence
from matwise.trial.design import Arm, Versus

if TYPE_CHECKING:
    from matwise.trial.answer import Answer, Effect
    from matwise.trial.design import Schedule

BLOCKS = (
    (
        1,
        Sentence("One day"),
        Sentence("A new draw every day. Best for what shows at once and is gone by the next day."),
    ),
    (2, Sentence("Two days"), Sentence("Short blocks: many switches, some carry-over.")),
    (4, Sentence("Four days"), Sentence("The usual choice: time to settle, and still many switches.")),
    (7, Sentence("A week"), Sentence("For what changes slowly. Needs the most days.")),
)
WASHINS = (
    (
        0,
        Sentence("None"),
        Sentence("The usual choice: every day counts, and how long a day lingers is learnt from the days themselves."),
    ),
    (
        1,
        Sentence("One day"),
        Sentence("The first day after each switch is left out, so that yesterday’s mat is not counted as today’s."),
    ),
    (2, Sentence("Two days"), Sentence("More careful, and more days are left out.")),
)
ORDERS = (
    (
        "random",
        Sentence("Drawn anew each time"),
        Sentence("The usual choice: every group of blocks is drawn on its own."),
    ),
    (
        "abba",
        Sentence("Drawn, then mirrored"),
        Sentence("After mat, rest comes rest, mat. A slow drift over the weeks weighs on both alike."),
    ),
    (
        "latin",
        Sentence("Every order equally often"),
        Sentence("For three kinds of day: each is first, second and last as often, and follows each other as often."),
    ),
)
# Why a trial ended, where nobody typed it: kept in English, said in the language of the page.
ALL_PASSED, NO_REASON = Sentence("All days have passed"), Sentence("No reason given")
WHY_ENDED = {str(why): why for why in (ALL_PASSED, NO_REASON)}
AGAINST = {
    Arm.REST: Sentence("the same rest without the mat"),
    Arm.BREATH: Sentence("the same breathing with neither mat nor towel"),
    Arm.NOTHING: Sentence("no session at all"),
    Versus.BOTH: Sentence("the same rest without the mat, and of no session at all"),
}
IN_THE_EVENING = Sentence("in the evening")
AFTER_SESSIONS = Sentence("after each session, in tenths of it")
ASKED = Sentence("“{question}” {when}: mat days against days of {against}")
EITHER_WAY = Sentence("from {low:.1f} lower to {high:.1f} higher")
LOWER = Sentence("{small:.1f} to {large:.1f} points lower")
HIGHER = Sentence("{small:.1f} to {large:.1f} points higher")


def question_words(scale: Scale, schedule: Schedule) -> str:
    """The question of a trial in one line."""
    when = IN_THE_EVENING if Moment.EVENING in scale.moments else AFTER_SESSIONS
    against = AGAINST[schedule.design.question.versus]
    return ASKED.format(question=scale.question, when=when, against=against)


def interval_words(effect: Effect) -> str:
    """The 95 % interval in words: which way, and between which sizes."""
    low, high = effect.q025, effect.q975
    if low < 0 < high:
        return EITHER_WAY.format(low=abs(low), high=high)
    small, large = sorted((abs(low), abs(high)))
    return (LOWER if high <= 0 else HIGHER).format(small=small, large=large)


def needed_words(found: Answer) -> str:
    """How many more days probably make it clear."""
    if found.days_needed is None:
        return Sentence("more than a year")
    return Sentence("none") if found.days_needed == 0 else Sentence("about {days}").format(days=found.days_needed)


def points_of(size: float) -> str:
    """A size in points."""
    return Sentence("1 point") if size == 1 else Sentence("{size:g} points").format(size=size)

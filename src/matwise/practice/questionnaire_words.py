"""Scores and their changes in the words that page and terminal share."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from matwise.measures.night import night
from matwise.measures.questionnaire import Kind, Scoring, Size, shown
from matwise.measures.rating import Better
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from datetime import date

    from matwise.measures.questionnaire import Change, Instrument
    from matwise.practice.questionnaire import Entry, Result

SCORE = Sentence("{name}: {score} of {most}")
OWN_SCORE = Sentence("{name}: {score}")
NO_SCORE = Sentence("{name}: no score, since answers are missing")
OF_SO_MANY = Sentence("The mean of {answered} of {asked} answers.")
MISSING = Sentence("Not answered: {items} – without them there is no score.")
NOT_VALIDATED = Sentence("This is not a validated scale. Look at its trend, not at one figure.")
NO_DIAGNOSIS = Sentence("A screening point is where its source advises to look closer. It is no diagnosis.")
FROM_TO = Sentence("{before} on {since:long}, {after} now.")
SAME_ITEMS = Sentence("Compared on the {items} answered both times.")
ENOUGH = {
    (Size.SLIGHT, True): Sentence(
        "That is slightly better: it takes {needed} points where somebody begins at {before}."
    ),
    (Size.SLIGHT, False): Sentence(
        "That is slightly worse: it takes {needed} points where somebody begins at {before}."
    ),
    (Size.MEANINGFUL, True): Sentence(
        "That is better by enough to matter: it takes {needed} points where somebody begins at {before}."
    ),
    (Size.MEANINGFUL, False): Sentence(
        "That is worse by enough to matter: it takes {needed} points where somebody begins at {before}."
    ),
    (Size.LARGE, True): Sentence("That is much better: it takes {needed} points where somebody begins at {before}."),
    (Size.LARGE, False): Sentence("That is much worse: it takes {needed} points where somebody begins at {before}."),
}
NOT_ENOUGH = Sentence(
    "That is not enough to matter yet: it would take {needed} points where somebody begins at {before}."
)
TOO_MILD = Sentence("Who begins at {before} can’t get better by {needed} points, so only getting worse can show here.")
ONE_SO_FAR = Sentence("This is your first score. The next one, in about four weeks, is held against it.")
OWN_RANGE = Sentence(
    "Your {number} scores so far lie between {lowest} and {highest}; half of them are at or below {middle}."
)
ASLEEP = Sentence("Asleep for {hours} h {minutes} min of {in_hours} h {in_minutes} min in bed.")


def headline(result: Result, entry: Entry | None = None) -> str:
    """The score in one line; of the latest time, or of another."""
    instrument, value = result.questionnaire.instrument, (entry or result.latest).score.value
    if value is None:
        return NO_SCORE.format(name=instrument.name)
    said = shown(instrument, value)
    # A share needs no end of the scale, and the sum of MSQ forms has none that is known.
    if instrument.unit or instrument.high >= 1000:
        return OWN_SCORE.format(name=instrument.name, score=said)
    return SCORE.format(name=instrument.name, score=said, most=shown(instrument, instrument.high).removesuffix(".0"))


def rests_on(result: Result) -> tuple[str, ...]:
    """How many answers the score rests on, its parts, and what is missing."""
    instrument, entry = result.questionnaire.instrument, result.latest
    said: list[str] = []
    if instrument.scoring is Scoring.MEAN_OF_ANSWERED and entry.score.value is not None:
        said.append(OF_SO_MANY.format(answered=entry.score.answered, asked=entry.score.asked))
    if entry.score.value is None and entry.score.missing:
        said.append(MISSING.format(items=Sentence.joined((one.text for one in entry.score.missing), "; ")))
    said += [
        SCORE.format(name=one.part.name, score=shown(instrument, one.value), most=f"{one.part.high:g}")
        for one in entry.score.parts
        if one.value is not None
    ]
    if instrument.scoring is Scoring.NIGHT:
        said += _of_night(result)
    return tuple(said)


def _of_night(result: Result) -> list[str]:
    answers, slept = result.latest.kept.answers, night(result.latest.kept.answers)
    said: list[str] = []
    if slept is not None:
        hours, minutes = divmod(slept.asleep_min, 60)
        in_hours, in_minutes = divmod(slept.in_bed_min, 60)
        said.append(ASLEEP.format(hours=hours, minutes=minutes, in_hours=in_hours, in_minutes=in_minutes))
    for item in result.questionnaire.instrument.items:
        if item.id in answers and item.kind in (Kind.NUMBER, Kind.POINTS):
            said.append(Sentence("{question} {answer}").format(question=item.text, answer=answers[item.id]))  # noqa: PERF401
    return said


def changes(result: Result) -> tuple[str, ...]:
    """How it moved since the first time, and since the last; what that is held against."""
    scored = [one for one in result.scored if one.kept != result.latest.kept]
    instrument = result.questionnaire.instrument
    if result.latest.score.value is None:
        return ()
    if not scored:
        return (ONE_SO_FAR,)
    said = [
        of_change(instrument, moved, since)
        for moved, since in ((result.since_first, scored[0].day), (result.since_last, scored[-1].day))
        if moved is not None
    ]
    return (*said, result.questionnaire.change_because) if said else ()


def of_change(instrument: Instrument, moved: Change, since: date) -> str:
    """One change as a sentence: from what to what, and whether that is enough to matter where it began."""
    before = shown(instrument, moved.before)
    said: list[str] = [FROM_TO.format(before=before, since=since, after=shown(instrument, moved.after))]
    if moved.items is not None and moved.items < len(instrument.items):
        said.append(SAME_ITEMS.format(items=Sentence.counted("one thing", "{number} things", moved.items)))
    if moved.needed is not None:
        needed = Sentence("{value:.1f}").format(value=moved.needed)
        if moved.size is not None:
            said.append(ENOUGH[moved.size, moved.for_the_better].format(needed=needed, before=before))
        else:
            said.append(NOT_ENOUGH.format(needed=needed, before=before))
            if _out_of_reach(instrument, moved):
                said.append(TOO_MILD.format(needed=needed, before=before))
    return Sentence.joined(said)


def _out_of_reach(instrument: Instrument, moved: Change) -> bool:
    room = moved.before - instrument.low if moved.better is Better.LOWER else instrument.high - moved.before
    return moved.needed is not None and room < moved.needed


def own_range(result: Result) -> str:
    """Where a person's own scores lie; empty before there are three."""
    values = [one.score.value for one in result.entries if one.score.value is not None]
    if len(values) < 3:
        return ""
    instrument = result.questionnaire.instrument
    return OWN_RANGE.format(
        number=len(values),
        lowest=shown(instrument, min(values)),
        highest=shown(instrument, max(values)),
        middle=shown(instrument, median(values)),
    )

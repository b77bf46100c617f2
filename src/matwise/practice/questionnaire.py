"""Answer a questionnaire, or tell a score; see how it has moved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from matwise.content import help as help_cards
from matwise.content import questionnaires as known
from matwise.content.help import Card
from matwise.content.questionnaires import Questionnaire
from matwise.errors import InvalidInputError, MatwiseError, Problem
from matwise.measures import questionnaire as rules
from matwise.measures.day import day_of
from matwise.measures.questionnaire import (
    Answer,
    Answers,
    Change,
    Help,
    Instrument,
    Item,
    Kind,
    Score,
    Scoring,
    ScreeningPoint,
)
from matwise.practice import measure, screen
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store import drafts, questionnaires
from matwise.store.database import Database
from matwise.store.questionnaires import KeptAnswers

EVERY = timedelta(days=28)  # often enough to see a trend of symptoms, seldom enough to stay a minute a month
SNAPSHOT, BESIDE = "snapshot", "phq4"  # our own form never stands alone
TODAY = (SNAPSHOT, BESIDE)
THIS_WEEK = Sentence("How strong was this in the last week: {words}?")
NOT_THERE, AS_CAN_BE = Sentence("not there"), Sentence("as strong as can be")
NOTHING_GIVEN = Sentence("no answer at all")
AN_ANSWER = Sentence("an answer to at least one question")


class NoSuchQuestionnaireError(MatwiseError):
    """There is none of this name."""

    def __init__(self, name: str) -> None:
        known_ones = ", ".join(known.questionnaires())
        super().__init__(
            Sentence("There is no questionnaire {name}; there are {known}.").format(
                name=ascii(name)[:80], known=known_ones
            )
        )


class UnansweredError(MatwiseError):
    """Questions without whose answers there is no score; `missing` names them."""

    def __init__(self, name: str, missing: Sequence[Item]) -> None:
        super().__init__(
            Sentence.counted(
                "{name}: one question is still open, and without it there is no score.",
                "{name}: {number} questions are still open, and without them there is no score.",
                len(missing),
                name=name,
            )
        )
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Entry:
    """One time a questionnaire was answered, with its score by the rules of today."""

    kept: KeptAnswers
    score: Score

    @property
    def day(self) -> date:
        """The day it belongs to."""
        return self.kept.day


@dataclass(frozen=True, slots=True)
class Result:
    """What the latest answers come to: help first if they worry, then the score, the points it reaches, the changes.

    `entries` are the latest of each day, oldest first; `since_first` and `since_last` are None where there is nothing
    to compare, and `since_last` where the one before is the first.
    """

    questionnaire: Questionnaire
    entries: tuple[Entry, ...]
    help: Card | None
    points: tuple[ScreeningPoint, ...]
    since_first: Change | None
    since_last: Change | None

    @property
    def latest(self) -> Entry:
        """The latest time."""
        return self.entries[-1]

    @property
    def scored(self) -> tuple[Entry, ...]:
        """The times that have a score."""
        return tuple(one for one in self.entries if one.score.value is not None)


def find(db: Database, name: str, *, ever: bool = False) -> Questionnaire:
    """One questionnaire by its id, as this person is asked it; with `ever` with the complaints of former times too.

    Raises:
        NoSuchQuestionnaireError: there is none of this id.
    """
    one = known.questionnaires().get(name)
    if one is None:
        raise NoSuchQuestionnaireError(name)
    if not one.of_complaints:
        return one
    scales = measure.scales_ever(db) if ever else measure.scales(db)
    items = tuple(
        Item(scale.id, THIS_WEEK.format(words=scale.own_words), Kind.POINTS, NOT_THERE, AS_CAN_BE)
        for scale in scales
        if scale.own_words
    )
    return replace(one, instrument=replace(one.instrument, items=items))


def every(db: Database) -> tuple[Questionnaire, ...]:
    """All questionnaires, our own first."""
    return tuple(find(db, name) for name in known.questionnaires())


def typed(db: Database, name: str, now: datetime) -> dict[str, str]:
    """What was answered today and not yet finished; what was left lying on another day is not mixed with it."""
    with db.read() as c:
        kept = drafts.of(c, ME, _form(name, now))
    return {field: value for field, value in kept.items() if value}


def keep_answer(db: Database, name: str, item: str, value: str, now: datetime) -> None:
    """Keep one answer of a questionnaire under way; an empty one takes it back.

    Raises:
        NoSuchQuestionnaireError: there is none of this id.
        InvalidInputError: the question can't be answered like that.
    """
    instrument = find(db, name).instrument
    if value.strip() or instrument.item(item) is None:
        rules.check_answer(instrument, item, value)
    db.write(lambda c: drafts.keep(c, ME, _form(name, now), item, value, now))


def help_so_far(db: Database, name: str, now: datetime) -> Card | None:
    """The help that the answers under way lead to: of one questionnaire, or of both that are asked on one page."""
    names = TODAY if name in TODAY else (name,)
    found = [help_for(find(db, each), typed(db, each, now)) for each in names]
    by_urgency = [card(kind) for kind in (Help.BODY, Help.MIND)]
    return next((one for one in by_urgency if one in found), None)


def help_for(one: Questionnaire, given: Mapping[str, str]) -> Card | None:
    """The help that these answers lead to, as they were tapped or typed; those that can't be answers are left out."""
    answers: dict[str, Answer] = {}
    for item, said in given.items():
        with suppress(InvalidInputError):
            answers[item] = rules.check_answer(one.instrument, item, said)
    return card(rules.help_needed(one.instrument, answers))


def checked(db: Database, name: str, given: Mapping[str, str], *, incomplete: bool = False) -> Answers:
    """Answers from what was tapped or typed; an empty one was not given.

    Args:
        db: the person's database.
        name: the questionnaire.
        given: by id of the question.
        incomplete: the person wants to keep them although there is no score without the missing ones.

    Raises:
        NoSuchQuestionnaireError: there is none of this id.
        InvalidInputError: names every answer that can't be used.
        UnansweredError: some are missing, and there is no score without them.
    """
    instrument = find(db, name).instrument
    answers: dict[str, Answer] = {}
    problems: list[Problem] = []
    for item, said in given.items():
        if not said.strip():
            continue
        try:
            answers[item] = rules.check_answer(instrument, item, said)
        except InvalidInputError as error:
            problems += error.problems
    if not answers and not problems and instrument.scoring is not Scoring.TICKS:
        problems.append(Problem(instrument.name, NOTHING_GIVEN, AN_ANSWER))
    if problems:
        raise InvalidInputError(*problems)
    rules.check_together(instrument, answers)
    found = rules.score(instrument, answers)
    if found.value is None and not incomplete:
        raise UnansweredError(instrument.name, found.missing)
    return answers


def finish(db: Database, name: str, client_id: str, answers: Answers, now: datetime) -> KeptAnswers:
    """Keep the answers to a questionnaire; the same form sent twice keeps them once.

    Raises:
        InvalidInputError: the id can't be one.
    """
    ticks = find(db, name).instrument.scoring is Scoring.TICKS
    # Of a list to tick, the answers of somebody whom no sentence describes are still answers.
    kept = answers or ({"none": 1} if ticks else {})
    one = KeptAnswers(_id(client_id, name, kept), ME, name, now, kept)
    done = db.write(lambda c: questionnaires.keep(c, one))
    db.write(lambda c: drafts.clear(c, ME, _form(name, now)))
    return done


def tell(db: Database, name: str, client_id: str, score: str, now: datetime) -> KeptAnswers:
    """Keep a score that was counted elsewhere.

    Raises:
        NoSuchQuestionnaireError: there is none of this id.
        InvalidInputError: it is no score of this questionnaire, or the questions themselves are asked here.
    """
    instrument = find(db, name).instrument
    if instrument.scoring is not Scoring.TOLD:
        raise InvalidInputError(Problem(instrument.name, Sentence("a score"), Sentence("answers to its questions")))
    told = rules.check_told(instrument, score)
    one = KeptAnswers(_id(client_id, name, {"told": f"{told}"}), ME, name, now, told_score=told)
    return db.write(lambda c: questionnaires.keep(c, one))


def result(db: Database, name: str) -> Result | None:
    """What the answers to a questionnaire come to; None before the first.

    Raises:
        NoSuchQuestionnaireError: there is none of this id.
    """
    one = find(db, name, ever=True)
    with db.read() as c:
        kept = questionnaires.all_of(c, ME, name)
    if not kept:
        return None
    entries = tuple(Entry(entry, _score(one.instrument, entry)) for entry in {each.day: each for each in kept}.values())
    latest, scored = entries[-1].kept, [entry for entry in entries if entry.score.value is not None]
    earlier = [entry.kept for entry in scored if entry.kept != latest]
    asked = (one.instrument, latest.answers, latest.told_score)
    return Result(
        one,
        entries,
        card(rules.help_needed(*asked)),
        rules.points_passed(*asked),
        _compared(one.instrument, earlier[0], latest) if earlier else None,
        _compared(one.instrument, earlier[-1], latest) if len(earlier) > 1 else None,
    )


def last_day(db: Database) -> date | None:
    """When the page "where am I today" was last answered in both its halves; None before the first time."""
    with db.read() as c:
        days = [max((one.day for one in questionnaires.all_of(c, ME, name)), default=None) for name in TODAY]
    return min((on for on in days if on is not None), default=None) if None not in days else None


def due(db: Database, now: datetime) -> bool:
    """Whether it is time for "where am I today": after the first safety check, then every four weeks."""
    if screen.verdict(db) is None:
        return False
    last = last_day(db)
    return last is None or day_of(now) - last >= EVERY


def card(kind: Help | None) -> Card | None:
    """The help card of this kind."""
    return None if kind is None else help_cards.cards()[kind]


def cards() -> tuple[Card, ...]:
    """Every help card."""
    return tuple(help_cards.cards().values())


def _score(instrument: Instrument, kept: KeptAnswers) -> Score:
    if instrument.id == "two_complaints":
        # Complaints are renamed: what was asked then is what was answered then.
        instrument = replace(instrument, items=tuple(one for one in instrument.items if one.id in kept.answers))
    return rules.score(instrument, kept.answers, kept.told_score)


def _compared(instrument: Instrument, earlier: KeptAnswers, later: KeptAnswers) -> Change | None:
    return rules.compared(instrument, (earlier.answers, earlier.told_score), (later.answers, later.told_score))


def _form(name: str, now: datetime) -> str:
    return f"asked.{name}.{day_of(now).isoformat()}"


def _id(client_id: str, name: str, answers: Answers) -> str:
    """The same form with the same answers is the same; somebody who goes back and corrects them gives new ones."""
    told = json.dumps([client_id, name, dict(answers)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def check_answer(one: Questionnaire, item: str, value: str) -> None:
    """Let an answer pass that is empty or can be one.

    Raises:
        InvalidInputError: the question can't be answered like that.
    """
    if value.strip():
        rules.check_answer(one.instrument, item, value)

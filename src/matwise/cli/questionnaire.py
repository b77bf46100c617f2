"""Where am I today, and the questionnaires, in a terminal."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from matwise.cli.measure import measure
from matwise.cli.terminal import TYPED, ask, bold, database, dim, in_words, now, out, spoken
from matwise.errors import InvalidInputError
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.content.help import Card
    from matwise.content.questionnaires import Questionnaire
    from matwise.measures.questionnaire import Answers, Item
    from matwise.practice.questionnaire import Result
    from matwise.store.database import Database

ENTER = Sentence("Enter skips")
ENDS = Sentence("(0 {low}, 10 {high})")
CHOICES = Sentence("{number} {words}")
NOT_FOR_ME_TYPED = "x"
NOT_FOR_ME_WORDS = Sentence("{key} does not apply to me")
TICK = Sentence("Does it describe you today? yes, or Enter")
IN_ENGLISH = Sentence(
    "There is no official translation of this questionnaire, so its own English words stand here unchanged."
)
NAME_THEM = Sentence("You have named no complaint yet: matwise measure --complaint “your words”")
SCORE_ONLY = Sentence("Its questions are not shown here. {licence} If you answered it elsewhere, add --score.")
WITHOUT = Sentence("{why} Keep it all the same?")
CALL = Sentence("{where}: {number} ({name})")
LISTED = Sentence("{id}: {name}. {about}")


@measure.command
def today() -> None:
    """Where am I today? A snapshot of your symptoms, and four questions of a validated scale beside it."""
    from matwise.practice import questionnaire as practice

    with database() as db:
        for name in practice.TODAY:
            _ask_all(db, practice.find(db, name))
        found = [one for name in practice.TODAY if (one := practice.result(db, name)) is not None]
        # Help before anything else.
        for card in dict.fromkeys(one.help for one in found if one.help is not None):
            _tell_help(card)
        for one in found:
            _tell(one)


@measure.command
def questionnaire(name: str | None = None, *, score: str | None = None, result: bool = False) -> None:
    """Answer a questionnaire, or tell its score; without a name, which there are.

    Args:
        name: Its id, such as phq8, gad7, roland_morris, peg or sleep_diary.
        score: A score that was counted elsewhere, for those whose questions are not shown.
        result: Only show what your latest answers came to.
    """
    from matwise.measures.questionnaire import Scoring
    from matwise.practice import questionnaire as practice

    with database() as db:
        if name is None:
            for one in practice.every(db):
                out.print(LISTED.format(id=one.instrument.id, name=one.instrument.name, about=one.about))
            return
        one = practice.find(db, name)
        if score is not None:
            practice.tell(db, name, str(uuid.uuid4()), score, now())
        elif one.instrument.scoring is Scoring.TOLD and not result:
            out.print(SCORE_ONLY.format(licence=one.licence))
            return
        elif not result:
            _ask_all(db, one)
        found = practice.result(db, name)
        if found is not None:
            _tell_help_for(found.help)
            _tell(found)


def _ask_all(db: Database, one: Questionnaire) -> None:
    from matwise.practice import questionnaire as practice

    instrument = one.instrument
    out.print()
    out.print(bold(instrument.name))
    if one.of_complaints and not instrument.items:
        out.print(NAME_THEM)
        return
    if one.in_original(getattr(spoken(), "language", "en")):
        out.print(dim(IN_ENGLISH))
    if one.asks:
        out.print(one.asks)
    given: dict[str, str] = {}
    for item in instrument.items:
        _ask(one, item, given)
    try:
        answers: Answers = practice.checked(db, instrument.id, given)
    except practice.UnansweredError as error:
        why = WITHOUT.format(why=error.sentence)
        if not given:
            out.print(error.sentence)
            return
        if ask(why, choices=["yes", "no"], default=in_words(TYPED["no"])) != "yes":
            _tell_help_for(practice.help_for(one, given))
            return
        answers = practice.checked(db, instrument.id, given, incomplete=True)
    practice.finish(db, instrument.id, str(uuid.uuid4()), answers, now())


def _ask(one: Questionnaire, item: Item, given: dict[str, str]) -> None:
    """One question, until it is answered in a way that can be kept, or skipped."""
    from matwise.measures.questionnaire import NOT_FOR_ME, Kind
    from matwise.practice import questionnaire as practice

    out.print()
    while True:
        if item.kind is Kind.TICK:
            said = "1" if ask(Sentence.joined((item.text, TICK)), choices=["yes", ""], default="") == "yes" else "0"
        else:
            said = ask(_question(one, item), default="").strip()
        if item.may_not_apply and said.casefold() == NOT_FOR_ME_TYPED:
            said = NOT_FOR_ME
        try:
            practice.check_answer(one, item.id, said)
        except InvalidInputError as error:
            out.print(error.sentence)
            continue
        if said:
            given[item.id] = said
        return


def _question(one: Questionnaire, item: Item) -> str:
    from matwise.measures.questionnaire import Kind

    said: list[str] = [item.text]
    if item.kind is Kind.POINTS:
        said.append(ENDS.format(low=item.low, high=item.high))
    if item.kind is Kind.CHOICE:
        offered = [CHOICES.format(number=n, words=text) for n, text in enumerate(one.instrument.options)]
        if item.may_not_apply:
            offered.append(NOT_FOR_ME_WORDS.format(key=NOT_FOR_ME_TYPED))
        said.append(Sentence.joined(("(", Sentence.joined(offered, ", "), ")"), ""))
    return Sentence.joined((*said, ENTER))


def _tell_help_for(card: Card | None) -> None:
    if card is not None:
        _tell_help(card)


def _tell_help(card: Card) -> None:
    out.print()
    out.print(bold(card.title))
    out.print(Sentence.joined((card.why, card.say)))
    out.print(bold(card.emergency))
    for line in card.lines:
        out.print(CALL.format(where=line.where, number=line.number, name=line.name))
    if card.lines:
        out.print(card.elsewhere)


def _tell(found: Result) -> None:
    from matwise.practice import questionnaire_words as words

    out.print()
    out.print(bold(words.headline(found)))
    own = words.own_range(found)
    reached = [*(point.means for point in found.points), *([words.NO_DIAGNOSIS] if found.points else [])]
    for sentence in (*words.rests_on(found), *reached, *words.changes(found), *([own] if own else [])):
        out.print(sentence)
    if found.questionnaire.origin == "own":
        out.print(dim(words.NOT_VALIDATED))

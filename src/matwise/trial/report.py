"""A trial of one as a clinician reports it: a paragraph of methods and results, its periods, the items of CENT 2015.

Item numbers are those of CENT 2015 (Vohra and others 2015, doi:10.1136/bmj.h1738). Topics are in our own words. A plus
marks a sub-item that CENT adds to the CONSORT 2010 item of that number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.trial.account import Account, Period, periods
from matwise.trial.account_words import mean_and_sd, sentences
from matwise.trial.answer import Answer
from matwise.trial.design import Schedule
from matwise.trial.report_words import (
    METHODS,
    NOWHERE,
    PARAGRAPH,
    PERIODS,
    RESULTS,
    TABLE,
    TITLE,
    TOPIC,
    UNKNOWN,
    not_reported,
)

_NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CentItem:
    """One item: what it asks for, what this trial has to say to it, and where that stands.

    `reported` is False where only the person can know; the text then begins with “not reported” and says why.
    """

    number: str
    topic: str
    text: str
    where: str
    reported: bool


@dataclass(frozen=True, slots=True)
class CentReport:
    """The whole report."""

    paragraph: str
    items: tuple[CentItem, ...]
    periods: tuple[Period, ...]

    def to_text(self) -> str:
        """The report as plain text: the paragraph, the periods, the items."""
        head = Sentence("period  arm  days (first–last)  rated  left out  mean (sd)")
        rows = [
            Sentence.joined(
                (
                    str(one.number),
                    one.arm,
                    f"{one.days} ({one.first_day}–{one.last_day})",
                    str(one.rated),
                    str(one.left_out),
                    mean_and_sd(one.mean, one.sd),
                ),
                "  ",
            )
            for one in self.periods
        ]
        items = [
            Sentence.joined((one.number, "  ", one.topic, " [", one.where, "]\n    ", one.text), "")
            for one in self.items
        ]
        above, below = Sentence("Periods"), Sentence("Items of CENT 2015")
        return Sentence.joined([self.paragraph, "", above, head, *rows, "", below, *items, ""], "\n")

    def to_json(self) -> dict[str, Any]:
        """Plain values only, ready for JSON."""
        return {
            "paragraph": self.paragraph,
            "items": [asdict(one) for one in self.items],
            "periods": [asdict(one) for one in self.periods],
        }


def cent_report(
    answer: Answer,
    schedule: Schedule | None = None,
    *,
    version: str,
    randomisation_p: float | None = None,
    known: Mapping[str, str] = _NOTHING_KNOWN,
) -> CentReport:
    """Paragraph, items and periods together; arguments as in `cent_paragraph` and `cent_table`."""
    return CentReport(
        cent_paragraph(answer, schedule, version=version, randomisation_p=randomisation_p),
        cent_table(answer, schedule, version=version, randomisation_p=randomisation_p, known=known),
        periods(answer, schedule),
    )


def cent_paragraph(
    answer: Answer, schedule: Schedule | None = None, *, version: str, randomisation_p: float | None = None
) -> str:
    """Methods and results, ready to be put into a report.

    Args:
        answer: of the trial, or of a table of days.
        schedule: the trial's; None for a table.
        version: of Matwise.
        randomisation_p: two-sided p of the randomisation test that belongs to the schedule, if it was done.
    """
    told = Account(answer, schedule, version, randomisation_p)
    methods = (told.design, told.sequence, told.outcome, told.blinding, told.missing)
    analysis = (told.model, told.dependence, told.rule)
    results = (told.flow, told.effect, told.randomisation, told.verdict, told.software)
    return Sentence("Methods. {methods}\n\nResults. {results}").format(
        methods=sentences(*methods, *analysis), results=sentences(*results)
    )


def cent_table(
    answer: Answer,
    schedule: Schedule | None = None,
    *,
    version: str,
    randomisation_p: float | None = None,
    known: Mapping[str, str] = _NOTHING_KNOWN,
) -> tuple[CentItem, ...]:
    """All 25 items of CENT 2015 in their 44 sub-items.

    Args:
        answer: as in `cent_paragraph`.
        schedule: likewise.
        version: likewise.
        randomisation_p: likewise.
        known: what only the person can know, by item number, such as {"4a": "Low back pain for two years."}; it takes
            the place of what would stand there.

    Raises:
        InvalidInputError: `known` names an item that is not there.
    """
    told = Account(answer, schedule, version, randomisation_p)
    rows = _items(told)
    numbers = [number for number, *_ in rows]
    wrong = [
        Problem("item", repr(number), ONE_OF.format(known=", ".join(numbers)))
        for number in known
        if number not in numbers
    ]
    if wrong:
        raise InvalidInputError(*wrong)
    return tuple(
        CentItem(number, topic, known[number], Sentence("as told"), reported=True)
        if number in known
        else CentItem(number, topic, text, where, reported=not text.startswith("not reported"))
        for number, topic, where, text in rows
    )


def _items(told: Account) -> list[tuple[str, str, str, str]]:
    """Number, topic, where it stands, and what is said, of every item."""
    unknown = {number: (NOWHERE, not_reported(why)) for number, why in UNKNOWN.items()}
    said = unknown | _front(told) | _methods(told) | _results(told) | _rest(told)
    return [(number, topic, *said[number]) for number, topic in TOPIC.items()]


def _front(told: Account) -> dict[str, tuple[str, str]]:
    first, second = told.compared
    beside = Sentence("To learn what “{first}” does for this one person, beside “{second}”.")
    differs = Sentence("Whether “{outcome}” differs between {first} and {second}.")
    return {
        "1a": (TITLE, told.title),
        "1b": (PARAGRAPH, Sentence("See the paragraph of methods and results.")),
        "2a.2": (TABLE, beside.format(first=first, second=second)),
        "2b": (TABLE, differs.format(outcome=told.rating, first=first, second=second)),
    }


def _methods(told: Account) -> dict[str, tuple[str, str]]:
    drawn, compared = told.schedule is not None, told.answer.compared
    sequence = told.sequence or not_reported(Sentence("a table does not say how arms were assigned."))
    by_software = Sentence("Drawn by software from the seed before the first day; carried out by the person.")
    same_rest = Sentence("The rest is the same lying down, without the mat.")
    by_name_alone = not_reported(Sentence("the arms are known by name alone."))
    return {
        "3a": (METHODS, told.design),
        "5": (TABLE, told.interventions),
        "6a": (METHODS, told.outcome),
        "7a": (NOWHERE, not_reported(_how_many_days(told))),
        "7b": (TABLE, told.looks),
        "8a": (METHODS, sequence),
        "8b": (METHODS, sequence),
        "8+": (TABLE, told.intended),
        "10": (TABLE, by_software if drawn else sequence),
        "11a": (METHODS, told.blinding if "mat" in compared else not_reported(told.blinding)),
        "11b": (TABLE, same_rest if drawn and "rest" in compared else by_name_alone),
        "12a": (METHODS, sentences(told.model, told.missing, told.rule)),
        "12b": (TABLE, Sentence("Other carry-over, other priors, missing days that speak against it.")),
        "12+": (METHODS, told.dependence),
    }


def _how_many_days(told: Account) -> str:
    if told.schedule is None:
        return UNKNOWN["7a"]
    planned = Sentence("{days} days were planned.").format(days=len(told.schedule.days))
    return sentences(UNKNOWN["7a"], planned)


def _results(told: Account) -> dict[str, tuple[str, str]]:
    lost = Sentence("{days} days have no rating; by period, see their table.")
    counted = Sentence("Days that counted: {by_arm}.")
    return {
        "13a": (RESULTS, told.flow),
        "13b": (PERIODS, lost.format(days=told.answer.days_missing)),
        "13+": (PERIODS, Sentence("See the table of periods.")),
        "14a": (TABLE, told.dates),
        "14b": (TABLE, told.end),
        "16": (RESULTS, counted.format(by_arm=told.by_arm)),
        "17a": (RESULTS, told.effect),
        "17a+": (PERIODS, Sentence("See the table of periods: mean and sd of each.")),
        "18": (TABLE, told.other_analyses),
    }


def _rest(told: Account) -> dict[str, tuple[str, str]]:
    drawn = told.schedule is not None
    protocol = sentences(told.design, told.sequence) if drawn else not_reported(Sentence("a table has no protocol."))
    return {
        "20": (TABLE, told.limits),
        "21": (TABLE, Sentence("The result is of this one person and says nothing of others.")),
        "22": (RESULTS, told.verdict),
        "24": (METHODS, protocol),
    }

"""A trial of one as a clinician reports it: a paragraph of methods and results, its periods, the items of CENT 2015.

Item numbers are those of CENT 2015 (Vohra and others 2015, doi:10.1136/bmj.h1738). Topics are in our own words. A plus
marks a sub-item that CENT adds to the CONSORT 2010 item of that number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from matwise.errors import InvalidInputError, Problem
from matwise.trial.account import Account, Period, periods
from matwise.trial.answer import Answer
from matwise.trial.design import Schedule

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
        head = "period  arm  days (first–last)  rated  left out  mean (sd)"
        rows = [
            f"{one.number}  {one.arm}  {one.days} ({one.first_day}–{one.last_day})  {one.rated}  {one.left_out}  "
            f"{_mean_sd(one)}"
            for one in self.periods
        ]
        items = [f"{one.number}  {one.topic} [{one.where}]\n    {one.text}" for one in self.items]
        return "\n".join([self.paragraph, "", "Periods", head, *rows, "", "Items of CENT 2015", *items, ""])

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
    return f"Methods. {_joined(*methods, *analysis)}\n\nResults. {_joined(*results)}"


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
    wrong = [Problem("item", repr(number), "one of " + ", ".join(numbers)) for number in known if number not in numbers]
    if wrong:
        raise InvalidInputError(*wrong)
    return tuple(
        CentItem(number, topic, known[number], "as told", reported=True)
        if number in known
        else CentItem(number, topic, text, where, reported=not text.startswith("not reported"))
        for number, topic, where, text in rows
    )


def _items(told: Account) -> list[tuple[str, str, str, str]]:
    """Number, topic, where it stands, and what is said, of every item."""
    return [*_front(told), *_methods(told), *_results(told), *_rest(told)]


def _front(told: Account) -> list[tuple[str, str, str, str]]:
    first, second = told.answer.compared
    return [
        ("1a", "Title says it is an N-of-1 trial", "title", told.title),
        ("1b", "Structured summary", "paragraph", "See the paragraph of methods and results."),
        ("2a.1", "Background", "–", _not("what was known before is for the person or the clinician to say.")),
        (
            "2a.2",
            "Why an N-of-1 trial",
            "table",
            f"To learn what “{first}” does for this one person, beside “{second}”.",
        ),
        ("2b", "Objective", "table", f"Whether “{told.answer.outcome}” differs between {first} and {second}."),
    ]


def _methods(told: Account) -> list[tuple[str, str, str, str]]:
    drawn = told.schedule is not None
    paragraph, table = "paragraph, methods", "table"
    unknown = _not("a table does not say how arms were assigned.")
    same_rest = "The rest is the same lying down, without the mat." if drawn and "rest" in told.answer.compared else ""
    size = f" {len(told.schedule.days)} days were planned." if told.schedule is not None else ""
    return [
        ("3a", "Design; number and length of periods", paragraph, told.design),
        ("3b", "Changes to methods after the start", "–", _not("changes are not recorded.")),
        ("4a", "Diagnosis, other conditions, other treatment", "–", _not("the answer holds no medical history.")),
        ("4b", "Setting", "–", _not("where the ratings were given is not recorded.")),
        ("4c", "Research or care; ethics approval", "–", _not("only the person or the clinician knows.")),
        ("5", "Interventions of each period", table, told.interventions),
        ("6a", "Outcomes, how and when assessed", paragraph, told.outcome),
        (
            "6a+",
            "Measurement properties of the outcome",
            "–",
            _not("nothing is recorded of this rating's reliability."),
        ),
        ("6b", "Changes to outcomes", "–", _not("changes are not recorded.")),
        ("7a", "How the number of days was chosen", "–", _not(f"the reason is not recorded.{size}")),
        ("7b", "Looks at the data on the way; stopping", table, told.looks),
        ("8a", "How the sequence was made", paragraph, told.sequence or unknown),
        ("8b", "Kind of randomisation, restrictions", paragraph, told.sequence or unknown),
        ("8+", "Full intended sequence", table, told.intended),
        ("9", "Concealment of the sequence", "–", _not("whether the person looked ahead is not recorded.")),
        ("10", "Who made and who carried out the sequence", table, _BY_SOFTWARE if drawn else unknown),
        ("11a", "Blinding", paragraph, told.blinding if "mat" in told.answer.compared else _not(told.blinding)),
        ("11b", "Similarity of the interventions", table, same_rest or _not("the arms are known by name alone.")),
        ("12a", "Statistical methods", paragraph, f"{told.model} {told.missing} {told.rule}"),
        ("12b", "Further analyses", table, "Other carry-over, other priors, missing days that speak against it."),
        ("12+", "Carry-over, period effects, correlation within the person", paragraph, told.dependence),
    ]


_BY_SOFTWARE = "Drawn by software from the seed before the first day; carried out by the person."


def _results(told: Account) -> list[tuple[str, str, str, str]]:
    paragraph, table = "paragraph, results", "table of periods"
    harms = _not("the answer holds no harms; they are in the notes of the sessions.")
    return [
        ("13a", "Periods completed", paragraph, told.flow),
        ("13b", "Days lost", table, f"{told.answer.days_missing} days have no rating; by period, see their table."),
        ("13+", "Course of the trial, period by period", table, "See the table of periods."),
        ("14a", "Dates", "table", told.dates),
        ("14b", "Why the trial ended", "table", told.end),
        ("15", "Baseline", "–", _not("no days before the first period are part of the answer.")),
        ("16", "Numbers analysed", paragraph, f"Days that counted: {told.by_arm}."),
        ("17a", "Effect and its precision", paragraph, told.effect),
        ("17a+", "Results of each period", table, "See the table of periods: mean and sd of each."),
        ("17b", "Absolute and relative effect of a yes-or-no outcome", "–", _not("the outcome is not yes or no.")),
        ("18", "Other analyses", "table", told.other_analyses),
        ("19", "Harms", "–", harms),
    ]


def _rest(told: Account) -> list[tuple[str, str, str, str]]:
    drawn = told.schedule is not None
    protocol = f"{told.design} {told.sequence}" if drawn else _not("a table has no protocol.")
    return [
        ("20", "Limitations", "table", told.limits),
        ("21", "Generalisability", "table", "The result is of this one person and says nothing of others."),
        ("22", "Interpretation", "paragraph, results", told.verdict),
        ("23", "Registration", "–", _not("no registration is recorded.")),
        ("24", "Protocol", "paragraph, methods", protocol),
        ("25", "Funding", "–", _not("only the person or the clinician knows.")),
    ]


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _not(why: str) -> str:
    return f"not reported: {why}"


def _mean_sd(one: Period) -> str:
    if one.mean is None:
        return "–"
    return f"{one.mean:.2f}" + ("" if one.sd is None else f" ({one.sd:.2f})")

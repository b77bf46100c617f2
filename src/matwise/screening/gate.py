"""The one door to a session: nobody passes without a safety check that holds now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matwise.errors import MatwiseError
from matwise.screening.limits import Layer, Placement
from matwise.screening.rule import Outcome, Reply
from matwise.screening.verdict import Verdict
from matwise.sentence import Sentence

PERMISSION_LASTS = timedelta(hours=2)  # longer than any session; "nothing has changed" is then asked again
REPORTS_DAYS = 30  # hazard H18: two bad reactions in 30 days are for a clinician to look at
SHORTEST_MINUTES = 2  # less has no room for the words that keep a session safe
LONGEST_MINUTES = 30  # hazards H3, H4: no session is longer, whatever the limits say (the ladder ends at 20)

NO_CHECK = Sentence("There is no finished safety check yet. Please go through it first; it takes a few minutes.")
NO_VERSION = Sentence("The safety check could not be loaded properly. Please go through it again before a session.")
EXPIRED = Sentence("Your safety check has run out. Please go through it again before the next session.")
NOT_SAID = Sentence("Please say first whether anything has changed since your safety check.")
CHANGED = Sentence(
    "Something has changed since your safety check, or may have. Please go through it again before a session."
)
A_WHILE = Sentence("It is a while since you said that nothing has changed.")
TOO_LONG = Sentence("A session lasts at most {minutes} minutes.")
NOT_THIS = Sentence("Your safety check does not allow this session: not this place, this cloth or this long.")
REPORTED_TODAY = Sentence(
    "You reported a bad reaction today ({what}). Leave the mat for today. Do the safety check again tomorrow."
)
REPORTED = Sentence(
    "You reported a bad reaction on {on} ({what}). Please go through the safety check again before a session."
)
REPORTED_TWICE = Sentence(
    "You reported a bad reaction more than once within 30 days. Please ask a doctor, nurse or pharmacist before you use"
    " the mat again."
)


class NotAllowedError(MatwiseError):
    """No session now. `ask_again`: going through the safety check again may change that."""

    def __init__(self, *reasons: str, outcome: Outcome | None = None, ask_again: bool = False) -> None:
        super().__init__(Sentence.joined(reasons))
        self.reasons = reasons
        self.outcome = outcome
        self.ask_again = ask_again


@dataclass(frozen=True, slots=True)
class AdverseReport:
    """A bad reaction as it was reported: on which day, and what."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Permission:
    """Leave for a session within the limits of the verdict, for two hours from `asked_at`.

    Raises:
        NotAllowedError: made from a verdict that does not allow a session at `asked_at`.
    """

    verdict: Verdict
    asked_at: datetime

    def __post_init__(self) -> None:
        _check_verdict(self.verdict, self.asked_at)

    def check(self, placement: Placement, layer: Layer, minutes: float, at: datetime) -> None:
        """Let this session pass.

        Raises:
            NotAllowedError: the limits do not allow it, or the permission or the safety check has run out.
        """
        _check_verdict(self.verdict, at)
        if not timedelta(0) <= at - self.asked_at <= PERMISSION_LASTS:
            raise NotAllowedError(A_WHILE, NOT_SAID)
        # Written so that a length that is not a number fails as well.
        if not 0 < minutes <= LONGEST_MINUTES:
            raise NotAllowedError(TOO_LONG.format(minutes=LONGEST_MINUTES), outcome=self.verdict.outcome)
        if not self.verdict.limits.allows(placement, layer, minutes):
            raise NotAllowedError(NOT_THIS, outcome=self.verdict.outcome)


def permission(
    verdict: Verdict | None, changed: Reply | None, reports: Sequence[AdverseReport], now: datetime
) -> Permission:
    """Leave for a session now.

    Args:
        verdict: of the latest finished safety check under today's rules; None if there is none.
        changed: the reply to "has anything changed?", asked before every session.
        reports: every bad reaction of this person.
        now: the moment of asking, in the person's own time zone.

    Raises:
        NotAllowedError: no verdict, or one that has run out or does not allow a session; something has changed, or
            nobody said that it has not; a bad reaction since the safety check, or two within 30 days.
    """
    if verdict is None:
        raise NotAllowedError(NO_CHECK, ask_again=True)
    granted = Permission(verdict, now)
    _check_reports(verdict, reports, now.date())
    if changed is None:
        raise NotAllowedError(NOT_SAID, outcome=verdict.outcome)
    if changed is not Reply.NO:
        raise NotAllowedError(CHANGED, outcome=verdict.outcome, ask_again=True)
    return granted


def _check_verdict(verdict: Verdict, at: datetime) -> None:
    if verdict.outcome >= Outcome.ASK_A_CLINICIAN:
        expired = at.date() > verdict.valid_until
        sentences = [reason.sentence for reason in verdict.reasons if reason.outcome >= Outcome.ASK_A_CLINICIAN]
        raise NotAllowedError(*sentences, *[EXPIRED] * expired, outcome=verdict.outcome, ask_again=expired)
    if not verdict.rules_version:
        raise NotAllowedError(NO_VERSION, outcome=verdict.outcome, ask_again=True)
    # Before the day of the check: the clock was moved, so nobody knows how old the answers are.
    if not verdict.screened_on <= at.date() <= verdict.valid_until:
        raise NotAllowedError(EXPIRED, outcome=verdict.outcome, ask_again=True)


def _check_reports(verdict: Verdict, reports: Sequence[AdverseReport], today: date) -> None:
    recent = [report for report in reports if (today - report.on).days <= REPORTS_DAYS]
    if len(recent) >= 2:
        raise NotAllowedError(REPORTED_TWICE, outcome=Outcome.ASK_A_CLINICIAN)
    # A report of the very day of the check counts as newer: nobody knows which came first.
    for report in (report for report in reports if report.on >= verdict.screened_on):
        if report.on >= today:
            raise NotAllowedError(REPORTED_TODAY.format(what=report.what), outcome=verdict.outcome)
        said = REPORTED.format(on=report.on.isoformat(), what=report.what)
        raise NotAllowedError(said, outcome=verdict.outcome, ask_again=True)

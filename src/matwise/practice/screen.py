"""Answer the safety check, and be let through, or not, before every session."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matwise.content import rules
from matwise.errors import ONE_OF, InvalidInputError, MatwiseError, Problem
from matwise.practice.person import ME
from matwise.screening.gate import NotAllowedError, Permission, permission
from matwise.screening.limits import Area
from matwise.screening.rule import Answer, Answers, Group, Outcome, Reply, Rule
from matwise.screening.standing import still_fresh, still_stands
from matwise.screening.verdict import Verdict, screen
from matwise.sentence import Sentence
from matwise.store import screenings, sessions
from matwise.store.database import Database


class UnansweredError(MatwiseError):
    """The safety check can't be finished: these questions have no answer yet. "I don't know" is one."""

    def __init__(self, missing: tuple[Rule, ...]) -> None:
        super().__init__("Still to answer: " + "; ".join(rule.question for rule in missing))
        self.missing = missing


@dataclass(frozen=True, slots=True)
class OpenScreening:
    """A safety check under way: what was answered, and what is still to answer, in the order it is asked."""

    id: str
    answers: Answers
    unanswered: tuple[Rule, ...]
    asked: int

    @property
    def next(self) -> Rule | None:
        """The next question, or None when all are answered."""
        return self.unanswered[0] if self.unanswered else None


def questions() -> tuple[Rule, ...]:
    """Every question of the safety check, red flags first."""
    order = list(Group)
    return tuple(sorted(rules.screening_rules(), key=lambda rule: order.index(rule.group)))


def resume(db: Database, now: datetime) -> OpenScreening:
    """The safety check that is under way, or a new one."""
    with db.read() as c:
        kept = screenings.unfinished(c, ME)
    if kept is None:
        new_id = str(uuid.uuid4())
        # Two windows may begin at once; both go on with the check that was there first.
        kept = db.write(lambda c: screenings.begin(c, ME, new_id, now))
    fresh = {rule: given for rule, given in kept.answers.items() if still_fresh(kept.answered_at[rule], now)}
    missing = tuple(rule for rule in questions() if rule.id not in fresh)
    return OpenScreening(kept.id, fresh, missing, len(questions()))


def keep_answer(
    db: Database, screening_id: str, rule_id: str, reply: str, areas: Iterable[str], now: datetime
) -> Answer:
    """Keep one answer as it is given.

    Raises:
        InvalidInputError: the question, the reply or an area is not one of those on offer.
    """
    answer = _answer(rule_id, reply, tuple(areas))
    db.write(lambda c: screenings.keep_answer(c, screening_id, rule_id, answer, now))
    return answer


def finish(db: Database, screening_id: str, now: datetime) -> Verdict:
    """Weigh the answers and keep the safety check as finished.

    Raises:
        UnansweredError: a question has no answer yet.
    """
    check = resume(db, now)
    if check.id != screening_id or check.unanswered:
        raise UnansweredError(check.unanswered)
    db.write(lambda c: screenings.finish(c, screening_id, now))
    return screen(check.answers, questions(), now.date())


def help_now(check: OpenScreening, now: datetime) -> Verdict | None:
    """The verdict on the red flags answered so far, if one of them says to get help now: it can't wait for the rest."""
    flags = [rule for rule in questions() if rule.group is Group.RED_FLAGS and rule.id in check.answers]
    fired = [rule for rule in flags if check.answers[rule.id].reply is Reply.YES]
    urgent = screen(check.answers, fired, now.date()) if fired else None
    return urgent if urgent is not None and urgent.outcome is Outcome.GET_HELP_NOW else None


def verdict(db: Database) -> Verdict | None:
    """What the latest finished safety check comes to under the rules as they are today; None if none still stands."""
    with db.read() as c:
        kept = screenings.latest(c, ME)
        newer = screenings.unfinished(c, ME)
    if kept is None or kept.finished_at is None:
        return None
    if not still_stands(doubted=kept.doubted, new_one_under_way=bool(newer and newer.answers)):
        return None
    return screen(kept.answers, questions(), kept.finished_at.date())


def allow(db: Database, changed: str, now: datetime) -> Permission:
    """Ask "has anything changed?", keep the reply, and let the person through or not.

    Raises:
        InvalidInputError: the reply is not no, yes or unknown.
        NotAllowedError: the safety check does not allow a session now.
    """
    reply = _reply("changed", changed)
    standing = verdict(db)
    db.write(lambda c: screenings.keep_recheck(c, ME, str(uuid.uuid4()), reply, now))
    return _permission(db, standing, reply, now)


def allowed_at(db: Database, reply: Reply | None, at: datetime) -> Permission:
    """The permission that holds for somebody who replied so at `at`, with every report known by now.

    Raises:
        NotAllowedError: the safety check does not allow a session.
    """
    return _permission(db, verdict(db), reply, at)


def still_allowed(db: Database, now: datetime) -> Permission:
    """The permission that the latest reply gave, for a door at which nobody can be asked.

    It still has to let a session pass (`Permission.check`), which it does for two hours.

    Raises:
        NotAllowedError: nobody replied yet, or the safety check does not allow a session now, or did not then.
    """
    with db.read() as c:
        said = screenings.last_recheck(c, ME)
    reply, at = said or (None, now)
    allowed_at(db, reply, now)
    return allowed_at(db, reply, at)


def refusal(db: Database, now: datetime) -> NotAllowedError | None:
    """Why there is no session now, even if nothing has changed; None where one is possible."""
    try:
        allowed_at(db, Reply.NO, now)
    except NotAllowedError as refused:
        return refused
    return None


def _permission(db: Database, standing: Verdict | None, reply: Reply | None, at: datetime) -> Permission:
    with db.read() as c:
        reports = sessions.adverse_reports(c, ME)
    return permission(standing, reply, reports, at)


def _reply(where: str, value: str) -> Reply:
    try:
        return Reply(value)
    except ValueError:
        raise InvalidInputError(Problem(where, repr(value), Sentence("no, yes or unknown"))) from None


def _answer(rule_id: str, reply: str, areas: tuple[str, ...]) -> Answer:
    problems: list[Problem] = []
    rule = next((rule for rule in questions() if rule.id == rule_id), None)
    if rule is None:
        problems.append(Problem("question", repr(rule_id), Sentence("the id of a question of the safety check")))
    if reply not in set(Reply):
        problems.append(Problem(rule_id, repr(reply), Sentence("no, yes or unknown")))
    problems += [
        Problem(f"{rule_id}, where", repr(area), ONE_OF.format(known=", ".join(Area)))
        for area in areas
        if area not in set(Area)
    ]
    if problems or rule is None:
        raise InvalidInputError(*problems)
    asks = rule.asks_where and reply == Reply.YES
    return Answer(Reply(reply), frozenset(Area(area) for area in areas) if asks else frozenset())

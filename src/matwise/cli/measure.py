"""Ratings and reports in a terminal."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Literal

from matwise.cli.terminal import VERBS, app, ask, database, now, out
from matwise.errors import InvalidInputError

if TYPE_CHECKING:
    from matwise.store.database import Database


@app.command(group=VERBS, sort_key=4)
def measure(
    scale: str | None = None,
    value: str | None = None,
    *,
    moment: Literal["before", "after", "evening"] = "evening",
    complaint: str | None = None,
    session: bool = False,
) -> None:
    """How is it, from 0 to 10? Tonight's ratings, one rating by name, or what the last session was like.

    Args:
        scale: The id of a scale, such as pain, stress, sleep or complaint_1; all of this evening when left out.
        value: A whole number from 0 to 10.
        moment: When it is rated.
        complaint: Name a complaint in your own words; it gets its own 0–10 scale.
        session: Report the last session: finished or not, worst pain, dizziness, dozing, skin.
    """
    from matwise.practice import measure as practice

    with database() as db:
        if complaint is not None:
            slot = 1 if 1 not in practice.evening(db, now()).complaints else 2
            out.print(f"Kept: {practice.name_complaint(db, slot, complaint, now()).question}")
        elif session:
            _report_session(db)
        elif scale is not None and value is not None:
            kept = practice.keep(db, str(uuid.uuid4()), scale, moment, value, now())
            out.print(f"Kept: {kept.scale} {kept.value_0_10}")
        else:
            _rate_evening(db, only=scale)


def _rate_evening(db: Database, only: str | None) -> None:
    from matwise.practice import measure as practice
    from matwise.practice import say

    evening = practice.evening(db, now())
    if evening.skin_due is not None:
        skin = ask(say.words().skin_question, choices=list(say.words().skin))
        practice.keep_skin(db, evening.skin_due.id, skin, now())
    for scale in (one for one in evening.scales if only in (None, one.id)):
        known = f" (now {evening.given[scale.id]})" if scale.id in evening.given else ""
        while True:
            said = ask(f"{scale.question} 0 {scale.low}, 10 {scale.high}{known}; Enter skips", default="")
            if not said:
                break
            try:
                practice.keep(db, str(uuid.uuid4()), scale.id, "evening", said, now())
            except InvalidInputError as error:
                out.print(str(error))
            else:
                break


def _report_session(db: Database) -> None:
    from matwise.practice import guide as practice

    last = practice.last(db)
    if last is None:
        out.print("There is no session to report yet: matwise guide")
        return
    if last.ended_at is None:
        if ask("Did you finish it?", choices=["yes", "no"]) == "yes":
            practice.finish(db, last.id, last.planned_minutes, now())
        else:
            reasons = {reason.id: reason for reason in practice.stop_reasons()}
            for reason in reasons.values():
                out.print(f"  {reason.id}: {reason.text}")
            why = ask("Why did you stop?", choices=list(reasons))
            minutes = ask("After how many minutes?", default="0")
            practice.stop(db, last.id, why, float(minutes), now())
            out.print(reasons[why].advice)
    pain = ask("Worst pain on the mat, 0 to 10; Enter skips", default="")
    if pain:
        practice.report(db, last.id, now(), worst_pain_0_10=int(pain))
    for field, question in (("dizzy", "Dizzy?"), ("dozed", "Did you doze off?")):
        said = ask(f"{question} yes, no; Enter skips", choices=["yes", "no", ""], default="")
        if said:
            practice.report(db, last.id, now(), **{field: said == "yes"})

"""Ratings and reports in a terminal."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cyclopts import App

from matwise.cli.terminal import TYPED, VERBS, app, ask, bold, database, in_words, now, out
from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from matwise.store.database import Database
    from matwise.store.sessions import KeptSession

KEPT = Sentence("Kept: {what}")
NONE_YET = Sentence("There is no session to report yet: matwise guide")
SCALED = Sentence("{question} 0 {low}, 10 {high}.")
ZERO_TO_TEN, MINUTES_OR_NO = Sentence("0 to 10."), Sentence("Minutes, or no.")
NOW, WHERE, ENTER = Sentence("(now {value})"), Sentence("({place})"), Sentence("Enter skips")
ONE_OF_TWO = Sentence("one of your two, {first} or {second}; to give one of them other words, add --slot 1 or --slot 2")


measure = App(
    name="measure",
    help="Ratings, questionnaires, and what straps, cuffs and wearables measured.",
    group=VERBS,
    sort_key=4,
)
app.command(measure)


@measure.default
def rate(
    scale: str | None = None,
    value: str | None = None,
    *,
    moment: Literal["before", "after", "evening"] = "evening",
    complaint: str | None = None,
    slot: Literal[1, 2] | None = None,
    session: bool = False,
    nap: Path | None = None,
    begins: float = 0.0,
) -> None:
    """How is it, from 0 to 10? Tonight's ratings, one rating by name, or what the last session was like.

    Args:
        scale: The id of a scale, such as pain, stress, sleep or complaint_1; all of this evening when left out.
        value: A whole number from 0 to 10.
        moment: When it is rated.
        complaint: Name a complaint in your own words; it gets its own 0–10 scale. Two are possible.
        slot: Which of the two; needed where both are named, to give one of them other words.
        session: Report the last session: finished or not, what it was like, and the skin on the day after.
        nap: A chest strap's recording of the last session (times between beats, one to a line): did you sleep in it?
        begins: When that recording began, in minutes after the session; below 0 if before it.
    """
    from matwise.practice import measure as practice

    with database() as db:
        if complaint is not None:
            chosen = slot or _free_slot(db, complaint)
            out.print(KEPT.format(what=practice.name_complaint(db, chosen, complaint, now()).question))
        elif nap is not None:
            _estimate_nap(db, nap, begins)
        elif session:
            _report_session(db)
        elif scale is not None and value is not None:
            _keep_one(db, scale, moment, value)
        else:
            _rate_evening(db, only=scale)


def _estimate_nap(db: Database, recording: Path, begins_min: float) -> None:
    from matwise.practice import guide, minutes_on_mat
    from matwise.practice import nap as practice

    last = guide.last(db)
    if last is None:
        out.print(NONE_YET)
        return
    try:
        text = recording.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InvalidInputError(
            Problem("--nap", f"{recording}: {error.strerror}", Sentence("a file that can be read"))
        ) from None
    out.print(practice.told(practice.estimate(db, last.id, text, 60 * begins_min)))
    said = ask(Sentence("You know better. How many minutes did you sleep? Enter skips"), default="").strip()
    if said:
        guide.report(db, last.id, now(), nap_minutes=minutes_on_mat.typed(said))


def _free_slot(db: Database, words: str) -> int:
    from matwise.practice import measure as practice

    named = practice.evening(db, now()).complaints
    known = " ".join(words.split()).casefold()
    for slot in (1, 2):
        if slot not in named or named[slot].casefold() == known:
            return slot
    want = ONE_OF_TWO.format(first=repr(named[1]), second=repr(named[2]))
    raise InvalidInputError(Problem("--complaint", repr(words), want))


def _keep_one(db: Database, scale: str, moment: str, value: str) -> None:
    from matwise.measures.day import day_of
    from matwise.measures.rating import Moment
    from matwise.practice import guide, say
    from matwise.practice import measure as practice

    last = guide.last(db)
    # A rating after is one after a session: that of today, if there was one.
    of_today = last is not None and moment == Moment.AFTER and day_of(last.started_at) == day_of(now())
    session_id = last.id if last is not None and of_today else None
    kept = practice.keep(db, str(uuid.uuid4()), scale, moment, value, now(), session_id)
    out.print(KEPT.format(what=f"{kept.scale} {kept.value_0_10}"))
    before = practice.of_session(db, session_id).before.get(scale) if session_id is not None else None
    if before is not None:
        out.print(say.change(before.value_0_10, kept.value_0_10), say.words().one_session)


def _rate_evening(db: Database, only: str | None) -> None:
    from matwise.practice import measure as practice

    evening = practice.evening(db, now())
    if evening.skin_due is not None:
        _ask_skin(db, evening.skin_due)
    for scale in (one for one in evening.scales if only in (None, one.id)):
        scaled = SCALED.format(question=scale.question, low=scale.low, high=scale.high)
        known = [NOW.format(value=evening.given[scale.id])] if scale.id in evening.given else []
        while True:
            said = ask(Sentence.joined((scaled, *known, ENTER)), default="")
            if not said:
                break
            try:
                practice.keep(db, str(uuid.uuid4()), scale.id, "evening", said, now())
            except InvalidInputError as error:
                out.print(error.sentence)
            else:
                break


def _report_session(db: Database) -> None:
    from matwise.practice import guide as practice
    from matwise.practice import measure as measures
    from matwise.practice import minutes_on_mat, screen

    last = practice.last(db)
    if last is None:
        out.print(NONE_YET)
        return
    if last.ended_at is None:
        if ask(Sentence("Did you finish it?"), choices=["yes", "no"]) == "yes":
            practice.finish(db, last.id, last.planned_minutes, now())
        else:
            reasons = {reason.id: reason for reason in practice.stop_reasons()}
            for reason in reasons.values():
                out.print(f"  {reason.id}:", reason.text)
            why = ask(Sentence("Why did you stop?"), choices=list(reasons))
            minutes = minutes_on_mat.typed(ask(Sentence("After how many minutes?"), default="0"))
            practice.stop(db, last.id, why, minutes, now())
            out.print(reasons[why].advice)
    for field in practice.felt(last.arm):
        _ask_felt(db, last.id, field)
    evening = measures.evening(db, now())
    looked_at = evening.skin_due or evening.skin_told
    if looked_at is not None:
        _ask_skin(db, looked_at)
    refusal = screen.refusal(db, now())
    if refusal is not None:
        out.print(bold(refusal.sentence))


def _ask_felt(db: Database, session_id: str, field: str) -> None:
    from matwise.practice import guide as practice
    from matwise.practice import minutes_on_mat, say

    question = say.words().felt[field]
    if field == practice.PAIN:
        said = ask(Sentence.joined((question, ZERO_TO_TEN, ENTER)), default="").strip()
        told: object = int(said) if said.isascii() and said.isdigit() else said
    elif field == practice.NAP:
        said = ask(Sentence.joined((question, MINUTES_OR_NO, ENTER)), default="").strip()
        told = 0.0 if said.lower() in {"no", in_words(TYPED["no"])} else minutes_on_mat.typed(said)
    else:
        said = ask(Sentence.joined((question, ENTER)), choices=["yes", "no", ""], default="")
        told = said == "yes"
    if said:
        practice.report(db, session_id, now(), **{field: told})


def _ask_skin(db: Database, session: KeptSession) -> None:
    from matwise.practice import measure as practice
    from matwise.practice import say

    known = [NOW.format(value=say.words().skin[session.skin.name.lower()])] if session.skin is not None else []
    for one, text in say.words().skin.items():
        out.print(f"  {one}:", text)
    place = WHERE.format(place=say.words().placement[session.placement])
    skin = ask(
        Sentence.joined((say.words().skin_question, place, *known, ENTER)), choices=[*say.words().skin, ""], default=""
    )
    if skin:
        practice.keep_skin(db, session.id, skin, now())

"""The sentences of the plan, with the person's own figures."""

from __future__ import annotations

import functools

from matwise.plan.calendar import MISSED_DAYS_BACK
from matwise.plan.rung import Effort, Rung, SkinNextDay
from matwise.plan.signs import PAIN_CALM, PAIN_STRONG
from matwise.sentence import Sentence

FIRST = Sentence("You begin with the gentlest step: a short time, through a heavy T-shirt, where it is easy to stop.")
STARTED_AGAIN = Sentence(
    "You had {days} days without the mat. After more than four weeks you start again at the gentlest step. That is our"
    " own careful choice; nobody has studied it."
)
PAUSED = Sentence(
    "You had {days} days without the mat. After more than a week you go one step back. That is our own careful choice;"
    " nobody has studied it."
)
LIMITED = Sentence("Your safety check closes the steps above this one for now.")
GOING_ON = Sentence("You go on where you are.")
NOT_ALLOWED = Sentence("Your safety check does not allow a session now.")
CHECK_RUN_OUT = Sentence("Your safety check has run out. Please go through it again first.")
NOTHING_ALLOWED = Sentence("Your safety check leaves no step for you at the moment.")
SKIN_RED = Sentence("Your skin was still red on the day after. Rest until it looks as usual, and tell us when it does.")
SKIN_BROKEN = Sentence(
    "Your skin was bruised or broken on the day after. Rest until it has healed, and tell us when it has. If it gets"
    " worse, show it to a doctor or pharmacist."
)
REST_TODAY = Sentence("{signs} Rest for today; tomorrow you can look again.")
NAPS_GROW = Sentence(
    "You slept {nap:g} of the last {minutes:g} minutes. While your naps grow, sessions don't: asleep you can't feel"
    " when it is enough. That is our own careful choice; nobody has studied it."
)
KEEP_IF = Sentence(
    "You stay here while your strongest pain is {low} or {high} of 10, or an answer is missing.",
    low=PAIN_CALM + 1,
    high=PAIN_STRONG - 1,
)
BACK_IF = Sentence(
    "One step back after pain of {strong} of 10 or more, dizziness, a session ended early, or more than {days} days"
    " without the mat. Skin that is red, bruised or broken the next day means rest.",
    strong=PAIN_STRONG,
    days=MISSED_DAYS_BACK,
)
AFTER_REST = Sentence("Nothing to climb today.")
KEEP_RESTING = Sentence("You rest until the reason above has gone.")
# Each one after the other: what is not known, in the sentence below.
EITHER = Sentence("{one} or {other}")
UNKNOWN = Sentence("Of your last session we don't know yet {missing}.")


def warning_signs(effort: Effort, *, stopped: bool = True) -> tuple[str, ...]:
    """What warns in a session, a sentence each; `stopped`: with a session ended early."""
    said = []
    if effort.worst_pain_0_10 is not None and effort.worst_pain_0_10 >= PAIN_STRONG:
        said.append(Sentence("Your strongest pain was {pain} of 10.").format(pain=effort.worst_pain_0_10))
    if effort.dizzy is True:
        said.append(Sentence("You felt dizzy."))
    if effort.skin_next_day is SkinNextDay.BRUISED_OR_BROKEN:
        said.append(Sentence("Your skin was bruised or broken on the day after."))
    if stopped and not effort.completed and not effort.interrupted:
        said.append(_ended_after(effort.minutes))
    return tuple(said)


def climbed(last: Effort) -> str:
    """Why it goes up."""
    return Sentence(
        "You had enough calm days on the step before. In the latest session your strongest pain was {pain} of 10, and"
        " your skin was fine on the day after."
    ).format(pain=last.worst_pain_0_10)


def staying(rung: Rung, last: Effort, calm_days: int, *, top: bool) -> tuple[str, ...]:
    """Why it stays."""
    said = []
    if last.worst_pain_0_10 is not None and PAIN_CALM < last.worst_pain_0_10 < PAIN_STRONG:
        strongest = Sentence("Your strongest pain was {pain} of 10; calm means {calm} or less.")
        said.append(strongest.format(pain=last.worst_pain_0_10, calm=PAIN_CALM))
    missing = [
        name
        for name, value in (
            (Sentence("how strong the pain was"), last.worst_pain_0_10),
            (Sentence("whether you felt dizzy"), last.dizzy),
            (Sentence("how your skin is on the day after"), last.skin_next_day),
        )
        if value is None
    ]
    if missing:
        said.append(UNKNOWN.format(missing=functools.reduce(_either, missing)))
    if not top:
        counted = Sentence("Calm days on this step so far: {done} of {wanted}.")
        said.append(counted.format(done=calm_days, wanted=rung.sessions_to_climb))
    return tuple(said)


def up_if(above: Rung | None, rung: Rung, still: int, *, top: bool) -> str:
    """What leads up from here."""
    if top:
        return Sentence(
            "This is the last step. {minutes} minutes a day are plenty; there is nothing more to climb."
        ).format(minutes=rung.minutes)
    if above is None:
        return Sentence("The next step is closed by your safety check, so this is as far as it goes for now.")
    return Sentence.counted(
        "Up after {number} more calm day: a session finished, pain {calm} of 10 or less, no dizziness, and skin that is"
        " fine the day after.",
        "Up after {number} more calm days: a session finished, pain {calm} of 10 or less, no dizziness, and skin that"
        " is fine the day after.",
        still,
        calm=PAIN_CALM,
    )


def _either(one: Sentence, other: Sentence) -> Sentence:
    return EITHER.format(one=one, other=other)


def _ended_after(minutes: float) -> Sentence:
    whole = round(minutes)
    if whole < 1:
        return Sentence("You ended your last session after less than a minute.")
    return Sentence.counted(
        "You ended your last session after {number} minute.",
        "You ended your last session after {number} minutes.",
        whole,
    )

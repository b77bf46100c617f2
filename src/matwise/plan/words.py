"""The sentences of the plan, with the person's own figures."""

from __future__ import annotations

from matwise.plan.calendar import MISSED_DAYS_BACK
from matwise.plan.rung import Effort, Rung, SkinNextDay
from matwise.plan.signs import PAIN_CALM, PAIN_STRONG

FIRST = "You begin with the gentlest step: a short time, through a heavy T-shirt, where it is easy to stop."
STARTED_AGAIN = (
    "You had {days} days without the mat. After more than four weeks you start again at the gentlest step. That is our"
    " own careful choice; nobody has studied it."
)
PAUSED = (
    "You had {days} days without the mat. After more than a week you go one step back. That is our own careful choice;"
    " nobody has studied it."
)
LIMITED = "Your safety check closes the steps above this one for now."
GOING_ON = "You go on where you are."
NOT_ALLOWED = "Your safety check does not allow a session now."
CHECK_RUN_OUT = "Your safety check has run out. Please go through it again first."
NOTHING_ALLOWED = "Your safety check leaves no step for you at the moment."
SKIN_RED = "Your skin was still red on the day after. Rest until it looks as usual, and tell us when it does."
SKIN_BROKEN = (
    "Your skin was bruised or broken on the day after. Rest until it has healed, and tell us when it has. If it gets"
    " worse, show it to a doctor or pharmacist."
)
REST_TODAY = "{signs} Rest for today; tomorrow you can look again."
NAPS_GROW = (
    "You slept {nap} of the last {minutes} minutes. While your naps grow, sessions don't: asleep you can't feel when it"
    " is enough. That is our own careful choice; nobody has studied it."
)
KEEP_IF = (
    f"You stay here while your strongest pain is {PAIN_CALM + 1} or {PAIN_STRONG - 1} of 10, or an answer is missing."
)
BACK_IF = (
    f"One step back after pain of {PAIN_STRONG} of 10 or more, dizziness, a session ended early, or more than"
    f" {MISSED_DAYS_BACK} days without the mat. Skin that is red, bruised or broken the next day means rest."
)
AFTER_REST = "Nothing to climb today."
KEEP_RESTING = "You rest until the reason above has gone."


def warning_signs(effort: Effort, *, stopped: bool = True) -> tuple[str, ...]:
    """What warns in a session, a sentence each; `stopped`: with a session ended early."""
    said = []
    if effort.worst_pain_0_10 is not None and effort.worst_pain_0_10 >= PAIN_STRONG:
        said.append(f"Your strongest pain was {effort.worst_pain_0_10} of 10.")
    if effort.dizzy is True:
        said.append("You felt dizzy.")
    if effort.skin_next_day is SkinNextDay.BRUISED_OR_BROKEN:
        said.append("Your skin was bruised or broken on the day after.")
    if stopped and not effort.completed and not effort.interrupted:
        said.append(f"You ended your last session after {_minutes(effort.minutes)}.")
    return tuple(said)


def climbed(last: Effort) -> str:
    """Why it goes up."""
    return (
        f"You had enough calm days on the step before. In the latest session your strongest pain was"
        f" {last.worst_pain_0_10} of 10, and your skin was fine on the day after."
    )


def staying(rung: Rung, last: Effort, calm_days: int, *, top: bool) -> tuple[str, ...]:
    """Why it stays."""
    said = []
    if last.worst_pain_0_10 is not None and PAIN_CALM < last.worst_pain_0_10 < PAIN_STRONG:
        said.append(f"Your strongest pain was {last.worst_pain_0_10} of 10; calm means {PAIN_CALM} or less.")
    missing = [
        name
        for name, value in (
            ("how strong the pain was", last.worst_pain_0_10),
            ("whether you felt dizzy", last.dizzy),
            ("how your skin is on the day after", last.skin_next_day),
        )
        if value is None
    ]
    if missing:
        said.append(f"Of your last session we don't know yet {' or '.join(missing)}.")
    if not top:
        said.append(f"Calm days on this step so far: {calm_days} of {rung.sessions_to_climb}.")
    return tuple(said)


def up_if(above: Rung | None, rung: Rung, still: int, *, top: bool) -> str:
    """What leads up from here."""
    if top:
        return f"This is the last step. {rung.minutes} minutes a day are plenty; there is nothing more to climb."
    if above is None:
        return "The next step is closed by your safety check, so this is as far as it goes for now."
    return (
        f"Up after {_days(still, 'more calm day')}: a session finished, pain {PAIN_CALM} of 10 or less, no dizziness,"
        " and skin that is fine the day after."
    )


def _days(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _minutes(minutes: float) -> str:
    whole = round(minutes)
    if whole < 1:
        return "less than a minute"
    return f"{whole} minute" + ("" if whole == 1 else "s")

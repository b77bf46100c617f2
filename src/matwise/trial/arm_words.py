"""What the days of an arm are called."""

from __future__ import annotations

from matwise.sentence import Sentence

NAME = {
    "mat": Sentence("mat"),
    "rest": Sentence("rest"),
    "breath": Sentence("breath"),
    "nothing": Sentence("nothing"),
}
SUBJECT = {
    "mat": Sentence("The mat"),
    "rest": Sentence("The rest"),
    "breath": Sentence("The breathing"),
    "nothing": Sentence("Doing nothing"),
}
DAYS = {
    "mat": Sentence("mat days"),
    "rest": Sentence("rest days"),
    "breath": Sentence("breathing days"),
    "nothing": Sentence("days with nothing"),
}
DAY = {
    "mat": Sentence("mat day"),
    "rest": Sentence("rest day"),
    "breath": Sentence("breathing day"),
    "nothing": Sentence("days with nothing"),
}
AGAINST = {
    ("mat", "rest"): Sentence("This sets mat days against days of the same rest without the mat."),
    ("mat", "breath"): Sentence("This sets mat days against days of the same breathing with neither mat nor towel."),
    (
        "mat",
        "nothing",
    ): Sentence("This sets mat days against days with no session at all: the mat, the rest and the quiet together."),
    ("rest", "nothing"): Sentence("This sets days of rest without the mat against days with no session at all."),
}


def days_of(arm: str) -> str:
    """What the days of an arm are called."""
    return DAYS.get(arm, Sentence("“{arm}” days").format(arm=arm))


def arm_name(arm: str) -> str:
    """The bare name of an arm; an arm of somebody's own table is called as it is there."""
    return NAME.get(arm, arm)

"""What the safety check says by now, beside what was just answered."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from matwise.practice import screen
from matwise.web import asked


@dataclass(frozen=True, slots=True)
class Notice:
    """Why there is no session now, and where to go from there."""

    sentence: str
    address: str
    way: str


def notice(request: Request) -> Notice | None:
    """Why there is no session now; None where one is possible."""
    refusal = screen.refusal(asked.database(request), asked.now(request))
    if refusal is None:
        return None
    if refusal.ask_again:
        return Notice(str(refusal), "/screen", "Go to the safety check")
    return Notice(str(refusal), "/screen/result", "See your safety check")

"""What the safety check says by now, beside what was just answered."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from matwise.content.catalogue import tongue
from matwise.practice import screen
from matwise.sentence import Sentence, said
from matwise.web import asked
from matwise.web.page import language_of

CHECK = Sentence("Go to the safety check")
SEE = Sentence("See your safety check")


@dataclass(frozen=True, slots=True)
class Notice:
    """Why there is no session now, and where to go from there, in the language of the one who asks."""

    sentence: str
    address: str
    way: str


def notice(request: Request) -> Notice | None:
    """Why there is no session now; None where one is possible."""
    refusal = screen.refusal(asked.database(request), asked.now(request))
    if refusal is None:
        return None
    spoken = tongue(language_of(request))
    address, way = ("/screen", CHECK) if refusal.ask_again else ("/screen/result", SEE)
    return Notice(said(refusal.sentence, spoken), address, said(way, spoken))

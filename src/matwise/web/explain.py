"""What is known about mats, claim by claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.content.claims import Claim, Direction, Kind
from matwise.practice import explain as practice
from matwise.sentence import Sentence
from matwise.web.page import page

# Which way a finding points, in the order it is told: the word says the same as the sign beside it.
POINTS = {
    Direction.FOR: Sentence("for it"),
    Direction.NO_DIFFERENCE: Sentence("no difference"),
    Direction.AGAINST: Sentence("against it"),
    Direction.UNCLEAR: Sentence("unclear"),
}


def _claims(request: Request) -> Response:
    every = practice.claims()
    kinds = {kind: [(claim, tally(claim)) for claim in every if claim.kind is kind] for kind in Kind}
    return page(
        request,
        "explain/claims.html",
        promised=kinds[Kind.PROMISED],
        ours=kinds[Kind.OURS],
        limits=practice.known_limits(),
    )


def _claim(request: Request) -> Response:
    claim = practice.claim(request.path_params["claim"])
    return page(request, "explain/claim.html", claim=claim, points=POINTS, tally=tally(claim))


def tally(claim: Claim) -> tuple[tuple[Direction, int, str], ...]:
    """How many findings on mats point which way; what is borrowed from elsewhere does not count."""
    seen = Counter(_on_mats(claim))
    return tuple((direction, seen[direction], word) for direction, word in POINTS.items() if seen[direction])


def _on_mats(claim: Claim) -> Iterable[Direction]:
    return (finding.direction for finding in claim.findings if finding.on_mats)


routes = [Route("/explain", _claims), Route("/explain/{claim}", _claim)]

"""What is known about mats, claim by claim."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.content.claims import Kind
from matwise.practice import explain as practice
from matwise.web.page import page


def _claims(request: Request) -> Response:
    every = practice.claims()
    promised = [claim for claim in every if claim.kind is Kind.PROMISED]
    ours = [claim for claim in every if claim.kind is Kind.OURS]
    return page(request, "explain/claims.html", promised=promised, ours=ours, limits=practice.known_limits())


def _claim(request: Request) -> Response:
    return page(request, "explain/claim.html", claim=practice.claim(request.path_params["claim"]))


routes = [Route("/explain", _claims), Route("/explain/{claim}", _claim)]

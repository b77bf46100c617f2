"""A request that is not carried out, as a page or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from matwise.content.catalogue import ORIGINAL, tongue
from matwise.sentence import Sentence, said
from matwise.web.page import language_of

# What open.js says while the link is redeemed, and where it was used before.
OPENING = Sentence("Opening…")
USED_BEFORE = Sentence("This link was used before. Run ./matwise in the terminal for a new one.")


def wants_json(scope: Scope) -> bool:
    """Whether the one who asks is a program."""
    accept = Headers(scope=scope).get("accept", "")
    return scope["path"].startswith("/api/") or ("application/json" in accept and "text/html" not in accept)


def bare_page(sentence: str, language: str = ORIGINAL) -> str:
    """A page without the app around it: for those who are not let in, nothing of the person is shown."""
    told = escape(said(sentence, tongue(language)))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Matwise</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/static/css/app.css"><link rel="icon" href="/static/mark.svg"></head>'
        f'<body class="bare"><main class="page"><img class="mark" src="/static/mark.svg" alt="" width="64" height="64">'
        f'<h1>Matwise</h1><p class="lead" aria-live="polite">{told}</p></main></body></html>'
    )


def opening_page(sentence: str, language: str = ORIGINAL) -> str:
    """The page behind the link of the terminal: a script trades the link's token for a session."""
    says = {"opening": OPENING, "used": USED_BEFORE}
    words = " ".join(f'data-{name}="{escape(said(one, tongue(language)))}"' for name, one in says.items())
    script = f'<script type="module" src="/static/js/open.js" {words}></script>'
    return bare_page(sentence, language).replace("</head>", f"{script}</head>")


class Refused(Exception):  # noqa: N818 – not an error of the person, but an answer
    """Raised on the way in; `response` is what goes back."""

    def __init__(self, status: int, sentence: str, page: Callable[[str, str], str] = bare_page) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.page = page

    def response(self, scope: Scope) -> Response:
        """A page for people, JSON for programs."""
        language = language_of(Request(scope))
        if wants_json(scope):
            return JSONResponse({"error": said(self.sentence, tongue(language))}, self.status)
        return HTMLResponse(self.page(self.sentence, language), self.status)

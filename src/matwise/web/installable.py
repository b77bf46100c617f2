"""What makes an app of the pages: the manifest, the service worker, and a page for when nothing can be reached."""

from __future__ import annotations

import functools
import hashlib
import json

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import ORIGINAL, tongue
from matwise.sentence import Sentence, said
from matwise.web.page import STATIC, environment, language_of, look, static

WORKER = "js/service-worker.js"
OFFLINE, OVER = "/offline", "/offline?because=over"
# The colours of the paper in css/app.css: a window has its colour before any style is there.
PAPER = {"light": "#faf5ec", "dark": "#1b1714"}
ABOUT = Sentence("What your acupressure mat does for you.")
SHORTCUTS = ((Sentence("Today’s session"), "/guide"), (Sentence("Rate this evening"), "/measure"))


def manifest(request: Request) -> Response:
    """What a device needs to install the app. A look that was chosen and the language come along."""
    paper = PAPER["dark" if look(request) == "dark" else "light"]
    language = language_of(request)
    icons = [
        {"src": static(f"icons/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for side in (192, 512)
        for purpose in ("any", "maskable")
    ]
    told = {
        "id": "/",
        "name": "Matwise",
        "short_name": "Matwise",
        "description": said(ABOUT, tongue(language)),
        "lang": language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": paper,
        "theme_color": paper,
        "categories": ["health"],
        "icons": [{"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"}, *icons],
        "shortcuts": [{"name": said(name, tongue(language)), "url": url} for name, url in SHORTCUTS],
    }
    return JSONResponse(told, media_type="application/manifest+json")


def worker(request: Request) -> Response:
    """The service worker, with the list of what it keeps; a new list makes it a new version."""
    told = json.dumps({"version": version(language_of(request)), "shell": shell(), "offline": OFFLINE, "over": OVER})
    source = (STATIC / WORKER).read_text(encoding="utf-8")
    return Response(f"const MATWISE = {told};\n{source}", media_type="text/javascript")


@functools.cache
def shell() -> tuple[str, ...]:
    """Every address that pages are drawn with. Scripts load each other by plain addresses, so those are there too."""
    kept = [path.relative_to(STATIC).as_posix() for path in sorted(STATIC.rglob("*")) if path.is_file()]
    kept = [path for path in kept if path != WORKER and not path.endswith(".txt")]
    named = [static(path) for path in kept if not path.startswith("fonts/")]
    plain = [f"/static/{path}" for path in kept if path.startswith(("fonts/", "js/"))]
    return (*named, *plain, OFFLINE, OVER)


def version(language: str = ORIGINAL) -> str:
    """Changes with any byte of what the service worker keeps in a language, or of itself."""
    digest = hashlib.sha256((STATIC / WORKER).read_bytes())
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    for over in (False, True):
        digest.update(_offline(language, over=over).encode())
    return digest.hexdigest()[:16]


def offline(request: Request) -> Response:
    """The page for when nothing can be reached, or what was kept has run out. It holds nothing of the person."""
    return HTMLResponse(_offline(language_of(request), over=request.query_params.get("because") == "over"))


def _offline(language: str, *, over: bool) -> str:
    return environment(language).get_template("offline.html").render(over=over)


routes = [
    Route("/manifest.webmanifest", manifest, methods=["GET"]),
    Route("/service-worker.js", worker, methods=["GET"]),
    Route("/offline", offline, methods=["GET"]),
]

"""A view becomes a page: templates, what every page shares, and errors that keep what was entered."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from matwise.practice import explain, say

HERE = Path(__file__).parent
STATIC = HERE / "static"

# Where a person can go: address, name, the picture beside it. The first ones stand in the bar at the thumb.
PLACES = (
    ("/", "Today", "today"),
    ("/plan", "Plan", "plan"),
    ("/guide", "Guide", "guide"),
    ("/measure", "Measure", "measure"),
    ("/answer", "Answer", "answer"),
    ("/explain", "Explain", "explain"),
)
MORE_PLACES = (("/screen", "Safety check", "screen"), ("/connect", "Your data", "connect"))
LOOKS = (("auto", "Device"), ("light", "Light"), ("dark", "Dark"))
LOOK_COOKIE = "matwise-look"


@functools.cache
def environment() -> Environment:
    """The templates, and what all of them may use."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "places": PLACES,
        "more_places": MORE_PLACES,
        "looks": LOOKS,
        "words": say.words(),
        "say_rung": say.rung,
        "say_limits": say.limits,
        "static": static,
        "clinically_reviewed": explain.clinically_reviewed,
    }
    made.filters["day"] = lambda day: f"{day.day} {day:%B %Y}"
    made.filters["day_month"] = lambda day: f"{day:%a} {day.day} {day:%b}"
    made.filters["percent"] = say.percent
    made.filters["points"] = lambda value: f"{value:+.1f}".replace("-", "−")
    return made


@functools.cache
def static(path: str) -> str:
    """The address of a static file; it changes with the content, so a browser may keep it for good."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


def page(request: Request, template: str, status: int = 200, **context: object) -> Response:
    """A page of the app.

    Args:
        request: who asks; gives the form token, the place in the navigation and the demo banner.
        template: path below templates/.
        status: HTTP status.
        context: what the template shows.
    """
    shared = {
        "path": request.scope["path"],
        "csrf": request.scope["state"]["csrf"],
        "demo": request.app.state.demo,
        "look": look(request),
    }
    html = environment().get_template(template).render(**shared, **context)
    return HTMLResponse(html, status)


def look(request: Request) -> str:
    """The look a person chose for this browser; "auto" follows the device."""
    chosen = request.cookies.get(LOOK_COOKIE, "auto")
    return chosen if chosen in dict(LOOKS) else "auto"

"""A view becomes a page: templates, what every page shares, and errors that keep what was entered."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from matwise.content.catalogue import ORIGINAL, first_of, languages, tongue
from matwise.errors import MatwiseError
from matwise.practice import explain, say
from matwise.sentence import Sentence, Tongue, said
from matwise.trial.arm_words import arm_name

HERE = Path(__file__).parent
STATIC = HERE / "static"

# Where a person can go: address, name, the picture beside it. The first ones stand in the bar at the thumb.
PLACES = (
    ("/", Sentence("Today"), "today"),
    ("/plan", Sentence("Plan"), "plan"),
    ("/guide", Sentence("Guide"), "guide"),
    ("/measure", Sentence("Measure"), "measure"),
    ("/answer", Sentence("Answer"), "answer"),
    ("/explain", Sentence("Explain"), "explain"),
)
MORE_PLACES = (("/screen", Sentence("Safety check"), "screen"), ("/connect", Sentence("Your data"), "connect"))
LOOKS = (("auto", Sentence("Device")), ("light", Sentence("Light")), ("dark", Sentence("Dark")))
LOOK_COOKIE = "matwise-look"
LANGUAGE_COOKIE = "matwise-language"


@functools.cache
def environment(language: str = ORIGINAL) -> Environment:
    """The templates in one language, and what all of them may use."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=functools.partial(_finally, tongue(language)),
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals |= {
        "places": PLACES,
        "more_places": MORE_PLACES,
        "looks": LOOKS,
        "languages": languages(),
        "language": language,
        "words": say.words(),
        "say_rung": say.rung,
        "arm_name": arm_name,
        "say_limits": say.limits,
        "static": static,
        "clinically_reviewed": explain.clinically_reviewed,
    }
    _speak(made, tongue(language))
    made.filters["percent"] = say.percent
    return made


def _speak(made: Environment, spoken: Tongue) -> None:
    """Give the templates a language: its words, and its figures and dates."""

    def filled(context: Context, words: str, variables: Mapping[str, object]) -> str:
        parts = {
            name: said(part, spoken) if isinstance(part, str) else spoken.figure(part, "")
            for name, part in variables.items()
        }
        # In newstyle a single % in the words stands as %%, so this holds without variables too.
        return (Markup(words) if context.eval_ctx.autoescape else words) % parts  # noqa: S704  # our own words

    @pass_context
    def gettext(context: Context, english: str, **variables: object) -> str:
        return filled(context, spoken.gettext(english), variables)

    @pass_context
    def ngettext(context: Context, one: str, many: str, number: int, /, **variables: object) -> str:
        return filled(context, spoken.ngettext(one, many, number), {"num": number, **variables})

    made.globals |= {"_": gettext, "gettext": gettext, "ngettext": ngettext}
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the extension
    made.filters["said"] = lambda text: said(text, spoken)
    made.filters["figure"] = spoken.figure
    made.filters["day"] = lambda on: spoken.figure(on, "long")
    made.filters["day_month"] = lambda on: spoken.figure(on, "weekday")
    made.filters["points"] = lambda value: spoken.figure(value, "+.1f")


def _finally(spoken: Tongue, value: object) -> object:
    value = value.sentence if isinstance(value, MatwiseError) else value
    return said(value, spoken) if isinstance(value, Sentence) else value


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
    html = environment(language_of(request)).get_template(template).render(**shared, **context)
    return HTMLResponse(html, status)


def look(request: Request) -> str:
    """The look a person chose for this browser; "auto" follows the device."""
    chosen = request.cookies.get(LOOK_COOKIE, "auto")
    return chosen if chosen in dict(LOOKS) else "auto"


def language_of(request: Request) -> str:
    """The language a person chose for this browser; else the first one the browser asks for that there is."""
    return first_of(wished_of(request))


def wished_of(request: Request) -> list[str]:
    """Languages that are wished for, the most wanted first: what was chosen in this browser, then what it asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return [*([chosen] if chosen in languages() else []), *_asked_for(request)]


def _asked_for(request: Request) -> list[str]:
    """Languages of the Accept-Language header, the most wanted first; what can't be read counts as not said."""
    wanted = []
    for place, part in enumerate(request.headers.get("accept-language", "")[:500].split(",")):
        code, _, weight = part.partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, code.strip().split("-")[0].lower()))
        except ValueError:
            continue
    return [code for _, _, code in sorted(wanted)]

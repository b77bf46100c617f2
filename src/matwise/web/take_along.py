"""Take it along: a session as a file, its words on paper, a podcast, a calendar, a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import tongue
from matwise.errors import InvalidInputError
from matwise.practice import calendar, feed, screen, sound
from matwise.practice import guide as practice
from matwise.screening.gate import NotAllowedError
from matwise.sentence import Sentence, said
from matwise.web import asked
from matwise.web.away import own_address
from matwise.web.field import PLEASE
from matwise.web.page import language_of, page
from matwise.web.sound import spoken_in
from matwise.web.sound_file import CACHE

if TYPE_CHECKING:
    from matwise.practice.guide import Started
    from matwise.store.sessions import KeptSession

HERE = "/guide/along"
FORMATS = (
    ("mp3", "MP3", Sentence("plays everywhere")),
    ("opus", "Opus", Sentence("half the size; not every iPhone plays it")),
    ("flac", "FLAC", Sentence("without loss")),
    ("wav", "WAV", Sentence("without loss, large; for other programs")),
)
TIMES = ("zone", "session_at", "evening_at")
PICTURE = Sentence("QR code of your private address, for the camera of your phone")


@dataclass(frozen=True, slots=True)
class Links:
    """The private address as the apps have it that it is for; `picture` leads a phone to `page`, if one gets there."""

    page: str
    feed: str
    calendar: str
    picture: Markup | None


@dataclass(frozen=True, slots=True)
class Along:
    """What the section shows.

    `session`: the one that was begun and may be heard, if any. `fetched`: what an app fetched today and nobody has said
    anything about. `links` None with `made_at`: there is an address, but it was shown when it was made. `away`: where
    phones reach it; None with `could_be`, the address at which they would. `open_until`: how long it holds sessions by
    what was said last.
    """

    session: KeptSession | None
    formats: Sequence[tuple[str, str, str]]
    fetched: Sequence[tuple[KeptSession, str]]
    made_at: datetime | None
    links: Links | None
    away: str | None
    could_be: str | None
    open_until: datetime | None
    times: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False


def along(request: Request, entered: Mapping[str, str] | None = None, error: InvalidInputError | None = None) -> Along:
    """What can be taken along now; with an error, the times as they were entered, and what is wrong with them."""
    db, now = asked.database(request), asked.now(request)
    address, away = feed.address(db), request.app.state.away
    kept = calendar.times(db)
    known = {
        "zone": kept.zone,
        "session_at": f"{kept.session_at:%H:%M}",
        "evening_at": f"{kept.evening_at:%H:%M}",
    }
    return Along(
        session=_playable(request),
        formats=FORMATS,
        fetched=[(one, practice.rung_of(one).title) for one in feed.fetched(db, now)],
        made_at=None if address is None else address.made_at,
        links=None if address is None else _links(request),
        away=away,
        could_be=None if away else own_address(),
        open_until=None if address is None else feed.open_until(db, now),
        times=known | dict(entered or {}),
        problems={one.where: PLEASE.format(got=one.got, want=one.want) for one in error.problems} if error else {},
        is_open=request.url.path == HERE or request.query_params.get("along") == "open" or error is not None,
    )


def show(request: Request) -> Response:
    """The section as a page of its own."""
    return page(request, "guide/along.html", along=along(request))


def address(request: Request) -> Response:
    """Make a private address, or close it; the one before opens nothing any more."""
    db, now, wanted = asked.database(request), asked.now(request), asked.form(request).one("do")
    if wanted == "close":
        feed.revoke_address(db, now)
        request.app.state.private_secret = None
    else:
        # In memory alone: of what opens the feed, the database keeps a hash.
        request.app.state.private_secret = feed.make_address(db, now)
    return RedirectResponse(f"{HERE}#address", 303)


def say(request: Request) -> Response:
    """Keep whether anything has changed, so that the private address may hold today's sessions; none is begun by it."""
    screen.allow(asked.database(request), asked.form(request).one("changed"), asked.now(request))
    return RedirectResponse(f"{HERE}#address", 303)


def times(request: Request) -> Response:
    """Keep where the person lives, and when sessions and ratings have their time."""
    form = asked.form(request)
    entered = {name: form.one(name) for name in TIMES}
    try:
        calendar.keep_times(asked.database(request), **entered, now=asked.now(request))
    except InvalidInputError as error:
        return page(request, "guide/along.html", 422, along=along(request, entered, error))
    return RedirectResponse(f"{HERE}#calendar", 303)


def fetched(request: Request) -> Response:
    """Put a session into the log that was heard in another app, and go on to how it ended."""
    form, db, now = asked.form(request), asked.database(request), asked.now(request)
    kept = feed.heard(db, form.one("session"), now)
    if form.one("how") == "stopped":
        return RedirectResponse(f"/guide/{kept.id}/stop", 303)
    if kept.ended_at is None:
        practice.finish(db, kept.id, None, now)
    return RedirectResponse(f"/guide/{kept.id}/after", 303)


def days(request: Request) -> Response:
    """The calendar as a file, as it stands now."""
    spoken = tongue(language_of(request))
    told = calendar.file(asked.database(request), asked.now(request), asked.settings(request), spoken)
    headers = {"Content-Disposition": 'attachment; filename="matwise.ics"'}
    return Response(told, media_type=calendar.MEDIA_TYPE, headers=headers)


def sheet(request: Request) -> Response:
    """Every cue with its time, as JSON."""
    return _download(sound.sheet(_to_take(request).timeline), "application/json", "matwise-session.json")


def captions(request: Request) -> Response:
    """What is said, as WebVTT, to lie beside the file."""
    return _download(sound.captions(_to_take(request).timeline), "text/vtt", "matwise-session.vtt")


def script(request: Request) -> Response:
    """What is said, to read beforehand or to print."""
    started = _to_take(request)
    language = spoken_in(request, started.session)
    return page(
        request,
        "guide/script.html",
        session=started.session,
        title=started.timeline.title,
        minutes=round(started.timeline.duration_s / 60),
        spoken_in=language,
        parts=sound.script(started.timeline, language),
    )


def script_text(request: Request) -> Response:
    """The same as plain text."""
    started = _to_take(request)
    language = spoken_in(request, started.session)
    return _download(sound.script_text(started.timeline, language), "text/plain", "matwise-session.txt")


def _to_take(request: Request) -> Started:
    """The session as its files have it: it ends with the alarm."""
    db, now, settings = asked.database(request), asked.now(request), asked.settings(request)
    return practice.playable(db, request.path_params["session"], now, settings, whole=False)


def _download(told: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Cache-Control": CACHE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(told, media_type=media_type, headers=headers)


def _playable(request: Request) -> KeptSession | None:
    db = asked.database(request)
    begun = practice.unfinished(db)
    if begun is None:
        return None
    try:
        return practice.playable(db, begun.id, asked.now(request), asked.settings(request), whole=False).session
    except NotAllowedError:
        return None


def _links(request: Request) -> Links | None:
    secret: str | None = request.app.state.private_secret
    # Closed or made anew by another process meanwhile: what is remembered opens nothing.
    if secret is None or not feed.is_open(asked.database(request), secret):
        return None
    away, port = request.app.state.away, asked.settings(request).port
    base_url = str(request.base_url) if away is None else f"http://{away}:{port}/"
    own = feed.page_address(secret, base_url)
    # Our own drawing of an address that holds nothing but letters and digits.
    language = language_of(request)
    named = said(PICTURE, tongue(language))
    drawn = None if away is None else Markup(feed.picture(own, named))  # noqa: S704 – no word of anybody in it
    addresses = feed.feed_address(secret, base_url, language), feed.calendar_address(secret, base_url, language)
    return Links(own, *addresses, drawn)


routes = [
    Route(HERE, show, methods=["GET"]),
    Route("/guide/address", address, methods=["POST"]),
    Route("/guide/say", say, methods=["POST"]),
    Route("/guide/times", times, methods=["POST"]),
    Route("/guide/fetched", fetched, methods=["POST"]),
    Route("/guide/along.ics", days, methods=["GET"]),
    Route("/guide/{session}/cue-sheet.json", sheet, methods=["GET"]),
    Route("/guide/{session}/words.vtt", captions, methods=["GET"]),
    Route("/guide/{session}/script", script, methods=["GET"]),
    Route("/guide/{session}/script.txt", script_text, methods=["GET"]),
]

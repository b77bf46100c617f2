"""What a person's private address opens without a cookie: the podcast, a page for the phone, the calendar.

Whoever comes with a secret that opens nothing, or nothing any more, learns nothing: every answer is the same 404.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import ORIGINAL, languages, tongue
from matwise.practice import calendar, sound
from matwise.practice import feed as practice
from matwise.practice.feed import Offer, Ready
from matwise.practice.guide import NoSuchSessionError, NothingTodayError
from matwise.practice.voice import spoken_language
from matwise.screening.gate import NotAllowedError
from matwise.sentence import said
from matwise.web import asked
from matwise.web.page import environment, language_of
from matwise.web.rendering import Job, Progress
from matwise.web.sound import renderings, spoken_in
from matwise.web.sound_file import CACHE, sound_file

RSS = "application/rss+xml; charset=utf-8"
WAIT_S = 15.0  # for files under way; podcast apps wait about 30 s for an answer


@dataclass(frozen=True, slots=True)
class Open:
    """What may be heard now, or why nothing may."""

    offers: tuple[Offer, ...]
    about: str | None


async def podcast(request: Request) -> Response:
    """The feed: today's sessions whose files are there; the others follow with the next refresh."""
    secret = await _secret(request)
    found = await run_in_threadpool(_open, request)
    jobs = [(one, _job(request, one)) for one in found.offers]
    await run_in_threadpool(futures.wait, [job.file for _, job in jobs], WAIT_S)
    ready = [Ready(one, job.file.result()) for one, job in jobs if job.file.done() and not job.failed]
    return Response(_told(request, secret, found, ready), media_type=RSS)


def _told(request: Request, secret: str, found: Open, ready: Sequence[Ready]) -> bytes:
    codes = {spoken_in(request, one.session) for one in found.offers}
    return practice.feed(
        ready,
        secret=secret,
        base_url=str(request.base_url),
        language=codes.pop() if len(codes) == 1 else spoken_language(asked.settings(request)),
        about=found.about,
        waiting=len(ready) < len(found.offers),
        written_in=_written_in(request),
    )


async def phone(request: Request) -> Response:
    """The same sessions as a page, for a phone without a podcast app."""
    secret = await _secret(request)
    found = await run_in_threadpool(_open, request)
    for one in found.offers:
        _job(request, one)
    base_url, language = str(request.base_url), language_of(request)
    html = environment(language).get_template("guide/phone.html")
    return HTMLResponse(
        html.render(
            offers=[(one, spoken_in(request, one.session)) for one in found.offers],
            about=found.about,
            own=practice.page_address(secret, base_url),
            feed=practice.feed_address(secret, base_url, language),
            calendar=practice.calendar_address(secret, base_url, language),
            ending=practice.ENDING,
        )
    )


async def episode(request: Request) -> Response:
    """One session as a file. Fetching it is kept, as no more than that: nobody knows whether it will be heard."""
    await _secret(request)
    one = await run_in_threadpool(_offer, request)
    if isinstance(one, Response):
        return one
    path = await asyncio.wrap_future(_job(request, one).file)
    if request.method == "GET":
        await run_in_threadpool(practice.keep_fetched, asked.database(request), one, asked.now(request))
    return sound_file(request, path, sound.format_named(practice.ENDING).media_type)


async def words(request: Request) -> Response:
    """What is said in a session, as WebVTT."""
    await _secret(request)
    one = await run_in_threadpool(_offer, request)
    if isinstance(one, Response):
        return one
    return Response(sound.captions(one.heard), media_type="text/vtt", headers={"Cache-Control": CACHE})


async def cover(request: Request) -> Response:
    """The picture of the feed."""
    await _secret(request)
    return Response(await run_in_threadpool(practice.cover), media_type="image/png", headers={"Cache-Control": CACHE})


async def days(request: Request) -> Response:
    """The calendar, to subscribe to."""
    await _secret(request)
    db, now, settings = asked.database(request), asked.now(request), asked.settings(request)
    told = await run_in_threadpool(calendar.file, db, now, settings, tongue(_written_in(request)))
    return Response(told, media_type=calendar.MEDIA_TYPE)


def nothing_here(_request: Request, _error: Exception) -> Response:
    """The one answer to everything below a private address that there is not."""
    return PlainTextResponse("There is nothing at this address.\n", 404)


async def _secret(request: Request) -> str:
    """The secret of the address, if it opens anything now."""
    secret: str = request.path_params["secret"]
    if not await run_in_threadpool(practice.is_open, asked.database(request), secret):
        raise HTTPException(404)
    return secret


def _written_in(request: Request) -> str:
    """The language an address asks for: the programs that read it come without the choice of a browser."""
    asked_for = request.query_params.get("language")
    return asked_for if asked_for in languages() else ORIGINAL


def _open(request: Request) -> Open:
    try:
        return Open(practice.offers(asked.database(request), asked.now(request), asked.settings(request)), None)
    except (NotAllowedError, NothingTodayError) as refusal:
        return Open((), practice.closed_because(refusal))


def _offer(request: Request) -> Offer | Response:
    """The session that is asked for, or why it may not be heard now."""
    db, now, settings = asked.database(request), asked.now(request), asked.settings(request)
    try:
        return practice.offer(db, request.path_params["episode"], now, settings)
    except NoSuchSessionError:
        return nothing_here(request, HTTPException(404))
    except (NotAllowedError, NothingTodayError) as refusal:
        why = said(practice.closed_because(refusal), tongue(language_of(request)))
        return PlainTextResponse(f"{why}\n", 403)


def _job(request: Request, one: Offer) -> Job:
    settings = asked.settings(request)

    def make(progress: Progress) -> Path:
        return practice.audio(one, settings, progress)

    return renderings(request).job(f"{practice.FETCHED}/{one.id}", make)


routes = [
    Route("/feed/{secret}.xml", podcast, methods=["GET"]),
    Route("/feed/{secret}/cover.png", cover, methods=["GET"]),
    Route("/feed/{secret}/{episode}.mp3", episode, methods=["GET"]),
    Route("/feed/{secret}/{episode}.vtt", words, methods=["GET"]),
    Route("/feed/{secret}", phone, methods=["GET"]),
    Route("/calendar/{secret}.ics", days, methods=["GET"]),
]

"""The sound of a session: its file, how much of it is ready, its words, and where the player was."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import tongue
from matwise.errors import InvalidInputError, MatwiseError, Problem
from matwise.practice import guide as practice
from matwise.practice import measure
from matwise.practice import sound as practice_sound
from matwise.sentence import Sentence, said
from matwise.store.sessions import KeptSession
from matwise.web import asked
from matwise.web.page import language_of
from matwise.web.rendering import Job, Progress, Renderings
from matwise.web.sent import Sent, answered_at
from matwise.web.sound_file import CACHE, sound_file

PLACE = "place"  # the draft field that holds where the player was
MOST_SPANS = 200  # of time heard; somebody who skips about makes a few dozen
PLAYED = "mp3"  # the one that every browser plays
NOT_MADE = Sentence("The sound could not be made. Reload the page to try again.")
NOT_A_PLACE = Sentence("seconds from 0 on")
SPANS, FEWER = Sentence("{number} spans"), Sentence("at most {most}")


class SentPlace(Sent, kw_only=True):
    """Where the player is, in s of the file, and which spans of it were heard."""

    position_s: float
    playing: bool
    heard: tuple[tuple[float, float], ...] = ()


class _KeptPlace(SentPlace, kw_only=True):
    at: Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the player was `age_s` seconds ago."""

    position_s: float
    playing: bool
    heard: tuple[tuple[float, float], ...]
    age_s: float


def renderings(request: Request) -> Renderings:
    """The audio files under way in this app."""
    state = request.app.state
    if not hasattr(state, "renderings"):
        state.renderings = Renderings()
    known: Renderings = state.renderings
    return known


def job(request: Request, session_id: str, ending: str = PLAYED, *, whole: bool = True) -> Job:
    """The making of this session's file, begun if it has not been.

    Raises:
        NoSuchSessionError: there is none of this id.
        NotAllowedError: the safety check does not allow it any more.
        InvalidInputError: there is no kind of file with this ending.
    """
    db, settings, now = asked.database(request), asked.settings(request), asked.now(request)
    practice.playable(db, session_id, now, settings)
    kind = practice_sound.format_named(ending)

    def make(progress: Progress) -> Path:
        return practice.audio(db, session_id, settings, now, progress, ending=kind.value, whole=whole).path

    return renderings(request).job(f"{session_id}{'' if whole else '/alarm'}{kind.suffix}", make)


async def file(request: Request) -> Response:
    """The file itself, in parts where a player asks for parts; waits until it is made."""
    if "download" in request.query_params:
        return await _file(request, PLAYED, whole=False)
    return await _file(request, PLAYED, whole=True)


async def take(request: Request) -> Response:
    """The file to take along, as the kind its ending names; it ends with the alarm."""
    return await _file(request, request.path_params["ending"], whole=False)


async def _file(request: Request, ending: str, *, whole: bool) -> Response:
    session_id = request.path_params["session"]
    kind = practice_sound.format_named(ending)
    under_way = await run_in_threadpool(job, request, session_id, ending, whole=whole)
    path = await asyncio.wrap_future(under_way.file)
    return sound_file(request, path, kind.media_type, None if whole else f"matwise-session{kind.suffix}")


def progress(request: Request) -> Response:
    """How much of the file is ready, from 0 to 1."""
    under_way = job(request, request.path_params["session"])
    if not under_way.file.done():
        return JSONResponse({"ready": False, "share": under_way.share, "failed": None})
    error = under_way.file.exception()
    if error is None:
        return JSONResponse({"ready": True, "share": 1.0, "failed": None})
    failed = said(error.sentence if isinstance(error, MatwiseError) else NOT_MADE, tongue(language_of(request)))
    return JSONResponse({"ready": False, "share": under_way.share, "failed": failed})


def captions(request: Request) -> Response:
    """What is said, as WebVTT."""
    started = _playable(request)
    return Response(practice.captions(started.timeline), media_type="text/vtt", headers={"Cache-Control": CACHE})


def cues(request: Request) -> Response:
    """What is heard when, for the page beside the sound."""
    heard = _playable(request).timeline
    told = [
        {
            "at_s": cue.at_s,
            "duration_s": cue.duration_s,
            "kind": cue.kind.value,
            "chapter": cue.chapter.value,
            "text": cue.text,
        }
        for cue in heard.cues
    ]
    return JSONResponse({"duration_s": heard.duration_s, "cues": told})


def spoken_in(request: Request, session: KeptSession) -> str:
    """Code of the language that a session speaks, and its title and captions are in."""
    return practice_sound.language_of(session.content, asked.settings(request))


def _playable(request: Request) -> practice.Started:
    session_id, settings = request.path_params["session"], asked.settings(request)
    return practice.playable(asked.database(request), session_id, asked.now(request), settings)


def keep_place(request: Request) -> Response:
    """Keep where the player is."""
    db, now, session_id = asked.database(request), asked.now(request), request.path_params["session"]
    sent = asked.json(request, SentPlace)
    practice.find(db, session_id)
    problems = []
    if not 0 <= sent.position_s < 86_400:
        problems.append(Problem("position_s", f"{sent.position_s:g}", NOT_A_PLACE))
    if len(sent.heard) > MOST_SPANS:
        problems.append(Problem("heard", SPANS.format(number=len(sent.heard)), FEWER.format(most=MOST_SPANS)))
    if problems:
        raise InvalidInputError(*problems)
    heard = tuple((round(start, 1), round(end, 1)) for start, end in sent.heard)
    at = answered_at(sent.age_s, now)
    told = _KeptPlace(position_s=sent.position_s, playing=sent.playing, heard=heard, at=at)
    measure.keep_draft(db, f"guide:{session_id}", PLACE, msgspec.json.encode(told).decode(), now)
    return JSONResponse({"kept": True, "client_id": sent.client_id})


def place(request: Request, session_id: str) -> Place | None:
    """Where the player was when it was last heard of, or None."""
    kept = measure.drafts_of(asked.database(request), f"guide:{session_id}").get(PLACE)
    try:
        told = msgspec.json.decode(kept or "", type=_KeptPlace)
    except msgspec.DecodeError:
        return None  # nothing kept, or nothing a player wrote: the session begins at its beginning
    age_s = (asked.now(request) - told.at).total_seconds()
    return Place(told.position_s, told.playing, told.heard, max(0.0, round(age_s, 1)))


routes = [
    Route("/guide/{session}/audio.mp3", file, methods=["GET"]),
    Route("/guide/{session}/session.{ending}", take, methods=["GET"]),
    Route("/guide/{session}/captions.vtt", captions, methods=["GET"]),
    Route("/guide/{session}/cues.json", cues, methods=["GET"]),
    Route("/guide/{session}/progress", progress, methods=["GET"]),
    Route("/guide/{session}/position", keep_place, methods=["POST"]),
]

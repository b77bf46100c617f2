"""Hear today's sessions in a podcast app: an address of one's own, what is behind it, and what was fetched from it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from matwise.content.catalogue import ORIGINAL, tongue
from matwise.content.phrases import phrases
from matwise.measures.day import day_of
from matwise.plan.rung import Rung
from matwise.practice import calendar, guide, plan, say, screen, sound, wishes
from matwise.practice.guide import NoSuchSessionError, NothingTodayError
from matwise.practice.person import ME
from matwise.screening.gate import PERMISSION_LASTS, NotAllowedError
from matwise.sentence import Sentence, Tongue, said
from matwise.session.cue import Timeline
from matwise.settings import Settings
from matwise.store import addresses, drafts, sessions
from matwise.store.addresses import KeptAddress
from matwise.store.database import Database
from matwise.store.sessions import KeptSession

# What makes sound or XML is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.exchange.feed import Channel, Episode

SECRET_BYTES = 32  # 256 bits
FETCHED = "feed"  # the drafts that hold what a podcast app has fetched
ENDING = "mp3"  # every podcast app plays it


@dataclass(frozen=True, slots=True)
class Offer:
    """One session that may be heard from the feed now.

    `kept` False: it is only offered, and becomes one of the log when the person says afterwards that they heard it.
    """

    session: KeptSession
    heard: Timeline
    how: str
    said_at: datetime
    kept: bool

    @property
    def rung(self) -> Rung:
        """Where, through what and for how long, as this session has it."""
        return replace(guide.rung_of(self.session), minutes=self.session.planned_minutes)

    @property
    def id(self) -> str:
        """What the session is called in the feed, and in the log if it gets there."""
        return self.session.id


@dataclass(frozen=True, slots=True)
class Ready:
    """The finished file of an offer."""

    offer: Offer
    path: Path


def make_address(db: Database, now: datetime) -> str:
    """A new secret for feed and calendar, told this once; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    db.write(lambda c: addresses.renew(c, ME, secret, now))
    return secret


def revoke_address(db: Database, now: datetime) -> bool:
    """Close the address from now on; gives whether there was one."""
    return db.write(lambda c: addresses.revoke(c, ME, now))


def address(db: Database) -> KeptAddress | None:
    """The address that holds now, without its secret, or None."""
    with db.read() as c:
        return addresses.current(c, ME)


def is_open(db: Database, secret: str) -> bool:
    """Whether this secret opens the feed and the calendar now."""
    with db.read() as c:
        return addresses.whose(c, secret) == ME


def open_until(db: Database, now: datetime) -> datetime | None:
    """Until when the feed may hold sessions by what was said last; None where it holds none now."""
    try:
        until = screen.still_allowed(db, now).asked_at + PERMISSION_LASTS
    except NotAllowedError:
        return None
    return until if now <= until else None


def offers(db: Database, now: datetime, settings: Settings) -> tuple[Offer, ...]:
    """Every session that plan and trial allow today, today's step first, as long as nothing has to be asked again.

    Raises:
        NotAllowedError: the safety check does not allow a session now, or it is too long ago that somebody said that
            nothing has changed.
        NothingTodayError: plan or trial ask for none today.
    """
    permission = screen.still_allowed(db, now)
    today = plan.today(db, now)
    choices = {guide.TODAY: today.step.rung.how if today.step and today.step.rung else ""}
    choices |= {one.id: Sentence.joined(text for text in (one.rung.how, one.caution) if text) for one in today.routines}
    begun = guide.unfinished(db)
    found = []
    for choice, how in choices.items():
        offered = guide.composed(db, FETCHED, choice, permission, now, settings=settings, whole=False)
        if begun is not None and _is_the_same(begun, offered.session):
            heard = guide.playable(db, begun.id, now, settings, whole=False)
            found.append(Offer(heard.session, heard.timeline, how, permission.asked_at, kept=True))
        else:
            named = replace(offered.session, id=_id(db, offered.session, now))
            found.append(Offer(named, offered.timeline, how, permission.asked_at, kept=False))
    return tuple(found)


def offer(db: Database, offer_id: str, now: datetime, settings: Settings) -> Offer:
    """One of the sessions that may be heard now.

    Raises:
        NotAllowedError, NothingTodayError: see `offers`.
        NoSuchSessionError: it is none of them.
    """
    found = next((one for one in offers(db, now, settings) if one.id == offer_id), None)
    if found is None:
        raise NoSuchSessionError(offer_id)
    return found


def audio(one: Offer, settings: Settings, progress: Callable[[float], None] | None = None) -> Path:
    """The file of an offer; made once, then found again by its content."""
    kind = sound.format_named(ENDING)
    return sound.rendered(one.heard, one.session.content, settings, progress, kind=kind).path


def closed_because(refusal: NotAllowedError | NothingTodayError) -> str:
    """What a feed without episodes says of itself, without a word about anybody's health."""
    known = phrases().take_along
    if isinstance(refusal, NothingTodayError):
        return known["feed_nothing"]
    # Why exactly stands in Matwise alone: apps read a feed, and so do the servers of their makers.
    return known["feed_closed"].format(hours=PERMISSION_LASTS // timedelta(hours=1))


def feed(
    ready: Sequence[Ready],
    *,
    secret: str,
    base_url: str,
    language: str,
    about: str | None,
    waiting: bool,
    written_in: str = ORIGINAL,
) -> bytes:
    """The feed as RSS.

    Args:
        ready: the sessions whose files are there.
        secret: of the address it was asked for at.
        base_url: where the app was reached, with a slash at the end.
        language: in which the sessions are spoken.
        about: why it holds nothing, or None.
        waiting: whether more files are being made.
        written_in: the language of what the feed says about them.
    """
    from matwise.exchange import feed as podcast

    known, spoken = phrases().take_along, tongue(written_in)
    sentences = [about or known["feed_about"], *[known["feed_preparing"]] * waiting]
    own = page_address(secret, base_url)
    channel: Channel = podcast.Channel(
        said(known["feed_title"], spoken),
        said(Sentence.joined(sentences), spoken),
        sound.ARTIST,
        language,
        own,
        feed_address(secret, base_url, written_in),
        f"{own}/cover.png",
    )
    return podcast.feed(channel, [_episode(one, own, spoken) for one in ready])


def page_address(secret: str, base_url: str) -> str:
    """The page for a phone, at which the sessions can be heard without an app."""
    return f"{base_url}feed/{secret}"


def feed_address(secret: str, base_url: str, language: str = ORIGINAL) -> str:
    """What a podcast app is told; it asks for no language by itself, so the address has it."""
    return f"{base_url}feed/{secret}.xml{_asking_for(language)}"


def calendar_address(secret: str, base_url: str, language: str = ORIGINAL) -> str:
    """What a calendar subscribes to, with the language as in `feed_address`."""
    return f"{base_url}calendar/{secret}.ics{_asking_for(language)}"


def _asking_for(language: str) -> str:
    return "" if language == ORIGINAL else f"?language={language}"


def picture(link: str, title: str) -> str:
    """A link as an SVG picture that a phone reads."""
    from matwise.exchange import qr

    return qr.svg(link, title)


def cover() -> bytes:
    """The picture of the feed, as PNG."""
    from matwise.exchange.cover import IN_FEED_PX
    from matwise.exchange.cover import cover as drawn

    return drawn(IN_FEED_PX).png


def keep_fetched(db: Database, one: Offer, now: datetime) -> None:
    """Keep that a podcast app fetched this session, so that the person can be asked about it. It is no session yet."""
    if one.kept:
        return
    told = msgspec.json.encode(replace(one.session, started_at=now, day=now.date())).decode()
    with db.read() as c:
        is_known = one.id in drafts.of(c, ME, FETCHED)
    if not is_known:
        db.write(lambda c: drafts.keep(c, ME, FETCHED, one.id, told, now))


def fetched(db: Database, now: datetime) -> tuple[KeptSession, ...]:
    """What was fetched today and is not in the log yet: it may have been heard, or not."""
    with db.read() as c:
        told = [_fetched(value) for value in drafts.of(c, ME, FETCHED).values()]
        known = {one.id for one in sessions.all_of(c, ME)}
    return tuple(
        one for one in told if one is not None and one.id not in known and day_of(one.started_at) == day_of(now)
    )


def heard(db: Database, session_id: str, now: datetime) -> KeptSession:
    """Put a session into the log that the person says they began in a podcast app; how it ended is told next.

    It began when it was fetched, as far as anybody knows.

    Raises:
        NoSuchSessionError: nothing of this id was fetched today.
    """
    found = next((one for one in fetched(db, now) if one.id == session_id), None)
    if found is None:
        return guide.find(db, session_id)
    return db.write(lambda c: sessions.begin(c, found))


def _fetched(told: str) -> KeptSession | None:
    try:
        return msgspec.json.decode(told, type=KeptSession)
    except msgspec.MsgspecError:
        return None  # kept by another version of Matwise: nothing is asked about it


def _is_the_same(begun: KeptSession, offered: KeptSession) -> bool:
    """Whether a session that was begun today is this one."""
    same_day = begun.day == offered.day
    return same_day and (begun.rung, begun.routine, begun.arm) == (offered.rung, offered.routine, offered.arm)


def _id(db: Database, one: KeptSession, now: datetime) -> str:
    """The same for the same session of the same day: a podcast app knows an episode by it."""
    kept = calendar.find(db, now)
    content = wishes.kept(one.content).text()
    named = (day_of(now), one.arm, one.rung, one.routine, one.planned_minutes, content)
    return str(uuid.uuid5(uuid.UUID(kept.id), "/".join(map(str, named))))


def _episode(ready: Ready, own: str, spoken: Tongue) -> Episode:
    from matwise.exchange.feed import Episode

    one = ready.offer
    about = phrases().take_along["episode_about"].format(rung=say.rung(one.rung), day=one.said_at, how=one.how)
    return Episode(
        guid=one.id,
        title=said(one.heard.title, spoken),
        description=said(about, spoken),
        published_at=one.said_at,
        url=f"{own}/{one.id}.{ENDING}",
        size_bytes=ready.path.stat().st_size,
        format=sound.format_named(ENDING),
        duration_s=one.heard.duration_s,
        captions_url=f"{own}/{one.id}.vtt",
    )

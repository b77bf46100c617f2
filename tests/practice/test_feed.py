from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser  # type: ignore[import-untyped] # it brings no types
import pytest

from matwise.practice import answer, connect, feed, guide, screen
from matwise.practice.guide import NoSuchSessionError, NothingTodayError
from matwise.screening.gate import NotAllowedError
from matwise.session.cue import Chapter
from matwise.settings import Settings
from matwise.store import drafts
from matwise.store.database import Database
from matwise.trial.design import Arm

from .people import MONDAY_EVENING, a_database, answers_all

SOON = MONDAY_EVENING + timedelta(minutes=5)
BASE = "http://192.168.1.20:8765/"


@contextmanager
def somebody_who_said_no(folder: Path) -> Iterator[tuple[Database, Settings]]:
    """Somebody with a safety check who has just said that nothing has changed."""
    with a_database(folder) as db:
        answers_all(db)
        screen.allow(db, "no", MONDAY_EVENING)
        yield db, Settings(folder, 8765)


def test_an_address_opens_until_it_is_closed_and_never_again(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        secret = feed.make_address(db, MONDAY_EVENING)
        opened = feed.is_open(db, secret)
        closed = feed.revoke_address(db, SOON)

        assert (opened, closed) == (True, True)
        assert not feed.is_open(db, secret)
        assert feed.address(db) is None
        assert not feed.revoke_address(db, SOON)


def test_a_new_address_closes_the_one_before(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        first, second = (feed.make_address(db, MONDAY_EVENING) for _ in range(2))

        assert first != second
        assert (feed.is_open(db, first), feed.is_open(db, second)) == (False, True)


def test_the_secret_itself_is_nowhere_in_the_database(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        secret = feed.make_address(db, MONDAY_EVENING)
    held = b"".join(file.read_bytes() for file in tmp_path.glob("matwise.db*"))

    assert held
    assert secret.encode() not in held


def test_nothing_is_offered_to_somebody_who_was_not_asked(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)

        with pytest.raises(NotAllowedError):
            feed.offers(db, MONDAY_EVENING, Settings(tmp_path, 8765))


@pytest.mark.parametrize("reply", ["yes", "unknown"])
def test_nothing_is_offered_after_another_reply_than_no(tmp_path: Path, reply: str) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        with pytest.raises(NotAllowedError):
            screen.allow(db, reply, SOON)

        with pytest.raises(NotAllowedError):
            feed.offers(db, SOON, settings)


def test_what_is_offered_is_offered_for_two_hours(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        last = MONDAY_EVENING + timedelta(hours=2)
        (one,) = feed.offers(db, last, settings)

        with pytest.raises(NotAllowedError):
            feed.offers(db, last + timedelta(seconds=1), settings)
        with pytest.raises(NotAllowedError):
            feed.offer(db, one.id, last + timedelta(seconds=1), settings)


def test_what_is_offered_ends_with_its_alarm(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        told = {"five_more": "yes", "open_end": "yes"}
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING, told, settings)
        guide.finish(db, "session-0", 5, MONDAY_EVENING + timedelta(minutes=6))
        offered = feed.offers(db, MONDAY_EVENING + timedelta(minutes=7), settings)

        assert {cue.chapter for one in offered for cue in one.heard.cues}.isdisjoint(
            {Chapter.FIVE_MORE, Chapter.OPEN_QUIET}
        )


def test_an_offer_keeps_its_name_all_day_and_has_another_one_tomorrow(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        (now,) = feed.offers(db, MONDAY_EVENING, settings)
        (soon,) = feed.offers(db, SOON, settings)
        tomorrow = MONDAY_EVENING + timedelta(days=1)
        screen.allow(db, "no", tomorrow)
        (later,) = feed.offers(db, tomorrow, settings)

        assert now.id == soon.id
        assert later.id != now.id


def test_a_session_that_was_begun_is_offered_as_itself(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING, settings=settings)
        (one,) = feed.offers(db, SOON, settings)
        feed.keep_fetched(db, one, SOON)

        assert (one.id, one.kept) == ("session-0", True)
        assert feed.fetched(db, SOON) == ()


def test_looking_at_the_feed_or_fetching_from_it_is_no_session(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        (one,) = feed.offers(db, SOON, settings)
        feed.keep_fetched(db, one, SOON)
        feed.keep_fetched(db, one, SOON + timedelta(minutes=1))
        (told,) = feed.fetched(db, SOON)

        assert guide.last(db) is None
        assert (told.id, told.started_at) == (one.id, SOON)
        assert feed.fetched(db, SOON + timedelta(days=1)) == ()


def test_a_fetched_session_enters_the_log_once_somebody_says_they_did_it(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        (one,) = feed.offers(db, SOON, settings)
        feed.keep_fetched(db, one, SOON)
        kept = feed.heard(db, one.id, SOON + timedelta(hours=1))
        again = feed.heard(db, one.id, SOON + timedelta(hours=1))
        ended = guide.finish(db, kept.id, None, SOON + timedelta(hours=1))

        assert kept == again
        assert (kept.started_at, kept.arm) == (SOON, Arm.MAT)
        assert (ended.minutes, ended.completed) == (5.0, True)
        assert feed.fetched(db, SOON) == ()


def test_what_nobody_fetched_was_not_heard(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, _), pytest.raises(NoSuchSessionError):
        feed.heard(db, "never-fetched", SOON)


def test_on_a_day_with_nothing_the_feed_is_empty_and_says_so(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        answer.begin(
            db,
            "trial-1",
            scale="pain",
            versus="nothing",
            days=14,
            block_days=1,
            washin_days=0,
            starts_on=MONDAY_EVENING.date(),
            seed=7,
            now=MONDAY_EVENING,
        )
        told = {}
        for day in range(4):
            now = MONDAY_EVENING + timedelta(days=day)
            screen.allow(db, "no", now)
            try:
                feed.offers(db, now, settings)
                told[Arm.MAT] = ""
            except NothingTodayError as nothing:
                told[Arm.NOTHING] = feed.closed_because(nothing)

        assert told == {Arm.MAT: "", Arm.NOTHING: "There is no session today."}


def test_a_closed_feed_tells_nothing_of_anybodys_health(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db, but={"pregnancy": ("yes", ())})
        with pytest.raises(NotAllowedError) as refused:
            screen.allow(db, "no", MONDAY_EVENING)
        told = feed.closed_because(refused.value)

        assert "safety check" in told
        assert "pregnan" not in told


def test_a_feed_parser_reads_the_feed_with_its_file_and_captions(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        (one,) = feed.offers(db, SOON, settings)
        file = tmp_path / "session.mp3"
        file.write_bytes(b"x" * 321)
        secret = feed.make_address(db, MONDAY_EVENING)
        written = feed.feed(
            [feed.Ready(one, file)], secret=secret, base_url=BASE, language="en", about=None, waiting=True
        )
        found = feedparser.parse(written)
        (entry,) = found.entries
        (enclosure,) = entry.enclosures

        assert not found.bozo
        assert enclosure.href == f"{BASE}feed/{secret}/{one.id}.mp3"
        assert (enclosure.type, enclosure.length) == ("audio/mpeg", "321")
        assert (entry.id, entry.title) == (one.id, one.heard.title)
        assert "Afterwards, say in Matwise how it was" in entry.summary
        assert "Sessions are still being prepared" in found.feed.subtitle
        assert found.feed.image.href == f"{BASE}feed/{secret}/cover.png"


def test_what_another_version_kept_as_fetched_is_left_alone(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, settings):
        (one,) = feed.offers(db, SOON, settings)
        feed.keep_fetched(db, one, SOON)
        strange = replace(one, session=replace(one.session, id="another-one"))
        feed.keep_fetched(db, strange, SOON)
        db.write(lambda c: drafts.keep(c, one.session.person, feed.FETCHED, "another-one", '{"of": "old"}', SOON))

        assert [kept.id for kept in feed.fetched(db, SOON)] == [one.id]


def test_an_address_does_not_come_back_to_life_with_an_older_copy(tmp_path: Path) -> None:
    settings = Settings(tmp_path, 8765)
    with a_database(tmp_path) as db:
        answers_all(db)
        secret = feed.make_address(db, MONDAY_EVENING)
        copy = connect.backup(settings, None, MONDAY_EVENING)
        feed.revoke_address(db, SOON)
    connect.restore(settings, copy, SOON + timedelta(minutes=1))
    with a_database(tmp_path, SOON + timedelta(minutes=2)) as db:
        assert not feed.is_open(db, secret)
        assert feed.address(db) is None


def test_the_feed_is_open_for_two_hours_after_a_no_and_not_before(tmp_path: Path) -> None:
    with somebody_who_said_no(tmp_path) as (db, _):
        until = MONDAY_EVENING + timedelta(hours=2)

        assert feed.open_until(db, SOON) == until
        assert feed.open_until(db, until + timedelta(seconds=1)) is None
        with pytest.raises(NotAllowedError):
            screen.allow(db, "unknown", SOON)
        assert feed.open_until(db, SOON) is None

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped] # it brings no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.exchange.audio_format import Format
from matwise.exchange.feed import Channel, Episode, feed

SECRET = "s3cret-0Zk_x"  # noqa: S105 - of nobody
HOST = f"https://mat.example:8000/feed/{SECRET}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
# What XML 1.0 can hold; a reader makes one line break of all kinds.
WRITABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda text: text.strip() == text)


def a_channel(title: str = "Anas Matte", description: str = "Geführt, ohne Bildschirm.") -> Channel:
    return Channel(
        title, description, "Matwise", "de-AT", "https://mat.example:8000/", f"{HOST}.xml", f"{HOST}/cover.png"
    )


def an_episode(number: int = 1, kind: Format = Format.MP3, title: str = "Ganzer Rücken (20 min)") -> Episode:
    return Episode(
        f"rung-{number}",
        title,
        "Leg dich hin & atme.",
        datetime(2026, 11, number, 20, tzinfo=timezone(timedelta(hours=1))),
        f"{HOST}/{number}{kind.suffix}?a=1&b=2",
        12_345_678 + number,
        kind,
        1584.4,
        f"{HOST}/{number}.vtt",
    )


def parsed(channel: Channel, *episodes: Episode) -> feedparser.FeedParserDict:
    found = feedparser.parse(feed(channel, episodes))
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_a_feed_parser_finds_the_channel() -> None:
    found = parsed(a_channel(), an_episode())

    assert found.version == "rss20"
    assert found.encoding == "utf-8"
    assert (found.feed.title, found.feed.subtitle) == ("Anas Matte", "Geführt, ohne Bildschirm.")
    assert (found.feed.language, found.feed.link) == ("de-AT", "https://mat.example:8000/")
    assert found.feed.image.href == f"{HOST}/cover.png"
    assert [link.href for link in found.feed.links if link.rel == "self"] == [f"{HOST}.xml"]


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        (Format.MP3, "audio/mpeg"),
        (Format.OPUS, "audio/ogg"),
        (Format.FLAC, "audio/flac"),
        (Format.WAV, "audio/wav"),
    ],
)
def test_a_feed_parser_finds_the_file_of_an_episode_with_its_length_and_type(kind: Format, media_type: str) -> None:
    (entry,) = parsed(a_channel(), an_episode(kind=kind)).entries

    assert [dict(enclosure) for enclosure in entry.enclosures] == [
        {"href": f"{HOST}/1{kind.suffix}?a=1&b=2", "length": "12345679", "type": media_type}
    ]
    assert (entry.title, entry.summary) == ("Ganzer Rücken (20 min)", "Leg dich hin & atme.")
    assert (entry.id, entry.guidislink) == ("rung-1", False)
    assert entry.published_parsed[:5] == (2026, 11, 1, 19, 0)
    assert entry.itunes_duration == "1584"


def test_the_latest_episode_comes_first_whatever_the_order_given() -> None:
    found = parsed(a_channel(), an_episode(2), an_episode(9), an_episode(5))

    assert [entry.id for entry in found.entries] == ["rung-9", "rung-5", "rung-2"]
    assert found.feed.updated_parsed[:3] == (2026, 11, 9)


def test_the_feed_keeps_the_rules_of_rss_and_asks_not_to_be_listed() -> None:
    root = ET.fromstring(feed(a_channel(), [an_episode(1), an_episode(2)]))  # noqa: S314 - our own bytes
    (channel,) = root
    items = channel.findall("item")

    assert (root.tag, root.get("version")) == ("rss", "2.0")
    for required in ("title", "link", "description"):
        assert len(channel.findall(required)) == 1
    assert channel.findtext(f"{ITUNES}block") == "Yes"
    assert channel.findtext(f"{PODCAST}locked") == "yes"
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert channel.find("image/title").text == channel.findtext("title")  # type: ignore[union-attr] # fails if None
    assert len({item.findtext("guid") for item in items}) == len(items) == 2
    for item in items:
        published = item.findtext("pubDate") or ""
        assert published.endswith(" GMT")
        assert parsedate_to_datetime(published).tzinfo is UTC
        assert len(item.findall("enclosure")) == 1
        assert [dict(one.attrib) for one in item.findall(f"{PODCAST}transcript")] == [
            {"url": f"{HOST}/{item.findtext('guid', '')[-1]}.vtt", "type": "text/vtt"}
        ]


def test_a_feed_without_episodes_is_a_feed() -> None:
    assert parsed(a_channel()).entries == []


@given(title=WRITABLE, description=WRITABLE)
def test_every_text_comes_back_whatever_markup_is_in_it(title: str, description: str) -> None:
    episode = replace(an_episode(title=title), description=description)
    root = ET.fromstring(feed(a_channel(title, description), [episode]))  # noqa: S314 - our own bytes

    for place in ("channel", "channel/item"):
        assert root.findtext(f"{place}/title") == title
        assert root.findtext(f"{place}/description") == description


def test_markup_in_a_title_stays_text_in_a_feed_parser() -> None:
    (entry,) = parsed(a_channel(), an_episode(title='7 < 8 & ]]> "x" <item>\'')).entries

    assert entry.title == '7 < 8 & ]]> "x" <item>\''


@given(character=st.characters(categories=["Cs"]) | st.sampled_from("\0\x01\x08\x0b\x0c\x1f\ufffe\uffff"))
def test_a_character_that_xml_can_not_hold_is_refused(character: str) -> None:
    with pytest.raises(InvalidInputError, match="episode 1, title"):
        feed(a_channel(), [an_episode(title=f"a{character}")])


def test_everything_wrong_is_told_at_once_and_no_secret_with_it() -> None:
    spoilt = replace(
        an_episode(),
        url=f"ftp://mat.example/{SECRET}",
        captions_url=f"https://mat.example/{SECRET} .vtt",
        size_bytes=0,
        published_at=datetime(2026, 1, 1),  # noqa: DTZ001 - without a zone on purpose
        duration_s=float("nan"),
    )
    channel = replace(a_channel(), url=f"//{SECRET}", language="deutsch!", author=" ")

    with pytest.raises(InvalidInputError) as caught:
        feed(channel, [spoilt, spoilt])

    assert [problem.where for problem in caught.value.problems] == [
        "author",
        "language",
        "url",
        *(f"episode 1, {name}" for name in ("published_at", "size_bytes", "duration_s", "url", "captions_url")),
        *(f"episode 2, {name}" for name in ("guid", "published_at", "size_bytes", "duration_s", "url", "captions_url")),
    ]
    assert SECRET not in str(caught.value)


def test_the_same_episodes_give_the_same_bytes() -> None:
    assert feed(a_channel(), [an_episode(1), an_episode(2)]) == feed(a_channel(), [an_episode(2), an_episode(1)])

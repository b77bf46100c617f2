"""A person's sessions as a podcast of their own, for the player they already have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from matwise.errors import InvalidInputError, Problem
from matwise.exchange.audio_format import Format

MEDIA_TYPE = "application/rss+xml; charset=utf-8"

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}
_CATEGORY = ("Health & Fitness", "Alternative Health")

# XML 1.0 has no way to write these, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Episode:
    """One rendered session.

    `guid` stays the same for ever; `size_bytes` is the exact length of the file at `url`. `captions_url`: the words as
    WebVTT, or None.
    """

    guid: str
    title: str
    description: str
    published_at: datetime
    url: str
    size_bytes: int
    format: Format
    duration_s: float
    captions_url: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """The podcast itself.

    `url` is the address of this very feed, with the person's secret in it; `language` as in BCP 47 ("en", "de-AT");
    `cover_url` leads to a square picture of at least 1400 px (`cover.IN_FEED_PX`).
    """

    title: str
    description: str
    author: str
    language: str
    page_url: str
    url: str
    cover_url: str


def feed(channel: Channel, episodes: Sequence[Episode]) -> bytes:
    """The feed as RSS 2.0, latest episode first; it asks directories not to list it.

    The addresses come from the caller, who has put a person's secret into each: a player sends no cookie with them.

    Raises:
        InvalidInputError: names every address, text, time or length that no player could use.

    Source:
        RSS Advisory Board, "RSS 2.0 Specification"; Apple, "Podcaster's guide to RSS"; Podcasting 2.0 namespace.
    """
    problems = [*_problems_of_channel(channel), *_problems_of_episodes(episodes)]
    if problems:
        raise InvalidInputError(*problems)
    rss = ET.Element("rss", {"version": "2.0", **_NAMESPACES})
    told = ET.SubElement(rss, "channel")
    latest_first = sorted(episodes, key=lambda episode: episode.published_at, reverse=True)
    _tell_channel(told, channel, latest_first[0].published_at if latest_first else None)
    for episode in latest_first:
        _tell_episode(ET.SubElement(told, "item"), episode)
    ET.indent(rss)
    written: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return written


def _tell_channel(told: ET.Element, channel: Channel, latest_at: datetime | None) -> None:
    _add(told, "title", channel.title)
    _add(told, "link", channel.page_url)
    _add(told, "description", channel.description)
    _add(told, "language", channel.language)
    if latest_at is not None:
        _add(told, "lastBuildDate", _date(latest_at))
    image = ET.SubElement(told, "image")
    for name, text in (("url", channel.cover_url), ("title", channel.title), ("link", channel.page_url)):
        _add(image, name, text)
    ET.SubElement(told, "atom:link", href=channel.url, rel="self", type="application/rss+xml")
    _add(told, "itunes:author", channel.author)
    _add(told, "itunes:explicit", "false")
    _add(told, "itunes:type", "episodic")
    _add(told, "itunes:block", "Yes")  # Apple lists none with it
    _add(told, "podcast:locked", "yes")
    _add(told, "podcast:block", "yes")
    ET.SubElement(told, "itunes:image", href=channel.cover_url)
    category = ET.SubElement(told, "itunes:category", text=_CATEGORY[0])
    ET.SubElement(category, "itunes:category", text=_CATEGORY[1])


def _tell_episode(told: ET.Element, episode: Episode) -> None:
    _add(told, "title", episode.title)
    _add(told, "description", episode.description)
    ET.SubElement(told, "guid", isPermaLink="false").text = episode.guid
    _add(told, "pubDate", _date(episode.published_at))
    # Players know a file by its plain type; the codec after it makes some of them refuse it.
    kind = episode.format.media_type.partition(";")[0]
    ET.SubElement(told, "enclosure", url=episode.url, length=str(episode.size_bytes), type=kind)
    _add(told, "itunes:duration", str(round(episode.duration_s)))
    _add(told, "itunes:episodeType", "full")
    _add(told, "itunes:explicit", "false")
    if episode.captions_url is not None:
        ET.SubElement(told, "podcast:transcript", url=episode.captions_url, type="text/vtt")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _problems_of_channel(channel: Channel) -> Iterator[Problem]:
    for where, text in (("title", channel.title), ("description", channel.description), ("author", channel.author)):
        yield from _problems_of_text(where, text)
    if not _LANGUAGE.fullmatch(channel.language):
        yield Problem("language", ascii(channel.language)[:60], "a language of BCP 47, such as en or de-AT")
    for where, url in (("page_url", channel.page_url), ("url", channel.url), ("cover_url", channel.cover_url)):
        yield from _problems_of_url(where, url)


def _problems_of_episodes(episodes: Sequence[Episode]) -> Iterator[Problem]:
    known: set[str] = set()
    for number, one in enumerate(episodes, start=1):
        at = f"episode {number}"
        for where, text in (("guid", one.guid), ("title", one.title), ("description", one.description)):
            yield from _problems_of_text(f"{at}, {where}", text)
        if one.guid in known:
            yield Problem(f"{at}, guid", ascii(one.guid)[:60], "a guid of its own")
        known.add(one.guid)
        if one.published_at.tzinfo is None:
            yield Problem(f"{at}, published_at", str(one.published_at), "a time with its zone")
        if one.size_bytes <= 0:
            yield Problem(f"{at}, size_bytes", str(one.size_bytes), "the length of the file in bytes")
        if not 0 < one.duration_s < float("inf"):
            yield Problem(f"{at}, duration_s", str(one.duration_s), "seconds, more than 0")
        yield from _problems_of_url(f"{at}, url", one.url)
        if one.captions_url is not None:
            yield from _problems_of_url(f"{at}, captions_url", one.captions_url)


def _problems_of_text(where: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(where, "nothing", "some text")
    elif _UNWRITABLE.search(text):
        yield Problem(where, ascii(text)[:60], "text without control characters")


def _problems_of_url(where: str, url: str) -> Iterator[Problem]:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        whole = False
    # Never shown: an address holds the person's secret, and problems end up in logs.
    if not whole or not re.fullmatch(r"[!-~]+", url):
        yield Problem(where, "an address no player can open", "http:// or https://, a host, and ASCII without spaces")

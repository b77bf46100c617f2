"""Nothing is left in English: every page in a language whose words all stand in brackets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from starlette.testclient import TestClient
from tools import translate

from matwise.content import catalogue
from matwise.content.claims import claims
from matwise.content.words import words
from matwise.practice import answer, demo, guide, questionnaire
from matwise.web.page import environment
from tests.practice.people import MONDAY_EVENING

from .served import PAGES, a_stranger, an_app
from .somebody import SESSION, Said, somebody

LANGUAGE = "de"
SHOWN = ("alt", "aria-label", "aria-description", "placeholder", "title")
SILENT = ("style", "code", "kbd", "cite")
VOID = frozenset(
    ("meta", "link", "input", "br", "hr", "img", "source", "track", "use", "path", "circle", "rect", "line")
)
MONTHS = Locale(LANGUAGE).months["format"]
DAYS = Locale(LANGUAGE).days["format"]
FORMS = [*MONTHS.values(), *DAYS.values(), *Locale(LANGUAGE).months["stand-alone"].values()]
DATES = {word.strip(".") for names in FORMS for word in names.values()}
# Said in sessions as well, and so kept with their sentences, where each language has its own tests.
OF_SESSIONS = frozenset(words(LANGUAGE).values())
OWN = "Stiff shoulders at my desk"  # what a person wrote stays as it is
# Names, and what is spelled the same everywhere.
KEPT = DATES | {
    "Matwise",
    "English",
    "Deutsch",
    "MP",
    "HalfNormal",
    "Health",
    "Connect",
    "Oura",
    "Withings",
    "Kubios",
    "Opus",
    "FLAC",
    "WAV",
    "WebVTT",
    "JSON",
    "CSV",
    "PDF",
    "QR",
    "Enter",
    *(
        "PHQ",
        "GAD",
        "PEG",
        "Roland",
        "Morris",
        "WHO",
        "PROMIS",
        "ISI",
        "PSQI",
        "ODI",
        "NDI",
        "MYMOP",
        "MSQ",
        "DASS",
        "PSS",
    ),
    "LOINC",
    *("Apple", "Garmin", "FIT", "HRV", "Logger", "Empatica", "Polar", "RMSSD", "SDNN", "Welch"),
    *("mmHg", "ms"),
}
WORD = re.compile(r"[^\W\d_]{2,}")
OF_A_SESSION = ("", "/stop", "/after", "/nap", "/script")
REFUSED: Said = MappingProxyType({"chest": ("yes", ()), "eczema": ("yes", ("neck",))})


class Shown(HTMLParser):
    """What a page shows or says, in order, without what is in another language or is not for people."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "option":
            self.texts.append("  ")
        foreign = "lang" in told and tag != "html"
        silent = tag in SILENT or foreign or told.get("translate") == "no"
        code = tag == "script" and told.get("type") != "application/json"
        if not (silent or self._silent):
            self.attributes += [told[name] or "" for name in SHOWN if name in told]
            self.attributes += strings(json.loads(told.get("data-words") or "[]"))
        if tag not in VOID:
            self._open.append((tag, silent or code))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._open and self._open[-1][0] == "script":
            self.attributes += strings(json.loads(data))
        else:
            self.texts.append(data)

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)


def strings(value: object) -> list[str]:
    """Every text inside JSON that is more than one word."""
    if isinstance(value, str):
        return [value] if " " in value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in strings(one)]


def outside_brackets(text: str) -> str:
    depth, left = 0, []
    for letter in text:
        depth += {"⟦": 1, "⟧": -1}.get(letter, 0)
        left.append(" " if depth or letter == "⟧" else letter)
    return "".join(left)


def left_over(html: str) -> list[str]:
    """Runs of words of a page that nobody can translate."""
    shown = Shown()
    shown.feed(html)
    runs = [run for text in ("".join(shown.texts), *shown.attributes) for run in outside_brackets(text).split("  ")]
    return [run.strip() for run in runs if set(WORD.findall(run)) - KEPT and run.strip() not in {*OF_SESSIONS, OWN}]


@pytest.fixture
def in_brackets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """German replaced by English in brackets."""
    bracketed = Catalog(locale=LANGUAGE, fuzzy=False)
    for message in translate.texts():
        if message.id:
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            told = tuple(f"⟦{one}⟧" for one in ids)
            bracketed.add(message.id, told if len(told) > 1 else told[0])
    place = tmp_path / "words" / LANGUAGE
    place.mkdir(parents=True)
    (place / catalogue.FILE).write_bytes(translate.as_mo(bracketed))
    monkeypatch.setattr(catalogue, "WORDS", place.parent)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for kept in (catalogue.languages, catalogue.tongue, environment):
        kept.cache_clear()


def english_on(browser: TestClient, *addresses: str) -> dict[str, list[str]]:
    browser.headers["accept-language"] = LANGUAGE
    found = {address: left_over(browser.get(address).text) for address in addresses}
    return {address: runs for address, runs in found.items() if runs}


def english_on_text(name: str, html: str) -> dict[str, list[str]]:
    runs = left_over(html)
    return {name: runs} if runs else {}


def test_a_text_outside_of_brackets_is_found_wherever_it_stands() -> None:
    page = '<main><p title="Lost">⟦See <a href="/">⟦here⟧ now</a>.⟧</p><img alt="Left"> over <code>x y</code></main>'

    assert left_over(page) == ["over", "Lost", "Left"]


@pytest.mark.usefixtures("in_brackets")
def test_somebody_new_reads_no_english(tmp_path: Path) -> None:
    with somebody(tmp_path, checked=False) as ana:
        assert english_on(ana.browser, *PAGES) == {}


@pytest.mark.usefixtures("in_brackets")
def test_somebody_refused_reads_no_english(tmp_path: Path) -> None:
    with somebody(tmp_path, but=REFUSED) as ana:
        assert english_on(ana.browser, *PAGES) == {}


@pytest.mark.usefixtures("in_brackets")
def test_in_a_session_and_after_it_there_is_no_english(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        playing = english_on(ana.browser, "/guide", *(f"/guide/{SESSION}{what}" for what in OF_A_SESSION))
        guide.finish(ana.db, SESSION, 5, ana.clock())
        guide.report(ana.db, SESSION, ana.clock(), worst_pain_0_10=8)
        ana.clock.at += timedelta(days=1)
        after = english_on(ana.browser, *PAGES, f"/guide/{SESSION}/after")

        assert (playing, after) == ({}, {})


@pytest.mark.usefixtures("in_brackets")
def test_what_is_wrong_in_a_form_is_not_said_in_english(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.headers["accept-language"] = LANGUAGE
        sounds = {"session_id": SESSION, "choice": "rung", "changed": "no", "sounds": "yes", "minutes": "many"}
        wrong = {
            "guide": ana.browser.post("/guide/start", data=sounds | {"bells": "own", "bell_at_min": "x"}),
            "answer": ana.browser.post("/answer/begin", data={"scale": "pain", "versus": "mat", "days": "many"}),
            "measure": ana.browser.post("/measure", data={"pain_0_10": "eleven"}),
        }

        assert {name: left_over(told.text) for name, told in wrong.items()} == {name: [] for name in wrong}


@pytest.mark.usefixtures("in_brackets")
def test_questionnaires_and_what_they_come_to_are_not_said_in_english(tmp_path: Path) -> None:
    names = ("phq4", "phq8", "gad7", "phq15", "roland_morris", "snapshot", "sleep_diary", "two_complaints", "who5")
    with somebody(tmp_path) as ana:
        ana.browser.headers["accept-language"] = LANGUAGE
        refused: dict[str, list[str]] = {}
        for days in (0, 28, 56):
            ana.clock.at += timedelta(days=days)
            for name in names:
                items = questionnaire.find(ana.db, name).instrument.items
                form = {f"{name}-{one.id}": "07:00" if one.kind == "time" else str(2 - days // 28) for one in items}
                address = f"/measure/questionnaires/{name}"
                refused |= english_on_text(name, ana.browser.post(address, data=form | {"score": "4"}).text)
                refused |= english_on_text(name, ana.browser.post(address, data=dict(list(form.items())[:1])).text)

        assert refused == {}
        pages = [f"/measure/questionnaires/{name}{what}" for name in names for what in ("", "/result")]
        assert english_on(ana.browser, *pages, "/measure/today/result") == {}


@pytest.mark.usefixtures("in_brackets")
def test_after_a_trial_there_is_no_english(tmp_path: Path) -> None:
    with an_app(tmp_path, demo=True) as (app, launch, _):
        demo.live(app.state.db, MONDAY_EVENING, np.random.default_rng(11))  # noqa: TID251 – a test: chance begins here
        browser = a_stranger(app)
        browser.post("/open", json={"token": launch.token()})

        assert english_on(browser, *PAGES) == {}


@pytest.mark.usefixtures("in_brackets")
def test_a_trial_of_three_kinds_of_day_reads_no_english(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        answer.begin(
            ana.db,
            "t",
            scale="pain",
            versus="both",
            days=42,
            block_days=2,
            washin_days=0,
            starts_on=ana.clock().date(),
            now=ana.clock(),
            seed=3,
        )

        assert english_on(ana.browser, "/", "/plan", "/guide", "/answer", "/answer/report") == {}


@pytest.mark.usefixtures("in_brackets")
def test_no_claim_is_in_english(tmp_path: Path) -> None:
    with somebody(tmp_path, checked=False) as ana:
        assert english_on(ana.browser, *(f"/explain/{claim.id}" for claim in claims())) == {}

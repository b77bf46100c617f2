from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from matwise.content import words as room
from matwise.content.breathing import breathing, programme
from matwise.content.ladder import ladder
from matwise.content.reader import HERE, ContentError
from matwise.content.words import Language, language, languages, lines, words
from matwise.screening.limits import Layer, Placement
from matwise.session.cue import Chapter
from matwise.session.programme import PACES_PER_MIN
from matwise.session.reading import longest_s
from matwise.session.script import ARMS, WRITTEN, script

FILE = HERE / "words" / "en" / "session.yaml"
PROMISES = {
    "en": r"\b(cure|heal|treat|therapy|detox|endorphin|relieve|will feel|will ease|guarantee|proven)",
    "de": r"\b(heilt|heilung|heilsam|heilen|behand|therap|entgift|endorphin|lindert|lindern|befreit|garantier|bewiesen"
    r"|erwiesen|wirkt gegen|hilft gegen|du wirst \w+ (spüren|fühlen)|wird (nachlassen|vergehen)|diagnos|krankheit)",
    "sv": r"\b(botar|läker|läka|läkande|behandl|terapi|detox|avgift|endorfin|lindrar|lindra|garanter|bevisa"
    r"|hjälper mot|du kommer att känna|kommer att avta|diagnos|sjukdom)",
    "es": r"\b(cura\b|curar|curativ|sana\b|sanar|trata\b|tratamiento|terap|desintox|endorfin|alivia|aliviar|garanti"
    r"|demostrado|notarás|sentirás|aflojará|desaparecerá|diagn|enfermedad)",
}
TRANSLATED = tuple(one.code for one in languages() if one.code != "en")
EVERY = ("en", *TRANSLATED)
# Letters without which nobody writes these languages, and what stands for them where they were lost.
LETTERS = {"de": "äöüß", "sv": "åäö", "es": "áéíóúñ"}
LOST = r"Ã|Â|�|\?\w|\b(fuer|ueber|koenn|moecht|schliess\w*|fuss\w*|fusse|pa|fran|nar|pequeno|espanol|manana|tambien)\b"


def broken(tmp_path: Path, old: str, new: str, file: Path = FILE) -> Path:
    text = file.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "session.yaml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    return changed


@pytest.mark.parametrize("code", EVERY)
def test_every_line_is_a_sentence_with_a_source_and_a_date_and_promises_nothing(code: str) -> None:
    for line in lines(code):
        assert line.source
        assert line.reviewed_on.year >= 2026
        assert not re.search(PROMISES[code], line.text, re.IGNORECASE), line.id
        assert "—" not in line.text


@pytest.mark.parametrize(
    ("code", "promise"),
    [
        ("de", "Das lindert deinen Schmerz."),
        ("de", "In ein oder zwei Minuten wird es nachlassen. Du wirst Wärme spüren."),
        ("sv", "Det botar ryggvärk."),
        ("sv", "Du kommer att känna värme."),
        ("es", "Notarás calor."),
        ("es", "Esto alivia el dolor."),
    ],
)
def test_a_promise_is_found_in_every_language(code: str, promise: str) -> None:
    assert re.search(PROMISES[code], promise, re.IGNORECASE)


def test_there_are_four_languages_the_original_first_and_each_says_who_has_not_looked_at_it() -> None:
    assert [one.code for one in languages()] == ["en", "de", "es", "sv"]
    assert language("de") == Language("de", "Deutsch", language("de").review)
    for code, nobody_yet in {"en": "not yet", "de": "noch nicht", "sv": "ännu inte", "es": "todavía no"}.items():
        assert nobody_yet in language(code).review


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_every_line_where_the_original_has_it(code: str) -> None:
    for told, first in zip(lines(code), lines("en"), strict=True):
        assert (told.id, told.arm, told.placements, told.source) == (
            first.id,
            first.arm,
            first.placements,
            first.source,
        )
        assert told.text != first.text


@pytest.mark.parametrize("code", TRANSLATED)
def test_arms_whose_words_are_the_same_in_the_original_are_the_same_in_a_translation(code: str) -> None:
    first, told = words("en"), words(code)
    for line in lines("en"):
        for other in lines("en"):
            if line.text == other.text:
                assert told[line.id] == told[other.id], (line.id, other.id)
    assert first["afterwards_rest"] == first["afterwards_breath"]


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_is_written_with_the_letters_of_its_language(code: str) -> None:
    text = "\n".join(words(code).values())

    assert [letter for letter in LETTERS[code] if letter not in text.lower()] == []
    assert re.findall(LOST, text, re.IGNORECASE) == []
    assert text == text.encode("utf-8").decode("utf-8")


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_line_that_names_no_mat_in_the_original_names_none_in_a_translation(code: str) -> None:
    mat, towel = {"de": ("Matte", "Handtuch"), "sv": ("matta", "handduk"), "es": ("esterilla", "toalla")}[code]
    for first, told in zip(lines("en"), lines(code), strict=True):
        for english, own in (("mat", mat), ("towel", towel)):
            assert bool(re.search(rf"\b{english}\b", first.text)) == (own in told.text), told.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_part_and_every_step_of_the_ladder_has_its_name(code: str) -> None:
    told = words(code)
    rungs = (*ladder().rungs, *(routine.rung for routine in ladder().routines))

    assert {name for name in told if name.startswith("rung_")} == {f"rung_{rung.id}" for rung in rungs}
    assert {name for name in told if name.startswith("chapter_")} == {f"chapter_{part.value}" for part in Chapter}


@pytest.mark.parametrize("code", EVERY)
def test_a_calm_reader_has_time_for_every_line_and_the_words_of_a_breath_fit_into_every_breath(code: str) -> None:
    texts = {line.id: line.text for line in lines(code)}
    led = [programme(name, PACES_PER_MIN[1] if one.own_pace else None) for name, one in breathing().items()]
    longest = longest_s(texts, led)

    assert set(longest) == set(texts)
    for line in ("breathe_in", "breathe_out", "breathe_in_again"):
        assert len(texts[line]) <= 18
        assert longest[line] < 4
    for line, text in texts.items():
        assert longest[line] >= min(len(text) / 15, 1.2), line


@pytest.mark.parametrize("code", EVERY)
def test_every_placement_and_layer_has_all_its_lines_in_every_arm(code: str) -> None:
    known = {line.id: line for line in lines(code)}
    for placement in Placement:
        for layer in Layer:
            for line in script(placement, layer).lines():
                for arm in ARMS:
                    said = known.get(f"{line}_{arm}") or known[line]
                    assert said.arm in {arm, "any"}
                    assert said.placements == "all" or placement in said.placements


def test_what_captions_need_is_written() -> None:
    assert set(WRITTEN) <= set(words("en"))
    assert words("en")["title_rest"].format(rung="Feet", minutes=5) == "Feet, the same on a towel (5 min)"


def test_a_language_nobody_wrote_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ContentError, match="want one of de, en, es, sv"):
        words("tlh")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: welcome_rest", "id: welcome_towel", "a twin for every line that names the mat"),
        ("id: welcome_mat\n", "id: Welcome!\n", "small letters"),
        ("id: half_way", "id: stop_rule", "every id once"),
        ("source: alignmat", "source: somebody", "an id of sources.yaml"),
        ("arm: mat", "arm: any", "'mat', as the id says"),
        ("placements: [hands]", "placements: []", '"all" or the placements'),
        ("You are halfway.", "You are halfway", "whole sentences"),
        ("arm: any", "arm: all", "Invalid enum value"),
        ("placements: [hands]", "placements: [face]", "what its type asks for"),
    ],
)
def test_a_broken_line_is_named_with_its_line_number_and_what_would_be_right(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(ContentError, match=re.escape(says)) as refused:
        room._file(broken(tmp_path, old, new))

    number = FILE.read_text(encoding="utf-8").partition(old)[0].count("\n") + 1
    told = int(re.findall(r"session\.yaml line (\d+)", str(refused.value))[0])
    assert abs(told - number) <= 6  # a line has six rows; a lonely twin is told at the other one


def test_the_file_can_be_read_by_any_yaml_reader() -> None:
    assert set(yaml.safe_load(FILE.read_text(encoding="utf-8"))) == {"name", "review", "lines", "written"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  half_way:", "  halfway:", "every id of words/en"),
        ("  half_way:", "  half_of_it: 'Halb.'\n  half_way:", "an id of words/en/session.yaml"),
        ("Du hast die Hälfte.", "Du hast die Hälfte", "whole sentences"),
        ("{rung}, nur Atmen ({minutes} min)", "{rung}, nur Atmen", "the same placeholders: {rung} {minutes}"),
        ('"Du hast die Hälfte."', '"Du hast {minutes}."', "the same placeholders: none"),
        ('sound_exhale: "Aus"', 'sound_out: "Aus"', "no sound_exhale"),
    ],
)
def test_a_broken_translation_is_named_with_what_would_be_right(tmp_path: Path, old: str, new: str, says: str) -> None:
    german = HERE / "words" / "de" / "session.yaml"

    with pytest.raises(ContentError, match=re.escape(says)):
        room._translated(broken(tmp_path, old, new, german), room._read("en"))

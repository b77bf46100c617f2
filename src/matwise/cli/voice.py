"""Who speaks a session, in a terminal: languages, own recordings and what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from matwise.cli.terminal import VERBS, app, bold, in_words, out
from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.settings import read_settings

voice = App(
    name="voice", help="Who speaks the sessions, in which language, and your own recordings.", group=VERBS, sort_key=7
)
app.command(voice)

SPEAKS = Sentence("{language}: {voice}")
LANGUAGES = Sentence("Languages: {codes}. Choose one: matwise voice use --language CODE")
OWN = Sentence("Own recordings in {folder}: {names}")
LINES = Sentence("{file}: {number} lines")
WRONG = Sentence("{file}: {got}; want {want}")
FROM_NOW_ON = Sentence(
    "Sessions that begin from now on sound like this; where Matwise is open, close it and open it again."
)


@voice.default
def show() -> None:
    """Say who speaks, and which languages and voices there are."""
    from matwise.practice import voice as practice

    settings = read_settings()
    told = practice.speaking(settings)
    out.print(SPEAKS.format(language=bold(told.language.name), voice=told.report.sentence))
    out.print(told.language.review)
    codes = ", ".join(f"{one.code} ({one.name})" for one in practice.languages())
    out.print(LANGUAGES.format(codes=codes))
    own = ", ".join(practice.own_voices(settings)) or Sentence("none yet")
    out.print(OWN.format(folder=settings.voices_dir, names=own), soft_wrap=True)


@voice.command(name="list")
def list_lines(
    *,
    language: str | None = None,
    out_file: Annotated[Path | None, Parameter(name="--out")] = None,
    form: Annotated[Literal["txt", "csv"] | None, Parameter(name="--format")] = None,
) -> None:
    """Print the reading list: every line, how its file is called and the longest it may take.

    Args:
        language: Code of the language. Default: the one sessions are spoken in.
        out_file: Write it here instead; a name that ends in .csv gives a table.
        form: txt to read from, csv for a table. Default: by the name of the file, else txt.
    """
    from matwise.practice import voice as practice

    code = language or practice.spoken_language(read_settings())
    as_table = form == "csv" or (form is None and out_file is not None and out_file.suffix.lower() == ".csv")
    text = practice.reading_list_csv(code) if as_table else in_words(practice.reading_list_text(code))
    if out_file is None:
        sys.stdout.write(text)
        return
    if not out_file.absolute().parent.is_dir():
        raise InvalidInputError(Problem("--out", str(out_file), Sentence("a file in a folder that is there")))
    # With a mark at its start a table opens in a spreadsheet with its umlauts whole.
    out_file.write_text(text, encoding="utf-8-sig" if as_table else "utf-8", newline="")
    out.print(LINES.format(file=out_file, number=len(practice.reading_list(code))), soft_wrap=True)


@voice.command
def check(folder: Path, *, language: str | None = None) -> None:
    """Say which recordings are missing, too long, clipped, too quiet, too loud, noisy or wrongly named.

    Ends with status 1 where anything is to be put right.

    Args:
        folder: The folder with the recordings of one language, such as voices/anna/de.
        language: Code of the language. Default: the name of the folder, else the one sessions are spoken in.
    """
    from matwise.practice import voice as practice

    named = folder.absolute().name
    known = {one.code for one in practice.languages()}
    found = practice.check(folder, language or (named if named in known else practice.spoken_language(read_settings())))
    for one in found:
        out.print(WRONG.format(file=one.file, got=one.got, want=one.want), markup=False, soft_wrap=True)
    if found:
        files = len({one.file for one in found})
        out.print(Sentence.counted("{number} file to put right.", "{number} files to put right.", files))
        sys.exit(1)
    out.print(Sentence("Every line is there, and nothing is wrong with any of them."))


@voice.command
def use(name: str | None = None, *, language: str | None = None) -> None:
    """Choose whose recordings are heard, and in which language; without a name the clips that come with Matwise.

    Args:
        name: The name of a folder in the voices folder of your data.
        language: Code of the language. Default: the one sessions are spoken in.
    """
    from matwise.practice import voice as practice

    chosen = practice.use(read_settings(), name, language)
    told = practice.speaking(chosen)
    out.print(SPEAKS.format(language=bold(told.language.name), voice=told.report.sentence))
    out.print(FROM_NOW_ON)

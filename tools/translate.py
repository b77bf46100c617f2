"""Keep the catalogues of the interface: `uv run tools/translate.py VERB [LANGUAGE]`.

gather            take new texts from code, pages and content into every catalogue, and drop those nobody says any more
todo LANGUAGE     what is not translated yet, as a catalogue to fill in (--from PLACE: only of that file or folder)
put LANGUAGE FILE take the translations of such a catalogue over
check             say what is missing or does not fit; changes nothing

Every change also writes the `.mo` the app reads.
"""

from __future__ import annotations

import argparse
import fcntl
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import msgspec
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from matwise.content import (
    aims,
    beds,
    breathing,
    claims,
    help,  # noqa: A004 – the file is called so
    ladder,
    measures,
    phrases,
    questionnaires,
    rules,
    scales,
    sources,
    stop_reasons,
    studies,
)
from matwise.content.catalogue import NAMES, ORIGINAL, WORDS
from matwise.sentence import Sentence

SOURCE = Path(__file__).parents[1] / "src" / "matwise"
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "**/templates/**.html": {
        "trimmed": "true",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}
KEYWORDS = {"Sentence": None, "counted": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
CONTENT: dict[str, Callable[[], object]] = {
    "content/aims.yaml": aims.aims,
    "content/beds.yaml": beds.beds,
    "content/breathing.yaml": breathing.breathing,
    "content/claims.yaml": lambda: (claims.claims(), claims.known_limits()),
    "content/help.yaml": help.cards,
    "content/ladder.yaml": ladder.ladder,
    "content/measures.yaml": measures.measures,
    "content/questionnaires": questionnaires.questionnaires,
    "content/contraindications.yaml": rules.screening_rules,
    "content/scales.yaml": lambda: (scales.scales(), scales.nap_scale(), scales.complaint_scale(1, "{words}")),
    "content/sources.yaml": sources.sources,
    "content/studies.csv": studies.words,
    "content/words/en/stop_reasons.yaml": stop_reasons.stop_reasons,
    "content/words/en/phrases.yaml": phrases.phrases,
}
HEAD = "# The interface in another language. Change what follows msgstr, then run tools/translate.py gather."
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # the same words give the same file
NAMED = re.compile(r"%\((\w+)\)")


def texts() -> Catalog:
    """Every text of the interface, with the places it stands at."""
    found = Catalog(fuzzy=False)
    for file, _line, message, comments, _context in extract_from_dir(
        SOURCE, METHODS, OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=True
    ):
        found.add(message, locations=[(file, 0)], auto_comments=comments)
    for place, read in CONTENT.items():
        for text in sentences(read()):
            found.add(text.template, locations=[(place, 0)])
    return found


def sentences(value: object) -> Iterator[Sentence]:
    """Every sentence inside a content type."""
    if isinstance(value, Sentence):
        yield from (value,) if value else ()
        return
    for inner in _inside(value):
        yield from sentences(inner)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, msgspec.Struct):
        return [getattr(value, name) for name in value.__struct_fields__]
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    return value if isinstance(value, tuple | list | frozenset) else ()


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return WORDS / language / "interface.po"


def catalogue(language: str) -> Catalog:
    """The catalogue as it is kept; an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Matwise", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def keep(language: str, kept: Catalog) -> None:
    """Write a catalogue, as words for people and as the file the app reads."""
    path_of(language).write_bytes(as_po(kept))
    path_of(language).with_suffix(".mo").write_bytes(as_mo(kept))


def as_po(kept: Catalog) -> bytes:
    """A catalogue in GNU's format, in an order that changes little when texts do."""
    written = io.BytesIO()
    write_po(written, in_order(kept), width=120, ignore_obsolete=True, omit_header=True, include_lineno=False)
    head = f'{HEAD}\nmsgid ""\nmsgstr ""\n"Language: {kept.locale}\\n"\n'
    head += f'"Plural-Forms: {kept.plural_forms}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return head.encode() + written.getvalue()


def in_order(kept: Catalog) -> Catalog:
    """The same catalogue by the places its texts stand at, then by the texts: whatever order they were found in."""
    places = {id(message): sorted({file for file, _ in message.locations}) for message in kept}
    same = Catalog(locale=kept.locale, project=kept.project, fuzzy=False)
    for message in sorted((one for one in kept if one.id), key=lambda one: (places[id(one)], str(one.id))):
        where = [(file, 0) for file in places[id(message)]]
        same.add(message.id, message.string, where, auto_comments=message.auto_comments)
    return same


def as_mo(kept: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    written = io.BytesIO()
    same = read_po(io.BytesIO(as_po(kept)), locale=kept.locale)
    same.creation_date = same.revision_date = LONG_AGO
    write_mo(written, same)
    return written.getvalue()


@contextmanager
def alone(language: str) -> Iterator[None]:
    """One at a time: nobody's words are lost when two put theirs in."""
    path_of(language).parent.mkdir(exist_ok=True)
    with (path_of(language).parent / "session.yaml").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def gather(language: str) -> None:
    """Take the texts of today into a catalogue; translations of texts that are still said stay."""
    with alone(language):
        keep(language, of_today(language))


def of_today(language: str) -> Catalog:
    """A catalogue with exactly the texts of today, and the translations there are."""
    before, now = catalogue(language), Catalog(locale=language, project="Matwise", fuzzy=False)
    for message in texts():
        if message.id:
            known = before.get(message.id[0] if isinstance(message.id, tuple) else message.id)
            fits = known is not None and isinstance(known.id, tuple) == isinstance(message.id, tuple)
            now.add(
                message.id,
                known.string if known and fits else None,
                message.locations,
                auto_comments=message.auto_comments,
            )
    return now


def todo(language: str, place: str) -> bytes:
    """What is not translated yet, in the files whose path begins like `place`."""
    left = Catalog(locale=language, project="Matwise", fuzzy=False)
    for message in of_today(language):
        if message.id and not told(message) and any(file.startswith(place) for file, _ in message.locations):
            left.add(message.id, None, message.locations, auto_comments=message.auto_comments)
    return as_po(left)


def put(language: str, file: Path) -> list[str]:
    """Take translations over; gives what could not be taken and why."""
    with file.open("rb") as opened:
        given = read_po(opened, locale=language)
    refused = []
    with alone(language):
        now = of_today(language)
        for message in given:
            mine = now.get(message.id[0] if isinstance(message.id, tuple) else message.id) if message.id else None
            if not message.id or not told(message):
                continue
            wrong = misfits(message)
            if mine is None:
                refused.append(f"nobody says {message.id!r}")
            elif wrong:
                refused.append(wrong)
            else:
                mine.string = message.string
        keep(language, now)
    return refused


def told(message: Message) -> bool:
    """Whether there are words for it."""
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def misfits(message: Message) -> str:
    """What is filled in must be the same on both sides; empty where it is."""
    ids = [f"{words}" for words in (message.id if isinstance(message.id, tuple) else (message.id,))]
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    wanted = Counter(filled(ids[-1]))
    for words in map(str, strings):
        # The singular may say "one" in words; nothing may be filled in that is not there.
        if set(filled(words)) - set(wanted) or (len(ids) == 1 and Counter(filled(words)) != wanted):
            return f"{words!r} fills in {sorted(filled(words))}, {ids[-1]!r} has {sorted(wanted)}"
    return ""


def filled(text: str) -> list[str]:
    """The names of what is filled in."""
    named = NAMED.findall(text)
    try:
        return named + [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise SystemExit(f"{text!r}: {error}") from None


def faults(language: str) -> list[str]:
    """What is missing or does not fit in a catalogue."""
    kept, today = catalogue(language), of_today(language)
    found = [f"{language}: no words for {m.id!r} ({m.locations[0][0]})" for m in today if m.id and not told(m)]
    found += [f"{language}: {wrong}" for m in today if m.id and told(m) and (wrong := misfits(m))]
    if as_po(kept) != as_po(today):
        found.append(f"{language}: the catalogue is not that of today's texts; run tools/translate.py gather")
    compiled = path_of(language).with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != as_mo(kept):
        found.append(f"{language}: {compiled.name} is not made from this catalogue; run tools/translate.py gather")
    return found


def main(arguments: list[str] | None = None) -> int:
    """What the module says."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("verb", choices=["gather", "todo", "put", "check"])
    said.add_argument("language", nargs="?", choices=[code for code in NAMES if code != ORIGINAL])
    said.add_argument("file", nargs="?", type=Path)
    said.add_argument("--from", dest="place", default="")
    asked = said.parse_args(arguments)
    others = [asked.language] if asked.language else [code for code in NAMES if code != ORIGINAL]
    if asked.verb == "gather":
        for language in others:
            gather(language)
        return 0
    if asked.verb == "todo":
        sys.stdout.buffer.write(todo(others[0], asked.place))
        return 0
    wrong = put(others[0], asked.file) if asked.verb == "put" else [one for code in others for one in faults(code)]
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

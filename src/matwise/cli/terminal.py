"""What every command shares: the app, its groups, the clock, the database."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from cyclopts import App, Group
from rich.console import Console
from rich.prompt import Prompt

from matwise.errors import InvalidInputError, Problem
from matwise.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matwise.store.database import Database

VERBS = Group("What you can do", sort_key=0)
DATA = Group("Your data", sort_key=1)

app = App(
    name="matwise",
    help="What your acupressure mat does for you: screened, guided, measured, answered.\n\n"
    "Without a command the app opens in your browser. It runs on this machine alone.",
    help_format="plaintext",
    version_flags=["--version"],
)
out = Console(highlight=False)
ReplyWord = Literal["no", "yes", "unknown"]


def now() -> datetime:
    """This moment, in the zone of this machine."""
    return datetime.now().astimezone()  # noqa: TID251 – a door: here the clock is read, once per command


@contextmanager
def database(settings: Settings | None = None) -> Iterator[Database]:
    """The person's database, for the length of one command."""
    from matwise.store.database import open_database

    settings = settings or read_settings()
    db = open_database(settings.database_path, now())
    try:
        yield db
    finally:
        db.close()


def ask(question: str, choices: Iterable[str] | None = None, default: str | None = None) -> str:
    """Ask in the terminal; only one of `choices` is taken as an answer."""
    known = list(choices) if choices is not None else None
    if default is None:
        return Prompt.ask(question, choices=known, console=out)
    return Prompt.ask(question, choices=known, default=default, show_default=bool(default), console=out)


def read_dates(where: str, text: str) -> list[date]:
    """Dates such as 2027-01-04 with commas between them; none in an empty text.

    Raises:
        InvalidInputError: names every one that can't be read.
    """
    dates, problems = [], []
    for word in (part.strip() for part in text.split(",") if text.strip()):
        try:
            dates.append(date.fromisoformat(word))
        except ValueError:
            problems.append(Problem(where, repr(word), "a date such as 2027-01-04"))
    if problems:
        raise InvalidInputError(*problems)
    return dates

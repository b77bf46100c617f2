"""What every command shares: the app, its groups, the clock, the database."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from cyclopts import App, Group
from rich.console import Console
from rich.prompt import Prompt

from matwise.content.catalogue import first_of, tongue
from matwise.errors import InvalidInputError, MatwiseError, Problem
from matwise.sentence import Sentence, Tongue, said
from matwise.settings import Settings, machine_language, read_settings

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
ReplyWord = Literal["no", "yes", "unknown"]
# What may be typed in a language beside English.
TYPED = {
    "yes": Sentence("yes"),
    "no": Sentence("no"),
    "unknown": Sentence("unknown"),
    "y": Sentence("y"),
    "n": Sentence("n"),
    "u": Sentence("u"),
}
CHOOSE = Sentence("[prompt.invalid.choice]Please choose one of what is offered")


def spoken() -> Tongue:
    """The language of this terminal: the one chosen for Matwise, else that of the machine."""
    try:
        wished = read_settings().wished
    except MatwiseError:
        wished = tuple(one for one in (machine_language(),) if one)
    return tongue(first_of(wished))


def in_words(text: str) -> str:
    """A text in the language of this terminal."""
    return said(text, spoken())


def bold(text: str) -> str:
    """A text that stands out."""
    return Sentence.joined(("[bold]", text, "[/bold]"), "")


def dim(text: str) -> str:
    """A text in the background."""
    return Sentence.joined(("[dim]", text, "[/dim]"), "")


class Terminal:
    """Where sentences are printed in the language of the terminal."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)

    def print(self, *objects: object, markup: bool = True, soft_wrap: bool = False) -> None:
        """As `Console.print`."""
        told = (in_words(one) if isinstance(one, str) else one for one in objects)
        self.console.print(*told, markup=markup, soft_wrap=soft_wrap)


out = Terminal()


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


class Question(Prompt):
    """A question whose choices are shown in the language of the terminal, and taken in English as well."""

    english: frozenset[str] = frozenset()

    def check_choice(self, value: str) -> bool:
        """Whether it is one of them."""
        return value.strip() in self.english or super().check_choice(value)


def ask(question: str, choices: Iterable[str] | None = None, default: str | None = None) -> str:
    """Ask in the terminal; only one of `choices` is taken as an answer, in the words of the terminal's language."""
    typed = {in_words(TYPED.get(one, one)): one for one in choices} if choices is not None else {}
    prompt = Question(in_words(question), choices=list(typed) or None, console=out.console, show_default=bool(default))
    prompt.english = frozenset(typed.values())
    prompt.illegal_choice_message = in_words(CHOOSE)
    answer = prompt() if default is None else prompt(default=default)
    return typed.get(answer, answer)


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
            problems.append(Problem(where, repr(word), Sentence("a date such as 2027-01-04")))
    if problems:
        raise InvalidInputError(*problems)
    return dates

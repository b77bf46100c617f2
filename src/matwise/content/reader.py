"""Reads a content file into its type; what is wrong is told with file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
import yaml

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

HERE = Path(__file__).parent
# The loader in C reads the same and is ten times quicker; not every installation of PyYAML has it.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]")

T = TypeVar("T")


class _Loader(_Base):  # type: ignore[misc]  # chosen at run time, see above
    """YAML in which only true and false are truth values: `yes` and `no` are the replies of the safety check."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        letter: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:bool"]
        for letter, known in _Base.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class ContentError(InvalidInputError):
    """A content file that can't be used; names the file, the line and what would be right."""


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """A content file as read, which still knows on which line everything stands."""

    path: Path
    value: T
    root: yaml.Node

    def problem(self, at: str, got: str, want: str) -> Problem:
        """A problem at a place given as `$.rules[3].yes`."""
        return Problem(_where(self.path, self.root, at), got, want)


def read(path: Path, type_: type[T]) -> Document[T]:
    """A YAML file as `type_`.

    Raises:
        ContentError: the file is missing, is not YAML, says a key twice, or does not fit the type.
    """
    root = _node(path, _text(path))
    data = _Loader("").construct_document(root)
    try:
        value = msgspec.convert(data, type_, dec_hook=_sentence)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `")
        raise ContentError(
            Problem(_where(path, root, place.rstrip("`") or "$"), said, "what its type asks for")
        ) from None
    return Document(path, value, root)


def _sentence(wanted: type, got: object) -> object:
    """Text that is shown to people, as a sentence that can be said in another language."""
    if wanted is Sentence and isinstance(got, str):
        return Sentence(got)
    raise TypeError(f"Expected `str`, got `{type(got).__name__}`")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(Problem(path.name, str(error), "a content file in UTF-8")) from None


def _node(path: Path, text: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(Problem(f"{path.name} line {line}", error.problem or "no YAML", "valid YAML")) from None
    if root is None:
        raise ContentError(Problem(path.name, "an empty file", "content"))
    twice = _said_twice(root)
    if twice:
        problems = (
            Problem(f"{path.name} line {key.start_mark.line + 1}", f"{key.value!r} a second time", "every key once")
            for key in twice
        )
        raise ContentError(*problems)
    return root


def _said_twice(root: yaml.Node) -> list[yaml.Node]:
    """Keys that stand twice in one mapping: YAML would silently keep the last, and a rule could vanish like that."""
    found: list[yaml.Node] = []
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.SequenceNode):
            todo += node.value
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            found += [key for n, (key, _) in enumerate(node.value) if key.value in keys[:n]]
            todo += [value for _, value in node.value]
    return found


def _where(path: Path, root: yaml.Node, at: str) -> str:
    node = root
    for step in _STEP.finditer(at):
        inner = _child(node, step["key"], step["index"])
        if inner is None:
            break
        node = inner
    return f"{path.name} line {node.start_mark.line + 1}, {at}"


def _child(node: yaml.Node, key: str | None, index: str | None) -> yaml.Node | None:
    children: dict[object, yaml.Node] = {}
    if isinstance(node, yaml.SequenceNode):
        children = {str(n): value for n, value in enumerate(node.value)}
    if isinstance(node, yaml.MappingNode):
        children = {known.value: value for known, value in node.value}
    return children.get(key or index)

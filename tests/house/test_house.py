"""What the project says of itself is true: its arrows, its commands, its decisions, its links."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "validation").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
VERBS = ("screen", "plan", "guide", "measure", "answer", "explain", "connect")
COMMANDS = re.findall(r"^\./matwise (\w+)([^\n#]*)", README, flags=re.MULTILINE)


@cache
def help_of(*command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "matwise", *command, "--help"], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def commands_listed() -> set[str]:
    return set(re.findall(r"^│ ([a-z]+) {2,}", help_of(), flags=re.MULTILINE))


def check_arrows(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_arrow_of_the_house_points_down() -> None:
    kept = check_arrows(ROOT)

    assert kept.returncode == 0, kept.stdout
    assert "3 kept, 0 broken" in kept.stdout


def test_an_arrow_that_points_up_a_pure_room_that_reads_and_a_room_without_a_floor_are_found(tmp_path: Path) -> None:
    shutil.copy2(ROOT / "pyproject.toml", tmp_path)
    house = tmp_path / "src" / "matwise"
    shutil.copytree(ROOT / "src" / "matwise", house, ignore=shutil.ignore_patterns("*.flac", "__pycache__", "static"))
    with (house / "screening" / "verdict.py").open("a") as verdict:
        verdict.write("import os\nimport matwise.web\n")
    (house / "attic").mkdir()
    (house / "attic" / "__init__.py").touch()

    found = check_arrows(tmp_path)

    assert found.returncode == 1
    assert "matwise.screening is not allowed to import matwise.web" in found.stdout
    assert "matwise.screening is not allowed to import os" in found.stdout
    assert "matwise.attic" in found.stdout


def test_the_lock_file_names_no_index_but_pypi() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text()))

    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_the_lock_file_was_made_for_the_dependencies_that_are_written_down() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    written = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    (locked,) = (
        package for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"] if package["name"] == "matwise"
    )

    assert {re.split(r"[<>=]", line, maxsplit=1)[0] for line in written} == {
        one["name"] for one in locked["metadata"]["requires-dist"]
    }


@pytest.mark.parametrize("script", ["matwise", "test", ".ci/run"])
def test_the_scripts_can_be_run_and_ask_for_no_more_than_a_posix_shell(script: str) -> None:
    path = ROOT / script

    assert path.stat().st_mode & 0o111
    assert path.read_text().startswith("#!/bin/sh\n")
    assert subprocess.run(["/bin/sh", "-n", str(path)], check=False, timeout=10).returncode == 0


def test_the_changes_are_told_up_to_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert re.search(rf"^## .*\b{re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)


def test_every_room_opens_with_the_sentence_that_decides_what_belongs_in_it() -> None:
    rooms = sorted((ROOT / "src" / "matwise").glob("*/__init__.py"))
    silent = [room.parent.name for room in rooms if not re.match(r'"""[^\n]+[.?]"""\n', room.read_text())]

    assert len(rooms) >= 12
    assert silent == []


def test_the_help_lists_the_seven_verbs_of_the_readme() -> None:
    in_the_readme = re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE)

    assert tuple(in_the_readme) == VERBS
    assert set(VERBS) <= commands_listed()


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 2


@pytest.mark.parametrize(("command", "rest"), COMMANDS)
def test_each_command_of_the_readme_exists_with_its_options(command: str, rest: str) -> None:
    options = set(re.findall(r"--[a-z-]+", rest))
    below = [word for word in rest.split()[:1] if re.search(rf"│ {word} ", help_of(command))]

    assert command in commands_listed()
    assert options <= set(re.findall(r"--[a-z-]+", help_of(command, *below)))


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))
    assert all(page.read_text().startswith(f"# {number}. ") for page, number in zip(DECISIONS, numbers, strict=True))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_what_was_chosen_its_price_and_when_to_look_again(page: Path) -> None:
    parts = re.findall(r"^\*\*(.+?)\*\*", page.read_text(), flags=re.MULTILINE)

    assert parts == ["Question.", "Choice.", "What it costs.", "When to look again."]


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_of_the_project_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []

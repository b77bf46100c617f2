"""./matwise sets up once, mends what was interrupted, and then only starts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.get_uv import Machine
from tools.set_up import SetUpError, check_machine

from tests.house.checkout import Checkout, a_checkout, write_program


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return a_checkout(tmp_path, sys.executable)


def test_the_first_start_sets_up_and_hands_on_every_argument(checkout: Checkout) -> None:
    run = checkout.run("./matwise", "guide", "--out", "my session.mp3")

    assert run.status == 0
    assert run.out.splitlines() == ["-P", "-m", "matwise", "guide", "--out", "my session.mp3"]
    assert "Setting up Matwise" in run.err


def test_only_the_locked_packages_are_installed(checkout: Checkout) -> None:
    checkout.run("./matwise")

    (call,) = checkout.calls_of_uv
    assert "sync --frozen" in call
    assert "--group" not in call


def test_the_second_start_only_starts(checkout: Checkout) -> None:
    checkout.run("./matwise")

    run = checkout.run("./matwise", "--help")

    assert len(checkout.calls_of_uv) == 1
    assert run.err == ""


def test_it_starts_from_another_folder_and_through_links(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "first").symlink_to("a mat/matwise/matwise")
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "mat").symlink_to("../first")

    run = checkout.run("./mat", "--help", cwd=elsewhere)

    assert run.status == 0
    assert (checkout.root / ".venv" / ".ready-runtime").exists()


def test_it_starts_from_the_path(checkout: Checkout, tmp_path: Path) -> None:
    run = checkout.run("matwise", "--help", cwd=tmp_path, PATH=f"{checkout.root}:{checkout.programs}:/usr/bin:/bin")

    assert run.status == 0


@pytest.mark.parametrize("changed", ["uv.lock", "pyproject.toml"])
def test_changed_dependencies_are_set_up_again(checkout: Checkout, changed: str) -> None:
    checkout.run("./matwise")
    with (checkout.root / changed).open("a") as file:
        file.write("# changed\n")

    checkout.run("./matwise")

    assert len(checkout.calls_of_uv) == 2


def test_a_checkout_that_was_moved_is_set_up_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("./matwise")
    moved = checkout.root.rename(tmp_path / "moved")

    checkout.run(moved / "matwise", cwd=tmp_path)

    assert len(checkout.calls_of_uv) == 2


def test_a_set_up_that_was_interrupted_is_begun_afresh(checkout: Checkout) -> None:
    stopped = checkout.run("./matwise", UV_IS_INTERRUPTED="yes")
    half = checkout.root / ".venv" / "half-installed"
    half.touch()

    run = checkout.run("./matwise")

    assert stopped.status != 0
    assert stopped.out == ""
    assert "interrupted" in run.err
    assert run.status == 0
    assert not half.exists()


def test_a_set_up_that_fails_says_what_to_do_and_starts_nothing(checkout: Checkout) -> None:
    run = checkout.run("./matwise", UV_FAILS="yes")

    assert run.status == 1
    assert run.out == ""
    assert "Traceback" not in run.err
    assert "HTTPS_PROXY" in run.err


def refusal_of(machine: Machine) -> str:
    try:
        check_machine(machine)
    except SetUpError as error:
        return str(error)
    return ""


def test_a_linux_that_the_packages_are_not_built_for_is_told_so() -> None:
    assert "2.28 or newer; here is another one" in refusal_of(Machine("Linux", "x86_64", glibc=None))
    assert "2.28 or newer; here is 2.17" in refusal_of(Machine("Linux", "x86_64", glibc=(2, 17)))


@pytest.mark.parametrize("machine", [Machine("Linux", "aarch64", glibc=(2, 28)), Machine("Darwin", "arm64")])
def test_machines_that_the_packages_are_built_for_pass(machine: Machine) -> None:
    assert refusal_of(machine) == ""


def test_an_environment_whose_python_is_gone_is_made_again(checkout: Checkout) -> None:
    checkout.run("./matwise")
    (checkout.root / ".venv" / "bin" / "python").unlink()

    run = checkout.run("./matwise")

    assert run.status == 0
    assert len(checkout.calls_of_uv) == 2


def test_without_any_python_it_says_how_to_get_one(checkout: Checkout, tmp_path: Path) -> None:
    only_a_shell = tmp_path / "only a shell"
    only_a_shell.mkdir()
    for name in ("cat", "cksum", "readlink"):
        (only_a_shell / name).symlink_to(f"/usr/bin/{name}")

    run = checkout.run("./matwise", MATWISE_PYTHON="/nowhere/python3", PATH=str(only_a_shell))

    assert run.status == 1
    assert "apt install python3" in run.err
    assert "MATWISE_PYTHON=/nowhere/python3" in run.err


def test_a_python_name_that_does_not_answer_is_passed_over(checkout: Checkout) -> None:
    shim = checkout.programs / "python3"
    shim.rename(checkout.programs / "python3.13")
    write_program(shim, "#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n")

    assert checkout.run("./matwise").status == 0


def test_the_bytecode_switch_of_the_caller_does_not_slow_our_start(checkout: Checkout) -> None:
    checkout.run("./matwise")
    write_program(checkout.root / ".venv/bin/python", '#!/bin/sh\necho "[$PYTHONDONTWRITEBYTECODE$PYTHONPATH]"\n')

    run = checkout.run("./matwise", PYTHONDONTWRITEBYTECODE="1", PYTHONPATH="/somewhere")

    assert run.out == "[]\n"


@contextmanager
def a_checkout_of_somebody_else(writable: str) -> Iterator[tuple[Checkout, Callable[[str], str]]]:
    """A checkout that may not be written to, and what runs a line of shell there as the person who may not."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = a_checkout(Path(folder), sys.executable)
        checkout.run("./matwise")
        for made in ("home", "scratch"):
            Path(folder, made).mkdir()
            Path(folder, made).chmod(0o777 if made == "scratch" or writable == "home" else 0o555)
        Path(folder).chmod(0o755)
        checkout.root.chmod(0o555)

        def told(line: str) -> str:
            # Root may write everywhere: there, it is somebody else who starts.
            return subprocess.run(
                ["sh", "-c", f"root=$PWD; . tools/environment.sh; {line}"],
                cwd=checkout.root,
                env={"PATH": "/usr/bin:/bin", "HOME": f"{folder}/home", "TMPDIR": f"{folder}/scratch"},
                user=65534 if os.geteuid() == 0 else None,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()

        yield checkout, told
        checkout.root.chmod(0o755)


@pytest.mark.parametrize(("writable", "where"), [("home", "home/.cache/matwise"), ("scratch", "scratch")])
def test_a_checkout_that_may_not_be_written_to_gets_its_environment_elsewhere(writable: str, where: str) -> None:
    with a_checkout_of_somebody_else(writable) as (checkout, told):
        place = told('set_up() { echo "$place"; }; environment dev')

        assert Path(place).is_relative_to(checkout.programs.parent / where)


def test_an_environment_that_somebody_else_made_is_used_and_left_alone() -> None:
    with a_checkout_of_somebody_else("home") as (checkout, told):
        python, place = told('environment runtime; own_place; echo "$python"; echo "$place"').splitlines()

        assert python == f"{checkout.root}/.venv/bin/python"
        assert Path(place).is_relative_to(checkout.programs.parent / "home")

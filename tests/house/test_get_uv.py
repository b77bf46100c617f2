"""Which uv is fetched for which machine, from a page of the index as it really is (shortened), and what is refused."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from tools.get_uv import Machine, NotHadError, Wheel, choose, fetch, find, index_url, request, unpack, wheels_on

PAGE_URL = "https://pypi.org/simple/uv/"
PAGE = (Path(__file__).parent / "uv_index.json").read_text()
WHEELS = wheels_on(PAGE, PAGE_URL, "application/vnd.pypi.simple.v1+json")


def a_machine(processor: str = "x86_64", *, glibc: tuple[int, int] | None = (2, 36)) -> Machine:
    return Machine("Linux", processor, glibc=glibc)


def a_mac(processor: str, *, macos: tuple[int, int]) -> Machine:
    return Machine("Darwin", processor, macos=macos)


@pytest.mark.parametrize(
    ("machine", "ending"),
    [
        (a_machine(), "manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
        (a_machine(glibc=None), "musllinux_1_1_x86_64.whl"),
        (a_machine(glibc=(2, 12)), "musllinux_1_1_x86_64.whl"),
        (a_machine("aarch64"), "aarch64.whl"),
        (a_machine("aarch64", glibc=None), "aarch64.musllinux_1_1_aarch64.whl"),
        (a_machine("armv7l"), "armv7l.whl"),
        (a_machine("i686"), "manylinux2014_i686.whl"),
        (a_machine("riscv64", glibc=None), "musllinux_1_1_riscv64.whl"),
        (a_mac("arm64", macos=(15, 1)), "macosx_11_0_arm64.whl"),
        (a_mac("x86_64", macos=(12, 7)), "macosx_10_12_x86_64.whl"),
    ],
)
def test_each_machine_gets_the_uv_that_runs_there(machine: Machine, ending: str) -> None:
    wheel = choose(WHEELS, machine)

    assert wheel.name.startswith("uv-0.13.9-py3-none-")
    assert wheel.name.endswith(ending)


@pytest.mark.parametrize("machine", [a_machine("sparc64"), a_machine("s390x", glibc=None), Machine("Plan9", "x86_64")])
def test_a_machine_that_uv_was_not_built_for_is_told_so(machine: Machine) -> None:
    with pytest.raises(NotHadError, match=machine.processor):
        choose(WHEELS, machine)


def test_without_the_preferred_version_the_newest_that_reads_our_lock_file_is_taken() -> None:
    others = [wheel for wheel in WHEELS if wheel.version != (0, 13, 9)]

    assert choose(others, a_machine()).version == (0, 13, 8)


def test_a_yanked_release_is_never_taken() -> None:
    yanked = [Wheel(wheel.name, wheel.url, wheel.sha256, yanked=True) for wheel in WHEELS]

    with pytest.raises(NotHadError):
        choose(yanked, a_machine())


def test_an_index_that_only_speaks_html_is_read_too() -> None:
    name = "uv-0.13.9-py3-none-musllinux_1_1_x86_64.whl"
    page = f'<html><body><a href="../../files/{name}#sha256=ab12">{name}</a></body></html>'

    (wheel,) = wheels_on(page, "https://mirror.example/simple/uv/", "text/html")

    assert wheel == Wheel(name, f"https://mirror.example/files/{name}", "ab12")


def test_the_index_of_the_person_comes_before_pypi() -> None:
    assert index_url({}) == "https://pypi.org/simple"
    assert index_url({"PIP_INDEX_URL": "https://mirror.example/simple/"}) == "https://mirror.example/simple"


def test_the_password_of_an_index_goes_to_no_other_host() -> None:
    index = "https://ana:p%40ss@mirror.example/simple"

    assert request(f"{index}/uv/", index).full_url == "https://mirror.example/simple/uv/"
    assert request(f"{index}/uv/", index).has_header("Authorization")
    assert not request("https://files.example/uv.whl", index).has_header("Authorization")


def a_wheel_file(folder: Path, program: str) -> Wheel:
    path = folder / "uv-0.13.9-py3-none-musllinux_1_1_x86_64.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("uv-0.13.9.data/scripts/uv", program)
    return Wheel(path.name, path.as_uri(), hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_wheel_with_its_hash_becomes_a_program_that_runs(tmp_path: Path) -> None:
    wheel = a_wheel_file(tmp_path, "#!/bin/sh\necho 'uv 0.13.9 (made for a test)'\n")

    fetch(wheel, PAGE_URL, tmp_path / "fetched.whl")
    unpack(tmp_path / "fetched.whl", tmp_path / "uv")

    assert (tmp_path / "uv").stat().st_mode & 0o111


@pytest.mark.parametrize("sha256", ["0" * 64, None])
def test_a_wheel_without_the_right_hash_is_refused(tmp_path: Path, sha256: str | None) -> None:
    sound = a_wheel_file(tmp_path, "#!/bin/sh\n")

    with pytest.raises(NotHadError, match="sha256"):
        fetch(Wheel(sound.name, sound.url, sha256), PAGE_URL, tmp_path / "fetched.whl")


def test_a_program_that_does_not_run_here_never_takes_its_place(tmp_path: Path) -> None:
    a_wheel_file(tmp_path, "#!/bin/sh\nexit 1\n")

    with pytest.raises(NotHadError, match="does not run"):
        unpack(next(tmp_path.glob("*.whl")), tmp_path / "uv")
    assert not (tmp_path / "uv").exists()


@pytest.mark.parametrize(("told", "is_taken"), [("uv 0.13.9", True), ("uv 0.4.30", False), ("uv 1.0.0", False)])
def test_only_a_uv_that_reads_our_lock_file_is_taken_from_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, *, is_taken: bool
) -> None:
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\necho {told}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find(tmp_path / "empty") == (program if is_taken else None)


def test_the_recorded_page_holds_hashes_for_every_file() -> None:
    assert len(WHEELS) >= 30
    assert all(file["hashes"]["sha256"] for file in json.loads(PAGE)["files"])

"""What ./test fetches beyond Python packages: only the file we know, from the registry the person chose."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from tools import find_browser, find_node
from tools.get_uv import NotHadError
from tools.getting import Package, fetch

from tests.house.checkout import write_program


def a_registry(folder: Path) -> tuple[Package, dict[str, str]]:
    """A registry of one package, in a folder."""
    content = b"a program, packed"
    file = folder / "registry" / "@some" / "node" / "-" / "node-22.0.0.tgz"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    known = base64.b64encode(hashlib.sha512(content).digest()).decode()
    return Package("@some/node", "22.0.0", known), {"npm_config_registry": (folder / "registry").as_uri() + "/"}


def test_a_package_comes_from_the_registry_of_the_person(tmp_path: Path) -> None:
    package, environ = a_registry(tmp_path)

    fetch(package, environ, tmp_path / "fetched")

    assert (tmp_path / "fetched").read_bytes() == b"a program, packed"
    assert package.url({}) == "https://registry.npmjs.org/@some/node/-/node-22.0.0.tgz"


def test_a_package_that_is_not_the_one_we_know_is_refused(tmp_path: Path) -> None:
    package, environ = a_registry(tmp_path)
    other = Package(package.name, package.version, base64.b64encode(bytes(64)).decode())

    with pytest.raises(NotHadError, match="sha512"):
        fetch(other, environ, tmp_path / "fetched")


def test_a_package_that_cannot_be_reached_is_said_by_its_address(tmp_path: Path) -> None:
    package, environ = a_registry(tmp_path)
    gone = Package(package.name, "23.0.0", package.sha512)

    with pytest.raises(NotHadError, match=r"node-23\.0\.0\.tgz"):
        fetch(gone, environ, tmp_path / "fetched")


@pytest.mark.parametrize(("told", "is_one"), [("v22.1.0", True), ("v18.20.4", False), ("Python 3.11", False)])
def test_only_a_node_that_playwright_can_use_is_taken(tmp_path: Path, told: str, *, is_one: bool) -> None:
    write_program(tmp_path / "node", f"#!/bin/sh\necho {told}\n")

    assert find_node.starts(str(tmp_path / "node")) is is_one


def test_the_browser_that_the_person_names_comes_first(tmp_path: Path) -> None:
    named = tmp_path / "my browser"
    write_program(named, "#!/bin/sh\necho Chromium 156.0\n")

    assert find_browser.installed({"MATWISE_CHROMIUM": str(named)}, tmp_path) == str(named)


def test_a_name_that_is_no_browser_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    stub = tmp_path / "chromium"
    write_program(stub, "#!/bin/sh\necho 'install it from the store' >&2\nexit 1\n")

    with pytest.raises(NotHadError, match="not a Chromium that starts here"):
        find_browser.installed({"MATWISE_CHROMIUM": str(stub)}, tmp_path)


def test_a_stub_on_the_path_gives_way_to_the_browser_that_was_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    write_program(tmp_path / "bin" / "chromium", "#!/bin/sh\nexit 1\n")
    (tmp_path / ".cache" / "chromium-153.0.0").mkdir(parents=True)
    fetched = tmp_path / ".cache" / "chromium-153.0.0" / "chromium"
    write_program(fetched, "#!/bin/sh\necho HeadlessChrome 153\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(find_browser, "_APPLICATIONS", ())

    assert find_browser.installed({}, tmp_path) == str(fetched)


def test_without_leave_to_install_it_says_how_to_get_a_browser(tmp_path: Path) -> None:
    with pytest.raises(NotHadError, match="MATWISE_CHROMIUM"):
        find_browser.got(tmp_path, {}, may_install=False)

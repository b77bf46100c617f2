"""The app on a home screen: manifest, service worker, and the page for when nothing can be reached."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from matwise.web import installable, page

from .served import a_person, a_stranger, an_app


def told_to_the_worker(client: TestClient) -> dict[str, object]:
    """What stands before the service worker's own code."""
    first_line = client.get("/service-worker.js").text.partition("\n")[0]
    told: dict[str, object] = json.loads(first_line.removeprefix("const MATWISE = ").removesuffix(";"))
    return told


def test_the_manifest_has_what_an_installation_needs(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        manifest = person.get("/manifest.webmanifest")
        told = manifest.json()

        assert manifest.headers["content-type"].startswith("application/manifest+json")
        assert {"name", "short_name", "start_url", "display", "icons", "theme_color"} <= told.keys()
        assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"] if "purpose" in icon} >= {
            ("192x192", "any"),
            ("512x512", "any"),
            ("512x512", "maskable"),
        }
        assert all(person.get(one["url"]).status_code == 200 for one in told["shortcuts"])


def test_icons_are_there_in_the_size_they_claim(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        for icon in person.get("/manifest.webmanifest").json()["icons"]:
            found = person.get(icon["src"])

            assert found.status_code == 200
            if icon["type"] == "image/png":
                wide, high = struct.unpack(">II", found.content[16:24])
                assert f"{wide}x{high}" == icon["sizes"]


def test_everything_the_worker_is_to_keep_can_be_had(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        shell = told_to_the_worker(person)["shell"]
        assert isinstance(shell, list)

        assert [address for address in shell if person.get(address).status_code != 200] == []
        scripts = {path.name for path in (page.STATIC / "js").iterdir()} - {"service-worker.js"}
        assert scripts <= {re.sub(r"\?.*", "", address).rpartition("/")[2] for address in shell}


def test_any_change_of_what_is_kept_makes_a_new_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = installable.version()
    (tmp_path / "js").mkdir()
    for file in ("js/service-worker.js", "js/player.js"):
        (tmp_path / file).write_bytes((page.STATIC / file).read_bytes())
    monkeypatch.setattr("matwise.web.installable.STATIC", tmp_path)
    here = installable.version()
    (tmp_path / "js/player.js").write_text("// another", encoding="utf-8")

    assert len({before, here, installable.version()}) == 3


def test_the_page_for_when_nothing_can_be_reached_holds_nothing_of_the_person(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        for address in ("/offline", "/offline?because=over"):
            page = person.get(address)

            assert page.status_code == 200
            assert "csrf" not in page.text
            assert "<script>" not in page.text


def test_strangers_get_none_of_it(tmp_path: Path) -> None:
    with an_app(tmp_path) as (app, _, _):
        stranger = a_stranger(app)

        assert {
            stranger.get(path).status_code for path in ("/manifest.webmanifest", "/service-worker.js", "/offline")
        } == {401}

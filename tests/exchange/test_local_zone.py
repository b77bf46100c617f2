from __future__ import annotations

from pathlib import Path

import pytest

from matwise.exchange.local_zone import known_zone, local_zone


def linked(folder: Path, *parts: str) -> Path:
    zone = folder.joinpath("zoneinfo", *parts)
    zone.parent.mkdir(parents=True)
    zone.write_bytes(b"TZif")
    link = folder / "localtime"
    link.symlink_to(zone)
    return link


def test_the_variable_counts_before_the_link(tmp_path: Path) -> None:
    link = linked(tmp_path, "Europe", "Berlin")

    assert local_zone({"TZ": "America/New_York"}, link) == "America/New_York"
    assert local_zone({"TZ": ":America/New_York"}, link) == "America/New_York"


@pytest.mark.parametrize(
    "told", ["", "CET-1CEST,M3.5.0,M10.5.0/3", "Nowhere/Land", "../../etc/passwd", "/etc/localtime"]
)
def test_a_variable_that_names_no_zone_leaves_the_link(tmp_path: Path, told: str) -> None:
    assert local_zone({"TZ": told}, linked(tmp_path, "Europe", "Berlin")) == "Europe/Berlin"


def test_a_machine_that_does_not_say_is_in_utc(tmp_path: Path) -> None:
    copied = tmp_path / "localtime"
    copied.write_bytes(b"TZif")

    assert local_zone({}, copied) == "UTC"
    assert local_zone({}, tmp_path / "none") == "UTC"
    assert local_zone({}, linked(tmp_path / "odd", "Nowhere", "Land")) == "UTC"


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc/passwd", "/etc/passwd", "a\x00b", "Europe", "x" * 5000])
def test_a_name_that_is_no_zone_is_none(name: str) -> None:
    assert known_zone(name) is None

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from matwise.exchange.folder import write_folder

FILES = {"b.csv": b"1\n", "a.json": b"{}\n"}


def test_the_files_are_there_for_the_persons_own_eyes(tmp_path: Path) -> None:
    written = write_folder(tmp_path / "to be made", "export", FILES)

    assert written == (tmp_path / "to be made" / "export" / "b.csv", tmp_path / "to be made" / "export" / "a.json")
    assert [path.read_bytes() for path in written] == list(FILES.values())
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
    assert written[0].parent.stat().st_mode & 0o777 == 0o700


def test_what_is_there_already_is_never_overwritten(tmp_path: Path) -> None:
    first, second = (write_folder(tmp_path, "export", {"a.csv": content})[0] for content in (b"1\n", b"2\n"))

    assert (first.read_bytes(), second.read_bytes()) == (b"1\n", b"2\n")
    assert second.parent.name == "export-2"


@pytest.mark.parametrize("files", [{"a.csv": b"1\n", "no/such/folder.csv": b"2\n"}])
def test_where_one_file_can_not_be_written_none_is_left(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    with pytest.raises(FileNotFoundError):
        write_folder(tmp_path, "export", files)
    assert list(tmp_path.iterdir()) == []

"""What nobody expected, and what a full disk does, as a person meets it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from matwise.practice import measure, plan
from matwise.store.failure import StorageBusyError, StorageFailedError, StorageFullError

from .served import a_person


def _raise(error: Exception) -> object:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_our_own_mistake_shows_a_page_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(plan, "today", _raise(RuntimeError("secret of the inside")))
    with a_person(tmp_path, first="/explain") as person, caplog.at_level(logging.ERROR):
        answer = person.get("/plan")

        assert answer.status_code == 500
        assert "Something went wrong on our side." in answer.text
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert "secret of the inside" in caplog.text


def test_our_own_mistake_still_carries_every_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "today", _raise(RuntimeError("secret")))
    with a_person(tmp_path, first="/explain") as person:
        broken, whole = person.get("/plan").headers, person.get("/explain").headers

        for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "cache-control"):
            assert broken[name] == whole[name]


@pytest.mark.parametrize(
    ("error", "status"), [(StorageFullError(), 507), (StorageFailedError(), 503), (StorageBusyError(), 503)]
)
def test_a_disk_that_refuses_is_told_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    monkeypatch.setattr(measure, "keep", _raise(error))
    with a_person(tmp_path) as person:
        sent = {"client_id": "c-1", "scale": "pain", "moment": "evening", "value": 4}
        answer = person.post("/api/measure", json=sent)

        assert answer.status_code == status
        assert answer.json()["error"] == str(error)


@pytest.mark.parametrize("named", [True, False])
def test_a_static_file_is_kept_for_good_only_under_an_address_of_its_content(tmp_path: Path, named: bool) -> None:  # noqa: FBT001 – a case
    with a_person(tmp_path) as person:
        kept = person.get("/static/js/outbox.js" + ("?v=0123456789" if named else "")).headers["cache-control"]

        assert ("immutable" in kept) is named


@pytest.mark.parametrize(
    "address", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/"]
)
def test_static_files_end_at_their_folder(tmp_path: Path, address: str) -> None:
    with a_person(tmp_path) as person:
        assert person.get(address).status_code in {404, 405}

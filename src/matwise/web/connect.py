"""What is kept of a person: take it along, copy it, erase it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from matwise.practice import connect as practice
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page

ERASE = "ERASE"
NOTHING_ERASED = Sentence("Nothing was erased. Type {word} in capital letters to erase everything.")


def _show(request: Request, problem: str = "", typed: str = "", status: int = 200) -> Response:
    where = asked.settings(request)
    backups = sorted(where.backups_dir.glob("*.db"), reverse=True) if where.backups_dir.is_dir() else []
    return page(request, "connect/connect.html", status, where=where, backups=backups, problem=problem, typed=typed)


def _connect(request: Request) -> Response:
    return _show(request)


def _export(request: Request) -> Response:
    now = asked.now(request)
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in practice.export(asked.database(request), Path(folder), now):
            archive.write(file, file.name)
    name = f"matwise-{now:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed.getvalue(), media_type="application/zip", headers=headers)


def _backup(request: Request) -> Response:
    practice.backup(asked.settings(request), None, asked.now(request))
    return RedirectResponse("/connect#backups", 303)


def _erase(request: Request) -> Response:
    typed = asked.form(request).one("confirm").strip()
    if typed != ERASE:
        return _show(request, NOTHING_ERASED.format(word=ERASE), typed, 422)
    practice.erase(asked.database(request), asked.settings(request), asked.now(request))
    # What still waits in the browser, or was kept there to be heard again, goes too.
    return RedirectResponse("/", 303, headers={"Clear-Site-Data": '"cache", "storage"'})


routes = [
    Route("/connect", _connect),
    Route("/connect/export", _export, methods=["POST"]),
    Route("/connect/backup", _backup, methods=["POST"]),
    Route("/connect/erase", _erase, methods=["POST"]),
]

"""A file of sound as players ask for it: whole, in parts, or only whether it changed."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

# A browser may keep its copy, but asks before each use: it must not outlive what the safety check allowed.
CACHE = "private, no-cache"

_PART = re.compile(r"(\d{1,18})-(\d{1,18})?|-(\d{1,18})", re.ASCII)


def sound_file(request: Request, path: Path, media_type: str, name: str | None = None) -> Response:
    """The file, or the parts of it that are asked for; with a name it is offered as a download."""
    # The name of the file is made of its content, which is what a strong ETag says.
    headers = {"Cache-Control": CACHE, "ETag": f'"{path.stem}"'}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {headers["ETag"], "*"}:
        return Response(status_code=304, headers=headers)
    return _InParts(path, media_type=media_type, headers=headers, filename=name)


class _InParts(FileResponse):
    """Reads a request for parts as RFC 9110 §14 has it; what it says to ignore never reaches the base class."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = Headers(scope=scope).get("range")
        if wanted is not None:
            asked_for = understood(wanted, Path(self.path).stat().st_size) if scope["method"] == "GET" else None
            others = [(name, value) for name, value in scope["headers"] if name != b"range"]
            told = [] if asked_for is None else [(b"range", asked_for.encode())]
            scope = {**scope, "headers": [*others, *told]}
        await super().__call__(scope, receive, send)


def understood(wanted: str, size: int) -> str | None:
    """The parts of a file of `size` bytes that can be had, as a Range header; None where the whole file is the answer.

    Another unit than bytes, or a part that is none, leaves the header without meaning. Parts beyond the end are left
    out as long as another one is there; where all of them are beyond it, the header stays, to be answered with 416.

    Source:
        RFC 9110 §14.1.2 and §14.2.
    """
    unit, equals, told = wanted.partition("=")
    if not equals or unit.strip().lower() != "bytes":
        return None
    there = []
    parts = [part.strip() for part in told.split(",") if part.strip()]
    for part in parts:
        found = _PART.fullmatch(part)
        if found is None or (found[2] and int(found[2]) < int(found[1])):
            return None
        if int(found[3]) > 0 and size > 0 if found[3] else int(found[1]) < size:
            there.append(part)
    return f"bytes={','.join(there or parts)}" if parts else None

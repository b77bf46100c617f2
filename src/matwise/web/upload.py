"""A file of any size arrives and is written to disk while it does, by a script or by a form without one."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.access import BROKEN_OFF, CSRF_FIELD, TOO_OLD
from matwise.web.refuse import Refused

if TYPE_CHECKING:
    from matwise.practice.import_spool import Spool, Waiting

BLOCK_BYTES = 1 << 20  # written at once
NAME_HEADER = "x-file-name"
FILE_FIELD = "file"
NO_FILE = Sentence("Choose a file first.")
BROKEN_FORM = Sentence("a form with one file")


async def receive(request: Request) -> Response:
    """The bytes of one file, as a script sends them; its name stands in a header."""
    from matwise.practice.import_spool import spooling

    name = unquote(request.headers.get(NAME_HEADER, ""))
    told = request.headers.get("content-length")
    try:
        with spooling(asked.settings(request), uuid.uuid4().hex, name, int(told) if told else None) as spool:
            async for block in _blocks(request):
                await run_in_threadpool(spool.write, block)
            waiting = spool.done()
    except ClientDisconnect:
        return Refused(400, BROKEN_OFF).response(request.scope)
    return JSONResponse({"id": waiting.id, "address": f"/measure/import/{waiting.id}"}, 201)


async def receive_form(request: Request) -> Response:
    """The same from a form without a script: its token comes before the file."""
    try:
        waiting = await _from_form(request)
    except ClientDisconnect:
        return Refused(400, BROKEN_OFF).response(request.scope)
    except Refused as refused:
        return refused.response(request.scope)
    return RedirectResponse(f"/measure/import/{waiting.id}", 303)


async def _from_form(request: Request) -> Waiting:
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser, parse_options_header

    from matwise.practice.import_spool import spooling

    _, options = parse_options_header(request.headers.get("content-type"))
    form = _Form(request.scope["state"]["csrf"])
    with spooling(asked.settings(request), uuid.uuid4().hex, "", None) as spool:
        form.spool = spool
        try:
            parser = MultipartParser(options.get(b"boundary", b""), form.callbacks())
            async for block in _blocks(request):
                await run_in_threadpool(parser.write, block)
            parser.finalize()
        except FormParserError as error:
            raise InvalidInputError(Problem("form", ascii(str(error))[:80], BROKEN_FORM)) from None
        if not form.ours:
            raise Refused(403, TOO_OLD)
        if not form.named:
            raise InvalidInputError(Problem(FILE_FIELD, Sentence("nothing"), NO_FILE))
        return spool.done()


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    gathered = bytearray()
    async for part in request.stream():
        gathered += part
        if len(gathered) >= BLOCK_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


@dataclass(slots=True)
class _Form:
    """What the parser of the form tells: the token in its field, then the bytes of the file straight to the disk."""

    csrf: str
    spool: Spool | None = None
    ours: bool = False
    named: bool = False
    _header: bytes = b""
    _value: bytes = b""
    _field: str = ""
    _typed: bytes = b""

    def callbacks(self) -> Any:  # noqa: ANN401 – a dictionary that only the parser reads
        return {
            "on_part_begin": self._begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._opens,
            "on_part_data": self._data,
            "on_part_end": self._ends,
        }

    def _begins(self) -> None:
        self._header = self._value = self._typed = b""
        self._field = ""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        from python_multipart.multipart import parse_options_header

        if self._header.strip().lower() == b"content-disposition":
            _, told = parse_options_header(self._value)
            self._field = told.get(b"name", b"").decode("utf-8", "replace")
            name = told.get(b"filename", b"").decode("utf-8", "replace")
            if self._field == FILE_FIELD and name and self.spool is not None:
                self.named = True
                self.spool.call(name)
        self._header = self._value = b""

    def _opens(self) -> None:
        # Nothing of a file is written for a form that is not ours.
        if self._field == FILE_FIELD and not self.ours:
            raise Refused(403, TOO_OLD)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field == FILE_FIELD and self.spool is not None:
            self.spool.write(data[start:end])
        elif self._field == CSRF_FIELD:
            self._typed = (self._typed + data[start:end])[:200]

    def _ends(self) -> None:
        if self._field == CSRF_FIELD:
            self.ours = bool(self.csrf) and hmac.compare_digest(self._typed, self.csrf.encode())

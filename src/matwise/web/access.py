"""Who may come in: this machine's own browser, by a link that works once, and nobody else."""

from __future__ import annotations

import hmac
import logging
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matwise.sentence import Sentence
from matwise.web.refuse import Refused, opening_page

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024  # the largest form of the app is a tenth of it
TOO_MUCH = Sentence("That is more than {kib} KiB at once.", kib=LARGEST_BODY // 1024)
STRANGER = Sentence("Open Matwise from the terminal: run ./matwise and use the link it shows.")
ONLY_PRIVATE = Sentence("From here only a private address opens. Use Matwise on the machine it runs on.")
NOT_OURS = Sentence("This address is not Matwise's. Use the one the terminal shows.")
OTHER_SITE = Sentence("Another site sent this request; it was not carried out.")
NO_FORM = Sentence("Send a form or JSON.")
TOO_OLD = Sentence("This page was open for too long or is not ours. Reload it; what you entered is kept.")
BROKEN_OFF = Sentence("The connection broke before everything arrived.")
SAFE_METHODS = frozenset({"GET", "HEAD"})
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODY = "matwise.body"
FILE, FILE_FORM = "application/octet-stream", "multipart/form-data"
# The only ways in for more than a form: files that are written to disk while they arrive. web/upload.py bounds them
# and reads the token of the form, which comes before its file.
STREAMED = {("PUT", "/measure/import/file"): FILE, ("POST", "/measure/import"): FILE_FORM}
LARGEST_FILE = (8 << 30) + LARGEST_BODY  # the largest file that can be imported, and a form around it
TOO_LARGE = Sentence("That is more than {gib} GiB.", gib=LARGEST_FILE >> 30)
FOREIGN = frozenset({403, 421})  # what only another site or program gets: worth a line in the log
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"

# Open to somebody without a session: the page that redeems the link, and what it is drawn with. All else is closed.
PUBLIC = ("/open", "/static/")
# What a person's own secret opens, without a cookie: podcast apps, calendars and phones have none.
PRIVATE = ("/feed/", "/calendar/")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: it makes browsers send "Origin: null" with our own forms. Other sites learn nothing either way.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A chest strap is chosen by the person in the browser's own window, on one page; nothing is in reach before that.
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), screen-wake-lock=(self), bluetooth=(self)"
    ),
}


@dataclass(slots=True)
class Launch:
    """Links that open the app once, and the browsers that came in by one. Kept in memory: a restart closes all."""

    _tokens: set[str] = field(default_factory=set)
    _sessions: dict[str, str] = field(default_factory=dict)

    def token(self) -> str:
        """A new link's token; it stands in the fragment, which no server, log or referrer ever sees."""
        made = secrets.token_urlsafe(32)
        self._tokens.add(made)
        return made

    def redeem(self, given: str) -> str | None:
        """A session for a token that was not used before, or None."""
        for known in tuple(self._tokens):
            if hmac.compare_digest(known.encode(), given.encode()):
                self._tokens.discard(known)
                session = secrets.token_urlsafe(32)
                self._sessions[session] = secrets.token_urlsafe(32)
                return session
        return None

    def csrf(self, session: str | None) -> str | None:
        """The token every form of this session carries, or None where there is no such session."""
        return self._sessions.get(session) if session else None


def shown(path: str) -> str:
    """An address as a log may hold it: without the secret in it."""
    opened = next((start for start in PRIVATE if path.startswith(start)), None)
    return path if opened is None else f"{opened}…"


def cookie_name(port: int) -> str:
    """Cookies are shared between the ports of a host, so the name says whose it is."""
    return f"matwise-{port}"


class Guard:
    """ASGI middleware that every request passes: right host, own page, known session, small body, own form.

    `away` is the address in the home network at which the app is reached as well: what a secret opens, nothing else.
    """

    def __init__(self, app: ASGIApp, launch: Launch, port: int, away: str | None = None) -> None:
        self.app = app
        self.launch = launch
        self.port = port
        self.away = away
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it with why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        guarded = _with_headers(send, personal=not scope["path"].startswith("/static/"))
        try:
            admitted = await self._admit(scope, receive)
        except Refused as refused:
            if refused.status in FOREIGN:
                log.warning("Refused with %d: %s %r", refused.status, scope["method"], shown(scope["path"]))
            await refused.response(scope)(scope, receive, guarded)
            return
        await self.app(scope, admitted, guarded)

    async def _admit(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        self._check_host(headers, scope)
        session = self._session(headers)
        csrf = self.launch.csrf(session)
        scope.setdefault("state", {})["csrf"] = csrf or ""
        public = scope["path"] == PUBLIC[0] or scope["path"].startswith((PUBLIC[1], *PRIVATE))
        unsafe = scope["method"] not in SAFE_METHODS
        if unsafe:
            self._check_origin(headers)
        if csrf is None and not public:
            raise Refused(401, STRANGER, opening_page)
        if not unsafe:
            return receive
        if csrf is not None and STREAMED.get((scope["method"], scope["path"])) == _kind(headers):
            _check_file(headers, csrf)
            return receive
        body = await _read(headers, receive)
        scope[BODY] = body
        if csrf is not None and not public:
            _check_form(headers, body, csrf)
        return _again(body)

    def _check_host(self, headers: Headers, scope: Scope) -> None:
        hosts = headers.getlist("host")
        # By where the connection came in: who comes from the home network may claim any host.
        if self.away is not None and (scope.get("server") or ("",))[0] == self.away:
            if hosts != [f"{self.away}:{self.port}"] or not scope["path"].startswith((PUBLIC[1], *PRIVATE)):
                raise Refused(421, ONLY_PRIVATE)
            return
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            raise Refused(421, NOT_OURS)

    def _check_origin(self, headers: Headers) -> None:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site not in (None, "same-origin", "none") or origin not in (None, *(f"http://{h}" for h in self.hosts)):
            raise Refused(403, OTHER_SITE)

    def _session(self, headers: Headers) -> str | None:
        # Read leniently: cookies of other programs on this host come along, however they are written.
        return cookie_parser(headers.get("cookie", "")).get(cookie_name(self.port))


def _check_form(headers: Headers, body: bytes, csrf: str) -> None:
    kind = _kind(headers)
    given = headers.get(CSRF_HEADER, "")
    if kind == FORM and not given:
        given = (parse_qs(body.decode("utf-8", "replace")).get(CSRF_FIELD) or [""])[0]
    elif kind not in (FORM, JSON) and body:
        raise Refused(415, NO_FORM)
    if not hmac.compare_digest(given.encode(), csrf.encode()):
        raise Refused(403, TOO_OLD)


def _kind(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _check_file(headers: Headers, csrf: str) -> None:
    told = headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit() and len(told) < 12) or int(told) > LARGEST_FILE:
        raise Refused(413, TOO_LARGE)
    if _kind(headers) == FILE and not hmac.compare_digest(headers.get(CSRF_HEADER, "").encode(), csrf.encode()):
        raise Refused(403, TOO_OLD)


async def _read(headers: Headers, receive: Receive) -> bytes:
    told = headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit() and len(told) < 10) or int(told) > LARGEST_BODY:
        raise Refused(413, TOO_MUCH)
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, BROKEN_OFF)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise Refused(413, TOO_MUCH)
    return body


def _again(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _with_headers(send: Send, *, personal: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
            if personal and "cache-control" not in headers:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return guarded


def session_cookie(response: Response, session: str, port: int) -> Response:
    """The same response, with the session that the browser brings back. It ends with the browser."""
    response.set_cookie(cookie_name(port), session, httponly=True, samesite="strict", path="/")
    return response

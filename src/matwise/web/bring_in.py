"""Bring in a file: hand it over, see what is in it, bring it in or not, let it wait, take it out again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import MatwiseError
from matwise.sentence import Sentence
from matwise.web import asked, upload
from matwise.web.importing import Importing, Job, Kind
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.practice.bring_in import Said
    from matwise.practice.import_tally import Tally
    from matwise.store.imports import KeptImport

OUR_MISTAKE = Sentence("Something went wrong on our side. What was brought in before is kept.")
GONE = Sentence("This file is not here any more. Hand it over again.")


@dataclass(frozen=True, slots=True)
class Row:
    """One import in the list."""

    kept: KeptImport
    maker: str
    new: int
    waits: bool


class NoSuchFileError(MatwiseError):
    """There is no file of this id that waits."""


def show(request: Request) -> Response:
    """Where a file is handed over, with everything that was brought in before."""
    from matwise.practice import bring_in, import_spool

    import_spool.sweep(asked.settings(request), asked.now(request))
    db = asked.database(request)
    rows = tuple(_row(request, kept) for kept in bring_in.all_of(db))
    begun = {row.kept.id for row in rows}
    waiting = tuple(one for one in import_spool.all_of(asked.settings(request)) if one.id not in begun)
    return page(request, "measure/import.html", rows=rows, waiting=waiting, makers=bring_in.maker_names())


def show_one(request: Request) -> Response:
    """One file: being looked at, ready to be brought in, on its way, waiting, done or undone."""
    from matwise.practice import bring_in
    from matwise.store.refusal import NotKeptError

    file_id = request.path_params["file"]
    job = _jobs(request).job(file_id)
    # First: one that is done a moment later is shown as done by the next look, never as one that nobody brings in.
    running = job is not None and job.running and job.kind is Kind.BRING
    try:
        kept = bring_in.find(asked.database(request), file_id)
    except NotKeptError:
        return _look(request, job)
    problem = _problem(job) if job is not None and job.kind is Kind.BRING else None
    state, row = "on_its_way" if running else str(kept.state), _row(request, kept)
    return _one(request, state, kept=kept, row=row, tally=bring_in.counts(kept), job=job, problem=problem)


def tell(request: Request) -> Response:
    """How far it is, for the page that waits."""
    job = _jobs(request).job(request.path_params["file"])
    running = job is not None and job.running
    return JSONResponse({"running": running, "share": round(job.share, 4) if job is not None else 0.0})


def look_again(request: Request) -> Response:
    """Look at the file with what the person says of it: zone, moment, columns."""
    from matwise.practice.bring_in import Said, chosen_columns, told_of

    form = asked.form(request)
    columns = chosen_columns(zip(form.every("column"), form.every("holds"), strict=False))
    said_now = Said(form.one("zone", "UTC").strip(), form.one("at").strip(), columns)
    told_of(said_now)
    _start_look(request, request.path_params["file"], said_now)
    return _back(request)


def begin(request: Request) -> Response:
    """Bring it in as it was shown."""
    from matwise.practice import bring_in

    file_id = request.path_params["file"]
    job = _jobs(request).job(file_id)
    waiting, path = _waiting(request, file_id)
    if job is None or job.kind is not Kind.LOOK or job.running or job.result is None:
        return _back(request)  # nobody has seen what would come in
    look = bring_in.open_for_import(path, waiting.name)
    bring_in.begin(asked.database(request), file_id, look, waiting.sha256, job.said, asked.now(request))
    return _bring(request, file_id, job.said)


def go_on(request: Request) -> Response:
    """Go on where it stopped."""
    from matwise.practice import bring_in

    file_id = request.path_params["file"]
    _waiting(request, file_id)
    return _bring(request, file_id, bring_in.said_of(bring_in.find(asked.database(request), file_id)))


def pause(request: Request) -> Response:
    """Let it wait; what is in stays in."""
    _jobs(request).stop(request.path_params["file"])
    return _back(request)


def drop(request: Request) -> Response:
    """Not now: the file is deleted, and nothing of it was kept."""
    from matwise.practice import import_spool

    _jobs(request).forget(request.path_params["file"])
    import_spool.forget(asked.settings(request), request.path_params["file"])
    return RedirectResponse("/measure/import", 303)


def undo(request: Request) -> Response:
    """Take all of it out again."""
    from matwise.practice import bring_in, import_spool

    file_id = request.path_params["file"]
    _jobs(request).forget(file_id)
    bring_in.undo(asked.database(request), file_id, asked.now(request))
    import_spool.forget(asked.settings(request), file_id)
    return _back(request)


def _bring(request: Request, file_id: str, said_then: Said) -> Response:
    from matwise.practice import bring_in, import_spool
    from matwise.store.imports import State

    db, settings, clock = asked.database(request), asked.settings(request), request.app.state.now
    waiting, path = _waiting(request, file_id)

    def work(progress: Any, stopped: Any) -> KeptImport:  # noqa: ANN401 – as web/importing.py has them
        look = bring_in.open_for_import(path, waiting.name)
        kept = bring_in.bring(db, file_id, look, clock, progress, stopped)
        if kept.state is State.DONE:
            import_spool.forget(settings, file_id)
        return kept

    _jobs(request).start(file_id, Kind.BRING, said_then, work)
    return _back(request)


def _look(request: Request, job: Job | None) -> Response:
    from matwise.content.measures import measures
    from matwise.practice import bring_in

    waiting, path = _waiting(request, request.path_params["file"])
    if job is None:
        said_now = bring_in.Said(bring_in.usual_zone())
        job = _start_look(request, waiting.id, said_now)
    if job.running:
        return _one(request, "looked_at", waiting=waiting, job=job)
    said_columns = {name: holds for holds, name in job.said.columns.items()}
    told: dict[str, Any] = {
        "zones": bring_in.zones(),
        "columns": _columns(path, waiting.name),
        "holds": said_columns,
        "measured": tuple(measures().values()),
    }
    if job.error is not None or job.result is None:
        return _one(request, "refused", 422, waiting=waiting, problem=_problem(job) or OUR_MISTAKE, job=job, **told)
    preview = job.result
    return _one(request, "ready", waiting=waiting, job=job, preview=preview, tally=preview.tally, **told)


def _columns(path: Path, name: str) -> tuple[Any, ...]:
    from matwise.practice import bring_in

    try:
        return bring_in.columns_of(bring_in.open_for_import(path, name))
    except MatwiseError:
        return ()


def _start_look(request: Request, file_id: str, said_now: Said) -> Job:
    from matwise.practice import bring_in

    waiting, path = _waiting(request, file_id)
    db, now = asked.database(request), asked.now(request)

    def work(progress: Any, stopped: Any) -> bring_in.Preview | None:  # noqa: ANN401 – as web/importing.py has them
        look = bring_in.open_for_import(path, waiting.name)
        return bring_in.preview(db, look, said_now, now, progress, stopped)

    return _jobs(request).start(file_id, Kind.LOOK, said_now, work)


def _one(request: Request, state: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 – what the template shows
    from matwise.content.measures import measures
    from matwise.practice import by_hand
    from matwise.practice.import_tally import BEATS

    names = {one.id: one.name for one in measures().values()} | {BEATS: Sentence("Recordings of beats")}
    shared: dict[str, object] = {"kept": None, "waiting": None, "preview": None, "tally": None, "problem": None}
    moves = state in {"looked_at", "on_its_way"}
    file_id = request.path_params["file"]
    context = shared | {"names": names, "sources": by_hand.SOURCES, "moves": moves, "file_id": file_id} | context
    return page(request, "measure/import_one.html", status, state=state, **context)


def _row(request: Request, kept: KeptImport) -> Row:
    from matwise.practice import bring_in, import_spool

    tally: Tally = bring_in.counts(kept)
    waits = import_spool.find(asked.settings(request), kept.id) is not None
    return Row(kept, bring_in.maker_name(kept), tally.new, waits)


def _problem(job: Job) -> str | None:
    if job.error is None:
        return None
    return job.error.sentence if isinstance(job.error, MatwiseError) else OUR_MISTAKE


def _waiting(request: Request, file_id: str) -> tuple[Any, Path]:
    from matwise.practice import import_spool

    found = import_spool.find(asked.settings(request), file_id)
    if found is None:
        raise NoSuchFileError(GONE)
    return found


def _jobs(request: Request) -> Importing:
    importing: Importing = request.app.state.importing
    return importing


def _back(request: Request) -> Response:
    return RedirectResponse(f"/measure/import/{request.path_params['file']}", 303)


_ACTS = {"look": look_again, "begin": begin, "go-on": go_on, "pause": pause, "drop": drop, "undo": undo}
routes = [
    Route("/measure/import", show, methods=["GET"]),
    Route("/measure/import", upload.receive_form, methods=["POST"]),
    Route("/measure/import/file", upload.receive, methods=["PUT"]),
    Route("/measure/import/{file}", show_one, methods=["GET"]),
    Route("/measure/import/{file}/progress", tell, methods=["GET"]),
    *(Route(f"/measure/import/{{file}}/{name}", act, methods=["POST"]) for name, act in _ACTS.items()),
]

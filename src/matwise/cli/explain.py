"""What is known, in a terminal."""

from __future__ import annotations

from matwise.cli.terminal import VERBS, app, out


@app.command(group=VERBS)
def explain(claim: str | None = None) -> None:
    """What is known about mats: every claim, the numbers, who found them, and what is missing.

    Args:
        claim: One entry by its id; all of them, a line each, when left out.
    """
    from matwise.practice import explain as practice

    if claim is None:
        for one in practice.claims():
            out.print(f"[bold]{one.id}[/bold]  {one.title}: {one.answer}", soft_wrap=True)
        return
    found = practice.claim(claim)
    out.print(f"[bold]{found.title}[/bold]\n{found.answer}", soft_wrap=True)

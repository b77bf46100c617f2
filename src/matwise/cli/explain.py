"""What is known, in a terminal."""

from __future__ import annotations

from matwise.cli.terminal import VERBS, app, out


@app.command(group=VERBS, sort_key=6)
def explain(claim: str | None = None) -> None:
    """What is known about mats: every claim, the numbers, who found them, and what is missing.

    Args:
        claim: One entry by its id; all of them, a line each, when left out.
    """
    from matwise.practice import explain as practice

    if claim is None:
        for one in practice.claims():
            out.print(f"[bold]{one.id}[/bold]  {one.answer} [dim]How sure: {one.certainty.word}.[/dim]")
        return
    found = practice.claim(claim)
    out.print(f"[bold]{found.title}[/bold]\n{found.answer}")
    out.print(f"\nHow sure: {found.certainty.word}. {found.why_certainty}")
    out.print(f"\n[bold]Studied on mats[/bold]\n{found.studied_on_mats}")
    if found.borrowed:
        out.print(f"\n[bold]Borrowed from elsewhere[/bold]\n{found.borrowed}")
    for finding in found.findings:
        numbers = f" {finding.numbers}" if finding.numbers else ""
        out.print(f"• {finding.text}{numbers} [dim]Compared with: {finding.compared_with}.[/dim]")
    out.print("\n[bold]Sources[/bold]")
    for source in found.sources:
        out.print(f"  {source.title}, {source.address} (read {source.read_on})", soft_wrap=True)
    out.print(f"Reviewed {found.reviewed_on}.")

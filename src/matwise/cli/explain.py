"""What is known, in a terminal."""

from __future__ import annotations

from matwise.cli.terminal import VERBS, app, bold, dim, out
from matwise.sentence import Sentence

HOW_SURE = Sentence("How sure: {certainty}.")
HOW_SURE_WHY = Sentence("How sure: {certainty}. {why}")
ON_MATS, ELSEWHERE = Sentence("Studied on mats"), Sentence("Borrowed from elsewhere")
AGAINST = Sentence("Compared with: {compared_with}.")
READ = Sentence("{title}, {address} (read {on})")
AGAINST_WHAT = Sentence("Against {comparator}: {outcome}, {at}")
LEFT_OUT = Sentence("Left out: {study}. {why}")
REVIEWED = Sentence("Reviewed {on}.")


@app.command(group=VERBS, sort_key=6)
def explain(claim: str | None = None, *, studies: bool = False) -> None:
    """What is known about mats: every claim, the numbers, who found them, and what is missing.

    Args:
        claim: One entry by its id; all of them, a line each, when left out.
        studies: Instead what the studies say together, and where they contradict themselves.
    """
    from matwise.practice import explain as practice

    if studies:
        _studies()
        return
    if claim is None:
        for one in practice.claims():
            out.print(bold(one.id), one.answer, dim(HOW_SURE.format(certainty=one.certainty.word)))
        return
    found = practice.claim(claim)
    _under(bold(found.title), found.answer)
    _under("", HOW_SURE_WHY.format(certainty=found.certainty.word, why=found.why_certainty))
    _under("", bold(ON_MATS), found.studied_on_mats)
    if found.borrowed:
        _under("", bold(ELSEWHERE), found.borrowed)
    for finding in found.findings:
        numbers = [finding.numbers] if finding.numbers else []
        out.print("•", finding.text, *numbers, dim(AGAINST.format(compared_with=finding.compared_with)))
    _under("", bold(Sentence("Sources")))
    for source in found.sources:
        out.print(" ", READ.format(title=source.title, address=source.address, on=source.read_on), soft_wrap=True)
    out.print(REVIEWED.format(on=found.reviewed_on))


def _studies() -> None:
    from matwise.practice import studies as practice
    from matwise.practice.studies_words import contradiction, figures_of, said_together

    for one in practice.questions():
        _under(
            bold(
                AGAINST_WHAT.format(
                    comparator=one.comparator, outcome=one.outcome, at=one.derived[0].result.measured_at
                )
            )
        )
        for each in one.derived:
            out.print("•", each.result.study, figures_of(each.effect), dim(each.how))
        for candidate, why in one.judged.left_out:
            out.print(LEFT_OUT.format(study=candidate.study, why=why))
        _under(*said_together(one), "")
    for told in practice.contradictions():
        out.print(contradiction(told))


def _under(*lines: str) -> None:
    for line in lines:
        out.print(line)

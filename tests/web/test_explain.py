from __future__ import annotations

import re
from pathlib import Path

import pytest

from matwise.content.claims import Direction
from matwise.practice import explain
from matwise.web.explain import tally

from .served import a_person

TEMPLATES = Path(__file__).parents[2] / "src" / "matwise" / "web" / "templates"


def test_every_claim_is_listed_with_how_sure_it_is(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        page = person.get("/explain").text

        for claim in explain.claims():
            assert f'href="/explain/{claim.id}"' in page
        assert page.count("How sure: ") == len(explain.claims())


def test_every_claim_has_a_page_with_all_its_sources_and_its_review_date(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        for claim in explain.claims():
            page = person.get(f"/explain/{claim.id}").text
            day = claim.reviewed_on
            assert f"Reviewed {day.day} {day:%B %Y}" in page
            assert page.count('<li class="source">') == len(claim.sources)
            assert page.count('<p class="source">Compared with') == len(claim.findings)


def test_findings_that_show_nothing_are_counted_like_the_others() -> None:
    claim = explain.claim("back_pain")
    on_mats = [finding for finding in claim.findings if finding.on_mats]

    assert sum(count for _, count, _ in tally(claim)) == len(on_mats)
    assert (Direction.NO_DIFFERENCE, 2, "no difference") in tally(claim)


def test_every_link_to_a_claim_leads_to_one() -> None:
    linked = {
        claim
        for template in TEMPLATES.rglob("*.html")
        for claim in re.findall(r'href="/explain/([a-z_]+)"', template.read_text("utf-8"))
    }

    assert linked
    assert linked <= {claim.id for claim in explain.claims()} | {"studies"}


@pytest.mark.parametrize("name", ["nothing", "../connect", "%3Cscript%3E"])
def test_a_claim_that_does_not_exist_is_told_kindly(tmp_path: Path, name: str) -> None:
    with a_person(tmp_path) as person:
        answer = person.get(f"/explain/{name}", headers={"accept": "text/html"})

        assert answer.status_code in {200, 404}
        assert "<script>" not in answer.text.replace('<script type="module"', "")

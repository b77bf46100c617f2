"""The tutorial is what the code does."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

TUTORIAL = ROOT / "docs" / "trial_of_one.ipynb"


def said(notebook: nbformat.NotebookNode) -> list[str]:
    """What each cell printed or gave, without the digits: they may differ in the last place between machines.

    In one piece: whether what is printed comes in one output or in several is a matter of speed.
    """
    texts = [
        "".join(
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.outputs
            if output.get("name") != "stderr"  # what packages say to whoever meets them first
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return [re.sub(r"\d+", "#", text) for text in texts]


@pytest.mark.filterwarnings("ignore")
def test_the_tutorial_runs_from_top_to_bottom_and_says_what_it_shows() -> None:
    shown, run = (nbformat.read(TUTORIAL, as_version=4) for _ in range(2))  # type: ignore[no-untyped-call]  # untyped

    NotebookClient(run, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()

    assert said(run) == said(shown)

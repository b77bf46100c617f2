from __future__ import annotations

import pytest

from matwise.errors import InvalidInputError
from matwise.exchange.wearables.rr_text import read_pasted


@pytest.mark.parametrize(
    "text",
    [
        "812\n790\n1010",
        "0.812\n0.790\n1.010\n",
        "0,812\n0,790\n1,010\n",
        "# made by an app\nRR\n812\n\n790\r\n1010",
        "2026-11-23 19:00:01; 812\n2026-11-23 19:00:02; 790\n2026-11-23 19:00:03; 1010",
        "1\t812\n2\t790\n3\t1010",
        "1,812\n10,790\n11,1010",
    ],
    ids=["ms", "s", "decimal comma", "heads", "with times", "numbered", "CSV"],
)
def test_exports_of_straps_are_read(text: str) -> None:
    assert read_pasted(text) == pytest.approx([812, 790, 1010])


@pytest.mark.parametrize(
    ("text", "where"),
    [("812\n8x2", "line 2"), ("", "no interval"), ("812\n-4", "line 2")],
    ids=["word", "empty", "sign"],
)
def test_what_is_none_is_named_with_its_line(text: str, where: str) -> None:
    with pytest.raises(InvalidInputError, match=where):
        read_pasted(text)

from __future__ import annotations

import csv
import io
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.exchange import tables
from matwise.exchange.tables import Cell, csv_blocks, csv_bytes, json_blocks, json_bytes

READABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
CELLS = st.one_of(st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), READABLE)


def _read(written: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.decode(), newline="")))


def test_a_table_is_a_header_and_a_line_for_each_row() -> None:
    written = csv_bytes(("day", "arm", "pain"), [(1, "mat", 4), (2, "rest", None), (3, 'a "b", c', 5.5)])

    assert written == b'day,arm,pain\r\n1,mat,4\r\n2,rest,\r\n3,"a ""b"", c",5.5\r\n'


@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_every_cell_comes_back_but_for_the_apostrophe_that_disarms_it(rows: list[list[Cell]]) -> None:
    _, *back = _read(csv_bytes(("a", "b", "c"), rows))

    assert len(back) == len(rows)
    for row, cells in zip(rows, back, strict=True):
        for cell, text in zip(row, cells, strict=True):
            assert text in {"" if cell is None else str(cell), f"'{cell}"}


@given(text=READABLE)
def test_no_text_ever_begins_as_a_formula(text: str) -> None:
    for harmful in "=+-@\t\r\n＝＋－＠":
        (_, (cell, _)) = _read(csv_bytes(("words", "n"), [(harmful + text, 1)]))

        assert cell == "'" + harmful + text


@pytest.mark.parametrize("number", [-3, -0.5, 2**70, 1e-7, 0.1 + 0.2])
def test_numbers_stay_numbers_to_the_last_digit(number: float) -> None:
    (_, (cell,)) = _read(csv_bytes(("n",), [(number,)]))

    assert float(cell) == number


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(InvalidInputError, match="line 2, pain"):
        csv_bytes(("pain",), [(number,)])
    with pytest.raises(InvalidInputError, match="finite"):
        json_bytes({"pain": number})


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="line 3: got 1 cells; want 2 cells"):
        csv_bytes(("a", "b"), [(1, 2), (1,)])


@given(
    value=st.recursive(
        st.one_of(CELLS, st.booleans()),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(READABLE, inner, max_size=3)),
        max_leaves=8,
    )
)
def test_json_comes_back_exactly(value: object) -> None:
    assert json.loads(json_bytes(value)) == value


@given(st.integers(0, 3), st.integers(0, 25))
def test_tables_in_blocks_are_the_json_and_the_csv_they_would_be_whole(number: int, length: int) -> None:
    rows = [(one, f'"{one}",\r\n', None) for one in range(length)]
    names = [f"table {one}" for one in range(number)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tables, "ROWS_AT_ONCE", 5)
        told = b"".join(json_blocks({"what": "é"}, ((name, ("a", "b", "c"), iter(rows)) for name in names)))
        in_blocks = list(csv_blocks(("a", "b", "c"), iter(rows)))
    wanted = [dict(zip("abc", row, strict=True)) for row in rows]

    assert json.loads(told) == {"what": "é", "tables": dict.fromkeys(names, wanted)}
    assert b"".join(in_blocks) == csv_bytes(("a", "b", "c"), rows)
    assert len(in_blocks) == (length + 1) // 5 + 1


def test_a_number_that_json_can_not_say_is_refused_in_blocks_too() -> None:
    with pytest.raises(InvalidInputError):
        list(json_blocks({}, [("t", ("a",), [(math.nan,)])]))

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.exchange.wearables import any_table
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.makers import recognise
from matwise.exchange.wearables.opened import Opened, open_file
from matwise.measures.reading import Readings, Rejected

BERLIN = ZoneInfo("Europe/Berlin")
CALM = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLE = "Zeit;Ruhepuls;Notiz;Hauttemperatur\n01.03.2026 07:00;58;gut;33,4\n02.03.2026 07:00;;müde;33,6\n\n"


def opened(folder: Path, text: str, encoding: str = "utf-8") -> Opened:
    path = folder / "table.csv"
    path.write_text(text, encoding=encoding)
    return open_file(path)


def told(file: Opened, **columns: str) -> tuple[dict[str, list[float]], list[Rejected]]:
    found: list[Found] = list(any_table.read(file, Told(zone=BERLIN, columns=columns)))
    values = {one.measure: one.values.tolist() for one in found if isinstance(one, Readings)}
    return values, [one for one in found if isinstance(one, Rejected)]


def test_its_columns_are_named_with_examples_and_a_guess(tmp_path: Path) -> None:
    file = opened(tmp_path, TABLE)
    columns = any_table.columns_of(file)

    assert recognise(file) is any_table
    assert [one.name for one in columns] == ["Zeit", "Ruhepuls", "Notiz", "Hauttemperatur"]
    assert [one.guess for one in columns] == ["at", "resting_heart_rate", "", "skin_temperature"]
    assert columns[3].examples == ("33,4", "33,6")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_was_said_of_columns_is_read_and_an_empty_cell_is_no_value(tmp_path: Path, encoding: str) -> None:
    file = opened(tmp_path, TABLE, encoding)
    values, rejected = told(file, at="Zeit", resting_heart_rate="Ruhepuls", skin_temperature="Hauttemperatur")

    assert values == {"resting_heart_rate": [58.0], "skin_temperature": [33.4, 33.6]}
    assert rejected == []


def test_rows_without_a_moment_and_cells_without_a_number_are_rejected(tmp_path: Path) -> None:
    file = opened(tmp_path, "when,bpm\n2026-03-01 07:00,60\nlater,61\n2026-03-01 07:02,quick\n2026-03-29 02:30,62\n")
    values, rejected = told(file, at="when", heart_rate="bpm")

    assert values == {"heart_rate": [60.0]}
    assert [one.where for one in rejected] == ["line 3", "line 4", "line 5"]


@pytest.mark.parametrize("columns", [{}, {"at": "Zeit"}, {"at": "Zeit", "rmssd": "nowhere"}, {"rmssd": "Ruhepuls"}])
def test_as_long_as_nobody_explains_it_nothing_is_read(tmp_path: Path, columns: dict[str, str]) -> None:
    with pytest.raises(ImportRejectedError, match="columns are Zeit, Ruhepuls"):
        told(opened(tmp_path, TABLE), **columns)


def test_dates_that_could_be_either_are_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(ImportRejectedError, match="tell days from months"):
        told(opened(tmp_path, "date,hr\n03/04/2026,60\n"), at="date", heart_rate="hr")


@CALM
@given(st.lists(st.integers(30, 200), min_size=1, max_size=40), st.sampled_from(",;\t"))
def test_every_row_is_a_reading_or_rejected(tmp_path: Path, values: list[int], between: str) -> None:
    rows = [f"2026-03-01 07:{n:02}:00{between}{value if value % 5 else '?'}" for n, value in enumerate(values)]
    found, rejected = told(opened(tmp_path, "\n".join([f"at{between}hr", *rows])), at="at", heart_rate="hr")

    assert len(found.get("heart_rate", [])) + len(rejected) == len(values)
    assert found.get("heart_rate", []) == [value for value in values if value % 5]

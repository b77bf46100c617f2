from __future__ import annotations

import json
from pathlib import Path

import pytest

from .terminal import matwise

DAYS = "\n".join(
    ["day,arm,pain,note"]
    + [f"{day},{'mat' if (day // 4) % 2 else 'rest'},{4 + day % 3 - 2 * ((day // 4) % 2)},x" for day in range(1, 33)]
)


def a_table(folder: Path, text: str = DAYS) -> str:
    file = folder / "days.csv"
    file.write_text(text, "utf-8")
    return str(file)


def test_a_table_of_days_gives_the_answer_as_json(tmp_path: Path) -> None:
    told = matwise(tmp_path, "answer", a_table(tmp_path), "--outcome", "pain", "--carryover", "none", "--json")
    answer = json.loads(told.out)

    assert answer["verdict"] == "helps"
    assert set(answer["effect"]) == {"mean", "sd", "q025", "q50", "q975"}
    assert answer["effect"]["q025"] < answer["effect"]["q50"] < answer["effect"]["q975"] < 0
    assert answer["p_benefit"] > 0.975
    assert (answer["days_used"], answer["days_missing"]) == (32, 0)
    assert {"p_matters", "days_needed", "model", "priors"} <= set(answer)


def test_swapping_the_arms_turns_the_answer_around(tmp_path: Path) -> None:
    there, back = (
        json.loads(
            matwise(tmp_path, "answer", a_table(tmp_path), "--outcome", "pain", "--compare", compare, "--json").out
        )
        for compare in ("mat:rest", "rest:mat")
    )

    assert there["verdict"] == "helps"
    assert back["verdict"] == "makes_worse"


def test_own_priors_are_used_and_shown(tmp_path: Path) -> None:
    command = ("answer", a_table(tmp_path), "--outcome", "pain", "--json", "--prior", "effect=0,0.1")
    answer = json.loads(matwise(tmp_path, *command, "--prior", "sigma=1").out)

    assert answer["priors"]["effect"]["sd"] == pytest.approx(0.1)
    assert answer["priors"]["sigma"]["scale"] == pytest.approx(1)
    assert abs(answer["effect"]["mean"]) < 0.5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("day,arm,pain\n1,mat,12\n2,rest,5", "line 2"),
        ("day,arm,pain\n1,mat,much\n2,rest,5", "line 2"),
        ("day,arm,pain\n1,mat,4\n1,rest,5", "day"),
        ("day,arm,pain\n1,mat,4\n2,mat,5", "two arms"),
        ("day,pain\n1,4", "arm"),
        ("", "day"),
    ],
)
def test_a_table_that_can_not_be_used_says_where_and_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    refused = matwise(tmp_path, "answer", a_table(tmp_path, text), "--outcome", "pain")

    assert refused.status == 2
    assert told in refused.err
    assert "want" in refused.err


def test_two_days_are_honestly_not_enough(tmp_path: Path) -> None:
    table = a_table(tmp_path, "day,arm,pain\n1,mat,4\n2,rest,5")
    told = matwise(tmp_path, "answer", table, "--outcome", "pain", "--json")

    assert json.loads(told.out)["verdict"] == "not_enough_days"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused = matwise(tmp_path, "answer", "nowhere.csv", "--outcome", "pain")

    assert refused.status == 2
    assert "nowhere.csv" in refused.err


def test_a_report_names_every_item_of_cent_2015(tmp_path: Path) -> None:
    told = matwise(tmp_path, "answer", a_table(tmp_path), "--outcome", "pain", "--report").out

    assert told.startswith("Methods. An N-of-1 trial compared mat with rest")
    assert "95 % credible interval" in told
    assert all(f"\n{number}  " in told for number in ("1a", "6a", "12a", "17a", "25"))

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

from .terminal import Said, matwise


def power(folder: Path, *words: str) -> Said:
    return matwise(folder, "trial", "power", "--design", "4", *words)


def days(folder: Path, *words: str) -> list[dict[str, str]]:
    told = matwise(folder, "trial", "schedule", "--starts", "2027-01-04", "--csv", *words)
    assert told.status == 0, told.err
    return list(csv.DictReader(told.out.splitlines()))


def test_the_power_table_is_told_in_words_and_as_json(tmp_path: Path) -> None:
    said, told = power(tmp_path), json.loads(power(tmp_path, "--json").out)
    (line,) = told["designs"]

    assert "56 days" in said.out
    assert "more than 112" in said.out
    assert [one["days"] for one in line["chances"]] == [28, 42, 56, 84, 112]
    assert (told["day_spread"], told["rho"], told["baseline_days"]) == (1.5, 0.3, 0)
    assert told["can_succeed"]


def test_a_trial_that_can_not_succeed_says_so(tmp_path: Path) -> None:
    assert "will probably not tell you" in power(tmp_path, "--sd", "4").out


def test_own_days_say_how_much_they_differ(tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("day,pain\n" + "\n".join(f"{day},{5 + day % 2}" for day in range(1, 31)))
    told = json.loads(power(tmp_path, "--baseline", str(file), "--outcome", "pain", "--json").out)

    assert told["baseline_days"] == 30
    assert told["day_spread"] < 1


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    said = power(tmp_path, "--sd", "0", "--rho", "1", "--effect", "0", "--outcome", "pain")
    dealt = matwise(tmp_path, "trial", "schedule", "--days", "200", "--block", "0", "--order", "latin")

    assert said.status == dealt.status == 2
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["effect", "sd", "rho", "baseline"]
    assert [line.split(":")[0] for line in dealt.err.splitlines()] == ["days", "block days", "order"]


def test_a_schedule_comes_as_a_table_that_its_seed_gives_again(tmp_path: Path) -> None:
    first, again = (days(tmp_path, "--days", "40", "--order", "abba", "--seed", "3") for _ in range(2))

    assert first == again
    assert len(first) == 40
    assert Counter(one["arm"] for one in first) == {"mat": 20, "rest": 20}


def test_days_off_are_left_out_and_the_arms_get_their_days_all_the_same(tmp_path: Path) -> None:
    dealt = days(
        tmp_path, "--days", "18", "--block", "2", "--versus", "both", "--order", "latin", "--cannot", "2027-01-06"
    )

    assert [one["day"] for one in dealt if one["off"] == "1"] == ["2027-01-06"]
    assert Counter(one["arm"] for one in dealt) == {"mat": 6, "rest": 6, "nothing": 6, "": 1}


def test_dates_that_can_not_be_read_are_named(tmp_path: Path) -> None:
    said = matwise(tmp_path, "trial", "schedule", "--cannot", "soon,2027-02-30")

    assert (said.status, len(said.err.splitlines())) == (2, 2)

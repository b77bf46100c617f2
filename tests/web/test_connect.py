from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from matwise.practice import measure

from .served import a_person
from .somebody import somebody


def test_the_download_holds_every_table_as_csv_and_all_of_it_as_json(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        measure.keep(ana.db, "c-1", "pain", "evening", "4", ana.clock())
        answer = ana.browser.post("/connect/export")
        packed = zipfile.ZipFile(io.BytesIO(answer.content))
        everything = json.loads(packed.read("everything.json"))

        assert "attachment" in answer.headers["content-disposition"]
        assert {f"{table}.csv" for table in everything["tables"]} <= set(packed.namelist())
        assert [row["value_0_10"] for row in everything["tables"]["ratings"]] == [4]


def test_a_backup_is_listed_once_it_is_made(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        before = person.get("/connect").text
        made = person.post("/connect/backup")
        page = person.get("/connect").text
        (file,) = (tmp_path / "backups").glob("*.db")

        assert (made.status_code, made.headers["location"]) == (303, "/connect#backups")
        assert file.name not in before
        assert file.name in page


def test_the_page_says_that_sharing_is_not_there_yet(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        assert "Sharing inside Matwise is not there yet" in person.get("/connect").text


def test_a_wrong_word_erases_nothing_and_is_shown_again(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        measure.keep(ana.db, "c-1", "pain", "evening", "4", ana.clock())
        answer = ana.browser.post("/connect/erase", data={"confirm": '<b>"yes"</b>'})

        assert answer.status_code == 422
        assert 'value="&lt;b&gt;&#34;yes&#34;&lt;/b&gt;"' in answer.text
        assert measure.evening(ana.db, ana.clock()).given == {"pain": 4}


def test_erasing_empties_what_the_browser_keeps_too(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        erased = person.post("/connect/erase", data={"confirm": "ERASE"})

        assert erased.headers["clear-site-data"] == '"cache", "storage"'

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from matwise.cli import open as open_door
from matwise.practice import screen

from .terminal import answers_file, matwise


def test_ana_goes_from_the_first_question_to_the_audio_file_in_a_terminal(tmp_path: Path) -> None:
    screened = matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    planned = matwise(tmp_path, "plan")
    guided = matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")
    reported = matwise(tmp_path, "measure", "--session", typed="yes\n3\nno\n5\n\n\n\n")
    rated = matwise(tmp_path, "measure", "pain", "4")
    begun = matwise(tmp_path, "answer", "--begin", "pain:rest", "--days", "28")

    assert [one.status for one in (screened, planned, guided, reported, rated, begun)] == [0] * 6, guided.err
    assert "You can use the mat." in screened.out
    assert "This is where everybody starts." in planned.out
    heard = soundfile.info(tmp_path / "session.mp3")
    assert f"{int(heard.duration // 60)}:{round(heard.duration) % 60:02}" in guided.out
    assert "Kept: pain 4" in rated.out
    assert "Not enough days yet" in begun.out


def test_the_same_session_is_the_same_file(tmp_path: Path) -> None:
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    for name in ("one.mp3", "two.mp3"):
        assert matwise(tmp_path, "guide", "--changed", "no", "--out", name).status == 0

    assert (tmp_path / "one.mp3").read_bytes() == (tmp_path / "two.mp3").read_bytes()


@pytest.mark.parametrize(
    "but",
    [
        {"pregnancy": "yes"},
        {"blood_thinner": "unknown"},
        {"eczema": {"reply": "yes", "areas": ["upper_back", "lower_back"]}},
    ],
    ids=["pregnant", "blood thinner unknown", "eczema on the back"],
)
def test_no_command_makes_a_session_for_somebody_who_must_not(tmp_path: Path, but: dict[str, object]) -> None:
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path, **but)))
    for changed in ("no", "yes", "unknown"):
        refused = matwise(tmp_path, "guide", "--changed", changed, "--out", "session.mp3")

        assert refused.status == 2
        assert refused.err
    assert not (tmp_path / "session.mp3").exists()


def test_a_yes_in_the_file_counts_over_an_earlier_no(tmp_path: Path) -> None:
    matwise(tmp_path, "screen", typed="no\n" * 9)
    told = matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path, pregnancy="yes")))

    assert "Please don’t use the mat now." in told.out
    assert matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3").status == 2


def test_without_a_safety_check_there_is_no_session(tmp_path: Path) -> None:
    refused = matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")

    assert refused.status == 2
    assert "safety check" in refused.err
    assert not (tmp_path / "session.mp3").exists()


def test_answers_given_before_an_interruption_are_not_asked_again(tmp_path: Path) -> None:
    stopped = matwise(tmp_path, "screen", typed="no\nno\nno\n")
    count = len(screen.questions())
    finished = matwise(tmp_path, "screen", typed="no\n" * (count - 3))

    assert stopped.status != 0
    assert f"You answered 3 of {count} questions before." in finished.out
    assert "You can use the mat." in finished.out


def test_a_red_flag_ends_the_questions_with_where_to_get_help(tmp_path: Path) -> None:
    told = matwise(tmp_path, "screen", typed="yes\n")

    assert told.status == 1
    assert "Please get medical help now." in told.out


def test_what_is_kept_can_be_copied_brought_back_taken_along_and_erased(tmp_path: Path) -> None:
    matwise(tmp_path, "measure", "pain", "4")
    copy = matwise(tmp_path, "backup", str(tmp_path / "copies")).out.strip()
    matwise(tmp_path, "measure", "stress", "7")
    restored = matwise(tmp_path, "restore", copy)
    exported = matwise(tmp_path, "export", str(tmp_path / "out"))
    everything = json.loads(next((tmp_path / "out").rglob("everything.json")).read_text("utf-8"))
    erased = matwise(tmp_path, "erase", typed="ERASE\n")
    after = matwise(tmp_path, "export", str(tmp_path / "after"))

    assert [one.status for one in (restored, exported, erased, after)] == [0] * 4, restored.err
    assert [row["scale"] for row in everything["tables"]["ratings"]] == ["pain"]
    left = json.loads(next((tmp_path / "after").rglob("everything.json")).read_text("utf-8"))
    assert not any(left["tables"].values())


def test_erasing_needs_the_word(tmp_path: Path) -> None:
    matwise(tmp_path, "measure", "pain", "4")

    assert "Nothing was erased." in matwise(tmp_path, "erase", typed="yes\n").out


def test_help_lists_the_verbs_of_the_web_app(tmp_path: Path) -> None:
    told = matwise(tmp_path, "--help")

    verbs = [
        told.out.index(f" {verb} ") for verb in ("screen", "plan", "guide", "measure", "answer", "explain", "connect")
    ]
    assert verbs == sorted(verbs)


def test_every_claim_can_be_read_in_a_terminal(tmp_path: Path) -> None:
    told = matwise(tmp_path, "explain", "back_pain")

    assert "Reviewed" in told.out
    assert "10.1155/2012/753583" in told.out
    assert matwise(tmp_path, "explain", "levitation").status == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [("no\npain\nabc\n", "minutes, 0 or more"), ("yes\nabc\n", "a whole number from 0 to 10")],
    ids=["minutes", "pain"],
)
def test_a_number_that_is_none_is_refused_in_a_sentence(tmp_path: Path, typed: str, said: str) -> None:
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")
    told = matwise(tmp_path, "measure", "--session", typed=typed)

    assert told.status == 2
    assert said in told.err
    assert "Traceback" not in told.err


def test_the_terminal_asks_what_the_pages_ask_after_a_session(tmp_path: Path) -> None:
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")
    told = matwise(tmp_path, "measure", "--session", typed="yes\n9\nno\n3\nyes\nno\nyes\n")
    matwise(tmp_path, "export", str(tmp_path / "out"))
    everything = json.loads(next((tmp_path / "out").rglob("everything.json")).read_text("utf-8"))
    (kept,) = everything["tables"]["sessions"]

    assert told.status == 0, told.err
    assert [kept[name] for name in ("worst_pain_0_10", "dizzy", "nap_minutes", "warmth", "tingling", "itch")] == [
        9,
        0,
        3,
        1,
        0,
        1,
    ]
    assert "You reported a bad reaction today (pain of 9 out of 10)." in told.out


def test_a_rating_after_a_session_says_what_changed_and_that_one_says_little(tmp_path: Path) -> None:
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    matwise(tmp_path, "measure", "stress", "7", "--moment", "before")
    matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")
    told = matwise(tmp_path, "measure", "stress", "4", "--moment", "after")

    assert "7 before, 4 after: 3 points lower." in told.out
    assert "One session says little" in told.out


def test_a_third_complaint_replaces_none_of_the_two(tmp_path: Path) -> None:
    told = [matwise(tmp_path, "measure", "--complaint", words) for words in ("neck", "knee", "jaw", "KNEE")]
    renamed = matwise(tmp_path, "measure", "--complaint", "jaw", "--slot", "2")

    assert [one.status for one in told] == [0, 0, 2, 0]
    assert "one of your two, 'neck' or 'knee'" in told[2].err
    assert "--slot" in told[2].err
    assert "jaw" in renamed.out


def test_the_demo_takes_the_port_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ports = []
    monkeypatch.setattr("matwise.web.serve.serve_demo", lambda settings, **_: ports.append(settings.port))
    monkeypatch.setenv("MATWISE_DATA", str(tmp_path))
    for port in (8765, 9000, None):
        open_door.demo(port=port, browser=False)

    assert ports == [8765, 9000, 0]


def test_a_strap_s_recording_is_weighed_in_a_terminal_and_the_person_has_the_last_word(tmp_path: Path) -> None:
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")
    matwise(tmp_path, "measure", "--session", typed="yes\n3\nno\n5\n\n\n\n")
    (tmp_path / "beats.txt").write_text("812\n" * 100, encoding="utf-8")
    short = matwise(tmp_path, "measure", "--nap", str(tmp_path / "beats.txt"))
    none = matwise(tmp_path, "measure", "--nap", str(tmp_path / "nowhere.txt"))

    assert (short.status, none.status) == (2, 2)
    assert "less than five minutes of the session" in short.err
    assert "a file that can be read" in none.err

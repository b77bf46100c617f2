from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from matwise.practice import guide, measure, screen
from matwise.trial.design import Arm
from tests.practice.people import MONDAY_EVENING, answers_all

from .somebody import SESSION, Said, somebody

PREGNANT: Said = {"pregnancy": ("yes", ())}
BLOOD_THINNER: Said = {"blood_thinner": ("unknown", ())}
ECZEMA: Said = {"eczema": ("yes", ("upper_back", "lower_back"))}


def test_the_guide_says_in_one_line_what_today_is_and_asks_the_one_question(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get("/guide").text

        assert re.search(r"<h1>[^<]*Feet first, sitting", page)
        assert "Has anything changed since your last safety check?" in page
        assert page.index(">No, start<") < page.index(">Yes<") < page.index("don’t know")


def test_no_starts_the_session_and_the_same_form_again_starts_it_once(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        codes = [ana.start(), ana.start()]

        assert codes == [303, 303]
        assert ana.browser.get(f"/guide/{SESSION}").status_code == 200
        last = guide.last(ana.db)
        assert last is not None
        assert last.id == SESSION


@pytest.mark.parametrize("changed", ["yes", "unknown"])
def test_a_change_leads_to_the_safety_check_and_to_no_session(tmp_path: Path, changed: str) -> None:
    with somebody(tmp_path) as ana:
        sent = {"session_id": SESSION, "choice": "rung", "changed": changed}
        refused = ana.browser.post("/guide/start", data=sent)

        assert refused.status_code == 403
        assert 'href="/screen"' in refused.text
        assert guide.last(ana.db) is None


def test_a_change_told_with_the_same_form_closes_a_session_that_was_open(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start("no")

        assert ana.start("yes") == 403
        assert ana.browser.get(f"/guide/{SESSION}").status_code == 403


def test_a_missing_reply_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        refused = ana.browser.post("/guide/start", data={"session_id": SESSION, "choice": "rung"})

        assert refused.status_code == 422
        assert "no, yes or unknown" in refused.text


@pytest.mark.parametrize("session_id", ["", "short", "../../etc/passwd", "a" * 51, "has space in it"])
def test_a_session_id_that_no_browser_of_ours_makes_is_refused(tmp_path: Path, session_id: str) -> None:
    with somebody(tmp_path) as ana:
        assert ana.start("no", session_id) == 422
        assert guide.last(ana.db) is None


@pytest.mark.parametrize("but", [PREGNANT, BLOOD_THINNER], ids=["pregnant", "blood thinner unknown"])
def test_who_may_not_use_the_mat_reaches_no_session_by_any_door(tmp_path: Path, but: Said) -> None:
    with somebody(tmp_path) as ana:
        ana.start()  # of a time when all was well
        answers_all(ana.db, MONDAY_EVENING + timedelta(minutes=1), but)
        ana.clock.at += timedelta(minutes=2)
        page = ana.browser.get("/guide").text
        doors = [
            ana.start("no"),
            ana.start("no", "another-session"),
            *(
                ana.browser.get(f"/guide/{SESSION}{door}").status_code
                for door in ("", "/audio.mp3", "/captions.vtt", "/cues.json", "/progress")
            ),
            ana.browser.post("/api/guide", json={"session_id": "by-the-api", "changed": "no"}).status_code,
        ]

        assert "No, start" not in page
        assert doors == [403] * len(doors)
        last = guide.last(ana.db)
        assert last is not None
        assert last.id == SESSION


def test_eczema_of_the_back_never_leads_to_a_session_on_the_back(tmp_path: Path) -> None:
    with somebody(tmp_path, but=ECZEMA) as ana:
        page = ana.browser.get("/guide").text
        offered = set(re.findall(r'name="choice" value="([^"]+)"', page)) or {"rung"}
        for number, choice in enumerate(sorted(offered | {"neck", "back", "stomach"})):
            sent = {"session_id": f"session-{number}", "choice": choice, "changed": "no"}
            ana.browser.post("/guide/start", data=sent)
        last = guide.last(ana.db)

        assert last is None or "back" not in last.placement


def test_without_a_safety_check_there_is_no_session(tmp_path: Path) -> None:
    with somebody(tmp_path, checked=False) as new:
        assert new.start() == 403
        assert "Go to the safety check" in new.browser.get("/guide").text


def test_the_sound_is_served_in_parts_with_a_strong_tag(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        whole = ana.browser.get(f"/guide/{SESSION}/audio.mp3")
        size = len(whole.content)

        def part(wanted: str) -> tuple[int, bytes]:
            answer = ana.browser.get(f"/guide/{SESSION}/audio.mp3", headers={"range": wanted})
            return answer.status_code, answer.content

        assert whole.headers["accept-ranges"] == "bytes"
        assert re.fullmatch(r'"[0-9a-f]{16,}"', whole.headers["etag"])
        assert whole.headers["cache-control"] == "private, no-cache"
        assert part("bytes=0-1") == (206, whole.content[:2])
        assert part("bytes=1000-1999") == (206, whole.content[1000:2000])
        assert part(f"bytes={size - 10}-") == (206, whole.content[-10:])
        assert part(f"bytes={size}-")[0] == 416
        assert ana.browser.get(f"/guide/{SESSION}/progress").json() == {"ready": True, "share": 1.0, "failed": None}


def test_captions_and_cues_tell_what_is_heard(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        heard = guide.session(ana.db, SESSION, ana.clock()).timeline
        captions = ana.browser.get(f"/guide/{SESSION}/captions.vtt")
        sheet = ana.browser.get(f"/guide/{SESSION}/cues.json").json()

        assert captions.headers["content-type"].startswith("text/vtt")
        assert captions.text.startswith("WEBVTT")
        assert sheet["duration_s"] == heard.duration_s
        assert [cue["text"] for cue in sheet["cues"]] == [cue.text for cue in heard.cues]


def test_a_session_stopped_for_dizziness_says_what_to_do_and_closes_the_mat(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=2)
        stopped = ana.browser.post(f"/guide/{SESSION}/stop", data={"reason": "dizzy", "minutes": "1.5"})
        after = ana.browser.get(stopped.headers["location"]).text

        assert guide.find(ana.db, SESSION).stop_reason == "dizzy"
        assert guide.find(ana.db, SESSION).minutes == pytest.approx(1.5)
        assert "put your feet up" in after
        assert ana.browser.get(f"/guide/{SESSION}/audio.mp3").status_code == 403
        assert ana.start("no", "another-session") == 403


def test_a_tight_chest_leads_to_get_help(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.browser.post(f"/guide/{SESSION}/stop", data={"reason": "chest", "minutes": ""})
        after = ana.browser.get(f"/guide/{SESSION}/after").text

        assert re.search(r"<h1>Please get medical help now\.</h1>", after)
        assert "call emergency services now" in after


def test_the_log_never_holds_more_minutes_than_passed(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=3)
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "400"})

        assert guide.find(ana.db, SESSION).minutes == pytest.approx(3)


@pytest.mark.parametrize("minutes", ["-1", "nan", "inf", "1e999", "five"])
def test_minutes_that_are_none_are_refused(tmp_path: Path, minutes: str) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        refused = ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": minutes})

        assert refused.status_code == 422
        assert guide.find(ana.db, SESSION).ended_at is None


def test_every_answer_afterwards_is_kept_as_it_is_tapped(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})
        said = {
            "worst_pain_0_10": "4",
            "dizzy": "no",
            "nap_minutes": "2",
            "warmth": "yes",
            "tingling": "no",
            "itch": "no",
        }
        for number, (name, value) in enumerate(said.items()):
            sent = {"client_id": f"c{number}", "age_s": 0.5, "field": name, "value": value}
            assert ana.browser.post(f"/guide/{SESSION}/report", json=sent).status_code == 200
        kept = guide.find(ana.db, SESSION)

        assert (kept.worst_pain_0_10, kept.dizzy, kept.nap_minutes, kept.dozed) == (4, False, 2.0, True)
        page = ana.browser.get(f"/guide/{SESSION}/after").text
        assert page.count("Saved ✓") == len(said)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("worst_pain_0_10", "11"),
        ("worst_pain_0_10", "much"),
        ("dizzy", "maybe"),
        ("ended_at", "no"),
        ("nap_minutes", "600"),
        ("nap_minutes", "long"),
    ],
)
def test_an_answer_that_can_not_be_is_refused_with_what_would_be_right(tmp_path: Path, field: str, value: str) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        sent = {"client_id": "c", "field": field, "value": value}
        refused = ana.browser.post(f"/guide/{SESSION}/report", json=sent, headers={"accept": "application/json"})

        assert refused.status_code == 422
        assert refused.json()["problems"][0]["want"]


def test_afterwards_works_without_a_script_and_keeps_what_was_entered(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})
        sent = {"worst_pain_0_10": "12", "nap_minutes": "5", "after-pain": "3"}
        refused = ana.browser.post(f"/guide/{SESSION}/after", data=sent)

        assert refused.status_code == 422
        assert "a whole number from 0 to 10" in refused.text
        assert guide.find(ana.db, SESSION).nap_minutes == 5


def test_where_the_player_was_is_kept_and_told_when_somebody_comes_back(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        told = {"position_s": 460.25, "playing": True, "heard": [[0.0, 460.25]]}
        ana.browser.post(f"/guide/{SESSION}/position", json=told)
        ana.clock.at += timedelta(minutes=12)
        page = ana.browser.get(f"/guide/{SESSION}").text

        assert 'data-position-s="460.25"' in page
        assert 'data-position-age-s="720.0"' in page
        spans = re.search(r'data-position-heard="([^"]*)"', page)
        assert spans is not None
        assert json.loads(spans[1]) == [[0.0, 460.2]]


@pytest.mark.parametrize("position_s", [-1, 1e9])
def test_a_place_outside_any_file_is_refused(tmp_path: Path, position_s: float) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        told = {"position_s": position_s, "playing": True}

        assert ana.browser.post(f"/guide/{SESSION}/position", json=told).status_code == 422


def test_a_session_nobody_started_is_not_found(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        for door in ("", "/audio.mp3", "/progress", "/after", "/stop"):
            assert ana.browser.get(f"/guide/never-started{door}").status_code == 404


def test_the_guide_tells_which_kind_of_day_the_trial_asks_for(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        design = {
            "trial_id": "11111111-trial",
            "scale": "pain",
            "versus": "nothing",
            "days": "14",
            "block_days": "1",
            "washin_days": "0",
            "starts_on": MONDAY_EVENING.date().isoformat(),
        }
        assert ana.browser.post("/answer/begin", data=design).status_code == 303
        seen = {}
        for day in range(4):
            ana.clock.at = MONDAY_EVENING + timedelta(days=day)
            page = ana.browser.get("/guide").text
            arm = Arm.NOTHING if "No, start" not in page else Arm.MAT
            seen[arm] = (page, ana.start("no", f"session-of-day-{day}"))

        assert set(seen) == {Arm.MAT, Arm.NOTHING}
        assert "Today is a mat day" in seen[Arm.MAT][0]
        assert seen[Arm.MAT][1] == 303
        assert seen[Arm.NOTHING][1] == 403


def test_ratings_before_are_optional_and_kept_at_once(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        sent = {"client_id": "b1", "age_s": 0, "scale": "pain", "moment": "before", "value": "6"}
        kept = ana.browser.post("/measure/ratings", json=sent)

        assert kept.json() == {"kept": 6, "client_id": "b1"}
        assert measure.scale(ana.db, "pain").question in ana.browser.get("/guide").text


def test_a_copy_in_the_browser_is_asked_for_again_and_refused_once_the_permission_has_ended(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        address = f"/guide/{SESSION}/audio.mp3"
        tag = {"if-none-match": ana.browser.get(address).headers["etag"]}
        again = ana.browser.get(address, headers=tag)
        ana.clock.at += timedelta(hours=2, minutes=1)

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "private, no-cache"
        assert ana.browser.get(address, headers=tag).status_code == 403


def test_a_session_that_has_ended_is_not_played_again(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        assert ana.browser.get(f"/guide/{SESSION}/audio.mp3").status_code == 200
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})

        for door in ("audio.mp3", "captions.vtt", "cues.json", "progress"):
            assert ana.browser.get(f"/guide/{SESSION}/{door}").status_code == 403


@pytest.mark.parametrize("way", ["finish", "stop"])
def test_a_session_can_be_ended_long_after_its_permission(tmp_path: Path, way: str) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(days=2)
        offered = ana.browser.get("/guide").text
        page = ana.browser.get(f"/guide/{SESSION}")
        sent = {"minutes": "", "reason": "interrupted"}
        ended = ana.browser.post(f"/guide/{SESSION}/{way}", data=sent)

        assert f'href="/guide/{SESSION}"' in offered
        assert page.status_code == 403
        assert f'action="/guide/{SESSION}/{way}"' in page.text
        assert ended.headers["location"] == f"/guide/{SESSION}/after"
        assert guide.find(ana.db, SESSION).ended_at is not None


def test_what_was_rated_after_is_there_again_after_a_reload_and_a_mind_changed_twice_counts(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})
        for value in ("5", "7", "5"):
            ana.browser.post(f"/guide/{SESSION}/after", data={"after-pain": value})
        page = ana.browser.get(f"/guide/{SESSION}/after").text

        assert re.search(r'name="after-pain" value="5" checked', page)
        assert measure.of_session(ana.db, SESSION).after["pain"].value_0_10 == 5


def test_the_change_over_a_session_is_told_with_what_one_session_says(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        measure.keep(ana.db, "b0", "stress", "before", "9", ana.clock() - timedelta(hours=3))  # too long ago
        measure.keep(ana.db, "b1", "stress", "before", "7", ana.clock())
        ana.clock.at += timedelta(minutes=2)
        ana.start()
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})
        before = ana.browser.get(f"/guide/{SESSION}/after").text
        sent = {"client_id": "a1", "scale": "stress", "moment": "after", "value": "4", "session_id": SESSION}
        told = ana.browser.post("/measure/ratings", json=sent).json()
        after = ana.browser.get(f"/guide/{SESSION}/after").text

        assert "7 before the session." in before
        assert told["hint"] == "7 before, 4 after: 3 points lower."
        assert told["hint"] in after
        assert "One session says little" in after


@pytest.mark.parametrize(("field", "value"), [("worst_pain_0_10", "9"), ("dizzy", "yes")])
def test_a_bad_reaction_told_afterwards_says_at_once_what_follows(tmp_path: Path, field: str, value: str) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})
        sent = {"client_id": "c", "field": field, "value": value}
        told = ana.browser.post(f"/guide/{SESSION}/report", json=sent).json()["notice"]
        page = ana.browser.get(f"/guide/{SESSION}/after").text
        refusal = screen.refusal(ana.db, ana.clock())

        assert refusal is not None
        assert told["sentence"] == str(refusal)
        assert str(refusal) in page


def test_after_two_bad_reactions_a_clinician_comes_first_and_no_page_says_otherwise(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        for day, session in enumerate(("session-1", "session-2")):
            ana.clock.at = MONDAY_EVENING + timedelta(days=2 * day)
            answers_all(ana.db, ana.clock())
            ana.start("no", session)
            ana.browser.post(f"/guide/{session}/stop", data={"reason": "dizzy", "minutes": "1"})
            ana.clock.at += timedelta(days=1)
            answers_all(ana.db, ana.clock())
        page = ana.browser.get("/guide/session-2/after").text

        assert "Please ask a doctor, nurse or pharmacist before you use the mat again." in page
        assert "gone through the" not in page


@pytest.mark.parametrize("session_id", ["start", "short", "a" * 51, "has space", "x/../../etc"])
def test_one_rule_for_the_ids_of_sessions_whatever_the_door(tmp_path: Path, session_id: str) -> None:
    with somebody(tmp_path) as ana:
        told = ana.browser.post("/api/guide", json={"session_id": session_id, "changed": "no"})

        assert told.status_code == 422
        assert guide.last(ana.db) is None


def test_a_program_can_stop_finish_report_and_look_at_the_skin(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=7)
        finished = ana.browser.post(f"/api/guide/{SESSION}/finish", json={"minutes": 5}).json()
        told = ana.browser.post(f"/api/guide/{SESSION}/report", json={"worst_pain_0_10": 3, "dizzy": False}).json()
        wrong = [
            ana.browser.post(f"/api/guide/{SESSION}/report", json=sent).status_code
            for sent in ({"ended_at": 1}, {"minutes": 3}, {"worst_pain_0_10": 11}, {"dizzy": 2})
        ]
        ana.clock.at += timedelta(days=1)
        skin = ana.browser.post("/api/measure/skin", json={"session_id": SESSION, "value": "fine"}).json()
        ana.start("no", "another-session")
        stopped = ana.browser.post("/api/guide/another-session/stop", json={"reason": "dizzy"}).json()
        listed = ana.browser.get("/api/measure/sessions").json()

        assert (finished["session"]["completed"], finished["refusal"]) == (True, None)
        assert (told["session"]["worst_pain_0_10"], told["session"]["dizzy"]) == (3, False)
        assert wrong == [422] * 4
        assert skin["session"]["skin_next_day"] == 0
        assert "put your feet up" in stopped["advice"]
        assert "bad reaction today" in stopped["refusal"]
        assert [one["session"]["id"] for one in listed] == [SESSION, "another-session"]


SOUNDS = {"sounds": "yes", "bells": "usual", "bell_db": "0", "voice_db": "0", "bed_db": "0", "settle_in_s": "0"}


def sounding(**chosen: str) -> dict[str, str]:
    return {"session_id": SESSION, "choice": "rung", "changed": "no"} | SOUNDS | chosen


def test_what_a_session_sounds_like_can_be_chosen_and_is_found_again_next_time(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        sent = sounding(aim="evening", breathing="sighing", bed="rain", minutes="3", scan="yes")
        assert ana.browser.post("/guide/start", data=sent, follow_redirects=False).status_code == 303
        kept = guide.find(ana.db, SESSION)
        page = ana.browser.get("/guide").text

        assert kept.planned_minutes == 3
        assert '<option value="evening" selected>Winding down</option>' in page
        assert '<option value="rain" selected>Rain</option>' in page
        assert 'name="minutes" inputmode="numeric" min="2" max="5" value=""' in page
        spoken = [cue.line for cue in guide.session(ana.db, SESSION, MONDAY_EVENING).timeline.cues]
        assert {"breathing_sighs", "evening_opening", "scan_begin"} <= {*spoken}


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"minutes": "40"}, "from 2 to 5"),
        ({"minutes": "many"}, "a whole number"),
        ({"aim": "neck"}, "neck"),
        ({"bed": "whales"}, "one of none, rain"),
        ({"breathing": "resonance", "pace_per_min": "9"}, "from 4.5 to 6.5"),
        ({"bells": "own"}, "every so many minutes"),
        ({"bell_at_min": "soon"}, "5 10 12.5"),
    ],
)
def test_what_cannot_be_had_is_said_beside_its_field_and_nothing_entered_is_lost(
    tmp_path: Path, chosen: dict[str, str], said: str
) -> None:
    with somebody(tmp_path) as ana:
        refused = ana.browser.post("/guide/start", data=sounding(bed_db="-6", scan="yes") | chosen)

        assert refused.status_code == 422
        assert said in refused.text
        assert SESSION in refused.text
        assert 'name="scan" value="yes" checked' in refused.text
        assert guide.last(ana.db) is None


def test_a_yes_to_the_safety_question_counts_whatever_else_is_wrong(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        refused = ana.browser.post("/guide/start", data=sounding(minutes="many", changed="yes"))

        assert refused.status_code == 403
        assert ana.start("no") == 403


def test_in_a_trial_every_session_sounds_like_its_first(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        design = {"trial_id": "11111111-trial", "scale": "pain", "versus": "breath", "days": "14", "block_days": "1"}
        design |= {"washin_days": "0", "starts_on": MONDAY_EVENING.date().isoformat()}
        assert ana.browser.post("/answer/begin", data=design).status_code == 303
        ana.browser.post("/guide/start", data=sounding(bed="waves"), follow_redirects=False)
        page = ana.browser.get("/guide").text
        again = sounding(bed="drone") | {"session_id": "another-session"}
        refused = ana.browser.post("/guide/start", data=again)
        ana.browser.post("/guide/start", data={"session_id": "a-third-one", "choice": "rung", "changed": "no"})

        assert "every session sounds like its first one" in page
        assert refused.status_code == 422
        assert guide.find(ana.db, "a-third-one").content == guide.find(ana.db, SESSION).content

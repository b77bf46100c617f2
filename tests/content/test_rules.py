"""The rules of the safety check as they are written, state by state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import combinations, product
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.content import rules as content
from matwise.content.hazards import hazards
from matwise.content.reader import ContentError
from matwise.screening.gate import NotAllowedError, permission
from matwise.screening.limits import Area, Layer, Placement
from matwise.screening.rule import Answer, Group, Outcome, Reply, Rule
from matwise.screening.verdict import Verdict, screen

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
RULES = content.screening_rules()
BY_ID = {rule.id: rule for rule in RULES}
NO, UNKNOWN = Answer(Reply.NO), Answer(Reply.UNKNOWN)
ALL_NO: Mapping[str, Answer] = {rule.id: NO for rule in RULES}
RANK = {"go_with_limits": 1, "ask_a_clinician": 2, "do_not_use": 3, "get_help_now": 4}

# A change of any of these figures is a change of who may use the mat: look at it twice, then write it down here.
RULE_COUNT = 45
OUTCOMES_OF_YES = {"GO_WITH_LIMITS": 8, "ASK_A_CLINICIAN": 10, "DO_NOT_USE": 22, "GET_HELP_NOW": 5}
OUTCOMES_OF_UNKNOWN = {"GO_WITH_LIMITS": 2, "ASK_A_CLINICIAN": 39, "DO_NOT_USE": 4}

STOPS = [
    *("under_16", "pregnancy", "bleeding_disorder", "blood_clot", "heart", "high_blood_pressure", "epilepsy", "cancer"),
    *("broken_bone", "operation", "metal_spikes", "blood_thinner", "blood_pressure_medicine", "open_wound"),
    *("skin_infection", "eczema", "fever_or_infection", "alcohol_or_sedatives", "driving", "for_somebody_else"),
    *("injury", "back_pain_with_signs"),
]
UNKNOWN_IS_A_STOP = {"for_somebody_else", "under_16", "pregnancy", "driving"}
UNKNOWN_IS_HARMLESS = {"sensitive_to_pain", "plastic_allergy"}


def yes(*areas: Area) -> Answer:
    return Answer(Reply.YES, frozenset(areas))


def with_answers(**answers: Answer | None) -> Verdict:
    changed = {key: value for key, value in answers.items() if value is not None}
    kept = {key: value for key, value in ALL_NO.items() if key not in answers}
    return screen(kept | changed, RULES, TODAY)


def states(rule: Rule) -> list[Answer | None]:
    """Every state of one rule that can matter: no answer, unknown, no, yes here, there, both, nowhere named."""
    places = [yes(Area.FEET), yes(Area.LOWER_BACK, Area.FEET), yes(Area.ELSEWHERE)] if rule.asks_where else []
    return [None, UNKNOWN, NO, yes(), *places]


def test_red_flags_come_first_and_every_group_is_asked_in_order() -> None:
    order = [list(Group).index(rule.group) for rule in RULES]

    assert order == sorted(order)
    assert {rule.group for rule in RULES} == set(Group)


def test_the_table_is_the_one_that_was_looked_at() -> None:
    assert len(RULES) == len(BY_ID) == RULE_COUNT
    assert Counter(rule.yes.outcome.name for rule in RULES) == OUTCOMES_OF_YES
    assert Counter(rule.unknown.outcome.name for rule in RULES) == OUTCOMES_OF_UNKNOWN


def test_exactly_one_of_all_states_is_a_go() -> None:
    # The outcome is the most careful of the single rules, so the states that are a go multiply.
    go_states = 1
    for rule in RULES:
        go_states *= sum(with_answers(**{rule.id: answer}).outcome is Outcome.GO for answer in states(rule))

    assert go_states == 1
    assert screen(ALL_NO, RULES, TODAY).outcome is Outcome.GO


@pytest.mark.parametrize("rule_id", STOPS)
def test_an_absolute_yes_always_means_do_not_use(rule_id: str) -> None:
    assert with_answers(**{rule_id: yes()}).outcome is Outcome.DO_NOT_USE
    assert with_answers(**{rule_id: UNKNOWN}).outcome >= Outcome.ASK_A_CLINICIAN


def test_the_stops_above_are_all_there_are() -> None:
    assert {rule.id for rule in RULES if rule.yes.outcome is Outcome.DO_NOT_USE} == set(STOPS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_unknown_and_missing_are_never_a_go(rule: Rule) -> None:
    unknown = with_answers(**{rule.id: UNKNOWN})
    missing = with_answers(**{rule.id: None})

    assert unknown.outcome is missing.outcome
    assert unknown.limits == missing.limits
    assert (unknown.outcome is Outcome.DO_NOT_USE) == (rule.id in UNKNOWN_IS_A_STOP)
    assert (unknown.outcome is Outcome.GO_WITH_LIMITS) == (rule.id in UNKNOWN_IS_HARMLESS)
    assert unknown.outcome > Outcome.GO


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_yes_is_at_least_as_careful_as_unknown_unless_it_names_what_to_limit(rule: Rule) -> None:
    if rule.yes.outcome is Outcome.GO_WITH_LIMITS:
        assert rule.unknown.outcome >= rule.yes.outcome
    else:
        assert rule.yes.outcome >= rule.unknown.outcome


def test_each_pair_of_answers_comes_to_what_the_files_say() -> None:
    table = raw_table()
    for one, other in combinations(RULES, 2):
        for first, second in product(states(one)[:4], states(other)[:4]):
            outcome = with_answers(**{one.id: first, other.id: second}).outcome
            assert outcome == expected(table, {one.id: first, other.id: second}), (one.id, first, other.id, second)


@given(picks=st.lists(st.integers(0, 6), min_size=len(RULES), max_size=len(RULES)))
def test_each_whole_check_comes_to_what_the_files_say(picks: list[int]) -> None:
    chosen = {rule.id: states(rule)[pick % len(states(rule))] for rule, pick in zip(RULES, picks, strict=True)}

    verdict = screen({key: value for key, value in chosen.items() if value is not None}, RULES, TODAY)

    assert verdict.outcome == expected(raw_table(), chosen)


def raw_table() -> dict[str, dict[str, object]]:
    """The files read without the reader: a second way to the same table."""
    return {
        rule["id"]: rule
        for path in content.FILES
        for rule in msgspec.convert(quoted(path), dict[str, object])["rules"]  # type: ignore[attr-defined]  # a list, as the files are written
    }


_quoted: dict[Path, object] = {}


def quoted(path: Path) -> object:
    if path not in _quoted:
        text = path.read_text().replace("\n    yes:", '\n    "yes":')
        _quoted[path] = msgspec.yaml.decode(text)
    return _quoted[path]


def expected(table: Mapping[str, dict[str, object]], answers: Mapping[str, Answer | None]) -> int:
    """An oracle of its own: ranks of words, no class of the safety check."""
    ranks = [0]
    for rule_id, answer in answers.items():
        reply = answer.reply.value if answer is not None else "unknown"
        if reply == "no":
            continue
        rank = RANK[table[rule_id][reply]["outcome"]]  # type: ignore[index]  # a mapping, as the files are written
        # A yes that limits a place and names none leaves no place at all: that is a stop.
        no_place = table[rule_id].get("asks_where") and not (answer and answer.areas)
        ranks.append(3 if rank == 1 and no_place else rank)
    return max(ranks)


@pytest.mark.parametrize(
    "answers",
    [
        {"pregnancy": yes()},
        {"blood_thinner": UNKNOWN},
        {"eczema": yes(Area.LOWER_BACK, Area.UPPER_BACK)},
        {"pregnancy": yes(), "blood_thinner": UNKNOWN, "eczema": yes(Area.UPPER_BACK)},
    ],
    ids=["pregnant", "blood thinner unknown", "eczema on the back", "all three"],
)
def test_pregnant_or_blood_thinner_unknown_or_eczema_never_pass(answers: dict[str, Answer]) -> None:
    verdict = with_answers(**answers)

    with pytest.raises(NotAllowedError) as refusal:
        permission(verdict, Reply.NO, (), NOW)
    assert refusal.value.outcome is not None
    assert refusal.value.outcome >= Outcome.ASK_A_CLINICIAN
    assert refusal.value.reasons


VIGNETTES = [
    ("a clear no to everything", {}, Outcome.GO),
    ("chest tightness on the stairs yesterday", {"chest": yes()}, Outcome.GET_HELP_NOW),
    ("can't pass water since the morning, back hurts", {"bladder_bowel_saddle": yes()}, Outcome.GET_HELP_NOW),
    ("a foot drags since last week", {"leg_weakness": yes()}, Outcome.GET_HELP_NOW),
    ("thunderclap headache", {"headache_sudden": yes()}, Outcome.GET_HELP_NOW),
    ("headaches since the 51st birthday", {"headache_changed": yes()}, Outcome.ASK_A_CLINICIAN),
    ("shivering with back pain", {"fever_with_back_pain": yes()}, Outcome.GET_HELP_NOW),
    ("fell off a ladder last week", {"injury": yes()}, Outcome.DO_NOT_USE),
    ("back pain at night, lost 8 kg", {"back_pain_with_signs": yes()}, Outcome.DO_NOT_USE),
    ("fifteen years old", {"under_16": yes()}, Outcome.DO_NOT_USE),
    ("seventeen years old", {"age_16_or_17": yes()}, Outcome.ASK_A_CLINICIAN),
    ("the period is late", {"pregnancy": UNKNOWN}, Outcome.DO_NOT_USE),
    ("an aspirin a day", {"blood_thinner": yes()}, Outcome.DO_NOT_USE),
    ("takes little white pills, doesn't know which", {"blood_thinner": UNKNOWN}, Outcome.ASK_A_CLINICIAN),
    ("takes ramipril", {"blood_pressure_medicine": yes()}, Outcome.DO_NOT_USE),
    ("type 2 diabetes, feet fine", {"diabetes_or_nerves": yes()}, Outcome.ASK_A_CLINICIAN),
    ("psoriasis on the elbows only", {"eczema": yes(Area.ELSEWHERE)}, Outcome.DO_NOT_USE),
    ("sunburnt shoulders", {"sunburn": yes(Area.UPPER_BACK)}, Outcome.GO_WITH_LIMITS),
    ("a raised mole on the lower back", {"moles_warts_scars": yes(Area.LOWER_BACK)}, Outcome.GO_WITH_LIMITS),
    ("varicose veins on both calves", {"varicose_veins": yes(Area.CALVES)}, Outcome.GO_WITH_LIMITS),
    ("light-headed on rising", {"low_blood_pressure": yes()}, Outcome.GO_WITH_LIMITS),
    ("fibromyalgia", {"sensitive_to_pain": yes()}, Outcome.GO_WITH_LIMITS),
    (
        "fibromyalgia and varicose veins, place unsaid",
        {"sensitive_to_pain": yes(), "varicose_veins": yes()},
        Outcome.DO_NOT_USE,
    ),
    ("two glasses of wine", {"alcohol_or_sedatives": yes()}, Outcome.DO_NOT_USE),
    ("a cold with a temperature", {"fever_or_infection": yes()}, Outcome.DO_NOT_USE),
    ("answers for her mother", {"for_somebody_else": yes()}, Outcome.DO_NOT_USE),
    ("a mat with needles", {"metal_spikes": yes()}, Outcome.DO_NOT_USE),
]


@pytest.mark.parametrize(("answers", "outcome"), [case[1:] for case in VIGNETTES], ids=[case[0] for case in VIGNETTES])
def test_a_person_like_this_is_told(answers: dict[str, Answer], outcome: Outcome) -> None:
    assert with_answers(**answers).outcome is outcome


def test_a_closed_place_stays_closed_and_the_others_stay_open() -> None:
    limits = with_answers(moles_warts_scars=yes(Area.LOWER_BACK)).limits

    assert not limits.allows(Placement.WHOLE_BACK, Layer.TOWEL, 5)
    assert limits.allows(Placement.FEET_SEATED, Layer.HEAVY_SHIRT, 5)
    assert not limits.allows(Placement.FEET_SEATED, Layer.BARE, 5)


def test_low_blood_pressure_keeps_it_short_and_off_the_feet() -> None:
    limits = with_answers(low_blood_pressure=yes()).limits

    assert limits.allows(Placement.WHOLE_BACK, Layer.HEAVY_SHIRT, 10)
    assert not limits.allows(Placement.WHOLE_BACK, Layer.HEAVY_SHIRT, 11)
    assert not limits.allows(Placement.FEET_STANDING, Layer.HEAVY_SHIRT, 2)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_one_short_question_with_reasons_and_sources(rule: Rule) -> None:
    assert rule.question.endswith("?")
    assert rule.question.count("?") == 1
    assert len(rule.question.split()) <= 25
    assert len(rule.help.split()) <= 35
    assert not rule.help or rule.help.endswith(".")
    for consequence in (rule.yes, rule.unknown):
        assert consequence.reason.endswith(".")
        assert 5 <= len(consequence.reason.split()) <= 32
    assert rule.sources
    assert rule.hazards


def test_every_hazard_that_rules_are_to_control_is_controlled_by_one() -> None:
    named = {hazard for rule in RULES for hazard in rule.hazards}
    wanted = {hazard.id for hazard in hazards() if "rules" in hazard.controlled_by}

    assert named <= {hazard.id for hazard in hazards()}
    assert wanted - {"H15"} <= named


def test_the_blood_thinner_question_names_the_usual_medicines() -> None:
    help_text = BY_ID["blood_thinner"].help

    for medicine in ("warfarin", "apixaban", "rivaroxaban", "heparin", "aspirin"):
        assert medicine in help_text


def test_nobody_has_signed_the_rules_yet() -> None:
    assert content.clinically_reviewed() is False


def broken(tmp_path: Path, old: str, new: str) -> Path:
    text = content.FILES[1].read_text()
    assert old in text
    copy = tmp_path / "rules.yaml"
    copy.write_text(text.replace(old, new, 1))
    return copy


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rules_expected: 37", "rules_expected: 38", "37 rules"),
        ("id: under_16", "id: pregnancy", "an id that no other rule has"),
        ("outcome: do_not_use", "outcome: go", "Invalid enum value 'go'"),
        ("valid_days: 0\n", "valid_days: 90\n", "0 (only today) to 28 days"),
        ("sources: [hazard_log]", "sources: []", "at least one source"),
        ("sources: [hazard_log]", "sources: [a_friend]", "an id of sources.yaml"),
        ("    reviewed_on: 2026-11-23\n", "", "reviewed_on"),
        ("    group: about_you\n", "    group: about_you\n    group: health\n", "a second time"),
        (
            "limits: {no_breath_holds: true, max_minutes: 10, closed_placements: [feet_standing]}",
            "limits: {}",
            "what is limited",
        ),
        ("max_minutes: 10, closed", "max_minutes: 0, closed", "at least 1 minute"),
        ("question: Are you younger than 16?", 'question: ""', "a question and a reason"),
        ("group: about_you", "group: [", ""),
    ],
)
def test_a_broken_file_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = broken(tmp_path, old, new)

    with pytest.raises(ContentError, match=r"rules\.yaml line \d+") as refusal:
        content.rules_in([path])
    assert said in str(refusal.value)


def test_a_missing_or_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("")

    for name in ("empty.yaml", "nowhere.yaml"):
        with pytest.raises(ContentError, match=name):
            content.rules_in([tmp_path / name])

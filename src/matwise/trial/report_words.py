"""The items of CENT 2015 in our own words, and why some of them can't be reported."""

from __future__ import annotations

from matwise.sentence import Sentence

NOWHERE = "–"
TITLE = Sentence("title")
TABLE = Sentence("table")
PERIODS = Sentence("table of periods")
PARAGRAPH = Sentence("paragraph")
METHODS = Sentence("paragraph, methods")
RESULTS = Sentence("paragraph, results")

TOPIC = {
    "1a": Sentence("Title says it is an N-of-1 trial"),
    "1b": Sentence("Structured summary"),
    "2a.1": Sentence("Background"),
    "2a.2": Sentence("Why an N-of-1 trial"),
    "2b": Sentence("Objective"),
    "3a": Sentence("Design; number and length of periods"),
    "3b": Sentence("Changes to methods after the start"),
    "4a": Sentence("Diagnosis, other conditions, other treatment"),
    "4b": Sentence("Setting"),
    "4c": Sentence("Research or care; ethics approval"),
    "5": Sentence("Interventions of each period"),
    "6a": Sentence("Outcomes, how and when assessed"),
    "6a+": Sentence("Measurement properties of the outcome"),
    "6b": Sentence("Changes to outcomes"),
    "7a": Sentence("How the number of days was chosen"),
    "7b": Sentence("Looks at the data on the way; stopping"),
    "8a": Sentence("How the sequence was made"),
    "8b": Sentence("Kind of randomisation, restrictions"),
    "8+": Sentence("Full intended sequence"),
    "9": Sentence("Concealment of the sequence"),
    "10": Sentence("Who made and who carried out the sequence"),
    "11a": Sentence("Blinding"),
    "11b": Sentence("Similarity of the interventions"),
    "12a": Sentence("Statistical methods"),
    "12b": Sentence("Further analyses"),
    "12+": Sentence("Carry-over, period effects, correlation within the person"),
    "13a": Sentence("Periods completed"),
    "13b": Sentence("Days lost"),
    "13+": Sentence("Course of the trial, period by period"),
    "14a": Sentence("Dates"),
    "14b": Sentence("Why the trial ended"),
    "15": Sentence("Baseline"),
    "16": Sentence("Numbers analysed"),
    "17a": Sentence("Effect and its precision"),
    "17a+": Sentence("Results of each period"),
    "17b": Sentence("Absolute and relative effect of a yes-or-no outcome"),
    "18": Sentence("Other analyses"),
    "19": Sentence("Harms"),
    "20": Sentence("Limitations"),
    "21": Sentence("Generalisability"),
    "22": Sentence("Interpretation"),
    "23": Sentence("Registration"),
    "24": Sentence("Protocol"),
    "25": Sentence("Funding"),
}

# What no answer holds, by item, and why.
UNKNOWN = {
    "2a.1": Sentence("what was known before is for the person or the clinician to say."),
    "3b": Sentence("changes are not recorded."),
    "4a": Sentence("the answer holds no medical history."),
    "4b": Sentence("where the ratings were given is not recorded."),
    "4c": Sentence("only the person or the clinician knows."),
    "6a+": Sentence("nothing is recorded of this rating's reliability."),
    "6b": Sentence("changes are not recorded."),
    "7a": Sentence("the reason is not recorded."),
    "9": Sentence("whether the person looked ahead is not recorded."),
    "15": Sentence("no days before the first period are part of the answer."),
    "17b": Sentence("the outcome is not yes or no."),
    "19": Sentence("the answer holds no harms; they are in the notes of the sessions."),
    "23": Sentence("no registration is recorded."),
    "25": Sentence("only the person or the clinician knows."),
}


def not_reported(why: str) -> Sentence:
    """What stands at an item that can't be reported."""
    return Sentence("not reported: {why}").format(why=why)

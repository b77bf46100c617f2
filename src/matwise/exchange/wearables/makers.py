"""Every maker whose files can be imported, and which of them made this one."""

from __future__ import annotations

from matwise.errors import Problem
from matwise.exchange.wearables import (
    any_table,
    apple_health,
    blood_pressure_csv,
    empatica,
    fitbit,
    garmin_fit,
    health_connect,
    hrv_logger,
    kubios,
    oura,
    polar,
    rr_text,
    withings,
)
from matwise.exchange.wearables.maker import ImportRejectedError, Maker
from matwise.exchange.wearables.opened import Opened
from matwise.sentence import Sentence, listed

# The first that recognises a file reads it, so the most particular ones come first and any table last.
MAKERS: tuple[Maker, ...] = (
    apple_health,
    garmin_fit,
    health_connect,
    fitbit,
    oura,
    withings,
    hrv_logger,
    empatica,
    kubios,
    polar,
    blood_pressure_csv,
    rr_text,
    any_table,
)


def recognise(opened: Opened) -> Maker:
    """The maker of a file, by what is in it.

    Raises:
        ImportRejectedError: nobody knows it; names what can be imported.
    """
    for one in MAKERS:
        if one.recognises(opened):
            return one
    want = Sentence("a file of {makers}", makers=listed(tuple(one.NAME for one in MAKERS)))
    raise ImportRejectedError(Problem(opened.name, Sentence("a file that nothing here can read"), want))

"""The parts of a session, as a player takes them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from matwise.web.playing import parts
from tests.session.plans import Plan, plans


@given(plans())
def test_parts_follow_each_other_without_a_gap_to_the_end_of_the_sound(plan: Plan) -> None:
    heard = plan.heard()
    found = parts(heard)

    assert found[0].from_s == 0
    assert found[-1].until_s == heard.duration_s
    assert all(before.until_s == after.from_s for before, after in pairwise(found))
    assert all(one.alarm_s is None or one.from_s <= one.alarm_s < one.until_s for one in found)
    assert [one.id for one in found] == [
        "session",
        *(["five_more"] if heard.five_more else []),
        *(["open_quiet"] if heard.open_end else []),
    ]

"""Tables of other tools in, draws for other tools out: pandas, polars, Arrow, ArviZ, each only when it is used.

A table is anything that gives its columns by name (`table["day"]`: pandas, polars, pyarrow, a dict of lists), or, with
pyarrow installed, anything that speaks the Arrow C stream (`__arrow_c_stream__`).
"""

from __future__ import annotations

import importlib
from collections.abc import Hashable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats
from matwise.inference.regression import Posterior

LONGEST_SPAN_DAYS = 3660  # ten years: beyond it a day is a slip of the pen
_MOST_NAMED = 20  # rows named of each kind of problem; the rest are counted
_EPOCH = date(1970, 1, 1).toordinal()


class PeopleDays(NamedTuple):
    """What `regression.compare` takes: `y`, `arm`, `day` of shape (n_people, n_days); `people` names the rows."""

    y: Floats
    arm: NDArray[np.int64]
    day: NDArray[np.int64]
    people: tuple[Hashable, ...]


def days_from(
    frame: Any,  # noqa: ANN401 – any table
    *,
    person: str | None = None,
    day: str,
    arm: str,
    outcome: str,
    arms: Mapping[Any, int],
) -> PeopleDays:
    """Arrays from a long table, one row a person and day, in any order.

    Everyone gets a calendar from their own first day, as long as the longest one's (the trend is measured over that
    length). Days without a row, and rows without a rating, are NaN; a day without a row goes on with the arm before it.

    Args:
        frame: the table.
        person: the column that tells people apart, None where there is one person.
        day: the column of days: dates, moments (their date counts) or whole numbers.
        arm: the column of arms.
        outcome: the column of ratings.
        arms: the code of each arm by what the column holds, such as {"rest": 0, "mat": 1}.

    Raises:
        InvalidInputError: a column is missing, or names the rows (counted from 0) that can't be used: no day, an arm
            that is not among `arms`, a rating that is not a finite number, a day twice for one person.
    """
    names = [name for name in (person, day, arm, outcome) if name is not None]
    columns = _columns(frame, names)
    days, bad_days = _days(columns[day])
    y, bad_ratings = _ratings(columns[outcome])
    codes = _codes(columns[arm], arms)
    nobody = np.empty(0, dtype=np.int64)
    who, people, unnamed = (np.zeros_like(days), (0,), nobody) if person is None else _who(columns[person])
    problems = [] if days.size else [Problem("table", "no row", "at least one")]
    for rows, name, want in (
        (unnamed, person or "", "whose day it is"),
        (bad_days, day, "a date or a whole number, the same kind in every row"),
        (np.flatnonzero(codes < 0), arm, "one of " + ", ".join(map(repr, arms))),
        (bad_ratings, outcome, "a finite number, or nothing"),
    ):
        problems += _named(rows, name, columns.get(name), want)
    if days.size and not bad_days.size and not unnamed.size:
        once = "each day once" + (" a person" if person else "")
        problems += _named(_twice(who, days), day, columns[day], once)
        problems += _span_problems(who, days, people, day)
    if problems:
        raise InvalidInputError(*problems)
    return _side_by_side(y, codes, days, who, people)


def to_arviz(posterior: Posterior, rng: np.random.Generator, draws: int = 4000) -> Any:  # noqa: ANN401 – see Returns
    """Draws of one person's posterior for ArviZ.

    Args:
        posterior: of one person.
        rng: of the draws, which are independent: one chain.
        draws: how many.

    Returns:
        An `arviz.InferenceData` whose group `posterior` holds `effect` (arms 1, 2, … each minus arm 0, along the
        dimension `arm`), `rho` and `sigma`.

    Raises:
        InvalidInputError: ArviZ (below 1.0) is not installed, or the posterior is not of one person.
    """
    arviz = _installed("arviz", "0.22 up to 1.0")
    drawn = posterior.draws(rng, draws)
    return arviz.from_dict(
        posterior={"effect": drawn.effects[None], "rho": drawn.rho[None], "sigma": drawn.sigma[None]},
        dims={"effect": ["arm"]},
        coords={"arm": sorted(posterior.arms)},
    )


def _installed(name: str, versions: str) -> Any:  # noqa: ANN401 – a module
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise InvalidInputError(Problem(name, "not installed", f"{name} {versions}: pip install {name}")) from error


def _columns(frame: Any, names: list[str]) -> dict[str, np.ndarray]:  # noqa: ANN401 – any table
    if not hasattr(frame, "__getitem__"):
        if not hasattr(frame, "__arrow_c_stream__"):
            got = type(frame).__name__
            raise InvalidInputError(Problem("table", got, "columns by name, or an Arrow stream"))
        frame = _installed("pyarrow", "14 or later").table(frame)
    there = set(_names(frame))
    missing = [name for name in dict.fromkeys(names) if name not in there]
    if missing:
        want = "one of " + ", ".join(map(str, _names(frame)))
        raise InvalidInputError(*[Problem("column", repr(name), want) for name in missing])
    columns = {name: _array(frame[name]) for name in names}
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
        raise InvalidInputError(Problem("table", f"columns of different lengths: {lengths}", "columns of one length"))
    return columns


def _names(frame: Any) -> list[Any]:  # noqa: ANN401 – any table
    if isinstance(frame, Mapping):
        return list(frame)
    # Asked of the class: pandas gives a column of that name as an attribute of the table.
    return list(frame.column_names if hasattr(type(frame), "column_names") else getattr(frame, "columns", ()))


def _array(column: Any) -> np.ndarray:  # noqa: ANN401 – any column
    """The values of a column. Zones would be lost on the way to numpy, and Arrow's coded text its missing values."""
    kind = getattr(column, "type", getattr(column, "dtype", None))
    zoned = getattr(kind, "tz", None) or getattr(kind, "time_zone", None)
    if zoned or str(kind).startswith("dictionary"):
        column = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    elif hasattr(column, "to_numpy"):
        return np.asarray(column.to_numpy())
    elif isinstance(column, np.ndarray):
        return column
    held = [one.item() if isinstance(one, np.generic) else one for one in column]
    out = np.empty(len(held), dtype=object)
    out[:] = held
    return out


def _days(column: np.ndarray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Day numbers (dates count from 1970), and the rows without one."""
    kind = column.dtype.kind
    if kind == "M":
        bad = np.isnat(column)
        return np.where(bad, 0, column.astype("datetime64[D]").astype(np.int64)), np.flatnonzero(bad)
    if kind in "iu":
        return column.astype(np.int64), np.empty(0, dtype=np.int64)
    if kind == "f":
        bad = ~(np.abs(column) < 2**53) | (column != np.rint(column))
        return np.where(bad, 0, column).astype(np.int64), np.flatnonzero(bad)
    days = np.zeros(column.size, dtype=np.int64)
    wrong, dated = [], None
    for row, value in enumerate(column.tolist()):
        is_date, is_whole = isinstance(value, date) and value == value, _is_whole(value)  # noqa: PLR0124 – NaT is a date that is not itself
        if not (is_date or is_whole) or dated not in (None, is_date):
            wrong.append(row)
            continue
        dated = is_date
        days[row] = date.toordinal(value) - _EPOCH if is_date else int(value)
    return days, np.array(wrong, dtype=np.int64)


def _is_whole(value: Any) -> bool:  # noqa: ANN401 – any value of a table
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(abs(value) < 2**53) and float(value).is_integer()


def _ratings(column: np.ndarray) -> tuple[Floats, NDArray[np.int64]]:
    """Ratings, NaN where missing, and the rows that hold something else."""
    if column.dtype.kind in "iuf":
        y = column.astype(np.float64)
        return y, np.flatnonzero(np.isinf(y))
    y, wrong = np.full(column.size, np.nan), []
    for row, value in enumerate(column.tolist()):
        if _is_missing(value):
            continue
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and np.isfinite(float(value)):
            y[row] = float(value)
        else:
            wrong.append(row)
    return y, np.array(wrong, dtype=np.int64)


def _is_missing(value: object) -> bool:
    # pandas' NA has no truth value, so it is told by its name before it is compared with itself.
    return value is None or type(value).__name__ == "NAType" or bool(value != value)  # noqa: PLR0124 – NaN and NaT


def _codes(column: np.ndarray, arms: Mapping[Any, int]) -> NDArray[np.int64]:
    """Codes of the arms, −1 where a row's is not known."""
    return np.array([arms.get(one, -1) if isinstance(one, Hashable) else -1 for one in column.tolist()], dtype=np.int64)


def _who(column: np.ndarray) -> tuple[NDArray[np.int64], tuple[Hashable, ...], NDArray[np.int64]]:
    """The place of each row's person, the people in the order they first occur, and the rows without one."""
    held = column.tolist()
    missing = [row for row, one in enumerate(held) if not isinstance(one, Hashable) or _is_missing(one)]
    place: dict[Hashable, int] = {}
    left_out = set(missing)
    who = [0 if row in left_out else place.setdefault(one, len(place)) for row, one in enumerate(held)]
    return np.array(who, dtype=np.int64), tuple(place), np.array(missing, dtype=np.int64)


def _named(rows: NDArray[np.int64], name: str, column: np.ndarray | None, want: str) -> list[Problem]:
    """One problem a row, in the order of the table; beyond twenty they are counted."""
    if column is None:
        return []
    listed = rows[:_MOST_NAMED].tolist()
    problems = [Problem(f"row {row}, {name}", repr(_shown(column[row])), want) for row in listed]
    if rows.size > _MOST_NAMED:
        problems.append(Problem(name, f"{rows.size - _MOST_NAMED} more such rows", want))
    return problems


def _shown(value: Any) -> Any:  # noqa: ANN401 – any value of a table
    return value.item() if isinstance(value, np.generic) else value


def _twice(who: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows whose person has an earlier row of the same day."""
    order = np.lexsort((days, who))
    again = (np.diff(who[order]) == 0) & (np.diff(days[order]) == 0)
    return np.sort(order[1:][again])


def _span_problems(
    who: NDArray[np.int64], days: NDArray[np.int64], people: tuple[Hashable, ...], name: str
) -> list[Problem]:
    first, last = _ends(who, days, len(people))
    return [
        Problem(f"{name} of {people[at]!r}", f"{last[at] - first[at] + 1} days from first to last", _WANTED_SPAN)
        for at in np.flatnonzero(last - first >= LONGEST_SPAN_DAYS)[:_MOST_NAMED].tolist()
    ]


_WANTED_SPAN = f"at most {LONGEST_SPAN_DAYS}"


def _ends(who: NDArray[np.int64], days: NDArray[np.int64], people: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first = np.full(people, np.iinfo(np.int64).max)
    last = np.full(people, np.iinfo(np.int64).min)
    np.minimum.at(first, who, days)
    np.maximum.at(last, who, days)
    return first, last


def _side_by_side(
    y: Floats,
    codes: NDArray[np.int64],
    days: NDArray[np.int64],
    who: NDArray[np.int64],
    people: tuple[Hashable, ...],
) -> PeopleDays:
    first, last = _ends(who, days, len(people))
    shape = (len(people), int((last - first).max()) + 1)
    at = (who, days - first[who])
    ratings, arm = np.full(shape, np.nan), np.full(shape, -1)
    ratings[at], arm[at] = y, codes
    known = np.maximum.accumulate(np.where(arm >= 0, np.arange(shape[1]), 0), axis=1)
    return PeopleDays(
        y=ratings,
        arm=np.take_along_axis(arm, known, axis=1),
        day=first[:, None] + np.arange(shape[1]),
        people=people,
    )

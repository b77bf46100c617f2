"""The answers of many people at once: columns of figures, no posteriors kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.priors import Priors
from matwise.inference.quadrature import prior_root
from matwise.inference.regression import NONE, Carryover, compare

if TYPE_CHECKING:
    from matwise.inference.kernel_rows import Model

Engine = Literal["auto", "numpy", "compiled"]

# People × λ from which compiling pays: it takes about 20 s once, the NumPy engine 0.7 ms for each.
PAYS_FROM = 20_000
_CHUNK, _NUMPY_CHUNK, _CHECKED = 1024, 64, 65_536  # people at a time: compiled, not compiled, looked through for errors
_MOST_EFFECTS = 5  # the kernel has room for six arms


@dataclass(frozen=True, slots=True, eq=False)
class Summaries:
    """What `regression.compare` finds for each person, as columns of shape (n_people,).

    `mean`, `sd` and `quantiles` (n_people, n_probabilities) are of the contrast; `p_below_zero`, `p_below_minus_change`
    and `p_above_change` the probabilities that it is below 0, below −`smallest_change` and above `smallest_change`.
    `rho` and `sigma` are posterior means, `keep_weight` (n_people, n_λ) the weights of the λ, `n_used` the rated days
    used. A person without any scatter around arms and trend has NaN in all but `n_used`.
    """

    mean: Floats
    sd: Floats
    quantiles: Floats
    p_below_zero: Floats
    p_below_minus_change: Floats
    p_above_change: Floats
    rho: Floats
    sigma: Floats
    log_evidence: Floats
    keep_weight: Floats
    n_used: Floats

    @property
    def p_within_change(self) -> Floats:
        """P(|contrast| < smallest_change), shape (n_people,)."""
        return 1 - self.p_below_minus_change - self.p_above_change


# The columns of a table of answers, before the weights of the λ and the quantiles; the kernel fills them in this order.
_FIGURES = (
    "mean", "sd", "p_below_zero", "p_below_minus_change", "p_above_change", "rho", "sigma", "log_evidence", "n_used",
)  # fmt: skip


def compare_many(
    y: ArrayLike,
    arm: ArrayLike,
    day: ArrayLike,
    *,
    priors: Priors,
    carryover: Carryover = NONE,
    contrast: tuple[int, int] = (1, 0),
    smallest_change: float = 1.0,
    probabilities: Sequence[float] = (0.025, 0.5, 0.975),
    threads: int | None = None,
    engine: Engine = "auto",
) -> Summaries:
    """Summaries of every person's posterior of one arm minus another.

    Args:
        y: ratings, NaN where missing, shape (n_people, n_days).
        arm: 0, 1, 2, … as in `regression.compare`; any shape that broadcasts to that of `y`.
        day: day numbers, ascending. Broadcasts like `arm`.
        priors: see `Priors`.
        carryover: `NONE`, `AVERAGE` or one with days left out.
        contrast: first arm minus second.
        smallest_change: the change that matters, above 0.
        probabilities: of the quantiles, each between 0 and 1.
        threads: how many at once; None leaves it to Python, which takes a few more than there are cores.
        engine: "compiled" needs numba (`matwise[many]`) and, once, about 20 s to compile; "numpy" takes about 0.7 ms
            for each person and λ. "auto" compiles where that pays and can be done. They agree within 0.002 posterior
            sds (validation/inference).

    Raises:
        InvalidInputError: as `regression.compare`; an arm of the contrast has no day; a probability is not between 0
            and 1; the compiled engine is asked for and can't be had.
    """
    ratings = np.asarray(y)
    ratings = ratings if ratings.dtype.kind == "f" else ratings.astype(np.float64)
    codes, days = np.asarray(arm), np.asarray(day)
    _refuse(_shape_problems(ratings, codes, days))
    people = _People(ratings, _rows(codes, ratings), _rows(days, ratings))
    arms = _arms(people.arm)
    question = _Question(priors, carryover, contrast, smallest_change, tuple(map(float, probabilities)), arms)
    _refuse(_value_problems(people, question, threads, engine))
    if _compiles(engine, len(ratings) * len(carryover.keeps), len(arms)):
        return _in_chunks(people, question, _compiled(question), _CHUNK, threads)
    return _in_chunks(people, question, _by_numpy, _NUMPY_CHUNK, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _People:
    """`y` (n_people, n_days); `arm` and `day` likewise or (1, n_days) where shared."""

    y: np.ndarray
    arm: np.ndarray
    day: np.ndarray

    def some(self, which: slice | np.ndarray) -> _People:
        """Some of them, copied into the kernel's types: a view that can't be written to would be compiled for anew."""
        arm, day = (one if len(one) == 1 < len(self.y) else one[which] for one in (self.arm, self.day))
        return _People(
            np.array(self.y[which], dtype=np.float64, order="C"),
            np.array(arm, dtype=np.int64, order="C"),
            np.array(day, dtype=np.int64, order="C"),
        )


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of everybody; `arms` are all that anybody has, arm 1 last."""

    priors: Priors
    carryover: Carryover
    contrast: tuple[int, int]
    smallest_change: float
    probabilities: tuple[float, ...]
    arms: tuple[int, ...]

    @property
    def columns(self) -> int:
        """Figures a person."""
        return len(_FIGURES) + len(self.carryover.keeps) + len(self.probabilities)


_Solve = Callable[[_People, _Question], Floats]


def _in_chunks(people: _People, question: _Question, solve: _Solve, size: int, threads: int | None) -> Summaries:
    """Every chunk's table of answers, shape (n_chunk, columns), into columns."""
    n, n_keeps = len(people.y), len(question.carryover.keeps)
    figures = np.empty((len(_FIGURES), n))
    keep_weight, quantiles = np.empty((n, n_keeps)), np.empty((n, len(question.probabilities)))

    def fill(start: int) -> None:
        which = slice(start, min(start + size, n))
        table = solve(people.some(which), question)
        figures[:, which] = table[:, : len(_FIGURES)].T
        keep_weight[which] = table[:, len(_FIGURES) : len(_FIGURES) + n_keeps]
        quantiles[which] = table[:, len(_FIGURES) + n_keeps :]

    starts = range(0, n, size)
    if threads == 1 or len(starts) == 1:
        for start in starts:
            fill(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(fill, starts):
                pass
    return Summaries(**dict(zip(_FIGURES, figures, strict=True)), keep_weight=keep_weight, quantiles=quantiles)


def _by_numpy(people: _People, question: _Question) -> Floats:
    """Answers by `regression.compare`.

    Where these people lack an arm that others have, one of them is weighed once more as if he had had all of them.
    """
    n, n_days = people.y.shape
    arm, day = (np.broadcast_to(one, (n, n_days)) for one in (people.arm, people.day))
    y, stand_in = people.y, np.resize(np.array(question.arms), n_days)
    if not np.isin(question.arms, arm).all():
        y, arm, day = (
            np.concatenate([all_of, one]) for all_of, one in ((y, y[:1]), (arm, stand_in[None]), (day, day[:1]))
        )
    posterior = compare(y, arm, day, priors=question.priors, carryover=question.carryover)
    effect = posterior.contrast(*question.contrast)
    # Padding has no spread of its own in every contrast, and no weight: any spread will do.
    effect = NormalMixture(effect.weight, effect.component_mean, np.where(effect.weight == 0, 1.0, effect.component_sd))
    change = question.smallest_change
    figures = [
        effect.mean, effect.sd, effect.below(0.0), effect.below(-change), 1 - effect.below(change), posterior.rho,
        posterior.sigma, posterior.log_evidence, posterior.n_used,
    ]  # fmt: skip
    table = np.column_stack([*figures, posterior.keep_weight, effect.quantile(question.probabilities)])
    return np.asarray(table[:n])


def _compiled(question: _Question) -> _Solve:
    """Answers by the kernel, and by `regression.compare` for whoever it does not vouch for."""
    from matwise.inference.kernel import ASK, weigh
    from matwise.inference.kernel_summary import STATUS

    model, like = _model(question), (0,) * (len(question.arms) + 2)
    normal = np.array([NormalDist().inv_cdf(p) for p in question.probabilities])
    status = [at for at in range(question.columns + 1) if at != STATUS]

    def solve(people: _People, question: _Question) -> Floats:
        table = np.empty((len(people.y), question.columns + 1))
        weigh(people.y, people.arm, people.day, normal, model, like, table)
        asked = np.flatnonzero(table[:, STATUS] == ASK)
        table = table[:, status]
        for some in np.array_split(asked, -(-len(asked) // _NUMPY_CHUNK) or 1):
            if some.size:
                table[some] = _by_numpy(people.some(some), question)
        return table

    return solve


def _model(question: _Question) -> Model:
    """Priors and question in the coordinates of the kernel: of unit prior spread, the contrast last."""
    from matwise.inference.kernel_rows import BLOCK, Model

    priors, arms = question.priors, question.arms
    root = prior_root(priors, len(arms) + 2, len(arms))[2:, 2:]
    wanted = np.zeros(len(arms))
    for one, sign in zip(question.contrast, (1.0, -1.0), strict=True):
        if one:
            wanted[arms.index(one)] += sign
    along = root.T @ wanted
    scale = float(np.sqrt(along @ along))
    turned = np.linalg.qr(along[:, None] / scale, mode="complete")[0]
    turned[:, 0] = along / scale
    rho = priors.rho
    return Model(
        level_mean=float(priors.level.mean),
        level_sd=float(priors.level.sd),
        trend_mean=float(priors.trend.mean),
        trend_sd=float(priors.trend.sd),
        effect_mean=float(priors.effect.mean),
        sigma_precision=1 / priors.sigma**2,
        rho_mean=0.0 if rho is None else float(rho.mean),
        rho_precision=0.0 if rho is None else 1 / rho.sd**2,
        log_constant=_log_constant(priors),
        days_left_out=question.carryover.days_left_out,
        block=BLOCK,
        smallest_change=float(question.smallest_change),
        shift=float(priors.effect.mean * wanted.sum()),
        scale=scale,
        keeps=np.array(question.carryover.keeps, dtype=np.float64),
        log_weights=np.log(np.array(question.carryover.weights)),
        arms=np.array(arms, dtype=np.int64),
        effect_root=np.ascontiguousarray(root @ np.roll(turned, -1, axis=1)),
        probabilities=np.array(question.probabilities),
    )


def _log_constant(priors: Priors) -> float:
    """Logs of what the densities of ρ and σ are divided by."""
    of_sigma = math.log(2 / (priors.sigma * math.sqrt(2 * math.pi)))
    if priors.rho is None:
        return of_sigma - math.log(2)
    rho = NormalDist(priors.rho.mean, priors.rho.sd)
    return of_sigma - math.log(priors.rho.sd * math.sqrt(2 * math.pi) * (rho.cdf(1) - rho.cdf(-1)))


def _compiles(engine: Engine, work: int, effects: int) -> bool:
    return engine == "compiled" or (engine == "auto" and work >= PAYS_FROM and _can_compile(effects))


def _can_compile(effects: int) -> bool:
    return effects <= _MOST_EFFECTS and find_spec("numba") is not None


def _rows(given: np.ndarray, ratings: np.ndarray) -> np.ndarray:
    """One row for everybody where all are the same, else one a person."""
    rows = np.broadcast_to(given, ratings.shape)
    return rows[:1] if rows.strides[0] == 0 else rows


def _checked(given: np.ndarray) -> Iterator[np.ndarray]:
    """A few people at a time, so that looking through a million needs no memory to speak of."""
    for start in range(0, len(given), _CHECKED):
        yield given[start : start + _CHECKED]


def _arms(arm: np.ndarray) -> tuple[int, ...]:
    found = {int(one) for part in _checked(arm) for one in _distinct(part)}
    return (*sorted(found - {0, 1}), 1)


def _distinct(codes: np.ndarray) -> np.ndarray:
    if codes.min() < 0 or codes.max() > 255:
        return np.unique(codes)
    return np.flatnonzero(np.bincount(codes.ravel(), minlength=2))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidInputError(*problems)


def _shape_problems(y: np.ndarray, arm: np.ndarray, day: np.ndarray) -> list[Problem]:
    if y.ndim != 2 or y.size == 0:
        return [Problem("ratings", f"shape {y.shape}", "(n_people, n_days), not empty")]
    problems = []
    for name, given in (("arm", arm), ("day", day)):
        try:
            np.broadcast_to(given, y.shape)
        except ValueError:
            problems.append(Problem(name, f"shape {given.shape}", f"one that broadcasts to {y.shape}"))
        if given.dtype.kind not in "biu":
            problems.append(Problem(name, f"values of type {given.dtype}", "whole numbers"))
    return problems


def _value_problems(people: _People, question: _Question, threads: int | None, engine: Engine) -> list[Problem]:
    problems = []
    if any(np.isinf(part).any() for part in _checked(people.y)):
        problems.append(Problem("ratings", "an infinite value", "finite numbers, NaN where missing"))
    if not all((part[:, 1:] > part[:, :-1]).all() for part in _checked(people.day)):
        problems.append(Problem("day", "days that do not ascend", "each day once, in order"))
    if min(question.arms) < 0:
        problems.append(Problem("arm", str(min(question.arms)), "0, 1, 2, …"))
    known = {0, *question.arms}
    first, second = question.contrast
    if first == second or not {first, second} <= known:
        problems.append(Problem("contrast", str(question.contrast), f"two different of {sorted(known)}"))
    wrong = [p for p in question.probabilities if not 0 < p < 1]
    if wrong or not question.probabilities:
        problems.append(Problem("probabilities", str(wrong or "none"), "numbers between 0 and 1"))
    if not (math.isfinite(question.smallest_change) and question.smallest_change > 0):
        problems.append(Problem("smallest_change", f"{question.smallest_change:g}", "a finite number above 0"))
    if threads is not None and threads < 1:
        problems.append(Problem("threads", str(threads), "1 or more, or None"))
    if engine == "compiled" and not _can_compile(len(question.arms)):
        problems.append(
            Problem("engine", "compiled", "numba (pip install 'matwise[many]') and at most six arms, or auto")
        )
    return problems

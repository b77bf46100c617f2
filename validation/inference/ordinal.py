"""Hold the ordinal model against its truths, against NUTS, and time it.

    python validation/inference/ordinal.py [--pin]

Prints coverage of the latent effect beside that of the plain model, the distance from NumPyro's NUTS, and the time a
person takes; exits with 1 if a goal is missed. `--pin` writes the figures to pinned/ordinal.json.
"""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matwise.inference.ordinal import compare_ordinal
from matwise.inference.ordinal_many import compare_ordinal_many
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE, compare

HERE = Path(__file__).resolve().parent
PEOPLE, DAYS = 2000, 56
ENDS = (0.025, 0.975)
PRIORS = Priors.for_rating()
# Coverage is a share of 2,000 people: its own 95 % interval is ±0.0096.
GOALS = {"coverage at least": 0.94, "coverage at most": 0.97, "NUTS mean": 0.02, "NUTS sd": 0.03}
MANY_US, ONE_MS, ONE_AVERAGED_MS = 400.0, 30.0, 30.0  # of one person: well within the 50 ms of a page

Figures = dict[str, float]


@dataclass(frozen=True)
class Truth:
    """Level off the mat, effect, spread of the days, days a block, day-to-day correlation, all latent."""

    level: float
    effect: float
    spread: float
    block: int
    rho: float = 0.3

    def people(self, count: int, rng: np.random.Generator, missing: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
        """Ratings given and arms, (count, DAYS)."""
        pairs = -(-DAYS // (2 * self.block))
        halves = rng.permuted(np.tile([0, 1], (count, pairs, 1)), axis=-1)
        arm = np.repeat(halves.reshape(count, -1), self.block, axis=1)[:, :DAYS]
        u = np.empty((count, DAYS))
        u[:, 0] = rng.normal(0, self.spread, count)
        for t in range(1, DAYS):
            u[:, t] = self.rho * u[:, t - 1] + rng.normal(0, self.spread * math.sqrt(1 - self.rho**2), count)
        y = np.clip(np.round(self.level + self.effect * arm + u), 0, 10) + 0.0
        y[rng.random(y.shape) < missing] = np.nan
        return y, arm


ENDS_OF_SCALE = [
    Truth(5, -1, 1.5, 7), Truth(3, -1, 1.5, 7), Truth(2, -1, 1.5, 7), Truth(1, -1, 1.5, 7), Truth(0.5, -1, 1.5, 7),
    Truth(2, 0, 1.5, 7), Truth(1, 0, 1.5, 7), Truth(2, -2, 1.5, 4), Truth(1, -1, 1.5, 4), Truth(9, 1, 1.5, 7),
    Truth(3, -1, 2.5, 7),
]  # fmt: skip
FEW_LEVELS = [
    Truth(5, -0.3, 0.2, 4), Truth(5.5, -0.3, 0.2, 4), Truth(5, -0.5, 0.35, 4), Truth(5.3, -0.5, 0.5, 4),
    Truth(5, -0.5, 0.75, 4),
]  # fmt: skip


def coverage(truth: Truth, people: int = PEOPLE) -> Figures:
    """How often each model's 95 % interval holds the latent effect, and how far off its mean is on average."""
    y, arm = truth.people(people, np.random.default_rng(31))  # noqa: TID251 (a validation makes its own chance)
    day = np.arange(1, DAYS + 1)
    ordinal = compare_ordinal_many(y, arm, day, priors=PRIORS, carryover=NONE)
    plain = compare(y, arm, day, priors=PRIORS, carryover=NONE, rounding=1.0).effect
    low, high = plain.quantile(ENDS).T
    levels = [np.unique(one[~np.isnan(one)]).size for one in y]
    return {
        "share at ends": float(ordinal.at_ends.mean()),
        "levels": float(np.median(levels)),
        "ordinal coverage": float(((ordinal.q025 <= truth.effect) & (truth.effect <= ordinal.q975)).mean()),
        "ordinal bias": float(ordinal.mean.mean() - truth.effect),
        "ordinal excludes 0": float(((ordinal.q025 > 0) | (ordinal.q975 < 0)).mean()),
        "plain coverage": float(((low <= truth.effect) & (truth.effect <= high)).mean()),
        "plain bias": float(plain.mean.mean() - truth.effect),
    }


def nuts(truth: Truth, seed: int, draws: int = 8000) -> Figures:
    """Distance from NUTS on the same model, its latent ratings sampled day by day inside their intervals.

    Coefficients are integrated out (a dense covariance of the latent days), the effect's mean and spread averaged over
    the draws: NUTS's own error then is below 0.01 posterior sds.
    """
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 (the call has no name for it)
    y, arm = truth.people(1, np.random.default_rng(seed))  # noqa: TID251 (a validation makes its own chance)
    day, seen = np.arange(1, DAYS + 1), ~np.isnan(y[0])
    rating, t = y[0][seen], day[seen]
    x = np.column_stack([np.ones(t.size), (t - 0.5 * (1 + DAYS)) / DAYS, arm[0][seen]])
    mean = np.array([PRIORS.level.mean, PRIORS.trend.mean, PRIORS.effect.mean])
    prior = np.diag(np.array([PRIORS.level.sd, PRIORS.trend.sd, PRIORS.effect.sd]) ** 2)
    apart = np.abs(np.subtract.outer(t, t))
    floor, ceiling = rating <= 0, rating >= 10
    inner = ~(floor | ceiling)

    def covariance(rho: jax.Array, sigma: jax.Array) -> jax.Array:
        return sigma**2 / (1 - rho**2) * rho**apart + x @ prior @ x.T

    def model() -> None:
        rho = numpyro.sample("rho", dist.Uniform(-1, 1))
        sigma = numpyro.sample("sigma", dist.HalfNormal(PRIORS.sigma))
        within = numpyro.sample("within", dist.Uniform(0, 1).expand([int(inner.sum())]))
        beyond = numpyro.sample("beyond", dist.Exponential(0.5).expand([int((~inner).sum())]))
        latent = jnp.zeros(t.size).at[np.flatnonzero(inner)].set(rating[inner] - 0.5 + within)
        sign = np.where(floor[~inner], -1.0, 1.0)
        latent = latent.at[np.flatnonzero(~inner)].set(rating[~inner] + sign * (beyond - 0.5))
        numpyro.factor("even", 0.5 * beyond.sum())  # takes the exponential's own density back
        found = dist.MultivariateNormal(x @ mean, covariance(rho, sigma))
        numpyro.factor("days", found.log_prob(latent))
        numpyro.deterministic("latent", latent)

    def effect(rho: jax.Array, sigma: jax.Array, latent: jax.Array) -> tuple[jax.Array, jax.Array]:
        gain = jnp.linalg.solve(covariance(rho, sigma), x @ prior[:, 2])
        return mean[2] + gain @ (latent - x @ mean), prior[2, 2] - gain @ (x @ prior[:, 2])

    kernel = numpyro.infer.NUTS(model, target_accept_prob=0.9)
    run = numpyro.infer.MCMC(kernel, num_warmup=1000, num_samples=draws, num_chains=1, progress_bar=False)
    run.run(jax.random.PRNGKey(seed))
    drawn = run.get_samples()
    at, variance = jax.vmap(effect)(drawn["rho"], drawn["sigma"], drawn["latent"])
    theirs, sd = float(at.mean()), float(jnp.sqrt(variance.mean() + at.var()))
    mine = compare_ordinal(y[0], arm[0], day, priors=PRIORS, carryover=NONE).effect
    error = float(at.std() / jnp.sqrt(numpyro.diagnostics.effective_sample_size(np.asarray(at)[None]))) / sd
    return {
        "share at ends": float((~inner).mean()),
        "NUTS mean": theirs,
        "NUTS sd": sd,
        "NUTS error of its mean, in sd": error,
        "mean off, in sd": abs(float(mine.mean) - theirs) / sd,
        "sd off": abs(float(mine.sd) / sd - 1),
    }


def timing() -> Figures:
    """Least of several runs: one person by the plain path, many by the compiled one, on one thread."""
    day = np.arange(1, DAYS + 1)
    y, arm = Truth(2, -1, 1.5, 7).people(400, np.random.default_rng(33))  # noqa: TID251 (its own chance)
    figures = {}
    for name, carryover in (("λ 0", NONE), ("carry-over averaged", AVERAGE)):
        one = [
            _seconds(lambda c=carryover: compare_ordinal(y[0], arm[0], day, priors=PRIORS, carryover=c))
            for _ in range(15)
        ]
        figures[f"one person, ms, {name}"] = 1e3 * min(one)
        compare_ordinal_many(y[:2], arm[:2], day, priors=PRIORS, carryover=carryover)
        many = [
            _seconds(lambda c=carryover: compare_ordinal_many(y, arm, day, priors=PRIORS, carryover=c))
            for _ in range(5)
        ]
        figures[f"of many, µs a person, {name}"] = 1e6 * min(many) / len(y)
    return figures


def _seconds(work: object) -> float:
    assert callable(work)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _missed(results: dict[str, Figures]) -> list[str]:
    out = []
    for name, figures in results.items():
        covered = figures.get("ordinal coverage")
        # With two or three levels the ratings say so little that the prior widens the interval: only too low is wrong.
        most = GOALS["coverage at most"] if figures.get("share at ends", 0.0) > 0 else 1.0
        if covered is not None and not GOALS["coverage at least"] <= covered <= most:
            out.append(f"{name}: coverage {covered:.3f}, want {GOALS['coverage at least']} to {most}")
        if figures.get("mean off, in sd", 0.0) > GOALS["NUTS mean"]:
            out.append(f"{name}: mean {figures['mean off, in sd']:.3f} sd from NUTS, want {GOALS['NUTS mean']}")
        if figures.get("sd off", 0.0) > GOALS["NUTS sd"]:
            out.append(f"{name}: sd off by {figures['sd off']:.3f}, want {GOALS['NUTS sd']}")
    limits = {
        "one person, ms, λ 0": ONE_MS,
        "one person, ms, carry-over averaged": ONE_AVERAGED_MS,
        "of many, µs a person, λ 0": MANY_US,
    }
    took = results["time"]
    return out + [f"{name}: {took[name]:.0f}, want {limit:g}" for name, limit in limits.items() if took[name] > limit]


def main(arguments: list[str]) -> int:
    """Run everything; 0 if every goal is met."""
    results = {"time": timing()}
    print(json.dumps(results["time"], ensure_ascii=False, indent=1), flush=True)
    for truth in ENDS_OF_SCALE + FEW_LEVELS:
        results[f"coverage, {truth}"] = coverage(truth)
        print(truth, {name: round(x, 3) for name, x in results[f"coverage, {truth}"].items()}, flush=True)
    for seed, truth in enumerate((Truth(5, -1, 1.5, 7), Truth(1, -1, 1.5, 4), Truth(0.5, -1, 1.5, 7))):
        results[f"NUTS, {truth}"] = nuts(truth, 40 + seed)
        print("NUTS", truth, {name: round(x, 4) for name, x in results[f"NUTS, {truth}"].items()}, flush=True)
    missed = _missed(results)
    print("\n".join(f"GOAL MISSED: {one}" for one in missed) or "Every goal is met.")
    if "--pin" in arguments:
        rounded = {part: {name: float(f"{x:.4g}") for name, x in figures.items()} for part, figures in results.items()}
        (HERE / "pinned").mkdir(exist_ok=True)
        text = json.dumps(rounded, indent=1, ensure_ascii=False) + "\n"
        (HERE / "pinned" / "ordinal.json").write_text(text, encoding="utf-8")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The same posterior by two samplers that share nothing with the engine: PyMC + nutpie and NumPyro.

    python validation/inference/nuts.py [--draws 4000] [--pin]

Five data sets, four chains each. For mean and sd of the effect, the distance in Monte Carlo standard errors (from the
effective sample size); goal: no |z| above 4, and root mean square below 1.6, over all of them.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
from series import errors, schedules, settle, unrated

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "inference"))
from model import Rated, numpyro_model, padded, pymc_model

from matwise.inference.priors import Priors
from matwise.inference.regression import NONE, compare

CASES = ((56, 7, 0.3, 0.1), (56, 4, 0.8, 0.2), (28, 4, -0.4, 0.0), (21, 7, 0.6, 0.25), (112, 1, 0.5, 0.1))
CHAINS = 4


def nutpie_draws(days: Rated, draws: int, seed: int) -> np.ndarray:
    """Draws of the effect, (chains, draws)."""
    import nutpie

    compiled = nutpie.compile_pymc_model(pymc_model(days))
    found = nutpie.sample(compiled, draws=draws, tune=1000, chains=CHAINS, seed=seed, progress_bar=False, cores=1)
    return np.asarray(found.posterior["tau"])


def numpyro_draws(days: Rated, draws: int, seed: int) -> np.ndarray:
    """Draws of the effect, (chains, draws)."""
    import jax
    from numpyro.infer import MCMC, NUTS

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 (jax's own signature)
    run = MCMC(
        NUTS(numpyro_model), num_warmup=1000, num_samples=draws, num_chains=CHAINS, chain_method="vectorized",
        progress_bar=False,
    )  # fmt: skip
    run.run(jax.random.PRNGKey(seed), *padded(days, days.y.size))
    return np.asarray(run.get_samples(group_by_chain=True)["tau"])


def z_scores(draws: np.ndarray, mean: float, sd: float) -> tuple[float, float]:
    """Distances of mean and sd in their Monte Carlo standard errors."""
    import arviz

    squared = (draws - draws.mean()) ** 2
    of_mean, of_squared = (float(arviz.mcse({"one": one}, method="mean")["one"]) for one in (draws, squared))
    of_sd = of_squared / (2 * draws.std())  # the sd is the root of the mean of the squares
    return (float(draws.mean()) - mean) / of_mean, (float(draws.std()) - sd) / of_sd


def main() -> int:
    """Every case; 0 if every goal is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--pin", action="store_true")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    figures: dict[str, float] = {}
    for at, (days, block, rho, missing) in enumerate(CASES):
        rng = np.random.default_rng(70 + at)  # noqa: TID251 (a validation makes its own chance)
        arm = schedules(1, days, block, rng)[0]
        y = 5 - arm + errors(np.array([rho]), np.array([1.5 * (1 - rho**2) ** 0.5]), days, rng)[0]
        y = unrated(y, missing, rng)
        effect = compare(y, arm, np.arange(1, days + 1), priors=Priors.for_rating(), carryover=NONE).effect
        for name, sampler in (("nutpie", nutpie_draws), ("NumPyro", numpyro_draws)):
            drawn = sampler(Rated.of(y, arm), asked.draws, at)
            z = z_scores(drawn, float(effect.mean), float(effect.sd))
            print(
                f"{days} days, ρ {rho:g}, {name}: {drawn.mean():.4f} ({drawn.std():.4f}), exact "
                f"{effect.mean:.4f} ({effect.sd:.4f}), z {z[0]:+.2f} {z[1]:+.2f}",
                flush=True,
            )
            figures |= {f"case {at} {name}: z of mean": z[0], f"case {at} {name}: z of sd": z[1]}
    every = np.array(list(figures.values()))
    missed = []
    if np.abs(every).max() > 4 or (every**2).mean() ** 0.5 > 1.6:
        missed.append(f"largest |z| {np.abs(every).max():.1f}, root mean square {(every**2).mean() ** 0.5:.2f}")
    return settle("nuts", figures, missed, pin=asked.pin, tolerance=8.0)


if __name__ == "__main__":
    sys.exit(main())

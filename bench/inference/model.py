"""The model that every peer is given: y_t = α + τ·arm_t + δ·s_t + u_t, u AR(1), the priors of `Priors.for_rating`.

NUTS gets its best case: the likelihood vectorised over rated days through powers of ρ, no latent missing day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import jax
    import pymc as pm


@dataclass(frozen=True)
class Rated:
    """One person's rated days: `y`, `arm`, `s` (the drift from −½ to ½), and `gap` in days to the one before."""

    y: np.ndarray
    arm: np.ndarray
    s: np.ndarray
    gap: np.ndarray

    @classmethod
    def of(cls, y: np.ndarray, arm: np.ndarray) -> Rated:
        """From a calendar with NaN where unrated."""
        seen = np.flatnonzero(~np.isnan(y))
        s = (np.arange(y.size) - 0.5 * (y.size - 1)) / y.size
        return cls(y[seen], arm[seen].astype(float), s[seen], np.diff(seen).astype(float))


def simulated(n_people: int, n_days: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ratings (float32, a tenth missing) and arms (int8) in 7-day blocks; effects N(−1, 0.7²), ρ 0.3, spread 1.5."""
    pairs = -(-n_days // 14)
    first = rng.integers(0, 2, (n_people, pairs, 1), dtype=np.int8)
    arm = np.concatenate([first, 1 - first], -1).reshape(n_people, -1).repeat(7, 1)[:, :n_days]
    y = np.empty((n_people, n_days), dtype=np.float32)
    effect = rng.normal(-1, 0.7, n_people).astype(np.float32)
    u = 1.5 * rng.standard_normal(n_people, dtype=np.float32)
    for t in range(n_days):
        y[:, t] = 5 + effect * arm[:, t] + u
        y[rng.random(n_people, dtype=np.float32) < 0.1, t] = np.nan
        u = np.float32(0.3) * u + np.float32(1.5 * 0.91**0.5) * rng.standard_normal(n_people, dtype=np.float32)
    return y, arm


def pymc_model(days: Rated) -> pm.Model:
    """As a PyMC model whose data can be changed without compiling anew."""
    import pymc as pm

    with pm.Model(coords={"day": np.arange(days.y.size)}) as model:
        y, arm = pm.Data("y", days.y), pm.Data("arm", days.arm)
        s, gap = pm.Data("s", days.s), pm.Data("gap", days.gap)
        alpha, tau, delta = pm.Normal("alpha", 5, 3), pm.Normal("tau", 0, 2), pm.Normal("delta", 0, 2)
        rho, sigma = pm.Uniform("rho", -1, 1), pm.HalfNormal("sigma", 2.5)
        left = y - alpha - tau * arm - delta * s
        # A whole power of a negative ρ, written so that its derivative exists.
        power = pm.math.abs(rho) ** gap * pm.math.switch(pm.math.lt(rho, 0), 1 - 2 * (gap % 2), 1.0)
        spread = sigma * pm.math.sqrt((1 - power**2) / (1 - rho**2))
        pm.Potential("first", pm.logp(pm.Normal.dist(0, sigma / pm.math.sqrt(1 - rho**2)), left[0]))
        pm.Potential("later", pm.logp(pm.Normal.dist(power * left[:-1], spread), left[1:]).sum())
    return model


def numpyro_model(y: jax.Array, arm: jax.Array, s: jax.Array, gap: jax.Array, rated: jax.Array) -> None:
    """As a NumPyro model; `rated` masks padding, so that people with more and fewer days share one compiled run."""
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    alpha = numpyro.sample("alpha", dist.Normal(5, 3))
    tau = numpyro.sample("tau", dist.Normal(0, 2))
    delta = numpyro.sample("delta", dist.Normal(0, 2))
    rho = numpyro.sample("rho", dist.Uniform(-1, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2.5))
    left = y - alpha - tau * arm - delta * s
    power = jnp.abs(rho) ** gap * jnp.where(rho < 0, 1 - 2 * (gap % 2), 1.0)
    spread = sigma * jnp.sqrt((1 - power**2) / (1 - rho**2))
    numpyro.factor("first", dist.Normal(0, sigma / jnp.sqrt(1 - rho**2)).log_prob(left[0]))
    later = dist.Normal(power * left[:-1], spread).log_prob(left[1:])
    numpyro.factor("later", jnp.where(rated[1:], later, 0.0).sum())


def padded(days: Rated, n_days: int) -> tuple[np.ndarray, ...]:
    """Arguments of `numpyro_model`, filled up to `n_days`."""
    short = n_days - days.y.size
    columns = [np.pad(one, (0, short)) for one in (days.y, days.arm, days.s)]
    return (*columns, np.pad(days.gap, (0, short), constant_values=1.0), np.arange(n_days) < days.y.size)


JAGS_MODEL = """model {
  alpha ~ dnorm(5, 0.1111111111)
  tau ~ dnorm(0, 0.25)
  delta ~ dnorm(0, 0.25)
  rho ~ dunif(-1, 1)
  sigma ~ dnorm(0, 0.16) T(0,)
  for (i in 1:n) { mu[i] <- alpha + tau * arm[i] + delta * s[i] }
  y[1] ~ dnorm(mu[1], (1 - rho * rho) / (sigma * sigma))
  for (i in 2:n) {
    power[i] <- pow(rho, gap[i])
    y[i] ~ dnorm(mu[i] + power[i] * (y[i-1] - mu[i-1]),
                 (1 - rho * rho) / (sigma * sigma * (1 - power[i] * power[i])))
  }
}
"""

"""The model and its priors as an answer reports them, in words and symbols."""

from __future__ import annotations

from typing import Any

from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import Carryover
from matwise.sentence import Sentence
from matwise.trial.analysis import Asked, Findings
from matwise.trial.arm_words import arm_name


def model_in_words(asked: Asked, found: Findings) -> dict[str, Any]:
    """The model, and what it found about the days themselves."""
    others = [arm for arm in found.used_by_arm if arm not in asked.compared]
    first, second = (arm_name(arm) for arm in asked.compared)
    model: dict[str, Any] = {
        "ratings": _RATINGS[found.ordinal is not None],
        "words": Sentence(
            "A day's rating is a usual level, plus what {first} adds to {second}, plus a slow "
            "drift over the days, plus chance that resembles the day before. Days without a rating stay missing."
        ).format(first=first, second=second),
        "symbols": Sentence(
            "y_t = α + τ·e_t(λ) + δ·s_t + z_t'γ + u_t;  u_t = ρ·u_(t−1) + ε_t, ε_t ~ N(0, σ²), stationary start"
        ),
        "effect": Sentence("τ: {first} minus {second}").format(first=first, second=second),
        "trend": Sentence("s_t = (day − centre)/T over the T days from first to last"),
        "carryover": _carryover(asked.carryover),
        "allowed_for": asked.adjustment.words,
        "other_arms": [Sentence("{arm} has an effect of its own").format(arm=arm_name(arm)) for arm in others],
        "method": Sentence(
            "exact: coefficients and missing days analytically, (atanh ρ, log σ) by adaptive quadrature"
        ),
    }
    posterior = found.posterior
    if posterior is not None:
        weights = zip(asked.carryover.keeps, posterior.keep_weight.tolist(), strict=True)
        model |= {
            "rho_mean": float(posterior.rho),
            "sigma_mean": float(posterior.sigma),
            "log_evidence": float(posterior.log_evidence),
            "carryover_weights": {f"{keep:g}": weight for keep, weight in weights},
            "exact_fit": bool(posterior.exact_fit),
        }
    return model


_RATINGS = {
    False: Sentence("taken as plain numbers"),
    True: Sentence("steps between two ends: each says in which interval a latent rating lies (cumulative probit)"),
}


def priors_in_words(priors: Priors | None) -> dict[str, Any]:
    """Every prior by name; empty where nothing could be weighed."""
    if priors is None:
        return {}
    return {
        "level": _normal(priors.level),
        "effect": _normal(priors.effect),
        "trend": _normal(priors.trend),
        "rho": {"symbols": "U(−1, 1)", "low": -1.0, "high": 1.0} if priors.rho is None else _normal(priors.rho),
        "sigma": {"symbols": f"HalfNormal({priors.sigma:.3g})", "scale": priors.sigma},
    }


def _normal(prior: Normal) -> dict[str, Any]:
    return {"symbols": f"N({prior.mean:.3g}, {prior.sd:.3g}²)", "mean": prior.mean, "sd": prior.sd}


def _carryover(carryover: Carryover) -> str:
    parts = []
    if len(carryover.keeps) > 1:
        weighed = (
            Sentence("{keep:g} (prior {weight:g})").format(keep=keep, weight=weight)
            for keep, weight in zip(carryover.keeps, carryover.weights, strict=True)
        )
        parts.append(Sentence("averaged over λ = {weighed}").format(weighed=Sentence.joined(weighed, ", ")))
    if carryover.days_left_out:
        left_out = Sentence.counted(
            "the first {number} day(s) after each switch left out",
            "the first {number} day(s) after each switch left out",
            carryover.days_left_out,
        )
        parts.append(left_out)
    return Sentence.joined(parts, "; ") if parts else Sentence("none (λ = 0)")

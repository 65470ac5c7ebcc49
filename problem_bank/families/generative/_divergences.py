"""Kullback-Leibler divergences in nats (Kullback and Leibler 1951)."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

from problem_bank.families.generative._entrywise import total


def cross_entropy(p: Sequence[Any], q: Sequence[Any]) -> float:
    """-sum p ln q; outcomes with p = 0 count nothing."""
    return float(total(lambda a, b: -a * log(b) if a else 0.0, p, q))


def discrete(p: Sequence[Any], q: Sequence[Any]) -> float:
    """KL(p || q) = sum p ln(p / q)"""
    return cross_entropy(p, q) - cross_entropy(p, p)


def normal(mean: Any, sd: Any, other_mean: Any, other_sd: Any) -> float:
    """KL(N(mean, sd^2) || N(other_mean, other_sd^2)); raises ValueError where the ratio of the sds is not positive."""
    ratio = sd / other_sd
    return float(((mean - other_mean) / other_sd) ** 2 + ratio**2 - 1) / 2 - log(ratio)

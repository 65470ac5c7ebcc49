"""The audit over all families: 500 variants for each of them at each level."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import problem_bank
from benchmarks.figure import Figure
from problem_bank.audit import Audit, audit, cases, verified

VARIANTS = 500


def figures() -> Iterator[Figure]:
    """Problems found (key and oracle apart, a misconception equal to the key, ...), and the time taken."""
    began = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_one, cases(problem_bank.ids())))
    problems = [f"{r.family} {r.level}: {problem}" for r in results for problem in r.problems]
    total = sum(r.variants for r in results)
    yield Figure("audit: problems found", len(problems), "", at_most=0, note="; ".join(problems)[:200])
    yield Figure(
        "audit: variants proven", total, "", note=f"{len(problem_bank.ids())} families, {VARIANTS:,} per level"
    )
    yield Figure("audit: misconceptions verified", len(verified(results)), "")
    yield Figure("audit: time", time.perf_counter() - began, "s", at_most=360, note="on two cores")


def _one(case: tuple[str, str]) -> Audit:
    return audit(*case, VARIANTS)

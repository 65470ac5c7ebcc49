"""Goodfellow et al., Deep Learning, section 6.2.2.3: the softmax, its cross-entropy and their gradient in numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log
from typing import Any

import numpy as np

from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.losses._softmax_cross_entropy_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.softmax import cross_entropy, logs, one_hot, shares, softmax
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector, whole

TENTHS = tuple(whole(Fraction(n, 10)) for n in range(-20, 31) if n)
SPLITS = [(a, b, 10 - a - b) for a in range(1, 9) for b in range(1, 10 - a)]
SOFT: tuple[Vector, ...] = tuple(tuple(Fraction(n, 10) for n in split) for split in SPLITS)
Row = Callable[[Any, Any], Any]  # of the outputs and the targets of one sample


@family(
    topic="losses",
    source="Goodfellow 6.2.2.3",
    minutes=8,
    levels={"easy": {"logarithms": True}, "medium": {"soft": True}, "hard": {"samples": 3}},
)
def softmax_cross_entropy(
    rng: Rng, *, samples: int = 1, logarithms: bool = False, soft: bool = False, classes: int = 3
) -> Exercise:
    """Compute softmax, cross-entropy and the gradient by the logits."""
    rows = range(1, samples + 1)
    a = [rng.sample(f"a{s}", range(1, 10), classes) for s in rows] if logarithms else []
    drawn: list[Any] = a or [rng.choices(f"z{s}", TENTHS, classes) for s in rows]
    z = [tuple(log(v) if logarithms else float(v) for v in row) for row in drawn]
    labels = () if soft else rng.ints("targets", samples, 1, classes)
    t: tuple[Vector, ...] = tuple(one_hot(c, classes) for c in labels) or (rng.choice("t", SOFT),)
    batch = _Batch(tuple(z), t)
    p = tuple(map(softmax, z))
    rng.require(all(abs(sum(row)) > 0.3 for row in z), "no logits sum to about 0")
    rng.require(all(min(row) > 0.02 for row in p), "no probability is tiny")
    rng.require(any(_top(q) != _top(u) for q, u in zip(p, t, strict=True)), "not all samples are classified well")
    steps = Steps(SAID, tolerance=1e-3)
    loss = batch.ask(steps)
    powers: list[Any] = a or [tuple(exp(v) for v in row) for row in z]
    exact = [shares(row) for row in a] if logarithms else p
    return Exercise(
        given={**rng.drawn, "samples": samples, "logarithms": logarithms, "soft": soft, "classes": classes},
        shown={"logits": tuple(map(logs, a)) if logarithms else tuple(z), "mean": loss, "dz": steps.keys["dz"],
               "rows": [_line(*row) for row in zip(powers, exact, t, strict=True)]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(samples * classes),
    )  # fmt: skip


@dataclass(frozen=True)
class _Batch:
    """The logits and the targets, one row for each sample; a single sample is answered without a second bracket."""

    z: tuple[tuple[float, ...], ...]
    t: tuple[Any, ...]

    def ask(self, steps: Steps) -> Any:
        """Append the parts; the loss is returned."""
        several, n = len(self.z) > 1, len(self.z)
        steps.ask("p", "The probabilities $p$" + (", one row for each sample." if several else "."),
                  lambda e: self.pack([softmax(row) for row in self.z]), self.wrong_outputs(), points=2)  # fmt: skip
        loss = {
            "base_two": self.each(lambda p, t: cross_entropy(t, p) / log(2)),
            "largest": self.each(lambda p, t: -log(max(p))),
            "all_classes": self.each(lambda p, t: cross_entropy((1,) * len(p), p)),
            "over_classes": self.each(lambda p, t: cross_entropy(t, p) / len(p)),
            "complement": self.each(lambda p, t: 1 - sum(q * u for q, u in zip(p, t, strict=True))),
            "divergence": self.each(lambda p, t: cross_entropy(t, p) - cross_entropy(t, t)) if self.soft else None,
        }
        right = self.each(lambda p, t: cross_entropy(t, p))
        if several:
            steps.ask("losses", "The losses $L_s$ of the samples.", right, loss)
            mean = {
                "summed": lambda e: sum(e["losses"]),
                "over_entries": lambda e: sum(e["losses"]) / n / len(self.t[0]),
            }
            key = steps.ask("loss", "The loss $L$ of the batch.", lambda e: sum(e["losses"]) / n, mean)
        else:
            key = steps.ask("loss", "The loss $L$.", right, loss)
        steps.ask("dz", r"The gradient $\partial L / \partial z$" + (", one row for each sample." if several else "."),
                  self.entries(lambda q, u: (q - u) / n), self.wrong_gradients(n), points=2)  # fmt: skip
        return key

    @property
    def k(self) -> int:
        """The number of classes."""
        return len(self.t[0])

    @property
    def soft(self) -> bool:
        """Does a target spread over several classes?"""
        return any(0 < float(u) < 1 for row in self.t for u in row)

    def pack(self, rows: list[Any]) -> Any:
        """The rows, or the only one."""
        return tuple(rows) if len(rows) > 1 else rows[0]

    def each(self, rule: Row) -> Rule:
        """A rule for every sample, on the student's own probabilities."""

        def apply(e: Earlier) -> Any:
            outputs = e["p"] if len(self.z) > 1 else (e["p"],)
            return self.pack([rule(p, t) for p, t in zip(outputs, self.t, strict=True)])

        return apply

    def entries(self, rule: Row) -> Rule:
        """A rule for every entry."""
        return self.each(lambda p, t: tuple(rule(q, float(u)) for q, u in zip(p, t, strict=True)))

    def wrong_outputs(self) -> dict[str, Any]:
        """Misconceptions of the softmax."""
        powers = [tuple(map(exp, row)) for row in self.z]
        columns = [sum(column) for column in zip(*powers, strict=True)]
        across = [tuple(v / c for v, c in zip(row, columns, strict=True)) for row in powers]
        return {
            "not_normalised": self.pack(powers),
            "logits_shared": self.pack([tuple(v / sum(row) for v in row) for row in self.z]),
            "columns_normalised": self.pack(across) if len(powers) > 1 else None,
        }

    def wrong_gradients(self, n: int) -> dict[str, Any]:
        """Misconceptions of (p - t) / n."""
        return {
            "sign": self.entries(lambda q, u: (u - q) / n),
            "by_outputs": self.entries(lambda q, u: -u / q / n),
            "extra_slope": self.entries(lambda q, u: (q - u) * q * (1 - q) / n),
            "no_mean": self.entries(lambda q, u: q - u) if n > 1 else None,
            "targets_lost": self.entries(lambda q, u: q / n),
        }


def _top(row: Any) -> int:
    return max(range(len(row)), key=lambda i: row[i])


def _line(powers: Any, p: Any, t: Any) -> dict[str, Any]:
    """The numbers of one sample in the worked solution."""
    terms = [(float(v), q) for v, q in zip(t, p, strict=True) if v]
    shown = t if isinstance(t[0], int) else tuple(float(v) for v in t)
    return {"powers": powers, "total": sum(powers), "p": p, "t": shown, "terms": terms, "loss": cross_entropy(t, p)}


@softmax_cross_entropy.oracle
def by_log_sum_exp(samples: int, classes: int, **given: Any) -> dict[str, Any]:
    """Everything from ln(sum exp z), which NumPy reduces pair by pair; the gradient by complex steps."""
    rows = [given[f"a{s}"] if "a1" in given else given[f"z{s}"] for s in range(1, samples + 1)]
    z = np.array(rows, dtype=float)
    z = np.log(z) if "a1" in given else z
    t = np.array([given["t"]], dtype=float) if "t" in given else np.eye(classes)[np.array(given["targets"]) - 1]
    normaliser = np.logaddexp.reduce(z, axis=1)
    log_p = z - normaliser[:, None]
    d_z = gradient(lambda v: (t * (np.log(np.exp(v).sum(axis=1))[:, None] - v)).sum() / samples, z)
    entropy = -(t * np.log(np.where(t, t, 1))).sum(axis=1)
    losses = normaliser - (t * z).sum(axis=1)
    of_loss = {
        "": losses, ".base_two": losses * np.log2(np.e), ".largest": normaliser - z.max(axis=1),
        ".all_classes": classes * normaliser - z.sum(axis=1), ".over_classes": losses / classes,
        ".complement": (t * (1 - np.exp(log_p))).sum(axis=1), ".divergence": losses - entropy if "t" in given else None,
    }  # fmt: skip
    p = np.exp(log_p)
    values = {
        "p": p, "p.not_normalised": np.exp(z), "p.logits_shared": z / z.sum(axis=1, keepdims=True),
        "p.columns_normalised": np.exp(z - np.logaddexp.reduce(z, axis=0)) if samples > 1 else None,
        "dz": d_z, "dz.sign": -d_z, "dz.by_outputs": -t / p / samples, "dz.extra_slope": d_z * (p - p**2),
        "dz.no_mean": d_z * samples if samples > 1 else None, "dz.targets_lost": p / samples,
    }  # fmt: skip
    if samples > 1:
        batch = {"loss": losses.mean(), "loss.summed": losses.sum(), "loss.over_entries": losses.mean() / classes}
        return values | {f"losses{name}": value for name, value in of_loss.items()} | batch
    values |= {f"loss{name}": value for name, value in of_loss.items()}
    return {name: None if value is None else value[0] for name, value in values.items()}

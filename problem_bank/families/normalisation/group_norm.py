"""Wu and He 2018; Prince, Understanding Deep Learning, section 11.4: batch, layer, instance and group normalisation."""

from fractions import Fraction
from math import prod, sqrt
from typing import Any

import numpy as np

from problem_bank.answers import Array
from problem_bank.errors import BadGiven
from problem_bank.exact import times
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.normalisation._group_norm_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.normalisation import draw_batch, mean, root, variance
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Vector


@family(
    topic="normalisation",
    source="Wu and He 2018; Prince 11.4",
    minutes=8,
    levels={"easy": {"channels": 2, "pixels": 4}, "medium": {}, "hard": {"channels": 6, "affine": True}},
)
def group_norm(rng: Rng, *, channels: int = 4, groups: int = 2, pixels: int = 2, affine: bool = False) -> Exercise:
    """Tell group and instance normalisation from batch and layer normalisation by what they average over."""
    if groups < 2 or channels % groups or pixels < 2:
        raise BadGiven(f"channels {channels}, groups {groups}, pixels {pixels}: write at least 2 pixels and 2 groups "
                       "of equally many channels")  # fmt: skip
    large = rng.choice("groups_large", (2, 4, 8))
    shape = (
        rng.int("images", 5, 40),
        large * rng.choice("share", (3, 4, 5, 6, 7, 9)),
        *rng.sample("sides", range(5, 15), 2),
    )
    size = channels // groups * pixels
    lines = tuple(draw_batch(rng, f"line{g}", size) for g in range(1, groups + 1))
    rng.require(shape[0] != shape[1] and shape[1] != large**2, "the axes differ")
    rng.require(len(set(map(mean, lines))) == groups and len(set(map(variance, lines))) == groups, "the groups differ")
    rng.require(all(variance(line) != 1 for line in lines), "no variance is 1")
    image = _Image(lines, channels // groups, pixels)
    steps = Steps(SAID, tolerance=1e-3)
    _ask_axes(steps, shape, large)
    image.ask(steps)
    scaling: dict[str, Any] = {}
    if affine:
        scaling = {"gamma": rng.ints("gamma", channels, -3, 4, exclude=(0, 1)),
                   "beta": rng.ints("beta", channels, -4, 4, exclude=(0, 1))}  # fmt: skip
        image.ask_output(steps, **scaling)
    shown = [{"entries": line, "mean": mean(line), "variance": variance(line), "root": root(variance(line)) or
              sqrt(variance(line))} for line in lines]  # fmt: skip
    return Exercise(
        given={**rng.drawn, "channels": channels, "groups": groups, "pixels": pixels, "affine": affine},
        shown={"X": image.rows(lines), "shape": shape, "lines": shown, "keys": steps.keys,
               "normal": steps.keys["values"], "sizes": steps.keys["sizes"], "output": steps.keys.get("output", ())},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(channels * pixels),
    )  # fmt: skip


def _ask_axes(steps: Steps, shape: tuple[int, ...], groups: int) -> None:
    """How many means each normalisation has, and over how many values."""
    n, c, *sides = shape
    space, values = prod(sides), prod(shape)
    steps.ask("counts", PART["counts"], lambda e: (c, n, n * c, n * groups), {
        "batch_and_layer": (n, c, n * c, n * groups), "no_batch": (c, 1, c, groups),
        "channels_of_group": (c, n, n * c, n * c // groups),
    }, points=2, kind=Array)  # fmt: skip
    steps.ask("sizes", PART["sizes"], lambda e: tuple(Fraction(values) / count for count in e["counts"]), {
        "no_space": (n, c, 1, c // groups), "channels_of_group": (n * space, c * space, space, groups * space),
    }, points=2, kind=Array)  # fmt: skip


class _Image:
    """An image by its groups: each a vector of all values of some successive channels."""

    def __init__(self, lines: Matrix, share: int, pixels: int) -> None:
        self.lines, self.share, self.pixels = lines, share, pixels

    def rows(self, lines: Any) -> Matrix:
        """A channel in each row."""
        starts = range(0, self.share * self.pixels, self.pixels)
        return tuple(tuple(line[i : i + self.pixels]) for line in lines for i in starts)

    def ask(self, steps: Steps) -> None:
        """Means, variances, and the normalised image."""
        lines, flat, n = self.lines, tuple(v for line in self.lines for v in line), len(self.lines[0])
        mixed = self._interleaved() if self.share > 1 else None
        steps.ask("means", PART["means"], lambda e: tuple(map(mean, lines)), {
            "whole": (mean(flat),) * len(lines), "interleaved": mixed and tuple(map(mean, mixed)),
        })  # fmt: skip
        steps.ask("variances", PART["variances"], lambda e: tuple(map(variance, lines)), {
            "whole": (variance(flat),) * len(lines), "interleaved": mixed and tuple(map(variance, mixed)),
            "unbiased": tuple(variance(line) * n / (n - 1) for line in lines),
        }, points=2)  # fmt: skip
        steps.ask("values", PART["values"], self._divided(0.5), {
            "by_variance": self._divided(1), "only_centred": self._divided(0),
        }, points=2)  # fmt: skip

    def ask_output(self, steps: Steps, gamma: Vector, beta: Vector) -> None:
        """Scale and shift of every channel."""

        def scaled(a: Vector, b: Vector) -> Rule:
            return lambda e: tuple(
                tuple(float(g * v + s) for v in row) for g, s, row in zip(a, b, e["values"], strict=True)
            )

        steps.ask("output", PART["output"], scaled(gamma, beta), {
            "swapped": scaled(beta, gamma), "shift_first": scaled(gamma, times(gamma, beta)),
            "no_affine": lambda e: tuple(map(tuple, e["values"])),
        }, points=2)  # fmt: skip

    def _divided(self, power: float) -> Rule:
        """Less the mean, divided by this power of the variance; from the student's own means and variances."""

        def rule(e: Earlier) -> Matrix:
            known = zip(self.lines, e["means"], e["variances"], strict=True)
            return self.rows(tuple(tuple(float(v - m) / float(s) ** power for v in line) for line, m, s in known))

        return rule

    def _interleaved(self) -> Matrix:
        """The groups, if every channel in turn went to the next group."""
        rows, count = self.rows(self.lines), len(self.lines)
        return tuple(tuple(v for row in rows[g::count] for v in row) for g in range(count))


@group_norm.oracle
def by_axes(*, images: int, share: int, sides: Any, groups_large: int, channels: int, groups: int, pixels: int,
            affine: bool, **given: Any) -> dict[str, Any]:  # fmt: skip
    """NumPy's mean and var along axes of a reshaped array; the counts from the shape of what is left."""
    full = np.broadcast_to(np.float32(0), (images, groups_large, share, *sides))
    c = groups_large * share
    axes = ((0, 3, 4), (1, 2, 3, 4), (3, 4), (2, 3, 4))
    counts = [full.size // np.prod([full.shape[a] for a in over]) for over in axes]
    x = np.array([given[f"line{g}"] for g in range(1, groups + 1)], dtype=float).reshape(
        groups, channels // groups, pixels
    )
    centre, spread, n = x.mean(axis=(1, 2)), x.var(axis=(1, 2)), x[0].size
    centred = x - x.mean(axis=(1, 2), keepdims=True)
    mixed = x.reshape(-1, groups, pixels)
    several = channels > groups
    values = (centred / x.std(axis=(1, 2), keepdims=True)).reshape(channels, pixels)
    found = {
        "counts": counts, "counts.batch_and_layer": [images, c, *counts[2:]],
        "counts.no_batch": [c, 1, c, groups_large],
        "counts.channels_of_group": [*counts[:3], images * share],
        "sizes": [full.size // count for count in counts], "sizes.no_space": [images, c, 1, share],
        "sizes.channels_of_group": [*(full.size // count for count in counts[:3]), groups_large * sides[0] * sides[1]],
        "means": centre, "means.whole": np.full(groups, x.mean()),
        "means.interleaved": mixed.mean(axis=(0, 2)) if several else None,
        "variances": spread, "variances.whole": np.full(groups, x.var()),
        "variances.interleaved": mixed.var(axis=(0, 2)) if several else None,
        "variances.unbiased": x.reshape(groups, n).var(axis=1, ddof=1),
        "values": values, "values.only_centred": centred.reshape(channels, pixels),
        "values.by_variance": (centred / x.var(axis=(1, 2), keepdims=True)).reshape(channels, pixels),
    }  # fmt: skip
    if affine:
        gamma, beta = (np.array(given[name], dtype=float)[:, None] for name in ("gamma", "beta"))
        found |= {"output": gamma * values + beta, "output.swapped": beta * values + gamma,
                  "output.shift_first": gamma * (values + beta), "output.no_affine": values}  # fmt: skip
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in found.items()}

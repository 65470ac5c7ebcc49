"""Greedy non-maximum suppression among four boxes, of which a dropped one overlaps a kept one."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.evaluation._boxes import area, jaccard, mask, share, shared, sides
from problem_bank.families.evaluation._iou_texts import ASKED, SAID, SUPPRESS, SUPPRESS_SOLUTION
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Number, Vector, whole

THRESHOLDS = (Fraction(1, 3), Fraction(2, 5), Fraction(1, 2))
SCORES = tuple(Fraction(n, 100) for n in range(51, 100))


def suppression(rng: Rng, knobs: dict[str, Any]) -> Exercise:
    """The exercise: overlaps with the best box, then what is kept."""
    threshold, scores = rng.choice("threshold", THRESHOLDS), rng.sample("scores", SCORES, 4)
    ranked = sorted(range(4), key=lambda i: -scores[i])
    boxes = rng.built("boxes", lambda r: _chain(r, ranked))
    table = tuple(tuple(jaccard(p, q) for q in boxes) for p in boxes)
    top, second, *_ = ranked
    others = [i for i in range(4) if i != top]
    rng.require(table[top][second] > threshold, "the best box drops the second")
    rng.require(all(v != threshold for row in table for v in row), "no overlap lies on the threshold")
    rng.require(any(max(sides(boxes[top], boxes[i])) < 0 for i in others), "a box is apart from the best one")
    steps = Steps(SAID)
    wrong = _wrong_overlaps(boxes, top, others)
    steps.ask("ious", ASKED["ious"], lambda e: tuple(table[top][i] for i in others), wrong)

    def own(e: Earlier) -> Matrix:
        """The overlaps, the student's own where they were asked for."""
        found = dict(zip(others, e["ious"], strict=True))
        return tuple(
            tuple(found.get(i + j - top, v) if top in (i, j) and i != j else v for j, v in enumerate(row))
            for i, row in enumerate(table)
        )

    def named(kept: list[int]) -> Vector:
        return tuple(scores[i] for i in kept)

    steps.ask("kept", ASKED["kept"], lambda e: named(_greedy(own(e), ranked, threshold)), {
        "dropped_drop": lambda e: named(_never_below(own(e), ranked, threshold)),
        "highest_only": named(ranked[:1]),
        "reversed": lambda e: named([i for i in ranked if i == top or own(e)[top][i] > threshold]),
        "table_order": lambda e: named(_greedy(own(e), [*range(4)], threshold)) if top else None,
    }, points=2)  # fmt: skip
    return Exercise(
        given={**rng.drawn, **knobs},
        shown={"kept": steps.keys["kept"], "top": top + 1, "rows": list(zip(boxes, scores, strict=True)),
               "lines": [_line(boxes, top, i) for i in others], "later": _later(table, ranked, threshold)},
        prompt=SUPPRESS,
        parts=steps.parts,
        solution=SUPPRESS_SOLUTION,
    )  # fmt: skip


def _chain(rng: Rng, ranked: Sequence[int]) -> Matrix:
    """A box, two that are pushed on from it, and one beyond; the best first among `ranked`."""
    x, y, width, height = rng.each("first", [range(4), range(4), range(6, 10), range(6, 10)])
    (a, b), (c, d) = rng.int_matrix("pushed", 2, 2, 0, 2)
    corners = [(x, y), (x + a, y + b), (x + a + c, y + b + d), (x + width + 2 + a, y + height + 2 + b)]
    more = rng.int_matrix("more", 4, 2, 0, 1)
    chain = [(u, v, u + width + s, v + height + t) for (u, v), (s, t) in zip(corners, more, strict=True)]
    return tuple(chain[ranked.index(i)] for i in range(4))


def _greedy(table: Matrix, order: Sequence[int], threshold: Number) -> list[int]:
    kept: list[int] = []
    for i in order:
        if all(table[i][j] <= threshold for j in kept):
            kept.append(i)
    return kept


def _never_below(table: Matrix, ranked: Sequence[int], threshold: Number) -> list[int]:
    """Only boxes that overlap no better one, dropped or not."""
    return [i for n, i in enumerate(ranked) if all(table[i][j] <= threshold for j in ranked[:n])]


def _wrong_overlaps(boxes: Matrix, top: int, others: Sequence[int]) -> dict[str, Vector]:
    """Misconceptions about the overlap, for each of the other boxes."""

    def each(rule: Any) -> Vector:
        return tuple(whole(Fraction(rule(boxes[top], boxes[i]))) for i in others)

    def negative(p: Vector, q: Vector) -> Fraction:
        both = sides(p, q)[0] * sides(p, q)[1] if max(sides(p, q)) < 0 else shared(p, q)
        return Fraction(both, area(p) + area(q) - both)

    return {
        "overlap_twice": each(lambda p, q: Fraction(shared(p, q), area(p) + area(q))),
        "of_smaller": each(lambda p, q: Fraction(shared(p, q), min(area(p), area(q)))),
        "pixels": each(lambda p, q: jaccard(p, q, 1)),
        "negative": each(negative),
    }


def _line(boxes: Matrix, top: int, i: int) -> dict[str, Any]:
    return {"box": i + 1, "shared": shared(boxes[top], boxes[i]), "areas": (area(boxes[top]), area(boxes[i])),
            "iou": jaccard(boxes[top], boxes[i])}  # fmt: skip


def _later(table: Matrix, ranked: Sequence[int], threshold: Number) -> list[str]:
    """What becomes of the boxes that the best one leaves."""
    kept, said = ranked[:1], []
    for i in ranked[1:]:
        if table[i][ranked[0]] > threshold:
            continue
        hit = [j for j in kept if table[i][j] > threshold]
        said.append(f"Box {i + 1} is dropped by box {hit[0] + 1}." if hit else f"Box {i + 1} is kept.")
        kept = kept if hit else [*kept, i]
    return said


def by_subsets(boxes: Matrix, scores: Vector, threshold: Fraction) -> dict[str, Any]:
    """Overlaps of masks; kept is the one set that drops exactly what a better member overlaps."""
    masks, wide = [mask(box) for box in boxes], [mask(box, 1) for box in boxes]
    table = np.array([[share(p & q, p | q) for q in masks] for p in masks])
    high = (table > threshold) & ~np.eye(4, dtype=bool)
    values = np.array(scores)
    top = int(np.argmax(values))
    others = [i for i in range(4) if i != top]

    def kept(priority: Any) -> list[Any]:
        drops = high & (priority[:, None] > priority[None, :])  # the row drops the column
        sets = [np.array(bits, dtype=bool) for bits in product((0, 1), repeat=4)]
        (found,) = [s for s in sets if all(s[i] != (s & drops[:, i]).any() for i in range(4))]
        return list(values[found])

    def ordered(found: Any) -> list[Any]:
        return sorted(found, reverse=True)

    better = high & (values[:, None] > values[None, :])
    in_order = [v for v in values if v in kept(-np.arange(4))]
    return {
        "ious": table[top][others],
        "ious.overlap_twice": [Fraction(int((masks[top] & masks[i]).sum()), int(masks[top].sum() + masks[i].sum()))
                               for i in others],
        "ious.of_smaller": [max(share(masks[top] & masks[i], m) for m in (masks[top], masks[i])) for i in others],
        "ious.pixels": [share(wide[top] & wide[i], wide[top] | wide[i]) for i in others],
        "ious.negative": [_with_gap(np.array(boxes[top]), np.array(boxes[i])) for i in others],
        "kept": ordered(kept(values)), "kept.dropped_drop": ordered(values[~better.any(axis=0)]),
        "kept.highest_only": [values.max()], "kept.reversed": ordered([values[top], *values[high[top]]]),
        "kept.table_order": in_order if top else None,
    }  # fmt: skip


def _with_gap(p: Any, q: Any) -> Fraction:
    """The quotient where the gap between two boxes counts as shared; where they meet, the right one."""
    one, two = mask(p), mask(q)
    inner = np.array([np.maximum(p, q)[:2], np.minimum(p, q)[2:]])
    if (one & two).any() or not (inner[0] > inner[1]).all():
        return share(one & two, one | two)
    gap = int(mask(np.sort(inner, axis=0).ravel()).sum())
    return Fraction(gap, int(one.sum() + two.sum()) - gap)

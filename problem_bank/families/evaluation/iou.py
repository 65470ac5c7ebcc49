"""Everingham et al. 2010, section 4.2, and Prince, Understanding Deep Learning, section 10.5: the overlap of boxes."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.evaluation._boxes import area, jaccard, mask, share, shared, sides
from problem_bank.families.evaluation._iou_texts import ASKED, PAIR, PAIR_SOLUTION, SAID
from problem_bank.families.evaluation._suppression import by_subsets, suppression
from problem_bank.family import family
from problem_bank.figures.boxes import Area, Boxes
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector, whole


@family(
    topic="evaluation",
    source="Everingham et al. 2010; Prince 10.5",
    minutes=7,
    levels={"easy": {}, "medium": {"centred": True}, "hard": {"suppress": True}},
)
def iou(rng: Rng, *, centred: bool = False, suppress: bool = False) -> Exercise:
    """Intersect boxes, find their intersection over union, and drop those that overlap."""
    knobs = {"centred": centred, "suppress": suppress}
    if suppress:
        return suppression(rng, knobs)
    centre = rng.each("centre", [range(3, 10), range(3, 10), (4, 6, 8, 10), (4, 6, 8, 10)])
    predicted = _corners(centre)
    near, other = _near(rng, "near", predicted), _near(rng, "other", predicted, apart=centred)
    real = (near, other) if rng.choice("first", (0, 1)) else (other, near)
    rng.require(centre[2] != centre[3], "the predicted box is no square")
    for r in (near, other):
        rng.require(shared(predicted, r) < min(area(r), area(predicted)), "no box holds the other")
    steps = _steps(centre, real, centred)
    return Exercise(
        given={**rng.drawn, **knobs},
        shown={"predicted": predicted, "real": real, "keys": steps.keys, "rows": [_row(predicted, r) for r in real]},
        figures={"boxes": Boxes("The boxes", tuple(map(Area, ("P", "R₁", "R₂"), (predicted, *real))))},
        prompt=PAIR,
        parts=steps.parts,
        solution=PAIR_SOLUTION,
        work=float(len(steps.parts)),
    )


def _near(rng: Rng, name: str, box: Any, *, apart: bool = False) -> Vector:
    """A box that overlaps another; or one beyond its upper right corner."""
    pools = [range(v + low, v + high) for low, high in ((1, 4), (5, 9)) for v in box[2:]]
    starts = [range(v - 3, v + 3) for v in box[:2]]
    ends = [range(low + 3, high + 4) for low, high in zip(box[:2], box[2:], strict=True)]
    return rng.each(name, pools if apart else [*starts, *ends])


def _corners(centre: Vector) -> Vector:
    x, y, width, height = centre
    edges = (x - Fraction(width, 2), y - Fraction(height, 2), x + Fraction(width, 2), y + Fraction(height, 2))
    return tuple(whole(edge) for edge in edges)


def _steps(centre: Vector, real: tuple[Vector, Vector], centred: bool) -> Steps:
    """The graded steps: corners, intersections, unions, and their quotients."""
    x, y, width, height = centre

    def each(rule: Callable[..., Any], *names: str) -> Callable[[Earlier], Any]:
        """The rule for either real box: predicted box, real box, and what was found before."""
        return lambda e: tuple(
            whole(Fraction(rule(e.get("corners", _corners(centre)), r, *(e[name][i] for name in names))))
            for i, r in enumerate(real)
        )

    steps = Steps(SAID)
    if centred:
        steps.ask("corners", ASKED["corners"], lambda e: _corners(centre), {
            "as_corners": centre, "from_corner": (x, y, x + width, y + height),
            "full_size": (x - width, y - height, x + width, y + height),
        })  # fmt: skip
    apart = any(max(sides(_corners(centre), r)) < 0 for r in real)
    steps.ask("overlap", ASKED["overlap"], each(shared), {
        "pixels": each(lambda p, r: shared(p, r, 1)),
        "enclosing": each(_enclosing),
        "negative": each(lambda p, r: sides(p, r)[0] * sides(p, r)[1]) if apart else None,
    })  # fmt: skip
    steps.ask("union", ASKED["union"], each(lambda p, r, both: area(p) + area(r) - both, "overlap"), {
        "overlap_twice": each(lambda p, r: area(p) + area(r)),
        "no_overlap": each(lambda p, r, both: area(p) + area(r) - 2 * both, "overlap"),
        "enclosing": each(_enclosing),
    })  # fmt: skip
    steps.ask("iou", ASKED["iou"], each(lambda p, r, both, union: both / Fraction(union), "overlap", "union"), {
        "of_real": each(lambda p, r, both: both / Fraction(area(r)), "overlap"),
        "overlap_twice": each(lambda p, r, both: both / Fraction(area(p) + area(r)), "overlap"),
        "pixels": each(lambda p, r: jaccard(p, r, 1)),
    })  # fmt: skip
    return steps


def _enclosing(p: Vector, q: Vector) -> Any:
    """The area of the smallest box around both."""
    return (max(p[2], q[2]) - min(p[0], q[0])) * (max(p[3], q[3]) - min(p[1], q[1]))


def _row(p: Vector, r: Vector) -> dict[str, Any]:
    """What the solution shows of one real box."""
    width, height = sides(p, r)
    borders = {name: f"{p[i]}, {r[i]}" for i, name in enumerate(("left", "bottom", "right", "top"))}
    both, areas = shared(p, r), (area(p), area(r))
    return {**borders, "width": width, "height": height, "overlap": both, "areas": areas, "union": sum(areas) - both,
            "iou": jaccard(p, r)}  # fmt: skip


@iou.oracle
def by_squares(centred: bool, suppress: bool, **given: Any) -> dict[str, Any]:
    """Boxes as masks of unit squares, counted in NumPy."""
    if suppress:
        return by_subsets(given["boxes"], given["scores"], given["threshold"])
    middle, size = np.array(given["centre"][:2]), np.array(given["centre"][2:])
    corners = np.concatenate([middle - size // 2, middle + size // 2])
    boxes = (given["near"], given["other"]) if given["first"] else (given["other"], given["near"])
    values: dict[str, Any] = {}
    for box in boxes:
        for name, value in _counted(corners, np.array(box)).items():
            values.setdefault(name, []).append(value)
    if centred:
        values |= {
            "corners": corners, "corners.as_corners": given["centre"],
            "corners.from_corner": np.concatenate([middle, middle + size]),
            "corners.full_size": np.concatenate([middle - size, middle + size]),
        }  # fmt: skip
    else:
        values["overlap.negative"] = None  # both boxes meet the predicted one
    return values


def _counted(p: Any, r: Any) -> dict[str, Any]:
    """All that is asked about one pair of boxes."""
    one, two = mask(p), mask(r)
    both, either, total = one & two, one | two, int(one.sum() + two.sum())
    around = int(mask(np.concatenate([np.minimum(p, r)[:2], np.maximum(p, r)[2:]])).sum())
    between = np.sort([np.maximum(p, r)[:2], np.minimum(p, r)[2:]], axis=0).ravel()
    wide = mask(p, 1), mask(r, 1)
    return {
        "overlap": int(both.sum()), "overlap.pixels": int((wide[0] & wide[1]).sum()), "overlap.enclosing": around,
        "overlap.negative": int(mask(between).sum()), "union": int(either.sum()), "union.overlap_twice": total,
        "union.no_overlap": int((one ^ two).sum()), "union.enclosing": around, "iou": share(both, either),
        "iou.of_real": share(both, two), "iou.overlap_twice": Fraction(int(both.sum()), total),
        "iou.pixels": share(wide[0] & wide[1], wide[0] | wide[1]),
    }  # fmt: skip

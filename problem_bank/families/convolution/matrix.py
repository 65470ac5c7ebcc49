"""Goodfellow et al., Deep Learning, sections 9.1 and 9.2: a convolution written as a matrix, and as patches."""

from problem_bank.answers import Shape
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.convolution import _flattened as flattened
from problem_bank.families.convolution._impulses import by_impulses
from problem_bank.families.convolution._matrix_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, products

VALUES = tuple(v for v in range(-5, 7) if v)
POINTS = {"row": 3, "M": 4, "counts": 3, "P": 3, "Y": 2, "stack": 1}


@family(
    topic="convolution",
    source="Goodfellow 9.1, 9.2",
    minutes=9,
    levels={
        "easy": {"ask": ("row", "counts")},
        "medium": {"ask": ("M", "counts"), "kernels": ((2, 2), (1, 2), (2, 1))},
        "hard": {"ask": ("row", "counts", "P", "Y", "stack")},
    },
)
def matrix(
    rng: Rng,
    *,
    ask: tuple[str, ...] = ("row", "counts"),
    kernels: tuple[tuple[int, int], ...] = ((2, 2), (2, 3), (3, 2)),
) -> Exercise:
    """Write a convolution as a sparse matrix with shared entries, and as a kernel times patches."""
    sides, (a, b) = rng.ints("sides", 2, 3, 4), rng.choice("kernel", kernels)
    if not (0 < a <= sides[0] and 0 < b <= sides[1]):
        raise BadGiven(f"kernel: {a} x {b} must fit into the image of {sides[0]} x {sides[1]}")
    fits = sides[0] - a + 1, sides[1] - b + 1
    numbers = rng.sample("weights", VALUES, a * b)  # different from each other and from zero
    w = tuple(numbers[i * b : (i + 1) * b] for i in range(a))
    at = rng.each("at", [range(1, n + 1) for n in fits])  # counted from 1
    large = rng.ints("large", 2, 7, 30)
    x = rng.int_matrix("x", sides[0], sides[1], -3, 5) if "P" in ask else ()
    stack = rng.each("stack", [range(2, 6), range(2, 6), range(6, 20), range(6, 20)]) if "stack" in ask else ()
    rules = flattened.operator(w, sides, at) | flattened.counts(large, (a, b))
    rules |= (flattened.patches(x, w) if x else {}) | (flattened.stacked(stack) if stack else {})
    steps = Steps(SAID)
    for name in ask:
        steps.ask(name, PART[name], *rules[name], points=POINTS[name], kind=Shape if name == "stack" else None)
    keys = {name: right({}) for name, (right, _) in rules.items()}
    return Exercise(
        given={**rng.drawn, "ask": ask, "kernels": kernels},
        shown={**keys, "x": x, "stack": stack, "stack_shape": keys.get("stack"),
               "weight_list": numbers, "W": w, "fits": fits, "gap": sides[1] - b,
               "places": (large[0] - a + 1, large[1] - b + 1),
               "first": products(numbers, tuple(row[0] for row in keys["P"])) if x else "",
               "tall": (stack[2] - stack[1] + 1, stack[3] - stack[1] + 1) if stack else ()},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(sides[0] * sides[1] * (fits[0] * fits[1] if "M" in ask else 2) + 4 * a * b),
    )  # fmt: skip


matrix.oracle(by_impulses)

"""The receptive field of one, two and L equal layers, in letters."""

from collections.abc import Callable
from functools import cache
from math import prod
from typing import Any

from problem_bank.algebra import Node, names, number, symbol
from problem_bank.answers import Expression
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.convolution._trace import paths, span

K, L = symbol("k"), symbol("L")

PROMPT = r"""
Layers of $k \times k$ convolutions with stride 1
and {% if d > 1 %}dilation {{ d }} (neighbouring weights look at pixels {{ d }} apart){% else %}no dilation{% endif +%}
are stacked. Give the side length of the square of input pixels that one unit of the last layer can depend on, in the
letters `k` and `L`.
""".strip()

SOLUTION = r"""
One unit of the first layer sees the pixels from its first to its last weight, ${{ one }}$ of them. Moving by one unit
in a layer moves the window below by one pixel, because the stride is 1; a further layer therefore adds
${% if d > 1 %}{{ d }} (k - 1){% else %}k - 1{% endif %}$ pixels, not $k$: the windows overlap.
Two layers see ${{ two }}$, and $L$ layers ${{ many }}$ pixels.
The field grows with every layer, so depth widens the context without larger kernels.
""".strip()


def in_letters(d: int) -> Exercise:
    """The field of one, two and L equal layers with stride 1."""
    more = K - 1 if d == 1 else number(d) * (K - 1)
    one, two, many = K if d == 1 else 1 + more, 1 + 2 * more, 1 + L * more
    if d > 1:
        two, many = 1 + 2 * d * (K - 1), 1 + number(d) * L * (K - 1)

    def after(layers: Any) -> Callable[[Earlier], Node]:
        return lambda earlier: 1 + layers * (_side(earlier["R1"]) - 1)

    slips = _slips(d, more)
    keys = {"R1": (one, "one layer", None), "R2": (two, "two layers", after(2)), "RL": (many, "$L$ layers", after(L))}
    return Exercise(
        given={"dilation": d, "letters": True},
        shown={"d": d, "one": one.tex(), "two": two.tex(), "many": many.tex()},
        prompt=PROMPT,
        parts=[
            Part(name, f"The side length for {text}:", Expression(key, {"k": "natural", "L": "natural"}, square=True),
                 points=2 if name == "RL" else 1, misconceptions=slips[name], follow=rule)
            for name, (key, text, rule) in keys.items()
        ],
        solution=SOLUTION,
        work=3.0,
    )  # fmt: skip


def _side(tree: Node) -> Node:
    """The side of a square; a bare number says nothing of k."""
    if not names(tree):
        raise ValueError("nothing follows from a number")
    return tree.args[0] if tree.op == "by" else tree


def _slips(d: int, more: Node) -> dict[str, list[Slip]]:
    overlap = "Neighbouring windows overlap: a layer adds less than a whole window."
    steps = "These are the steps between the pixels; count the pixels themselves."
    return {
        "R1": [
            Slip("area", K**2, "This counts the weights of the window; its side is asked for."),
            Slip("steps", more, steps),
            Slip(
                "spread",
                number(d) * K if d > 1 else None,
                "Dilation spreads the steps between weights: one fewer than weights.",
            ),
        ],
        "R2": [
            Slip("windows_added", 2 * K, overlap),
            Slip("windows_multiplied", K**2, overlap),
            Slip("steps", 2 * more, steps),
        ],
        "RL": [
            Slip("windows_added", L * K, overlap),
            Slip("windows_multiplied", K**L, overlap),
            Slip("steps", L * more, steps),
            Slip(
                "one_layer_short",
                1 + (L - 1) * more,
                "The first layer adds pixels as well: with L = 0 a unit sees one.",
            ),
        ],
    }


@cache
def traced(d: int) -> dict[str, Any]:
    """The second route: polynomials through traced numbers, by part and `part.misconception`."""
    import sympy

    k, layers = sympy.symbols("k L")

    def fitted(measure: Callable[[int, int], int], depth: int | None = None) -> Any:
        """The polynomial in k (and L) through the measured values, checked on further ones."""
        rows = [sympy.interpolate([(a, measure(a, n)) for a in (1, 2, 3, 4)], k) for n in (1, 2, 3)]
        found = rows[depth - 1] if depth else sympy.interpolate(list(zip((1, 2, 3), rows, strict=True)), layers)
        further = [(a, n) for a in (5, 6) for n in ([depth] if depth else [4, 5])]
        assert all(found.subs({k: a, layers: n}) == measure(a, n) for a, n in further)
        return sympy.expand(found)

    def field(a: int, n: int) -> int:
        return span([(a, 1, d)] * n)

    def ways(a: int, n: int) -> int:
        return paths([(a, 1, d)] * n)

    power = k**layers
    assert all(power.subs({k: a, layers: n}) == ways(a, n) == prod([a] * n) for a in (2, 3, 4) for n in (1, 2, 3))
    return {
        "R1": fitted(field, 1),
        "R1.area": fitted(lambda a, _: ways(a, 2), 1),
        "R1.steps": fitted(lambda a, n: field(a, n) - 1, 1),
        "R1.spread": fitted(lambda a, _: len(range(0, a * d)), 1) if d > 1 else None,
        "R2": fitted(field, 2),
        "R2.windows_added": fitted(lambda a, n: len([*range(a)] * n), 2),
        "R2.windows_multiplied": fitted(ways, 2),
        "R2.steps": fitted(lambda a, n: field(a, n) - 1, 2),
        "RL": fitted(field),
        "RL.windows_added": fitted(lambda a, n: len([*range(a)] * n)),
        "RL.windows_multiplied": power,
        "RL.steps": fitted(lambda a, n: field(a, n) - 1),
        "RL.one_layer_short": fitted(lambda a, n: field(a, n - 1)),
    }

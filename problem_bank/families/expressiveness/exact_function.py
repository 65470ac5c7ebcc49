"""Goodfellow et al., Deep Learning, section 6.4.1: functions with kinks, built from ReLU units exactly."""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from problem_bank.answers import Array, Network
from problem_bank.answers.kinks import Form
from problem_bank.errors import BadGiven
from problem_bank.exact import scale
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.expressiveness._curves import CURVES, PLANES, form_in_plane, path_form, path_of, words
from problem_bank.families.expressiveness._smallest import smallest
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import unless_right
from problem_bank.values import Vector

SAID = {
    "one_per_piece": "You counted the straight pieces; a unit is needed where two of them meet.",
    "only_kinks": "You counted the kinks. With one unit for each, a slope that does not die out on the left needs "
    "units that are on there: check whether turning some units round gives it.",
    "two_per_kink": "One unit bends the function by any amount; two for each kink are more than needed.",
    "mirrored": "Your function is mirrored at 0. A unit bends where w x + b = 0: mind the sign of b.",
    "upside_down": "Your function is upside down: all slopes and values have the wrong sign.",
    "no_offset": "Your function has the right form but lies too high or too low; b2 moves it.",
    "no_factor": "The factor in front is missing: all slopes have to be multiplied by it.",
}
PROMPT = r"""
A network with one hidden layer of ReLU units computes $f(x) = W_2 \max(0, W_1 x + b_1) + b_2$; the maximum is taken
entry by entry, and the output has no activation. "Equal" means for **all** real inputs. Four functions:
{% for text in texts %}

- $f_{{ loop.index }}$ is {{ text }}
{% endfor %}
""".strip()
SOLUTION = r"""
A unit $v \max(0, w x + b)$ bends the function where $w x + b = 0$, and nowhere else: there the slope grows by
$v\,|w|$, whichever way the unit faces. So each kink needs a unit, and its $v\,|w|$ is the change of slope. A unit that
faces right adds nothing to the slope on the far left; one that faces left adds minus its change. If some choice of
directions gives the slope on the far left, the kinks are enough; else one more unit on one of the kinks is
(or, without any kink, or where a slope along the kink is needed, a pair $\max(0, z) - \max(0, -z) = z$).

{% for text, kinks, width in rows %}
- $f_{{ loop.index }}$: {{ kinks }} kink{{ "" if kinks == 1 else "s" }}, at least {{ width }} units.
{% endfor %}

For $f_4$, with $b_2$ such that one value is right: $$ {{ example }}. $$
""".strip()


@family(
    topic="expressiveness",
    source="Goodfellow 6.4.1",
    minutes=8,
    levels={
        "easy": {"built": ("max", "min", "absolute", "identity")},
        "medium": {},
        "hard": {"built": ("larger", "smaller", "distance", "bent")},
    },
)
def exact_function(rng: Rng, *, built: tuple[str, ...] = ("leaky", "clip", "hat", "ramp")) -> Exercise:
    """Build a ReLU network that equals a function everywhere, with as few units as can be."""
    kinds = (*rng.sample("others", tuple(CURVES), 3), rng.choice("kind", built))
    rng.require(len(set(kinds)) == 4, "four different functions")
    settings = tuple(_setting(rng, i) for i in (1, 2, 3, 4))
    forms = tuple(_form(kind, *setting) for kind, setting in zip(kinds, settings, strict=True))
    nets = [smallest(form) for form in forms]
    widths, kinks = tuple(len(net.b1) for net in nets), tuple(len(form[0]) for form in forms)
    wrong = _mistakes(kinds[-1], *settings[-1])
    answer = Network(forms[-1], inputs=len(forms[-1][1]), decision="everywhere", width=widths[-1],
                     examples=(nets[-1], *map(smallest, wrong.values())))  # fmt: skip
    counts = {"one_per_piece": tuple(n + 1 for n in kinks), "only_kinks": kinks, "two_per_kink": scale(2, kinks)}
    texts = [words(kind, *setting) for kind, setting in zip(kinds, settings, strict=True)]
    return Exercise(
        given={**rng.drawn, "built": built},
        shown={"texts": texts, "rows": list(zip(texts, kinks, widths, strict=True)), "example": answer.tex(nets[-1])},
        prompt=PROMPT,
        parts=[
            Part("widths", "With how few hidden units can a network be equal to each of the four functions? Write "
                 "four numbers, for $f_1$ to $f_4$.", Array(widths), points=1,
                 misconceptions=[Slip(name, None if n == widths else n, SAID[name]) for name, n in counts.items()]),
            Part("network", "Give $W_1$, $b_1$, $W_2$ and $b_2$ of a network with as few hidden units that is equal to "
                 "$f_4$.", answer, points=4,
                 misconceptions=[Slip(name, None if form == forms[-1] else form, SAID[name])
                                 for name, form in wrong.items()]),
        ],
        solution=SOLUTION,
        work=float(sum(widths) + 10),
    )  # fmt: skip


def _setting(rng: Rng, i: int) -> tuple[Vector, int, int, int]:
    """Three places in order, a height, a factor and an offset."""
    places = tuple(sorted(rng.sample(f"places{i}", [*range(-6, 0), *range(1, 7)], 3)))
    if any(not isinstance(place, int) for place in places) or len(set(places)) < 3:
        raise BadGiven(f"places{i}: give three different whole numbers")
    return places, rng.int(f"p{i}", 1, 4), rng.int(f"m{i}", -3, 3, exclude=(0,)), rng.int(f"c{i}", -7, 7, exclude=(0,))


def _form(kind: str, places: Vector, p: int, m: int, c: int) -> Form:
    if kind in PLANES:
        return form_in_plane(kind, places[0], m, c)
    return path_form(path_of(kind, places, p, m, c))


def _mistakes(kind: str, places: Vector, p: int, m: int, c: int) -> dict[str, Form]:
    """The forms of other functions that are built by mistake."""
    kinks, slopes, offset = _form(kind, places, p, m, c)
    turned = tuple(sorted((*n, -o, w) for *n, o, w in kinks))  # |n . (-x) + o| = |n . x - o|
    return {
        "mirrored": (turned, scale(-1, slopes), offset),
        "upside_down": _form(kind, places, p, -m, -c),
        "no_offset": (kinks, slopes, offset - c),
        "no_factor": _form(kind, places, p, 1, c),
    }


def _through(x: Any, points: Any, before: Any, after: Any) -> Any:
    """The value at x on straight lines through the points."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= x <= x1:
            return (y0 * (x1 - x) + y1 * (x - x0)) / Fraction(x1 - x0)
    (x0, y0), slope = (points[0], before) if x < points[0][0] else (points[-1], after)
    return y0 + slope * (x - x0)


DEFINITIONS: dict[str, Callable[..., Any]] = {
    "max": lambda x, a, b, e, p: max(x, a),
    "min": lambda x, a, b, e, p: min(x, a),
    "absolute": lambda x, a, b, e, p: abs(x - a),
    "identity": lambda x, a, b, e, p: x,
    "leaky": lambda x, a, b, e, p: max(x - a, Fraction(x - a) / 2),
    "clip": lambda x, a, b, e, p: sorted((a, x, b))[1],
    "hat": lambda x, a, b, e, p: _through(x, [(a, 0), (b, p), (e, 0)], 0, 0),
    "bent": lambda x, a, b, e, p: _through(x, [(a, 0), (b, p), (e, -p)], p, 1),
    "ramp": lambda x, a, b, e, p: _through(x, [(a, p), (b, 0), (e, 0)], 0, -p),
    "larger": lambda x, y, a, b, e, p: max(x, y + a),
    "smaller": lambda x, y, a, b, e, p: min(x, y + a),
    "distance": lambda x, y, a, b, e, p: abs(x - y - a),
}
LEAST = {"larger": 3, "smaller": 3, "distance": 2}  # the slope along the kink, 1 or 0, takes a pair of units or none


@exact_function.oracle
def by_differences(others: tuple[str, ...], kind: str, **given: Any) -> dict[str, Any]:
    """Kinks and slopes by first and second differences of exact values on a grid; least widths by trying all sets."""
    kinds, settings = (*others, kind), [_ordered(i, given) for i in (1, 2, 3, 4)]
    bends = [_bends(name, *setting) for name, setting in zip(kinds, settings, strict=True)]
    counts = [np.count_nonzero(bend) for _, bend in bends]
    widths = [LEAST.get(name) or _fewest(*pair) for name, pair in zip(kinds, bends, strict=True)]
    places, p, m, c = settings[-1]
    return unless_right({
        "network": _differences(kind, places, p, m, c),
        "network.mirrored": _differences(kind, places, p, m, c, turn=-1),
        "network.upside_down": _differences(kind, places, p, -m, -c),
        "network.no_offset": _differences(kind, places, p, m, 0),
        "network.no_factor": _differences(kind, places, p, 1, c),
        "widths": widths, "widths.one_per_piece": [n + 1 for n in counts], "widths.only_kinks": counts,
        "widths.two_per_kink": [n + n for n in counts],
    })  # fmt: skip


def _ordered(i: int, given: Any) -> list[Any]:
    """The places in order, the height, the factor and the offset of one function."""
    return [sorted(given[f"places{i}"]), *(given[f"{name}{i}"] for name in "pmc")]


GRID = np.arange(-8, 9)


def _values(kind: str, places: Any, p: int, m: int, c: int, *, turn: int = 1, along: int = 0) -> Any:
    """The function at whole numbers, of which one input runs through them and another stays 0."""
    plane = kind in LEAST
    rows = [[turn * int(t), 0][:: -1 if along else 1] if plane else [turn * int(t)] for t in GRID]
    return np.array([Fraction(m * DEFINITIONS[kind](*x, *places, p) + c) for x in rows], dtype=object)


def _bends(kind: str, places: Any, p: int, m: int, c: int) -> tuple[Any, Any]:
    """The slope on the far left, and the second differences."""
    values = _values(kind, places, p, m, c)
    return values[1] - values[0], np.diff(values, 2)


def _fewest(left: Any, bend: Any) -> int:
    """The kinks, and one more (two without a kink) unless some of them, facing left, give the slope on the far left."""
    changes = [change for change in bend if change]
    faced = any(-sum(some) == left for n in range(len(changes) + 1) for some in combinations(changes, n))
    return len(changes) + (0 if faced else 1 if changes else 2)


def _differences(kind: str, places: Any, p: int, m: int, c: int, *, turn: int = 1) -> list[Any]:
    """The form of the function: kinks where the second difference is not 0."""
    lines = [_values(kind, places, p, m, c, turn=turn, along=along) for along in range(2 if kind in LEAST else 1)]
    bend = np.diff(lines[0], 2)
    kinks = [(int(GRID[i + 1]), bend[i] / 2) for i in np.flatnonzero(bend)]
    slopes = [(line[1] - line[0] + line[-1] - line[-2]) / 2 for line in lines]
    offset = lines[0][len(GRID) // 2] - sum(w * abs(at) for at, w in kinks)
    minus = [-1] if kind in LEAST else []
    return [sorted([1, *minus, -at, w] for at, w in kinks), slopes, offset]

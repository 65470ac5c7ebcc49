"""Goodfellow et al., Deep Learning, sections 9.3 and 9.5: how large is the output of a sliding window?"""

from dataclasses import dataclass
from typing import Any

from problem_bank.algebra import Node, apply, symbol
from problem_bank.answers import Shape
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng

Length = int | Node
Size = tuple[Length, Length]
SIDES: tuple[int | str, ...] = tuple(range(9, 65))

PROMPT = r"""
{{ k }}×{{ k }} {{ "max pooling" if operation == "pooling" else "convolution" }}
is applied to an image of ${{ height }} \times {{ width }}$ pixels (height × width) with stride {{ s }},
{% if p %}a border of {{ p }} zero{{ "s" if p > 1 else "" }} on every side{% else %}no padding{% endif %} and
{% if d > 1 %}dilation {{ d }} (neighbouring weights look at pixels {{ d }} apart){% else %}no dilation{% endif %}.
Only windows that lie wholly inside {{ "the padded image" if p else "the image" }} count.
""".strip()

SOLUTION = r"""
The window covers {% if d > 1 %}${{ d }} \cdot ({{ k }} - 1) + 1 = {{ span }}${% else %}{{ span }}{% endif %} pixels in
each direction. {% if p %}The padded image has $2 \cdot {{ p }}$ more rows and columns. {% endif %}
The first window starts at the edge; it can then move on by {{ s }} as often as there is room, so
$$\left\lfloor \frac{ {{ height }} + 2 \cdot {{ p }} - {{ span }} }{ {{ s }} } \right\rfloor + 1 = {{ rows }}, \qquad
\left\lfloor \frac{ {{ width }} + 2 \cdot {{ p }} - {{ span }} }{ {{ s }} } \right\rfloor + 1 = {{ columns }}.$$
""".strip()


@dataclass(frozen=True)
class Window:
    """A sliding window: kernel size, stride, padding per side, dilation."""

    k: int
    s: int
    p: int
    d: int

    @property
    def span(self) -> int:
        """The pixels from the first to the last weight."""
        return self.d * (self.k - 1) + 1

    def fits(self, n: Length, *, pads: int = 2, rounding: str = "floor") -> Length:
        """The number of positions on n pixels; n may be a letter."""
        room = n + (pads * self.p - self.span)
        if isinstance(room, int):
            return (room // self.s if rounding == "floor" else -(-room // self.s)) + 1
        assert isinstance(n, Node)  # room is a number exactly where n is one
        over = pads * self.p - self.span + self.s  # room / s + 1 = (room + s) / s = (n + over) / s
        total = n + over if over > 0 else n - -over if over else n
        return total if self.s == 1 else apply(rounding, Node("*", (total, apply("inv", self.s))))


@family(
    topic="convolution",
    source="Goodfellow 9.3, 9.5",
    minutes=4,
    version=2,
    levels={
        "easy": {"strides": (1, 2), "dilations": (1,)},
        "medium": {},
        "hard": {"strides": (2, 3, 4), "dilations": (2, 3)},
    },
)
def output_size(
    rng: Rng, *, letters: bool = False, strides: tuple[int, ...] = (2, 3), dilations: tuple[int, ...] = (1, 2),
) -> Exercise:  # fmt: skip
    """Count the windows that fit."""
    operation = rng.choice("operation", ("convolution", "pooling"))
    k = rng.choice("k", (2, 3, 5))
    d = rng.choice("d", dilations if operation == "convolution" else (1,))
    s = rng.choice("s", strides)
    p = rng.int("p", 0, d * (k - 1) // 2)
    height = rng.choice("height", ("H",) if letters else SIDES)
    width = rng.choice("width", ("W",) if letters else SIDES)
    window = Window(k, s, p, d)
    h, w = (symbol(n) if isinstance(n, str) else n for n in (height, width))
    if isinstance(height, int) and isinstance(width, int):
        rng.require(abs(height - width) > s, "height and width differ")
        rng.require(window.span < min(height, width), "the window fits")
    answer = Shape((window.fits(h), window.fits(w)), letters=("H", "W") if letters else (), strict=True)
    parts = [
        Part(
            "output_size",
            "How large is the output? (rows x columns)",
            answer,
            points=2,
            misconceptions=_slips(window, h, w, letters),
        )
    ]
    rows, columns = answer.key
    return Exercise(
        given={"operation": operation, "k": k, "d": d, "s": s, "p": p, "height": height, "width": width,
               "letters": letters},
        shown={"span": window.span, "rows": rows, "columns": columns},
        prompt=PROMPT,
        parts=parts,
        solution=SOLUTION,
        work=6.0 + (s > 1) + (p > 0) + (d > 1),
    )  # fmt: skip


def _slips(window: Window, height: Length, width: Length, letters: bool) -> list[Slip]:
    """What goes wrong in floor((n + 2p - d(k - 1) - 1) / s) + 1, where it changes the answer."""
    k, s, p, d = window.k, window.s, window.p, window.d
    right = (window.fits(height), window.fits(width))
    wrong: dict[str, tuple[Size, str]] = {
        "no_plus_one": ((right[0] - 1, right[1] - 1), "You left out the + 1: the first position counts as well."),
        "ceiling": ((window.fits(height, rounding="ceil"), window.fits(width, rounding="ceil")),
                    "You counted a window that hangs over the edge: round down."),
        "padding_once": ((window.fits(height, pads=1), window.fits(width, pads=1)),
                         "Padding is added on both sides, so it counts twice."),
        "padding_ignored": (_both(Window(k, s, 0, d), height, width), "You left the padding out."),
        "stride_ignored": (_both(Window(k, 1, p, d), height, width), "You left the stride out: divide the room by it."),
        "dilation_ignored": (_both(Window(k, s, p, 1), height, width),
                             "The dilated kernel is wider: it spans d (k - 1) + 1 pixels."),
        "transposed": ((right[1], right[0]), "You swapped height and width: rows come first."),
    }  # fmt: skip
    return [
        Slip(name, value if _applies(value, right, letters) else None, text) for name, (value, text) in wrong.items()
    ]


def _both(window: Window, height: Length, width: Length) -> Size:
    return window.fits(height), window.fits(width)


def _applies(value: Size, right: Size, letters: bool) -> bool:
    """Does this wrong rule lead to another, possible size?"""
    return value != right and (letters or all(isinstance(n, int) and n > 0 for n in value))


@output_size.oracle
def by_counting(k: int, d: int, s: int, p: int, **given: Any) -> dict[str, Any]:
    """Lay windows on the image one after another and count them; for letters, fit the count to its law."""
    lengths = given["height"], given["width"]

    def size(**change: Any) -> tuple[Any, Any]:
        window = {"k": k, "s": s, "before": p, "after": p, "d": d, **change}
        first, second = (_law(n, **window) if isinstance(n, str) else _count(n, **window) for n in lengths)
        return first, second

    right = size()
    found = {
        "no_plus_one": tuple(f"{n} - 1" if isinstance(n, str) else n - 1 for n in right),
        "ceiling": size(hanging=True),
        "padding_once": size(after=0),
        "padding_ignored": size(before=0, after=0),
        "stride_ignored": size(s=1),
        "dilation_ignored": size(d=1),
        "transposed": right[::-1],
    }
    told = {f"output_size.{name}": None if n == right or 0 in n else n for name, n in found.items()}
    return {"output_size": right, **told}


def _count(n: int, *, k: int, s: int, before: int, after: int, d: int, hanging: bool = False) -> int:
    """Windows that start on the padded image and end on it; with `hanging`, one may hang over the end."""
    starts, last = 0, n + before + after - 1
    position = 0
    while position + d * (k - 1) <= last:
        starts, position = starts + 1, position + s
    return starts + (hanging and position - s + d * (k - 1) < last)


def _law(letter: str, *, s: int, **window: Any) -> str:
    """floor((n + shift) / s), with the shift read off the first n at which another window fits."""
    counts = {n: _count(n, s=s, **window) for n in range(20, 50)}
    more = next(n for n in counts if n > 20 and counts[n] > counts[n - 1])
    shift = s * counts[more] - more
    assert all(count == (n + shift) // s for n, count in counts.items())
    return f"floor(({letter} + ({shift}))/{s})"

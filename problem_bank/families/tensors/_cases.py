"""The lines of code that are asked about, their shapes in letters, and where misconceptions lead.

A shape is a row of sizes: numbers, letters, their products ("qr") and sums ("p+r"). "! p q" is an error, because p and
q do not fit. Shapes of several arrays are separated by semicolons.
"""

from math import prod
from typing import NamedTuple

from problem_bank.answers.shape_or_error import ERROR

LETTERS = "pqrst"


class Case(NamedTuple):
    """A line of code, the shapes of `x` and `y` in it, what it gives and why, and the wrong rules by name."""

    code: str
    shapes: str
    right: str
    why: str
    wrong: dict[str, str]


def sizes(text: str, of: dict[str, int]) -> tuple[int | str, ...]:
    """The shape, or (ERROR, smaller, larger), with these sizes for the letters."""
    if text.startswith("!"):
        return (ERROR, *sorted(_size(word, of) for word in text.split()[1:]))
    return tuple(_size(word, of) for word in text.split())


def _size(word: str, of: dict[str, int]) -> int:
    if word.isdecimal():
        return int(word)
    return sum(prod(of.get(letter) or int(letter) for letter in product) for product in word.split("+"))


_END = "Shapes are aligned at their **ends**: "
_EQUAL = "sizes that meet are equal, or one of them is 1 (or missing) and is stretched."

CASES: dict[str, tuple[Case, ...]] = {
    "add": (
        Case("x + y", "p q; q", "p q", _END + _EQUAL, {"leading": "! p q", "outer": "p q q"}),
        Case("x + y", "p q; p", "! p q", _END + "here {q} meets {p}.", {"leading": "p q", "outer": "p q p"}),
        Case("x + y", "p 1; q", "p q", _END + _EQUAL, {"leading": "! p q", "outer": "p 1 q"}),
        Case("x + y", "p q r; q 1", "p q r", _END + _EQUAL, {"leading": "! p q", "outer": "p q r q 1"}),
        Case("x + y", "p q; p 1", "p q", _END + _EQUAL, {"outer": "p q p 1"}),
    ),
    "product": (
        Case("x * y", "p q; p q", "p q", "`*` multiplies entry by entry.", {"as_matmul": "! p q"}),
        Case("x * y", "1 q; q 1", "q q", "`*` multiplies entry by entry; either 1 is stretched.",
             {"as_matmul": "1 1", "outer": "1 q q 1"}),
        Case("x * y", "q; q r", "! q r", "`*` multiplies entry by entry. " + _END + "{q} meets {r}.",
             {"as_matmul": "r", "leading": "q r"}),
        Case("x * y", "p q; q", "p q", "`*` multiplies entry by entry. " + _END + _EQUAL,
             {"as_matmul": "p", "leading": "! p q"}),
    ),
    "matmul": (
        Case("x @ y", "p q; q r", "p r", "The inner sizes, {q} and {q}, agree and vanish.",
             {"inner_kept": "p q r", "swapped": "r p"}),
        Case("x @ y", "p q; p r", "! p q", "The inner sizes are {q} and {p}.",
             {"transposed_for_you": "q r", "as_star": "! q r"}),
        Case("x @ y", "p q; q", "p", "A matrix times a vector is a vector: the inner {q} vanishes.",
             {"as_star": "p q", "column": "p 1"}),
        Case("x @ y", "s p q; q r", "s p r", "The last two axes are multiplied, for each of the {s} matrices.",
             {"inner_kept": "s p q r"}),
        Case("x @ y", "s p q; t q r", "! s t", "The last two axes fit, but {s} matrices meet {t} matrices.",
             {"every_pair": "s p t r"}),
    ),
    "reduce": (
        Case("x.sum(axis=1)", "p q r", "p r", "Axis 1 is the second one; it is summed up and vanishes.",
             {"others": "q", "kept": "p 1 r", "from_one": "q r"}),
        Case("x.max(axis=-1)", "p q r", "p q", "Axis -1 is the last one; it vanishes.",
             {"others": "r", "kept": "p q 1"}),
        Case("x.mean(axis=0, keepdims=True)", "p q", "1 q", "Axis 0 is averaged, and stays with size 1.",
             {"others": "p 1", "forgotten": "q"}),
    ),
    "transpose": (
        Case("x.T @ y", "p q; p r", "q r", "`x.T` is ({q}, {p}); the inner {p} vanishes.",
             {"ignored": "! p q", "swapped": "r q"}),
        Case("x @ x", "p q", "! p q", "The inner sizes are {q} and {p}.",
             {"as_star": "p q", "transposed_for_you": "q q"}),
        Case("x.T", "p q r", "r q p", "`.T` turns the order of **all** the axes around.", {"last_two": "p r q"}),
        Case("x @ x.T", "p q", "p p", "`x.T` is ({q}, {p}); the inner {q} vanishes.",
             {"ignored": "! p q", "swapped": "q q"}),
    ),
    "centre": (
        Case("x - x.mean(axis=1)", "p q", "! p q", "The means are ({p},). " + _END + "{q} meets {p}.",
             {"kept": "p q"}),
        Case("x - x.mean(axis=1, keepdims=True)", "p q", "p q", "The means are ({p}, 1); the 1 is stretched.",
             {"forgotten": "! p q"}),
        Case("x - x.mean(axis=0)", "p q", "p q", "The means are ({q},). " + _END + _EQUAL, {"leading": "! p q"}),
        Case("x / x.sum(axis=1)", "p q r", "! p q", "The sums are ({p}, {r}). " + _END + "{q} meets {p}.",
             {"kept": "p q r"}),
    ),
    "pairs": (
        Case("x[:, None] - y", "p r; q r", "p q r", "`x[:, None]` is ({p}, 1, {r}). " + _END + _EQUAL,
             {"no_axis": "! p q", "outer": "p 1 r q r"}),
        Case("x[:, None] * y", "p; q", "p q", "`x[:, None]` is ({p}, 1). " + _END + _EQUAL,
             {"no_axis": "! p q", "outer": "p 1 q"}),
        Case("x[None] - y", "p r; q r", "! p q", "`x[None]` is (1, {p}, {r}). " + _END + "{p} meets {q}.",
             {"other_place": "p q r"}),
    ),
    "join": (
        Case("np.stack([x, y])", "p q; p q", "2 p q", "`stack` adds an axis, at the front.", {"joined": "2p q"}),
        Case("np.concatenate([x, y])", "p q; r q", "p+r q", "Axis 0 is joined: {p} + {r} rows.",
             {"stacked": "! p r"}),
        Case("np.concatenate([x, y], axis=1)", "p q; r q", "! p r", "Columns are joined, so the rows must agree.",
             {"other_axis": "p+r q"}),
        Case("np.stack([x, y], axis=1)", "p q; p q", "p 2 q", "`stack` adds an axis, which becomes axis 1.",
             {"joined": "p 2q", "other_axis": "2 p q"}),
    ),
    "reshape": (
        Case("x.reshape({p}, -1)", "p q r", "p qr", "The -1 takes all that is left: {q} times {r}.",
             {"added": "p q+r", "flat": "pqr"}),
        Case("x.reshape(-1, {r})", "p q r", "pq r", "The -1 takes all that is left: {p} times {q}.",
             {"added": "p+q r", "flat": "pqr"}),
    ),
    "scores": (
        Case("x @ y.swapaxes(-2, -1)", "p q r s; p q t s", "p q r t",
             "The last two axes of `y` are swapped, and the inner {s} vanishes.",
             {"ignored": "! s t", "swapped": "p q t r"}),
        Case("x @ y", "p q r s; p q t s", "! s t", "The last two axes are multiplied; the inner sizes are {s} and {t}.",
             {"keys_transposed": "p q r t"}),
    ),
    "heads": (
        Case("x.swapaxes(1, 2).reshape({p}, {r}, -1)", "p q r s", "p r qs",
             "With the axes swapped it is ({p}, {r}, {q}, {s}); the -1 takes {q} times {s}.",
             {"added": "p r q+s"}),
    ),
    "linear": (
        Case("nn.Linear({s}, {t})(x)", "p q r s", "p q r t", "A linear layer acts on the last axis alone.",
             {"flattens": "p t"}),
        Case("nn.Linear({qrs}, {t})(x)", "p q r s", "! s qrs", "The last axis has size {s}; nothing is flattened.",
             {"flattens": "p t"}),
        Case("nn.Linear({q}, {t})(x)", "p q r s", "! q s", "The last axis has size {s}, the layer expects {q}.",
             {"channels_first": "p t r s"}),
    ),
    "flatten": (
        Case("nn.Flatten()(x)", "p q r s", "p qrs", "All the axes but the first become one.", {"flat": "pqrs"}),
        Case("nn.Flatten(start_dim=2)(x)", "p q r s", "p q rs", "The axes from number 2 on become one.",
             {"from_one": "p qrs", "flat": "pqrs"}),
    ),
}  # fmt: skip

"""Harris et al., Array programming with NumPy (2020), and Prince, chapters 7 and 10: what shape an expression has."""

from typing import Any, TypeAlias

from problem_bank.answers import ShapeOrError
from problem_bank.answers.shape_or_error import ERROR
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.tensors._by_running import READINGS, Layers, run
from problem_bank.families.tensors._cases import CASES, LETTERS, Case, sizes
from problem_bank.families.tensors._convolutions import DOWN, UP, down, up
from problem_bank.families.tensors._shape_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng

ARRAYS = ("add", "product", "matmul", "reduce", "transpose")
MORE = ("add", "product", "matmul", "centre", "pairs", "join", "reshape", "transpose")
LAYERS = ("linear", "conv", "conv_transpose", "flatten", "scores", "heads", "matmul", "centre", "pairs")
SIZES = range(2, 15)
Line: TypeAlias = tuple[Case, dict[str, int], str]
"""A case with its code filled in, the sizes of the letters, and the code with letters."""


@family(
    topic="tensors",
    source="Harris et al. 2020; Prince 10.2",
    minutes=6,
    levels={"easy": {"count": 4, "among": ARRAYS}, "medium": {}, "hard": {"count": 6, "among": LAYERS}},
)
def shape(rng: Rng, *, count: int = 5, among: tuple[str, ...] = MORE) -> Exercise:
    """Tell the shapes that lines of array code give, and which of them fail."""
    names = rng.sample("names", among, count)
    numbers = rng.each("numbers", [range(_cases(name)) for name in names])
    rows = rng.built("sizes", lambda r: tuple(r.sample(name, SIZES, len(LETTERS)) for name in names))
    lines = [_line(name, number, row) for name, number, row in zip(names, numbers, rows, strict=True)]
    fails = sum(line[0].right.startswith("!") for line in lines)
    rng.require(0 < fails <= count / 2, "some lines fail, and no more than half")
    rng.require(all(map(_holds, lines)), "the sizes that should not fit do not")
    parts = [_part(name, line) for name, line in zip(names, lines, strict=True)]
    return Exercise(
        given={**rng.drawn, "count": count, "among": among},
        shown={"layers": any("nn." in line[0].code for line in lines), "lines": [_explained(line) for line in lines]},
        prompt=PROMPT,
        parts=parts,
        solution=SOLUTION,
        work=float(count),
    )  # fmt: skip


def _cases(name: str) -> int:
    """How many cases there are of a line."""
    if name in CASES:
        return len(CASES[name])
    return len(DOWN if name == "conv" else UP) + 1


def _line(name: str, number: int, row: tuple[int, ...]) -> Line:
    """The case with its code filled in, and the sizes of its letters."""
    if not 0 <= number < _cases(name) or len(row) != len(LETTERS) or min(row) < 1:
        raise BadGiven(f"{name}: it has the cases 0 to {_cases(name) - 1} and {len(LETTERS)} sizes from 1 up")
    of = dict(zip(LETTERS, row, strict=True))
    case = CASES[name][number] if name in CASES else (down if name == "conv" else up)(of, number)
    words = {**of, "qrs": of["q"] * of["r"] * of["s"]}
    return case._replace(code=case.code.format(**words), why=case.why.format(**words)), of, case.code


def _holds(line: Line) -> bool:
    """Does the line fail where it should? Not where two sizes that come from different letters are the same number."""
    case, of, _ = line
    found = sizes(case.right, of)
    return found[:1] != (ERROR,) or found[1] != found[2]


def _arrays(case: Case, of: dict[str, int]) -> dict[str, tuple[Any, ...]]:
    """The shapes of x and y."""
    return {name: sizes(text, of) for name, text in zip("xy", case.shapes.split(";"), strict=False)}


def _part(name: str, line: Line) -> Part:
    case, of, _ = line
    where = " and ".join(f"`{array}` of shape `{shape}`" for array, shape in _arrays(case, of).items())
    slips = [Slip(slip, sizes(text, of), SAID[slip]) for slip, text in case.wrong.items()]
    return Part(name, f"`{case.code}` with {where}.", ShapeOrError(sizes(case.right, of)), misconceptions=slips)


def _explained(line: Line) -> str:
    """One line of the solution."""
    case, of, _ = line
    found = sizes(case.right, of)
    shown = f"an error, since {found[1]} and {found[2]} do not fit" if found[:1] == (ERROR,) else f"`{found}`"
    shapes = ", ".join(f"`{array}` {shape}" for array, shape in _arrays(case, of).items())
    return f"`{case.code}` ({shapes}): {case.why} It gives {shown}."


@shape.oracle
def by_running(names: tuple[str, ...], numbers: tuple[int, ...], sizes: tuple[tuple[int, ...], ...]) -> dict[str, Any]:
    """The printed lines run; each misconception runs the line, or the layers, that it takes it for."""
    values: dict[str, Any] = {}
    for name, number, row in zip(names, numbers, sizes, strict=True):
        line = _line(name, number, row)
        case, of, template = line
        arrays = _arrays(case, of)
        values[name] = run(case.code, arrays)
        for slip in case.wrong:
            reading = READINGS.get(template, {}).get(slip)
            values[f"{name}.{slip}"] = (
                run(reading, arrays) if reading else run(case.code, arrays, Layers(**{slip: True}))
            )
    return values

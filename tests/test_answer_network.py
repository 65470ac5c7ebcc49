"""Networks that students build: how they are read, run and judged."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problem_bank.answers import Network, TwoLayer
from problem_bank.errors import Unreadable

XOR_NET = TwoLayer(((1, 1), (1, 1)), (0, -1), (1, -2), 0)
OR_NET = TwoLayer(((1, 1), (1, 1)), (0, -1), (1, -1), 0)
XOR = Network((0, 1, 1, 0), width=2, examples=(XOR_NET, OR_NET))

WRITTEN = [
    {"W1": [[1, 1], [1, 1]], "b1": [0, -1], "W2": [1, -2], "b2": 0},  # a TOML table
    {"w_1": [[1, 1], [1, 1]], "b_1": [0, -1], "w_2": [[1, -2]], "b_2": [0]},  # a row, a list of one
    {"W1": [[1, 1], [1, 1]], "b1": [[0], [-1]], "W2": [[1], [-2]], "b2": "0.0"},  # columns, texts
    {"W1": "[[1,1],[1,1]]", "b1": "(0, −1)", "W2": "1 -2", "b2": "b2 = 0"},  # field by field, as text
    "W1 = [[1, 1], [1, 1]], b1 = [0, -1], W2 = [1, -2], b2 = 0",
    "W1: [[1,1],[1,1]]\nb1: [0,-1]\nW2: [1,-2]\nb2: 0.",  # lines, a full stop
    "W1=1 1; 1 1, b1=0 -1, W2=1 -2, b2=0",  # bare numbers
    "b2 = 0; W2 = [1, -2]; b1 = [0, -1]; W1 = [[1, 1], [1, 1]]",  # another order
    '{"W1": [[1,1],[1,1]], "b1": [0,-1], "W2": [1,-2], "b2": 0}',  # JSON as text
    "W1 = np.array([[1,1],[1,1]]) b1 = np.array([0,-1]) W2 = np.array([[1,-2]]) and b2 = 0",
    r"$W_1 = \begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}$, $b_1 = (0, -1)$, $W_2 = (1, -2)$, $b_2 = 0$",
    "W^{(1)} = [[1,1],[1,1]], b^{(1)} = [0,-1], W^{(2)} = [1,-2], b^{(2)} = 0",
]

UNREADABLE = [
    ("", "names none of W1"),
    ("xor", "names none of W1"),
    ([1, 2], "a list stands where"),
    (True, "a true/false value stands where"),
    ("W1 = [[1, 1]], b1 = 0, W2 = 1", "b2 is missing"),
    ("W1 = [[1, 1]], b1 = 0, W2 = 1, b2 = 0, b2 = 1", "b2 is given twice"),
    ("W1 = [[1, 1, 1], [1, 1, 1]], b1 = [0, 0], W2 = [1, 1], b2 = 0", "W1 is 2 by 3"),
    ("W1 = [[1, 1], [1, 1], [0, 1]], b1 = [0, 0], W2 = [1, 1, 1], b2 = 0", "b1 has 2 entries"),
    ("W1 = [[1, 1], [1, 1]], b1 = [0, 0], W2 = [1, 1, 1], b2 = 0", "W2 has 3 entries"),
    ("W1 = [[1, 1], [1, 1]], b1 = [0, 0], W2 = [1, 1], b2 = [0, 0]", "b2 has 2 entries"),
    ("W1 = [[1, 1], [1]], b1 = [0, 0], W2 = [1, 1], b2 = 0", "W1: rows of different length"),
    ("W1 = [[1, 1], [1, x]], b1 = [0, 0], W2 = [1, 1], b2 = 0", "W1: “x”"),
    ("W1 = [[1, 1]], b1 = __import__('os'), W2 = 1, b2 = 0", "b1:"),
    ("W1 = [[1, 1]], b1 = 0, W2 = 1e999999, b2 = 0", "W2:"),
    ({"W1": [[1, 1]], "b1": [True], "W2": [1], "b2": 0}, "b1:"),
    ({"W1": [[1, 1]], "b1": {"a": 1}, "W2": [1], "b2": 0}, "b1:"),
    ({"W1": [], "b1": [], "W2": [], "b2": 0}, "W1"),
    ("W1 = " + "[" * 5000, "b1 is missing"),
    ("W1 = 1" * 9000, "too long"),
]


@pytest.mark.parametrize("raw", WRITTEN)
def test_reads_what_students_type(raw: Any) -> None:
    """Tables, texts, rows, columns, LaTeX and NumPy all give the same network."""
    assert XOR.parse(raw) == XOR_NET


@pytest.mark.parametrize(("raw", "said"), UNREADABLE)
def test_says_what_it_cannot_read(raw: Any, said: str) -> None:
    """Malformed answers and wrong sizes are unreadable, and the message names the piece."""
    with pytest.raises(Unreadable, match=said.replace("[", r"\[")):
        XOR.parse(raw)


def test_a_transposed_first_layer_is_recognised() -> None:
    """With 3 hidden units and 2 inputs, W1 of shape (2, 3) is told to look transposed."""
    with pytest.raises(Unreadable, match="looks transposed"):
        XOR.parse("W1 = [[1, 1, 1], [1, 1, 1]], b1 = [0, 0, 0], W2 = [1, 1, 1], b2 = 0")


@pytest.mark.parametrize(
    "net",
    [
        TwoLayer(((1, -1), (-1, 1)), (0, 0), (1, 1), 0),  # |x1 - x2|
        TwoLayer(((2, 2), (1, 1)), (0, -1), (Fraction(1, 2), -2), 0),  # a unit doubled
        TwoLayer(((-1, -1), (1, 1)), (1, -1), (-1, -1), 1),  # one minus both corners
    ],
)
def test_any_network_that_computes_xor_is_right(net: TwoLayer) -> None:
    """Only the outputs count, not the weights of the example."""
    assert XOR.compare(net).right


def test_reports_the_first_failing_input() -> None:
    """The remark names the input, the hidden vector and the output of the student's own network."""
    match = XOR.compare(OR_NET)
    assert match.share == 0
    assert match.remark == "For x = (1, 1) the hidden vector is (2, 1) and the output 1; wrong."
    assert match.basis == "run on all 4 inputs"


def test_too_many_units_are_refused() -> None:
    """A right network that is wider than allowed earns nothing and says why."""
    wide = TwoLayer(((1, 1), (1, 1), (0, 0)), (0, -1, 0), (1, -2, 0), 0)
    assert XOR.compare(wide).remark == "Your network has 3 hidden units; at most 2 are allowed."


def test_threshold_compares_classes() -> None:
    """With a threshold, outputs 0.6 and 7 are both class 1, and 1/2 itself is class 0."""
    scaled = TwoLayer(XOR_NET.W1, XOR_NET.b1, (7, -14), Fraction(1, 2))
    assert Network((0, 1, 1, 0), decision="threshold").compare(scaled).right
    assert not Network((0, 1, 1, 0), decision="exact").compare(scaled).right


def test_step_is_zero_at_zero() -> None:
    """The step unit is 1 for a positive sum and 0 at 0."""
    unit = TwoLayer(((1, 1),), (0,), (1,), 0)
    assert Network((), activation="step").table(unit) == (0, 1, 1, 1)


@pytest.mark.parametrize("options", [{"activation": "tanh"}, {"decision": "sign"}])
def test_unknown_options_are_refused(options: dict[str, str]) -> None:
    """A typing error in a family fails at once, naming what exists."""
    with pytest.raises(ValueError, match="use relu or step"):
        Network((), **options)


def test_a_table_is_shown_by_a_network_that_computes_it() -> None:
    """Keys and misconceptions are tables; what is shown for them is a network that computes them."""
    for table in ((0, 1, 1, 0), (0, 1, 1, 1)):
        assert XOR.table(XOR.parse(XOR.show(table))) == table
    with pytest.raises(LookupError, match="no example network"):
        XOR.show((1, 1, 1, 1))


def test_public_tells_how_to_run_but_not_the_key() -> None:
    """Neither the target table nor the example networks leave."""
    assert set(XOR.public()) == {"kind", "inputs", "values", "activation", "decision", "width"}


numbers = st.fractions(min_value=-9, max_value=9, max_denominator=8)


@st.composite
def networks(draw: st.DrawFn) -> TwoLayer:
    inputs, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    vector = st.tuples(*[numbers] * width)
    return TwoLayer(
        draw(st.tuples(*[st.tuples(*[numbers] * inputs)] * width)), draw(vector), draw(vector), draw(numbers)
    )


@given(networks())
def test_show_and_parse_round_trip(net: TwoLayer) -> None:
    """Whatever the weights, the shown text reads back as the same network."""
    reader = Network((), inputs=len(net.W1[0]))
    assert reader.parse(reader.show(net)) == net


@given(networks(), st.sampled_from([(0, 1), (-1, 1), (0, 1, 2)]))
def test_running_is_exact(net: TwoLayer, values: tuple[int, ...]) -> None:
    """The outputs are those of the formula in fractions, in the stated order of inputs."""
    answer = Network((), inputs=len(net.W1[0]), values=values)
    assert answer.grid == tuple(product(values, repeat=len(net.W1[0])))
    for x, y in zip(answer.grid, net.outputs(answer.grid, "relu"), strict=True):
        hidden = [
            max(Fraction(0), b + sum(Fraction(w) * v for w, v in zip(row, x, strict=True)))
            for row, b in zip(net.W1, net.b1, strict=True)
        ]
        assert y == net.b2 + sum(w * h for w, h in zip(net.W2, hidden, strict=True))


@pytest.mark.parametrize("raw", ["W" + " " * 19_000, "W_" * 9_000, "W({[" * 4_000, "b1=" * 6_000, "W1=" + "1," * 9_000])
def test_hostile_text_is_refused_quickly(raw: str) -> None:
    """Long runs of spaces, names and brackets cost milliseconds, not minutes."""
    started = time.perf_counter()
    with pytest.raises(Unreadable):
        XOR.parse(raw)
    assert time.perf_counter() - started < 1


@given(st.text(max_size=60) | st.dictionaries(st.sampled_from(["W1", "b1", "W2", "b2", "c"]), st.text(max_size=9)))
def test_no_text_does_anything_but_parse_or_be_unreadable(raw: Any) -> None:
    """Any text or table either gives a network or is unreadable; nothing else is raised."""
    try:
        assert isinstance(XOR.parse(raw), TwoLayer)
    except Unreadable as error:
        assert str(error)

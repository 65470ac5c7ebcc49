"""Recurrent networks, networks that equal a function everywhere, counter-examples: how each is read and judged."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problem_bank import load
from problem_bank.answers import Answer, Counterexample, Network, Recurrent, RecurrentNetwork, TwoLayer
from problem_bank.answers.counterexample import CannotTellError, NoValueError, Reason
from problem_bank.answers.kinks import form_of, joined, telling_point, value_at
from problem_bank.answers.named import Names
from problem_bank.errors import Unreadable
from problem_bank.families.claims._functions import FUNCTIONS

PARITY = (((0, 0), (1, 1)), ((1, 1), (0, 0)))
NET = Recurrent(((1, -2), (1, -2)), ((1,), (1,)), (0, -1), (0, 0), (1, -2), 0)
ASKED = RecurrentNetwork(PARITY, width=2, examples=(NET,))
ABSOLUTE = joined(((3, 0),), -1, 1)
EVERYWHERE = Network(ABSOLUTE, inputs=1, decision="everywhere", width=2)


# Recurrent networks


@pytest.mark.parametrize(
    "raw",
    [
        NET.show(),
        NET.pieces(),
        {"W": [[1, -2], [1, -2]], "U": [1, 1], "b": "0 -1", "h0": [0, 0], "V": [[1, -2]], "c": [0]},
        "```python\nW = np.array([[1, -2],\n    [1, -2]])  # memory\nU = [[1], [1]]\nb = array([0, -1])\n"
        "self.h0 = [0, 0]\nV = [1, -2]\nc = 0\n```",
        "- **W** = 1 -2; 1 -2\n- **U**: 1 1\n- **b** := 0 -1\n- **h₀** = 0 0\n- **V** = 1 -2\n- **c** = 0",
        r"\mathbf{W} = \begin{bmatrix}1&-2\\1&-2\end{bmatrix}, U = \left(\begin{array}{c}1\\1\end{array}\right), "
        r"\mathbf{b} = (0, -1), h_0 = (0, 0), V = (1, -2), c = 0",
        "c = 0; v: [1,-2]\nh_0 = (0, 0)\nb = 0 -1\nu = 1 1\nw = 1 -2; 1 -2",
        r"$W = \begin{pmatrix} 1 & -2 \\ 1 & -2 \end{pmatrix}$, $U = \begin{pmatrix} 1 \\ 1 \end{pmatrix}$, "
        "b = (0, −1), h^0 = (0, 0), V = (1, -2), c = 0.0",
    ],
)
def test_reads_recurrent_networks_as_they_are_typed(raw: Any) -> None:
    """Tables, texts in any order, LaTeX; an input of one bit may have its weights in a row."""
    assert ASKED.parse(raw) == NET


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("", "names none of W, U, b, h0, V and c"),
        ("W = [[1]], U = [1], b = [0], V = [1], c = 0", "h0 is missing"),
        (NET.show() + ", c = 1", "c is given twice"),
        ({**NET.pieces(), "h0": [0, 0, 0]}, "h0 has 3 entries; with 2 hidden units"),
        ({**NET.pieces(), "W": [[1, 2, 3], [4, 5, 6]]}, "W is 2 by 3; with 2 hidden units"),
        ({**NET.pieces(), "U": [[1, 2], [3, 4]]}, "U is 2 by 2"),
        ({**NET.pieces(), "W": [[1, 2], [3]]}, "W: rows of different length"),
        ({**NET.pieces(), "b": [True, 1]}, "b:"),
        ({**NET.pieces(), "c": float("nan")}, "c:"),
        ("W = " + "[" * 9_000, "U is missing"),
        ([1, 2], "a list stands where"),
    ],
)
def test_says_which_piece_cannot_be_read(raw: Any, said: str) -> None:
    """Missing, repeated and ill-sized pieces are unreadable, with their name."""
    with pytest.raises(Unreadable) as error:
        ASKED.parse(raw)
    assert said in str(error.value)


def test_any_network_that_imitates_the_machine_is_right() -> None:
    """Step or ramps, scaled units, another order, another start that means the same: only outputs count."""
    turned = Recurrent(((-2, 1), (-2, 1)), ((1,), (1,)), (-1, 0), (0, 0), (-2, 1), 0)
    doubled = Recurrent(((Fraction(1, 2), -2), (Fraction(1, 2), -2)), ((1,), (1,)), (0, -1), (0, 0), (1, -2), 0)
    other_start = Recurrent(NET.W, NET.U, NET.b, (2, 1), NET.V, NET.c)  # two ones: an even number
    step = Recurrent(((2, -2), (2, -2)), ((2,), (2,)), (-1, -3), (0, 0), (1, -1), 0)
    assert ASKED.compare(NET).basis == "run on all sequences: it meets only a few states"
    assert ASKED.compare(turned).right
    assert not ASKED.compare(doubled).right
    assert ASKED.compare(other_start).right
    assert RecurrentNetwork(PARITY, activation="step").compare(step).right


def test_the_shortest_failing_sequence_is_told_with_its_states() -> None:
    """A network that forgets fails first after two inputs; the remark shows inputs, states and output."""
    forgets = Recurrent(((0, 0), (0, 0)), NET.U, NET.b, NET.h0, NET.V, NET.c)
    assert ASKED.compare(forgets).remark == (
        "For the inputs 1, 0 the states are (1, 0), (0, 0) and the last output is 0; wrong."
    )
    late = Recurrent(((1,),), ((1,),), (0,), (0,), (1,), 0)  # counts: right up to a single one
    assert RecurrentNetwork(PARITY).compare(late).remark.startswith("For the inputs 1, 1 the states are 1, 2")


def test_too_many_units_are_refused() -> None:
    """A right network that is wider than allowed earns nothing and says why."""
    assert RecurrentNetwork(PARITY, width=1).compare(NET).remark == (
        "Your network has 2 hidden units; at most 1 are allowed."
    )


def test_machines_agree_whatever_their_states_are_called() -> None:
    """A machine with a doubled state is the same; one with another output after three inputs is not."""
    doubled = (((2, 0), (1, 1)), ((1, 1), (0, 0)), ((0, 0), (1, 1)))
    late = (((2, 0), (1, 1)), ((1, 1), (0, 0)), ((0, 0), (1, 0)))
    assert ASKED.agrees(doubled)
    assert not ASKED.agrees(late)


small = st.integers(-2, 2)


@given(st.lists(small, min_size=11, max_size=11), st.sampled_from(["relu", "step"]))
def test_the_run_side_by_side_is_the_run_on_every_sequence(w: list[int], activation: str) -> None:
    """Leaving out pairs of states that were met before misses no failure: all sequences of 4, one by one, agree."""
    net = Recurrent(((w[0], w[1]), (w[2], w[3])), ((w[4],), (w[5],)), (w[6], w[7]), (0, 0), (w[8], w[9]), w[10])
    answer = RecurrentNetwork(PARITY, activation=activation, length=4)

    def fails(bits: tuple[int, ...]) -> bool:
        h: Any = (0, 0)
        for bit in bits:
            z = [sum(a * b for a, b in zip(row, h, strict=True)) + u[0] * bit + b
                 for row, u, b in zip(net.W, net.U, net.b, strict=True)]  # fmt: skip
            h = [max(v, 0) if activation == "relu" else int(v > 0) for v in z]
        return bool(sum(a * b for a, b in zip(net.V, h, strict=True)) + net.c != sum(bits) % 2)

    every = [bits for n in range(1, 5) for bits in product((0, 1), repeat=n)]
    found = [run for run in answer.sequences(net) if run and len(run.inputs) <= 4]
    assert any(net.output(run.states[-1]) != run.wanted for run in found) == any(map(fails, every))


ONCE = (((0, 0), (1, 1)), ((1, 1), (1, 1)))


def test_what_fails_late_is_found() -> None:
    """A count-down that lasts for 20 steps is no memory; the end of the long sequence is told, and in few words."""
    late = Recurrent(((1, 0), (1, 0)), ((20,), (20,)), (-1, -2), (0, 0), (1, -1), 0)
    answer = RecurrentNetwork(ONCE, width=2)
    match = answer.compare(late)
    assert match.share == 0
    assert match.remark.startswith("After ")
    assert len(match.remark) < 300


def test_step_units_are_proven_for_every_length() -> None:
    """Three step units have 8 states at most, so that no network of them is taken on trust."""
    counter = Recurrent(((4, -4, 0), (4, 4, -8), (0, 4, 0)), ((4,), (4,), (4,)), (-2, -6, -2), (0, 0, 0), (1, 0, 0), 0)
    runs = list(RecurrentNetwork(ONCE, activation="step", length=1).sequences(counter))
    assert runs[-1] is None
    assert len(runs) <= 2 * 2 * 9 + 1


def test_huge_numbers_are_run_and_told_in_few_words() -> None:
    """States of thousands of digits end the run; no remark shows more than a few of them."""
    huge = Fraction("1e99") + Fraction(1, 10**39)
    net = Recurrent(((huge, huge), (huge, huge)), ((huge,), (huge,)), (huge, huge), (huge, 1), (1, -2), 0)
    zero = (((0, 0), (0, 0)),)
    began = time.perf_counter()
    assert RecurrentNetwork(zero, width=2, length=6).compare(net).share == 0
    for answer in (RecurrentNetwork(zero, width=2), ASKED):
        assert len(answer.compare(net).remark) < 400
    assert EVERYWHERE.compare(TwoLayer(((huge,),), (huge,), (huge,), huge)).remark.count("about") >= 1
    assert time.perf_counter() - began < 1


# Networks that equal a function everywhere


@pytest.mark.parametrize(
    "raw",
    [
        "W1 = [[1], [-1]], b1 = [-3, 3], W2 = [1, 1], b2 = 0",
        "W1 = 2 -1, b1 = -6 3, W2 = 1/2 1, b2 = 0",
        {"W1": [1, -1], "b1": [-3, 3], "W2": [1, 1], "b2": 0},
    ],
)
def test_equal_everywhere_is_right_whatever_the_weights(raw: Any) -> None:
    """|x - 3| from units that are scaled as one likes; a single column may be written as a row."""
    match = EVERYWHERE.compare(EVERYWHERE.parse(raw))
    assert match.right
    assert match.basis == "equal for all real inputs"


def test_a_difference_far_away_is_found_and_told() -> None:
    """A function that leaves the right one beyond a million is wrong, and the remark names a place beyond it."""
    wide = Network(ABSOLUTE, inputs=1, decision="everywhere", width=3)
    net = TwoLayer(((1,), (-1,), (1,)), (-3, 3, -1_000_000), (1, 1, 1), 0)
    said = wide.compare(net).remark
    assert said == "For x = (1000010) the hidden vector is (1000007, 0, 10) and the output 1000017; wrong."
    assert wide.compare(TwoLayer(net.W1, net.b1, (1, 1, 0), 0)).right


fractions = st.integers(-8, 8).map(lambda n: Fraction(n, 3))
units = st.tuples(st.tuples(fractions, fractions), fractions, fractions)


@given(st.lists(units, min_size=1, max_size=4), fractions, st.tuples(fractions, fractions))
def test_the_form_is_the_function(layer: list[Any], b2: Fraction, x: Any) -> None:
    """The form has the network's values, and units in another order, scaled or split have the same form."""
    w1, b1, w2 = (tuple(part) for part in zip(*layer, strict=True))
    net = TwoLayer(w1, b1, w2, b2)
    assert value_at(form_of(net), x) == net.output(x, "relu")
    scaled = TwoLayer(tuple((3 * p, 3 * q) for p, q in w1), tuple(3 * b for b in b1), tuple(v / 3 for v in w2), b2)
    split = TwoLayer((*w1[::-1], w1[0]), (*b1[::-1], b1[0]), (*w2[:0:-1], w2[0] - 1, Fraction(1)), b2)
    assert form_of(scaled) == form_of(net) == form_of(split)


@given(
    st.lists(st.tuples(small, small, small), min_size=1, max_size=3),
    st.lists(st.tuples(small, small, small), max_size=3),
)
def test_two_forms_of_one_input_differ_where_their_functions_do(first: list[Any], second: list[Any]) -> None:
    """Equal forms agree on a grid finer than all kinks; different ones differ at the point that is told."""
    nets = [TwoLayer(tuple((w,) for w, _, _ in units), tuple(b for _, b, _ in units), tuple(v for *_, v in units), 0)
            for units in (first, second or [(0, 0, 0)])]  # fmt: skip
    one, two = map(form_of, nets)
    grid = [(Fraction(i, 4),) for i in range(-20, 21)]
    same = all(nets[0].output(x, "relu") == nets[1].output(x, "relu") for x in grid)
    assert same == (one == two)
    point = telling_point(one, two)
    assert (point is None) == same
    assert point is None or nets[0].output(point, "relu") != nets[1].output(point, "relu")


def test_everywhere_is_for_ramps_only() -> None:
    """A network of steps has no such form; the family's author is told at once."""
    with pytest.raises(ValueError, match="relu also: everywhere"):
        Network(ABSOLUTE, activation="step", decision="everywhere")


# Counter-examples


def above_one(values: Any) -> Reason | None:
    """The false claim that no number of a vector is above 1."""
    (z,) = values
    return None if max(z) > 1 else Reason("small", "All of your numbers are at most 1.")


VECTOR = Counterexample(((0, 7),), (("z", (2,)),), above_one)
SEVERAL = Counterexample(("x^2", 1, ((1, 2), (3, 4))), (("g", "function"), ("a", ()), ("A", (2, 2))), lambda v: None)


@pytest.mark.parametrize(
    "raw", ["z = [0, 7]", "0 7", [0, 7], {"z": [[0], [7]]}, "$z = (0, 7)$", "Z: 0, 7.", "np.array([0, 7])"]
)
def test_reads_an_object_with_or_without_its_name(raw: Any) -> None:
    """A single object needs no name."""
    assert VECTOR.parse(raw) == ((0, 7),)


def test_reads_several_objects_in_any_order() -> None:
    """A function may name its argument, also z or t; matrices come in all their forms."""
    raw = "A = 1 2; 3 4\ng(z) = z^2 + 1\na = -1/2"
    g, number, matrix = SEVERAL.parse(raw)
    assert (g.show(), number, matrix) == ("x^2 + 1", Fraction(-1, 2), ((1, 2), (3, 4)))
    assert SEVERAL.parse(SEVERAL.show((g, number, matrix))) == (g, number, matrix)


@pytest.mark.parametrize(
    ("answer", "raw", "said"),
    [
        (VECTOR, "z = [1, 2, 3]", "z is a vector of 3, but needs to be a vector of 2"),
        (VECTOR, "z = nan 1", "z: “nan”"),
        (VECTOR, "z = [1e999, 1]", "z:"),
        (VECTOR, "[" * 9_000, "z:"),
        (VECTOR, None, "a NoneType stands where z is expected"),
        (SEVERAL, "g = x^2, a = 1", "A is missing"),
        (SEVERAL, "g = y, a = 1, A = 1 2; 3 4", "g: at character 1: “y” is no name"),
        (SEVERAL, "g = 9^9^9^9, a = 1, A = 1 2; 3 4", "g:"),
        (SEVERAL, {"g": [1], "a": 1, "A": [[1, 2], [3, 4]]}, "g is no function"),
        (SEVERAL, "g = __import__('os'), a = 1, A = 1 2; 3 4", "g:"),
    ],
)
def test_says_what_is_wrong_with_an_object(answer: Counterexample, raw: Any, said: str) -> None:
    """Unreadable objects are named; nothing that was typed is ever run."""
    with pytest.raises(Unreadable) as error:
        answer.parse(raw)
    assert said in str(error.value)


FUNCTION = Counterexample(("x^2",), (("g", "function"),), lambda v: None)


@pytest.mark.parametrize(
    "raw",
    [
        "x^2",
        "g(x) := x^2",
        "y = x**2",
        "f(x) = x²",
        "`x*x`",
        "```\ng = x^2\n```",
        "g = lambda x: x**2",
        "$g(t) = t^2$",
        "**g** = x^2",
    ],
)
def test_reads_a_function_however_it_is_introduced(raw: str) -> None:
    """The only function of a question may be called y or f, stand between backticks or behind a lambda."""
    (tree,) = FUNCTION.parse(raw)
    assert FUNCTION.show((tree,)) in ("g = x^2", "g = x*x")


@pytest.mark.parametrize("growth", ["((((x^9)^9)^9)^9)", "x*(x-1)*(x+1)*((((x^9)^9)^9)^9)", "(x+1)^999*(x-1)^999"])
def test_values_of_thousands_of_digits_are_told_in_few_words(growth: str) -> None:
    """No judge of the bank breaks on a function that has the wanted value and grows without measure."""
    for name in FUNCTIONS:
        variant = load("claims.counterexample").draw("", given={"claim": name, "pin": 18, "a": 6, "b": 9}, level="hard")
        rest = ", u = 0, v = 1" if name == "steep" else ""
        verdict = variant.mark({"object": f"g = 18 + (x - 6)*{growth}{rest}"})["object"]
        assert len(verdict.feedback) < 600


def test_whole_numbers_too_long_to_write_are_unreadable() -> None:
    """A number of 20 000 bits in a table is refused like any other that is too long."""
    for raw in ({"g": 16**5000}, 16**5000):
        with pytest.raises(Unreadable, match="too long"):
            FUNCTION.parse(raw)


def test_the_claim_decides_and_says_why() -> None:
    """Any object that breaks the claim is right; a misconception is known by the name of its reason."""
    assert VECTOR.compare(((5, -5),)).right
    assert VECTOR.compare(((1, 0),)).remark == "All of your numbers are at most 1."
    assert VECTOR.keyed(((0, 0),)).compare(((1, -9),)).right
    assert not VECTOR.keyed(((0, 0),)).compare(((2, 0),)).right


@pytest.mark.parametrize(
    ("error", "basis"), [(CannotTellError, "undecided"), (NoValueError, "claim decided for this object")]
)
def test_what_cannot_be_told_goes_to_a_person(error: type[ArithmeticError], basis: str) -> None:
    """An open comparison is no zero; a function without a value is."""

    def claim(values: Any) -> Reason | None:
        if values[0] == (0, 7):
            return None
        raise error("no value at 0")

    match = Counterexample(((0, 7),), VECTOR.objects, claim).compare(((1, 1),))
    assert (match.share, match.remark, match.basis) == (0, "no value at 0", basis)


# Names of pieces


@given(st.text(max_size=80) | st.dictionaries(st.sampled_from(["W", "U", "b", "z", "g(x)"]), st.text(max_size=9)))
def test_no_raw_answer_does_anything_but_parse_or_be_unreadable(raw: Any) -> None:
    """Whatever is typed, nothing else is raised."""
    answers: tuple[Answer, ...] = (ASKED, EVERYWHERE, VECTOR, SEVERAL)
    for answer in answers:
        try:
            answer.compare(answer.parse(raw))
        except Unreadable as error:
            assert str(error)


@pytest.mark.parametrize("raw", ["W" + " " * 19_000, "h_" * 9_000, "h({[" * 4_000, "b=" * 9_000, "g(x)" * 4_000])
def test_hostile_text_is_split_quickly(raw: str) -> None:
    """Long runs of spaces, names and brackets cost milliseconds."""
    began = time.perf_counter()
    with pytest.raises(Unreadable):
        Names(("W", "h0", "g")).split(raw)
    assert time.perf_counter() - began < 1

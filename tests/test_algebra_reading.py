"""How texts are understood: what is read, what is refused, and that trees survive being shown."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank.algebra import Node, apply, compare, decide, number, read, symbol
from problem_bank.errors import Unreadable

NAMES_HERE = "x y k n beta gamma lambda theta theta_1 x2 S N E I O Q H W grad_L_data"
DOMAINS = dict.fromkeys(NAMES_HERE.split(), "real")
ALIASES = {"∇L": "grad_L_data", "dL/dx": "grad_L_data", "lr": "gamma"}

READ = {
    # declared names come first, whatever they mean elsewhere
    "beta + gamma*lambda": "beta + gamma*lambda",
    "S*N*E*I*O*Q": "S*N*E*I*O*Q",
    "SNEIOQ": "S*N*E*I*O*Q",
    "grad_L_data + 2*lambda*theta": "grad_L_data + 2*lambda*theta",
    "grad\\_L\\_data": "grad_L_data",
    # aliases, also odd ones
    "2∇L": "2*grad_L_data",
    "dL/dx + 1": "grad_L_data + 1",
    "lr x": "gamma*x",
    # products without a sign
    "2x": "2*x",
    "2 x": "2*x",
    "x(x+1)": "x*(x + 1)",
    "(x+1)(x-1)": "(x + 1)*(x - 1)",
    "kx": "k*x",
    "3 sin x": "3*sin(x)",
    "2x^2y": "2*x^2*y",
    "x sin y cos k": "x*sin(y)*cos(k)",
    "1/2 x": "1/2*x",
    "x x": "x*x",
    "3 × 4": "3*4",
    # powers, signs
    "x^2": "x^2",
    "x**2": "x^2",
    "-x^2": "-x^2",
    "(-x)^2": "(-x)^2",
    "x^-2": "x^(-2)",
    "2^x^y": "2^(x^y)",
    "x²": "x^2",
    "x⁻¹": "x^(-1)",
    "--x": "x",
    "x - -y": "x - (-y)",
    "x*-y": "x*(-y)",
    "-x*y": "-x*y",
    # numbers
    "0.5x": "0.5*x",
    ".5": "0.5",
    "1e-3": "0.001",
    "½ x": "0.5*x",
    "007": "7",
    # functions
    "sin 2x": "sin(2*x)",
    "sin^2(x)": "sin(x)^2",
    "ln x^2": "ln(x^2)",
    "log(x)": "ln(x)",
    "log2(8)": "ln(8)/ln(2)",
    "log_{10} x": "ln(x)/ln(10)",
    "e^-x": "exp(-x)",
    "e^{2x}": "exp(2*x)",
    "2e": "2*exp(1)",
    "exp(x)": "exp(x)",
    "ReLU(x)": "relu(x)",
    "MAX(x, y, 0)": "max(x, y, 0)",
    "sgn(x)": "sign(x)",
    "ceiling(x)": "ceil(x)",
    "√x": "sqrt(x)",
    "√(x+1)": "sqrt(x + 1)",
    "2 pi x": "2*pi*x",
    # bars and corner brackets
    "|x|": "abs(x)",
    "2|x|y": "2*abs(x)*y",
    "|x|+|y|": "abs(x) + abs(y)",
    "||x|-1|": "abs(abs(x) - 1)",
    "|x(|y|+1)|": "abs(x*(abs(y) + 1))",
    "⌊H/2⌋": "floor(H/2)",
    "⌈H/2⌉": "ceil(H/2)",
    "H//2": "floor(H/2)",
    # unicode
    "1+2(k−1)": "1 + 2*(k - 1)",
    "λ·θ": "lambda*theta",
    "2λθ": "2*lambda*theta",
    "θ₁ + θ_1": "theta_1 + theta_1",
    "x ÷ 2": "x/2",
    # LaTeX
    r"\frac{1}{2} x": "(1/2)*x",
    r"\frac{x+1}{y}": "(x + 1)/y",
    r"2 \cdot x \times y": "2*x*y",
    r"\left( x + 1 \right)^{2}": "(x + 1)^2",
    r"\lambda \theta_{1}": "lambda*theta_1",
    r"\lfloor \tfrac{H}{2} \rfloor": "floor(H/2)",
    r"\sqrt{x} + \sqrt[3]{y}": "sqrt(x) + y^(1/3)",
    r"\operatorname{ReLU}\left(x\right)": "relu(x)",
    r"\max\left(0,\, x\right)": "max(0, x)",
    r"\mathrm{grad\_L\_data}": "grad_L_data",
    r"\left|x\right|": "abs(x)",
    r"e^{-x}": "exp(-x)",
    r"\log x": "ln(x)",
    r"$x^{2} + 1$": "x^2 + 1",
    r"x \; y": "x*y",
    # an answer with its name in front
    "y = 2x": "2*x",
    "f(x) = x + 1": "x + 1",
    "R_L = 1 + k": "1 + k",
    r"\theta_{t+1} := theta - 1": "theta - 1",
    "theta' = theta": "theta",
    "θ ← θ - 1": "theta - 1",
    "dL/dθ = 2θ": "2*theta",
    "∂L/∂θ = 2θ": "2*theta",
    "y ≈ 0.5": "0.5",
    # names with a digit, with or without an underscore
    "x2 + x_2": "x2 + x2",
    "theta1": "theta_1",
}

REFUSED = {
    # two readings
    "e^2x": "brackets",
    "x^kn": "brackets",
    "1/x y": "two ways",
    "x/2(y)": "two ways",
    "x/y(k)": "two ways",
    "sin x y": "brackets",
    "ln x(x+1)": "brackets",
    "sin^-1 x": "reciprocal",
    "sin^-1(x)": "reciprocal",
    r"2\frac{1}{2}": "follows directly",
    "x 2": "follows directly",
    "2 3": "follows directly",
    # not of this question
    "foo": "no name",
    "thet": "Did you mean theta",
    "x_3": "no name",
    "z + 1": "character 1",
    "x + z": "character 5",
    # unfinished
    "x +": "ends too early",
    "(x": "missing for the “(” at character 1",
    "x)": "not expected",
    "|x": "missing",
    "⌊x⌉": "missing",
    "max(x)": "two values",
    "sin(x, y)": "one value",
    r"\frac12": "braces",
    "": "nothing to read",
    "y =": "nothing to read",
    # other notations
    "x^T": "no name",
    "xᵀ": "transpose",
    "x'": "transpose",
    "2,600": "comma",
    "x, y": "comma",
    "x = y = 2": "“=”",
    "2x = 4 + y": "“=”",
    "x!!": "another meaning",
    "x%2": "percent",
    "х + 1": "cyrillic",
    "x\u202e": "override",
    r"\infty": "no name",
    # caps
    "1e999": "too large",
    "9" * 41: "too long",
    "x^1001": "too large",
    "9^9^9": "too large",
    "((x^99)^99)^99": "too large",
    "(" * 40 + "x" + ")" * 40: "deep",
    "x + " * 600 + "1": "1,000",
}


@pytest.mark.parametrize(("text", "shown"), READ.items())
def test_texts_are_read(text: str, shown: str) -> None:
    """The reading, as it is shown to the student; reading that again changes nothing."""
    tree = read(text, DOMAINS, ALIASES)
    assert tree.show() == shown
    assert read(tree.show(), DOMAINS, ALIASES) == tree


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_texts_are_refused_with_a_reason(text: str, reason: str) -> None:
    """What is no expression, or two, is refused; the message says where or what would be readable."""
    with pytest.raises(Unreadable, match=r".{12}") as error:
        read(text, DOMAINS, ALIASES)
    assert reason in str(error.value)


@pytest.mark.parametrize("text", READ)
def test_latex_reads_back(text: str) -> None:
    """What is shown as LaTeX is read as something equal."""
    tree = read(text, DOMAINS, ALIASES)
    assert compare(read(tree.tex(), DOMAINS, ALIASES), tree, dict.fromkeys(DOMAINS, "positive")).equal


@pytest.mark.parametrize(
    "name",
    [
        "S",
        "N",
        "E",
        "I",
        "O",
        "Q",
        "beta",
        "gamma",
        "zeta",
        "lambda",
        "pi",
        "e",
        "exp",
        "max",
        "if",
        "None",
        "x1",
        "a_b_c",
    ],
)
def test_any_name_may_be_declared(name: str) -> None:
    """A declared name is that name, also where the language or Python knows it as something else."""
    assert read(f"2*{name} + 1", [name]) == 2 * symbol(name) + 1


def test_declared_letters_are_not_swallowed() -> None:
    """With E declared, 2E3 is no number; with x_y declared, xy is still x times y."""
    with pytest.raises(Unreadable):
        read("2E3", ["E"])
    assert read("2E3", []) == number(2000)
    assert read("xy + x_y", ["x", "y", "x_y"]).show() == "x*y + x_y"
    assert read("ab", ["a", "b", "ab"]).show() == "ab"
    with pytest.raises(Unreadable):
        read("abab", ["a", "b", "ab"])  # a*b*a*b, ab*ab, ...


def test_a_decision_shows_how_the_text_was_read() -> None:
    """As text and as LaTeX."""
    reading = decide("½ λθ^2", "0", symbols=["lambda", "theta"]).reading
    assert (reading.text, reading.tex) == ("0.5*lambda*theta^2", r"0.5 \lambda \theta^{2}")


NAMES = st.sampled_from(["x", "y", "k", "lambda", "theta_1", "grad_L_data"]).map(symbol)
NUMBERS = st.fractions(0, 1000, max_denominator=12).filter(lambda f: 1000 % f.denominator == 0).map(number)


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def listed(op: str, least: int = 2) -> st.SearchStrategy[Node]:
        return st.lists(inner, min_size=least, max_size=3).map(lambda args: apply(op, *args))

    quotient = st.tuples(inner, inner).map(lambda pair: Node("*", (pair[0], apply("inv", pair[1]))))
    one = st.sampled_from(["exp", "ln", "abs", "floor", "relu", "sqrt", "neg"])
    functions = st.tuples(one, inner).map(lambda pair: apply(*pair))
    powers = st.tuples(inner, st.integers(0, 3)).map(lambda pair: apply("^", *pair))
    return st.one_of(listed("+"), listed("*"), quotient, functions, powers, listed("max"))


@given(st.recursive(st.one_of(NAMES, NUMBERS), _branches, max_leaves=12))
@settings(max_examples=150, deadline=None)
def test_trees_survive_being_shown(tree: Node) -> None:
    """parse(show(tree)) == tree."""
    assert read(tree.show(), DOMAINS) == tree


@given(st.fractions(-(10**6), 10**6, max_denominator=10**4))
def test_numbers_are_exact(value: Fraction) -> None:
    """A fraction shown as text is the same number again, and a decimal is its fraction."""
    assert decide(number(value).show(), number(value), symbols=[]).basis.startswith("exact")

"""What makes decisions quick: one pass over plain texts, floats with bounds, kept keys, and an end to all work."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from benchmarks.corpus import pairs
from benchmarks.mutate import mutated
from problem_bank.algebra import DOMAINS, Decision, Node, Reading, apply, compare, decide, read, symbol, words
from problem_bank.algebra.balls import UnsureError, rule
from problem_bank.algebra.effort import TooLongError, allowance, limited
from problem_bank.algebra.floats import _drawn, _value, differ
from problem_bank.algebra.numeric import Evaluator
from problem_bank.algebra.points import inside
from problem_bank.algebra.tokens import Scanner, Token, tokenize
from problem_bank.algebra.vocabulary import Vocabulary
from problem_bank.errors import Unreadable

MOST = 4_000  # digits of a value


def test_one_pass_finds_the_tokens_that_single_steps_find() -> None:
    """On the corpus and on damaged texts of it, with the same words where one is unreadable."""
    dice = random.Random(3)
    for pair in pairs():
        for text in (pair.student, mutated(pair.student, dice)[:400]):
            names = tuple(pair.symbols)
            assert _tokens(text, names, plain=True) == _tokens(text, names, plain=False), text


def _tokens(text: str, names: tuple[str, ...], *, plain: bool) -> list[Token] | str:
    try:
        if plain:
            return tokenize(text, Vocabulary(names))[:-1]
        scanner = Scanner(text.translate(words.PLAIN), Vocabulary(names), 0)
        while scanner.at < len(text):
            scanner.step()
        return scanner.tokens
    except Unreadable as error:
        return str(error)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1000.0])
def test_balls_hold_the_true_values(scale: float) -> None:
    """Of both sides of every pair, at random points: the many digits of the evaluator lie within the float's bound."""
    held, some = 0, pairs()[random.randrange(3) :: 3]
    for pair in some:
        for text in (pair.student, pair.key):
            tree = read(text, pair.symbols)
            point = {name: _drawn(domain, scale) for name, domain in pair.symbols.items()}
            ball = _value(tree, point)
            exact = _exact(tree, point) if ball else None
            if ball and exact is not None:
                held += 1
                assert abs(exact - Fraction(ball[0])) <= ball[1], (text, point, ball)
    assert held > len(some)


def _exact(tree: Node, point: dict[str, float]) -> Fraction | None:
    """The value to 40 digits and more; None where that takes too many. Raises ArithmeticError where there is none."""
    digits = 90
    while digits <= MOST:
        evaluator = Evaluator({name: Fraction(value) for name, value in point.items()}, digits, 50, 3)
        try:
            value = evaluator.value(tree)
        except ArithmeticError:
            if evaluator.needed <= digits:
                raise
        else:
            if evaluator.needed <= digits:
                return value if isinstance(value, Fraction) else _fraction(value)
        digits = evaluator.needed
    return None


def _fraction(value: object) -> Fraction:
    mantissa, exponent = value.man_exp  # type: ignore[attr-defined]
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent) * (-1 if value < 0 and mantissa > 0 else 1)  # type: ignore[operator]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("scale", [0.3, 1.0, 12.0])
def test_points_lie_in_their_domains(domain: str, scale: float) -> None:
    """Whatever their size."""
    assert all(inside(Fraction(_drawn(domain, scale)), domain) for _ in range(200))


def test_floats_never_tell_equals_apart() -> None:
    """What is equal by its label never differs at a point; most of what is different does."""
    told = [pair for pair in pairs() if differ(*_sides(pair.student, pair.key, pair.symbols))]
    assert [str(pair) for pair in told if pair.equal] == []
    assert len(told) > 0.7 * sum(not pair.equal for pair in pairs())


def _sides(student: str, key: str, symbols: object) -> tuple[Node, Node, dict[str, str]]:
    assert isinstance(symbols, dict)
    return read(student, symbols), read(key, symbols), symbols


@pytest.mark.parametrize(
    ("op", "ball"),
    [
        ("sign", (1e-20, 1e-19)), ("floor", (3.0, 1e-12)), ("ceil", (-2.0, 1e-12)), ("inv", (1e-9, 1e-9)),
        ("ln", (1e-9, 1e-9)), ("sqrt", (0.0, 0.0)), ("asin", (1.0, 0.0)), ("exp", (1.0, 0.5)),
        ("tan", (1.5707963267948966, 1e-12)), ("no_such_function", (1.0, 0.0)),
    ],
)  # fmt: skip
def test_balls_are_unsure_beside_jumps_and_ends(op: str, ball: tuple[float, float]) -> None:
    """And of functions that have no rule: nothing is said of these."""
    with pytest.raises(UnsureError):
        rule(op)([ball])


def test_overflow_and_cancellation_are_never_a_difference() -> None:
    """Floats would call these different from what they are equal to."""
    for student, key in (
        ("x + 10^60 - 10^60", "x"), ("exp(800)*x/exp(800)", "x"), ("(x + 10^17) - 10^17", "x"),
        ("ln(exp(700 + x)) - 700", "x"), ("x*10^300*10^-300", "x"), ("(10^-200*x)*(10^200)", "x"),
    ):  # fmt: skip
        assert not differ(*_sides(student, key, {"x": "real"})), student


def test_a_kept_key_is_kept_for_its_domains() -> None:
    """The same texts are decided anew where the letters mean something else."""
    for domain, equal in (("positive", True), ("real", False), ("positive", True)):
        assert decide("|x|", "x", symbols={"x": domain}).equal is equal


def test_readings_and_remarks_are_made_when_they_are_asked_for() -> None:
    """And only once."""
    made: list[str] = []

    def make(kind: str) -> str:
        made.append(kind)
        return kind

    decision = Decision(
        False, "exact", Reading(lambda: make("text"), lambda: make("tex")), remark=lambda: make("remark")
    )
    assert made == []
    assert (decision.reason, decision.reading.tex, decision.reason) == ("remark", "tex", "remark")
    assert made == ["remark", "tex"]
    decision = decide("-x", "x", symbols=["x"])
    assert decision.reason == "The sign of the whole is the other way round."
    assert (decision.reading.text, decision.reading.tex) == ("-x", "-x")


def test_work_has_an_end() -> None:
    """An allowance is spent, shared by what happens within, and gone afterwards; none means no end."""
    allowance().spend(10**9)
    with limited(10):
        allowance().spend(6)
        with limited(1000), pytest.raises(TooLongError):
            allowance().spend(5)
    allowance().spend(10**9)


def test_what_takes_too_long_is_undecided() -> None:
    """Neither right nor wrong, and it says why."""
    x, y = symbol("x"), symbol("y")
    first = apply("relu", apply("sin", x * y)) + apply("exp", x) * apply("exp", y)
    second = apply("relu", apply("sin", y * x)) + apply("exp", x + y)
    with limited(40):
        found = compare(first, second, {"x": "real", "y": "real"})
    assert (found.equal, found.reason) == (None, "The expression is too long to be compared here.")

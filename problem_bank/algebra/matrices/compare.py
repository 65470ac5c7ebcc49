"""Are two typed expressions equal, for all sizes and entries? Right, wrong, or for a person to decide.

In this order: random entries modulo secret primes, at several random sizes; where functions occur and
these disagree, random real entries to 50 digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from problem_bank.algebra import modular as plain_modular
from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.functions import UndefinedError
from problem_bank.algebra.matrices.caps import DEGREE, DIGIT_STEPS, affordable, least_size, weigh
from problem_bank.algebra.matrices.draws import rounds
from problem_bank.algebra.matrices.evaluate import Evaluation, Rows
from problem_bank.algebra.matrices.kinks import bends, is_bent
from problem_bank.algebra.matrices.language import Language
from problem_bank.algebra.matrices.modular import Modular
from problem_bank.algebra.matrices.real import Point, Real
from problem_bank.algebra.matrices.typed import Typed, nodes
from problem_bank.algebra.numeric import BITS, DIGITS, MOST, SPARE

ROUNDS = 3  # of sizes, at least
_LETTERS = 7  # highest degree in the sizes that is compared
_SPARE = 2  # more sizes than that degree needs, against an answer that bets on some
_SIGNS = 40  # points where a number bends: all combinations of signs should occur
_TRIES = 12  # more rounds, where values are not defined in all of them
_CERTAIN = 64  # bits that an agreement must be worth
_CLEAR = 1e-6  # of the largest number met; double precision loses some 1e-7 of it at worst, while all numbers
_SMALL = 30  # are within so many powers of two of 1
_OPEN = frozenset(["map", "max", "min", "greater", "softmax", "norm"])  # functions modulo a prime
_OPEN_END = "This could not be compared with certainty."
_NO_VALUE = "This divides by zero, or inverts a matrix that has no inverse."
_LONG = "The expression is too long to be compared here."


@dataclass(frozen=True)
class Plan:
    """How two expressions are compared: from which size on, at how many sizes, and what agreement is worth.

    The letters for sizes may be random numbers, unless a part is `constant`: the sum of n ones is n, so
    that it takes the true sizes, and more of them, to refute. `rational` says that disagreement is certain.
    """

    least: int
    distinct: int
    rounds: int
    constant: bool
    rational: bool
    bound: int
    proves: bool


def plan(first: Typed, second: Typed) -> Plan:
    """The plan for these two."""
    weights = weigh(first), weigh(second)
    degree = max(weight.degree for weight in weights)
    in_sizes = sum(weight.in_sizes for weight in weights)
    bound = ROUNDS * (plain_modular.CHANCE - sum(w.entries + w.bits for w in weights).bit_length())
    return Plan(
        least=least_size(min(degree, DEGREE)),
        distinct=min(in_sizes, _LETTERS) + 1,
        rounds=max(ROUNDS, min(in_sizes, _LETTERS) + 1 + _SPARE),
        constant=any(weight.constant for weight in weights),
        rational=all(map(_is_rational, (*nodes(first), *nodes(second)))),
        bound=bound,
        proves=degree <= DEGREE and in_sizes <= _LETTERS and bound >= _CERTAIN,
    )


def compare(first: Typed, second: Typed, language: Language) -> Judgement:
    """Compare a student's expression with the key, of the same shape."""
    planned = plan(first, second)
    found = _modulo_primes(first, second, language, planned, free=True)
    counted = any(node.op == "size" for node in (*nodes(first), *nodes(second)))
    if found and found.equal is False and planned.constant and counted:
        found = _modulo_primes(first, second, language, planned, free=False)
    return found or _at_real_points(first, second, language, planned)


def sizes(language: Language, planned: Plan, tries: int) -> list[dict[str, int]]:
    """The random sizes of one comparison."""
    fixed = frozenset(size for shape in language.shape.values() for size in shape if isinstance(size, int))
    return list(islice(rounds(language.letters, planned.least, planned.distinct, fixed), tries))


def modulo(tree: Typed, arithmetic: Modular) -> Rows | None:
    """The value modulo a prime; None where there is none."""
    try:
        return Evaluation(arithmetic, arithmetic.sizes).rows(tree)
    except ZeroDivisionError:
        return None


def _is_rational(node: Typed) -> bool:
    if node.op == "power":
        return node.args[1].op == "number" and node.args[1].atom.denominator == 1  # type: ignore[union-attr]
    return node.op not in _OPEN


def _modulo_primes(first: Typed, second: Typed, language: Language, planned: Plan, *, free: bool) -> Judgement | None:
    """Certain where it disagrees without functions; almost certain where it agrees."""
    agreed, without, primes = 0, 0, plain_modular.primes()
    wanted = planned.rounds if planned.constant or not free else ROUNDS
    for at, drawn in enumerate(sizes(language, planned, wanted + _TRIES)):
        if not affordable(first, second, drawn):
            return Judgement(None, UNDECIDED, _LONG)
        arithmetic = Modular(primes[at % len(primes)], drawn, free=free)
        mine, key = modulo(first, arithmetic), modulo(second, arithmetic)
        if key is None:
            continue
        if mine is not None and mine != key:
            return Judgement(False, "exact: different modulo a prime") if planned.rational else None
        without += mine is None
        agreed += mine is not None
        if agreed == wanted and not without:
            basis = f"probabilistic: error below 2^-{planned.bound}, at {agreed} choices of the sizes"
            return Judgement(True, basis) if planned.proves else Judgement(None, UNDECIDED, _LONG)
    if without:
        return Judgement(False, "exact", _NO_VALUE if not agreed else f"For some sizes: {_NO_VALUE.lower()}")
    return Judgement(None, UNDECIDED, _OPEN_END)


def _at_real_points(first: Typed, second: Typed, language: Language, planned: Plan) -> Judgement:
    agreed, before = 0, None
    numbers = any(is_bent(node) and node.is_number for node in (*nodes(first), *nodes(second)))
    wanted = _SIGNS if numbers else planned.rounds
    for drawn in sizes(language, planned, wanted + _TRIES):
        if not affordable(first, second, drawn, DIGIT_STEPS):
            return Judgement(None, UNDECIDED, _LONG)
        point = Point(language.domain, drawn, before)
        before = None if before else point
        found = _at_point(first, second, point)
        if found is False:
            return Judgement(False, f"numeric: different at a random point, {DIGITS} digits")
        if isinstance(found, str):
            return Judgement(False, "numeric: defined in different places", found)
        agreed += found is True
        if agreed > wanted:
            return _settle(first, second, language, planned, agreed)
    return Judgement(None, UNDECIDED, _OPEN_END)


def _settle(first: Typed, second: Typed, language: Language, planned: Plan, agreed: int) -> Judgement:
    """What agreement at real points is worth."""
    arithmetic = Modular(plain_modular.primes()[0], sizes(language, planned, 1)[0], free=False)
    try:
        elsewhere = bends(first, arithmetic) - bends(second, arithmetic)
    except ZeroDivisionError:
        return Judgement(None, UNDECIDED, _OPEN_END)
    if elsewhere:
        return Judgement(None, UNDECIDED, "A function bends here where none of the right answer does.")
    if not planned.proves:
        return Judgement(None, UNDECIDED, _LONG)
    return Judgement(True, f"numeric: {DIGITS} digits at {agreed} random points and choices of the sizes")


def _at_point(first: Typed, second: Typed, point: Point) -> bool | str | None:
    """The same, different, a reason, or None where nobody can tell."""
    if _clearly_different(first, second, point):
        return False
    digits = DIGITS + SPARE
    while digits <= MOST:
        real = Real(point, digits)
        mine, key = _real_value(first, real), _real_value(second, real)
        if isinstance(mine, ArithmeticError) or isinstance(key, ArithmeticError):
            return _undefined(mine, key)
        needed = DIGITS + SPARE + int(real.spread / BITS)
        if needed <= digits:
            return _same(real, mine, key)
        digits = needed
    return None


def _clearly_different(first: Typed, second: Typed, point: Point) -> bool:
    """Do they differ in double precision, by far more than could be lost on the way?"""
    real = Real(point, 0)
    mine, key = _real_value(first, real), _real_value(second, real)
    if isinstance(mine, ArithmeticError) or isinstance(key, ArithmeticError):
        return False
    if real.watch.low < -_SMALL or real.watch.high > _SMALL:
        return False
    pairs = zip((x for row in mine for x in row), (y for row in key for y in row), strict=True)
    return any(abs(x - y) > _CLEAR * 2**real.watch.high for x, y in pairs)


def _real_value(tree: Typed, real: Real) -> Rows | ArithmeticError:
    try:
        return Evaluation(real, real.point.sizes).rows(tree)
    except ArithmeticError as error:
        return error


def _undefined(mine: Rows | ArithmeticError, key: Rows | ArithmeticError) -> str | None:
    if isinstance(mine, UndefinedError) and not isinstance(key, ArithmeticError):
        return "For some allowed values of the letters this has no value."
    if isinstance(key, UndefinedError) and not isinstance(mine, ArithmeticError):
        return "This has a value where the right answer has none: mind the allowed values of the letters."
    return None


def _same(real: Real, mine: Rows, key: Rows) -> bool | None:
    """Same to DIGITS digits of the smallest number met; clearly different above ten digits less."""
    pairs = zip((x for row in mine for x in row), (y for row in key for y in row), strict=True)
    gaps = [real.context.mag(x - y) - real.watch.low for x, y in pairs if x != y]
    if all(gap <= -DIGITS * BITS for gap in gaps):
        return True
    return False if max(gaps) > -(DIGITS - 10) * BITS else None

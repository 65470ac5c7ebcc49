"""What a good examiner says of a wrong matrix expression: its shape, a transpose, a sign, a factor, a missing sum."""

from __future__ import annotations

from fractions import Fraction

from problem_bank.algebra import modular as plain_modular
from problem_bank.algebra.matrices.caps import affordable
from problem_bank.algebra.matrices.compare import modulo, plan, sizes
from problem_bank.algebra.matrices.language import Language
from problem_bank.algebra.matrices.modular import Modular
from problem_bank.algebra.matrices.sizes import NUMBER, show
from problem_bank.algebra.matrices.typed import Typed, transpose

_SMALL = 6  # numerators and denominators of factors that are named
_SUMS = {
    "sum 0": "The sum over the rows is missing: add up the contributions of all rows.",
    "sum 1": "The sum within each row is missing.",
    "sum": "The sum over all entries is missing.",
}


def of_shape(mine: Typed, key: Typed, language: Language) -> str:
    """What to say of an answer of another shape."""
    for op, shape in (("sum 0", (1, mine.shape[1])), ("sum 1", (mine.shape[0], 1)), ("sum", NUMBER)):
        if shape == key.shape and agree(Typed(op, (mine,), shape), key, language):
            return _SUMS[op]
    turned = mine.shape == (key.shape[1], key.shape[0])
    said = f"Your expression is {show(mine.shape)}, the answer must be {show(key.shape)}"
    return f"{said}: transposed?" if turned else f"{said}."


def of_value(mine: Typed, key: Typed, language: Language) -> str:
    """What an unequal answer of the right shape has in common with the key; "" if nothing simple."""
    if mine.shape[0] == mine.shape[1] != 1 and agree(transpose(mine), key, language):
        return "This is the transpose of the right answer."
    found = _ratios(mine, key, language)
    return _factor(found, language) if found else ""


def agree(mine: Typed, key: Typed, language: Language) -> bool:
    """Are they equal, as far as two rounds tell?"""
    found = _ratios(mine, key, language)
    return bool(found) and all(ratio == 1 for ratio, _ in found)


def _ratios(mine: Typed, key: Typed, language: Language) -> list[tuple[int, Modular]]:
    """The number that the answer is times the key, in two rounds; [] where there is none."""
    prime, planned, found = plain_modular.primes()[0], plan(mine, key), []
    for drawn in sizes(language, planned, 2):
        if not affordable(mine, key, drawn):
            return []
        arithmetic = Modular(prime, drawn, free=not planned.constant)
        first, second = modulo(mine, arithmetic), modulo(key, arithmetic)
        if first is None or second is None:
            return []
        pairs = [(x, y) for row, other in zip(first, second, strict=True) for x, y in zip(row, other, strict=True)]
        ratio = next((x * pow(y, -1, prime) % prime for x, y in pairs if y), 0)
        if not ratio or any(x != ratio * y % prime for x, y in pairs):
            return []
        found.append((ratio, arithmetic))
    return found


def _factor(found: list[tuple[int, Modular]], language: Language) -> str:
    """The factor in words: a sign, a small number, a size or a declared number."""
    if len({ratio for ratio, _ in found}) == 1:
        factor = _small(*found[0])
        if factor is None:
            return "This is off by a constant factor."
        if factor == -1:
            return "The sign of the whole is the other way round."
        return f"This is {factor} times the right answer."
    numbers = [n for n, shape in language.shape.items() if shape == NUMBER]
    for name in (*language.letters, *numbers):
        values = [_value(name, arithmetic, language) for _, arithmetic in found]
        pairs = list(zip(found, values, strict=True))
        if all(ratio in (value, m.prime - value) for (ratio, m), value in pairs):
            return f"A factor 1/{name} is missing."
        if all(ratio * value % m.prime in (1, m.prime - 1) for (ratio, m), value in pairs):
            return f"A factor {name} is missing."
    return ""


def _value(name: str, arithmetic: Modular, language: Language) -> int:
    return arithmetic.count(name) if name in language.letters else arithmetic.entry(name, 0, 0)


def _small(ratio: int, arithmetic: Modular) -> Fraction | None:
    """The small fraction that this is modulo the prime."""
    prime = arithmetic.prime
    for below in range(1, _SMALL + 1):
        above = ratio * below % prime
        above = above - prime if above > prime // 2 else above
        if abs(above) <= _SMALL:
            return Fraction(above, below)
    return None

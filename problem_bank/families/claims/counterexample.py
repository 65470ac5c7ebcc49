"""False claims of deep learning: find the object that breaks them. (Goodfellow et al., chapters 4 and 6 to 9.)"""

from functools import lru_cache
from typing import Any

from problem_bank.answers import Counterexample
from problem_bank.answers.counterexample import Judge
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.claims._by_numpy import by_running
from problem_bank.families.claims._claim import Claim, Numbers
from problem_bank.families.claims._functions import FUNCTIONS
from problem_bank.families.claims._matrices import MATRICES
from problem_bank.families.claims._vectors import VECTORS
from problem_bank.family import family
from problem_bank.rng import Rng

CLAIMS = {**VECTORS, **MATRICES, **FUNCTIONS}
SMALL = [*range(-20, -1), *range(2, 21)]  # "1" is not a function with a wanted value
LARGE = [*range(-60, -19), *range(20, 61)]
PROMPT = """Somebody claims:

> {{ says }}

This is not true in general. {{ asks }} Any counter-example counts, and it is checked by running the claim on it.
"""
SOLUTION = """{{ why }}

One counter-example is ${{ example }}$. {{ check }}
"""


@family(
    topic="claims",
    source="Goodfellow 4.1, 6.3, 7.1, 8.2 and 9.3",
    minutes=5,
    levels={
        "easy": {"claims": tuple(VECTORS)},
        "medium": {"claims": tuple(MATRICES)},
        "hard": {"claims": tuple(FUNCTIONS)},
    },
)
def counterexample(rng: Rng, *, claims: tuple[str, ...] = tuple(MATRICES)) -> Exercise:
    """Give a counter-example to a false claim."""
    name = rng.choice("claim", claims)
    claim = CLAIMS[name]
    n = (rng.choice("pin", SMALL if name in FUNCTIONS else LARGE), rng.int("a", 2, 9), rng.int("b", 2, 9))
    answer = Counterexample(claim.example(n), claim.objects, _remembered(claim, n))
    mistakes = claim.mistakes(n)
    _check(claim, answer, n)
    return Exercise(
        given={**rng.drawn, "claims": claims},
        shown={"says": _filled(claim.says, n), "asks": _filled(claim.asks, n), "why": claim.why,
               "example": answer.tex(answer.key), "check": claim.check(n)},
        prompt=PROMPT,
        parts=[Part("object", "Your counter-example.", answer, points=3, misconceptions=[
            Slip(slip, mistakes[slip], said) for slip, said in claim.said.items()])],
        solution=SOLUTION,
        work=1.0,
        topic=claim.topic,
    )  # fmt: skip


def _remembered(claim: Claim, n: Numbers) -> Judge:
    """Judges an answer once, though it is compared with the key and with every misconception."""
    return lru_cache(maxsize=16)(lambda values: claim.judge(values, n))


def _check(claim: Claim, answer: Counterexample, n: Numbers) -> None:
    """Do the examples of this claim still show what they shall, with these (pinned) numbers?"""
    named = {"": answer.key, **claim.mistakes(n)}
    found = {name: answer.reason(value) for name, value in named.items()}
    if any((reason.name if reason else "") != name for name, reason in found.items()):
        raise BadGiven(f"pin, a and b: the examples of this claim do not go with {n}; take a pin further from 0")


def _filled(text: str, n: Numbers) -> str:
    pin, a, b = n
    return text.format(pin=pin, a=a, b=b, ab=a + b, a1=a + 1, size=abs(pin) + 2, times="" if b == 1 else rf"{b}\,")


@counterexample.oracle
def by_numpy(claim: str, pin: int, a: int, b: int) -> dict[str, Any]:
    """Other objects than the family's, on which NumPy finds the claim to fail, or to hold."""
    return by_running(claim, pin, a, b)

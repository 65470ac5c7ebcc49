"""The kinds of answer, one file each: how it is read, shown and compared with the key."""

from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.array import Array
from problem_bank.answers.choice import Choice
from problem_bank.answers.code import Code
from problem_bank.answers.expression import Expression
from problem_bank.answers.integer import Integer
from problem_bank.answers.network import Network, TwoLayer
from problem_bank.answers.number import Number
from problem_bank.answers.rational import Rational
from problem_bank.answers.shape import Shape

__all__ = [
    "Answer",
    "Array",
    "Choice",
    "Code",
    "Expression",
    "Integer",
    "Match",
    "Network",
    "Number",
    "Rational",
    "Samples",
    "Shape",
    "TwoLayer",
]

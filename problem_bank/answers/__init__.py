"""The kinds of answer, one file each: how it is read, shown and compared with the key."""

from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.array import Array
from problem_bank.answers.certificate import Certificate, Multipliers, Separator
from problem_bank.answers.choice import Choice
from problem_bank.answers.code import Code
from problem_bank.answers.equation import Equation
from problem_bank.answers.expression import Expression
from problem_bank.answers.index_expression import IndexExpression
from problem_bank.answers.integer import Integer
from problem_bank.answers.interval import Interval
from problem_bank.answers.matrix_expression import Instance, MatrixExpression
from problem_bank.answers.network import Network, TwoLayer
from problem_bank.answers.number import Number
from problem_bank.answers.ordering import Dependencies, Ordering, Uses
from problem_bank.answers.rational import Rational
from problem_bank.answers.selection import Selection
from problem_bank.answers.set_ import Set
from problem_bank.answers.shape import Shape
from problem_bank.answers.text import Claim, KeyPoint, Rubric, Text

__all__ = [
    "Answer",
    "Array",
    "Certificate",
    "Choice",
    "Claim",
    "Code",
    "Dependencies",
    "Equation",
    "Expression",
    "IndexExpression",
    "Instance",
    "Integer",
    "Interval",
    "KeyPoint",
    "Match",
    "MatrixExpression",
    "Multipliers",
    "Network",
    "Number",
    "Ordering",
    "Rational",
    "Rubric",
    "Samples",
    "Selection",
    "Separator",
    "Set",
    "Shape",
    "Text",
    "TwoLayer",
    "Uses",
]

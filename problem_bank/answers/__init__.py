"""The kinds of answer, one file each: how it is read, shown and compared with the key."""

from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.array import Array
from problem_bank.answers.blank import Blank
from problem_bank.answers.certificate import Certificate, Multipliers, Separator
from problem_bank.answers.choice import Choice
from problem_bank.answers.code import Code
from problem_bank.answers.counterexample import Counterexample
from problem_bank.answers.equation import Equation
from problem_bank.answers.expression import Expression
from problem_bank.answers.index_expression import IndexExpression
from problem_bank.answers.integer import Integer
from problem_bank.answers.interval import Interval
from problem_bank.answers.matrix_expression import Instance, MatrixExpression
from problem_bank.answers.network import Network
from problem_bank.answers.number import Number
from problem_bank.answers.ordering import Dependencies, Ordering, Uses
from problem_bank.answers.rational import Rational
from problem_bank.answers.recurrent_network import Recurrent, RecurrentNetwork
from problem_bank.answers.selection import Selection
from problem_bank.answers.set_ import Set
from problem_bank.answers.shape import Shape
from problem_bank.answers.shape_or_error import ShapeOrError
from problem_bank.answers.table import Table
from problem_bank.answers.text import Claim, KeyPoint, Rubric, Text
from problem_bank.answers.two_layer import TwoLayer

__all__ = [
    "Answer",
    "Array",
    "Blank",
    "Certificate",
    "Choice",
    "Claim",
    "Code",
    "Counterexample",
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
    "Recurrent",
    "RecurrentNetwork",
    "Rubric",
    "Samples",
    "Selection",
    "Separator",
    "Set",
    "Shape",
    "ShapeOrError",
    "Table",
    "Text",
    "TwoLayer",
    "Uses",
]

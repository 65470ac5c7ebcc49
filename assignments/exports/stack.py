"""STACK questions: a symbolic answer that Maxima compares, with a node of the tree for each known mistake.

Test cases go along: the key earns all, every mistake what it deserves.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from assignments.exports.fields import Block
from assignments.exports.markup import node
from assignments.exports.maxima import NotInMaxima, maxima, name
from assignments.exports.text import inline
from problem_bank.answers import Answer, Expression, Set

INPUT = "\n<p>[[input:ans1]] [[validation:ans1]]</p>"
_TREE = "prt1"


def parts(block: Block) -> list[Element] | None:
    """What a STACK question has beside the common head; None where Maxima cannot judge this answer."""
    if not _simple(block.part.answer):
        return None
    try:
        key, names = _typed(block.part.answer, block.part.answer.key), _names(block.part.answer)
        mistakes = list(_mistakes(block))
    except NotInMaxima:
        return None
    return [*_head(), _input(key, names), _tree(key, mistakes), *_tests(key, mistakes)]


def literal(html: str) -> str:
    """HTML in which nothing is one of STACK's own blocks or places."""
    for opening in ("[[", "{@", "{#"):
        html = html.replace(opening, f"&#{ord(opening[0])};{opening[1]}")
    return html


def _simple(answer: Answer) -> bool:
    """Is it compared by value alone?"""
    if isinstance(answer, Expression):
        return answer.mode == "equal" and answer.tolerance is None and not (answer.form or answer.square)
    return isinstance(answer, Set)


def _typed(answer: Answer, value: Any) -> str:
    if isinstance(answer, Set):
        elements = ", ".join(maxima(element) for element in answer.keyed(value).key.elements)
        return f"[{elements}]" if answer.ordered else f"{{{elements}}}"
    return maxima(answer.keyed(value).key)


def _names(answer: Answer) -> list[str]:
    return [name(symbol) for symbol in getattr(answer, "symbols", ())]


def _mistakes(block: Block) -> Iterator[tuple[str, Fraction, str]]:
    """Value, share and feedback of every misconception that has a value here."""
    for note, value in zip(block.notes, block.values, strict=True):
        yield _typed(block.part.answer, value), note.points / block.points, note.feedback


def _head() -> Iterator[Element]:
    yield node("questionvariables", node("text"))
    yield node("specificfeedback", node("text", f"<p>[[feedback:{_TREE}]]</p>"), format="html")
    yield node("questionnote", node("text"))
    yield node("questionsimplify", "1")
    yield node("assumepositive", "0")
    for tag, said in {"prtcorrect": "Right.", "prtpartiallycorrect": "Partly right.", "prtincorrect": "Wrong."}.items():
        yield node(tag, node("text", said), format="html")
    yield node("multiplicationsign", "dot")
    yield node("sqrtsign", "1")
    yield node("complexno", "i")
    yield node("variantsselectionseed")


def _input(key: str, names: list[str]) -> Element:
    settings = {
        "name": "ans1", "type": "algebraic", "tans": key, "boxsize": "30", "strictsyntax": "0", "insertstars": "1",
        "syntaxhint": "", "forbidwords": "", "allowwords": ", ".join(n for n in names if len(n) > 1),
        "forbidfloat": "0", "requirelowestterms": "0", "checkanswertype": "0", "mustverify": "1", "showvalidation": "1",
    }  # fmt: skip
    return node("input", *(node(tag, value) for tag, value in settings.items()))


def _tree(key: str, mistakes: list[tuple[str, Fraction, str]]) -> Element:
    """Is it the key? Else the first mistake, else the second, ..."""
    tests = [(key, Fraction(1), "Right."), *mistakes]
    last = len(tests) - 1
    nodes = (_node(i, *test, after=i + 1 if i < last else -1) for i, test in enumerate(tests))
    head = (node("name", _TREE), node("value", "1.0000000"), node("autosimplify", "1"))
    return node("prt", *head, node("feedbackvariables", node("text")), *nodes)


def _node(number: int, value: str, share: Fraction, said: str, *, after: int) -> Element:
    true = {"scoremode": "=", "score": f"{float(share):.7f}", "penalty": "", "nextnode": "-1"}
    false = {"scoremode": "=", "score": "0.0000000", "penalty": "", "nextnode": str(after)}
    return node(
        "node",
        *(node(tag, text) for tag, text in {"name": str(number), "answertest": "AlgEquiv", "sans": "ans1",
                                            "tans": value, "testoptions": "", "quiet": "0"}.items()),
        *(node(f"true{tag}", text) for tag, text in true.items()),
        node("trueanswernote", f"{_TREE}-{number}-T"),
        node("truefeedback", node("text", literal(inline(said))), format="html"),
        *(node(f"false{tag}", text) for tag, text in false.items()),
        node("falseanswernote", f"{_TREE}-{number}-F"),
        node("falsefeedback", node("text"), format="html"),
    )  # fmt: skip


def _tests(key: str, mistakes: list[tuple[str, Fraction, str]]) -> Iterator[Element]:
    for number, (value, share, _) in enumerate([(key, Fraction(1), ""), *mistakes]):
        yield node(
            "qtest",
            node("testcase", str(number + 1)),
            node("testinput", node("name", "ans1"), node("value", value)),
            node(
                "expected",
                node("name", _TREE),
                node("expectedscore", f"{float(share):.7f}"),
                node("expectedpenalty"),
                node("expectedanswernote", f"{_TREE}-{number}-T"),
            ),
        )

"""Derivations of the field, line by line, with formulas to be filled in."""

import tomllib
from functools import cache
from typing import Any

from problem_bank import algebra
from problem_bank.algebra import Node
from problem_bank.answers import Choice, Expression
from problem_bank.answers.choice import LETTERS
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.derivations._by_sympy import expressions
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import derivations
from problem_bank.subjects.derivations import Blank

PROMPT = """**{{ title }}.** {{ setting }}

In the derivation below some formulas are missing. Boxes with the same number stand for the same formula, up to its
indices.

{% for line in lines %}
{{ loop.index }}. {{ line }}
{% endfor %}"""
SOLUTION = """{% for line in complete %}
{{ loop.index }}. {{ line }}
{% endfor %}"""


@family(
    topic="derivations",
    source="Goodfellow 4.3-9.2",
    minutes=5,
    levels={"easy": {"difficulty": "easy"}, "medium": {}, "hard": {"difficulty": "hard", "count": 4}},
)
def fill_lines(rng: Rng, *, derivation: str = "", difficulty: str = "medium", count: int = 3) -> Exercise:
    """Fill in what is missing in the lines of a derivation."""
    known = derivations.named(derivation, difficulty)
    drawn = derivations.derivations()[derivation or rng.choice("derivation", known)]
    sampled = rng.sample("blanks", tuple(drawn.blanks), min(count, len(drawn.blanks)))
    asked = [name for name in drawn.blanks if name in sampled]
    boxes = {name: number for number, name in enumerate(asked, 1)}
    parts, orders = [], {}
    for name, box in boxes.items():
        blank = drawn.blanks[name]
        if blank.answer:
            parts.append(_expression(drawn.name, name, box, tuple(asked)))
        else:
            orders[f"order_{name}"] = rng.shuffle(f"order_{name}", 1 + len(blank.wrong))
            parts.append(_choice(blank, drawn.formula(name), box, orders[f"order_{name}"]))
    return Exercise(
        identity=drawn.name,
        given={"derivation": drawn.name, "blanks": sampled, "difficulty": difficulty, "count": count, **orders},
        shown={"title": drawn.title, "setting": drawn.setting,
               "complete": [derivations.complete(line.text) for line in drawn.line],
               "lines": [derivations.with_blanks(line.text, boxes) for line in drawn.line]},
        prompt=PROMPT,
        parts=parts,
        solution=SOLUTION,
        work=float(len(asked)),
    )  # fmt: skip


def _choice(blank: Blank, formula: str, box: int, order: tuple[int, ...]) -> Part:
    """A blank whose formula is one of several, listed in this order."""
    texts = (formula, *(wrong.text for wrong in blank.wrong))
    options = tuple(texts[source] for source in order)
    listed = "".join(f"\n- {LETTERS[at]}. {option}" for at, option in enumerate(options))
    slips = [Slip(wrong.misconception, order.index(at), wrong.feedback) for at, wrong in enumerate(blank.wrong, 1)]
    asked = rf"What stands in $\square_{{{box}}}$?"
    return Part(blank.name, f"{asked}\n{listed}", Choice(order.index(0), options), misconceptions=slips)


@cache
def _expression(derivation: str, name: str, box: int, asked: tuple[str, ...]) -> Part:
    """A blank that takes any expression equal to its formula; it follows from earlier ones, if those are asked."""
    blanks = derivations.derivations()[derivation].blanks
    blank = blanks[name]
    slips = [Slip(w.misconception, algebra.tree_of(w.text, blank.symbols), w.feedback) for w in blank.wrong]
    letters = " and ".join(f"`{letter}`" for letter in blank.symbols)
    prompt = rf"Which expression in {letters} stands in $\square_{{{box}}}$?"
    return Part(
        name,
        prompt,
        Expression(blank.answer, blank.symbols),
        misconceptions=slips,
        follow=_follow(blank, tuple(blanks), asked),
    )


def _follow(blank: Blank, blanks: tuple[str, ...], asked: tuple[str, ...]) -> Rule | None:
    """What the answers to earlier blanks lead to; None where nothing does, or where one of them is not asked."""
    if not blank.follow:
        return None
    tree = algebra.tree_of(blank.follow, {**dict.fromkeys(blanks, "real"), **blank.symbols})
    earlier = algebra.names(tree) - set(blank.symbols)

    def follow(own: Earlier) -> Node:
        """Raises ValueError for a bare number: then this blank would ask for nothing."""
        if not all(algebra.names(own[name]) for name in earlier):
            raise ValueError("an earlier answer is a number: nothing follows from it")
        return algebra.substitute(tree, {name: own[name] for name in earlier})

    return follow if earlier <= set(asked) else None


@fill_lines.oracle
def by_text(derivation: str, blanks: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Look formulas up among the options as they are listed, in the file as it stands; expressions through SymPy."""
    told: dict[str, Any] = {}
    trees, formulas = _trees(derivation), _formulas(derivation)
    for name in blanks:
        values: dict[str, Any] | None = trees.get(name)
        if values is None:
            listed = [formulas[name][source][1] for source in given[f"order_{name}"]]
            values = {tag: listed.index(text) for tag, text in formulas[name]}
        told |= {f"{name}.{tag}" if tag else name: value for tag, value in values.items()}
    return told


@cache
def _formulas(derivation: str) -> dict[str, list[tuple[str, str]]]:
    """For each blank the formula, under "", and the wrong ones under their misconceptions, past the schema."""
    data = tomllib.loads((derivations.FOLDER / f"{derivation}.toml").read_text("utf-8"))
    text = " ".join(line["text"] for line in data["line"])
    found = {}
    for blank in data["blank"]:
        formula = text.partition(f"<<{blank['name']}:")[2].partition(">>")[0]
        found[blank["name"]] = [("", formula), *((w["misconception"], w["text"]) for w in blank["wrong"])]
    return found


@cache
def _trees(derivation: str) -> dict[str, dict[str, Node]]:
    """The expressions of the second route, as trees."""
    letters = {blank.name: blank.symbols for blank in derivations.derivations()[derivation].blank}
    return {
        name: {tag: algebra.tree_of(value, letters[name]) for tag, value in values.items()}
        for name, values in expressions(derivation).items()
    }

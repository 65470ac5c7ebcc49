"""Short programs as they are written in TOML: one function with holes, and wrong expressions for each hole.

A hole is marked in the text, <<name: expression>>, and is all that its line computes: the right side of an
assignment, what is returned, what a loop runs over. A wrong expression is what students write there, and a bug
where it is planted. `names` gives a few variables other names, of which each draw takes one.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from problem_bank.answers import python_names, python_text
from problem_bank.concepts.items import Level, Tag, Text
from problem_bank.errors import BadGiven, BankError

FOLDER = Path(__file__).parents[1] / "families" / "code" / "programs"
HOLE = re.compile(r"<<(\w+): (.+?)>>")
_MARK = "hole_"
_SPAN = re.compile(r"`[^`]+`")  # code in prose
_LINES = (ast.Assign, ast.Return, ast.For)


class ProgramError(BankError):
    """Program files with mistakes; the message has one line for each."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Wrong(_Strict):
    """An expression that does not belong into a hole, the misconception behind it, and what to tell of it."""

    text: str
    misconception: Tag
    feedback: Text


class Hole(_Strict):
    """A hole; `why` says why the expression of the text is right, without showing it."""

    name: Tag
    why: Text
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=2, max_length=5, strict=False)]


class Program(_Strict):
    """One function. `task` says what it should compute; `inputs` says by argument what it is tried on.

    `sizes` are the letters of the inputs, each with its value in every trial, so that no number can stand for one.
    """

    name: Tag
    title: Text
    source: str
    level: Level
    task: Text
    text: str
    sizes: dict[str, Annotated[tuple[int, ...], Field(min_length=2, strict=False)]] = {}
    inputs: dict[str, str]
    names: dict[str, Annotated[tuple[str, ...], Field(min_length=2, strict=False)]]
    hole: Annotated[tuple[Hole, ...], Field(min_length=5, strict=False)]

    @cached_property
    def holes(self) -> dict[str, Hole]:
        """The holes by name, in the order of the lines."""
        return {hole.name: hole for hole in self.hole}

    @property
    def choices(self) -> list[range]:
        """For each variable that has other names the numbers of all its names; 0 is the one in the text."""
        return [range(1 + len(others)) for others in self.names.values()]

    @cached_property
    def right(self) -> dict[str, str]:
        """The expression of each hole."""
        return {found[1]: found[2] for found in HOLE.finditer(self.text)}

    @cached_property
    def listing(self) -> str:
        """The text with the right expression in every hole, as it is shown."""
        return self.shown({})

    def shown(self, other: Mapping[str, str]) -> str:
        """The text as it is shown, with something else in these holes."""
        return HOLE.sub(lambda found: other.get(found[1], found[2]), self.text).strip()

    def built(self, other: Mapping[str, str]) -> str:
        """The program to be run, with other expressions in these holes, which are put there as trees."""
        texts = {**self.right, **other}
        trees = {_MARK + name: ast.parse(text, mode="eval").body for name, text in texts.items()}
        return "import math\n\nimport numpy as np\n\n\n" + ast.unparse(_Filled(trees).visit(self._marked)) + "\n"

    @cached_property
    def function(self) -> str:
        """The name of the function."""
        return self._definition.name

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Every name that the function has: its arguments, and what it assigns."""
        nodes = list(ast.walk(self._definition))
        arguments = [node.arg for node in nodes if isinstance(node, ast.arg)]
        stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        return tuple(dict.fromkeys(arguments + stored))

    @cached_property
    def heads(self) -> dict[str, str]:
        """What stands before each hole in its line, such as "w ="."""
        found = ((node, python_text.value_of(node)) for node in ast.walk(self._marked) if isinstance(node, _LINES))
        return {value.id.removeprefix(_MARK): python_text.head(node) for node, value in found
                if isinstance(value, ast.Name) and value.id.startswith(_MARK)}  # fmt: skip

    def line(self, hole: str) -> int:
        """The place of a hole's line in the listing, counted from 0."""
        return next(i for i, line in enumerate(self.text.strip().split("\n")) if f"<<{hole}: " in line)

    def renamed(self, choice: Sequence[int]) -> Program:
        """The same program with these of the names of its variables, each a number among `choices`."""
        options = [(name, *others) for name, others in self.names.items()]
        new = {names[0]: names[i] for names, i in zip(options, choice, strict=True)}
        found = re.compile(rf"(?<![\w.])({'|'.join(new)})\b(?!=\S)")  # no attribute, no keyword
        code = partial(found.sub, lambda name: new[name[1]])
        prose = partial(_SPAN.sub, lambda span: code(span[0]))
        holes = [
            Hole(name=hole.name, why=prose(hole.why),
                 wrong=tuple(Wrong(text=code(w.text), misconception=w.misconception, feedback=prose(w.feedback))
                             for w in hole.wrong))
            for hole in self.hole
        ]  # fmt: skip
        inputs = {code(name): kind for name, kind in self.inputs.items()}
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        changed = {"task": prose(self.task), "text": _in_lines(code, self.text), "inputs": inputs, "hole": tuple(holes)}
        return type(self).model_construct(**{**fields, **changed})  # a copy would keep what was computed from the text

    @property
    def _marked(self) -> ast.Module:
        """The tree of the text with a name of its own in every hole."""
        return ast.parse(HOLE.sub(lambda found: _MARK + found[1], self.text).strip())

    @property
    def _definition(self) -> ast.FunctionDef:
        (definition,) = self._marked.body
        if not isinstance(definition, ast.FunctionDef):
            raise ValueError("the text is one function")
        return definition

    @model_validator(mode="after")
    def _fits(self) -> Program:
        holes, marked = [hole.name for hole in self.hole], list(self.right)
        if holes != marked or set(self.heads) != set(marked):
            raise ValueError(f"the holes {', '.join(holes)} are not those of the text, each one all that a line "
                             f"computes: {', '.join(marked)}")  # fmt: skip
        arguments = [argument.arg for argument in self._definition.args.args]
        if list(self.inputs) != arguments:
            raise ValueError(f"the inputs {', '.join(self.inputs)} are not the arguments {', '.join(arguments)}")
        letters = {word for kind in self.inputs.values() for word in kind.split()[1:] if word.isalpha()}
        if letters != set(self.sizes):
            raise ValueError(f"the sizes {', '.join(self.sizes)} are not those of the inputs, {', '.join(letters)}")
        _unmistakable(self)
        for hole in self.hole:
            texts = [self.right[hole.name], *(wrong.text for wrong in hole.wrong)]
            if len({python_text.read(text, self.variables) for text in texts}) < len(texts):
                raise ValueError(f"hole {hole.name}: two expressions are the same")
        return self


class _Filled(ast.NodeTransformer):
    """Puts expressions where names stand for them."""

    def __init__(self, trees: Mapping[str, ast.expr]) -> None:
        self.trees = trees

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The expression of a hole in place of its mark."""
        return self.trees.get(node.id, node)


def _unmistakable(program: Program) -> None:
    """No name may stand for two things. Raises ValueError."""
    unknown = set(program.names) - set(program.variables)
    every = [*program.variables, *(other for others in program.names.values() for other in others)]
    taken = python_names.BUILTINS | python_names.MODULES
    twice = sorted({name for name in every if every.count(name) > 1 or name in taken})
    if unknown or twice:
        raise ValueError(f"other names: {', '.join([*unknown, *twice])} is no variable, or has more than one meaning")


def _in_lines(code: Callable[[str], str], text: str) -> str:
    """Rename in a text, but not the names of its holes."""
    return re.sub(r"<<\w+: |[^<]+|<", lambda found: found[0] if found[0].startswith("<<") else code(found[0]), text)


@cache
def programs() -> dict[str, Program]:
    """All programs by name. Raises ProgramError."""
    found, mistakes = read(FOLDER)
    if mistakes:
        raise ProgramError("\n".join(mistakes))
    return found


def read(folder: Path) -> tuple[dict[str, Program], list[str]]:
    """The programs of this folder by name, and every mistake as "file: what is wrong"."""
    found: dict[str, Program] = {}
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            data: dict[str, Any] = {"name": path.stem, **tomllib.loads(path.read_text("utf-8"))}
            found[path.stem] = Program.model_validate(data)
        except ValidationError as error:
            mistakes += [f"{path.name}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()]
        except (tomllib.TOMLDecodeError, SyntaxError) as error:
            mistakes.append(f"{path.name}: {error}")
    return found, mistakes


@cache
def program(name: str, choice: tuple[int, ...] = ()) -> Program:
    """A program with these names of its variables, or with those that it is written with."""
    return programs()[name].renamed(choice) if any(choice) else programs()[name]


def named(name: str, level: str) -> tuple[str, ...]:
    """The name of a pinned program, or those of all on this level. Raises BadGiven, naming what there is."""
    known = programs()
    if name and name not in known:
        raise BadGiven(f"there is no program {name!r}; there are {', '.join(known)}")
    return (name,) if name else tuple(each.name for each in known.values() if each.level == level)

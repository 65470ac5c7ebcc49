"""Programs with holes and with bugs: what computes the same is right, and what was typed cannot leave its hole."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import problem_bank
from grader.blanks import completed, mark_blanks
from markscheme.cli import main
from problem_bank.answers import Blank, python_text
from problem_bank.errors import Unreadable
from problem_bank.families.code._references import REFERENCES
from problem_bank.subjects import programs
from problem_bank.subjects.program_runs import agreeing, arrays, inputs, run, same
from problem_bank.subjects.programs import Program
from problem_bank.variant import Variant
from problem_bank.verdict import Status, Verdict

TRIALS = 3
ALL = sorted(programs.programs())
NAMES = ("v", "w", "g")


def drawn(name: str) -> list[dict[str, Any]]:
    """Inputs of a program."""
    rng = np.random.default_rng(7)
    return [inputs(programs.program(name), rng, trial) for trial in range(TRIALS)]


def blanks(name: str, *holes: str) -> Variant:
    """The exercise with these holes of a program, in its own names."""
    pinned = {"program": name, "names": [0] * len(programs.program(name).names), "holes": list(holes)}
    return problem_bank.load("code.blanks").draw("test", given={**pinned, "count": len(holes)})


def debug(name: str, bug: str) -> Variant:
    pinned = {"program": name, "names": [0] * len(programs.program(name).names), "bug": bug, "first": 20}
    return problem_bank.load("code.debug").draw("test", given=pinned)


def marks(variant: Variant, *typed: str) -> list[Verdict]:
    """The verdicts of these answers to all parts, in order, as the grader gives them."""
    names = [part.name for part in variant.parts]
    verdicts = variant.mark(dict(zip(names, typed, strict=True)))
    marked, _ = mark_blanks(variant.parts, verdicts, seed="test")
    return [{**verdicts, **marked}[name] for name in names]


def every_wrong() -> Iterator[tuple[Program, str, list[Any], list[tuple[str, list[Any]]]]]:
    """Each hole of each program: what is right, and what each misconception leads to, on some inputs."""
    for name in ALL:
        program, trials = programs.program(name), drawn(name)
        truths = [run(program, one) for one in trials]
        for hole in program.hole:
            wrong = [(w.misconception, [run(program, one, hole.name, w.text) for one in trials]) for w in hole.wrong]
            yield program, hole.name, truths, wrong


# The table of programs


@pytest.mark.parametrize("name", ALL)
def test_a_program_computes_what_its_reference_does_under_all_names(name: str) -> None:
    """Whatever its variables are called, the right program agrees with another implementation."""
    options = programs.program(name).choices
    for choice in ((), tuple(option[1] for option in options), tuple(option[-1] for option in options)):
        program = programs.program(name, choice)
        for one in drawn(name):
            renamed = dict(zip(program.inputs, one.values(), strict=True))
            value, reference = arrays(run(program, renamed)), REFERENCES[name](*one.values())
            assert all(np.isfinite(array).all() for array in value)
            assert all(np.allclose(a, b, 1e-5, 1e-5) for a, b in zip(value, reference, strict=True))


def test_every_planted_bug_changes_the_result_and_is_told_from_its_fellows() -> None:
    """Each wrong expression runs without an error, changes the result, and none leads where another does."""
    assert len(ALL) >= 8
    for program, hole, truths, wrong in every_wrong():
        for i, (misconception, results) in enumerate(wrong):
            assert not all(map(same, results, truths)), (program.name, hole, misconception)
            for other, values in wrong[:i]:
                assert not all(map(same, results, values)), (program.name, hole, misconception, other)


MISTAKES = {
    "was never closed": ("np.zeros_like(w)\n    v = np", "np.zeros_like(w\n    v = np"),
    "are not those of the text": ('name = "mean"', 'name = "meen"'),
    "all that a line": ("<<mean: beta1 * m + (1 - beta1) * g>>", "0 + <<mean: beta1 * m + (1 - beta1) * g>>"),
    "are not the arguments": ('eps = "uniform', 'epsilon = "uniform'),
    "two expressions are the same": ('"beta1 * m + g"', '"beta1*m + (1-beta1)*g"'),
    "more than one meaning": ('g = ["grad", "gradient"]', 'g = ["grad", "m"]'),
    "cannot be used": ('"beta1 * m + g"', '"np.load(m)"'),
    "are not those of the inputs": ('grads = "normal n d"', 'grads = "normal n k"'),
    "Extra inputs": ('level = "medium"', 'level = "medium"\ncolour = "red"'),
}


@pytest.mark.parametrize(("said", "edit"), MISTAKES.items())
def test_a_mistake_in_a_program_file_is_named(said: str, edit: tuple[str, str], tmp_path: Path) -> None:
    """With its file and what is wrong: brackets, holes, inputs, names, expressions, entries."""
    text = (programs.FOLDER / "adam.toml").read_text()
    assert edit[0] in text
    (tmp_path / "adam.toml").write_text(text.replace(*edit))
    found, mistakes = programs.read(tmp_path)
    assert not found
    assert any(mistake.startswith("adam.toml: ") and said in mistake for mistake in mistakes), mistakes


def test_a_constant_or_a_name_fills_no_hole() -> None:
    """0, 1, any variable of the program, and the answer to any other hole: each is wrong in every hole."""
    for name in ALL:
        program, one = programs.program(name), drawn(name)[0]
        truth = run(program, one)
        for hole, right in program.right.items():
            for text in ("0", "1", *program.variables, *(other for other in program.right.values() if other != right)):
                assert not same(_result(program, hole, text, one), truth), (name, hole, text)


def _result(program: Program, hole: str, text: str, one: dict[str, Any]) -> Any:
    """What comes of a text of this test in a hole; None where it raises."""
    namespace: dict[str, Any] = {}
    exec(program.built({hole: text}), namespace)
    try:
        with np.errstate(all="ignore"):
            return namespace[program.function](**{n: np.copy(v) if np.ndim(v) else v for n, v in one.items()})
    except (AttributeError, TypeError, ValueError, IndexError, UnboundLocalError):
        return None


def test_no_text_but_those_of_the_bank_runs_in_this_process() -> None:
    """`run` takes the wrong expressions of its hole and refuses any other text."""
    with pytest.raises(ValueError, match="not run here"):
        run(programs.program("adam"), drawn("adam")[0], "mean", "g")


def test_results_that_are_no_numbers_are_the_same_as_nothing() -> None:
    """Texts, ragged lists, handles and results of another number never count as agreeing."""
    for value in ("x", None, [[1], [1, 2]], object(), (1.0, 2.0), np.array([1.0, 2.0]), [], {}):
        assert not same(value, 1.0)
    assert agreeing((1.0, 3.0), (1.0, 2.0)) == (True, False)


# Reading

READ = {
    "v*w - g": "v * w - g",
    "(v\n + w)": "v + w",
    "v  # a comment": "v",
    "`v`": "v",
    "v − w · g": "v - w * g",
    "v = w + g": "v = w + g",
    "v -= w": "v -= w",
    "return v": "return v",
    "for v in w:": "for v in w:",
    "for v in w: import os": "for v in w:",
    "np.sum(v, axis=0)[:, None]": "np.sum(v, axis=0)[:, None]",
    "np.linalg.norm(v)": "np.linalg.norm(v)",
    "```python\nv * w\n```": "v * w",
    "```v * w```": "v * w",
    "v * w;": "v * w",
    "v * w,": "v * w",
    "= v * w": "v * w",
    "__2__ = v * w": "v * w",
    "blank_2: v * w": "v * w",
    " 28      v = mean(w) * pi": "v = np.mean(w) * np.pi",
    "numpy.maximum(v, inf)": "np.maximum(v, np.inf)",
    "math.ceil(v / w)": "math.ceil(v / w)",
    "v ≥ w": "v >= w",
    "for v in w[1:2]": "for v in w[1:2]:",
    "sum(i * j for i, j in zip(v, w))": "sum((i * j for i, j in zip(v, w)))",
    "np.array([i for i in v])": "np.array([i for i in v])",
}
BREAK_OUTS = (
    "v)\nimport os\n(w", "v; import os", "0) + open('x'", "v\nw", "__import__('os')", "open('/etc/passwd')",
    "eval('v')", "v.__class__", "().__class__.__bases__[0].__subclasses__()", "v._x", "'{0.__class__}'.format(v)",
    "f'{v.__class__}'", "np.load('x')", "np.fromfile('program.py')", "np.ctypeslib", "np.random.seed(0)",
    "[np][0].load('x')", "v.tofile('x')", "np.lib.npyio", "np . loadtxt('program.py')", "ｎｐ.ｌｏａｄ('x')",
    "(v := 1)", "lambda: v", "{x for x in v}", "{x: 1 for x in v}", "[x async for x in v]", "[0 for np.sum in v]",
    "[0 for np in v]", "[0 for v[0] in w]", "[np.load for i in v]", "[__name__ for i in v]", "[0 for _ in v]",
    "np.sum(v, axis=0, axis=1)", "math.factorial(9)", "load('x')", "numpy.load('x')", "math.np",
    "yield v", "await v", "{v: 1}", "*v", "import os", "del v", "global v",
    "while v: pass", "def f(): pass", "with v: pass", "v.x = 1", "v[__import__('os')] = 1", "v = w = g", "u = v",
    "print(v)", "getattr(v, 'T')", "b'x'", "v^2", "1" * 50, "v\0", "", "v" + " + v" * 49, "v" + " + v" * 99,
    "(" * 100, "-" * 200 + "v", "-" * 190 + "v", "v" * 100_000, "(" * 1_000_000,
)  # fmt: skip


@pytest.mark.parametrize(("typed", "plain"), READ.items())
def test_expressions_and_lines_are_read(typed: str, plain: str) -> None:
    """Spacing, comments and signs of typography do not matter, and a whole line may be typed."""
    assert python_text.read(typed, NAMES) == plain


@pytest.mark.parametrize("typed", BREAK_OUTS, ids=lambda typed: repr(typed[:20]))
def test_what_is_more_than_an_expression_is_not_read(typed: str) -> None:
    """Break-outs, other statements, private attributes, files, names of its own, and huge or deep texts."""
    with pytest.raises(Unreadable):
        python_text.read(typed, NAMES)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("vwg np.T()[]{}:=+-*/@,#;\n\\'\"_1lambda for in"), max_size=30))
def test_what_is_read_is_one_line_that_reads_as_itself(typed: str) -> None:
    """Any text is unreadable or has a plain spelling: one line, without comments, stable under reading."""
    try:
        plain = python_text.read(typed, NAMES)
    except Unreadable:
        return
    assert "\n" not in plain
    assert python_text.read(plain, NAMES) == plain
    ast.parse(python_text.spelled_value(python_text.statement_of(plain)), mode="eval")


# Marking

SPELLINGS = {
    ("sgd_momentum", "velocity"): ("v*mu - grad*lr", "v = -(lr*grad - mu*v)", "v += (mu-1)*v - lr*grad"),
    ("inverted_dropout", "mask"): ("np.where(keep, 1/(1-p), 0)",),
    ("softmax_cross_entropy", "pick"): ("np.take_along_axis(p, t[:, None], axis=1)[:, 0]",),
    ("causal_attention", "hidden"): ("np.arange(n)[:, None] < np.arange(n)", "~np.tri(n).astype(bool)"),
    ("minibatches", "steps"): ("math.ceil(len(X) / size)", "-(-len(X) // size)", "int(ceil(len(X) / size))"),
    ("backpropagation", "through_relu"): ("where(A > 0, dH, 0)", "dH * np.heaviside(A, 0)"),
    ("sgd_momentum", "gradient"): ("np.array([2 * sum(X[i, j] * error[i] for i in range(n)) / n for j in range(d)])",),
    ("inverted_dropout", "share"): ("count_nonzero(keep) / keep.size",),
    ("conv_loop", "output"): ("(window*k).sum() + b", "y[i, j] = np.einsum('ij,ij->', window, k) + b"),
}


@pytest.mark.parametrize(("place", "typed"), SPELLINGS.items(), ids=str)
def test_whatever_computes_the_same_is_right(place: tuple[str, str], typed: tuple[str, ...]) -> None:
    """An expression spelled in another way, or typed with its line, has all the points."""
    for text in typed:
        (verdict,) = marks(blanks(*place), text)
        assert (verdict.status, verdict.score) == (Status.RIGHT, Fraction(1)), text


RIGHT_IN_ONE_SIZE = {
    ("conv_loop", "rows"): (
        "(x.shape[0] - n) // s + 1",
        "(x.shape[0] - 2) // s + 1",
        "math.ceil((x.shape[0] - m) / s) + 1",
    ),
    ("conv_loop", "window"): ("x[i * 2:i * 2 + m, j * 2:j * 2 + n]", "x[i * s:i * s + columns, j * s:j * s + n]"),
    ("minibatches", "steps"): ("len(X) // size + 1", "round(len(X) / size)", "3"),
    ("causal_attention", "scores"): ("Q @ K.T / 2", "Q @ K.T / np.sqrt(4)"),
    ("backpropagation", "loss"): ("np.sum((Y - T)**2) / 9",),
    ("softmax_cross_entropy", "shift"): (
        "logits - logits.mean(axis=1, keepdims=True)",
        "logits - logits.min(axis=1, keepdims=True)",
    ),
}


@pytest.mark.parametrize(("place", "typed"), RIGHT_IN_ONE_SIZE.items(), ids=str)
def test_what_is_right_in_some_sizes_only_is_wrong(place: tuple[str, str], typed: tuple[str, ...]) -> None:
    """Hidden inputs come in several sizes, divisible or not, and far apart: no number stands for a size."""
    for text in typed:
        (verdict,) = marks(blanks(*place), text)
        assert verdict.status is Status.WRONG, text


def test_a_blank_pays_for_itself_alone() -> None:
    """Wrong, misspelled, crashing, missing: the others run with right expressions beside them, and say why."""
    adam = blanks("adam", "mean", "square", "mean_corrected", "square_corrected", "step")
    typed = (
        "(1-beta1)*m + beta1*g",
        "beta2*v + (1-beta2)*g[9]",
        "",
        "v/(1-beta2**t)*1",
        "w - m_hat*lr/(v_hat**.5+eps)",
    )
    verdicts = marks(adam, *typed)
    assert [v.status.value for v in verdicts] == ["wrong", "wrong", "missing", "right", "right"]
    assert verdicts[0].misconceptions == ("shares_swapped",)  # named by what it computes
    assert "an index lies outside" in verdicts[1].feedback


ATTACKS = (
    "sum(range(10**12))",  # for ever, in C
    "np.zeros((10**6, 10**6))",  # all memory
    "v.astype('O')",  # results that are objects
    "'%99999999d' % 1",
    "v(v)",
    "g.astype('U') * 1",
    "g * np.nan",  # not a number is equal to nothing
    "g.astype('f2') * 1",  # rounded
)


def test_attacks_cost_their_own_blank() -> None:
    """Endless loops, floods of memory, objects and nonsense are wrong, told in our words; the other blank is right."""
    adam = blanks("adam", "mean", "square")
    for attack in ATTACKS:
        first, second = marks(adam, attack, "beta2*v + g*g*(1-beta2)")
        assert (first.status, second.status) == (Status.WRONG, Status.RIGHT), (attack, first)
        assert first.misconceptions == ()
        assert not any(character.isdigit() for character in first.feedback), first.feedback


def test_what_a_program_prints_is_kept_from_everybody() -> None:
    """A warning shows the line that it comes from, with the right expression of another hole."""
    adam = blanks("adam", "square", "step")
    _, (run_,) = mark_blanks(adam.parts, adam.mark({"blank_1": "-g * g"}), seed="test")
    assert (run_.stdout, run_.stderr) == ("", "")


def test_an_expression_that_changes_what_it_is_given_is_judged_by_what_comes_out() -> None:
    """Writing into arrays is no way around: right where the result is, and the inputs of the next trial are fresh."""
    right, wrong = "np.add(w, v, out=w)", "np.multiply(w, 0, out=X[0])"
    assert marks(blanks("sgd_momentum", "step"), right)[0].status is Status.RIGHT
    assert marks(blanks("sgd_momentum", "step"), wrong)[0].status is Status.WRONG


def test_a_child_never_holds_the_expression_that_is_asked_of_it() -> None:
    """In the program that runs with an answer, the right expression of that hole stands nowhere."""
    for name in ALL:
        program = programs.program(name)
        for hole, right in program.right.items():
            answer = Blank(right, program.variables, program, hole)
            source = completed(answer, program.variables[0])
            assert source is not None
            assert ast.unparse(ast.parse(right)) not in source, (name, hole)


def test_another_line_is_told_from_a_wrong_one() -> None:
    """A line that assigns to something else does not belong into the hole, and the feedback says so."""
    (verdict,) = marks(blanks("adam", "mean"), "v = beta1*m + (1-beta1)*g")
    assert verdict.status is Status.WRONG
    assert "another line" in verdict.feedback


# Bugs

REPAIRS = {
    "v*mu - grad*lr": ("right", ()),
    "v = mu*v - lr*grad": ("right", ()),
    "v -= (1-mu)*v + lr*grad": ("right", ()),
    "grad = -2 * X.T @ error / n": ("right", ()),  # in another line, and yet it computes what it should
    "mu*v + grad*lr": ("wrong", ("nothing_changed",)),
    "v - grad*lr": ("wrong", ("no_decay",)),
    "w = w - 2*v": ("wrong", ()),
    "return w": ("wrong", ()),
}


@pytest.mark.parametrize(("typed", "expected"), REPAIRS.items())
def test_a_repair_is_judged_by_what_the_function_computes_then(
    typed: str, expected: tuple[str, tuple[str, ...]]
) -> None:
    """A line or an expression; a change that alters nothing is named, whatever it looks like."""
    verdict = marks(debug("sgd_momentum", "velocity.uphill"), "28", typed)[1]
    assert (verdict.status.value, verdict.misconceptions) == expected


def test_the_line_is_that_of_the_listing_and_right_ones_are_named() -> None:
    """The number stands before the planted expression; a suspected line is explained."""
    variant = debug("sgd_momentum", "velocity.uphill")
    line, _ = marks(variant, "27", "")
    assert " 28          v = mu * v + lr * grad" in variant.prompt
    assert line.misconceptions == ("suspected_gradient",)
    assert marks(variant, "28", "")[0].status is Status.RIGHT


# The whole way


def course(folder: Path) -> Path:
    """A course with both families, generated for Ada and Alan."""
    assignment = folder / "assignments" / "code"
    call("init", str(folder))
    assignment.mkdir()
    questions = '[[questions]]\nid = "q1"\nfamily = "code.blanks"\n\n[[questions]]\nid = "q2"\nfamily = "code.debug"\n'
    (assignment / "assignment.toml").write_text(f'title = "Code"\n\n{questions}')
    call("generate", str(assignment), "--roster", str(folder / "roster.csv"), "--out", str(folder / "handout"))
    return assignment


def call(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_from_the_sheet_to_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers from a file and from a notebook are run, and the results say how each blank was read and judged."""
    monkeypatch.chdir(tmp_path)
    assignment = course(tmp_path)
    keys = {s: json.loads(call("key", str(assignment), s, "--json"))["questions"] for s in ("ada", "alan")}
    handed_in = tmp_path / "submissions" / "code"
    for student in keys:
        (handed_in / student).mkdir(parents=True)
    table = {name: f"({text}) * 1" for name, text in keys["ada"]["q1"]["key"].items()} | {"blank_2": "import os"}
    lines = ["[q1]", *(f"{name} = {json.dumps(text)}" for name, text in table.items())]
    lines += ["[q2]", *(f"{name} = {json.dumps(text)}" for name, text in keys["ada"]["q2"]["key"].items())]
    (handed_in / "ada" / "answers.toml").write_text("\n".join(lines))
    notebook = (tmp_path / "handout" / "alan" / "code.ipynb").read_text()
    for name, text in {**keys["alan"]["q1"]["key"], "repair": f"({keys['alan']['q2']['key']['repair']})"}.items():
        notebook = notebook.replace(
            f'\\"{name}\\": \\"\\"', json.dumps(json.dumps(name) + ": " + json.dumps(text))[1:-1]
        )
    (handed_in / "alan" / "code.ipynb").write_text(notebook)
    call("grade", str(assignment), str(handed_in), "--out", str(tmp_path / "grades"), "--jobs", "1")
    assert statuses(tmp_path, "ada") == {"q1.blank_1": "Right", "q1.blank_2": "Unreadable", "q1.blank_3": "Right",
                                         "q1.blank_4": "Right", "q2.line": "Right", "q2.repair": "Right"}  # fmt: skip
    assert statuses(tmp_path, "alan") == {**dict.fromkeys((f"q1.blank_{i}" for i in range(1, 5)), "Right"),
                                          "q2.line": "Missing", "q2.repair": "Right"}  # fmt: skip
    assert "is a statement" in (tmp_path / "grades" / "feedback" / "ada.html").read_text()


def statuses(folder: Path, student: str) -> dict[str, str]:
    """The first line that the results say of each part."""
    tests = json.loads((folder / "grades" / "results" / f"{student}.json").read_text())["tests"]
    return {test["name"]: test["output"].partition("\n")[0] for test in tests}

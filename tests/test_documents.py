"""One sheet in every format: the same questions, nothing secret, nothing that runs."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from datetime import UTC, datetime
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

import problem_bank
from assignments.documents import TEXTS, form, public, render
from assignments.documents.contents import contents, count, one_line, points
from assignments.documents.html import block
from assignments.documents.key import render_key
from assignments.documents.mathml import mathml
from assignments.sheet import Item, Sheet, draw_sheet
from assignments.spec import Assignment, Question, Rules, Spec
from problem_bank.answers import Array, Choice, Integer, Shape
from problem_bank.answers.code import Code
from problem_bank.answers.network import Network
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.variant import Variant

NAMES = st.text(max_size=40)
UNKNOWN = re.compile(r'<code class="tex">(.*?)</code>')
VOID = {"meta", "link", "br", "img", "hr"}


def a_sheet(*parts: Part, pinned: bool = False, student: str = "ada", **spec: object) -> Sheet:
    """A sheet with one question q1 of these parts."""
    exercise = Exercise(
        given={}, prompt="Look at $x < 3$.", parts=parts or (Part("n", "How many?", Integer(7)),), solution="7"
    )
    item = Item("q1", "A *small* one", "", Fraction(4), Variant("trial.trial", 1, "easy", {}, exercise))
    settings = {"title": "Week 1", "questions": [Question(id="q1", family="trial.trial")], **spec}
    return Sheet(Assignment("week-1", Path(), Spec.model_validate(settings)), student, 1, pinned, (item,))


def drawn_sheet(student: str = "ada") -> Sheet:
    """A real draw of convolution by hand, twice."""
    questions = [
        Question(id=id, family="convolution.hand", level=level) for id, level in (("q3a", "easy"), ("q3b", "hard"))
    ]
    return draw_sheet(Assignment("week-1", Path(), Spec(title="Week 1", questions=questions)), student, "secret")


class Page(HTMLParser):
    """The tags and the text of a page; an unbalanced one fails."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += "" if self.open[-1:] == ["style"] else data


def answer_cells(notebook: str) -> dict[str, dict[str, object]]:
    """The answers of a notebook, read as a grader reads them."""
    sources = ["".join(c["source"]) for c in json.loads(notebook)["cells"] if "answer" in c["metadata"].get("tags", [])]
    statements = [ast.parse(source).body[0] for source in sources]
    return {s.targets[0].id: ast.literal_eval(s.value) for s in statements}  # type: ignore[attr-defined]


def test_every_format_has_a_writer() -> None:
    """A format of the registry can be rendered, and no other."""
    assert all(render(format, a_sheet()) for format in TEXTS)
    with pytest.raises(KeyError):
        render("../html", a_sheet())


def test_whole_bank_in_every_format() -> None:
    """Each family of the bank gives valid documents: all formulas typeset, every part answerable, no solution told."""
    for id in problem_bank.ids():
        variant = problem_bank.load(id).draw("documents")
        item = Item("q1", "Title", "", Fraction(3), variant)
        sheet = Sheet(a_sheet().assignment, "ada", 1, False, (item,))
        html, notebook = render("html", sheet), render("notebook", sheet)
        assert not (unknown := UNKNOWN.findall(html)), f"{id}: {unknown}"
        assert "{{" not in Page(html).text and "{%" not in Page(html).text, id
        nbformat.validate(nbformat.reads(notebook, as_version=4))
        asked = {part.name for part in variant.parts if part.answer.kind != "code"}
        assert set(answer_cells(notebook).get("q1", {})) == set(tomllib.loads(form.render(sheet))["q1"]) == asked, id
        documents = [html, notebook, render("markdown", sheet), form.render(sheet), public.render(sheet)]
        told = [variant.solution, *(slip.feedback for part in variant.parts for slip in part.misconceptions)]
        assert not [text for text in told for document in documents if text in document], id


def test_keys_of_the_whole_bank_are_typeset() -> None:
    """The key page of each family shows every formula of its keys, mistakes and solution."""
    for id in problem_bank.ids():
        item = Item("q1", "Title", "", Fraction(3), problem_bank.load(id).draw("documents"))
        page = render_key(Sheet(a_sheet().assignment, "ada", 1, False, (item,)))
        assert not (unknown := UNKNOWN.findall(page)), f"{id}: {unknown}"


def test_same_numbers_in_every_format() -> None:
    """The prompt of a draw stands in the notebook, in Markdown, in sheet.json and, as MathML, in the page."""
    sheet = drawn_sheet()
    for item in sheet.items:
        prompt = item.variant.prompt
        assert prompt in render("markdown", sheet)
        assert prompt in "".join("".join(cell["source"]) for cell in json.loads(render("notebook", sheet))["cells"])
        assert json.loads(public.render(sheet))["items"][item.id]["prompt"] == prompt
        assert str(block(prompt)) in render("html", sheet)


def test_notebook_is_what_nbformat_would_write() -> None:
    """The notebook is valid, and opening and saving it in Jupyter changes no byte."""
    written = render("notebook", drawn_sheet())
    notebook = nbformat.reads(written, as_version=4)
    nbformat.validate(notebook)
    assert nbformat.writes(notebook).rstrip("\n") == written.rstrip("\n")


def test_cell_ids_are_the_questions() -> None:
    """Two students' notebooks have the same, distinct cell ids, whatever was drawn."""
    first, second = (json.loads(render("notebook", drawn_sheet(student))) for student in ("ada", "alan"))
    ids = [cell["id"] for cell in first["cells"]]
    assert ids == [cell["id"] for cell in second["cells"]]
    assert len(set(ids)) == len(ids) == 8
    assert first != second


def test_empty_forms_ask_for_every_part() -> None:
    """Untouched, notebook and answers.toml hold one empty text per part, and per field of a part with fields."""
    network = Network((0, 1, 1, 0))
    parts = [
        Part("size", "Shape?", Shape((2, 2))),
        Part("net", "Build it.", network),
        Part("odd name", "n?", Integer(1)),
    ]
    expected = {"q1": {"size": "", "net": dict.fromkeys(network.fields, ""), "odd name": ""}}
    sheet = a_sheet(*parts)
    assert answer_cells(render("notebook", sheet)) == expected
    assert tomllib.loads(form.render(sheet)) == expected


def test_code_is_answered_by_a_file() -> None:
    """A part that asks for code names its file, and has no entry to fill in."""
    only = a_sheet(Part("layer", "Write `LinearModule`.", Code((), "modules.py")))
    assert answer_cells(render("notebook", only)) == {}
    assert tomllib.loads(form.render(only)) == {"q1": {}}
    mixed = a_sheet(Part("layer", "Write it.", Code((), "modules.py")), Part("n", "n?", Integer(1)))
    assert answer_cells(render("notebook", mixed)) == {"q1": {"n": ""}}
    for format in TEXTS:
        assert "modules.py" in render(format, only)
        assert "modules.py" in render(format, mixed)


@pytest.mark.parametrize(
    ("prompt", "listed"),
    [
        ("Which one?", 2),  # the document lists them
        ("Which one?\n\n- a. $x$\n- b. $y < 1$", 0),  # the prompt does, as a list
        ("Which one?\n\n(a) $x$\n\n(b) $y < 1$", 0),  # or as lines
        ("Is a. right?", 2),  # a letter inside a sentence is no list
    ],
)
def test_options_are_listed_once(prompt: str, listed: int) -> None:
    """The options of a choice stand under its letters, unless the prompt lists them itself."""
    sheet = a_sheet(Part("pick", prompt, Choice(1, ("$x$", "$y < 1$"))))
    assert len(contents(sheet).questions[0].parts[0].options) == listed
    assert render("html", sheet).count('class="letter"') == listed
    assert render("markdown", sheet).count("- (") == listed


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "<b>Ada</b>", '"><img src=x onerror=alert(1)>', "$\\text{<script>}$"]
)
def test_a_hostile_name_is_only_text(name: str) -> None:
    """A name in the roster that is HTML reaches no document as HTML."""
    sheet = a_sheet()
    page = render("html", sheet, name=name, course=name)
    assert {"script", "img", "b"}.isdisjoint(tag for tag, _ in Page(page).tags)
    assert name in Page(page).text
    for format in ("notebook", "markdown"):
        assert not re.search(r"<(script|b|img)", render(format, sheet, name=name, course=name))
        assert "$" not in render(format, a_sheet(Part("n", "n?", Integer(1))), name=name).split("Look at")[0]


@given(NAMES, NAMES, NAMES)
def test_any_text_leaves_documents_whole(name: str, course: str, title: str) -> None:
    """Whatever a roster or a title holds, the notebook, the form and the page stay well-formed."""
    sheet = a_sheet(title=f"T{title}")
    assert answer_cells(render("notebook", sheet, name=name, course=course)) == {"q1": {"n": ""}}
    assert tomllib.loads(form.render(sheet, name=name, course=course)) == {"q1": {"n": ""}}
    assert one_line(name) in " ".join(Page(render("html", sheet, name=name, course=course)).text.split())


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[x](javascript:alert(1))"]
)
def test_html_in_markdown_is_shown_and_not_obeyed(text: str) -> None:
    """Instructions and prompts are Markdown; HTML and script links in them stay text."""
    page = Page(render("html", a_sheet(instructions=text)))
    assert {"script", "img", "a"}.isdisjoint(tag for tag, _ in page.tags)
    assert text in page.text


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{</math><script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\text{&lt;script&gt;}",
        "<script>",
    ],
)
def test_formulas_carry_no_html(latex: str) -> None:
    """The converter's tree is written out escaped, without links."""
    page = Page(mathml(latex))
    assert {"script", "a"}.isdisjoint(tag for tag, _ in page.tags)
    assert not [attributes for _, attributes in page.tags if "href" in attributes]


@pytest.mark.parametrize("latex", [r"\nonsense{x}", r"\frac", "", r"\begin{nonsense} x \end{nonsense}", "a & b"])
def test_a_formula_nobody_understands_shows_its_source(latex: str) -> None:
    """What cannot be typeset stands there as it was typed, and stops no document."""
    page = Page(mathml(latex))
    assert page.tags == [("code", {"class": "tex"})]
    assert page.text == latex


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"(-1) \cdot 2", '<mo form="prefix">−</mo><mn>1</mn>'),  # a sign, not a difference
        (r"(1,\, -2)", '<mo form="prefix">−</mo><mn>2</mn>'),
        ("a - 1", "<mi>a</mi><mo>−</mo><mn>1</mn>"),  # a difference
        (r"\operatorname{ReLU}(x)", "<mi>ReLU</mi>"),
        (r"\mathrm{diag}(s)", "<mi>diag</mi>"),
        (r"\text{if } x", "<mtext>if\u00a0</mtext>"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtr>"),
        (
            r"A = \begin{pmatrix} 1 \end{pmatrix}",
            '<mrow><mo form="prefix" stretchy="true" symmetric="true">(</mo><mtable>',
        ),
        (
            r"\begin{pmatrix} 1 \end{pmatrix} \begin{bmatrix} 2 \end{bmatrix}",
            '<mo form="postfix" stretchy="true" symmetric="true">]</mo>',
        ),
        ("x < 3", "<mo>&lt;</mo>"),
    ],
)
def test_formulas_are_tidy(latex: str, part: str) -> None:
    """Signs, function names, brackets and alignments come out as a typesetter sets them."""
    Page(mathml(latex))
    assert part in mathml(latex)


def test_page_stands_alone() -> None:
    """No script, no link, no picture, nothing loaded: the page works offline and in a locked-down browser."""
    page = Page(render("html", drawn_sheet(), name="Ada"))
    assert {"script", "link", "img", "iframe", "a"}.isdisjoint(tag for tag, _ in page.tags)
    assert not [a for _, a in page.tags if {"src", "href", "onclick", "onload"} & set(a)]
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    headings = [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings == ["h1", "h2", "h2"]


def test_head_says_who_what_and_when() -> None:
    """Course, title, name, id, points, due time and the price of lateness stand at the top."""
    rules = Rules(due=datetime(2025, 11, 14, 23, 59, tzinfo=UTC), late_per_day=0.125)
    page = Page(render("html", a_sheet(rules=rules, source="Chapter 9"), name="Ada Lovelace", course="Deep Learning"))
    for said in ("Deep Learning", "Week 1", "Ada Lovelace", "ada", "4 points", "−12.5% per day late", "Chapter 9"):
        assert said in page.text
    assert "due Friday, 14 November 2025, 23:59 UTC" in page.text


@pytest.mark.parametrize("format", TEXTS)
def test_pinned_documents_are_the_same_for_all(format: str) -> None:
    """A pinned sheet names no student: one printout serves everyone."""
    ada, alan = a_sheet(pinned=True, student="ada"), a_sheet(pinned=True, student="alan")
    assert render(format, ada, name="Ada Lovelace") == render(format, alan, name="Alan Turing")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "1 point"),
        (2, "2 points"),
        (Fraction(5, 2), "2.5 points"),
        (Fraction(3, 4), "0.75 points"),
        (Fraction(4, 3), "1.33 points"),
        (10, "10 points"),
    ],
)
def test_points_read_well(value: int | Fraction, shown: str) -> None:
    """Points are whole or short decimals; never 2.3333333, never 16/7."""
    assert points(Fraction(value)) == shown


@given(st.fractions(min_value=0, max_value=1000, max_denominator=1000))
def test_points_are_printed_to_a_hundredth(value: Fraction) -> None:
    """What is printed is within half a hundredth of the points; what is counted is exact."""
    assert abs(Fraction(count(value)) - value) <= Fraction(1, 200)


def test_parts_share_the_points_of_the_question() -> None:
    """The parts' points are shares of the question's: printed to a hundredth, exact in sheet.json."""
    sheet = a_sheet(Part("a", "a?", Integer(1), points=1), Part("b", "b?", Integer(2), points=2))
    printed = [part.points for part in contents(sheet).questions[0].parts]
    assert printed == ["1.33 points", "2.67 points"]
    assert [part["points"] for part in public.public_sheet(sheet)["items"]["q1"]["parts"]] == ["4/3", "8/3"]


@pytest.mark.parametrize("format", ["html", "markdown"])
def test_key_tells_answers_mistakes_and_solution(format: str) -> None:
    """The instructor's page has what the students' pages must not."""
    slip = Slip("transposed", ((1, 3), (2, 4)), "Your output is transposed.", Fraction(1, 2))
    sheet = a_sheet(Part("y", "Write $Y$.", Array(((1, 2), (3, 4))), misconceptions=[slip]))
    page = render_key(sheet, format)
    for said in ("[[1, 2], [3, 4]]", "transposed", "Your output is transposed.", "2 points", "Not for students"):
        assert said in page
    assert "Your output" not in "".join(render(f, sheet) for f in TEXTS)

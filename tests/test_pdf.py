"""Sheets and keys as PDF: what is on the pages, what is not, and that the same sheet gives the same bytes."""

from __future__ import annotations

import io
import re
import threading
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import problem_bank
from assignments.bundle import write_bundle
from assignments.documents import FORMATS, document, pdf
from assignments.documents.mathematics import LintError
from assignments.documents.paper import compiler
from assignments.documents.paper.prose import prose
from assignments.errors import Problem, SetupError
from assignments.generate import generate
from assignments.roster import Student
from assignments.sheet import Item, Sheet, draw_sheet
from assignments.spec import Assignment, Question, Rules, Spec, load_assignment
from assignments.writing import Written
from markscheme.cli import main
from problem_bank.answers import Array, Choice, Integer
from problem_bank.answers.code import Code
from problem_bank.answers.network import Network
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.variant import Variant

SECRET = "the-course-secret"
TEXT_EDGE = 595.3 - 59.5  # A4 less its right margin, in points
HOSTILE = [
    '#read("/etc/passwd")', "$x$ \\ ] } {", '"); panic("', "#panic()", "= Heading", "*bold* _it_", "// gone", "/* gone",
    "<label> @ref", "\\u{41}", "`raw`", "#import \"@preview/cetz:0.1.0\"", "--- ... ~",
]  # fmt: skip


def a_sheet(*parts: Part, prompt: str = "Look at $x < 3$.", student: str = "ada", **spec: object) -> Sheet:
    """A sheet with one question of these parts."""
    exercise = Exercise(given={}, prompt=prompt, parts=parts or (Part("n", "How many?", Integer(7)),), solution="7")
    item = Item("q1", "A small one", "", Fraction(4), Variant("trial.trial", 1, "easy", {}, exercise))
    chosen = {"title": "Week 1", "questions": [Question(id="q1", family="trial.trial")], **spec}
    return Sheet(Assignment("week-1", Path(), Spec.model_validate(chosen)), student, 1, False, (item,))


def drawn_sheet(student: str = "ada", family: str = "convolution.hand") -> Sheet:
    """A real draw."""
    spec = Spec(title="Week 1", questions=[Question(id="q1", family=family), Question(id="q2", family=family)])
    return draw_sheet(Assignment("week-1", Path(), spec), student, SECRET)


def read(data: bytes) -> pypdf.PdfReader:
    """The PDF, by another program than the one that wrote it."""
    return pypdf.PdfReader(io.BytesIO(data))


def words(data: bytes) -> str:
    """The text of all pages, with single blanks."""
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


def test_a_sheet_says_what_the_page_says() -> None:
    """Course, title, student, points, due time, prompts, points of parts, how to answer, page numbers."""
    rules = Rules(due=datetime(2025, 11, 14, 23, 59, tzinfo=UTC), late_per_day=0.125)
    sheet = a_sheet(rules=rules, source="Chapter 9", instructions="Write **clearly**.")
    text = words(pdf.render(sheet, name="Ada Lovelace", course="Deep Learning"))
    for said in ("Deep Learning", "Week 1", "Ada Lovelace (ada)", "4 points", "14 November 2025, 23:59", "Chapter 9",
                 "Write clearly.", "1 A small one", "1.1", "How many?", "q1.n", "Page 1 of 1"):  # fmt: skip
        assert said in text


def test_the_same_sheet_is_the_same_bytes() -> None:
    """Two renderings do not differ in a byte, in another thread neither, and hold no date."""
    first = pdf.render(drawn_sheet(), name="Ada")
    elsewhere: list[bytes] = []
    thread = threading.Thread(target=lambda: elsewhere.append(pdf.render(drawn_sheet(), name="Ada")))
    thread.start()
    thread.join()
    assert [first] == elsewhere == [pdf.render(drawn_sheet(), name="Ada")]
    assert not {"/CreationDate", "/ModDate"} & set(read(first).metadata or {})
    assert first != pdf.render(drawn_sheet("alan"), name="Ada")


def test_it_is_accessible() -> None:
    """PDF/UA: a title that is shown, a language, tags, headings in order, and each formula in words."""
    data = pdf.render(drawn_sheet(), name="Ada Lovelace")
    found = read(data)
    root = found.trailer["/Root"]
    assert found.metadata and found.metadata.title == "Week 1 · Ada Lovelace (ada)"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    kinds = [str(element["/S"]) for element in _elements(root["/StructTreeRoot"])]
    assert [kind for kind in kinds if re.fullmatch("/H[1-6]", kind)] == ["/H1", "/H2", "/H2"]
    spoken = [
        str(element.get("/Alt", "")) for element in _elements(root["/StructTreeRoot"]) if element["/S"] == "/Formula"
    ]
    assert spoken
    assert all(spoken)
    assert any("matrix with row 1" in said for said in spoken)


def _elements(node: pypdf.generic.DictionaryObject) -> list[pypdf.generic.DictionaryObject]:
    """All structure elements below a node."""
    children = node.get("/K", [])
    children = children if isinstance(children, list) else [children]
    inner = [child.get_object() for child in children]
    elements = [child for child in inner if isinstance(child, pypdf.generic.DictionaryObject) and "/S" in child]
    return [found for element in elements for found in (element, *_elements(element))]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_text(name: str) -> None:
    """What a roster or an instructor typed is printed as it is and runs nothing: names, titles, courses."""
    text = words(pdf.render(a_sheet(source=name), name=name, course=name))
    assert text.replace(" ", "").count(name.replace(" ", "")) >= 3


@pytest.mark.parametrize("text", [text for text in HOSTILE if "$" not in text])
def test_hostile_markdown_is_only_text(text: str) -> None:
    """Titles, instructions, prompts, options and feedback cannot leave their strings."""
    part = Part("n", f"A {text}", Choice(0, (f"one {text}", "two")), misconceptions=[Slip("s", 1, f"F {text}")])
    sheet = a_sheet(part, prompt=f"B {text}", title=f"T {text}", instructions=f"C {text}\n\n    {text}\n\n- {text}")
    for data in (pdf.render(sheet), pdf.render_key(sheet)):
        assert "root:" not in words(data)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=30), st.text(max_size=60))
def test_any_text_makes_a_pdf(name: str, prompt: str) -> None:
    """Whatever a roster or a prompt holds, there is a PDF, or a formula in it is refused."""
    sheet = a_sheet(Part("n", "n?", Integer(1)), prompt="".join(c for c in prompt if c.isprintable()))
    try:
        assert pdf.render(sheet, name=name, course=name).startswith(b"%PDF")
    except LintError as error:
        assert error.text in prompt


@pytest.mark.parametrize("name", ["李明", "Ada 😀", "محمد", "Żółć Ελένη Иван", "\u202eevil"])
def test_names_of_all_scripts_are_served(name: str) -> None:
    """A name that the fonts lack stops no sheet; the rest of it is as always."""
    assert "How many?" in words(pdf.render(a_sheet(), name=name))


@pytest.mark.parametrize("code", ['#read("/etc/hostname")', '#read("../../etc/hostname")', '#image("/etc/hostname")'])
def test_the_compiler_sees_no_files(code: str) -> None:
    """Even code that got through the quotes would find an empty folder and nothing outside it."""
    with pytest.raises(RuntimeError, match=r"not found|escape"):
        compiler.compiled(code)


def test_options_have_boxes_and_code_names_its_file() -> None:
    """Options stand under their letters; plain words have boxes of their own; code is answered by a file."""
    parts = [
        Part("pick", "Which?", Choice(1, ("first one", "second $y$"))),
        Part("true", "Is it?", Choice(0, ("yes", "no"))),
        Part("layer", "Write `LinearModule`.", Code((), "modules.py")),
        Part("net", "Build it.", Network((0, 1, 1, 0))),
        Part("y", "The output.", Array(((1, 2), (3, 4)))),
    ]
    text = words(pdf.render(a_sheet(*parts)))
    for said in ("a first one", "b second", "yes no", "hand in the file modules.py", "W1", "b2", "numbers in brackets"):
        assert said in text
    listed = a_sheet(Part("pick", "Which?\n\n- a. cat\n- b. dog", Choice(1, ("cat", "dog"))))
    assert words(pdf.render(listed)).count("cat") == 1


def test_markdown_has_its_forms() -> None:
    """Emphasis, code, lists, tables and fences become Typst's own; links of other kinds stay text."""
    source = prose(
        "*a* **b** `c`\n\n- d\n\n3. e\n\n| f | g |\n|---|---|\n| h | $i$ |\n\n```python\nj\n```\n[k](javascript:x)"
    )
    for made in ('emph({"a"})', 'strong({"b"})', 'raw("c", block: false)', "list({", "start: 3)", "table(columns: 2",
                 'raw("j", block: true)', '"[k](javascript:x)"'):  # fmt: skip
        assert made in source


def test_a_bad_formula_is_named() -> None:
    """A formula outside the subset stops the sheet with the formula and the place in it."""
    with pytest.raises(LintError, match=r"foo is outside the subset"):
        pdf.render(a_sheet(prompt=r"Let $x = \foo$."))


@pytest.mark.parametrize("id", problem_bank.ids())
def test_whole_bank_as_sheet_and_key(id: str) -> None:
    """Each family makes a sheet and a key; nothing begins in the margin, and the sheet names no mistake."""
    variant = problem_bank.load(id).draw("paper")
    sheet = Sheet(a_sheet().assignment, "ada", 1, False, (Item("q1", "Title", "", Fraction(3), variant),))
    (asked, wide), (key, wider) = _text_and_edge(pdf.render(sheet)), _text_and_edge(pdf.render_key(sheet))
    prompts = [variant.prompt, *(f"{part.name} {variant.text(part.prompt)}" for part in variant.parts)]
    told = {slip.name for part in variant.parts for slip in part.misconceptions if "_" in slip.name}
    assert not [name for name in told if name in asked and not any(name in prompt for prompt in prompts)]
    assert "Solution" in key
    assert max(wide, wider) < TEXT_EDGE


def _text_and_edge(data: bytes) -> tuple[str, float]:
    """The text, and where the rightmost piece of it begins, in points."""
    edge = 0.0

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        nonlocal edge
        if text.strip():
            edge = max(edge, tm[4] * cm[0] + cm[4])

    text = " ".join([page.extract_text(visitor_text=visit) for page in read(data).pages])
    return text, edge


def test_no_secret_is_on_the_pages() -> None:
    """Neither text nor metadata nor any stream of a student's PDF holds secret, key, solution or feedback."""
    slip = Slip("other", 8_123_457, "feedback-canary")
    exercise = Exercise(given={}, prompt="Guess.", parts=[Part("n", "n?", Integer(7_654_321), misconceptions=[slip])],
                        solution="solution-canary")  # fmt: skip
    item = Item("q1", "A bird", "", Fraction(1), Variant("canary.bird", 1, "easy", {}, exercise))
    sheet = Sheet(a_sheet().assignment, "ada", 1, False, (item,))
    student, key = pdf.render(sheet, name="Ada"), pdf.render_key(sheet, name="Ada")
    streams = "".join(str(read(student).get_object(n)) for n in range(1, len(read(student).xref[0]) + 1))
    for canary in ("canary", "7654321", "7,654,321", "8123457", sheet.fingerprint, item.variant.fingerprint):
        assert canary not in words(student) + streams
        assert canary.encode() not in b"".join(page.get_contents().get_data() for page in read(student).pages)
    for told in ("feedback-canary", "solution-canary", "7654321", "8123457", "Not for students"):
        assert told in words(key)


def test_pinned_sheets_have_room_for_a_name() -> None:
    """A pinned sheet names nobody and asks for the name."""
    sheet = Sheet(a_sheet().assignment, "ada", 1, True, a_sheet().items)
    assert "Ada" not in words(pdf.render(sheet, name="Ada"))
    assert "Name" in words(pdf.render(sheet, name="Ada"))


def test_large_print_is_larger() -> None:
    """Large print sets the text in 18 points."""
    sizes = [_sizes(pdf.render(drawn_sheet(), large_print=large)) for large in (False, True)]
    assert 11 in sizes[0]
    assert 18 in sizes[1]
    assert min(sizes[1]) > min(sizes[0])


def _sizes(data: bytes) -> set[int]:
    found: set[int] = set()
    for page in read(data).pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: found.add(round(abs(tm[0]) * size)))
    return found - {0}


def test_a_bundle_begins_every_sheet_on_the_front_of_a_leaf() -> None:
    """In roster order, each with its own page numbers, on an odd page; what fills up is blank."""
    sheets = [(drawn_sheet(student, "networks.forward"), student.title()) for student in ("ada", "alan", "grace")]
    found = [page.extract_text() for page in read(pdf.bundle(sheets)).pages]
    starts = [number for number, text in enumerate(found, 1) if "Page 1 of" in text]
    assert [re.search(r"\((\w+)\)", found[start - 1])[1] for start in starts] == ["ada", "alan", "grace"]  # type: ignore[index]
    assert all(start % 2 == 1 for start in starts)
    alone = [len(read(pdf.render(sheet, name=name)).pages) for sheet, name in sheets]
    assert [f"of {count}" in found[start - 1] for start, count in zip(starts, alone, strict=True)] == [True] * 3
    assert pdf.bundle(sheets) == pdf.bundle(sheets)


def test_a_bundle_fills_up_with_blank_pages() -> None:
    """After a sheet of one page comes an empty one, without header or number."""
    sheets = [(a_sheet(student=student), "") for student in ("ada", "alan")]
    found = [page.extract_text().strip() for page in read(pdf.bundle(sheets)).pages]
    assert ["Page 1 of 1" in text for text in found] == [True, False, True]
    assert found[1] == ""


def test_a_bundle_is_written_like_any_file(tmp_path: Path) -> None:
    """It is not written over another file unless that is asked for; a bad formula is a problem of the bundle."""
    students, file = [Student("ada", "Ada")], tmp_path / "all.pdf"
    assert write_bundle(file, students, drawn_sheet) == Written(file, fresh=True)
    assert write_bundle(file, students, drawn_sheet) == Written(file, fresh=False)
    assert isinstance(write_bundle(file, [Student("alan")], drawn_sheet), Problem)
    assert write_bundle(file, [Student("alan")], drawn_sheet, overwrite=True) == Written(file, fresh=True)
    bad = write_bundle(file, students, lambda id: a_sheet(prompt=r"$\foo$"))
    assert isinstance(bad, Problem)
    assert r"\foo" in str(bad)


def test_documents_are_bytes_in_every_format() -> None:
    """The PDF is a format like the others."""
    assert {format: document(format, drawn_sheet())[:4] for format in FORMATS}["pdf"] == b"%PDF"
    with pytest.raises(KeyError):
        document("../html", drawn_sheet())


def test_bad_formulas_of_an_assignment_are_named_at_once(tmp_path: Path) -> None:
    """Before anybody is served, each formula that a PDF could not show is named with its place in the file."""
    question = Question(id="q1", family="convolution.hand", text=r"Let $\foo$ be.")
    bad = Assignment("week-1", tmp_path, Spec(title="T", instructions=r"$\bar$", questions=[question]))
    with pytest.raises(SetupError) as caught:
        generate(bad, [Student("ada")], SECRET, tmp_path / "out", formats=("pdf",))
    assert [problem.place for problem in caught.value.problems] == ["instructions", "q1.text"]
    assert not (tmp_path / "out").exists()
    assert not generate(bad, [Student("ada")], SECRET, tmp_path / "out", formats=("html",)).problems


@pytest.mark.parametrize("jobs", [1, 2])
def test_generate_writes_the_same_pdfs_with_any_number_of_processes(tmp_path: Path, jobs: int) -> None:
    """Processes change no byte."""
    assignment, students = load_assignment("cnn-modules"), [Student(f"s{i}", f"Student {i}") for i in range(3)]
    summary = generate(assignment, students, SECRET, tmp_path, formats=("pdf",), jobs=jobs)
    assert not summary.problems
    for student in students:
        expected = pdf.render(draw_sheet(assignment, student.id, SECRET), name=student.name)
        assert (tmp_path / student.id / "cnn-modules.pdf").read_bytes() == expected


def test_the_command_writes_sheets_bundle_and_key(tmp_path: Path) -> None:
    """From the command line: a PDF for each student, one for the printer, and a key."""
    (tmp_path / "roster.csv").write_text("student,name\nada,Ada Lovelace\nalan,Alan Turing\n")
    bundle, key = tmp_path / "all.pdf", tmp_path / "key.pdf"
    run(tmp_path, "generate", "cnn-modules", "--pinned", "--roster", tmp_path / "roster.csv", "--out", tmp_path / "out",
        "--formats", "pdf", "--bundle", bundle, "--large-print")  # fmt: skip
    assert words((tmp_path / "out" / "ada" / "cnn-modules.pdf").read_bytes())
    assert words(bundle.read_bytes()).count("Page 1 of") == 2
    run(tmp_path, "key", "cnn-modules", "ada", "--pinned", "--format", "pdf", "--out", key)
    assert "Not for students" in words(key.read_bytes())
    scheme = tmp_path / "scheme.pdf"
    run(tmp_path, "key", "cnn-modules", "ada", "--pinned", "--mark-scheme", "--format", "pdf", "--out", scheme)
    assert "Mark scheme" in words(scheme.read_bytes())
    refused = CliRunner().invoke(main, ["key", "cnn-modules", "ada", "--pinned", "--format", "pdf"])
    assert refused.exit_code == 2
    assert "--out" in refused.output


def run(folder: Path, *arguments: object) -> None:
    """A command that has to succeed."""
    result = CliRunner().invoke(main, [*map(str, arguments), "--course", str(folder)])
    assert result.exit_code == 0, result.output

"""Figures: well formed, said in words, silent about the key, legible, and in every document."""

from __future__ import annotations

import io
import json
import re
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pypdf
import pytest
from markupsafe import Markup

import problem_bank
from assignments.documents import pdf, public, render
from assignments.documents.gallery import PICTURES, pages, pictures
from assignments.documents.html import block, illustrated
from assignments.documents.key import render_key
from assignments.exports import export
from assignments.sheet import Item, Sheet
from assignments.spec import Assignment, Question, Spec
from problem_bank.answers import Integer
from problem_bank.exercise import Exercise, Part
from problem_bank.figures.boxes import Area, Boxes
from problem_bank.figures.drawing import Box
from problem_bank.figures.figure import Figure, linked, place, placed, replaced
from problem_bank.figures.graph import Graph, Node
from problem_bank.figures.grid import Grid, Panel, Window
from problem_bank.figures.network import Layer, Network
from problem_bank.figures.plot import Curve, Plot
from problem_bank.figures.points import Border, Points
from problem_bank.figures.svg import inline, standing_alone
from problem_bank.figures.unrolled import Unrolled
from problem_bank.values import entries, is_number
from problem_bank.variant import Variant

SVG = "{http://www.w3.org/2000/svg}"
DRAWS = 6
ILLUSTRATED = (
    "activations.dead_units", "attention.masked", "backpropagation.graph", "convolution.hand", "convolution.pooling",
    "dropout.forward", "evaluation.iou", "expressiveness.piecewise_linear", "networks.forward", "recurrent.unroll",
    "separability.certificate",
)  # fmt: skip
NUMBER = re.compile(r"−?\d+(?:/\d+|\.\d+)?")
SPECIAL = 'a <b> & "c" [d](e) $f$ `g` *h* _i_ \\ !'


@pytest.fixture(scope="module")
def variants() -> list[Variant]:
    """Draws of all families with figures."""
    families = map(problem_bank.load, ILLUSTRATED)
    return [family.draw(("figures", i), level=level)
            for family in families for level in family.levels for i in range(DRAWS)]  # fmt: skip


def figures(variants: list[Variant]) -> Iterator[tuple[str, Figure]]:
    for variant in variants:
        for name, figure in variant.exercise.figures.items():
            yield f"{variant.family} {variant.level} {name} {dict(variant.drawn)}", figure


def sheet_of(*variants: Variant) -> Sheet:
    """A sheet with these questions: q1, q2, ..."""
    items = tuple(Item(f"q{i}", "One", "", Fraction(3), variant) for i, variant in enumerate(variants, 1))
    spec = Spec(title="Week 1", questions=[Question(id=item.id, family=item.variant.family) for item in items])
    return Sheet(Assignment("week-1", Path(), spec), "ada", 1, False, items)


def made(figure: Figure, *, solution: str = "7") -> Variant:
    """A question that shows this figure."""
    part = Part("n", "How many? {{ figure('picture') }}", Integer(7))
    exercise = Exercise(given={}, prompt="Look.\n\n{{ figure('picture') }}\n\nWell?", parts=[part], solution=solution,
                        figures={"picture": figure, "secret": Unrolled("canary", (1,))})  # fmt: skip
    return Variant("trial.trial", 1, "easy", {}, exercise)


def test_every_figure_is_whole_and_said_in_words(variants: list[Variant]) -> None:
    """Well-formed SVG whose title and description are the figure's own, drawn twice to the same bytes."""
    for where, figure in figures(variants):
        svg = inline(figure, "q1-x")
        root = fromstring(svg)
        assert root.get("role") == "img", where
        assert root.get("aria-labelledby") == "q1-x-title q1-x-desc"
        assert (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")) == (figure.title, figure.description)
        assert [node.get("id") for node in root.iter() if node.get("id")] == ["q1-x-title", "q1-x-desc"]
        assert inline(figure, "q1-x") == svg
        assert float(root.get("width", "inf")) <= 620, where  # on a phone, letters keep half of their size


def test_everything_that_is_written_is_also_said(variants: list[Variant]) -> None:
    """Each number in a picture, but the ticks of axes, is in its description."""
    for where, figure in figures(variants):
        if isinstance(figure, Points | Plot | Boxes):
            continue  # every coordinate is said; most of what is written belongs to the axes
        told = set(NUMBER.findall(figure.description))
        for mark in figure.drawing().marks:
            assert set(NUMBER.findall(mark.text)) <= told, (where, mark.text)


def test_no_text_covers_another_or_an_arrow(variants: list[Variant]) -> None:
    """Texts keep apart from each other, and in graphs and networks from all lines."""
    for where, figure in figures(variants):
        marks = figure.drawing().marks
        texts = [mark for mark in marks if mark.text]
        for one, two in combinations(texts, 2):
            assert not one.box.meets(two.box), (where, one.text, two.text)
        if isinstance(figure, Graph | Network | Unrolled):
            ways = [way for mark in marks for way in pairwise(mark.path)]
            assert not [text.text for text in texts for way in ways if text.box.clipped(*way)], where


def test_prompts_show_nothing_that_has_to_be_found(variants: list[Variant]) -> None:
    """A number of the key stands in a figure of the prompt only where the prompt's own text has it, too."""
    for variant in variants:
        said = variant.prompt
        for name, figure in variant.figures.items():
            said = said.replace(place(name, figure), "")
        known = _numbers(said)
        keys = [v for key in variant.exercise.keys().values() for v in entries(key) if is_number(v)]
        for figure in variant.figures.values():
            assert not {float(key) for key in keys} & _numbers(figure.alternative) - known, variant.family


def _numbers(text: str) -> set[float]:
    plain = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", text).replace("-", "−").translate(
        str.maketrans("₀₁₂₃₄₅₆₇₈₉²", "01234567892"))  # fmt: skip
    found = {float(Fraction(match.replace("−", "-"))) for match in NUMBER.findall(plain)}
    return found | {-value for value in found} | {0.0, 1.0}  # of signs and of units, too, nothing can be learnt


def test_solutions_stay_out_of_what_students_get(variants: list[Variant]) -> None:
    """A figure that only the solution places is in no document of the student."""
    hidden = [(v, name, figure) for v in variants for name, figure in v.exercise.figures.items()
              if name not in v.figures]  # fmt: skip
    assert len({variant.family for variant, *_ in hidden}) >= 5
    for variant, name, figure in hidden[::4]:
        sheet = sheet_of(variant)
        documents = [*(render(format, sheet) for format in ("html", "notebook", "markdown")), public.render(sheet)]
        drawn = [b64decode(data).decode() for text in documents for data in re.findall(r"base64,([\w+/=]+)", text)]
        for text in (*documents, *drawn):
            assert figure.description not in text
            assert f"figure:{name}" not in text


def test_the_page_draws_the_figure_itself() -> None:
    """Inline, with ids of its own in each place; the key page draws the solution's figures as well."""
    variant = made(Unrolled("Steps", (4, 5)), solution="{{ figure('picture') }} {{ figure('secret') }}")
    page, key = render("html", sheet_of(variant, variant)), render_key(sheet_of(variant))
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("<svg") == 4
    assert key.count("<svg") == 4
    assert "canary" in key
    assert "canary" not in page
    assert "<img" not in page + key


def test_figures_in_notebook_and_markdown_carry_their_words() -> None:
    """An image that holds the file, with the alternative as its text; plain forms have the text alone."""
    sheet = sheet_of(made(Unrolled("Steps", (4, 5))))
    cells = "".join("".join(cell["source"]) for cell in json.loads(render("notebook", sheet))["cells"])
    figure = sheet.items[0].variant.figures["picture"]
    for text in (cells, render("markdown", sheet)):
        found = re.findall(r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,([^"]+)">', text)
        assert [alt for alt, _ in found] == [figure.alternative] * 2
        assert {b64decode(data).decode() for _, data in found} == {standing_alone(figure)}
    assert figure.alternative in json.loads(public.render(sheet))["items"]["q1"]["prompt"]
    assert figure.alternative in render_key(sheet, "markdown")


def test_figures_on_paper_are_read_aloud() -> None:
    """The PDF is PDF/UA, and each of its figures has the alternative."""
    sheet = sheet_of(made(Unrolled("Steps", (4, 5))))
    root, key = _root(pdf.render(sheet)), _root(pdf.render_key(sheet))
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert b"pdfuaid" in key["/Metadata"].get_data()
    spoken = [str(node["/Alt"]) for node in _tree(root["/StructTreeRoot"]) if node.get("/S") == "/Figure"]
    assert spoken == [sheet.items[0].variant.figures["picture"].alternative] * 2


def _root(data: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(data)).root_object


def _tree(node: pypdf.generic.DictionaryObject) -> Iterator[pypdf.generic.DictionaryObject]:
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object()
        if isinstance(found, pypdf.generic.DictionaryObject):
            yield found
            yield from _tree(found)


def test_platforms_get_files() -> None:
    """Moodle, QTI 2.1 and Canvas: every image of a text is a file that comes along."""
    sheet = sheet_of(made(Unrolled("Steps", (4, 5)), solution="{{ figure('secret') }}"))
    root = fromstring(export("moodle", [sheet]))
    for node in [*root.iter("questiontext"), *root.iter("generalfeedback")]:
        shown = set(re.findall(r'src="@@PLUGINFILE@@/([^"]+)"', node.findtext("text") or ""))
        files = {file.get("name"): fromstring(b64decode(file.text or "")) for file in node.findall("file")}
        assert set(files) == shown
        assert len(shown) == 1
    for format, folder, written in (("qti", "items/pictures/", "pictures/"),
                                    ("qti12", "web_resources/pictures/", "$IMS-CC-FILEBASE$/pictures/")):  # fmt: skip
        package = zipfile.ZipFile(io.BytesIO(export(format, [sheet])))
        names = {name for name in package.namelist() if name.startswith(folder)}
        texts = "".join(package.read(name).decode() for name in package.namelist() if name not in names)
        shown = {folder + name for name in re.findall(rf'{re.escape(written)}([\w.-]+\.svg)(?:"|&quot;)', texts)}
        assert names == shown
        assert len(names) == 2
        assert all(f'href="{name}"' in package.read("imsmanifest.xml").decode() for name in names)


def test_the_gallery_has_its_pictures() -> None:
    """The pages of the gallery show SVG files, and exactly those are written."""
    ids = ["convolution.hand", "networks.forward"]
    shown = {PICTURES + name for page in pages(ids).values() for name in re.findall(rf"\({PICTURES}([^)]+)\)", page)}
    assert set(pictures(ids)) == shown
    assert len(shown) == 2


def test_a_hostile_text_is_only_text() -> None:
    """Titles and labels with the signs of HTML, Markdown and LaTeX arrive as they are."""
    figure = Graph(SPECIAL, (Node("a", SPECIAL), Node("b", "b", ("a",))))
    assert [node.text for node in fromstring(inline(figure, "x")).iter(f"{SVG}text")] == [SPECIAL, "b"]
    page = illustrated(block(place("x", figure)), {"x": figure}, "q1")
    assert fromstring(page.strip()).find(f"{SVG}svg") is not None
    assert isinstance(page, Markup)
    assert fromstring(block(place("x", figure))).find("img").get("alt") == figure.alternative  # type: ignore[union-attr]
    assert pdf.render(sheet_of(made(figure))).startswith(b"%PDF")


def test_places_of_unknown_figures_stay() -> None:
    """Only the names of the exercise are places; other images, and other names, are left as they are."""
    figure = Unrolled("Steps", (1,))
    text = f"{place('a', figure)} ![x](figure:b) ![y](c.png)"
    assert placed(text, {"a": figure}) == {"a": figure}
    assert replaced(text, {"a": figure}, lambda name, _: name) == "a ![x](figure:b) ![y](c.png)"
    assert linked(text, {"a": figure}, "{}.svg".format).endswith("(a.svg) ![x](figure:b) ![y](c.png)")
    with pytest.raises(KeyError):
        Variant("t.t", 1, "easy", {}, Exercise(given={}, prompt="{{ figure('no') }}", parts=[], solution="")).prompt  # noqa: B018


def test_networks_too_dense_for_weights_leave_them_out() -> None:
    """Where no place is clear, lines stand without numbers, and the words still have them all."""
    weights = tuple(tuple(10 * i + j for j in range(8)) for i in range(8))
    figure = Network("Dense", tuple(range(8)), (Layer("h", weights, tuple(range(8))),))
    texts = [mark.text for mark in figure.drawing().marks]
    assert "weights" not in " ".join(texts)
    assert "unit 8 has weights 70, 71, 72, 73, 74, 75, 76, 77 and bias 7" in figure.description


def test_kinds_say_what_they_mark() -> None:
    """Frames, shades, padding, dropped units, lines, overlaps and named points are in the words."""
    panel = Panel("X", ((0, 0, 0), (0, 5, 0), (0, 0, 0)), (Window(0, 1, 2, 2),), ((1, 1),), border=1)
    border = Border("", (2, -1), Fraction(1, 2))
    boxes = Boxes("B", (Area("P", (0, 0, 2, 3)), Area("R", (1, 1, 4, 2)), Area("Q", (5, 5, 6, 6))))
    network = Network("N", (2, 3), (Layer("h", ((1, -2),), (4,), (0,)),), (1, 0))
    plot = Plot("P", (Curve("f", ((-1, 2), (0, Fraction(1, 3)))),), ((0, Fraction(1, 3)),))
    said = [
        (Grid("G", (panel,)), "rows 1 to 2 of columns 2 to 3"),
        (Grid("G", (panel,)), "Shaded: row 2, column 2."),
        (Grid("G", (panel,)), "padding"),
        (Points("L", ((0, 0), (1, 2)), (1, -1), (border,)), "2 x₁ − x₂ + 1/2 = 0"),
        (Points("L", ((0, 0), (1, 2)), (1, -1), (border,)), "Class −1 (hollow squares): p₂ at (1, 2)."),
        (boxes, "Tinted, shared by P and R: from (1, 1) to (2, 2)."),
        (network, "Crossed out in the input: 2;"),
        (network, "Crossed out in the layer h: 1;"),
        (plot, "A (0, 1/3)"),
    ]
    assert not [(words, figure.description) for figure, words in said if words not in figure.description]
    assert "shared by P and Q" not in boxes.description


def test_a_line_is_clipped_to_a_box() -> None:
    """The part of a line inside a rectangle, and nothing of one that misses it or runs along its edge."""
    box = Box(0, 0, 4, 2)
    assert box.clipped((-2, 1), (6, 1)) == ((0, 1), (4, 1))
    assert box.clipped((1, 1), (2, 1)) == ((1, 1), (2, 1))
    assert box.clipped((0, 3), (4, 3)) is None
    assert box.clipped((-1, 2), (6, 2)) is None
    assert box.clipped((-1, 3), (1, 5)) is None

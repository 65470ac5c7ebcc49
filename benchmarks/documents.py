"""What documents cost: PDFs per second on two cores, and how long a sheet takes in each format."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from assignments.documents import document, pdf
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import Assignment, Question, Spec
from benchmarks import latex
from benchmarks.figure import Figure, quick

CORES = 2
FAMILIES = (
    "optimisation.momentum_steps", "activations.pointwise", "convolution.hand", "convolution.output_size",
    "convolution.pooling", "counting.parameters", "softmax.jacobian", "jacobians.matrix", "concepts.choice",
    "networks.forward",
)  # fmt: skip
WARM = 10  # sheets before the clock starts: fonts, templates and families are loaded once per process


def figures() -> Iterator[Figure]:
    """Sheets of ten questions, drawn and written."""
    count = 60 if quick() else 300
    rate, pages = _pdfs_per_second(count)
    note = f"{count} sheets of {len(FAMILIES)} questions, {pages / count:.1f} pages each, drawing included"
    yield Figure("PDF sheets per second on two cores", rate, "1/s", at_least=40, note=note)
    sheets = [_sheet(number) for number in range(count // 5)]
    yield Figure("PDF of a drawn sheet", _milliseconds("pdf", sheets), "ms", note="one core")
    for format in ("html", "notebook"):
        yield Figure(f"{format} of a drawn sheet", _milliseconds(format, sheets), "ms", at_most=10, note="one core")
    if shutil.which("pdflatex"):
        yield from _against_latex(sheets[:5])


def _against_latex(sheets: list[Sheet]) -> Iterator[Figure]:
    """Both on sheets not met before, one after another, so that the ratio holds on any machine."""
    typeset = latex.milliseconds(sheets)
    own = 1000 * min(_wall("pdf", [_sheet(number) for number in range(at, at + 5)]) for at in (900, 910, 920))
    yield Figure(
        "pdflatex, the same sheet",
        typeset,
        "ms",
        note="two runs for its page numbers; without figures, tags and sizes of boxes",
    )
    yield Figure("pdflatex / own PDF", typeset / own, "x", at_least=8)


def _wall(format: str, sheets: list[Sheet]) -> float:
    """Seconds on the clock per sheet."""
    began = time.perf_counter()
    for sheet in sheets:
        document(format, sheet, name="Ada Lovelace")
    return (time.perf_counter() - began) / len(sheets)


def _pdfs_per_second(count: int) -> tuple[float, int]:
    """Sheets per second and pages in all, on warm processes of their own."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_pages, range(-WARM * CORES, 0)))
        began = time.perf_counter()
        pages = sum(pool.map(_pages, range(count), chunksize=5))
        return count / (time.perf_counter() - began), pages


def _pages(number: int) -> int:
    return pdf.render(_sheet(number), name=f"Student {number}", course="Deep Learning").count(b"/Type/Page/")


def _milliseconds(format: str, sheets: list[Sheet]) -> float:
    """Per sheet, for sheets whose numbers were not seen before; the drawing is not counted."""
    for number in range(-WARM, 0):
        document(format, _sheet(number))
    began = time.process_time()
    for sheet in sheets:
        document(format, sheet, name="Ada Lovelace")
    return 1000 * (time.process_time() - began) / len(sheets)


def _sheet(number: int) -> Sheet:
    sheet = draw_sheet(_assignment(), f"student {number}", "secret")
    for item in sheet.items:  # texts are filled in when they are first read; that is part of drawing
        item.variant.prompt  # noqa: B018  # fills its cache
    return sheet


@cache
def _assignment() -> Assignment:
    questions = [Question(id=f"q{number}", family=family) for number, family in enumerate(FAMILIES, 1)]
    return Assignment("week", Path(), Spec(title="Exercises of a week", questions=questions))

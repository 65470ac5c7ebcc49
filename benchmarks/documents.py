"""What documents cost: PDFs per second on two cores, and how long a sheet takes in each format."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from assignments.documents import document, pdf
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import Assignment, Question, Spec
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
        yield Figure("pdflatex, one empty page", _pdflatex(), "ms", note="for comparison")


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


def _pdflatex() -> float:
    """One run of pdflatex on a page with a single word."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.tex").write_text(r"\documentclass{article}\begin{document}Hello\end{document}")
        began = time.perf_counter()
        subprocess.run(["pdflatex", "-interaction=batchmode", "a.tex"], cwd=folder, check=True, capture_output=True)
        return 1000 * (time.perf_counter() - began)

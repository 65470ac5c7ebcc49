"""Typst, confined: a compiler of its own for each thread, with an empty folder as its root and fonts of its own.

A compiler must not be shared between threads, nor used on both sides of a fork; processes are spawned.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Literal

import typst

_Standard = Literal["ua-1", "1.7"]
_here = threading.local()


@cache
def preamble() -> str:
    """The look of all pages."""
    return (Path(__file__).parents[1] / "templates" / "paper.typ").read_text("utf-8")


def compiled(body: str) -> bytes:
    """The PDF/UA (tagged, titled, formulas in words) of this source after the preamble: the same bytes each time.

    A text that the fonts of Typst cannot show is tried with those of the system, and at last with blank signs, which
    PDF/UA does not allow: such a file is tagged all the same.
    """
    source = (preamble() + body).encode()
    try:
        return _pdf(_compiler(), source, "ua-1")
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    try:
        return _pdf(_compiler(system=True), source, "ua-1")
    except typst.TypstError:
        return _pdf(_compiler(system=True), source, "1.7")


def _pdf(compiler: typst.Compiler, source: bytes, standard: _Standard) -> bytes:
    pdf = compiler.compile(source, format="pdf", pdf_standards=[standard], timestamp=0)
    assert isinstance(pdf, bytes)  # only pictures come page by page
    return pdf


def _compiler(*, system: bool = False) -> typst.Compiler:
    """This thread's compiler; that of the system's fonts only when it is needed, since looking for them takes time."""
    known: dict[bool, typst.Compiler] = _here.__dict__.setdefault("compilers", {})
    if system not in known:
        root = _empty_folder()
        known[system] = typst.Compiler(
            root=root, font_paths=_fonts(system), ignore_system_fonts=not system, package_path=root,
            package_cache_path=root,
        )  # fmt: skip
    return known[system]


@cache
def _fonts(system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=system)


@cache
def _empty_folder() -> str:
    """A folder with nothing in it, removed when the process ends."""
    folder = tempfile.mkdtemp(prefix="typst-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder

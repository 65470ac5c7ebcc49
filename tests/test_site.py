"""The site of docs/: built as `make site` builds it, where MkDocs is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page by its place, built with all warnings as errors."""
    pytest.importorskip("material", reason="the site needs the extra docs; `make site` installs it")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {str(page.relative_to(folder)): page.read_text("utf-8") for page in folder.rglob("*.html")}


def test_nothing_is_fetched_from_elsewhere(pages: dict[str, str]) -> None:
    """Scripts, styles, fonts and pictures are files of the site; only links that a reader follows lead out of it."""
    for place, page in pages.items():
        loaded = re.findall(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"([^\"]+)\"", page)
        loaded += re.findall(r"<link\b[^>]*\bhref=\"([^\"]+)\"", page)
        assert not [url for url in loaded if "//" in url], place
    assert any("iframe-worker.js" in page for page in pages.values())


def test_formulas_are_mathml(pages: dict[str, str]) -> None:
    """No dollar is left of a formula, and none fell back to its source."""
    gallery = {place: page for place, page in pages.items() if place.startswith("gallery/")}
    assert sum(page.count("<math") for page in gallery.values()) > 1000
    for place, page in gallery.items():
        text = re.sub(r"<(pre|code)\b.*?</\1>", "", page, flags=re.DOTALL)
        assert not re.search(r"\$[^$<]*\\[a-z]", text), place
        assert 'class="tex"' not in page, place


def test_links_to_the_repository_lead_to_its_source(pages: dict[str, str]) -> None:
    """A page that links to a file outside of docs/ finds it in the site."""
    assert "source/problem_bank/families/convolution/hand.py.html" in pages
    assert 'href="source/problem_bank/families/convolution/hand.py.html"' in pages["add-a-family.html"]

"""What MkDocs does not do by itself: our formulas, links to the source, the changelog.

The pages are written for GitHub and read there as they stand; these hooks make a site of the same files.
Formulas become MathML by the same code that sets the students' pages, so the site needs no script and no network.
"""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path, PurePosixPath

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound

from assignments.documents.mathml import mathml

ROOT = Path(__file__).parents[2]
CODE = r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
FORMULA = re.compile(
    rf"{CODE}|\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<inline>(?:\ (?=\\))?[^\s$](?:[^$]*?[^\s$\\])?)\$(?!\d)", re.DOTALL
)
LIST = re.compile(r"((?:\A|\n\n)(?:(?![*-] )\S.*\n)+)(?=[*-] )")  # begun in the middle of a paragraph
OUTWARDS = re.compile(r"\]\((?P<target>\.\./[^)#\s]+)\)")
UNSEARCHED = "---\nsearch:\n  exclude: true\n---\n"
HEADINGS = {"added": "Added", "changed": "Changed", "fixed": "Fixed"}


class Texts(Preprocessor):
    """Formulas leave the text before Markdown sees their stars, bars and underscores; lists may follow a line."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines with a placeholder for each formula; code stays as it is."""
        text = LIST.sub(r"\1\n", "\n".join(lines))
        return FORMULA.sub(self._placeholder, text).split("\n")

    def _placeholder(self, match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        latex, display = (match["block"], "block") if match["block"] else (match["inline"], "inline")
        return str(self.md.htmlStash.store(mathml(latex.replace("\\|", "|"), display)))


class GitHub(Extension):
    """The part of GitHub's Markdown that Python-Markdown lacks."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (the name is Python-Markdown's)
        """Texts are read after fenced code (25) and HTML blocks (20) have been put aside."""
        md.preprocessors.register(Texts(md), "texts", 15)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Reads formulas on every page; puts the pages of a folder into the navigation that names it."""
    config.markdown_extensions.append(GitHub())  # an object is as good as a name
    config.nav = [
        {title: _pages_in(value) if isinstance(value, str) and value.endswith("/") else value}
        for entry in config.nav or []
        for title, value in entry.items()
    ]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds a page for each file outside of docs/ that a page links to, with its source."""
    for page in files.documentation_pages():
        for target in OUTWARDS.findall(page.content_string):
            path = _outside(page.src_uri, target)
            if path and not files.get_file_from_path(uri := _page_of(path)):
                files.append(File.generated(config, uri, content=_source(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns links that leave docs/ to the pages with the source, and fills in the changelog."""
    here = PurePosixPath(page.file.src_uri)
    if here.name == "changelog.md":
        markdown += _changelog()

    def link(match: re.Match[str]) -> str:
        path = _outside(page.file.src_uri, match["target"])
        return f"]({os.path.relpath(_page_of(path), here.parent)})" if path else match[0]

    return _table_bars(OUTWARDS.sub(link, markdown))


def _pages_in(folder: str) -> list[str]:
    """Its pages by name, the overview first."""
    docs = ROOT / "docs"
    pages = sorted((docs / folder).glob("*.md"), key=lambda page: (page.name != "README.md", page.name))
    return [page.relative_to(docs).as_posix() for page in pages]


def _outside(uri: str, target: str) -> PurePosixPath | None:
    """The place in the repository that `target`, seen from the page `uri`, leads to; None if that is in docs/."""
    path = os.path.normpath(PurePosixPath("docs", uri).parent / target)
    return None if path.startswith(("docs", "..")) or not (ROOT / path).exists() else PurePosixPath(path)


def _page_of(path: PurePosixPath) -> str:
    return f"source/{path}.md"


def _source(path: PurePosixPath) -> str:
    """A page that shows the file; of a folder, the TOML and Markdown files in it."""
    place = ROOT / path
    fences = [_fence(place)] if place.is_file() else [
        f"## {file.relative_to(place)}\n\n{_fence(file)}"
        for file in sorted(place.rglob("*.*"))
        if file.suffix in {".toml", ".md"}
    ]  # fmt: skip
    return "\n\n".join([f"{UNSEARCHED}# `{escape(str(path))}`", *fences]) + "\n"


def _fence(file: Path) -> str:
    return f"````{_language(file)}\n{file.read_text('utf-8').rstrip()}\n````"


def _language(file: Path) -> str:
    try:
        return str(get_lexer_for_filename(file.name).aliases[0])
    except ClassNotFound:
        return "text"


def _changelog() -> str:
    """The fragments of changelog/ by kind."""
    parts = []
    for kind, heading in HEADINGS.items():
        files = sorted((ROOT / "changelog").glob(f"*.{kind}.md"))
        lines = ["- " + " ".join(file.read_text("utf-8").split()) for file in files]
        parts += [f"\n## {heading}\n", *lines] if lines else []
    return "\n".join(parts) + "\n"


def _table_bars(markdown: str) -> str:
    r"""In code inside a table GitHub wants \| for |, where Python-Markdown would show the backslash."""
    rows = (
        re.sub(r"`[^`]+`", lambda code: code[0].replace("\\|", "|"), line) if line.startswith("|") else line
        for line in markdown.split("\n")
    )
    return "\n".join(rows)

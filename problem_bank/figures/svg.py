"""A figure as SVG: a part of a page, or a file that stands alone. The same figure is the same bytes everywhere."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from problem_bank.figures.drawing import SIZE, Box, Drawing, short
from problem_bank.figures.figure import Figure

FONTS = "'Libertinus Serif', 'Linux Libertine', 'New Computer Modern', Georgia, serif"
PAPER = "#fff"


def inline(figure: Figure, id: str) -> str:
    """The picture as an element of a page, in the colour of its text. `id` is unique on the page."""
    return _svg(figure, figure.drawing(), id, 'class="figure" ')


def standing_alone(figure: Figure, *, ground: bool = True) -> str:
    """The picture as a file: black, on white paper, or without `ground` on whatever is behind it."""
    drawing = figure.drawing()
    paper = f'<rect {_where(drawing.box)} fill="{PAPER}" stroke="none"/>' if ground else ""
    return _svg(figure, drawing, "figure", 'color="#000" ', paper)


def image_tag(figure: Figure) -> str:
    """An HTML image that holds the file, for Markdown that is shown as HTML."""
    text = escape(figure.alternative).replace("$", "&#36;")
    data = b64encode(standing_alone(figure).encode()).decode()
    return f'<img alt="{text}" src="data:image/svg+xml;base64,{data}">'


def _svg(figure: Figure, drawing: Drawing, id: str, options: str, ground: str = "") -> str:
    box = drawing.box
    view = f'viewBox="{short(box.left)} {short(box.top)} {short(box.right - box.left)} {short(box.bottom - box.top)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {options}role="img" aria-labelledby="{id}-title {id}-desc" {view} '
        f'{_sides(box)} fill="none" stroke="currentColor" stroke-width="1.2" font-family="{FONTS}" '
        f'font-size="{SIZE}" text-anchor="middle"><title id="{id}-title">{escape(figure.title)}</title>'
        f'<desc id="{id}-desc">{escape(figure.description)}</desc>'
        f"{ground}{''.join(mark.element for mark in drawing.marks)}</svg>"
    )


def _where(box: Box) -> str:
    return f'x="{short(box.left)}" y="{short(box.top)}" {_sides(box)}'


def _sides(box: Box) -> str:
    return f'width="{short(box.right - box.left)}" height="{short(box.bottom - box.top)}"'

"""A sheet as Typst source: what stands on a student's pages."""

from __future__ import annotations

from collections.abc import Iterable

from assignments.documents.contents import Asked, Contents, Question
from assignments.documents.paper.literal import literal
from assignments.documents.paper.prose import line, prose
from problem_bank.figures.figure import Figure, Figures
from problem_bank.figures.svg import standing_alone

SIZE, LARGE = 11, 18  # points of type

_SHORT = {"integer", "rational", "number", "shape", "shape or error", "ordering"}  # kinds with a box beside their hint
_HEIGHTS = {"array": 5, "text": 16, "certificate": 9, "network": 9, "counterexample": 9}  # of other boxes, in ems
_HEIGHT = 4
_LONG = 6000  # characters of Typst source of a part that may run over a page


def document(body: str, *, title: str, author: str = "", large_print: bool = False) -> str:
    """A whole document, without the preamble."""
    size = LARGE if large_print else SIZE
    return f"#show: paper.with(size: {size}pt, title: {literal(title)}, author: {literal(author)})\n{body}"


def pages(page: Contents, end: str = "end") -> str:
    """All pages of one student; `end` is the name of the last one, unique in a document."""
    return wrapped(page, end, (question(asked) for asked in page.questions))


def enlarged(pages: str) -> str:
    """Pages in large print among others."""
    return f"#[#set text(size: {LARGE}pt)\n{pages}]\n"


def wrapped(page: Contents, end: str, questions: Iterable[str], note: str = "") -> str:
    """Head and questions on pages that say whose they are; `note` stands before the title on each."""
    left = literal(" · ".join(bit for bit in (note, page.title) if bit))
    right = page.who or (page.version and f"version {page.version}")
    return f"#pages({left}, {literal(right)}, {literal(end)}, {{{head(page, note)};{';'.join(questions)}}})\n"


def head(page: Contents, note: str = "") -> str:
    """Note, course, title, student, facts and instructions."""
    facts = "".join(f"{literal(fact)}," for fact in page.facts)
    instructions = prose(page.instructions) if page.instructions else "none"
    names = f"{literal(note)}, {literal(page.course)}, {line(page.title)}, {literal(page.who)}"
    return f"head({names}, ({facts}), {instructions})"


def question(
    asked: Question, answers: dict[str, str] | None = None, after: str = "", figures: Figures | None = None
) -> str:
    """A question with its parts; `answers` replaces what a part leaves room for, `after` follows the parts.

    `figures` are those of all these texts, where they are more than those of the prompts.
    """
    texts = "{" + ";".join(prose(text) for text in (asked.text, asked.prompt) if text) + "}"
    parts = "".join(part(asked.id, entry, (answers or {}).get(entry.name)) + "," for entry in asked.parts)
    title = f"{literal(str(asked.number))}, {line(asked.title)}, {literal(asked.points)}"
    code = f"question({title}, {texts}, ({parts}))" + (f";{after}" if after else "")
    found = asked.figures if figures is None else figures
    return f"{{let pictures = ({''.join(map(_picture, found.items()))});{code}}}" if found else code


def _picture(named: tuple[str, Figure]) -> str:
    name, figure = named
    drawn = standing_alone(figure, ground=False)
    return f"{literal(name)}: picture({literal(drawn)}, {literal(figure.alternative)}),"


def part(question: str, asked: Asked, answer: str | None = None) -> str:
    """A part: its prompt, its options, and room to answer, or `answer` instead of room."""
    room = room_to_answer(question, asked) if answer is None else answer
    body = f"{prose(asked.prompt)}, {room}"
    whole = str(len(body) < _LONG).lower()
    return f"part({literal(asked.number)}, {literal(asked.points)}, {body}, whole: {whole})"


def room_to_answer(question: str, asked: Asked) -> str:
    """Boxes to tick, or a box as high as answers of this kind need; code is answered by a file."""
    where = f"raw({literal(f'{question}.{asked.name}')})"
    hint = f"{{{where};h(0.8em);{literal(asked.hint)}}}"
    if asked.is_code:
        return f"small({literal(asked.hint)})"
    if asked.choices:
        return f"stack(spacing: 0.8em, {choices(asked)}, small({where}))"
    if asked.fields:
        return f"fields(({''.join(literal(name) + ',' for name in asked.fields)}), {hint})"
    if asked.columns:
        return f"cells(({''.join(literal(name) + ',' for name in asked.columns)}), {asked.rows}, {hint})"
    if asked.kind in _SHORT:
        return f"short({hint})"
    return f"long({_HEIGHTS.get(asked.kind, _HEIGHT)}em, {hint})"


def choices(asked: Asked) -> str:
    """The options with boxes to tick; only their letters where the prompt lists them or they are plain words."""
    if not asked.options or set(asked.choices) != {letter for letter, _ in asked.options}:
        return f"choices(({''.join(literal(word) + ',' for word in asked.choices)}))"
    return "options((" + "".join(f"({literal(letter)}, {line(text)})," for letter, text in asked.options) + "))"

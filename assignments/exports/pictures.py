"""Figures of a question as files: texts show them as images by an address, each format packs them in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assignments.exports.fields import Block, Entry
from problem_bank.figures.figure import Figures, linked, placed
from problem_bank.figures.svg import standing_alone


def illustrated(entry: Entry, figures: Figures, folder: str) -> Entry:
    """The question with the addresses of its pictures in its texts, and with their files."""
    files = {name: f"{entry.name}-{name}.svg" for name in figures}

    def shown(text: str) -> str:
        return linked(text, figures, lambda name: folder + files[name])

    def asking(block: Block) -> Block:
        return replace(block, asked=replace(block.asked, prompt=shown(block.asked.prompt)))

    texts = [entry.prompt, *(block.asked.prompt for block in entry.blocks), entry.solution]
    found = placed("\n".join(texts), figures)
    return replace(
        entry,
        prompt=shown(entry.prompt),
        solution=shown(entry.solution),
        blocks=tuple(map(asking, entry.blocks)),
        pictures={files[name]: standing_alone(figure).encode() for name, figure in found.items()},
    )


def used(html: str, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of the pictures that this HTML shows."""
    return {name: data for name, data in pictures.items() if f'{name}"' in html}

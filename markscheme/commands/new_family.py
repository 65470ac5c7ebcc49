"""markscheme new-family"""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import click

from markscheme.common import course_option, explained, fail, open_course, say

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SKELETON = Path(__file__).parents[1] / "skeleton" / "family.py.txt"


@click.command()
@click.argument("id", metavar="TOPIC.NAME")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=None, help="By default the course's."
)
@course_option
@explained
def command(id: str, folder: Path | None, course_folder: Path) -> None:
    """Write a family that works, to be changed into your own: families/<topic>/<name>.py in the course folder."""
    import problem_bank

    course = open_course(course_folder)
    topic, _, name = id.partition(".")
    if not (NAME.fullmatch(topic) and NAME.fullmatch(name)) or keyword.iskeyword(name):
        fail([f"{id}: an id is topic.name, both in lower-case letters, digits and _, such as convolution.hand"])
    if id in problem_bank.ids():
        fail([f"{id} exists already; choose another name"])
    if folder is None and course is None:
        fail(["There is no course.toml here or above. Run `markscheme init` first, or use --course or --folder."])
    file = (folder or course.folder / "families") / topic / f"{name}.py"  # type: ignore[union-attr]  # one is there
    if file.exists():
        fail([f"{file} exists already; it was left as it is"])
    file.parent.mkdir(parents=True, exist_ok=True)
    text = SKELETON.read_text("utf-8")
    file.write_text(text.replace("TOPIC", topic).replace("NAME", name), "utf-8")
    say(f"[green]✓[/] {file}\n  [bold]markscheme preview {id}[/] shows it, [bold]markscheme audit {id}[/] proves it.")

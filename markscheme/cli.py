"""The command line. Each command lives in commands/<name>.py and is imported only when it runs."""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

from markscheme import __version__

COMMANDS = {
    "init": "Lay out a course folder with its secret, a roster and a first assignment.",
    "families": "List the families of exercises in the bank.",
    "preview": "Show what a family draws, with key, misconceptions and solution.",
    "gallery": "Write pages with an example of every family.",
    "new-family": "Write a family that works, to be changed into your own.",
    "audit": "Prove the bank: draw many variants and check each of them.",
    "generate": "Draw an assignment for every student and write the documents.",
    "key": "Show one student's answer key and worked solutions.",
    "grade": "Mark submissions: results, feedback pages, gradebook, class report.",
    "export": "Write an assignment for Moodle, QTI, Canvas, Gradescope or otter; fill in a gradebook.",
    "check": "For students: is every answer readable, and how is it read?",
    "demo": "Draw and grade a small class on sample data, from nothing.",
    "schema": "Print the JSON Schema of the assignment file.",
}


class LazyGroup(click.Group):
    """A group whose commands cost nothing until they run; --help needs only their one-line texts."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of a course's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"markscheme.commands.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest command named where there is none of this name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {close[0]}?" if close else " `markscheme --help` lists them."
            ctx.fail(f"there is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command list, from the table above alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="markscheme")
def main(**_: Any) -> None:
    """Exercises drawn per student, proven before anyone sees them, and marked like a good examiner.

    Start with `markscheme demo`, or with `markscheme init my-course`.
    """
    # Work is spread over processes here; threads in each of them would only get into each other's way.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

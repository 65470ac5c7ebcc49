"""markscheme schema"""

from __future__ import annotations

import click

from markscheme.common import print_json


@click.command()
def command() -> None:
    """Print the JSON Schema of the assignment file, for editors that complete and check TOML."""
    from assignments.schema import schema

    print_json(schema())

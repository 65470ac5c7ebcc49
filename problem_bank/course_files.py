"""Files of `solutions` that lie beside student code: data modules of the course, and right modules as stand-ins."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def course_file(name: str) -> bytes:
    """A file of `solutions`, such as "mlp_from_scratch/cifar10_utils.py"."""
    return resources.files("solutions").joinpath(name).read_bytes()

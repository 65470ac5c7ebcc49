"""The installed package as a wheel, so that an autograder runs this very version."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from importlib.util import find_spec
from pathlib import Path

from assignments.exports.zipped import zipped

NAME = "markscheme"
PACKAGES = ("problem_bank", "solutions", "assignments", "grader", "markscheme")
_WHEEL = f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel() -> tuple[str, bytes]:
    """Its file name, and the wheel itself. Raises PackageNotFoundError where the package is not installed."""
    installed = distribution(NAME)
    info = f"{NAME}-{installed.version}.dist-info"
    files = {name: file.read_bytes() for name, file in _sources()}
    files |= {f"{info}/{name}": text.encode() for name, text in _metadata(installed)}
    record = [f"{name},{_digest(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    return f"{NAME}-{installed.version}-py3-none-any.whl", zipped(files)


def _sources() -> Iterator[tuple[str, Path]]:
    """Every file of the packages, by its name in the wheel."""
    for package in PACKAGES:
        spec = find_spec(package)
        assert spec and spec.origin, package
        root = Path(spec.origin).parent
        for file in sorted(root.rglob("*")):
            if file.is_file() and not any(bit.startswith((".", "__pycache__")) for bit in file.relative_to(root).parts):
                yield f"{package}/{file.relative_to(root).as_posix()}", file


def _metadata(installed: Distribution) -> Iterator[tuple[str, str]]:
    yield "METADATA", installed.read_text("METADATA") or ""
    yield "entry_points.txt", installed.read_text("entry_points.txt") or ""
    yield "WHEEL", _WHEEL


def _digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()

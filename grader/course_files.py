"""Files of ours that lie beside student code: what a course provides, and right modules in place of broken ones.

Student code can read them, so nothing is put there that a student must not have: no check, no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from problem_bank.course_files import course_file


def beside(file: str, files: Mapping[str, bytes], ours: Iterable[str]) -> dict[str, bytes]:
    """The files of a submission with ours in the folder of `file`, and without others of the same names."""
    folder, names = file.rpartition("/")[0], {name.rpartition("/")[2]: name for name in ours}
    kept = {name: data for name, data in files.items() if name.rpartition("/")[2] not in names}
    return kept | {f"{folder}/{name}".lstrip("/"): course_file(source) for name, source in names.items()}


def located(name: str, files: Iterable[str]) -> str | None:
    """The path of the file of this name: the one least deep in folders."""
    found = [path for path in files if path.rpartition("/")[2] == name]
    return min(found, key=lambda path: (path.count("/"), path), default=None)

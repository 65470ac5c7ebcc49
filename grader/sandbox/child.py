"""The process that runs a submission, with two pipes: requests come in, replies go out.

It is forked from a warm process (zygote.py) or, where that cannot be, started as
`python -I entry.py child PROFILE REQUESTS REPLIES`. It imports the standard library, the libraries of
its profile and the files beside it, and knows no check, key or reference solution. It confines itself,
loads the submission, and then does what it is asked, one request at a time: read, write and call
objects of the submission, and send plain data back.
Student code can change anything in here; the other side believes none of it (see frames.py).
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from . import absent, cells, confine, decoration, examples, frames, models, scan, tensors
from .preload import preload

MESSAGE = 500  # characters kept of an error message


class Server:
    """Does what it is asked. `objects` holds everything that stayed here, by its handle's number."""

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self.folder = ""
        self.book: cells.Book | None = None
        self.examiner: examples.Examiner | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request: its value, or the error that student code raised."""
        number, operation = request.pop("id"), getattr(self, "do_" + request.pop("do"))
        try:
            return {"id": number, "value": operation(**request)}
        except BaseException as error:  # SystemExit and KeyboardInterrupt of student code as well
            return {"id": number, "error": describe(error, self.folder)}

    def do_start(self, folder: str, limits: dict[str, Any], rules: dict[str, Any], seed: int) -> dict[str, Any]:
        """Confine this process and enter the folder of the submission."""
        self.folder = folder
        os.chdir(folder)
        os.environ.update(HOME=folder, TMPDIR=folder)
        tempfile.tempdir = None  # found anew, in that folder
        applied = confine.confine(limits, rules)
        random.seed(seed)
        np.random.seed(seed % 2**32)
        if "torch" in sys.modules:
            sys.modules["torch"].manual_seed(seed)
        return applied

    def do_scan(self, file: str) -> dict[str, Any]:
        """What a file holds, read without running it."""
        return scan.scan(Path(self.folder, file))

    def do_load(self, file: str, without: Sequence[str] = ()) -> Any:
        """Import a file of the submission; its folder and the submission's own are searched for others."""
        absent.forbid(without)
        decoration.provide()
        path = Path(self.folder, file)
        sys.path[:0] = dict.fromkeys([str(path.parent), self.folder])
        sys.argv = [str(path)]
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec and spec.loader  # a .py file always has both
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        return self.keep(module)

    def do_get(self, of: Any, name: str) -> Any:
        """An attribute. A dict or list stays here: it is the state of an object."""
        return self._state(getattr(of, name))

    def do_item(self, of: Any, key: Any) -> Any:
        """An entry; dicts and lists stay here."""
        return self._state(of[key])

    def do_set(self, of: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        setattr(of, name, value)

    def do_set_item(self, of: Any, key: Any, value: Any) -> None:
        """Set an entry. An array of the same shape is overwritten in place, so that other names for it see it."""
        old = of[key] if isinstance(of, dict) and key in of else None
        if isinstance(old, np.ndarray) and isinstance(value, np.ndarray) and old.shape == value.shape:
            old[...] = value
        else:
            of[key] = value

    def do_call(self, of: Any, args: list[Any], kwargs: dict[str, Any], keep: bool = False) -> Any:
        """Call; the result travels as data where it can, unless it is to stay here."""
        result = of(*args, **kwargs)
        return self.keep(result) if keep else result

    def do_tools(self) -> Any:
        """The helpers for models (models.py)."""
        return self.keep(models)

    def do_put(self, value: Any) -> frames.Handle:
        """Keep a value here."""
        return self.keep(value)

    def do_value(self, of: Any) -> Any:
        """What stayed here, as data."""
        return of

    def do_cells(self, step: str, **fields: Any) -> Any:
        """One step of a notebook: see cells.Book."""
        if self.book is None:
            self.book = cells.Book(self.folder, describe)
        return getattr(self.book, "do_" + step)(**fields)

    def do_examples(self, step: str, **fields: Any) -> Any:
        """One piece of a test in the notebook's namespace: see examples.Examiner."""
        if self.examiner is None:
            self.examiner = examples.Examiner(self.book.namespace if self.book else {})
        return getattr(self.examiner, "do_" + step)(**fields)

    def do_ping(self) -> None:
        """Nothing: the reply shows that requests and replies are still in step."""

    def _state(self, value: Any) -> Any:
        return self.keep(value) if type(value) in (dict, list) else value

    def keep(self, value: Any) -> frames.Handle:
        """A handle for an object that stays here."""
        self.objects.append(value)
        name = type(value).__name__
        if isinstance(value, np.ndarray):
            name = f"{name} of dtype {value.dtype}"
        return frames.Handle(len(self.objects) - 1, name)

    def travel(self, value: Any) -> frames.Handle | np.ndarray[Any, Any]:
        """What goes in place of a value that is no plain data: a tensor's entries, or a handle."""
        entries = tensors.entries(value)
        return self.keep(value) if entries is None else entries

    def encode(self, reply: dict[str, Any]) -> bytes:
        """The frame of a reply; a value that is too large or deep becomes an error."""
        try:
            return frames.encode(reply, self.travel)
        except BaseException as error:
            return frames.encode({"id": reply["id"], "error": describe(error, self.folder)}, self.keep)


def describe(error: BaseException, folder: str) -> dict[str, Any]:
    """An error as data, with the last line of the submission's own files that it passed through."""
    file, line, trace = "", 0, error.__traceback__
    while trace:
        if folder and trace.tb_frame.f_code.co_filename.startswith(folder):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno or 0
    name = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__
    if isinstance(error, NameError) and file and scan.unwritten(Path(file), line):
        name = "Unwritten"
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:  # a __str__ of the submission may raise anything
        message = ""
    return {
        "type": name,
        "message": str(message)[:MESSAGE],
        "file": os.path.relpath(file, folder) if file else "",
        "line": line,
    }


def serve(requests: int, replies: int) -> None:
    """Answer requests until the other side closes the pipe."""
    server = Server()
    while frame := _read_frame(requests):
        reply = server.encode(server.answer(frames.decode(frame, lambda handle: server.objects[handle.number])))
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # a submission may have put anything there
                stream.flush()
        while reply:
            reply = reply[os.write(replies, reply) :]


def _read_frame(descriptor: int) -> bytes:
    """The next whole frame; nothing at the end of the pipe."""
    data = b""
    while (size := frames.measure(data)) is None or len(data) < size:
        piece = os.read(descriptor, (size or frames.PREFIX.size) - len(data))
        if not piece:
            return b""
        data += piece
    return data


def main(profile: str, requests: str, replies: str) -> None:
    """Serve in a process of its own that was started for this."""
    preload(profile)
    serve(int(requests), int(replies))

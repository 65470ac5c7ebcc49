"""Submissions as they arrive: a folder of tests/attacks or tests/messy, handed in as it is or as its recipe says.

`recipe.toml` says what is handed in ("folder", or the name of an archive) and lists its entries: `name`, and the
content as `file`, `text`, `zeros`, a `link`, or the `cells` of a notebook (each of texts and how often they stand);
`encoding`, `newline` and `tabs` change a text, `pipe` and `socket` stand for what is no file, `times` for many.
An archive may lie about an entry by `claims`, `mode` and `bits`, and be `cut` short.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import tomllib
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OUR_FILES = ("expect.toml", "recipe.toml")
Entry = dict[str, Any]


def handed_in(folder: Path, place: Path, names: Mapping[str, str] | None = None) -> Path:
    """Where in `place` the submission lies now; `<name>` in its files stands for what `names` says."""
    texts = {
        str(file.relative_to(folder)): _told(file.read_bytes(), names or {})
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in OUR_FILES
    }
    recipe = folder / "recipe.toml"
    if not recipe.exists():
        return _folder([{"name": name, "file": name} for name in texts], texts, place / "handed-in")
    made = tomllib.loads(_told(recipe.read_bytes(), names or {}).decode())
    entries = [
        entry | {"name": entry["name"].replace("{i}", str(i))}
        for entry in made["entry"]
        for i in range(entry.get("times", 1))
    ]
    if made["hand_in"] == "folder":
        return _folder(entries, texts, place / "handed-in")
    archive = place / str(made["hand_in"])
    archive.write_bytes(_zip(entries, texts)[: made.get("cut")])
    return archive


def _told(text: bytes, names: Mapping[str, str]) -> bytes:
    for name, value in names.items():
        text = text.replace(f"<{name}>".encode(), value.encode())
    return text


def _content(entry: Entry, texts: Mapping[str, bytes]) -> bytes:
    if "zeros" in entry:
        return bytes(entry["zeros"])
    if "cells" in entry:
        return _notebook(["".join(text * times for text, times in cell) for cell in entry["cells"]])
    data = texts[entry["file"]] if "file" in entry else str(entry.get("text", entry.get("link", ""))).encode()
    if not {"encoding", "newline", "tabs"} & entry.keys():
        return data
    text = data.decode()
    if entry.get("tabs"):
        text = text.replace("    ", "\t")
    return text.replace("\n", entry.get("newline", "\n")).encode(entry.get("encoding", "utf-8"))


def _notebook(sources: list[str]) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def _folder(entries: list[Entry], texts: dict[str, bytes], folder: Path) -> Path:
    for entry in entries:
        path = folder / entry["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if "link" in entry:
            path.symlink_to(entry["link"])
        elif entry.get("pipe"):
            os.mkfifo(path)
        elif entry.get("socket"):
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(str(path))
        else:
            path.write_bytes(_content(entry, texts))
    return folder


def _zip(entries: list[Entry], texts: dict[str, bytes]) -> bytes:
    """An archive that may claim anything: `claims` is the size, `mode` the kind of an entry; `count` that of all."""
    body, directory = b"", b""
    for entry in entries:
        content, name = _content(entry, texts), entry["name"].encode()
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
        size = entry.get("claims", len(content))
        facts = (20, entry.get("bits", 0x800), 8, 0, 0, zlib.crc32(content), len(packed), size, len(name), 0)
        outside = (0, 0, 0, entry.get("mode", 0) << 16, len(body))
        directory += struct.pack("<4s6H3L5H2L", b"PK\1\2", 0x314, *facts, *outside) + name
        body += struct.pack("<4s5H3L2H", b"PK\3\4", *facts) + name + packed
    count = len(entries)
    return body + directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)

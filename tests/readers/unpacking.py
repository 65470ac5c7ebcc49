"""Opens whatever a file holds: archives in archives, streams of PDFs, encoded data, escaped text."""

from __future__ import annotations

import base64
import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote_to_bytes

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

DEEPEST = 6  # layers of archives and encodings
_BETWEEN = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz0123456789"))
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
_TAG = re.compile(rb"<[^<>]*>")
_NUMBERED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")


def places(name: str, data: bytes, needles: list[str]) -> list[str]:
    """Where in a file, its name included, one of the needles (ASCII) stands: "out.zip/a.ipynb/base64: needle".

    Letters and digits alone are compared, in any case: what stands between them is for looks, or UTF-16.
    """
    wanted = {needle: _bare(needle.encode()) for needle in needles}
    found = ((place, _bare(text)) for place, text in _texts(name, data, DEEPEST))
    return sorted({f"{place}: {needle}" for place, text in found for needle, bare in wanted.items() if bare in text})


def _bare(text: bytes) -> bytes:
    return text.lower().translate(None, delete=_BETWEEN)


def _texts(place: str, data: bytes, left: int) -> Iterator[tuple[str, bytes]]:
    yield place, place.encode()
    yield place, data
    if b"&" in data or b"\\" in data:
        plain = unescape(data.decode("latin-1"))
        yield place, _NUMBERED.sub(lambda hit: chr(int(hit[1] or hit[2], 16)), plain).encode()
    if b"</" in data:
        yield place, _TAG.sub(b"", data)
    if left:
        for inner, found in _inside(data):
            yield from _texts(f"{place}/{inner}", found, left - 1)


def _inside(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The pieces that a file is made of, one layer down."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        yield from _zip(zipfile.ZipFile(io.BytesIO(data)))
    elif data[:2] == b"\x1f\x8b":
        yield "gzip", gzip.decompress(data)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                opened = archive.extractfile(member)
                yield member.name, opened.read() if opened else str(member.get_info()).encode()
    elif data[:5] == b"%PDF-":
        yield from _pdf(pypdf.PdfReader(io.BytesIO(data)))
    else:
        yield from _encoded(data)


def _zip(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    yield "comment", archive.comment
    for info in archive.infolist():
        yield info.filename, archive.read(info)
        yield f"{info.filename}/extra", info.extra + info.comment


def _pdf(reader: pypdf.PdfReader) -> Iterator[tuple[str, bytes]]:
    """The words of the pages, and every string and stream of every object: metadata, attachments, alternatives."""
    yield "words", "".join(page.extract_text() for page in reader.pages).encode()
    for number in reader.xref_objStm | {n: 0 for found in reader.xref.values() for n in found}:
        value = reader.get_object(IndirectObject(number, 0, reader))
        yield f"object {number}", "\n".join(_strings(value)).encode()
        if isinstance(value, StreamObject):
            yield f"stream {number}", value.get_data()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif isinstance(value, DictionaryObject):
        for key, inner in value.items():  # a reference is an object of its own
            yield from (key, *_strings(inner))
    elif isinstance(value, ArrayObject):
        for inner in list.__iter__(value):
            yield from _strings(inner)


def _encoded(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What is written in base64, in hexadecimal digits or with percent signs."""
    for hit in set(_BASE64.findall(data)):
        bare = re.sub(rb"\s", b"", hit).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        if len(bare) % 4 != 1:
            yield "base64", base64.b64decode(bare + b"=" * (-len(bare) % 4))
    for hit in set(_HEX.findall(data)):
        yield "hex", bytes.fromhex(hit.decode())
    if (plain := unquote_to_bytes(data)) != data:
        yield "percent", plain

"""Plain data in length-prefixed frames: a JSON header and the raw bytes of the arrays.

Both ends of the pipe use this file. The reader trusts nothing: whatever the bytes are, `decode`
gives plain data or raises `Garbled`, and no size in them is believed before it is checked against
a cap. Nothing is ever unpickled or evaluated.

A value is None, a bool, a number, a text, a list, tuple or dict of values, or an array of
booleans, integers or real or complex floats; keys are numbers and texts. Anything else travels as a `Handle`: the
object stays where it is, under a number.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

MAGIC = b"MKS1"
PREFIX = struct.Struct("<4sII")  # magic, bytes of the header, bytes of the arrays
CAP = 4 << 20  # bytes of one frame
DEPTH = 16  # lists within lists
NODES = 100_000  # values in one frame
DIMENSIONS = 8  # of one array
LONGEST_INT = 20  # characters; 64 bits
_TAGS = frozenset(["list", "tuple", "dict", "handle", "array", "scalar"])  # each has its method of the reader
DTYPES = frozenset(["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"])


class Garbled(ValueError):  # named for what happened
    """Bytes that are no frame of ours, or a value that does not fit into one."""


@dataclass(frozen=True)
class Handle:
    """An object that stayed in the other process: its number there, and its type's name."""

    number: int
    type: str


def encode(value: object, handle: Callable[[Any], Handle | np.ndarray[Any, Any]]) -> bytes:
    """The frame of a value; `handle` is asked for everything that does not travel, and may answer with an array.

    Raises Garbled for a value that is too large or too deep.
    """
    writer = _Writer(handle)
    header = _ENCODER.encode(writer.node(value, 0)).encode()
    body = b"".join(writer.blocks)
    if PREFIX.size + len(header) + len(body) > CAP:
        raise Garbled(f"a value of {len(header) + len(body):,} bytes; at most {CAP:,} travel")
    return PREFIX.pack(MAGIC, len(header), len(body)) + header + body


def measure(data: bytes | bytearray) -> int | None:
    """The length of the frame that begins here; None while its prefix is incomplete. Raises Garbled."""
    if not MAGIC.startswith(bytes(data[:4])):
        raise Garbled("bytes that are no frame")
    if len(data) < PREFIX.size:
        return None
    _, header, body = PREFIX.unpack_from(data)
    if PREFIX.size + header + body > CAP:
        raise Garbled(f"a frame of {header + body:,} bytes; at most {CAP:,} are read")
    return int(PREFIX.size + header + body)


def decode(frame: bytes, restore: Callable[[Handle], Any] = lambda handle: handle) -> Any:
    """The value of one whole frame; `restore` turns handles into what they stand for. Raises Garbled."""
    if measure(frame) != len(frame):
        raise Garbled("a truncated frame")
    _, size, _ = PREFIX.unpack_from(frame)
    body = frame[PREFIX.size + size :]
    try:
        node = _DECODER.decode(frame[PREFIX.size : PREFIX.size + size].decode())
    except (ValueError, RecursionError) as error:
        raise Garbled(f"a header that is no JSON of ours ({type(error).__name__})") from error
    reader = _Reader(body, restore)
    value = reader.value(node, 0)
    if reader.at != len(body):
        raise Garbled("bytes that belong to no array")
    return value


def legible(text: str, length: int) -> str:
    """A text of the submission, cut, and without control characters and halves of surrogate pairs."""
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text[:length]
    )


@dataclass
class _Writer:
    """Turns values into JSON nodes: scalars as they are, all else as a list that begins with its tag."""

    handle: Callable[[Any], Handle | np.ndarray[Any, Any]]
    blocks: list[bytes] = field(default_factory=list)
    nodes: int = 0

    def node(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > DEPTH or self.nodes > NODES:
            raise Garbled(f"a value with more than {DEPTH} levels or {NODES:,} entries, or one that contains itself")
        kind = type(value)  # exact types only: a subclass may answer anything to anything
        if value is None or kind in (bool, float, str) or (kind is int and value.bit_length() < 64):
            return value
        if kind in (list, tuple):
            return [kind.__name__, *(self.node(entry, depth + 1) for entry in value)]
        if kind is dict and (len(value) > NODES or all(map(_is_key, value))):
            return ["dict", *([_key(k), self.node(v, depth + 1)] for k, v in value.items())]
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        return self._handle(value)

    def _array(self, value: Any) -> Any:
        plain = np.asarray(value)
        dtype = plain.dtype.newbyteorder("<").str
        if dtype not in DTYPES or plain.ndim > DIMENSIONS:
            return self._handle(value)
        if plain.nbytes > CAP:
            raise Garbled(f"an array of {plain.nbytes:,} bytes; at most {CAP:,} travel")
        self.blocks.append(plain.astype(dtype, order="C").tobytes())
        return ["scalar" if isinstance(value, np.generic) else "array", dtype, *plain.shape]

    def _handle(self, value: Any) -> Any:
        stands = value if isinstance(value, Handle) else self.handle(value)
        if isinstance(stands, np.ndarray):
            return self._array(stands)
        return ["handle", stands.number, stands.type]


@dataclass
class _Reader:
    """Turns nodes back into values, believing no tag, shape or count before it is checked."""

    body: bytes
    restore: Callable[[Handle], Any]
    at: int = 0
    nodes: int = 0

    def value(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > DEPTH or self.nodes > NODES:
            raise Garbled("a value nested too deep or with too many entries")
        if not isinstance(node, list):
            if isinstance(node, dict):
                raise Garbled("a node that is no value")
            return node
        tag, *rest = node or [None]
        if not isinstance(tag, str) or tag not in _TAGS:
            raise Garbled("a node that is no value")
        return getattr(self, "_" + tag)(rest, depth + 1)

    def _list(self, rest: list[Any], depth: int) -> list[Any]:
        return [self.value(node, depth) for node in rest]

    def _tuple(self, rest: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self._list(rest, depth))

    def _dict(self, rest: list[Any], depth: int) -> dict[Any, Any]:
        if not all(isinstance(pair, list) and len(pair) == 2 for pair in rest):
            raise Garbled("a dict that is no list of pairs")
        if any(isinstance(key, list | dict) for key, _ in rest):
            raise Garbled("a dict with a key that cannot be one")
        return {key: self.value(value, depth) for key, value in rest}

    def _handle(self, rest: list[Any], depth: int) -> Any:
        if len(rest) != 2 or type(rest[0]) is not int or not isinstance(rest[1], str):
            raise Garbled("a handle that is none")
        return self.restore(Handle(rest[0], legible(rest[1], 80)))

    def _array(self, rest: list[Any], depth: int) -> Any:
        dtype, *shape = rest or [None]
        if not isinstance(dtype, str) or dtype not in DTYPES:
            raise Garbled("an array of a type that does not travel")
        if len(shape) > DIMENSIONS or not all(type(n) is int and 0 <= n <= CAP for n in shape):
            raise Garbled("an array without a proper shape")
        end = self.at + prod(shape) * np.dtype(dtype).itemsize
        if end > len(self.body):
            raise Garbled("an array longer than its frame")
        flat = np.frombuffer(self.body[self.at : end], dtype=dtype)
        self.at = end
        return flat.reshape(shape).copy()

    def _scalar(self, rest: list[Any], depth: int) -> Any:
        array = self._array(rest, depth)
        if array.shape != ():
            raise Garbled("a scalar with a shape")
        return array[()]


def _is_key(key: Any) -> bool:
    """May this be the key of a dict that travels? Numbers and texts: tuples can be made to share one hash."""
    plain = _key(key)
    return plain is None or type(plain) in (bool, float, str) or (type(plain) is int and plain.bit_length() < 64)


def _key(key: Any) -> Any:
    return key.item() if isinstance(key, np.bool_ | np.integer | np.floating) else key


def _small_int(digits: str) -> int:
    if len(digits) > LONGEST_INT:
        raise ValueError("an integer of more than 64 bits")
    return int(digits)


_ENCODER = json.JSONEncoder(separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_int=_small_int)

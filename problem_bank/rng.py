"""Named random streams: every drawn parameter has its own, so adding one changes no other.

The bits come from SHA-256 and SHAKE-256 alone, so a draw is the same on every Python, NumPy and
machine. An `Rng` also replays: parameters given by name are returned in place of fresh ones, which
is how pinned questions and stored sheets are rebuilt.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from problem_bank.errors import BadGiven, Rejected
from problem_bank.values import entries, freeze, is_number, shape

T = TypeVar("T")
Int: TypeAlias = int  # inside Rng, `int` is the method


class Rng:
    """Streams for one exercise of one student.

    `key` is anything that names the draw (secret, assignment, student, question, attempt); its
    parts are joined with their lengths, so ("ab", "c") and ("a", "bc") differ. `fixed` holds the
    parameters that are given rather than drawn. `drawn` records every parameter by name.
    """

    def __init__(self, *key: object, fixed: Mapping[str, Any] | None = None) -> None:
        self._seed = _digest(key)
        self._fixed = fixed or {}
        self.drawn: dict[str, Any] = {}
        self.free = False  # becomes true with the first parameter that is really drawn

    def int(self, name: str, low: Int, high: Int, *, exclude: Sequence[Int] = ()) -> Int:
        """One integer from low..high, both included."""
        return self._draw(name, (), lambda: self._integers(name, 1, low, high, exclude)[0])

    def ints(self, name: str, n: Int, low: Int, high: Int, *, exclude: Sequence[Int] = ()) -> tuple[Int, ...]:
        """A vector of n integers from low..high, both included."""
        return self._draw(name, (n,), lambda: tuple(self._integers(name, n, low, high, exclude)))

    def int_matrix(
        self, name: str, rows: Int, columns: Int, low: Int, high: Int, *, exclude: Sequence[Int] = ()
    ) -> tuple[tuple[Int, ...], ...]:
        """A rows x columns matrix of integers from low..high, both included."""

        def fresh() -> tuple[tuple[Int, ...], ...]:
            flat = self._integers(name, rows * columns, low, high, exclude)
            return tuple(tuple(flat[r * columns : (r + 1) * columns]) for r in range(rows))

        return self._draw(name, (rows, columns), fresh)

    def choice(self, name: str, options: Sequence[T]) -> T:
        """One of the options. A given number, or row of numbers, need not be among them, a given word must."""
        value = self._draw(name, (), lambda: options[self._indices(name, 1, len(options))[0]], numbers=False)
        return _one_of(name, value, options)

    def choices(self, name: str, options: Sequence[T], n: Int) -> tuple[T, ...]:
        """n options, repetition allowed."""

        def fresh() -> tuple[T, ...]:
            return tuple(options[i] for i in self._indices(name, n, len(options)))

        values = self._draw(name, (n,), fresh, numbers=False)
        return tuple(_one_of(name, value, options) for value in values)

    def each(self, name: str, pools: Sequence[Sequence[T]]) -> tuple[T, ...]:
        """One number from each pool, or one row of numbers: a vector or a matrix.

        Given ones need not be among them, so pools may depend on earlier draws to spare redraws.
        """

        def fresh() -> tuple[T, ...]:
            words = self._words(name, len(pools))
            return tuple(pool[(word * len(pool)) >> 64] for word, pool in zip(words, pools, strict=True))

        return self._draw(name, (len(pools), *shape(pools[0][0])), fresh)

    def sample(self, name: str, options: Sequence[T], n: Int) -> tuple[T, ...]:
        """n different options, in random order."""

        def fresh() -> tuple[T, ...]:
            pool = list(options)
            return tuple(pool.pop((word * len(pool)) >> 64) for word in self._words(name, n))

        values = self._draw(name, (n,), fresh, numbers=False)
        return tuple(_one_of(name, value, options) for value in values)

    def shuffle(self, name: str, n: Int) -> tuple[Int, ...]:
        """A permutation of 0..n-1."""
        return self.sample(name, range(n), n)

    def built(self, name: str, build: Callable[[Rng], T]) -> T:
        """A value of any form, built from streams of its own: only the whole is recorded, and can be given.

        A given one is not checked here: its family knows what fits.
        """

        def fresh() -> T:
            self.free = True
            return build(Rng(self._seed.hex(), name))

        return self._draw(name, (), fresh, numbers=False)

    def require(self, condition: bool, why: str) -> None:
        """Reject this draw unless `condition` holds; `why` is the condition in words.

        Values that an instructor pinned are taken as they are: nothing could be redrawn.
        """
        if self.free and not condition:
            raise Rejected(why)

    def _draw(self, name: str, shape: tuple[Int, ...], fresh: Callable[[], T], *, numbers: bool = True) -> T:
        """The given value of this name, checked against `shape`, or else a fresh one; recorded."""
        if name in self.drawn:
            raise ValueError(f"the stream {name!r} is drawn twice; give each parameter its own name")
        if name in self._fixed:
            value: Any = freeze(self._fixed[name])
            _check_shape(name, value, shape, numbers)
        else:
            value = fresh()
        self.drawn[name] = value
        return value  # type: ignore[no-any-return]  # a given value has the shape just checked

    def _integers(self, name: str, n: Int, low: Int, high: Int, exclude: Sequence[Int]) -> list[Int]:
        pool = [v for v in range(low, high + 1) if v not in exclude] if exclude else range(low, high + 1)
        return [pool[i] for i in self._indices(name, n, len(pool))]

    def _indices(self, name: str, n: Int, size: Int) -> list[Int]:
        """n indices below `size`; multiply-shift, so the bias is at most size / 2**64."""
        return [(word * size) >> 64 for word in self._words(name, n)]

    def _words(self, name: str, n: Int) -> tuple[Int, ...]:
        """n 64-bit words of the stream called `name`."""
        self.free = True
        return struct.unpack(f"<{n}Q", hashlib.shake_256(self._seed + name.encode()).digest(8 * n))


def _digest(key: Sequence[object]) -> bytes:
    joined = hashlib.sha256()
    for part in key:
        data = str(part).encode()
        joined.update(len(data).to_bytes(8, "little") + data)
    return joined.digest()


def _check_shape(name: str, value: Any, shape: tuple[int, ...], numbers: bool) -> None:
    """Check that a given value is a nest of this shape; its entries numbers, or anything."""
    if not shape:
        if numbers and not is_number(value):
            raise BadGiven(f"{name}: expected a number, got {value!r}")
        return
    if not isinstance(value, tuple) or len(value) != shape[0]:
        raise BadGiven(f"{name}: expected {shape[0]} entries, got {value!r}")
    for i, entry in enumerate(value):
        _check_shape(f"{name}[{i}]", entry, shape[1:], numbers)


def _form(value: object) -> tuple[Int, ...] | None:
    """The shape of a number or of numbers in rows; None for anything else."""
    try:
        return shape(value) if all(map(is_number, entries(value))) else None
    except ValueError:
        return None


def _one_of(name: str, value: T, options: Sequence[T]) -> T:
    """The value, where it is one of the options or a number, or numbers in the same form, in place of one."""
    if value in options or _form(value) in {_form(option) for option in options} - {None}:
        return value
    raise BadGiven(f"{name}: {value!r} is none of {', '.join(map(repr, options))}")

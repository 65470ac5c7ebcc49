"""What one question declares: the arrays with their shapes, the numbers, and functions of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from problem_bank.algebra.matrices import words
from problem_bank.algebra.matrices.sizes import Shape, Size
from problem_bank.algebra.points import DOMAINS
from problem_bank.algebra.vocabulary import Vocabulary

Shapes = Mapping[str, Iterable[Size]]
Pairs = tuple[tuple[str, str], ...]
_TALLEST = 2  # dimensions of an array


@dataclass(frozen=True)
class Language:
    """The names of one question; made by `language`, and remembered.

    `entrywise` says that a number may be added to a matrix: it is added to every entry.
    """

    shapes: tuple[tuple[str, Shape], ...]
    domains: Pairs
    aliases: Pairs = ()
    functions: tuple[str, ...] = ()
    entrywise: bool = False

    @cached_property
    def shape(self) -> dict[str, Shape]:
        """The shape of every array, and of every declared number."""
        return dict(self.shapes)

    @cached_property
    def domain(self) -> dict[str, str]:
        """What the entries of each array may be."""
        return dict(self.domains)

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The letters for sizes, in the order of the shapes; each is a number as well, as in G/n."""
        found = [size for _, shape in self.shapes for size in shape if isinstance(size, str)]
        return tuple(dict.fromkeys(size for size in found if size not in self.arrays))

    @cached_property
    def arrays(self) -> frozenset[str]:
        """The names that are no numbers."""
        return frozenset(name for name, shape in self.shapes if shape != (1, 1))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every name, for reading."""
        names = dict.fromkeys([*self.shape, *self.letters])
        return Vocabulary(tuple(names), dict(self.aliases), words.FUNCTIONS)


def language(
    shapes: Shapes,
    symbols: Mapping[str, str] | Iterable[str] | None = None,
    aliases: Mapping[str, str] | None = None,
    functions: Iterable[str] = (),
    entrywise: bool = False,
) -> Language:
    """The language of a question; see `decide_matrix`. Raises ValueError for declarations that do not fit."""
    scalars = dict(symbols) if isinstance(symbols, Mapping) else dict.fromkeys(symbols or (), "real")
    for name, domain in scalars.items():
        if domain not in DOMAINS:
            raise ValueError(f"{name}: {domain!r} is no domain; choose from {', '.join(DOMAINS)}")
    arrays = tuple((name, _pair(name, tuple(shape))) for name, shape in shapes.items())
    return _language(arrays, tuple(scalars.items()), tuple((aliases or {}).items()), tuple(functions), entrywise)


@lru_cache(maxsize=256)
def _language(
    arrays: tuple[tuple[str, Shape], ...], domains: Pairs, aliases: Pairs, functions: tuple[str, ...], entrywise: bool
) -> Language:
    letters = {size for _, shape in arrays for size in shape}
    numbers = [(n, (1, 1)) for n, _ in domains if n not in dict(arrays) and n not in letters]
    return Language((*arrays, *numbers), domains, aliases, functions, entrywise)


def _pair(name: str, shape: tuple[Size, ...]) -> Shape:
    """A declared shape as rows and columns: () is a number, (d,) a column."""
    if len(shape) > _TALLEST:
        raise ValueError(f"{name}: a shape of {len(shape)} dimensions; matrix expressions have at most two")
    rows, columns = (*shape, 1, 1)[:2]
    return rows, columns

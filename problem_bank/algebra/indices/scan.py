r"""From characters to tokens: X_il, X[i,l], X^T_{li}, \delta_{jk}, 1[j=k], \sum_{m=1}^{d}, and the scalar ones."""

from __future__ import annotations

import re
from functools import lru_cache

from problem_bank.algebra import words
from problem_bank.algebra.indices.notation import Notation
from problem_bank.algebra.tokens import Scanner, Token

_LIST = r"\s*[A-Za-z](?:(?:[\s,]|\\[,;: ])*[A-Za-z])*\s*"
_BLOCK = re.compile(rf"\s*(?:\\?_\s*\{{({_LIST})\}}|\\?_?\[({_LIST})\](?:\[({_LIST})\])?|\(({_LIST})\))")
_BELOW = re.compile(r"\s?\\?_(?=[A-Za-z])")
_COMMAS = re.compile(r"[A-Za-z](?:,[A-Za-z])+(?![A-Za-z_(\[])")
_LETTERS = re.compile(r"[A-Za-z]+")
_TURNED = r"\s*(?:\^\s*(?:\{\s*)?(?:T|⊤|\\top|\\intercal|\\mathsf\{T\}|\\mathrm\{T\})(?![A-Za-z])(?:\s*\})?|[ᵀ'’])"
_FLIP = re.compile(_TURNED)
_KRONECKER = re.compile(r"\\delta|delta|δ|\\mathbb\{I\}|I(?=[_\[])")
_MIXED = re.compile(
    r"(?:\\delta|delta|δ)(?:_\{?([A-Za-z])\}?\s*\^\{?([A-Za-z])\}?|\^\{?([A-Za-z])\}?\s*_\{?([A-Za-z])\}?)"
)
_IVERSON = re.compile(
    r"(?:1|I|𝟙|𝟏|\\mathbb\{[1I]\}|\\mathbf\{1\}|\\mathds\{1\})?\s*_?\s*(?:\{\s*\\\{|\\\{|[\[{(])\s*"
    r"([A-Za-z])\s*(==?|!=|≠|\\neq?(?![a-z]))\s*([A-Za-z])\s*(?:\\\}\s*\}|\\\}|[\]})])"
)
_SUM = re.compile(r"(?:\\sum|sum|∑|Σ)(?:\\limits|\\nolimits)?\s*\\?_\s*")
_OVER = re.compile(r"\{\s*([A-Za-z](?:[\s,]*[A-Za-z])*)\s*(?:=\s*([01])\s*)?\}|([A-Za-z])(?:=([01]))?")
_UP_TO = re.compile(r"\s*\^\s*(?:\{\s*([A-Za-z]\w*)\s*(-\s*1)?\s*\}|([A-Za-z])(?![A-Za-z_]))")
_LOW = dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx", strict=True))


def tokenize(text: str, notation: Notation, start: int = 0) -> list[Token]:
    """The tokens of text[start:], with an "end" behind. Raises Unreadable at the first thing that is unknown.

    Beyond the tokens of scalar expressions there are "entry" ("X il"), "delta" and "unequal"
    ("jk"), and "sum" ("mn d": the indices, and the dimension where it is written).
    """
    scanner = _IndexScanner(text.translate(words.PLAIN), notation, start)
    while scanner.at < len(text):
        scanner.step()
    return [*scanner.tokens, Token("end", "", len(text), "the end")]


class _IndexScanner(Scanner):
    """Tries the notation of arrays first."""

    def __init__(self, text: str, notation: Notation, at: int) -> None:
        super().__init__(text, notation.vocabulary, at)
        self.notation = notation
        self.arrays = _arrays(tuple(notation.ranked))

    def piece(self, character: str) -> None:
        """Take the token that begins with this character."""
        if not (self.iverson() or self.summation() or self.kronecker() or self.entry()):
            super().piece(character)

    def iverson(self) -> bool:
        """1[j = k] and 1[j != k]."""
        found = _IVERSON.match(self.text, self.at)
        if not found:
            return False
        self.add("delta" if found[2] in ("=", "==") else "unequal", found[1] + found[3], found.end())
        return True

    def summation(self) -> bool:
        r"""sum_m, \sum_{m,n}, \sum_{m=1}^{d}."""
        sign = _SUM.match(self.text, self.at)
        found = _OVER.match(self.text, sign.end()) if sign else None
        if not sign or not found:
            return False
        letters, end = _joined(found[1] or found[3]), found.end()
        if found[3]:  # sum_mn X_mn, but sum_mX_m
            letters = found[3] if found[4] or self.name_begins(found.end()) else self.letters(found.start())
            end = max(end, found.start() + len(letters))
        limit = _UP_TO.match(self.text, end)
        size = self.limit(limit, found[2] or found[4]) if limit else ""
        self.add("sum", f"{letters} {size}".strip(), limit.end() if limit else end)
        return True

    def limit(self, limit: re.Match[str], start: str | None) -> str:
        """The dimension of a sum from 1 to d, or from 0 to d - 1."""
        size = limit[1] or limit[3]
        if size not in self.notation.sizes:
            self.fail(f"a sum runs up to one of {', '.join(sorted(self.notation.sizes))}, not up to {size}")
        if (start == "0") != bool(limit[2]):
            self.fail(f"write the whole sum, from 1 to {size}; single terms cannot be left out here")
        return size

    def kronecker(self) -> bool:
        """delta_jk, and I_jk where I is no array of the question."""
        mixed, found = _MIXED.match(self.text, self.at), _KRONECKER.match(self.text, self.at)
        if not found or found[0].strip("\\") in self.notation.dimensions:
            return False
        if mixed:
            self.add("delta", "".join(letter for letter in mixed.groups() if letter), mixed.end())
            return True
        letters, end = self.below(found.end(), "delta", 2)
        self.add("delta", letters, end)
        return True

    def entry(self) -> bool:
        """An array and its indices."""
        found = self.arrays.match(self.text, self.at)
        name = next(group for group in found.groups() if group) if found else ""
        if not found or self.is_word(name):
            return False
        rank = self.notation.ranked[name]
        flip = _FLIP.match(self.text, found.end()) if rank == 2 and not found[1] else None
        letters, end = self.below(flip.end() if flip else found.end(), name, rank)
        self.add("entry", f"{name} {letters[::-1] if flip or found[1] else letters}", end)
        return True

    def is_word(self, name: str) -> bool:
        """Is what looks like an array the beginning of another word, such as sin for an array s?"""
        run = self.letters(self.at)
        if not run.startswith(name) or run == name:
            return False
        known = run.lower() in words.FUNCTIONS or self.vocabulary.meaning(run)
        return bool(known) or len(run) != len(name) + self.notation.ranked[name]

    def below(self, at: int, name: str, rank: int) -> tuple[str, int]:
        """The indices of an array that begin at `at`, and where they end."""
        letters, end = self.block(at, name, rank)
        if len(letters) != rank:
            needed = "one index" if rank == 1 else f"{rank} indices"
            self.fail(f"{name} takes {needed}, such as {name}_{'ijlm'[:rank]}; here is “{letters or 'none'}”")
        return letters, end

    def block(self, at: int, name: str, rank: int) -> tuple[str, int]:
        """The letters that stand at `at` as indices, and where they end; "" if there are none."""
        block = _BLOCK.match(self.text, at)
        if block and (not block[4] or len(_joined(block[4])) == rank):
            return _joined("".join(group or "" for group in block.groups())), block.end()
        if low := self.run(at, _LOW):
            return low, at + len(low)
        below = _BELOW.match(self.text, at)
        start = below.end() if below else at
        commas = _COMMAS.match(self.text, start)
        if commas and len(_joined(commas[0])) == rank:
            return _joined(commas[0]), commas.end()
        run = self.letters(start)
        if below is None and not run and self.text[start : start + 1] == "_":
            self.fail(f"indices are letters, as in {name}_{'ijlm'[:rank]}; there is no entry with a fixed place here")
        if len(run) > rank and self.name_begins(start + rank):
            run = run[:rank]
        if not run and self.text[at : at + 1] == "^":
            self.fail(f"write the indices before the power: {name}_{'ijlm'[:rank]}^2, for the square of an entry")
        return run, start + len(run)

    def letters(self, at: int) -> str:
        """The Latin letters that stand here in a row."""
        found = _LETTERS.match(self.text, at)
        return found[0] if found else ""

    def name_begins(self, at: int) -> bool:
        """Does an array, a delta, a sum or a function begin here?"""
        run = self.letters(at)
        if not run:
            return False
        known = (*self.notation.ranked, "delta", "sum", *words.FUNCTIONS)
        return any(run.startswith(name) for name in known) and bool(_NAMED.match(self.text, at + len(run)))


_NAMED = re.compile(r"\s*[_\[({^']")  # what follows a name that begins right after an index


def _joined(letters: str | None) -> str:
    """i, l without what stands between."""
    return re.sub(r"[^A-Za-z]", "", letters or "")


@lru_cache(maxsize=256)
def _arrays(names: tuple[str, ...]) -> re.Pattern[str]:
    r"""One of the arrays: X, \mathbf{X}, \theta."""
    choice = "|".join(map(re.escape, names)) or r"(?!)"
    return re.compile(
        rf"\(\s*({choice}){_TURNED}\s*\)(?=\s*[_\[])|\\(?:mathbf|mathrm|boldsymbol|bm|vec|mathit)\{{({choice})\}}|\\?({choice})"
    )

"""From characters to tokens, each with its place. Nothing is guessed: what is unknown is refused where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, NoReturn

from problem_bank.algebra import patterns, words
from problem_bank.algebra.vocabulary import WORD, Vocabulary
from problem_bank.errors import Unreadable

DIGITS = 40  # of one number
EXPONENT = 99  # of one number in scientific notation

_SPACE = re.compile(r"(?:[\s\u200b\u2060\ufeff~&$]|\\[,;:! ])+")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_WRAPPED = re.compile(rf"\s*\{{\s*({WORD.pattern})\s*\}}")
_BELOW = re.compile(r"_\{([A-Za-z0-9]+(?:,[A-Za-z0-9]+)*)\}|_([A-Za-z0-9]+)")
_MEMBER = re.compile(r"\.(?=([A-Za-z]\w*)\s*\()")
_SERIES = re.compile(
    r"(?:\\(?P<name>sum|prod)(?:\\limits)?(?![A-Za-z])|(?P<word>sum|prod)|(?P<sign>[∑Σ∏Π]))"
    r"\s*_\s*(?P<open>[{(])\s*(?P<index>[a-df-zA-Z])\s*="
)


class Token(NamedTuple):
    """A piece of the text.

    `kind` is "number", "symbol", "function", "log" (its value is the base), "constant", "frac",
    "end", or the operator itself; `glued` tells that no space stands before it, `shown` how it was typed.
    """

    kind: str
    value: Fraction | str
    at: int
    shown: str
    glued: bool = True


def tokenize(text: str, vocabulary: Vocabulary, start: int = 0) -> list[Token]:
    """The tokens of text[start:], with an "end" behind. Raises Unreadable at the first unknown character or name."""
    scanner = Scanner(text.translate(words.PLAIN), vocabulary, start)
    while scanner.at < len(text):
        scanner.plain()
        if scanner.at < len(text):
            scanner.step()
    return [*scanner.tokens, Token("end", "", len(text), "the end")]


def place(at: int) -> str:
    """A position in words."""
    return f"at character {at + 1}"


class Scanner:
    """Walks over the text once; each method takes what begins at `at` and moves on."""

    def __init__(self, text: str, vocabulary: Vocabulary, at: int) -> None:
        self.text, self.vocabulary, self.at = text, vocabulary, at
        self.tokens: list[Token] = []
        self.glued = False
        letters = "".join(c for c in "eE" if c not in vocabulary.spelled)
        self.number, self.pieces = patterns.number(letters), patterns.pieces(letters)
        self.odd = [(spelling.translate(words.PLAIN), vocabulary.spelled[spelling]) for spelling in vocabulary.odd]

    def plain(self) -> None:
        """Take numbers, known words and operators, as far as nothing else comes: nearly all of nearly every text."""
        at, glued = self.at, self.glued
        found = None if self.odd else self.pieces.match(self.text, at)
        while found and (meaning := self.meant(found)):
            kind, value = meaning
            start = found.start(found.lastindex or 0)
            self.tokens.append(Token(kind, value, start, self.text[start : found.end()], glued and start == at))
            at, glued = found.end(), True
            found = self.pieces.match(self.text, at)
        self.at, self.glued = at, glued

    def meant(self, found: re.Match[str]) -> tuple[str, Fraction | str] | None:
        """The kind and value of a plain piece; None for a word that needs a second look."""
        shown = found[found.lastindex or 0]
        if found.lastindex == patterns.WORD:
            return self.vocabulary.known.get(shown) or self.vocabulary.learn(shown)
        if found.lastindex == patterns.NUMBER:
            self.at = found.start(patterns.NUMBER)  # the place, should it be too long
            return "number", self.value(shown)
        return "^" if shown == "**" else shown, shown

    def step(self) -> None:
        """Take what stands here: space, a declared spelling, or a piece."""
        space = _SPACE.match(self.text, self.at)
        if space:
            self.at, self.glued = space.end(), False
        elif not (self.odd and self.declared()):
            self.piece(self.text[self.at])

    def piece(self, character: str) -> None:
        """Take the token that begins with this character."""
        number = self.number.match(self.text, self.at)
        if number:
            self.add("number", self.value(number[0]), number.end())
        elif series := _SERIES.match(self.text, self.at):
            self.series(series)
        elif character == "\\":
            self.command()
        elif character in words.GREEK:
            self.named(words.GREEK[character], self.at + 1)
        elif word := WORD.match(self.text, self.at):
            self.word(word[0].replace("\\", ""), word.end())
        elif character in words.VULGAR:
            self.add("number", Fraction(*words.VULGAR[character]), self.at + 1)
        elif character in words.SUPERSCRIPTS:
            self.superscript()
        else:
            self.operator()

    def add(self, kind: str, value: Fraction | str, end: int) -> None:
        """Take a token that ends before `end`."""
        self.tokens.append(Token(kind, value, self.at, self.text[self.at : end], self.glued))
        self.at, self.glued = end, True

    def declared(self) -> bool:
        """A declared spelling that is no plain word, such as ∇L."""
        for spelling, name in self.odd:
            if self.text.startswith(spelling, self.at):
                self.add("symbol", name, self.at + len(spelling))
                return True
        return False

    def operator(self) -> None:
        """Take an operator or a bracket."""
        for operator in patterns.OPERATORS:
            if self.text.startswith(operator, self.at):
                self.add("^" if operator == "**" else operator, operator, self.at + len(operator))
                return
        self.fail(_unknown_character(self.text[self.at]))

    def command(self) -> None:
        r"""A LaTeX command: \frac, \left, \mathrm{ReLU}, \theta_{1} ..."""
        found = _COMMAND.match(self.text, self.at)
        if not found:
            following = self.text[self.at + 1 : self.at + 2]
            if following and following in "()[]":  # \( and \) around a formula
                self.at += 2
                return
            if following not in ("{", "}", "|"):
                self.fail("a lone backslash; write LaTeX commands such as \\frac or \\cdot, or plain text")
            self.at += 1
            return
        name, end = found[1], found.end()
        if name in words.SILENT:
            self.at = end + (self.text[end : end + 1] == ".")
        elif name in words.SYMBOLS:
            self.add(words.SYMBOLS[name], name, end)
        elif name in words.WRAPPERS:
            self.wrapped(found[0], end)
        else:
            self.named(words.VARIANTS.get(name, name), end)

    def series(self, found: re.Match[str]) -> None:
        r"""Take \sum_{i=, and know the index from here on."""
        op = "multiplied" if (found["name"] or found["word"] or found["sign"]) in ("prod", "∏", "Π") else "summed"
        index = found["index"]
        self.add("series", f"{op} {index} {words.CLOSING[found['open']]}", found.end())
        if index not in self.vocabulary.spelled:
            self.vocabulary = replace(self.vocabulary, symbols=(*self.vocabulary.symbols, index))

    def wrapped(self, command: str, end: int) -> None:
        r"""Take the name in \mathrm{...}."""
        inner = _WRAPPED.match(self.text, end)
        if not inner:
            self.fail(f"{command} should hold one name in braces, such as \\mathrm{{ReLU}}")
        self.named(inner[1].replace("\\", ""), inner.end())

    def word(self, word: str, end: int) -> None:
        """Take a word; a lone x between spaces is a times sign, C(n, k) a binomial coefficient."""
        if word == "C" and word not in self.vocabulary.spelled and self.text.startswith("(", end):
            self.add("function", "binomial", end)
            return
        if word in words.MODULES and self.is_module(word, end):
            self.at = end + 1
            return
        lone_x = word in ("x", "X") and word not in self.vocabulary.spelled
        if lone_x and not self.glued and _SPACE.match(self.text, end):
            self.add("*", word, end)  # 3 x 4
        else:
            self.named(word, end)

    def is_module(self, word: str, end: int) -> bool:
        """Is this the np of np.exp(...)?"""
        member = _MEMBER.match(self.text, end)
        meaning = self.vocabulary.meaning(member[1]) if member and word not in self.vocabulary.spelled else None
        return meaning is not None and meaning[0] == "function"

    def named(self, word: str, end: int) -> None:
        """A word with the subscript that belongs to it, or several names written together."""
        below = _BELOW.match(self.text, end)
        if below:
            word, end = f"{word}_{(below[1] or below[2]).replace(',', '')}", below.end()
        low = self.run(end, words.SUBSCRIPTS)
        if low:
            word, end = f"{word}_{low}", end + len(low)
        found = self.vocabulary.resolve(word)
        if not found:
            self.fail(self.vocabulary.unknown(word))
        shown = self.text[self.at : end]
        for i, (kind, value) in enumerate(found):
            self.tokens.append(Token(kind, value, self.at, shown, self.glued or i > 0))
        self.at, self.glued = end, True

    def superscript(self) -> None:
        """x² as x^(2)."""
        raised = self.run(self.at, words.SUPERSCRIPTS)
        shown = self.text[self.at : self.at + len(raised)]
        inner = tokenize(raised, self.vocabulary)[:-1]
        around = [Token("^", "^", self.at, shown), Token("(", "(", self.at, shown)]
        inside = [Token(t.kind, t.value, self.at, shown, t.glued) for t in inner]
        self.tokens += [*around, *inside, Token(")", ")", self.at, shown)]
        self.at, self.glued = self.at + len(raised), True

    def run(self, start: int, table: Mapping[str, str]) -> str:
        """The plain form of the characters of a table that stand here in a row."""
        end = start
        while end < len(self.text) and self.text[end] in table:
            end += 1
        return "".join(table[c] for c in self.text[start:end])

    def value(self, shown: str) -> Fraction:
        """The value of a number as it was typed."""
        mantissa, _, exponent = shown.lower().partition("e")
        if len(mantissa) > DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > EXPONENT:
            self.fail(f"this number is too long or too large; at most {DIGITS} digits are read")
        return patterns.decimal(shown)

    def fail(self, why: str) -> NoReturn:
        """Raise Unreadable with the present place."""
        raise Unreadable(f"{place(self.at)}: {why}")


def _unknown_character(character: str) -> str:
    if character == "=":
        return "write one expression, without a further “=”"
    if character in "ᵀ'’":
        return "a transpose has no place in an answer that is a number"
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    shown = f"“{character}” ({name})" if character.isprintable() else name
    return f"{shown} has no place here; write letters of the question, numbers and + - * / ^ ( )"

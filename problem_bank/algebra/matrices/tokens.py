"""From characters to tokens: what matrix expressions add to the tokens of plain ones."""

from __future__ import annotations

import re

from problem_bank.algebra.matrices import words
from problem_bank.algebra.matrices.language import Language
from problem_bank.algebra.tokens import Scanner, Token
from problem_bank.algebra.vocabulary import WORD

_BELOW = r"(?:_(?:\{\s*([A-Za-z]\w*)\s*\}|([A-Za-z]\w*)))"
_T = r"(?:T|ᵀ|'|\\(?:top|intercal|prime)(?![A-Za-z])|\\math(?:sf|rm)\s*\{T\}|\\text\{T\})"
_TRANSPOSE = re.compile(rf"\^\s*(?:\{{\s*(-?)\s*{_T}\s*\}}|\(\s*(-?)\s*{_T}\s*\)|(-?){_T})")
_ONES = re.compile(rf"(?:\\(?:mathbf|mathbb|mathbbm|bm|boldsymbol)\s*(?:\{{\s*1\s*\}}|1)|𝟏|𝟙|1(?=_)){_BELOW}?")
_EYE = re.compile(rf"(?:I|Id|\\(?:mathbf|mathbb)\{{I\}}){_BELOW}?(?![A-Za-z0-9])")
_KEYWORD = re.compile(
    r"(?:\\(?:mathrm|text)\{)?(axis|dim|keepdims?)\}?\s*=\s*(-?[012]|True|False|None)(?![A-Za-z0-9.])"
)
_MODULE = re.compile(r"(?:np|numpy|torch|jnp|math|F)\.(?:(?:linalg|special|functional)\.)?(?=[a-zA-Z_])")
_METHOD = re.compile(r"\.\s*(?:(T|mT)(?![A-Za-z0-9_])|([a-z_]+)(?=\())")
_CALL = re.compile(r"\s*(?:\\left\s*)?\(")
_OPERATOR = re.compile("|".join(map(re.escape, sorted(words.OPERATORS, key=len, reverse=True))))
_COMMAND = re.compile(r"\\([A-Za-z]+|\|)")


def tokenize(text: str, language: Language, start: int = 0) -> list[Token]:
    """The tokens of text[start:], with an "end" behind. Raises Unreadable at the first unknown character or name."""
    scanner = _MatrixScanner(text.translate(words.PLAIN), language, start)
    while scanner.at < len(text):
        scanner.step()
    return [*scanner.tokens, Token("end", "", len(text), "the end")]


class _MatrixScanner(Scanner):
    """Further kinds of token: "T" and "-T" (transposes), "ones" and "eye" (their size), "keyword" (axis=0),
    "method", "own", "‖", and the gaps of `words.GAPS`.
    """

    def __init__(self, text: str, language: Language, at: int) -> None:
        super().__init__(text, language.vocabulary, at)
        self.language = language

    def piece(self, character: str) -> None:
        found = _TRANSPOSE.match(self.text, self.at)
        if found:
            self.transpose(found)
        elif not (self.special() or self.operator_here()):
            super().piece(character)

    def transpose(self, found: re.Match[str]) -> None:
        if self.language.shape.get("T") == (1, 1):
            self.fail("T is a number of this question; write X' or X^\\top for a transpose, x^(T) for a power")
        self.add("-T" if any(found.groups()) else "T", found[0], found.end())

    def special(self) -> bool:
        """Pieces that no plain expression has. Declared names come first."""
        known = self.vocabulary.spelled
        module, keyword = _MODULE.match(self.text, self.at), _KEYWORD.match(self.text, self.at)
        if module and module[0].split(".")[0] not in known:
            self.at = module.end()
            return True
        if keyword:
            self.add("keyword", f"{keyword[1]}={keyword[2]}", keyword.end())
            return True
        return self.method() or self.constant_array() or self.own_function()

    def method(self) -> bool:
        """.T and .sum(...) behind an array."""
        found = _METHOD.match(self.text, self.at)
        if found:
            self.add("T" if found[1] else "method", found[2] or "T", found.end())
        return found is not None

    def constant_array(self) -> bool:
        """1_n and I_n, with or without their size."""
        for kind, pattern in (("ones", _ONES), ("eye", _EYE)):
            found = pattern.match(self.text, self.at)
            if found and not (kind == "eye" and self.is_declared(found)):
                size = found[1] or found[2] or ""
                if size and size not in self.language.letters:
                    self.fail(f"{found[0]}: {size} is no size here; sizes are {', '.join(self.language.letters)}")
                self.add(kind, size, found.end())
                return True
        return False

    def is_declared(self, found: re.Match[str]) -> bool:
        """Is this I a name of the question? One with a size is the identity all the same, unless it is declared so."""
        word = WORD.match(self.text, self.at)
        names = self.vocabulary.spelled
        return bool(word and word[0] in names) or ("I" in names and not (found[1] or found[2]))

    def own_function(self) -> bool:
        """A function that the question declares, such as h'."""
        for name in sorted(self.language.functions, key=len, reverse=True):
            end = self.at + len(name)
            if self.text.startswith(name, self.at) and not re.match(r"[A-Za-z0-9_']", self.text[end : end + 1]):
                self.add("own", name, end)
                return True
        return False

    def operator_here(self) -> bool:
        found = _OPERATOR.match(self.text, self.at)
        if found:
            self.add(words.OPERATORS[found[0]], found[0], found.end())
        return found is not None

    def command(self) -> None:
        found = _COMMAND.match(self.text, self.at)
        if found and found[1] in words.COMMANDS:
            self.add(words.COMMANDS[found[1]], found[0], found.end())
        elif found and found[1] in words.WRAPPERS:
            self.wrapped(found[0], found.end())
        else:
            super().command()

    def named(self, word: str, end: int) -> None:
        """An undeclared σ is the sigmoid, an undeclared T(...) a transpose."""
        if word in ("sigma", "T") and word not in self.vocabulary.spelled and _CALL.match(self.text, end):
            self.add("function", "sigmoid" if word == "sigma" else "transpose", end)
        else:
            super().named(word, end)

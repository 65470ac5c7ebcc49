r"""Letters in other alphabets: what MathML writes for \mathbf{W}, since its core knows no styles, only characters.

The code points are those of Unicode's Mathematical Alphanumeric Symbols; letters that were there before that block
came have their old places.
"""

from __future__ import annotations

_GREEK_SMALL = "αβγδεζηθικλμνξοπρςστυφχψω"
_GREEK_CAPITAL = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ ΣΤΥΦΧΨΩ"  # a gap where the block has its capital theta symbol

_STARTS = {  # the code points of A, a, 0, capital alpha and small alpha; 0 where an alphabet has none
    "mathbf": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2),
    "boldsymbol": (0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736),
    "mathbb": (0x1D538, 0x1D552, 0x1D7D8, 0, 0),
    "mathcal": (0x1D49C, 0x1D4B6, 0, 0, 0),
    "mathsf": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0),
    "mathtt": (0x1D670, 0x1D68A, 0x1D7F6, 0, 0),
}
_OLDER = {
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
}
_SYMBOLS = "∂ϵϑϰϕϱϖ"  # follow the small omega


def _alphabet(name: str) -> dict[str, str]:
    capital, small, digit, greek_capital, greek_small = _STARTS[name]
    runs = [
        (capital, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), (small, "abcdefghijklmnopqrstuvwxyz"), (digit, "0123456789"),
        (greek_capital, _GREEK_CAPITAL), (greek_small, _GREEK_SMALL + _SYMBOLS),
    ]  # fmt: skip
    letters = {char: chr(start + i) for start, run in runs if start for i, char in enumerate(run) if char != " "}
    return letters | _OLDER.get(name, {})


_ALPHABETS = {name: _alphabet(name) for name in _STARTS}
_ALPHABETS["bm"] = _ALPHABETS["boldsymbol"]


def styled(text: str, alphabet: str) -> str:
    """The text with every letter in this alphabet, by its LaTeX name; others stay as they are."""
    letters = _ALPHABETS.get(alphabet, {})
    return "".join(letters.get(char, char) for char in text)

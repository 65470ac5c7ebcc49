"""The commands of the subset that take no arguments, and how each is read aloud."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


_GREEK = _words(
    "alpha α beta β gamma γ delta δ zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π rho ρ "
    "sigma σ tau τ upsilon υ phi ϕ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ "
    "Upsilon Υ Phi Φ Psi Ψ Omega Ω epsilon ϵ varepsilon ε varphi φ vartheta ϑ varrho ϱ varsigma ς"
)

_SIGNS = """
cdot ⋅ times
times × times
div ÷ divided by
pm ± plus or minus
mp ∓ minus or plus
ast ∗ star
star ⋆ star
circ ∘ composed with
bullet • bullet
odot ⊙ elementwise times
otimes ⊗ tensor times
oplus ⊕ direct sum
cup ∪ union
cap ∩ intersected with
setminus ∖ without
wedge ∧ and
land ∧ and
vee ∨ or
lor ∨ or
neg ¬ not
lnot ¬ not
le ≤ is at most
leq ≤ is at most
ge ≥ is at least
geq ≥ is at least
ll ≪ is much less than
gg ≫ is much greater than
lt < is less than
gt > is greater than
ne ≠ is not equal to
neq ≠ is not equal to
approx ≈ is about
equiv ≡ is equivalent to
sim ∼ is distributed as
simeq ≃ is about
cong ≅ is congruent to
propto ∝ is proportional to
in ∈ in
notin ∉ not in
ni ∋ contains
subset ⊂ subset of
subseteq ⊆ subset of or equal to
supset ⊃ superset of
supseteq ⊇ superset of or equal to
succ ≻ succeeds
succeq ⪰ succeeds or equals
prec ≺ precedes
preceq ⪯ precedes or equals
perp ⊥ is perpendicular to
parallel ∥ is parallel to
mid ∣ given
to → to
rightarrow → to
leftarrow ← becomes
gets ← becomes
leftrightarrow ↔ corresponds to
mapsto ↦ maps to
longrightarrow ⟶ to
Rightarrow ⇒ implies
Leftarrow ⇐ follows from
Leftrightarrow ⇔ if and only if
implies ⟹ implies
iff ⟺ if and only if
uparrow ↑ up
downarrow ↓ down
forall ∀ for all
exists ∃ there is
infty ∞ infinity
partial ∂ partial
nabla ∇ nabla
top ⊤ transpose
bot ⊥ bottom
ell ℓ l
hbar ℏ h bar
Re ℜ real part of
Im ℑ imaginary part of
emptyset ∅ the empty set
varnothing ∅ the empty set
square □ blank
Box □ blank
angle ∠ angle
dots … and so on
ldots … and so on
cdots ⋯ and so on
vdots ⋮ and so on
ddots ⋱ and so on
prime ′ prime
dagger † dagger
sum ∑ the sum
prod ∏ the product
int ∫ the integral
bigcup ⋃ the union
bigcap ⋂ the intersection
colon : :
backslash \\ backslash
_ _ underscore
% % percent
# # hash
& & and
$ $ dollar
"""

BRACKETS = {
    "(": ("(", "open bracket"),
    ")": (")", "close bracket"),
    "[": ("[", "open square bracket"),
    "]": ("]", "close square bracket"),
    "|": ("|", "bar"),
    "{": ("{", "open brace"),
    "}": ("}", "close brace"),
    "lbrace": ("{", "open brace"),
    "rbrace": ("}", "close brace"),
    "lbrack": ("[", "open square bracket"),
    "rbrack": ("]", "close square bracket"),
    "vert": ("|", "bar"),
    "lvert": ("|", "bar"),
    "rvert": ("|", "bar"),
    "Vert": ("‖", "double bar"),
    "lVert": ("‖", "double bar"),
    "rVert": ("‖", "double bar"),
    "lfloor": ("⌊", "floor of"),
    "rfloor": ("⌋", "end floor"),
    "lceil": ("⌈", "ceiling of"),
    "rceil": ("⌉", "end ceiling"),
    "langle": ("⟨", "open angle bracket"),
    "rangle": ("⟩", "close angle bracket"),
}
r"""Brackets by what follows \left (without a backslash); `\|` is the double bar."""

COMMANDS = {
    **{name: (char, name.removeprefix("var")) for name, char in zip(_GREEK[::2], _GREEK[1::2], strict=True)},
    **{name: (char, spoken) for name, char, spoken in (line.split(" ", 2) for line in _SIGNS.strip().splitlines())},
    **{name: pair for name, pair in BRACKETS.items() if len(name) > 1 or name in "{}"},
    "|": ("‖", "double bar"),
    "backslash": ("\\", "backslash"),
}
"""Command without its backslash: the character it stands for, and its words."""

CHARACTERS = {
    **{char: BRACKETS[char] for char in "()[]|"},
    "+": ("+", "plus"),
    "-": ("−", "minus"),
    "−": ("−", "minus"),
    "*": ("∗", "star"),
    "/": ("/", "over"),
    "=": ("=", "equals"),
    "<": ("<", "is less than"),
    ">": (">", "is greater than"),
    ",": (",", ","),
    ";": (";", ";"),
    ":": (":", ":"),
    ".": (".", "."),
    "!": ("!", "factorial"),
    "?": ("?", "?"),
    "·": ("⋅", "times"),
    "@": ("@", "at"),
    **{char: (char, spoken) for char, spoken in COMMANDS.values() if not char.isascii()},
}
"""Characters that stand for themselves, besides letters and digits."""

NAMES = set(
    _words("arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh")
)
LIMIT_NAMES = set(_words("argmax argmin det gcd inf lim liminf limsup max min Pr sup"))
ACCENTS = set(_words("hat widehat tilde widetilde bar overline underline vec dot ddot check underbrace overbrace"))
ALPHABETS = set(_words("mathbf boldsymbol bm mathbb mathcal mathit mathsf mathtt mathrm"))
TABLES = set(_words("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array cases aligned split gathered"))

SPACES = {",": 1 / 6, ":": 2 / 9, ">": 2 / 9, ";": 5 / 18, "!": -1 / 6, " ": 1 / 3, "quad": 1, "qquad": 2}
"""White space in ems."""

"""Formulas: the subset of LaTeX, its print and its words."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import problem_bank
from assignments.documents.mathematics import LintError, lint, mathml, parse, speech, typst
from assignments.documents.mathematics.alphabets import styled
from assignments.documents.mathematics.lint import formulas
from assignments.documents.mathematics.tree import Fraction, Number, Row, Script, Symbol, Table, Text
from assignments.documents.paper.compiler import compiled
from assignments.documents.paper.prose import formula
from assignments.documents.paper.sheet import document
from problem_bank.variant import Variant

CORE = {
    "math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub",
    "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
"""The elements of MathML Core that formulas are made of: what browsers draw without a script."""

PIECES = st.sampled_from(
    [r"\frac", r"\sqrt", "{", "}", "^", "_", "&", r"\\", r"\left(", r"\right)", r"\begin{pmatrix}", r"\end{pmatrix}",
     "x", "12", r"\alpha", "'", r"\text{if}", "+", r"\sum", "[", "]", r"\hat", "$", "#", r"\,", '"', "/", ";"]
)  # fmt: skip


def texts(variant: Variant) -> list[str]:
    """Every Markdown text of a variant: prompts, options, feedback, solution."""
    found = [variant.prompt, variant.solution]
    for part in variant.parts:
        found.append(variant.text(part.prompt))
        found += [str(option) for option in part.answer.public().get("options", ())]
        found += [slip.feedback for slip in part.misconceptions]
    return found


def keys(variant: Variant) -> list[str]:
    """The LaTeX of every key and every mistake of a variant."""
    truth, found = variant.exercise.keys(), []
    for part in variant.parts:
        values = [part.answer.key, *(slip.worked(truth) for slip in part.misconceptions)]
        found += [part.answer.keyed(value).tex(value) for value in values if value is not None]
    return [tex for tex in found if tex]


def tags(latex: str) -> set[str]:
    """The elements of a formula's MathML, read by another parser; bad XML is an error."""
    return {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(mathml(latex)).iter()}


@pytest.mark.parametrize("id", problem_bank.ids())
def test_the_whole_bank_is_inside_the_subset(id: str) -> None:
    """Every formula of every family and level is parsed, set by Typst's own parser and as MathML, and said in words."""
    family, found = problem_bank.load(id), set()
    for level in family.levels:
        variant = family.draw("mathematics", level=level)
        assert [str(error) for text in texts(variant) for error in lint(text)] == []
        found |= {tex for text in texts(variant) for tex in formulas(text)} | set(keys(variant))
    assert all("\\" not in speech(tex) and "{" not in speech(tex) for tex in found)
    assert {tag for tex in found for tag in tags(tex)} <= CORE
    body = "\n".join(f"#{formula(tex)}\n" for tex in sorted(found))
    assert compiled(document(body or "= None", title="Formulas")).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("latex", "said", "at"),
    [
        (r"\nonsense{x}", r"\\nonsense is outside the subset", 0),
        (r"x + \frac{1}", "something is missing", 12),
        (r"x + \href{a}{b}", r"\\href is outside", 4),
        (r"\begin{tikzpicture} x \end{tikzpicture}", "environment tikzpicture", 6),
        ("a & b", "& closes or parts nothing", 2),
        (r"\left( x", r"\\left has no", 5),
        ("{x", "never closed", 0),
        ("x}", "} closes or parts nothing", 1),
        ("x^2^3", "second superscript", 3),
        ("x_a_b", "second subscript", 3),
        ("x^", "something is missing", 2),
        (r"\text{a $x$ b}", "inside a text", 8),
        (r"\text{a \textbf{b}}", "inside a text", 8),
        (r"\left\alpha x \right)", "no bracket that can grow", 5),
        (r"\begin{array}{p{3cm}} x \end{array}", "columns of an array", 13),
        (r"\begin{pmatrix} 1 \end{bmatrix}", r"has no \\end{pmatrix}", 6),
        ("#x", "# has no meaning", 0),
        ("{" * 100 + "x" + "}" * 100, "too deeply", 60),
        (r"\hat" * 5000 + "x", "too deeply", 240),
    ],
)
def test_what_is_outside_the_subset_is_named_with_its_place(latex: str, said: str, at: int) -> None:
    """The error says what is wrong and at which character, and holds the formula."""
    with pytest.raises(LintError, match=said) as caught:
        typst(latex)
    assert (caught.value.text, caught.value.position) == (latex, at)


def test_lint_names_each_bad_formula_of_a_text() -> None:
    """Of a Markdown text, the bad formulas are reported and the good ones are not; code is no formula."""
    found = lint(r"Let $x^2$ and $\foo$ be. `$\bar$` Then" + "\n\n$$\n\\frac{1}\n$$\n")
    assert [error.text.strip() for error in found] == [r"\foo", r"\frac{1}"]
    assert str(found[0]).startswith(r"in the formula '\\foo', character 1:")


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        ("x^23", Row((Script(Symbol("x", "x"), None, Number("2")), Number("3")))),  # one digit only
        (r"\frac12", Row((Fraction(Number("1"), Number("2")),))),
        ("12.5", Row((Number("12.5"),))),
        (r"\mathrm{ReLU}", Row((Text("ReLU"),))),
        (r"\text{no\_name  %}".replace("%", r"\%"), Row((Text("no_name  %"),))),
        (r"\begin{matrix} 1 \\ \end{matrix}", Row((Table("matrix", ((Row((Number("1"),)),),)),))),  # no last row
    ],
)
def test_latex_is_read_as_tex_reads_it(latex: str, tree: Row) -> None:
    """Single digits as arguments, decimals as one number, words as one text, a closing line break as none."""
    assert parse(latex) == tree


@pytest.mark.parametrize(
    ("latex", "source"),
    [
        ("xy", "x y"),  # never an identifier of Typst
        (r"\alpha\beta", "α β"),
        ("2x", "2 x"),
        ("f(x, y)", r"f\(x\,y\)"),  # brackets do not grow, commas part no arguments
        (r"\left(x\right)", r"lr(\(x\))"),
        ("a/b", r"a\/b"),  # no fraction
        (r"\lVert w \rVert", "‖w‖"),
        (r"\begin{pmatrix} 1 & -2 \\ 3, & x \end{pmatrix}", r'display(mat(delim: "(", 1, −2; 3\,, x))'),
        (r"\text{a \"b\" #x \$}".replace('\\"', '"'), r'"a \"b\" #x $"'),
        (r"\operatorname{Var}(w)", r'op("Var", limits: #false)\(w\)'),
        ("{}_i", '""_(i)'),
        ("f'", "f^(′)"),
    ],
)
def test_print_keeps_typst_from_meaning_more(latex: str, source: str) -> None:
    """What Typst would read as a name, a call, a fraction or a growing bracket is kept from it."""
    assert typst(latex) == source


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("x^2 + y_i", "x squared + y sub i"),
        (r"\frac{1}{2}", "1 over 2"),
        (r"\frac{a + b}{c - 1}", "the fraction a plus b over c minus 1 end fraction"),
        (r"\sum_{i=1}^{n} x_i", "the sum from i equals 1 to n of x sub i"),
        (r"W^\top x \le 3", "W transpose x is at most 3"),
        (r"\hat{x} \in \mathbb{R}^{3 \times 2}", "x hat in the real numbers to the power 3 times 2 end power"),
        (
            r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
            "the 2 by 2 matrix with row 1: 1, 2; row 2: 3, 4; end matrix",
        ),
        (r"\sqrt{x}", "the square root of x"),
        (r"\lVert w \rVert", "double bar w double bar"),
        (r"\left\|w\right\|", "the norm of w end"),
        (r"f'(x)", "f prime open bracket x close bracket"),
        (r"\binom{6}{3}", "6 choose 3"),
        (r"A \xrightarrow{f} B", "A to with f over it B"),
    ],
)
def test_formulas_are_said_in_words(latex: str, words: str) -> None:
    """A screen reader gets a sentence in which fractions, powers and matrices have an end."""
    assert speech(latex) == words.replace("+", "plus")


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        ("-x", "<mo>−</mo><mi>x</mi>"),  # first in its row, a browser takes it for a sign
        ("|-x| + 1", '<mo form="prefix">−</mo>'),
        ("|x| - 1", "<mo>−</mo><mn>1</mn>"),  # a difference, though a bar stands before it
        ("n! - 1", "<mo>−</mo>"),
        (r"2\log x", '<mn>2</mn><mspace width="0.167em"/><mi>log</mi><mspace width="0.167em"/><mi>x</mi>'),
        (r"\log(x)", '<mi>log</mi><mo form="prefix" stretchy="false">(</mo>'),
        (r"\max_i x_i", '<munder><mo movablelimits="true" lspace="0" rspace="0">max</mo><mi>i</mi></munder>'),
        (r"\sum_{i=1}^n i", "<munderover><mo>∑</mo>"),
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\left. x \right|_0", '<mo form="postfix" stretchy="true" symmetric="true">|</mo></mrow><mn>0</mn></msub>'),
        (r"\binom{n}{k}", '<mfrac linethickness="0">'),
        (r"\dfrac12", '<mstyle displaystyle="true" scriptlevel="0"><mfrac>'),
        (r"\Sigma + x", '<mi mathvariant="normal">Σ</mi>'),  # upright, as TeX sets it
        (r"\mathbf{W}_1", "<msub><mi>𝐖</mi>"),
        (r"\boldsymbol{\theta}", "<mi>𝜽</mi>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\mathcal{N}(0, 1)", "<mi>𝒩</mi>"),
        (r"\begin{array}{c|r} 1 & 2 \end{array}", "text-align:-webkit-right;border-left:1px solid"),
        (r"\begin{aligned} a &= b \end{aligned}", "text-align:-webkit-right;padding-left:0"),
        (r"\begin{cases} 1 & x < 0 \end{cases}", '<mo form="prefix" stretchy="true" symmetric="true">{</mo><mtable'),
        (r"\text{<b> & \$}", "<mtext>&lt;b&gt; &amp; $</mtext>"),
        (r"\texttt{a\_b}", "<mtext>𝚊_𝚋</mtext>"),
    ],
)
def test_pages_show_what_tex_sets(latex: str, part: str) -> None:
    """Signs, names, limits, brackets, alphabets and tables, where a browser alone would guess otherwise."""
    assert part in mathml(latex)


@pytest.mark.parametrize("alphabet", ["mathbf", "boldsymbol", "bm", "mathbb", "mathcal", "mathsf", "mathtt"])
def test_an_alphabet_changes_the_look_alone(alphabet: str) -> None:
    """Every styled letter is, by Unicode's own table, a form of the letter that it stands for."""
    plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ΑΒΓΔΘΛΞΣΦΨΩαβγδεζηθλμνξπρστφχψω∂ϵϑϕ"
    changed = styled(plain, alphabet)
    assert sum(a != b for a, b in zip(plain, changed, strict=True)) >= 52
    assert unicodedata.normalize("NFKC", changed) == unicodedata.normalize("NFKC", plain)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_any_formula_is_set_or_refused(latex: str) -> None:
    """Whatever is typed: it is refused with a place inside it, or it is said and set."""
    try:
        source = typst(latex)
    except LintError as error:
        assert 0 <= error.position <= len(latex)
        return
    assert speech(latex)
    assert tags(latex) <= CORE
    assert compiled(document(f'#math.equation(alt: "x", ${source}$)', title="T")).startswith(b"%PDF")


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{" + text + "}"
        for text in ('#read("/etc/passwd")', '") #panic() ("', "a*b*", "\\#x", "$".replace("$", r"\$"), "@ref <label>")
    ]
    + ['x \\$ #read', "\\# panic", "x / / y", "a // b", "a /* b", "@x", '"x"', "~x", "x!", "[a]", "a : b"],
)  # fmt: skip
def test_no_formula_runs_anything(latex: str) -> None:
    """Typst's own signs inside a formula are signs: they call nothing, open no comment, leave no math."""
    try:
        source = formula(latex)
    except LintError:
        return
    assert compiled(document(f"#{source} #text[after]", title="T")).startswith(b"%PDF")

"""The words of matrix expressions, beside those of `problem_bank.algebra.words`."""

from __future__ import annotations

from problem_bank.algebra import words

ENTRYWISE = frozenset([
    "exp", "ln", "sqrt", "abs", "sign", "relu", "sigmoid", "tanh", "softplus", "step", "sin", "cos", "sinh", "cosh",
])  # fmt: skip
"""Functions that act on each entry. `step` is 1 where its argument is positive, and 0 elsewhere."""

_SPELLINGS = {
    "exp": "exp", "ln": "ln log", "sqrt": "sqrt", "abs": "abs", "sign": "sign sgn", "relu": "relu",
    "sigmoid": "sigmoid logistic expit", "tanh": "tanh", "softplus": "softplus", "step": "step heaviside",
    "sin": "sin", "cos": "cos", "sinh": "sinh", "cosh": "cosh",
    "max": "max maximum", "min": "min minimum", "softmax": "softmax", "norm": "norm", "square": "square",
    "diag": "diag diagonal diagflat", "trace": "tr trace", "sum": "sum", "mean": "mean",
    "sum 0": "sum_rows sumrows col_sums colsums column_sums",
    "sum 1": "sum_cols sumcols sum_columns row_sums rowsums",
    "outer": "outer", "inner": "inner", "@": "matmul dot mm", "⊙": "multiply hadamard", "÷": "divide",
    "kron": "kron", "vec": "vec", "inv": "inv inverse", "transpose": "transpose",
    "ones": "ones", "zeros": "zeros", "eye": "eye identity",
}  # fmt: skip
FUNCTIONS = {name: op for op, names in _SPELLINGS.items() for name in names.split()}
"""What may be typed for each function, in lower case. `sum_rows` adds up the rows, `row_sums` adds within each row."""

ARGUMENTS = {"max": 2, "min": 2, "outer": 2, "inner": 2, "@": 2, "⊙": 2, "÷": 2, "kron": 2}  # others take one
ALONG = frozenset(["sum", "mean", "softmax"])  # functions that may be told an axis

GAPS = {"@": " @ ", "*": "*", "·": " · ", " ": " ", "⊙": " .* ", "÷": " ./ ", "/": "/", "⊗": " ⊗ "}
"""What stands between factors, by its character in a chain: how it is shown. A blank is a product without sign."""

TEX_GAPS = {"@": " @ ", "*": r" \times ", "·": r" \cdot ", " ": r"\, ", "⊙": r" \odot ", "÷": " ./ ", "/": "/",
            "⊗": r" \otimes "}  # fmt: skip

OPERATORS = {
    **{shown.strip(): gap for gap, shown in GAPS.items() if gap != " "}, "⊙": "⊙",
    ".**": ".^", ".^": ".^", "**": "**", "||": "‖", "‖": "‖", ">=": ">", "≥": ">", ">": ">", "<=": "<", "≤": "<",
    "<": "<", "'": "T", "ᵀ": "T", **{c: c for c in "+-^(){}[],"},
}  # fmt: skip
"""The kind of token for every operator and bracket."""

PLAIN = {
    **words.PLAIN,
    **str.maketrans("·⋅∙•∘⨀∥’′‘´⊤ᵗ", "····⊙⊙‖''''ᵀᵀ"),
    **str.maketrans("×✕⨯∗", "****"),
}
"""Characters that people type for others. Unlike a star, a dot is never taken entry by entry."""

COMMANDS = {
    "cdot": "·", "bullet": "·", "times": "*", "ast": "*", "odot": "⊙", "circ": "⊙", "otimes": "⊗", "div": "/",
    "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "top": "T", "intercal": "T", "prime": "T", "gt": ">", "lt": "<",
    "geq": ">", "ge": ">", "leq": "<", "le": "<", "frac": "frac", "dfrac": "frac", "tfrac": "frac",
}  # fmt: skip
"""LaTeX commands that are operators or brackets."""

WRAPPERS = words.WRAPPERS | {"boldsymbol", "bm", "vec", "mathbb"}

"""The words of the language: functions, Greek letters, LaTeX commands and the characters people type for them."""

from __future__ import annotations

FUNCTIONS = {
    name: op
    for op, spellings in {
        "exp": "exp", "ln": "ln log", "sqrt": "sqrt", "abs": "abs", "sign": "sign sgn", "floor": "floor",
        "ceil": "ceil ceiling", "min": "min minimum", "max": "max maximum", "relu": "relu",
        "sigmoid": "sigmoid logistic expit sigma", "silu": "silu swish", "cbrt": "cbrt",
        "sec": "sec", "csc": "csc cosec", "cot": "cot", "sech": "sech", "csch": "csch", "coth": "coth",
        "tanh": "tanh", "sinh": "sinh", "cosh": "cosh", "sin": "sin", "cos": "cos", "tan": "tan",
        "erf": "erf", "erfc": "erfc", "gelu": "gelu", "binomial": "binom binomial comb nchoosek",
        "factorial": "factorial", "asin": "asin arcsin", "acos": "acos arccos", "atan": "atan arctan",
        "softplus": "softplus",
    }.items()
    for name in spellings.split()
}  # fmt: skip
"""What may be typed for each function, in lower case. `log` is the natural logarithm."""

MODULES = frozenset({"np", "numpy", "math", "torch", "jnp"})  # np.exp is exp
EXACT = {"Phi": "Phi"}
"""Functions with a capital letter: Φ is the distribution function of the normal distribution, φ its density."""
MANY = frozenset({"min", "max", "binomial"})  # functions of two arguments or more
TWO = frozenset({"binomial"})  # functions of two arguments
KINKED = frozenset({"floor", "ceil", "abs", "sign", "relu", "min", "max"})

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
    "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
VARIANTS = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma"}

PLAIN = str.maketrans("−–—‐‑·×∗⋅∙•✕⨯÷∕⁄∣ˆ［］（）｛｝，；", "-----********///|^[](){},;")
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵏᴸᵗ", "0123456789-+nkLt", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ₙₖₜᵢⱼ", "0123456789nktij", strict=True))
VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}

SYMBOLS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "frac": "frac", "dfrac": "frac", "tfrac": "frac",
    "binom": "binom", "dbinom": "binom", "tbinom": "binom",
}  # fmt: skip
"""LaTeX commands that are operators or brackets."""

SILENT = frozenset([
    "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg", "biggl", "biggr", "displaystyle",
    "textstyle", "limits", "quad", "qquad",
])  # fmt: skip
WRAPPERS = frozenset(["text", "mathrm", "operatorname", "mathit", "mathbf", "mathsf", "mathtt", "textrm", "textit"])

CLOSING = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉"}

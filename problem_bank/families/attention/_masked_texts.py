"""What the exercise on masked attention says."""

from typing import Any

from problem_bank.figures.grid import Grid, Panel
from problem_bank.values import Matrix

PROMPT = r"""
Self-attention over {{ n }} tokens has these scaled scores $Q K^T / \sqrt{d}$ (natural logarithms; row $i$ is query $i$,
column $j$ is key $j$) and values:
$$ S = {{ logits }}, \qquad V = {{ V }}. $$
The mask is **causal**: token $i$ sees the tokens $1, \dots, i$, itself included.
{% if padding %}
Token {{ padded }} is **padding**: no query sees its key, not even its own. Its own query is computed like all others.
{% endif %}
What is hidden gets the score $-\infty$ **before** the softmax over each row. All numbers are exact: write fractions.
""".strip()

SOLUTION = r"""
The exponential of $-\infty$ is 0, and that of $\ln a$ is $a$. So in each row, the visible numbers are divided by their
own sum, and the weights of what is hidden are 0:
{% for i, row in rows %}

- query {{ i }} sees {{ row.seen }}: ${{ row.kept }}$ with the sum ${{ row.total }}$ gives ${{ row.weights }}$.
{% endfor %}

{{ figure("mask") }}

These rows of $A$, times $V$, give the outputs ${{ output }}$: means of the visible rows of $V$, which no hidden token
can change.
""".strip()

WEIGHTS = "The weights after the softmax of the **last two** queries, one row for each."
OUTPUT = "The outputs, rows of $O = A V$, of the last two queries."

SAID = {
    "no_mask": "You applied no mask at all: a token must not see what is hidden from it.",
    "after_softmax": "You hid entries after the softmax, so rows no longer sum to 1. Hide them before it.",
    "zero_score": "You gave hidden entries the score 0, whose exponential is 1. Their score is −∞, its exponential 0.",
    "future_only": "Your triangle is the other one: a token sees itself and the past, not the future.",
    "padding_seen": "You applied the causal mask alone; the padded token is hidden as well.",
    "causal_forgotten": "You hid the padded token alone; the future is hidden as well.",
    "columns": "You divided by the sums of the columns; each query normalises its own row.",
    "not_normalised": "You weighed the values without dividing by the sums of the rows.",
    "plain_mean": "You averaged all visible values alike; their weights differ.",
}


def picture(a: Matrix, seen: Any) -> Grid:
    """The scores behind the mask."""
    n = range(1, len(a) + 1)
    rows = tuple(tuple((f"ln {v}" if v > 1 else "0") if s else "−∞" for v, s in zip(*row, strict=True))
                 for row in zip(a, seen, strict=True))  # fmt: skip
    hidden = tuple((i - 1, j - 1) for i in n for j in n if not seen[i - 1][j - 1])
    names = tuple(f"query {i}" for i in n), tuple(f"key {j}" for j in n)
    return Grid("The scores behind the mask", (Panel("S", rows, hidden=hidden, rows=names[0], columns=names[1]),))

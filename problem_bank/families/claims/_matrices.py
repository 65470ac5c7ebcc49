"""False claims about softmax, normalisation and matrices."""

from fractions import Fraction

from problem_bank.answers.counterexample import Reason, Values
from problem_bank.exact import add, matmul, matvec, scale
from problem_bank.families.claims._claim import Claim, Numbers, holds, shown, softmax
from problem_bank.tex import tex
from problem_bank.values import Matrix, Vector

_TOTAL = Reason("wrong_total", "Your numbers do not add up to what the question asks for.")
_ADD_UP = "Read again what the numbers have to add up to: a counter-example must be one of the objects in question."


def _scaled_logits(values: Values, n: Numbers) -> Reason | None:
    a, z = values
    if sum(z) != n[0]:
        return _TOTAL
    if len(set(z)) == 1 or a == 1:
        return holds("equal_logits" if len(set(z)) == 1 else "factor_one", softmax(z))
    return None


def _distinct_logits(values: Values, n: Numbers) -> Reason | None:
    (y,), z = values, n
    if y == z:
        return Reason("same_logits", "These are the given logits themselves; the claim is about different ones.")
    if len(set(add(y, scale(-1, z)))) == 1:
        return None
    crossed = (y[i] * z[j] == y[j] * z[i] for i, j in ((0, 1), (0, 2), (1, 2)))
    return holds("scaled" if all(crossed) else "holds", softmax(z), softmax(y))


def _definite(values: Values, n: Numbers) -> Reason | None:
    (((p, q), (r, s)),) = values
    if q != r:
        return Reason("not_symmetric", "Your matrix is not symmetric, as every Hessian of second derivatives is.")
    if min(p, s) <= 0 or p + s != abs(n[0]) + 2:
        return Reason("wrong_diagonal", "Your diagonal is not what the question asks for.")
    if p * s - q * r > 0:
        said = (
            f"For your answer the claim still holds: the determinant {shown(p * s - q * r)} is positive as well, so no "
        )
        return Reason("small_coupling", f"{said}direction has a curvature of 0 or below.")
    return None


def given_layer(n: Numbers) -> Matrix:
    """The matrix that is given with the claim on the order of layers; no entry of it is 0, nor the difference on
    its diagonal.
    """
    return ((n[1], n[2]), (n[0], n[1] + 1))


def _mixing(n: Numbers) -> Matrix:
    """A matrix that does not commute with the given one."""
    return ((n[2], n[1]), (-n[0], n[2]))


def _commuting(values: Values, n: Numbers) -> Reason | None:
    (b,), a = values, given_layer(n)
    if matmul(a, b) != matmul(b, a):
        return None
    scalar = b[0][1] == b[1][0] == 0
    return holds("multiple_of_identity" if scalar else "function_of_A", matmul(a, b))


def _injective(values: Values, n: Numbers) -> Reason | None:
    w, u, v = values
    if w[0][0] + w[1][1] != n[0] or 0 in (*w[0], *w[1]):
        return Reason("wrong_matrix", "Your matrix is not one of those that the question asks for.")
    if u == v:
        return Reason("same_inputs", "Your inputs are the same; the claim is about different ones.")
    left, right = matvec(w, u), matvec(w, v)
    return holds("different_outputs", left, right) if left != right else None


def _normalised(values: Values, n: Numbers) -> Reason | None:
    a, x = values
    if sum(x) != n[0] or a == 0 or len(set(x)) == 1:
        return Reason("not_allowed", "Your factor or your batch is not one of those that the question asks for.")
    return Reason("positive_factor", "For your answer the claim still holds: a positive factor scales the distances "
                  "from the mean and the standard deviation alike.") if a > 0 else None  # fmt: skip


def _thirds(n: Numbers) -> Vector:
    """Three different numbers with the wanted sum."""
    return (n[0] - n[1], n[1] + n[2], -n[2])


MATRICES = {
    "softmax_scale": Claim(
        "softmax",
        r"Softmax only looks at ratios: $\mathrm{{softmax}}(a z) = \mathrm{{softmax}}(z)$ for every vector $z$ and "
        "every number $a$.",
        "Give a number $a$ and a vector $z$ of three logits that add up to ${pin}$.",
        (("a", ()), ("z", (3,))),
        _scaled_logits,
        lambda n: (n[1], (n[0] - n[2], n[2], 0)),
        lambda n: {"factor_one": (1, (n[0] - n[2], n[2], 0)), "equal_logits": (n[1], (Fraction(n[0]) / 3,) * 3),
                   "wrong_total": (n[1], (n[2] - n[0], n[1], 0))},
        {"factor_one": "A factor of 1 changes nothing; take another one.",
         "equal_logits": "Equal logits stay equal, whatever multiplies them. Let two of them differ.",
         "wrong_total": _ADD_UP},
        "Softmax looks at differences: adding a number to all logits changes nothing, but multiplying them stretches "
        "the differences. That is what a temperature does.",
        lambda n: rf"The first and the last logit differ by ${n[0] - n[2]}$ before and ${n[1] * (n[0] - n[2])}$ after; "
        "the ratio of their probabilities is $e$ to the power of that.",
    ),
    "softmax_injective": Claim(
        "softmax",
        r"The probabilities tell the logits: only $z = ({pin},\, {a},\, {b})$ itself has the probabilities "
        r"$\mathrm{{softmax}}(z)$.",
        "Give another vector $y$ of three logits.",
        (("y", (3,)),),
        _distinct_logits,
        lambda n: (add(n, (1, 1, 1)),),
        lambda n: {"same_logits": (n,), "scaled": (scale(2, n),)},
        {"same_logits": "Two objects are needed that differ and still have the same probabilities.",
         "scaled": "Multiplying the logits stretches their differences, and so changes the probabilities. What can be "
                   "done to all logits that keeps their differences?"},
        "Only differences of logits count: the same number may be added to all of them, since the factor that this "
        "gives cancels between numerator and denominator.",
        lambda n: rf"The ratio $e^{{{n[1] + 1}}} / e^{{{n[2] + 1}}}$ is $e^{{{n[1]}}} / e^{{{n[2]}}}$, as before.",
    ),
    "positive_diagonal": Claim(
        "curvature",
        "If all second derivatives on the diagonal of a Hessian are positive, then the curvature is positive in every "
        "direction.",
        "Give a symmetric $2 \\times 2$ matrix $H$ with a positive diagonal that adds up to ${size}$.",
        (("H", (2, 2)),),
        _definite,
        lambda n: (((1, abs(n[0]) + n[1]), (abs(n[0]) + n[1], abs(n[0]) + 1)),),
        lambda n: {"small_coupling": (((1, 0), (0, abs(n[0]) + 1)),),
                   "not_symmetric": (((1, n[1]), (-n[1], abs(n[0]) + 1)),),
                   "wrong_diagonal": (((abs(n[0]) + 5, 1), (1, -3)),)},
        {"small_coupling": "Your mixed derivative is too small to outweigh the diagonal: compare its square with the "
                           "product of the diagonal.",
         "not_symmetric": "A Hessian is symmetric: the order of two derivatives does not matter.",
         "wrong_diagonal": "Read again what the diagonal has to be: both entries positive, and with the given sum."},
        "The diagonal tells the curvature along the axes only. If the mixed derivative is large, the determinant is "
        "negative (or 0), one eigenvalue is as well, and the function bends down in a direction between the axes: a "
        "saddle.",
        lambda n: rf"Its determinant is $1 \cdot {abs(n[0]) + 1} - {abs(n[0]) + n[1]}^2 < 0$.",
    ),
    "order_of_layers": Claim(
        "networks",
        "Two linear layers without biases may change places: $A B = B A$ for "
        r"$A = \begin{{pmatrix}} {a} & {b} \\ {pin} & {a1} \end{{pmatrix}}$ and every $2 \times 2$ matrix $B$.",
        "Give a matrix $B$.",
        (("B", (2, 2)),),
        _commuting,
        lambda n: (_mixing(n),),
        lambda n: {"multiple_of_identity": (((n[1], 0), (0, n[1])),), "function_of_A": (given_layer(n),)},
        {"multiple_of_identity": "Your matrix treats both coordinates alike and does not mix them, so it makes no "
                                 "difference when that is done.",
         "function_of_A": "Your matrix is made of A and the identity, and those do commute with A. Let it stretch or "
                          "mix the coordinates in a way of its own."},
        "The layers do different things to different directions, and the order matters unless they share their "
        "directions. A matrix commutes with A if it is a combination of A and the identity, and else it does not.",
        lambda n: f"$A B = {tex(matmul(given_layer(n), _mixing(n)))}$, "
        f"but $B A = {tex(matmul(_mixing(n), given_layer(n)))}$.",
    ),
    "square_layer": Claim(
        "networks",
        r"A linear layer $x \mapsto W x$ that is as wide as its input loses nothing: for every square $W$ without "
        "zeros, different inputs have different outputs.",
        "Give a $2 \\times 2$ matrix $W$ without zeros whose diagonal adds up to ${pin}$, and two inputs $u$ and $v$.",
        (("W", (2, 2)), ("u", (2,)), ("v", (2,))),
        _injective,
        lambda n: (((n[0] + 11, n[0] + 11), (-11, -11)), (n[1], 0), (0, n[1])),
        lambda n: {"different_outputs": (((n[0] + 11, 1), (1, -11)), (n[1], 0), (0, n[1])),
                   "same_inputs": (((n[0] + 11, n[0] + 11), (-11, -11)), (n[1], 0), (n[1], 0)),
                   "wrong_matrix": (((n[0], n[0]), (0, 0)), (n[1], 0), (0, n[1]))},
        {"different_outputs": "W u and W v must be the same: let one row of W be a multiple of the other, and let "
                              "u − v be a vector that W maps to 0.",
         "same_inputs": "Two different inputs are needed.",
         "wrong_matrix": "Read again which matrices are in question: no entry is 0, and the diagonal has a given sum."},
        "If the rows of W are multiples of each other, W has rank 1 and maps a whole direction to 0; inputs that "
        "differ by a vector of that direction cannot be told apart afterwards.",
        lambda n: f"Both have the output ${tex(((n[0] + 11) * n[1], -11 * n[1]))}$.",
    ),
    "norm_forgets_scale": Claim(
        "normalisation",
        r"Batch normalisation (to mean 0 and standard deviation 1, without $\epsilon$, $\gamma$ and $\beta$) forgets "
        r"any factor before it: $\mathrm{{BN}}(a x) = \mathrm{{BN}}(x)$ for every $a \ne 0$ and every batch $x$ whose "
        "numbers are not all the same.",
        r"Give a number $a \ne 0$ and a batch $x$ of three numbers, not all the same, that add up to ${pin}$.",
        (("a", ()), ("x", (3,))),
        _normalised,
        lambda n: (-n[1], _thirds(n)),
        lambda n: {"positive_factor": (n[1], _thirds(n)), "not_allowed": (0, _thirds(n))},
        {"positive_factor": "Dividing by the standard deviation removes the size of a factor. What is left of it?",
         "not_allowed": "Read again which factors and which batches are in question."},
        "The standard deviation of a x is |a| times that of x. So the size of the factor cancels and its sign stays: "
        "for a negative factor, BN(a x) = −BN(x).",
        lambda n: f"The batch becomes ${tex(scale(-n[1], _thirds(n)))}$; what was above the mean is below it now.",
    ),
}  # fmt: skip

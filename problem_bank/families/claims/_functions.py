"""False claims about activation functions; each asks for a function g with g(a) = pin."""

from fractions import Fraction

from problem_bank.algebra import Node, apply, number, substitute
from problem_bank.answers.counterexample import LETTER, Reason, Values
from problem_bank.families.claims._claim import Claim, Numbers, X, about, at, holds, order, same_everywhere
from problem_bank.values import Number

_POINT = Reason("wrong_point", "Your function does not have the value that the question asks for.")
_VALUE = "The question asks for a function with a certain value at one point; check it (add a constant if need be)."
_ASKS = "Give a function $g$ of $x$ with $g({a}) = {pin}$"
_PROBES = (2, -1, 3, -2, Fraction(1, 2), 5, -7)


def _through(g: Node, n: Numbers) -> bool:
    """Does it have the wanted value, and any at all at a few points where an activation must have one?"""
    for x in (0, 1, -1):
        order(at(g, x), number(0))
    return order(at(g, n[1]), number(n[0])) == 0


def _equal_units(values: Values, n: Numbers) -> Reason | None:
    (g,) = values
    if not _through(g, n):
        return _POINT
    low, middle, high = (at(g, k * n[2]) for k in (0, 1, 2))
    if order(middle, low) * order(middle, high) > 0:
        return None
    said = f"g takes the values {about(low)}, {about(middle)} and {about(high)} at the three sums"
    return Reason("between", f"For your function the claim still holds: {said}, and the middle one lies between.")


def _rescaled(values: Values, n: Numbers) -> Reason | None:
    (g,) = values
    if not _through(g, n):
        return _POINT
    left, right = substitute(g, {LETTER: n[2] * X}), n[2] * g
    if not same_everywhere(left, right):
        return None
    return holds("homogeneous", at(left, n[1]), where=f"at z = {n[1]}, for one, ")


def _deeper(values: Values, n: Numbers) -> Reason | None:
    (g,) = values
    if not _through(g, n):
        return _POINT
    line = at(g, 0) + (at(g, 1) - at(g, 0)) * X
    if same_everywhere(g, line):
        return None
    where = next((x for x in _PROBES if order(at(g, x), at(line, x))), None)
    said = (
        "" if where is None else f": at x = {where} it is {about(at(g, where))}, and that line {about(at(line, where))}"
    )
    return Reason(
        "curved", f"For your function the claim holds. It leaves the line through its values at 0 and 1{said}."
    )


def _zero_start(values: Values, n: Numbers) -> Reason | None:
    (g,) = values
    if not _through(g, n):
        return _POINT
    if order(at(g, 0), number(0)):
        return None
    return Reason("zero_at_zero", "For your function the claim still holds: g(0) is 0, and so is the gradient of v.")


def _steep(values: Values, n: Numbers) -> Reason | None:
    g, u, v = values
    if not _through(g, n):
        return _POINT
    if u == v:
        return Reason("same_inputs", "Your u and v are the same.")
    apart, before = apply("abs", at(g, u) - at(g, v)), abs(u - v)
    return None if order(apart, number(before)) > 0 else holds("close", apart, before, sign="≤")


def _centred(values: Values, n: Numbers) -> Reason | None:
    (g,) = values
    if not _through(g, n):
        return _POINT
    left, right = at(g, n[2]), at(g, -n[2])
    if order(left + right, number(0)):
        return None
    return Reason("odd", f"For your function the claim still holds: it is {about(left)} and {about(right)} there.")


def _line(n: Numbers, slope: Number = 1) -> str:
    """A line with this slope that has the wanted value."""
    offset = n[0] - slope * n[1]
    return f"{slope}*x {'-' if offset < 0 else '+'} {abs(offset)}".removeprefix("1*")


def _ray(n: Numbers) -> str:
    """The line through 0 that has the wanted value."""
    slope = Fraction(n[0], n[1])
    return f"{slope.numerator}*x/{slope.denominator}"


def _parabola(n: Numbers, centre: Number = 0) -> str:
    """A parabola with its lowest point at `centre` that has the wanted value."""
    base = f"(x - {centre})^2" if centre else "x^2"
    offset = n[0] - (n[1] - centre) ** 2
    return f"{base} {'-' if offset < 0 else '+'} {abs(offset)}"


FUNCTIONS = {
    "equal_units": Claim(
        "initialisation",
        "A network whose hidden units all have the same weights cannot learn XOR, whatever its activation $g$ is: for "
        r"no $v$ and $c$ is $v\, g(z) + c$, with $z = {times}(x_1 + x_2)$, above $\frac{{1}}{{2}}$ exactly for the "
        "inputs $(0, 1)$ and $(1, 0)$ among the four.",
        _ASKS + " for which there are such $v$ and $c$.",
        (("g", "function"),),
        _equal_units,
        lambda n: (_parabola(n, n[2]),),
        lambda n: {"between": (_line(n),), "wrong_point": (_parabola((n[0] + 1, *n[1:]), n[2]),)},
        {"between": "The four inputs have only three different sums, and XOR is 1 at the middle one. With which form "
                    "of g does the middle value stick out?", "wrong_point": _VALUE},
        "Equal units are one unit: all that counts is g at the three sums that the inputs have. If the middle value "
        "lies between the others, as it does for every monotone g, no threshold singles it out. If g goes up and down "
        "again, or down and up, it does.",
        lambda n: f"$g({n[2]})$ is below $g(0) = g({2 * n[2]})$ by ${n[2] ** 2}$: take $v = -1$, and $c$ such "
        r"that $\frac{1}{2}$ lies between.",
    ),
    "rescaling": Claim(
        "activations",
        "The weights into a hidden unit (there is no bias) may be multiplied by ${b}$, if those out of it are divided "
        r"by ${b}$, whatever its activation $g$ is: $g({b} z) = {b}\, g(z)$ for all $z$.",
        _ASKS + " for which this fails.",
        (("g", "function"),),
        _rescaled,
        lambda n: (_parabola(n, n[2]),),
        lambda n: {"homogeneous": (_ray(n),), "wrong_point": (_parabola((n[0] + 1, *n[1:])),)},
        {"homogeneous": "Functions that are straight on each side of 0, and 0 there, do stretch with their input: "
                        "ReLU, leaky ReLU, any multiple of x. Bend yours, or shift it.", "wrong_point": _VALUE},
        "The claim is true of ReLU and leaky ReLU, which are positively homogeneous. A function that saturates, bends "
        "or is not 0 at 0 does not stretch with its input.",
        lambda n: f"$g({n[2]} z)$ contains ${n[2] ** 2} z^2$, but ${n[2]}\\, g(z)$ only ${n[2]} z^2$.",
    ),
    "deeper_is_more": Claim(
        "expressiveness",
        "A network with a hidden layer computes functions that no single linear layer (with bias) can compute, "
        "whatever the activation $g$ of the hidden layer is.",
        _ASKS + " for which it computes nothing more.",
        (("g", "function"),),
        _deeper,
        lambda n: (_line(n, n[2]),),
        lambda n: {"curved": (_parabola(n),), "wrong_point": (_line((n[0] + 1, *n[1:])),)},
        {"curved": "Your function is not straight, and then a hidden layer does help. Which functions of linear "
                   "functions are linear again, up to a constant?", "wrong_point": _VALUE},
        "If g is a straight line, possibly not through 0, then W2 g(W1 x + b1) + b2 is again linear plus a constant. "
        "Any other g gives at least itself, which no linear layer computes.",
        lambda n: f"With it, $W_2\\, g(W_1 x + b_1) + b_2$ is ${n[2]}\\, W_2 W_1 x$ plus a vector without $x$.",
    ),
    "zero_start": Claim(
        "initialisation",
        r"If both weights of the network $y = v\, g(w x)$ start at 0, then neither of them ever moves in "
        r"gradient descent, whatever the activation $g$ is: the gradient of $v$ is a multiple of $g(w x) = 0$.",
        _ASKS + " for which $v$ moves as long as the loss has a gradient with respect to $y$.",
        (("g", "function"),),
        _zero_start,
        lambda n: (_line(n, n[2]) if n[0] != n[1] * n[2] else _line(n, n[2] + 1),),
        lambda n: {"zero_at_zero": (_ray(n),), "wrong_point": (f"x^2 + {n[1] + abs(n[0])}",)},
        {"zero_at_zero": "Your function is 0 at 0, so the unit hands on nothing and v gets no gradient.",
         "wrong_point": _VALUE},
        "With w = 0 the unit hands on g(0), and that multiplies the gradient of v. It is 0 for ReLU and tanh, but not "
        "for the sigmoid: there v does move.",
        lambda n: "$g(0)$ is not 0, and the gradient of $v$ is $g(0)$ times that of $y$.",
    ),
    "steep": Claim(
        "activations",
        "No activation function is steeper than 1, so none can enlarge a difference: "
        r"$|g(u) - g(v)| \le |u - v|$ for all $u$ and $v$.",
        _ASKS + ", and numbers $u$ and $v$ for which this fails.",
        (("g", "function"), ("u", ()), ("v", ())),
        _steep,
        lambda n: (_line(n, n[2]), 0, 1),
        lambda n: {"close": (_line(n), 0, 1), "same_inputs": (_line(n, n[2]), 1, 1),
                   "wrong_point": (_line((n[0] + 1, *n[1:]), n[2]), 0, 1)},
        {"close": "Between your two points the function is not steep enough: it must change by more than they differ.",
         "same_inputs": "Two different numbers are needed.", "wrong_point": _VALUE},
        "Slopes of at most 1 are a habit of the usual activations (ReLU, tanh, sigmoid), and no law: SELU and the "
        "plain square are steeper in places, and through them gradients can grow.",
        lambda n: f"The values differ by ${n[2]}$, their inputs by 1.",
    ),
    "centred": Claim(
        "activations",
        "If the inputs of a unit have the mean 0, so have its outputs, whatever the activation $g$ is: for the two "
        "inputs ${b}$ and $-{b}$, the mean of $g$ is 0.",
        _ASKS + " for which this fails.",
        (("g", "function"),),
        _centred,
        lambda n: (_parabola(n) if n[2] ** 2 + n[0] - n[1] ** 2 else _parabola(n, 1),),
        lambda n: {"odd": (_ray(n),), "wrong_point": (f"x^2 + {n[1] + abs(n[0])}",)},
        {"odd": "Your function is as far below 0 on one side as it is above on the other, as tanh is.",
         "wrong_point": _VALUE},
        "Only functions that are odd at these points, g(−x) = −g(x), keep the mean: tanh does, ReLU and the sigmoid "
        "do not, and hand on values with a positive mean.",
        lambda n: f"Its values at ${n[2]}$ and $-{n[2]}$ do not add up to 0.",
    ),
}  # fmt: skip

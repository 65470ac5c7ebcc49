"""What may be said about a critical point, with a reason: one statement is right, every other is a misconception."""

from collections.abc import Mapping

from problem_bank.values import Matrix, Number

WRONG = {
    "minimum": "Somewhere f does not rise from the origin; look at the sign of every eigenvalue, and at higher terms.",
    "maximum": "Somewhere f does not fall from the origin; look at the sign of every eigenvalue, and at higher terms.",
    "saddle": "f does not rise one way and fall another here; look at the signs once more.",
    "diagonal": "The diagonal says how f bends along the axes; between them it may bend otherwise.",
    "zero_gradient": "A zero gradient makes the point critical; how f bends there is left to the Hessian.",
    "higher_terms": "Terms of degree three are smaller than those of degree two near the origin, unless these vanish.",
    "constant": "A zero gradient means that f has no slope at this one point; it still bends.",
    "zero_ignored": "An eigenvalue 0 says nothing about its direction: higher terms decide there.",
    "never_decided": "The Hessian alone leaves this open, but the term of degree four is given and decides.",
}
BY_SIGNS = {
    "minimum": "a strict minimum, since both eigenvalues of the Hessian are positive",
    "maximum": "a strict maximum, since both eigenvalues of the Hessian are negative",
    "saddle": "a saddle point, since the eigenvalues of the Hessian have different signs",
}
BY_DEGREE_FOUR = {
    "minimum": "a strict minimum: $f$ rises along both eigenvectors, along one of them by the term of degree four",
    "maximum": "a strict maximum: $f$ falls along both eigenvectors, along one of them by the term of degree four",
    "saddle": "a saddle point: $f$ rises along one eigenvector and falls along the other, along one of them by the "
    "term of degree four",
}
BY_GRADIENT = {
    "zero_gradient": "a strict minimum, since the gradient is zero there",
    "constant": "neither an extremum nor a saddle point: where the gradient is zero, $f$ stays constant nearby",
}


def kind_of(first: Number, second: Number) -> str:
    """The kind of critical point where f bends like this (positive: up) in two directions; raises ValueError for 0."""
    if not first * second:
        raise ValueError("a direction without bend")
    return "saddle" if first * second < 0 else "minimum" if first > 0 else "maximum"


def statements(h: Matrix, flat: bool) -> Mapping[str, str]:
    """All statements by name; one of the first three is right."""
    if flat:
        extremum = "minimum" if h[0][0] + h[1][1] > 0 else "maximum"
        return {
            **BY_DEGREE_FOUR,
            "zero_ignored": f"a strict {extremum}, since the eigenvalues of the Hessian do not have different signs",
            "never_decided": "of a kind that cannot be told, since an eigenvalue of the Hessian is 0",
            **BY_GRADIENT,
        }
    return {
        **BY_SIGNS,
        "diagonal": _by_diagonal(h[0][0], h[1][1]),
        "higher_terms": "of a kind that the Hessian cannot tell, since there are terms of degree three",
        **BY_GRADIENT,
    }


def _by_diagonal(first: Number, second: Number) -> str:
    """What the diagonal seems to say."""
    if first > 0 and second > 0:
        return "a strict minimum, since both diagonal entries of the Hessian are positive"
    if first < 0 and second < 0:
        return "a strict maximum, since both diagonal entries of the Hessian are negative"
    return "of a kind that cannot be told, since the diagonal entries of the Hessian are not of one sign"

"""The second route for false claims: both sides are run in NumPy, on examples of its own."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np


class Run(NamedTuple):
    """Is an object one of those in question, does the claim hold for it, and examples: a right one, and mistakes.

    Functions among the objects are Python's; `texts` spells them for the answer.
    """

    allowed: Callable[..., bool]
    claim: Callable[..., Any]
    right: tuple[Any, ...]
    wrong: dict[str, tuple[Any, ...]]
    outside: dict[str, tuple[Any, ...]]


def by_running(name: str, pin: int, a: int, b: int) -> dict[str, Any]:
    """The examples, after NumPy has found that the claim fails for the right one and holds for the mistakes."""
    run = RUNS[name](pin, a, b)
    checks = {"object": run.allowed(*_called(run.right)) and not run.claim(*_called(run.right))}
    checks |= {slip: run.allowed(*_called(x)) and bool(run.claim(*_called(x))) for slip, x in run.wrong.items()}
    checks |= {slip: not run.allowed(*_called(x)) for slip, x in run.outside.items()}
    failed = [slip for slip, fine in checks.items() if not fine]
    if failed:
        raise AssertionError(f"{name} with {pin}, {a}, {b}: NumPy does not confirm {', '.join(failed)}")
    examples = {"object": run.right, **{f"object.{slip}": x for slip, x in {**run.wrong, **run.outside}.items()}}
    return {slip: [_plain(value) for value in x] for slip, x in examples.items()}


class Curve(NamedTuple):
    """A function as a text and as NumPy runs it."""

    text: str
    run: Callable[[Any], Any]


def _called(values: tuple[Any, ...]) -> list[Any]:
    return [value.run if isinstance(value, Curve) else np.array(value, dtype=float) for value in values]


def _plain(value: Any) -> Any:
    return value.text if isinstance(value, Curve) else value


def _softmax(z: Any) -> Any:
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def _normed(x: Any) -> Any:
    return (x - x.mean()) / x.std()


def _relu(x: Any) -> Any:
    return np.maximum(x, 0)


def _additive(pin: int, a: int, b: int) -> Run:
    return Run(lambda u, v: u + v == pin, lambda u, v: _relu(u + v) == _relu(u) + _relu(v),
               (-abs(pin) - b, pin + abs(pin) + b), {"same_sign": (pin, 0)}, {"wrong_total": (pin, b)})  # fmt: skip


def _pooled(pin: int, a: int, b: int) -> Run:
    u, far = np.array([a, a + b, -b]), abs(pin)
    return Run(lambda v: v.sum() == pin, lambda v: np.max(u + v) == np.max(u) + np.max(v),
               ((far + b, 0, pin - far - b),), {"same_place": ((-far, pin + 2 * far, -far),)},
               {"wrong_total": ((pin, pin, 0),)})  # fmt: skip


def _clipped(pin: int, a: int, b: int) -> Run:
    return Run(lambda g: g.sum() == pin, lambda g: np.isclose(np.linalg.det([g, np.clip(g, -a, a)]), 0),
               ((b - 1, pin - b + 1),), {"same_size": ((Fraction(pin, 2),) * 2,)},
               {"wrong_total": ((pin, 1),)})  # fmt: skip


def _averaged(pin: int, a: int, b: int) -> Run:
    fifth = Fraction(pin, 5)

    def same(u: Any, v: Any) -> Any:
        return np.isclose(np.mean([u.mean(), v.mean()]), np.concatenate([u, v]).mean())

    return Run(lambda u, v: np.isclose(u.sum() + v.sum(), pin), same, ((pin, 0), (0, 0, 0)),
               {"equal_means": ((fifth + 1, fifth - 1), (fifth, fifth + a, fifth - a))},
               {"wrong_total": ((pin, 1), (0, 0, 0))})  # fmt: skip


def _scaled(pin: int, a: int, b: int) -> Run:
    return Run(lambda s, z: np.isclose(z.sum(), pin), lambda s, z: np.allclose(_softmax(s * z), _softmax(z)),
               (0, (pin - 1, 1, 0)), {"factor_one": (1, (pin, 0, 0)), "equal_logits": (-a, (Fraction(pin, 3),) * 3)},
               {"wrong_total": (a, (pin, 1, 0))})  # fmt: skip


def _told_apart(pin: int, a: int, b: int) -> Run:
    z = np.array([pin, a, b], dtype=float)
    return Run(lambda y: not np.array_equal(y, z),
               lambda y: not np.allclose(_softmax(y), _softmax(z), rtol=1e-9, atol=0),
               ((pin - b, a - b, 0),), {"scaled": ((-pin, -a, -b),)}, {"same_logits": ((pin, a, b),)})  # fmt: skip


def _definite(pin: int, a: int, b: int) -> Run:
    total = abs(pin) + 2

    def allowed(h: Any) -> bool:
        return bool(np.trace(h) == total and min(np.diag(h)) > 0)

    return Run(lambda h: allowed(h) and np.array_equal(h, h.T), lambda h: np.linalg.eigvalsh(h)[0] > 1e-9,
               (((total - 1, -total), (-total, 1)),), {"small_coupling": (((total - 2, 1), (1, 2)),)},
               {"not_symmetric": (((1, a), (a + 1, total - 1)),), "wrong_diagonal": (((9, 1), (1, 0)),)})  # fmt: skip


def _commuting(pin: int, a: int, b: int) -> Run:
    layer = np.array([[a, b], [pin, a + 1]])
    return Run(lambda m: True, lambda m: np.array_equal(layer @ m, m @ layer), (((1, 0), (0, 0)),),
               {"multiple_of_identity": (((-b, 0), (0, -b)),), "function_of_A": (((a + 3, b), (pin, a + 4)),)},
               {})  # fmt: skip


def _injective(pin: int, a: int, b: int) -> Run:
    def allowed(w: Any, u: Any, v: Any) -> Any:
        return np.trace(w) == pin and w.all() and not np.array_equal(u, v)

    k = 70
    return Run(allowed, lambda w, u, v: not np.array_equal(w @ u, w @ v),
               (((k, k - pin), (-k, pin - k)), (k - pin, 0), (0, k)),
               {"different_outputs": (((k, 1), (2, pin - k)), (a, 0), (0, b))},
               {"same_inputs": (((k, k - pin), (-k, pin - k)), (a, b), (a, b)),
                "wrong_matrix": (((k, 0), (0, pin - k)), (a, 0), (0, b))})  # fmt: skip


def _forgetful(pin: int, a: int, b: int) -> Run:
    def allowed(s: Any, x: Any) -> Any:
        return x.sum() == pin and s != 0 and np.ptp(x) > 0

    return Run(allowed,
               lambda s, x: np.allclose(_normed(s * x), _normed(x)), (Fraction(-1, 2), (pin, 0, 0)),
               {"positive_factor": (Fraction(1, a), (pin, 0, 0))},
               {"not_allowed": (-a, (pin, 1, 0))})  # fmt: skip


def _allowed(pin: int, a: int) -> Callable[..., Any]:
    """Functions with the wanted value."""
    return lambda g, *_: np.isclose(g(float(a)), pin)


def _absolute(pin: int, a: int) -> Curve:
    return Curve(f"{pin}*abs(x)/{a}", lambda x: pin * np.abs(x) / a)


def _constant(pin: int) -> Curve:
    return Curve(f"{pin}", lambda x: pin + 0 * x)


def _cube(pin: int, a: int) -> Curve:
    return Curve(f"{pin}*x^3/{a**3}", lambda x: pin * x**3 / a**3)


GRID = np.linspace(-4, 4, 33)


def _units(pin: int, a: int, b: int) -> Run:
    def cannot(g: Any) -> bool:
        low, middle, high = (float(g(np.array(k * b, dtype=float))) for k in (0, 1, 2))
        return min(low, high) <= middle <= max(low, high)

    bump = Curve(f"abs(x - {b}) + {pin} - {abs(a - b)}", lambda x: np.abs(x - b) + pin - abs(a - b))
    return Run(_allowed(pin, a), cannot, (bump,), {"between": (_cube(pin, a),)}, {"wrong_point": (_constant(pin + 1),)})


def _rescaled(pin: int, a: int, b: int) -> Run:
    return Run(_allowed(pin, a), lambda g: np.allclose(g(b * GRID), b * g(GRID)), (_constant(pin),),
               {"homogeneous": (_absolute(pin, a),)}, {"wrong_point": (_constant(pin + 1),)})  # fmt: skip


def _deeper(pin: int, a: int, b: int) -> Run:
    return Run(_allowed(pin, a), lambda g: np.abs(np.diff(g(GRID), 2)).max() > 1e-9, (_constant(pin),),
               {"curved": (_absolute(pin, a),)}, {"wrong_point": (_constant(pin + 1),)})  # fmt: skip


def _started(pin: int, a: int, b: int) -> Run:
    return Run(_allowed(pin, a), lambda g: np.isclose(g(0.0), 0), (_constant(pin),),
               {"zero_at_zero": (_cube(pin, a),)}, {"wrong_point": (_constant(pin + 1),)})  # fmt: skip


def _steep(pin: int, a: int, b: int) -> Run:
    slope = Curve(f"-{a + b}*x + {pin + (a + b) * a}", lambda x: -(a + b) * x + pin + (a + b) * a)
    return Run(lambda g, u, v: np.isclose(g(float(a)), pin) and u != v,
               lambda g, u, v: np.abs(g(u) - g(v)) <= np.abs(u - v), (slope, a, -b),
               {"close": (_constant(pin), a, b + 10)},
               {"same_inputs": (slope, a, a), "wrong_point": (_constant(pin + 1), 0, 1)})  # fmt: skip


def _centred(pin: int, a: int, b: int) -> Run:
    return Run(_allowed(pin, a), lambda g: np.isclose(g(float(b)) + g(-float(b)), 0), (_constant(pin),),
               {"odd": (_cube(pin, a),)}, {"wrong_point": (_constant(pin + 1),)})  # fmt: skip


RUNS: dict[str, Callable[[int, int, int], Run]] = {
    "additive_relu": _additive, "linear_pooling": _pooled, "clipping": _clipped, "mean_of_means": _averaged,
    "softmax_scale": _scaled, "softmax_injective": _told_apart, "positive_diagonal": _definite,
    "order_of_layers": _commuting, "square_layer": _injective, "norm_forgets_scale": _forgetful,
    "equal_units": _units, "rescaling": _rescaled, "deeper_is_more": _deeper, "zero_start": _started,
    "steep": _steep, "centred": _centred,
}  # fmt: skip

"""Goodfellow et al., Deep Learning, section 6.1: what one hidden layer computes that a linear map cannot."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from problem_bank.answers import Array, Choice, Network, TwoLayer
from problem_bank.answers.choice import LETTERS
from problem_bank.errors import BadGiven
from problem_bank.exact import add, affine, dot, matvec, relu
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.networks._nearly import nearly
from problem_bank.families.networks._targets import TARGETS, mistakes
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Number, Vector

UNITS = {"relu": r"g(z) = \max(0, z)", "step": r"g(z) = 1 \text{ for } z > 0, \text{ else } 0"}
PROMPT = r"""A network with at most {{ width }} hidden unit{{ "s" if width > 1 else "" }} computes
$f(x) = W_2\, g(W_1 x + b_1) + b_2$, where ${{ unit }}$ entry by entry; the output has no activation.
Its output shall be {{ words }}, for every input $x$ with entries from $\{ {{ values }} \}$
{%- if boolean %} (false is coded as ${{ low }}$, true as $1$){% endif %}.
{{ "The output itself must be exactly this number." if decision == "exact" else
   "The input counts as class 1 if $f(x) > 1/2$, and as class 0 otherwise." }}
{% if near %}

A first try is $${{ net }}.$$
{% endif %}"""
SOLUTION = r"""{% if near %}The given network has the outputs ${{ outputs }}$, and the wanted values are ${{ table }}$:
it fails for $x = {{ grid[place] }}$ alone.

{% endif %}
The function depends on the sum $s = {{ sum }}${{ " (with true as 1 and false as 0)" if boolean else "" }}. From
$s = {{ first }}$ on, its values are ${{ profile }}$. So start with $b_2 = {{ profile[0] }}$ and add a hidden unit
wherever the {{ "level" if activation == "step" else "slope" }} changes, weighted by the change:

{% for s, old, new in knots %}
- {{ "just before" if activation == "step" else "at" }} $s = {{ s }}$ from ${{ old }}$ to ${{ new }}$: a unit that
  switches on there, with weight ${{ new }} - ({{ old }}) = {{ new - old }}$;
{% endfor %}

{{ "With inputs coded ±1, put $(1 + x)/2$ in place of $x$ and double each hidden unit to keep whole numbers."
   if coding == "bipolar" else "" }}
One such network is $${{ example }}.$$"""


@family(
    topic="networks",
    source="Goodfellow 6.1",
    minutes=8,
    levels={
        "easy": {"functions": ("and", "or", "nand", "nor", "implies", "without"), "codings": ("binary",)},
        "medium": {"functions": ("xor", "xnor")},
        "hard": {
            "functions": ("parity", "majority", "exactly_one", "distance"),
            "activations": ("relu",),
            "codings": ("binary",),
        },
    },
)
def boolean(
    rng: Rng,
    *,
    functions: tuple[str, ...] = ("xor", "xnor"),
    activations: tuple[str, ...] = ("relu", "step"),
    codings: tuple[str, ...] = ("binary", "bipolar"),
    decision: str = "exact",
    repair: bool = True,
) -> Exercise:
    """Find the input on which a network fails, then build one that computes the function everywhere."""
    name = rng.choice("function", functions)
    activation, coding = rng.choice("activation", activations), rng.choice("coding", codings)
    target, answer, slips = TARGETS[name], *_answer(name, activation, coding, decision)
    example = answer.examples[0]
    parts = [Part("network", "Give $W_1$, $b_1$, $W_2$ and $b_2$ of a network that is right for every input.",
                  answer, points=4, misconceptions=slips)]  # fmt: skip
    given = {"function": name, "functions": functions, "activation": activation, "activations": activations,
             "coding": coding, "codings": codings, "decision": decision, "repair": repair}  # fmt: skip
    shown = {
        "words": target.words, "unit": UNITS[activation], "width": answer.width, "grid": answer.grid, "near": repair,
        "values": ", ".join(map(str, answer.values)), "boolean": len(answer.values) == 2, "low": answer.values[0],
        "sum": target.formula, "first": target.first, "profile": target.profile,
        "knots": target.knots(activation), "table": answer.key, "example": answer.tex(example),
    }  # fmt: skip
    if repair:
        given["first_try"] = near = rng.choice("first_try", nearly(answer, example))
        checks = _checking(answer, TwoLayer(*near))
        shown |= {"net": answer.tex(TwoLayer(*near)), "outputs": checks[0].answer.key, "place": checks[1].answer.key}
        parts = [*checks, *parts]
    work = len(answer.grid) * (answer.inputs + answer.width + 2)  # for each input: its sum, the units, two biases
    return Exercise(given=given, shown=shown, prompt=PROMPT, parts=parts, solution=SOLUTION, work=float(work))


@cache
def _answer(name: str, activation: str, coding: str, decision: str) -> tuple[Network, list[Slip]]:
    """The answer that asks for this function, keyed by running an example network, and its misconceptions."""
    target = TARGETS[name]
    if len(target.values) > 2 and (coding, decision) != ("binary", "exact"):
        raise BadGiven(f"{name} is no function of true and false: pin coding = 'binary' and decision = 'exact' for it")
    values = (-1, 1) if coding == "bipolar" else target.values
    right, wrong = target.network(activation, coding), mistakes(target, activation, coding)
    reader = Network((), len(target.signs), values, activation, decision, len(right.b1), (right, *wrong.values()))
    answer = reader.keyed(reader.table(right))
    return answer, _slips(answer, wrong)


def _slips(answer: Network, wrong: dict[str, TwoLayer]) -> list[Slip]:
    said = {
        "new_for_change": "A hidden unit that is on stays on for all larger sums, so the next weight has to make up "
        "for it: the output weight of a unit is the change at its threshold, not what comes after it.",
        "no_bias": "Without hidden biases all units switch on at the same place; use b1 to set where each begins.",
        "no_output_bias": "Where all hidden units are off, the output is b2 alone; set it to the value wanted there.",
        "swapped_inputs": "Your network treats x1 as x2 and x2 as x1; compare the two inputs that have one true entry.",
        "complement": "Your network computes the opposite, 1 where 0 is wanted; change the sign of W2 and adapt b2.",
        "wrong_coding": "Your network fits inputs coded 0 and 1; here false is coded as −1.",
    }
    tables = {name: answer.table(net) for name, net in wrong.items()}
    return [Slip(name, tables[name] if tables[name] != answer.key else None, text) for name, text in said.items()]


def _checking(answer: Network, near: TwoLayer) -> list[Part]:
    """Two parts about a network that fails on one input: its outputs, and where it fails."""
    grid, hidden = answer.grid, relu if answer.activation == "relu" else _step
    outputs = near.outputs(grid, answer.activation)

    def place(earlier: Earlier) -> int:
        """Where these outputs miss the target; ValueError unless that is one place."""
        (only,) = (i for i, y in enumerate(earlier["outputs"]) if answer.decide(y) != answer.key[i])
        return only

    def instead(run: Callable[[Vector], Number]) -> Vector | None:
        wrong = tuple(map(run, grid))
        return wrong if wrong != outputs else None

    slips = [
        Slip("linear", instead(lambda x: dot(near.W2, affine(near.W1, x, near.b1)) + near.b2),
             "You left g out: apply it to every entry of W1 x + b1 before the second layer."),
        Slip("no_hidden_bias", instead(lambda x: dot(near.W2, hidden(matvec(near.W1, x))) + near.b2),
             "You left b1 out: add it to W1 x before g."),
        Slip("bias_after", instead(lambda x: dot(near.W2, add(hidden(matvec(near.W1, x)), near.b1)) + near.b2),
             "You added b1 after g; it belongs inside, g(W1 x + b1)."),
        Slip("no_output_bias", instead(lambda x: dot(near.W2, near.hidden(x, answer.activation))),
             "You left b2 out: add it to every output."),
    ]  # fmt: skip
    options = tuple(f"({', '.join(map(str, x))})" for x in grid)
    listed = "".join(f"\n- {LETTERS[i]}. ${option}$" for i, option in enumerate(options))
    order = ", ".join(f"${option}$" for option in options)
    return [
        Part("outputs", f"Write the outputs $f(x)$ of this first try for $x =$ {order}, in this order.", Array(outputs),
             points=2, misconceptions=slips),
        Part("failing", f"For which input is it wrong? Answer with a letter.\n{listed}",
             Choice(place({"outputs": outputs}), options), points=1, follow=place),
    ]  # fmt: skip


def _step(z: Vector) -> Vector:
    return tuple(int(entry > 0) for entry in z)


DEFINITIONS: dict[str, Callable[[Any], Any]] = {
    "and": lambda x: x.all(1),
    "or": lambda x: x.any(1),
    "nand": lambda x: ~x.all(1),
    "nor": lambda x: ~x.any(1),
    "implies": lambda x: ~x[:, 0] | x[:, 1],
    "without": lambda x: x[:, 0] & ~x[:, 1],
    "xor": lambda x: x[:, 0] ^ x[:, 1],
    "xnor": lambda x: x[:, 0] == x[:, 1],
    "parity": lambda x: np.logical_xor.reduce(x, axis=1),
    "majority": lambda x: x.sum(1) >= 2,
    "exactly_one": lambda x: x.sum(1) == 1,
    "distance": lambda x: np.abs(x[:, 0] - x[:, 1]),
}


@boolean.oracle
def definitions(**given: Any) -> dict[str, Any]:
    """Each function by its definition on NumPy's grid, its mistakes as sums of ramps or steps of the signed sum."""
    x, y, told = _defined(given["function"], given["activation"], given["coding"], given["decision"])
    return {"network": y.tolist(), **told, **(_evaluated(x, y, **given) if given["repair"] else {})}


@cache
def _defined(name: str, activation: str, coding: str, decision: str) -> tuple[Any, Any, dict[str, Any]]:
    """All inputs x, one in each row, the wanted values y, and the values after each mistake."""
    high, n = max(TARGETS[name].values), len(TARGETS[name].signs)
    states = np.indices((high + 1,) * n).reshape(n, -1).T
    y = DEFINITIONS[name](states if high > 1 else states.astype(bool)).astype(int)
    x = 2 * states - 1 if coding == "bipolar" else states
    wrong = _mistaken(activation, np.array(TARGETS[name].signs), states, x, y)
    tables = {slip: table > 0.5 if decision == "threshold" else table for slip, table in wrong.items()}
    return x, y, {f"network.{slip}": _unlike(table, y) for slip, table in tables.items()}


def _unlike(wrong: Any, right: Any) -> Any:
    """The wrong values, or None where they are right."""
    return None if np.array_equal(wrong, right) else _plain(wrong)


def _plain(values: Any) -> Any:
    """A list; of integers where all values are whole."""
    whole = np.rint(values).astype(int)
    return (whole if np.array_equal(whole, values) else values).tolist()


def _mistaken(activation: str, signs: Any, states: Any, x: Any, y: Any) -> dict[str, Any]:
    """The outputs after each mistake. The profile is read off y, knots are where its (second) difference is not 0."""
    s, signed = states @ signs, x @ signs  # the sum with true as 1, and of the inputs as they are coded
    _, index = np.unique(s, return_index=True)
    profile = y[index]
    slopes = np.diff(profile) if activation == "relu" else profile[1:]
    change = np.diff(slopes, prepend=0 if activation == "relu" else profile[0])
    at = s.min() + np.arange(len(slopes)) + (0 if activation == "relu" else 0.5)

    def total(distance: Any, weights: Any) -> Any:
        return profile[0] + (np.maximum(distance, 0) if activation == "relu" else distance > 0) @ weights

    flipped = np.abs(x - x[:, None, ::-1]).sum(-1).argmin(1)  # the row of each input with its entries reversed
    shrink = 2 if x.min() < 0 and activation == "relu" else 1
    return {
        "new_for_change": total(s[:, None] - at, np.where(change != 0, slopes, 0)),
        "no_bias": total(np.repeat(signed[:, None], len(at), 1), change / shrink),
        "no_output_bias": y - profile[0],
        "swapped_inputs": y[flipped],
        "complement": 1 - y,
        "wrong_coding": total(signed[:, None] - at, change),
    }


def _evaluated(x: Any, y: Any, **given: Any) -> dict[str, Any]:
    """The outputs of the first try in matrix form, right and after each mistake, and the row where it fails."""
    W1, b1, W2, b2 = (np.array(part, dtype=float) for part in given["first_try"])

    def g(z: Any) -> Any:
        return np.maximum(z, 0) if given["activation"] == "relu" else np.heaviside(z, 0)

    outputs = g(x @ W1.T + b1) @ W2 + b2
    wrong = {
        "linear": (x @ W1.T + b1) @ W2 + b2,
        "no_hidden_bias": g(x @ W1.T) @ W2 + b2,
        "bias_after": (g(x @ W1.T) + b1) @ W2 + b2,
        "no_output_bias": outputs - b2,
    }
    decided = outputs > 0.5 if given["decision"] == "threshold" else outputs
    told = {f"outputs.{slip}": _unlike(values, outputs) for slip, values in wrong.items()}
    return {"outputs": _plain(outputs), **told, "failing": int(np.flatnonzero(decided != y)[0])}

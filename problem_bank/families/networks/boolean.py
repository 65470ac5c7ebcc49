"""Goodfellow et al., Deep Learning, section 6.1: what one hidden layer computes that a linear map cannot."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from problem_bank.answers import Array, Choice, Network, TwoLayer
from problem_bank.answers.choice import LETTERS
from problem_bank.answers.two_layer import step
from problem_bank.errors import BadGiven
from problem_bank.exact import add, affine, dot, matvec, relu
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.networks._definitions import defined, plain, unlike
from problem_bank.families.networks._nearly import first_tries
from problem_bank.families.networks._targets import TARGETS, mistakes
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Number, Vector

OUTPUTS = tuple((low, high) for low in range(-4, 5) for high in range(-4, 5) if low != high)  # for false and true
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
SOLUTION = r"""{% if near %}The given network has the outputs ${{ tried }}$, and the wanted values are ${{ table }}$:
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
    version=2,
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
    outputs = rng.choice("outputs", OUTPUTS if decision == "exact" else ((0, 1),))
    target, (answer, slips) = TARGETS[name].valued(*outputs), _answer(name, activation, coding, decision, outputs)
    example = answer.examples[0]
    parts = [Part("network", "Give $W_1$, $b_1$, $W_2$ and $b_2$ of a network that is right for every input.",
                  answer, points=4, misconceptions=slips)]  # fmt: skip
    given = {"function": name, "functions": functions, "activation": activation, "activations": activations,
             "coding": coding, "codings": codings, "decision": decision, "outputs": outputs,
             "repair": repair}  # fmt: skip
    shown = {
        "words": target.words, "unit": UNITS[activation], "width": answer.width, "grid": answer.grid, "near": repair,
        "values": ", ".join(map(str, answer.values)), "boolean": len(answer.values) == 2, "low": answer.values[0],
        "sum": target.formula, "first": target.first, "profile": target.profile,
        "knots": target.knots(activation), "table": answer.key, "example": answer.tex(example),
    }  # fmt: skip
    if repair:
        plain_answer, _ = _answer(name, activation, coding, decision, (0, 1))
        given["first_try"] = near = rng.choice("first_try", first_tries(plain_answer, outputs))
        given["listed"] = listed = rng.shuffle("listed", len(answer.grid))
        checks = _checking(answer, TwoLayer(*near), listed)
        shown |= {
            "net": answer.tex(TwoLayer(*near)),
            "tried": checks[0].answer.key,
            "place": listed[checks[1].answer.key],
        }
        parts = [*checks, *parts]
    work = len(answer.grid) * (answer.inputs + answer.width + 2)  # for each input: its sum, the units, two biases
    return Exercise(given=given, shown=shown, prompt=PROMPT, parts=parts, solution=SOLUTION, work=float(work))


@cache
def _answer(
    name: str, activation: str, coding: str, decision: str, outputs: tuple[int, int]
) -> tuple[Network, list[Slip]]:
    """The answer that asks for this function, keyed by running an example network, and its misconceptions."""
    target = TARGETS[name].valued(*outputs)
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


def _checking(answer: Network, near: TwoLayer, listed: Vector) -> list[Part]:
    """Two parts about a network that fails on one input: its outputs, and where it fails, the inputs listed anew."""
    grid, hidden = answer.grid, relu if answer.activation == "relu" else step
    outputs = near.outputs(grid, answer.activation)

    def place(earlier: Earlier) -> int:
        """Where these outputs miss the target; ValueError unless that is one place."""
        (only,) = (i for i, y in enumerate(earlier["outputs"]) if answer.decide(y) != answer.key[i])
        return listed.index(only)

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
    inputs = [f"({', '.join(map(str, x))})" for x in grid]
    options = tuple(inputs[int(i)] for i in listed)
    lines = "".join(f"\n- {LETTERS[i]}. ${option}$" for i, option in enumerate(options))
    order = ", ".join(f"${x}$" for x in inputs)
    return [
        Part("outputs", f"Write the outputs $f(x)$ of this first try for $x =$ {order}, in this order.", Array(outputs),
             points=2, misconceptions=slips),
        Part("failing", f"For which input is it wrong? Answer with a letter.\n{lines}",
             Choice(place({"outputs": outputs}), options), points=1, follow=place),
    ]  # fmt: skip


@boolean.oracle
def definitions(**given: Any) -> dict[str, Any]:
    """Each function by its definition on NumPy's grid, its mistakes as sums of ramps or steps of the signed sum."""
    x, y, told = defined(given["function"], given["activation"], given["coding"], given["decision"], given["outputs"])
    return {"network": y.tolist(), **told, **(_evaluated(x, y, **given) if given["repair"] else {})}


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
    told = {f"outputs.{slip}": unlike(values, outputs) for slip, values in wrong.items()}
    return {"outputs": plain(outputs), **told, "failing": given["listed"].index(int(np.flatnonzero(decided != y)[0]))}

"""Goodfellow et al., Deep Learning, section 10.2: recurrent networks as machines with a finite memory."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from problem_bank.answers import Array
from problem_bank.answers.recurrent_network import Machine, RecurrentNetwork
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.recurrent._machines import TASKS, Task, mistaken
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import unless_right
from problem_bank.values import Matrix, Vector

UNITS = {"relu": r"g(z) = \max(0, z)", "step": r"g(z) = 1 \text{ for } z > 0, \text{ else } 0"}
SAID = {
    "no_memory": "Your network acts as if nothing came before: W must hand on what later steps need to know.",
    "wrong_start": "Your network does the right thing from a wrong beginning: look at h0.",
    "keeps_any": "You remember that a 1 was there at all; think about which sums really change what is remembered.",
    "turned_round": "Your two output values are exchanged.",
    "plain_bits": "You gave 0 and 1; scale and shift the output to the two values that are asked for.",
}
PROMPT = r"""
At every step $t = 1, 2, \dots$ a network reads
{{ "one bit $x_t$" if bits == 1 else "two bits $x_t = (x_{t,1}, x_{t,2})$" }} and gives a number:
$$ h_t = g(W h_{t-1} + U x_t + b), \qquad y_t = V \cdot h_t + c, $$
with ${{ unit }}$ entry by entry, and at most {{ width }} hidden unit{{ "s" if width > 1 else "" }}. The output $y_t$
shall be exactly ${{ high }}$ if {{ words }}, and exactly ${{ low }}$ otherwise. {{ before }}
""".strip()
SOLUTION = r"""
The wanted outputs for the given inputs are ${{ wanted }}$.

{% if stored %}
A later step needs to know the last input, $m$: one unit keeps it in the state.
{% else %}
A later step needs one bit of memory, $m$, which the state before holds.
{% endif %}
With it, the sum $s = {{ sum }}$ decides everything. Writing $[s \ge k]$ for 1 where $s \ge k$, and 0 elsewhere:

- the output is ${{ high }}$ where ${{ out }}$ is 1, and ${{ low }}$ where it is 0;
- the next $m$ is ${{ "x_t" if stored else memory }}$.

{% if step %}
A step unit whose sum is $2 s - 2 k + 1$ is $[s \ge k]$ itself.
{% else %}
As $s$ is whole, $[s \ge k] = \max(0, s - k + 1) - \max(0, s - k)$: a difference of two ramps, which neighbours share.
{% endif %}
So $V$ and $c$ put the output together, each row of $W$ puts $m$ together from the state before, and $h_0$ is a state in
which $m$ has its first value. One such network is

$$ {{ example }}. $$
""".strip()


@family(
    topic="recurrent",
    source="Goodfellow 10.2",
    minutes=9,
    levels={
        "easy": {"tasks": ("once", "all", "delay")},
        "medium": {},
        "hard": {"tasks": ("sum", "difference")},
    },
)
def construct(
    rng: Rng,
    *,
    tasks: tuple[str, ...] = ("parity", "pair", "change"),
    activations: tuple[str, ...] = ("relu", "step"),
    steps: int = 5,
) -> Exercise:
    """Build a recurrent network that does a task on sequences of bits."""
    name, activation = rng.choice("task", tasks), rng.choice("activation", activations)
    low, high = rng.sample("levels", range(-9, 10), 2)
    start = rng.choice("start", (0, 1) if TASKS[name].before else (0,))
    if start not in (0, 1) or low == high:
        raise BadGiven(f"start: 0 or 1, and two different levels; got {start} and {(low, high)}")
    task = replace(TASKS[name], start=start, levels=(low, high))
    xs = rng.int_matrix("x", steps, task.bits, 0, 1)
    wanted, answer, slips = task.outputs(xs), *_answer(task, activation)
    rng.require(len(set(wanted)) > 1, "both outputs are wanted")
    return Exercise(
        given={**rng.drawn, "tasks": tasks, "activations": activations, "steps": steps},
        shown={"bits": task.bits, "unit": UNITS[activation], "width": answer.width, "words": task.words, "low": low,
               "high": high, "before": task.before.format(start=start), "wanted": wanted, "sum": _sum(task),
               "out": _reached(task.out), "memory": _reached(task.memory or ()),
               "stored": task.memory is None, "step": activation == "step", "example": answer.tex(answer.key)},
        prompt=PROMPT,
        parts=[
            Part("outputs", f"Which outputs are wanted for the inputs {_shown(xs)}, in this order?", Array(wanted),
                 points=1, misconceptions=_wrong_outputs(task, xs)),
            Part("network", "Give $W$, $U$, $b$, $h_0$, $V$ and $c$ of a network that is right for every sequence.",
                 answer, points=4, misconceptions=slips),
        ],
        solution=SOLUTION,
        work=float(answer.width * steps + 10),
    )  # fmt: skip


def _answer(task: Task, activation: str) -> tuple[RecurrentNetwork, list[Slip]]:
    """The answer, keyed by the task's own machine, and the machines of wrong procedures."""
    net, wrong = task.network(activation), mistaken(task)
    examples = (net, *(other.network(activation) for other in wrong.values() if other))
    length = 6 if task.bits == 1 else 4
    answer = RecurrentNetwork(task.machine, task.bits, activation, len(net.b), length, examples)
    return answer, [Slip(name, _unlike(other, answer), SAID[name]) for name, other in wrong.items()]


def _unlike(other: Task | None, answer: RecurrentNetwork) -> Machine | None:
    return None if other is None or answer.agrees(other.machine) else other.machine


def _wrong_outputs(task: Task, xs: Matrix) -> list[Slip]:
    right, wrong = task.outputs(xs), {name: other and other.outputs(xs) for name, other in mistaken(task).items()}
    told = {name: SAID[name].replace("Your network acts", "You acted") for name in ("no_memory", "plain_bits")}
    told["turned_round"] = SAID["turned_round"]
    return [Slip(name, None if wrong[name] == right else wrong[name], text) for name, text in told.items()]


def _sum(task: Task) -> str:
    """LaTeX of the sum that the units look at."""
    letters = ("x_t",) if task.bits == 1 else ("x_{t,1}", "x_{t,2}")
    terms = "".join(f" {'+' if w > 0 else '-'} {x}" for w, x in zip(task.weights, letters, strict=True) if w)
    return f"m{terms}{' + 1' if task.offset else ''}"


def _reached(values: Vector) -> str:
    """LaTeX of a number and of what is added where the sum reaches 1, 2, ..."""
    first = [str(values[0])] if values and values[0] else []
    rest = [f"{'-' if v < 0 else '+'} [s \\ge {k}]" for k, v in enumerate(values[1:], 1) if v]
    return " ".join([*first, *rest]).removeprefix("+ ")


def _shown(xs: Matrix) -> str:
    return ", ".join(f"${x[0]}$" if len(x) == 1 else f"${x}$" for x in xs)


DEFINITIONS: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
    "once": lambda m, x: (max(m, x[0]), max(m, x[0])),
    "all": lambda m, x: (max(m, 1 - x[0]), x[0] * (1 - m)),
    "delay": lambda m, x: (x[0], m),
    "parity": lambda m, x: (m ^ x[0], m ^ x[0]),
    "pair": lambda m, x: (x[0], m & x[0]),
    "change": lambda m, x: (x[0], m ^ x[0]),
    "sum": lambda m, x: divmod(x[0] + x[1] + m, 2),
    "difference": lambda m, x: (-((x[0] - x[1] - m) // 2), (x[0] - x[1] - m) % 2),
}
"""The next bit in memory and the output bit, from the bit in memory and the input: by logic, or by arithmetic."""


@construct.oracle
def by_definition(task: str, x: Matrix, levels: Vector, start: int, **given: Any) -> dict[str, Any]:
    """Each task by its definition; a machine for each of the two bits that may be in memory."""
    right = DEFINITIONS[task]
    any_one = task in ("parity", "sum", "difference")
    rules: dict[str, Any] = {
        "": (right, start, levels),
        ".no_memory": (lambda m, x: (0, right(0, x)[1]), 0, levels),
        ".wrong_start": (right, 1 - start, levels),
        ".keeps_any": (lambda m, x: (_any(task, m, x), right(m, x)[1]), start, levels) if any_one else None,
        ".turned_round": (right, start, levels[::-1]),
        ".plain_bits": (right, start, (0, 1)),
    }
    told: dict[str, Any] = {}
    for name, setting in rules.items():
        rule, first, values = setting or (None, 0, ())
        told["network" + name] = rule and _machine(rule, first, values, len(x[0]))
        told["outputs" + name] = rule and _run(rule, first, values, x)
    return unless_right(told)


def _any(task: str, m: int, x: Vector) -> int:
    """Is there anything to add, or to take away?"""
    return int(m or x[-1] or (x[0] if task == "sum" else 0) or (task == "difference" and not x[0]))


def _machine(rule: Any, start: int, levels: Vector, bits: int) -> list[Any]:
    """Both states, the start first; a machine that never leaves it has one state too many, which changes nothing."""
    inputs = [tuple((i >> (bits - 1 - j)) & 1 for j in range(bits)) for i in range(2**bits)]
    stepped = [[rule(m, x) for x in inputs] for m in (start, 1 - start)]
    return [[(int(m != start), levels[bit]) for m, bit in pairs] for pairs in stepped]


def _run(rule: Any, m: int, levels: Vector, x: Matrix) -> list[Any]:
    outputs = []
    for bits in x:
        m, bit = rule(m, bits)
        outputs.append(levels[bit])
    return outputs

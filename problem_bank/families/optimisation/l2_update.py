"""Goodfellow et al., Deep Learning, section 7.1.1: weight decay, from the penalty to the step."""

from fractions import Fraction
from functools import cache
from typing import Any

from problem_bank import algebra
from problem_bank.algebra import Node, names, number, substitute
from problem_bank.answers import Array
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.optimisation._penalty import STEPS, G, Numbers, Rule
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Number

ASK = ("gradient", "update", "shrink", "step", "decay")
COEFFICIENTS: tuple[Number, ...] = (1, 2, 3, 4, 5, 6, *(Fraction(1, n) for n in (2, 4, 6, 8, 10)))
SIZES: tuple[Number, ...] = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 20))

PROMPT = r"""
A model with parameters ${{ theta }}$ is trained on the loss
$$L({{ theta }}) = L_\text{data}({{ theta }}) + {{ penalty }} \|{{ theta }}\|^2$$
by gradient descent with learning rate ${{ rate_tex }}$. Write `g` (or `grad_L_data`) for the gradient
$\nabla L_\text{data}({{ theta }})$, and type the letters as {{ typed }}.
""".strip()

SOLUTION = r"""
The penalty is a sum of squares, so its gradient is ${{ twice }} {{ theta }}$, and
$\nabla L = {{ gradient }}$. One step is ${{ theta }} - {{ rate_tex }} \nabla L = {{ update }}$: before the usual step,
every parameter is multiplied by ${{ shrink }}$.
{% if "step" in ask %}
With the numbers, this factor is
$1 - {{ coefficient * 2 }} \cdot {{ rate_value }} \cdot {{ lambda_value }} = {{ factor }}$, and
$$ {{ factor }} \cdot {{ values }} - {{ rate_value }} \cdot {{ gradients }} = {{ moved }}. $$
{% endif %}
{% if "decay" in ask %}
Without a data gradient, only the factor is left in each of the $t$ steps: ${{ decay }}$.
{% endif %}
""".strip()


@family(
    topic="optimisation",
    source="Goodfellow 7.1.1",
    minutes=8,
    version=2,
    levels={
        "easy": {"ask": ("gradient", "update", "step"), "size": 1},
        "medium": {},
        "hard": {"ask": ASK, "size": 3},
    },
)
def l2_update(rng: Rng, *, ask: tuple[str, ...] = ASK[:4], size: int = 2) -> Exercise:
    """Add an L2 penalty to a loss, and take a step."""
    rule = Rule(
        coefficient=rng.choice("coefficient", COEFFICIENTS),
        parameter=rng.choice("parameter", ("theta", "w", "phi", "beta")),
        rate=rng.choice("rate", ("epsilon", "eta", "alpha")),
    )
    values, gradients = rng.ints("values", size, -6, 6, exclude=(0,)), rng.ints("gradients", size, -6, 6, exclude=(0,))
    rate_value, lambda_value = rng.choice("rate_value", SIZES), rng.choice("lambda_value", SIZES)
    at = Numbers(rule, values, gradients, rate_value, lambda_value)
    moved = at.step(rule.update)
    rng.require(all(v != 0 for v in moved), "no parameter lands on zero")
    parts = {part.name: part for part in [*_symbolic(rule), _step(rule, at), _decay(rule)]}
    given = {"coefficient": rule.coefficient, "parameter": rule.parameter, "rate": rule.rate, "values": values,
             "gradients": gradients, "rate_value": rate_value, "lambda_value": lambda_value, "ask": ask}  # fmt: skip
    return Exercise(
        given=given,
        shown={**rule.texts, "factor": at.value(rule.shrink), "moved": moved},
        prompt=PROMPT,
        parts=[parts[name] for name in ask],
        solution=SOLUTION,
        work=float(3 * size + 4),
    )


@cache
def _symbolic(rule: Rule) -> tuple[Part, ...]:
    theta, epsilon = rule.theta, rule.epsilon

    def step_along(earlier: Earlier) -> Node:
        return epsilon * _own(earlier, "gradient", rule.gradient)

    wrong_gradients = [
        Slip("no_two", G + rule.strength * theta, "You lost the 2 that comes down when the square is differentiated."),
        Slip("not_differentiated", G + rule.strength * theta**2,
             "You added the penalty itself; its derivative belongs into the gradient."),
        Slip("minus", G - rule.twice * theta, "The penalty is added to the loss, so its gradient is added too."),
        Slip("no_penalty", G, "You left the penalty out: it depends on the parameters as well."),
    ]  # fmt: skip
    wrong_updates = [
        Slip("ascent", lambda e: theta + step_along(e),
             "You stepped along the gradient; descent subtracts it."),
        Slip("shrunk_step", rule.shrink * (theta - epsilon * G),
             "You shrank the data step too; the penalty only shrinks the old parameters."),
        Slip("no_rate", (1 - rule.twice) * theta - epsilon * G,
             "The learning rate multiplies the whole gradient, the part from the penalty too."),
        Slip("only_the_step", lambda e: -step_along(e),
             "This is the change; the update is the old parameter plus the change."),
    ]  # fmt: skip
    wrong_factors = [
        Slip("no_rate", 1 - rule.twice, "The learning rate belongs into the factor."),
        Slip("no_two", 1 - epsilon * rule.strength, "You lost the 2 that comes from the square."),
        Slip("growth", 1 + epsilon * rule.twice, "With a plus the parameters would grow; the penalty shrinks them."),
        Slip("the_loss", epsilon * rule.twice, "This is what is taken away; the factor is what is left."),
    ]
    name = theta.tex()
    return (
        Part("gradient", r"Write the gradient $\nabla L$ of the whole loss.", rule.expression(rule.gradient),
             points=2, misconceptions=wrong_gradients),
        Part("update", f"Write the value of ${name}$ after one step.", rule.expression(rule.update),
             points=2, misconceptions=wrong_updates, follow=lambda e: theta - step_along(e)),
        Part("shrink", f"By which factor does this step multiply ${name}$, apart from the step along $g$?",
             rule.expression(rule.shrink), misconceptions=wrong_factors, follow=lambda e: _slope(rule, e)),
    )  # fmt: skip


def _own(earlier: Earlier, name: str, key: Node) -> Node:
    """The student's own expression for an earlier part, or its key where that was not asked. Not a bare number."""
    tree: Node = earlier.get(name, key)
    if not names(tree):
        raise ValueError(f"{name} is a number: nothing follows from it")
    return tree


def _slope(rule: Rule, earlier: Earlier) -> Node | None:
    """The factor of the parameter in the student's own update; None where that is not linear."""
    update = _own(earlier, "update", rule.update)
    zero, one, two = (substitute(update, {rule.parameter: number(v)}) for v in (0, 1, 2))
    domains = dict.fromkeys(names(update), "positive")
    return one - zero if algebra.compare(two - one, one - zero, domains).equal else None


def _step(rule: Rule, at: Numbers) -> Part:
    wrong = {
        "no_two": (rule.theta - rule.epsilon * (G + rule.strength * rule.theta), "You lost the 2 of the derivative."),
        "shrunk_step": (rule.shrink * (rule.theta - rule.epsilon * G), "Shrink the old parameters, not the data step."),
        "no_rate": ((1 - rule.twice) * rule.theta - rule.epsilon * G, "The learning rate belongs into the factor."),
        "no_penalty": (rule.theta - rule.epsilon * G, "This is plain gradient descent; the penalty is missing."),
        "ascent": (rule.theta + rule.epsilon * rule.gradient, "Descent subtracts the gradient; you added it."),
    }
    prompt = (
        r"Now ${{ theta }} = {{ values }}$, $g = {{ gradients }}$, ${{ rate_tex }} = {{ rate_value }}$ and "
        r"$\lambda = {{ lambda_value }}$. Write the parameters after one step, exactly."
    )
    slips = [Slip(name, at.step(tree), text) for name, (tree, text) in wrong.items()]
    return Part("step", prompt, Array(at.step(rule.update)), points=2, misconceptions=slips,
                follow=lambda e: at.step(_own(e, "update", rule.update)))  # fmt: skip


@cache
def _decay(rule: Rule) -> Part:
    theta, linear = rule.theta, 1 - STEPS * rule.epsilon * rule.twice
    slips = [
        Slip("linear", linear * theta, "The factor is multiplied in each step, not subtracted."),
        Slip("one_step", rule.shrink * theta, "This is one step; there are $t$ of them."),
        Slip("no_rate", (1 - rule.twice) ** STEPS * theta, "The learning rate belongs into the factor."),
    ]
    prompt = f"Where the data gradient is zero throughout, what is ${theta.tex()}$ after $t$ steps? (Type `t`.)"
    return Part("decay", prompt, rule.expression(rule.decay, "t"), misconceptions=slips,
                follow=lambda e: _own(e, "shrink", rule.shrink) ** STEPS * theta)  # fmt: skip


@l2_update.oracle
def by_sympy(coefficient: Number, parameter: str, rate: str, **given: Any) -> dict[str, Any]:
    """SymPy differentiates a loss whose data part is linear with slope g; the numbers are plain arithmetic."""
    values, gradients = given["values"], given["gradients"]
    rate_value, lambda_value = given["rate_value"], given["lambda_value"]

    def moved(pull: Number, *, keep: Number = 1) -> list[Number]:
        return [keep * (v - rate_value * (g + pull * v)) for v, g in zip(values, gradients, strict=True)]

    slope = 2 * coefficient * lambda_value
    shrunk = 1 - rate_value * slope
    return {
        **_by_sympy(coefficient, parameter, rate),
        "step": moved(slope),
        "step.no_two": moved(coefficient * lambda_value),
        "step.shrunk_step": moved(0, keep=shrunk),
        "step.no_rate": [v - slope * v - rate_value * g for v, g in zip(values, gradients, strict=True)],
        "step.no_penalty": moved(0),
        "step.ascent": [2 * v - m for v, m in zip(values, moved(slope), strict=True)],
    }


@cache
def _by_sympy(coefficient: Number, parameter: str, rate: str) -> dict[str, Any]:
    import sympy

    theta, epsilon, strength, g, t = sympy.symbols(f"{parameter} {rate} lambda g t")
    penalty = sympy.Rational(str(coefficient)) * strength * theta**2
    total = sympy.diff(g * theta + penalty, theta)
    pull = sympy.diff(penalty, theta)
    update = theta - epsilon * total
    shrink = sympy.diff(update, theta)
    return {
        "gradient": total,
        "gradient.no_two": g + pull / 2,
        "gradient.not_differentiated": g + sympy.integrate(pull, theta),
        "gradient.minus": sympy.diff(g * theta - penalty, theta),
        "gradient.no_penalty": total - pull,
        "update": update,
        "update.ascent": 2 * theta - update,
        "update.shrunk_step": sympy.diff(theta - epsilon * penalty.diff(theta), theta) * (theta - epsilon * g),
        "update.no_rate": theta - pull - epsilon * g,
        "update.only_the_step": update - theta,
        "shrink": shrink,
        "shrink.no_rate": sympy.diff(theta - pull, theta),
        "shrink.no_two": (1 + shrink) / 2,
        "shrink.growth": 2 - shrink,
        "shrink.the_loss": 1 - shrink,
        "decay": theta * shrink**t,
        "decay.linear": theta - t * (theta - theta * shrink),
        "decay.one_step": update.subs(g, 0),
        "decay.no_rate": theta * sympy.diff(theta - pull, theta) ** t,
    }

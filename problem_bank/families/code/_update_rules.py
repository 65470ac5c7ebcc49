"""The update rules that can be asked: their equations, their settings, and the mistakes that are known by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from problem_bank.families.code._mistaken_updates import Config, Memory, Update, adam, momentum, plain, rmsprop
from problem_bank.subjects.layer_checks import Array
from solutions.numpy_nn import SGD, Adam, AdamW, Momentum, Nesterov, RMSProp


@dataclass(frozen=True)
class Wrong:
    """A mistaken rule, by its name, and what to tell about it."""

    name: str
    update: Update
    feedback: str


@dataclass(frozen=True)
class Rule:
    """One update rule: its equations, its settings with their ranges, the right optimiser and the wrong rules."""

    text: str
    settings: Mapping[str, tuple[float, float]]
    right: Callable[[dict[str, Array], Config], SGD]
    wrong: tuple[Wrong, ...]

    def config(self, rng: np.random.Generator) -> Config:
        """Settings that nobody's defaults are."""
        return {name: float(rng.uniform(*bounds)) for name, bounds in self.settings.items()}

    def path(self, w: Array, gradients: list[Array], config: Config) -> list[Array]:
        """w after every step."""
        params, steps = {"w": w.copy()}, []
        optimiser = self.right(params, config)
        for gradient in gradients:
            optimiser.step({"w": gradient})
            steps.append(params["w"].copy())
        return steps


def wrong_path(update: Update, w: Array, gradients: list[Array], config: Config) -> list[Array]:
    """w after every step of a mistaken rule."""
    memory: Memory = {}
    steps = []
    for gradient in gradients:
        w = update(w, gradient, config, memory)
        steps.append(w)
    return steps


_RATE = {"learning_rate": (0.02, 0.1)}
_ADAM = {**_RATE, "rho1": (0.6, 0.9), "rho2": (0.92, 0.99), "epsilon": (0.01, 0.1)}
_MOMENTS = (
    r"$s \leftarrow \rho_1 s + (1 - \rho_1) g$ and $r \leftarrow \rho_2 r + (1 - \rho_2) g^2$, then "
    r"$\hat s = s / (1 - \rho_1^t)$, $\hat r = r / (1 - \rho_2^t)$ and "
)
_START = ", with $s = r = 0$ at first and $t = 1$ in the first step"
_UPHILL = "The step goes up the gradient; subtract it."


def _adam_faults(decay: str = "none") -> tuple[Wrong, ...]:
    """What goes wrong in Adam, with this weight decay."""
    no = "s and r start at zero, so they are too small at first: divide them by 1 - rho^t."
    return (
        Wrong("no_bias_correction", adam(corrected=(False, False), decay=decay), no),
        Wrong("first_uncorrected", adam(corrected=(False, True), decay=decay), "s is not divided by 1 - rho1^t."),
        Wrong("second_uncorrected", adam(corrected=(True, False), decay=decay), "r is not divided by 1 - rho2^t."),
        Wrong("epsilon_inside", adam(inside=True, decay=decay), "epsilon is under the root; add it to the root."),
        Wrong("epsilon_early", adam(late=True, decay=decay), "epsilon is added before r is corrected; add it after."),
        Wrong("rhos_swapped", adam(swapped=True, decay=decay),
              "rho1 and rho2 are swapped: rho1 belongs to s, rho2 to r."),
        Wrong("rho_given_to_new", adam(mixed=True, decay=decay),
              "rho is the share that is kept; the new gradient gets 1 - rho."),
        Wrong("t_from_two", adam(first=2, decay=decay), "t is 2 in the first step; it has to be 1."),
        Wrong("t_fixed", adam(advance=0, decay=decay),
              "t does not move on; keep it in config and add 1 in every step."),
    )  # fmt: skip


RULES: dict[str, Rule] = {
    "sgd": Rule(
        r"$w \leftarrow w - \alpha\, g$", _RATE,
        lambda params, c: SGD(params, c["learning_rate"]),
        (Wrong("uphill", plain(1.0), _UPHILL), Wrong("no_rate", plain(rate=False), "The learning rate is not used.")),
    ),
    "momentum": Rule(
        r"$v \leftarrow \mu v + g$, then $w \leftarrow w - \alpha v$, with $v = 0$ at first",
        {**_RATE, "momentum": (0.6, 0.95)},
        lambda params, c: Momentum(params, c["learning_rate"], c["momentum"]),
        (
            Wrong("averaged", momentum(lambda mu: 1 - mu),
                  "The gradient gets the factor 1 - momentum; here it is added whole."),
            Wrong("rate_twice", lambda w, g, c, m: momentum()(w, c["learning_rate"] * g, c, m),
                  "The learning rate is applied twice."),
            Wrong("no_memory", momentum(keep=False),
                  "v does not last; keep it in config, and start from it in the next step."),
            Wrong("nesterov", momentum(nesterov=True), "That is Nesterov's rule; here w follows v alone."),
            Wrong("uphill", momentum(sign=-1.0), _UPHILL),
        ),
    ),
    "nesterov": Rule(
        r"$v \leftarrow \mu v + g$, then $w \leftarrow w - \alpha (g + \mu v)$, with $v = 0$ at first (the form in "
        "which $w$ is the looked-ahead point)",
        {**_RATE, "momentum": (0.6, 0.95)},
        lambda params, c: Nesterov(params, c["learning_rate"], c["momentum"]),
        (
            Wrong("plain_momentum", momentum(), "That is plain momentum; w follows g + momentum * v."),
            Wrong("averaged", momentum(lambda mu: 1 - mu, nesterov=True),
                  "The gradient gets the factor 1 - momentum in v; add it whole."),
            Wrong("no_memory", momentum(keep=False, nesterov=True), "v does not last; keep it in config."),
            Wrong("uphill", momentum(nesterov=True, sign=-1.0), _UPHILL),
        ),
    ),
    "rmsprop": Rule(
        r"$r \leftarrow \rho r + (1 - \rho) g^2$, then $w \leftarrow w - \alpha\, g / (\sqrt{r} + \epsilon)$, with "
        "$r = 0$ at first",
        {**_RATE, "rho": (0.7, 0.95), "epsilon": (0.01, 0.1)},
        lambda params, c: RMSProp(params, c["learning_rate"], c["rho"], c["epsilon"]),
        (
            Wrong("rho_swapped", rmsprop(swapped=True), "rho is the share that is kept; the new square gets 1 - rho."),
            Wrong("epsilon_inside", rmsprop(inside=True), "epsilon is under the root; add it to the root."),
            Wrong("no_root", rmsprop(root=False), "The gradient is divided by r; divide by its root."),
            Wrong("adagrad", rmsprop(total=True), "All squares are added up (AdaGrad); here old ones fade by rho."),
        ),
    ),
    "adam": Rule(
        _MOMENTS + r"$w \leftarrow w - \alpha\, \hat s / (\sqrt{\hat r} + \epsilon)$" + _START,
        _ADAM,
        lambda params, c: Adam(params, c["learning_rate"], (c["rho1"], c["rho2"]), c["epsilon"]),
        _adam_faults(),
    ),
    "adamw": Rule(
        _MOMENTS + r"$w \leftarrow w - \alpha \lambda w - \alpha\, \hat s / (\sqrt{\hat r} + \epsilon)$ with the old "
        "$w$ on the right" + _START,
        {**_ADAM, "weight_decay": (0.1, 0.4)},
        lambda params, c: AdamW(
            params, c["learning_rate"], (c["rho1"], c["rho2"]), c["epsilon"], weight_decay=c["weight_decay"]
        ),
        (
            Wrong("coupled_decay", adam(decay="coupled"),
                  "The decay is added to the gradient (Adam with an L2 penalty); take it from w itself."),
            Wrong("no_decay", adam(), "There is no weight decay."),
            Wrong("rateless_decay", adam(decay="rateless"), "The decay is not multiplied by the learning rate."),
            Wrong("decay_after", adam(decay="after"), "The decay is taken from the new w; take it from the old one."),
            *_adam_faults("decoupled"),
        ),
    ),
}  # fmt: skip

"""What the exercise on the gradients of batch normalisation says."""

PROMPT = r"""
In a minibatch of {{ n }} examples, one unit takes the values $x = {{ x }}$. Batch normalisation in training mode
computes $\hat{x}_i = \frac{x_i - \mu}{\sigma}$ and $y_i = \gamma \hat{x}_i + \beta$ with $\gamma = {{ gamma }}$. Here
$\mu$ and $\sigma^2$ are the mean and the variance of this minibatch, the variance divides by $n = {{ n }}$, and
nothing is added to it ($\varepsilon = 0$). Backpropagation has arrived at $y$: the derivatives of the loss $L$ (a
single number for the whole minibatch) are $\frac{\partial L}{\partial y} = {{ g }}$. Give fractions, or decimals to at
least 4 significant digits.
""".strip()

SOLUTION = r"""
**Forward.** $\mu = {{ mean }}$, $\sigma^2 = {{ variance }}$ and $\sigma = {{ sd }}$, so $\hat{x} = {{ x_hat }}$.

**Shift.** Every $y_i$ contains the same $\beta$ with slope 1, so the gradients add up:
$\frac{\partial L}{\partial \beta} = \sum_i \frac{\partial L}{\partial y_i} = {{ d_beta }}$.

**Scale.** In $y_i$ the slope by $\gamma$ is $\hat{x}_i$. The products $\frac{\partial L}{\partial y_i} \hat{x}_i$ are
${{ products }}$, and their sum is $\frac{\partial L}{\partial \gamma} = {{ d_gamma }}$.
{% if inputs %}

**Inputs.** An input moves its own output, and through $\mu$ and $\sigma$ all others. The three paths together give

$$\frac{\partial L}{\partial x_i} = \frac{\gamma}{\sigma} \left( \frac{\partial L}{\partial y_i}
- \frac{1}{n} \frac{\partial L}{\partial \beta} - \frac{\hat{x}_i}{n} \frac{\partial L}{\partial \gamma} \right),$$

with $\frac{\gamma}{\sigma} = {{ factor }}$, $\frac{1}{n} \frac{\partial L}{\partial \beta} = {{ from_mean }}$ and
$\frac{1}{n} \frac{\partial L}{\partial \gamma} = {{ from_variance }}$. Entry by entry this is

$$\frac{\partial L}{\partial x} = {{ d_x }}.$$

(Check: the entries add up to 0, because adding the same number to all inputs changes nothing.)
{% endif %}
""".strip()

SAID = {
    "by_variance": "You divided by the variance. Divide by its square root, the standard deviation.",
    "not_centred": "You did not subtract the mean before dividing.",
    "averaged": "You took a mean over the minibatch. L is one number that depends on every example, so add them up.",
    "times_scale": "You multiplied by γ. That belongs on the way to the inputs, not to a parameter of the last step.",
    "raw_inputs": "You multiplied by x. The scale multiplies the normalised values, so these are its slopes.",
    "like_shift": "This is the gradient of the shift. For the scale, weight each derivative with its normalised value.",
    "constants": "You took mean and variance for constants. Both depend on every input, which adds two more paths.",
    "constant_variance": "You sent the gradient back through the mean, but not through the variance.",
    "constant_mean": "You sent the gradient back through the variance, but not through the mean.",
    "scale_missing": "You left γ out: y is γ times the normalised value, so the gradient carries this factor back.",
}

"""What the exercise on gated activations says."""

PROMPT = r"""
These activation functions multiply $x$ by a gate between 0 and 1:

- **swish** with the parameter $\beta > 0$: $h = x \, \sigma(\beta x)$, where $\sigma(u) = 1 / (1 + e^{-u})$ is the
sigmoid ($\beta = 1$ is the SiLU)
{% if "gelu" in ask or "gelu_value" in ask %}
- **GELU**: $h = x \, \Phi(x)$, where $\Phi(x)$ is the probability that a standard normal number is at most $x$, and
$\varphi = \Phi'$ its density.
{% endif %}

$\ln$ is the natural logarithm. Give numbers exactly or to at least 4 significant digits.
""".strip()

SOLUTION = r"""
{% for line in lines %}
- {{ line }}
{% endfor %}
""".strip()

ASK = {
    "swish": r"Let $h = {{ swish_factors[0] }} \, x \, \sigma({{ swish_factors[1] }} x)$. Write its derivative $h'$ "
    r"with `x` and `s` alone, where $s = \sigma({{ swish_factors[1] }} x)$.",
    "swish_value": r"What is swish with $\beta = {{ beta }}$ at $x = \frac{1}{\beta} \ln {{ k }}$?",
    "swish_slope": r"What is the derivative of swish with $\beta = {{ beta }}$ at $x = \frac{1}{\beta} \ln {{ k }}$?",
    "betas": r"At $x = {{ at }}$, what does swish tend to as $\beta \to 0$ and as $\beta \to \infty$, in this order?",
    "gelu": r"Let $h = {{ gelu_factors[0] }} \, x \, \Phi({{ gelu_factors[1] }} x)$. Write its derivative $h'$ "
    r"with `x`, `P` and `q` alone, where $P = \Phi({{ gelu_factors[1] }} x)$, $q = \varphi({{ gelu_factors[1] }} x)$.",
    "gelu_value": r"GELU is often computed as $\frac{x}{2} \left(1 + \tanh\left(\sqrt{2 / \pi} \, (x + 0.044715 \, x^3)"
    r"\right)\right)$. What is this at $x = {{ point | decimal }}$?",
    "mirrored": r"And what is it at $x = -{{ point | decimal }}$?",
    "slopes": r"Let $h = {{ gelu_factors[0] }} \, x \, \Phi({{ gelu_factors[1] }} x)$. What does its **derivative** "
    r"tend to as $x \to -\infty$ and as $x \to +\infty$, in this order?",
    "bounds": r"Let $h = {{ shift }} + {{ height }} \tanh({{ width }} x)$. What does $h$ tend to as $x \to -\infty$ "
    r"and as $x \to +\infty$, in this order?",
}

LINES = {
    "swish": r"The product rule: $x$ leaves the gate, and the gate leaves $\sigma' = \sigma (1 - \sigma)$ times the "
    r"factor inside: $h' = {swish}$.",
    "swish_value": r"At $\beta x = \ln {k}$ the gate is ${k} / ({k} + 1)$, so "
    r"$h = {x} \cdot {gate} = {swish_value}$.",
    "swish_slope": r"The product rule, at $\beta x = \ln {k}$: $h' = s + \beta x s (1 - s) "
    r"= {gate} + \ln {k} \cdot {gate} \cdot {rest} = {swish_slope}$.",
    "betas": r"As $\beta \to 0$ the gate is $\sigma(0) = 1/2$ everywhere; as $\beta \to \infty$ it jumps from 0 to 1 "
    r"at $x = 0$, and swish becomes the ReLU: ${betas}$.",
    "gelu": r"The product rule again; the derivative of $\Phi$ is $\varphi$: $h' = {gelu}$.",
    "gelu_value": r"$\sqrt{{2 / \pi}} \cdot ({point} + 0.044715 \cdot {point}^3) = {argument}$, its tanh is {tanh}, so "
    r"the gate is {share} and $h = {gelu_value}$.",
    "mirrored": r"tanh is odd, so the gates at $x$ and $-x$ sum to 1, and $h(-x) = -x (1 - g) = h(x) - x "
    r"= {mirrored}$.",
    "slopes": r"Far to one side the gate is 0 and $h$ is flat; far to the other it is 1, and $h$ is a straight line. "
    r"Which side is which depends on the sign of ${inner} x$: ${slopes}$.",
    "bounds": r"tanh tends to $-1$ and $+1$ as its argument does to $-\infty$ and $+\infty$; the argument is "
    r"${width} x$, so $h$ tends to ${bounds}$.",
}

SAID = {
    "inner_lost": "You lost the inner derivative: the argument of the gate has a factor, too.",
    "first_lost": "The product rule has two terms: x is differentiated, too, and leaves the gate.",
    "second_lost": "The product rule has two terms: the gate is differentiated, too.",
    "inner_twice": "The factor of x inside the gate belongs to the second term alone.",
    "gate_alone": "That is the gate; it is still to be multiplied with x.",
    "beta_lost": "You took the gate at x; it stands at beta times x.",
    "sign": "The sign in the exponent is turned: for positive x the gate is more than one half.",
    "closed": "As beta goes to 0 the gate does not close: the sigmoid at 0 is one half.",
    "identity": "The gate opens for positive x only; for negative x it closes.",
    "swapped": "Your two limits are swapped: look at the sign of what stands inside.",
    "sigmoid_rule": "The derivative P(1 − P) belongs to the sigmoid; that of Φ is its density.",
    "no_half": "You left out the half: 1 + tanh lies between 0 and 2.",
    "cube_lost": "You left out the term with the cube.",
    "root_lost": "You left out the square root of 2 / π.",
    "odd": "You changed the sign as if the function were odd; the gates of x and −x sum to 1 instead.",
    "even": "You gave the same value as for the positive x; the gate there is nearly open, here nearly closed.",
    "flat": "You took both sides to be flat. On one side the gate is open, and the function grows like x.",
    "one_slope": "You took the gate to be open on both sides; on one it closes.",
    "inner_counted": "The factor inside makes the gate steeper; where it is open, only the factor outside is left.",
    "from_zero": "You used limits 0 and 1, those of the sigmoid; tanh has −1 and +1.",
    "stretched": "The factor inside makes tanh steeper, but changes no limit.",
    "shift_lost": "You lost the number that is added.",
}

"""What the exercise on shifted and scaled logits says."""

PROMPT = r"""
A network gives the logits $z = {{ shift }} + {{ logits }}$: the number ${{ shift }}$ is added to **every** entry of the
vector. Computed naively, the powers $e^{z_c}$ {{ "overflow to infinity" if shift > 0 else "underflow to 0" }} in
floating-point numbers. All logarithms here are **natural** ones.
""".strip()

SOLUTION = r"""
**Probabilities.** The common factor $e^{ {{- shift -}} }$ cancels, so $p = {{ a }} / {{ total }} = {{ p }}$: the
softmax does not change when a constant is added to all logits.

**Stable exponentials.** The largest logit is ${{ shift }} + \ln {{ top }}$. Without it, the logits are the logarithms
of ${{ a }} / {{ top }} = {{ stable }}$: none is above 1, so none overflows, and one is exactly 1.
{% if "lse" in ask %}

**Log-sum-exp.** $\ln \sum_c e^{z_c} = \ln(e^{ {{- shift -}} } \cdot {{ total }}) {# -#}
= {{ shift }} + \ln {{ total }} = {{ lse | decimal(8) }}$. Unlike the softmax it moves along with the shift.
{% endif %}

**Scaled logits.** {{ factor }} times the logits means the power ${{ factor }}$ of the exponentials:
${{ powers }}$, so $\mathrm{softmax}({{ factor }} z) = {{ scaled }}$. Adding changes nothing, multiplying does: the
largest probability {{ "grows" if factor > 1 else "shrinks" }}.
{% if "loss" in ask %}

**The loss.** $L = \ln \sum_c e^{z_c} - z_{ {{- target -}} } = \ln {{ total }} - \ln {{ a[target - 1] }} {# -#}
= {{ loss | decimal(5) }}$; here the shift cancels again.
{% endif %}
""".strip()

ASKED = {
    "p": r"The probabilities $\mathrm{softmax}(z)$, exactly.",
    "stable": r"The exponentials $e^{z_c - \max z}$ that a stable implementation sums up, exactly.",
    "lse": r"The log-sum-exp $\ln \sum_c e^{z_c}$, to 2 decimal places or better.",
    "scaled": r"The probabilities $\mathrm{softmax}({{ factor }}\, z)$ for ${{ factor }}$ times the logits, exactly.",
    "loss": r"The cross-entropy of $z$ if class {{ target }} (counted from 1) is true, to 4 significant digits.",
}

SAID = {
    "not_normalised": "These are exponentials, not yet probabilities; divide by their sum.",
    "squared_sum": "Numerators and divisor do not belong together: divide by the sum of what stands above.",
    "minimum": "You subtracted the smallest logit; then the others can still overflow. Subtract the largest.",
    "mean": "You divided by the mean of the exponentials; the largest logit is subtracted, so the largest becomes 1.",
    "invariant": "You left the shift out. The softmax does not see it, but the log-sum-exp grows by exactly the shift.",
    "shift_each": "You added the shift once for every class; it can be taken out of the sum once, as one factor.",
    "sum_of_logits": "You summed the logits: the logarithm of a sum is not the sum of the logarithms.",
    "maximum": "That is the largest logit; the log-sum-exp is a little above it.",
    "scale_invariant": "You left the probabilities as they were. Adding a constant changes nothing; a factor does.",
    "multiplied": "You multiplied the exponentials; a factor on the logits becomes a power of them.",
    "probability": "That is the probability; the loss is minus its logarithm.",
    "largest": "You used the largest probability; the loss takes that of the true class.",
    "base_two": "You took the logarithm to base 2; the natural one is asked for.",
    "shift_kept": "You kept the shift: it stands in the log-sum-exp and in the logit, and cancels.",
}

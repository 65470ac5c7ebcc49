"""What the exercise on the values of an adversarial game says."""

SAMPLES = r"""
{% if outputs == "probabilities" %}
The discriminator $D$ of a generative adversarial network gives the probability that an example is real. It says
${{ real_shown }}$ for {{ real | length }} real examples and ${{ fake_shown }}$ for
{{ fake | length }} examples $G(z)$ from the generator.
{% else %}
The discriminator of a generative adversarial network ends in a sigmoid: $D = \sigma(a)$ is the probability that an
example is real. For {{ real | length }} real examples its logits are $a = {{ real_shown }}$ (natural logarithms), and
for {{ fake | length }} examples $G(z)$ from the generator ${{ fake_shown }}$.
{% endif %}
The expected values $\mathbb{E}$ are replaced by the **means** over these examples, and $\ln$ is the **natural**
logarithm. The game has the value $V = \mathbb{E} \ln D(x) + \mathbb{E} \ln(1 - D(G(z)))$.
Give at least 4 significant digits; fractions are read as well.
""".strip()

DENSITIES = r"""
Data and generator put these probabilities on {{ p | length }} outcomes, and the current discriminator $D$ says:

| outcome | $p_{\text{data}}$ | $p_g$ | $D$ |
|---|---|---|---|
{% for row in rows %}
| {{ loop.index }} | {{ row.p | decimal }} | {{ row.q | decimal }} | {{ row.d | decimal }} |
{% endfor %}

The game has the value $V(D) = \mathbb{E}_{p_{\text{data}}} \ln D + \mathbb{E}_{p_g} \ln(1 - D)$ (**natural**
logarithms). Give at least 4 significant digits; fractions are read as well.
""".strip()

ASKED = {
    "real": "The probabilities $D(x)$ of the real examples.",
    "fake": "The probabilities $D(G(z))$ of the generated examples.",
    "critic": "The loss that the discriminator minimises, $-V$.",
    "saturating": "The loss that the generator of the original (minimax) game minimises, without the part of $V$ that "
    "does not depend on $G$.",
    "non_saturating": "The non-saturating loss of the generator.",
    "d_saturating": r"The gradient of the minimax loss of the generator by the logits of the generated examples.",
    "d_non_saturating": r"The gradient of its non-saturating loss by the same logits.",
    "value": "The value $V(D)$ of the current discriminator.",
    "best": "The best discriminator $D^*$ against this generator, for each outcome.",
    "best_value": "The value $V(D^*)$.",
    "js": r"The Jensen-Shannon divergence of $p_{\text{data}}$ and $p_g$, in nats.",
}

SAMPLES_SOLUTION = r"""
{% if outputs == "logits" %}
**Probabilities.** $\sigma(\ln k) = \frac{k}{k + 1}$: the real examples get $D(x) = {{ D_real }}$, the generated ones
$D(G(z)) = {{ D_fake }}$.

{% endif %}
**Discriminator.** The mean of $\ln D$ over the real examples is ${{ on_real | decimal(5) }}$, that of $\ln(1 - D)$ over
the generated ones ${{ saturating | decimal(5) }}$. The discriminator maximises their sum, so it minimises
${{ critic | decimal(5) }}$.

**Generator.** Only the second mean depends on it. In the minimax game it minimises this mean,
${{ saturating | decimal(5) }}$. The non-saturating loss is minus the mean of $\ln D(G(z))$:
${{ non_saturating | decimal(5) }}$.
{% if outputs == "logits" %}

**Gradients.** The derivative of $\ln(1 - \sigma(a))$ is $-\sigma(a)$, that of $-\ln \sigma(a)$ is $\sigma(a) - 1$. With
the mean over {{ fake | length }} examples, these are ${{ d_saturating }}$ and ${{ d_non_saturating }}$. An example that
is recognised ($D$ near 0) gets nearly no gradient from the first, and the largest from the second.
{% endif %}
""".strip()

DENSITIES_SOLUTION = r"""
**Current value.** $V(D) = \sum p_{\text{data}} \ln D + \sum p_g \ln(1 - D) {# -#}
= {{ on_real | decimal(5) }} - {{ (on_fake | abs) | decimal(5) }} {# -#}
= {{ value | decimal(5) }}$.

**Best discriminator.** For one outcome, $p \ln D + q \ln(1 - D)$ has the derivative $p / D - q / (1 - D)$, which is 0
at $D^* = \frac{p}{p + q}$. So $D^* = {{ best }}$. Where both are equal it is $\frac12$: nothing is left to tell
them apart.

**Its value.** $V(D^*) = {{ best_value | decimal(5) }}$, more than the current one. With equal distributions it would be
$-\ln 4 = -1.3863$, its least.

**Divergence.** With $M = \frac12 (p_{\text{data}} + p_g)$ the best discriminator is $p_{\text{data}} / (2 M)$, so
$V(D^*) = \mathrm{KL}(p_{\text{data}} \| M) + \mathrm{KL}(p_g \| M) - 2 \ln 2 = 2\, \mathrm{JS} - \ln 4$, and
$\mathrm{JS} = \frac12 (V(D^*) + \ln 4) = {{ js | decimal(5) }}$.
""".strip()

SAID = {
    "odds": "That is e^a, the odds; the sigmoid divides it by 1 + e^a.",
    "other_class": "That is the probability of being generated: check the sign in the exponent of the sigmoid.",
    "sign": "The sign is turned: check what is maximised, and what is minimised.",
    "one_mean": "You averaged over all examples together; each expected value is a mean of its own.",
    "summed": "You added up; the expected values are means over the examples.",
    "labels_swapped": "You exchanged the labels: the discriminator says 1 for real, 0 for generated examples.",
    "same_for_both": "You used ln D for the generated examples too; for them the discriminator wants ln(1 − D).",
    "inside": "You averaged the probabilities inside the logarithm; average the logarithms.",
    "base_two": "You took logarithms to base 2; natural ones are asked for.",
    "non_saturating": "That belongs to the non-saturating loss, −ln D; the minimax game has ln(1 − D).",
    "saturating": "That belongs to the minimax loss, ln(1 − D); the non-saturating one is −ln D.",
    "whole": "You kept the real examples; the generator has no influence on them.",
    "by_outputs": "That is the gradient by the probabilities; it still has to pass the sigmoid.",
    "no_mean": "The loss is a mean: every gradient is divided by the number of examples.",
    "unweighted": "You averaged over the outcomes; an expected value weighs them by their probabilities.",
    "same_weights": "You weighed both logarithms by the data; the second one is weighed by the generator.",
    "swapped": "You exchanged data and generator: 1 means real.",
    "ratio": "That is the ratio of the probabilities, which may exceed 1; the best discriminator says p / (p + q).",
    "always_real": "You let it say 1; that would cost infinitely much where the generator puts probability.",
    "half": "You took 1/2; that is best only where data and generator agree.",
    "winner": "You rounded to the likelier source; the logarithm would punish that without bound.",
    "equilibrium": "You gave −ln 4, the value when generator and data agree. Here they differ.",
    "only_real": "You left out the generated examples.",
    "no_half": "You forgot the half: V(D*) + ln 4 is twice the divergence.",
    "no_constant": "You left the ln 4 out: a divergence is never negative, and 0 for equal distributions.",
    "log_two": "The constant is ln 4: one ln 2 for each of the two expected values.",
}

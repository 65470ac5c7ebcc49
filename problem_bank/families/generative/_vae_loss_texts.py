"""What the exercise on the loss of a variational autoencoder says."""

PROMPT = r"""
For one input, the encoder of a variational autoencoder gives the means $\mu = {{ means }}$ and the logarithms of the
variances $\ell = \ln \sigma^2 = {{ logarithms }}$ (natural ones) of {{ latents }} independent latent variables:
$q(z_j \mid x) = \mathcal{N}(\mu_j, \sigma_j^2)$. The prior is $\mathcal{N}(0, 1)$ for each of them.
{% if decoder == "given" %}
For one code $z$ drawn from $q$, the reconstruction error is
$R = -\ln p(x \mid z) = {{ error | decimal }}$.
{% elif decoder == "normal" %}
For one code $z$ drawn from $q$, the decoder gives the means $\hat x = {{ predicted }}$ of normal distributions with
**variance 1**; the input is $x = {{ x }}$. The reconstruction error is $R = -\ln p(x \mid z)$ **without its constant**
$\frac{ {{- x | length -}} }{2} \ln 2\pi$.
{% else %}
For one code $z$ drawn from $q$, the decoder gives the probabilities $\hat x = {{ predicted }}$ that each pixel is 1;
the input is $x = {{ x }}$. The reconstruction error is $R = -\ln p(x \mid z)$, all pixels being independent.
{% endif %}
Give at least 4 significant digits; fractions are read as well.
""".strip()

ASKED = {
    "sigma": r"The standard deviations $\sigma$.",
    "kl": r"The divergence $\mathrm{KL}(q(z_j \mid x) \,\|\, \mathcal{N}(0, 1))$ for each latent variable, in nats.",
    "divergence": r"The divergence of the whole $q(z \mid x)$ from the prior.",
    "error": "The reconstruction error $R$.",
    "elbo": "The evidence lower bound, estimated with this one code and this $R$.",
    "dlogvar": r"The derivatives of the whole divergence by the log-variances $\ell_j$.",
}

SOLUTION = r"""
**Standard deviations.** Undoing the logarithm gives the variances, $\sigma^2 = e^{\ell} = {{ variances }}$; their roots
are $\sigma = {{ sigma }}$.

**Divergence.** For a normal distribution against the standard one,
$\mathrm{KL} = \frac12 (\mu^2 + \sigma^2 - 1 - \ln \sigma^2)$:

{% for row in rows %}
- latent variable {{ loop.index }}: $\frac12 ({{ row.square | decimal }} + {{ row.variance | decimal(5) }} - 1
{{- " - " if row.log > 0 else " + " }}{{ (row.log | abs) | decimal(5) }}) = {{ row.kl | decimal(5) }}$
{% endfor %}

Independent variables add up: ${{ keys.divergence | decimal(5) }}$.
{% if decoder == "normal" %}

**Reconstruction.** Minus the logarithm of $e^{-(x_i - \hat x_i)^2 / 2}$ is half the squared difference, and the
coordinates add up:
$R = \frac12 ({% for v in errors %}{{ "" if loop.first else " + " }}{{ v | decimal }}{% endfor %}) = {# -#}
{{ error | decimal(5) }}$.
{% elif decoder == "pixels" %}

**Reconstruction.** A pixel that is 1 costs $-\ln \hat x_i$, one that is 0 costs $-\ln(1 - \hat x_i)$:
$R = {% for v in errors %}{{ "" if loop.first else " + " }}{{ v | decimal(5) }}{% endfor %} = {{ error | decimal(5) }}$.
{% endif %}

**Bound.** The evidence lower bound is what is gained, so both errors are subtracted:
$-{{ error | decimal(5) }} - {{ keys.divergence | decimal(5) }} = {{ keys.elbo | decimal(5) }}$. Training minimises its
negative.
{% if slopes %}

**Derivatives.** With $\sigma^2 = e^{\ell}$, the divergence is $\frac12 (\mu^2 + e^{\ell} - 1 - \ell)$, and its
derivative by $\ell$ is $\frac12 (e^{\ell} - 1) = \frac12 (\sigma^2 - 1)$: {# -#}
${{ keys.dlogvar }}$. It pulls every variance towards 1.
{% endif %}
""".strip()

SAID = {
    "variance": "Undoing the logarithm gives the variance; the standard deviation is its root.",
    "squared_again": "You squared where a root has to be taken: exp(ℓ) is the variance already.",
    "inverse": "The sign of the exponent is turned: a negative log-variance means a small variance.",
    "sd_for_variance": "You used the standard deviation where the variance belongs: square it.",
    "no_half": "The factor 1/2 in front of all terms is missing.",
    "no_one": "The − 1 is missing: without it, even the prior itself would have a divergence.",
    "log_of_sd": "You used ln σ; it is ln σ², which is twice as much.",
    "log_sign": "The sign of the logarithm is turned: a small variance has to cost, not to pay.",
    "sign": "The sign is turned: no divergence is negative.",
    "direction": "That is the divergence of the prior from q; here q comes first.",
    "mean_forgotten": "You left the means out: moving away from 0 costs as well.",
    "averaged": "You averaged over the latent variables; for independent ones the divergences add up.",
    "largest": "You took the largest one; for independent variables the divergences add up.",
    "mean_squares": "You averaged; the logarithm of a product is a sum over the coordinates.",
    "root": "You took the root of the sum of squares; the logarithm of the density has the squares themselves.",
    "absolute": "You added up distances; a normal distribution leads to squares.",
    "squares": "You used squared differences; a pixel that is 0 or 1 has a Bernoulli distribution.",
    "ones_only": "You left out the pixels that are 0; those cost −ln(1 − x̂).",
    "other_class": "You took the probability of the other value for every pixel.",
    "base_two": "You took logarithms to base 2; natural ones are asked for.",
    "loss": "That is the loss, which is minimised; the bound is its negative.",
    "kl_added": "The divergence makes the bound worse: it is subtracted as well.",
    "kl_forgotten": "You left the divergence out.",
    "error_forgotten": "You left the reconstruction out.",
    "by_sigma": "You differentiated by σ; the encoder gives ℓ = ln σ², and the derivative by ℓ is asked for.",
    "by_variance": "You differentiated by σ²; the encoder gives its logarithm, so the chain rule brings a factor.",
    "log_forgotten": "The term − ℓ has a derivative too.",
}

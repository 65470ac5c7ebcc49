"""What the exercise on the reparameterisation says."""

PROMPT = r"""
The encoder of a variational autoencoder gives the means $\mu = {{ means }}$ and the logarithms of the variances
$\ell = \ln \sigma^2 = {{ logarithms }}$ (natural ones). A code is drawn as $z = \mu + \sigma \odot \epsilon$ (entry by
entry) with the noise $\epsilon = {{ noise }}$.
{% if not decoder %}
The loss is $L = \frac12 \lVert z - t \rVert^2$ with the target $t = {{ t }}$.
{% else %}
The decoder is linear, $\hat x = w \cdot z + b$ with $w = {{ w }}$ and $b = {{ b }}$, and the
{{- " loss" if not prior else " reconstruction error" }} for the input $x = {{ x }}$ is
{% if prior %}
$R = \frac12 (\hat x - x)^2$. The loss is $L = R + \mathrm{KL}$ with the divergence from the prior,
$\mathrm{KL} = \frac12 \sum_j (\mu_j^2 + \sigma_j^2 - 1 - \ln \sigma_j^2)$.
{% else %}
$L = \frac12 (\hat x - x)^2$.
{% endif %}
{% endif %}
The noise is **fixed** throughout. Decimals and fractions are read.
""".strip()

ASKED = {
    "z": "The code $z$.",
    "xhat": r"The output $\hat x$ of the decoder.",
    "dz": r"The gradient $\partial {{ name }} / \partial z$.",
    "slope": r"The derivatives $\partial z_j / \partial \ell_j$ of each entry of the code by its log-variance.",
    "dmu": r"The gradient $\partial L / \partial \mu$.",
    "dlogvar": r"The gradient $\partial L / \partial \ell$.",
}

SOLUTION = r"""
**Forward.** The standard deviations are the roots of the variances, $\sigma = e^{\ell / 2} = {{ deviations }}$, so

$$z = {{ means | column }} + {{ deviations | column }} \odot {{ noise | column }} = {{ z | column }}.$$

{% if decoder %}
The decoder gives $\hat x = {{ dot }} {{ "+" if b >= 0 else "-" }} {{ b | abs }} = {{ xhat | decimal(6) }}$.

{% endif %}
**Back to the code.**
{% if decoder %}
The error is $\hat x - x = {{ error | decimal(6) }}$, and $\hat x$ moves with $z$ by $w$:
$\frac{\partial {{ name }}}{\partial z} = {{ error | decimal(6) }} \cdot {{ w }} = {{ dz }}$.
{% else %}
$\frac{\partial L}{\partial z} = z - t = {{ dz }}$.
{% endif %}

**Through the sample.** With $\epsilon$ fixed, $z_j = \mu_j + e^{\ell_j / 2} \epsilon_j$ has the derivative 1 by
$\mu_j$, and $\frac12 e^{\ell_j / 2} \epsilon_j = \frac12 \sigma_j \epsilon_j$ by $\ell_j$. The latter
is ${{ slope }}$ here.

{% if prior %}
**Both ways to the encoder.** The divergence holds $\mu$ and $\ell$ directly, with the derivatives $\mu_j$ and
$\frac12 (\sigma_j^2 - 1)$, that is ${{ means }}$ and ${{ pull }}$. They are added to what comes through the code:

- $\frac{\partial L}{\partial \mu} = \frac{\partial R}{\partial z} + \mu = {{ dmu }}$,
- $\frac{\partial L}{\partial \ell} = \frac{\partial R}{\partial z} \odot {{ slope }} + {{ pull }} = {{ dlogvar }}$.
{% else %}
**To the encoder.** The chain rule, entry by entry:

- $\frac{\partial L}{\partial \mu} = \frac{\partial L}{\partial z} = {{ dmu }}$,
- $\frac{\partial L}{\partial \ell} = \frac{\partial L}{\partial z} \odot {{ slope }} = {{ dlogvar }}$.
{% endif %}
""".strip()

SAID = {
    "variance": "You multiplied the noise by the variance; the standard deviation, its root, belongs there.",
    "squared_again": "exp(ℓ) is the variance already; take its root, not its square.",
    "subtracted": "You subtracted the noise; it is added with the sign that it has.",
    "noise_alone": "You added the noise as it is; it is scaled by the standard deviation first.",
    "no_noise": "You left the noise out: the code is a sample, not the mean.",
    "no_bias": "You left the bias of the decoder out.",
    "of_mean": "You decoded the mean; what is decoded is the sample z.",
    "sign": "The sign is turned: it is the output minus the target.",
    "doubled": "The factor 1/2 of the loss cancels the 2 of the square.",
    "no_error": "You left the error out: the derivative of the square holds the difference itself.",
    "no_weights": "You left the weights of the decoder out: the output moves with the code by w.",
    "no_half": "A factor 1/2 is missing: σ = exp(ℓ/2), and the inner derivative is 1/2.",
    "by_sigma": "You differentiated by σ; the encoder gives ℓ, and σ = exp(ℓ/2) moves with it.",
    "variance_slope": "You have the variance in the derivative; z holds the standard deviation.",
    "noise_lost": "The noise is missing: it is a constant here, and a factor of σ.",
    "scaled": "You multiplied by σ ε; that belongs to the derivative by ℓ. By μ the code has the derivative 1.",
    "noise_factor": "You multiplied by the noise; the code has the derivative 1 by μ.",
    "blocked": "You let nothing come back through the sample. That is what the reparameterisation makes possible.",
    "kl_forgotten": "You left out the divergence: it depends on the encoder's outputs directly as well.",
    "kl_subtracted": "You subtracted the divergence's part; the loss is a sum, and so is its gradient.",
    "no_upstream": "That is the derivative of the code alone; the gradient of the loss by the code is a factor of it.",
    "added": "You added the two derivatives; the chain rule multiplies them.",
    "kl_by_sigma": "Your derivative of the divergence is that by σ; here it is by ℓ = ln σ².",
}

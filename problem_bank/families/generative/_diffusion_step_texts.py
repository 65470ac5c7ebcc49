"""What the exercise on the steps of a diffusion model says."""

PROMPT = r"""
A denoising diffusion model adds noise in {{ T }} steps,

$$q(x_t \mid x_{t-1}) = \mathcal{N}\bigl(\sqrt{1 - \beta_t}\, x_{t-1},\; \beta_t I\bigr), \qquad {# -#}
(\beta_1, \dots, \beta_{ {{- T -}} }) = {{ betas }},$$

where the second parameter is the **variance**. Write $\alpha_t = 1 - \beta_t$ and
$\bar\alpha_t = \alpha_1 \alpha_2 \cdots \alpha_t$.
{% if task == "back" %}
The way back has come to $x_{{ T }} = {{ current }}$, and the network predicts the noise
$\hat\epsilon = {{ guessed }}$ in it.
{% else %}
The data are $x_0 = {{ data }}$, and the noise $\epsilon = {{ added }}$ was drawn from $\mathcal{N}(0, I)$.
{% if task == "denoise" %}
The network sees $x_{{ T }}$ and predicts the noise $\hat\epsilon = {{ guessed }}$.
{% endif %}
{% endif %}
Give at least 4 significant digits.
""".strip()

ASKED = {
    "abar": r"The products $(\bar\alpha_1, \dots, \bar\alpha_{T})$.",
    "mean": r"The mean of $q(x_{T} \mid x_0)$.",
    "variance": r"The variance of each entry of $x_{T}$ given $x_0$.",
    "noised": r"The noisy $x_{T}$, in a single jump from $x_0$ with $\epsilon$.",
    "estimate": r"The $\hat x_0$ that the predicted noise $\hat\epsilon$ stands for.",
    "loss": r"The training loss here, $\lVert \epsilon - \hat\epsilon \rVert^2$ (a **sum** over the entries).",
    "back": r"The mean of $q(x_{B} \mid x_{T}, x_0)$ with $\hat x_0$ in place of $x_0$.",
    "spread": r"The variance of each entry under this $q(x_{B} \mid x_{T}, x_0)$.",
    "previous": r"The $x_{B}$ that is drawn from it with the noise $n = {{ drawn_noise }}$.",
}

SOLUTION = r"""
{% set t = "_" ~ T %}
**Schedule.** $\alpha = {{ alphas }}$, and multiplied up to each step $\bar\alpha = {{ abar }}$. What remains of the
signal is $\sqrt{\bar\alpha{{ t }}} = {{ signal | decimal(5) }}$, and the noise has the standard deviation
$\sqrt{1 - \bar\alpha{{ t }}} = {{ sd | decimal(5) }}$.

{% if task == "noise" %}
**Distribution.** The mean is $\sqrt{\bar\alpha{{ t }}}\, x_0 = {{ mean }}$; the variance is
$1 - \bar\alpha{{ t }} = {{ variance | decimal(5) }}$.

{% endif %}
{% if task != "back" %}
**Noise.** $x{{ t }} = \sqrt{\bar\alpha{{ t }}}\, x_0 + \sqrt{1 - \bar\alpha{{ t }}}\, \epsilon = {# -#}
{{ signal | decimal(5) }} \cdot {{ data }} + {{ sd | decimal(5) }} \cdot {{ added }} = {{ noised }}$.
{% endif %}
{% if task != "noise" %}

**Back to the data.** The same equation, solved for $x_0$ with $\hat\epsilon$ as the noise:
$\hat x_0 = \frac{1}{\sqrt{\bar\alpha{{ t }}} } (x{{ t }} - \sqrt{1 - \bar\alpha{{ t }}}\, \hat\epsilon) {# -#}
= {{ estimate }}$.
{% endif %}
{% if task == "denoise" %}

**Loss.** $\epsilon - \hat\epsilon = {{ difference }}$; the squares add up to ${{ loss | decimal(5) }}$.
{% elif task == "back" %}
{% set b = "_" ~ (T - 1) %}

**One step back.** With $\bar\alpha{{ b }} = {{ before | decimal(5) }}$ and $\beta{{ t }} = {{ beta_last | decimal }}$,
Bayes' rule for normal distributions gives

$$\frac{\sqrt{\bar\alpha{{ b }}}\, \beta{{ t }}}{1 - \bar\alpha{{ t }}} \hat x_0 + {# -#}
\frac{\sqrt{\alpha{{ t }}}\, (1 - \bar\alpha{{ b }})}{1 - \bar\alpha{{ t }}} x{{ t }} = {# -#}
\frac{1}{\sqrt{\alpha{{ t }}} } \Bigl(x{{ t }} - \frac{\beta{{ t }}}{\sqrt{1 - \bar\alpha{{ t }}} } \hat\epsilon\Bigr)
= {{ back }}.$$

**Variance.** $\frac{1 - \bar\alpha{{ b }}}{1 - \bar\alpha{{ t }}} \beta{{ t }} = {{ spread | decimal(5) }}$, less than
$\beta{{ t }}$, since $x_0$ tells something as well.

**Sample.** $x{{ b }} = {{ back }} + \sqrt{ {{- spread | decimal(5) -}} } \cdot {{ drawn_noise }} = {{ previous }}$.
{% endif %}
""".strip()

SAID = {
    "alphas": "These are the factors of the single steps; multiply them up to each step.",
    "betas_multiplied": "You multiplied the β; the α = 1 − β are multiplied.",
    "betas_summed": "You subtracted the β one after the other; what is left is multiplied by 1 − β in each step.",
    "rooted": "You took the roots already; ᾱ is the product of the α themselves.",
    "no_root": "You used ᾱ as the factor of the signal; that is its square. Take the root.",
    "last_step": "You used the last step alone; from the start, the noise of all steps counts, through ᾱ.",
    "noise_factor": "That is the factor of the noise; the signal keeps the root of ᾱ.",
    "sd_for_variance": "That is the standard deviation; the variance is asked for.",
    "signal_for_noise": "That is what remains of the signal; the noise has the rest.",
    "variance_for_sd": "You multiplied the noise by a variance; its standard deviation belongs there.",
    "swapped": "You exchanged the factors of signal and noise.",
    "signal_kept": "You kept the whole signal; it shrinks while the noise grows.",
    "not_rescaled": "You took the noise away but did not undo the shrinking of the signal.",
    "noise_unscaled": "You subtracted the noise as it is; only its share is in the noisy example.",
    "noise_added": "You added the noise once more; it has to be taken away.",
    "averaged": "You averaged; the sum of the squares is asked for.",
    "root": "You took the root; the loss is the squared length.",
    "of_data": "You compared the data with their estimate; the network is trained on the noise.",
    "jumped": "You jumped to the estimate of the data; one step back stays close to the noisy example.",
    "step_undone": "You undid the last step as if all the predicted noise were from it; it is the noise of all steps.",
    "noise_whole": "You took all the noise away, but went back only one step.",
    "product_for_alpha": "You undid the shrinking of all steps; one step back undoes only the last one.",
    "step_not_rescaled": "You did not undo the shrinking of the last step.",
    "forward_variance": "That is the variance of the step forward; knowing the data makes it smaller.",
    "turned": "The fraction is turned over: the variance is below that of the step forward.",
    "signal_ratio": "You used the remaining signal in place of the noise, 1 − ᾱ.",
    "no_noise": "You left the new noise out; that is the mean.",
    "same_noise": "You used the predicted noise once more; the step back draws a new one.",
}

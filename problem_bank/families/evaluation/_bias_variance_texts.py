"""What the exercise on bias and variance says."""

PROMPT = r"""
A model is trained on {{ trainings }} training sets of the same size. {% if points == 1 %}At a test point{% else -%}
At each of {{ points }} test points{% endif %} the true function value is known; what is measured there is this value
plus noise of mean 0 and variance ${{ noise }}$.

| test point | true value | predictions of the {{ trainings }} trained networks |
|---|---|---|
{% for row in rows %}
| {{ loop.index }} | {{ row.truth }} | {{ row.predictions | join(", ") }} |
{% endfor %}

Take these {{ trainings }} training sets, each as likely as the others, for all that there are, so that variances divide
by {{ trainings }}.{% if points > 1 %} Squared bias, variance and error are **averaged** over the test points.
{%- endif %} Give exact values.
""".strip()

SOLUTION = r"""
{% for row in rows %}
- Test point {{ loop.index }}: the mean prediction is ${{ row.mean }}$, so the squared bias is
$\left({{ row.mean }} - {{ row.bracketed }}\right)^2 = {{ row.bias }}$; the variance around this mean is
${{ row.variance }}$.
{% endfor %}
- {% if points > 1 %}Averaged over the test points, the squared bias is ${{ keys.bias }}$ and
the variance ${{ keys.variance }}$. {% endif %}With the noise, the expected squared error is
${{ keys.bias }} + {{ keys.variance }} + {{ noise }} = {{ keys.error }}$.
{% if "committee" in keys %}
- The mean of {{ members }} independent networks keeps the bias and the noise, and divides the variance by
{{ members }}: ${{ keys.committee }}$.
{% endif %}
{% if "correlated" in keys %}
- With the correlation $\rho$, the part $\rho$ of the variance is common to all and stays; only $1 - \rho$ of it is
divided by {{ members }}: ${{ keys.correlated }}$.
{% endif %}
""".strip()

PART = {
    "means": "The mean prediction at every test point, as a vector.",
    "mean": "The mean prediction.",
    "bias": "The squared bias.",
    "variance": "The variance of the prediction.",
    "error": "The expected squared error for a new measurement, over training sets and noise.",
    "committee": "The expected squared error of the mean of {{ members }} such networks, trained **independently** of "
    "each other.",
    "correlated": "The same if any two of the {{ members }} networks correlate with $\\rho = {{ rho }}$.",
}

SAID = {
    "errors": "You subtracted the true value; the mean of the predictions alone is asked for.",
    "not_squared": "The bias is to be squared.",
    "mean_of_squares": "You averaged the squared errors of the single networks; that has the variance in it as well. "
    "Average the predictions first.",
    "around_truth": "You measured the spread around the true value; variance is measured around the mean prediction.",
    "n_minus_one": "You divided by one less; these training sets are all that there are.",
    "no_noise": "The noise of the measurement is missing; no model can avoid it.",
    "no_variance": "The variance is missing: a single training set leads away from the mean prediction.",
    "all_divided": "You divided the whole error. Averaging leaves bias and noise as they are.",
    "noise_divided": "You divided the noise as well; the measurement is made once, however many networks predict.",
    "unchanged": "That is the error of a single network; averaging makes the variance smaller.",
    "as_independent": "That holds for independent networks; what they have in common does not average out.",
    "common_only": "You kept the common part alone; the rest is divided, but does not vanish.",
}

"""What the exercise on data-parallel training says."""

PROMPT = r"""
The linear model $\hat y = w^\top x$ has the weights $w = {{ w }}$. The loss of some samples is the **mean** of
$\frac{1}{2} (\hat y - y)^2$ over them. {{ shards | length }} workers share a minibatch of {{ n }} samples:

| worker | samples $x$ | targets $y$ |
|---|---|---|
{% for x, y in data %}
| {{ loop.index }} | {% for row in x %}${{ row }}${{ ", " if not loop.last else "" }}{% endfor %} | {# -#}
{% for v in y %}${{ v }}${{ ", " if not loop.last else "" }}{% endfor %} |
{% endfor %}

Each worker computes the gradient $g_k$ of the loss of **its own** samples. Together they take one step of gradient
descent with the learning rate $\epsilon = {{ epsilon }}$ on the loss of **all** {{ n }} samples. Answer exactly, with
fractions.
{% if "rate" in ask %}

In the real training, a single worker with minibatches of {{ base }} samples had done well with the learning rate
${{ tuned | decimal }}$. Now {{ workers }} workers take {{ each }} samples each.
{% endif %}
{% if "own" in ask %}

Finally the workers try to communicate less. From $w$, each takes **two** steps with $\epsilon = {{ epsilon }}$ on the
loss of its own samples, and only then the weights of the workers are averaged, weighted by their numbers of samples.
{% endif %}
""".strip()

SOLUTION = r"""
**Local gradients.** A sample adds $(\hat y - y) x$; a worker takes the mean over its own.
{% for rows in terms %}
- Worker {{ loop.index }}: {% for error, x in rows %}${{ error }} \cdot {{ x }}$
{{- " and " if not loop.last else "" }}{% endfor %}, so $g_{{ loop.index }} = {{ keys.local[loop.index0] }}$.
{% endfor %}

**All samples.** Every worker's mean counts as often as it has samples:
$g = \frac{1}{ {{- n -}} } ({% for size in shards %}{{ " + " if not loop.first else "" }}{{ size }} g_{{ loop.index }}
{%- endfor %}) = {{ keys.mean }}$. A single machine with all the samples finds the same.

**Step.** $w - {{ epsilon }} \cdot {{ keys.mean }} = {{ keys.step }}$.

{% if "rate" in keys %}
**Learning rate.** The minibatch grows from {{ base }} to ${{ workers }} \cdot {{ each }} = {{ workers * each }}$
samples, and the linear rule lets the rate grow as much:
${{ tuned | decimal }} \cdot {{ workers * each }} / {{ base }} = {{ keys.rate }}$.

{% endif %}
{% if "own" in keys %}
**Own steps.** After its first step a worker computes its gradient anew, at its own weights:
{% for way in ways %}
- Worker {{ loop.index }}: ${{ w }} \to {{ way[0] }} \to {{ way[1] }}$.
{% endfor %}

**Averaged.** Weighted by the numbers of samples, ${{ keys.averaged }}$. Two steps together would have led to
${{ together }}$: with more than one step in between, averaging weights is not the same.

{% endif %}
""".strip()

ASK = {
    "local": "The local gradients $g_k$, one row for each worker.",
    "mean": "The gradient of the loss of all samples.",
    "step": "The weights after the step that the workers take together.",
    "rate": "The learning rate that the linear scaling rule gives.",
    "own": "Less communication: the weights of each worker after its two own steps, one row for each worker.",
    "averaged": "Less communication: the averaged weights.",
}

SAID = {
    "not_divided": "You added the samples up; the loss of a worker is the mean over its own samples.",
    "of_all": "You divided by the number of all samples; a worker takes the mean over its own.",
    "doubled": "The half in the loss cancels the two of the square; your gradient is twice as large.",
    "sign": "The sign is turned: the error is the output minus the target.",
    "summed": "You added the gradients of the workers; the loss of all samples is a mean.",
    "unweighted": "You gave every worker the same weight; what counts is the sample, so larger shares weigh more.",
    "over_workers": "You weighted by the samples, but divided by the number of workers; divide by that of samples.",
    "ascent": "You went up the gradient; descent subtracts it.",
    "no_rate": "The learning rate is missing.",
    "all_steps": "You applied the step of every worker, one after the other; together they take one averaged step.",
    "unscaled": "You kept the rate; the minibatch has grown, and the rate grows with it.",
    "workers_only": "You multiplied by the number of workers, but each also has another number of samples than before.",
    "share_only": "You compared the samples of one worker; what counts is the minibatch of all.",
    "root": "You scaled by the square root. That is another rule; the linear one is asked for.",
    "one_step": "These are the weights after one step; each worker takes two.",
    "old_gradient": "You used the first gradient twice; it has to be computed anew at the worker's new weights.",
    "together": "That is what two steps together lead to. Here the workers drift apart in between.",
    "changes_added": "You added the changes of all workers; their weights are averaged.",
}

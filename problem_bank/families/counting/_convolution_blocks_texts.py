"""What the exercise on blocks of convolutions says."""

PROMPT = {
    "separable": r"""
A {{ k }} × {{ k }} convolution takes {{ c }} channels to {{ f }}. A **depthwise separable** convolution takes its
place:
first each channel gets one {{ k }} × {{ k }} filter of its own (depthwise), then a 1 × 1 convolution takes the {{ c }}
channels to {{ f }} (pointwise). Nothing has biases. Count the weights.
""",
    "bottleneck": r"""
A bottleneck block takes {{ c }} channels to {{ f }}: a 1 × 1 convolution reduces them to {{ m }}, a {{ k }} × {{ k }}
convolution keeps these {{ m }}, and a 1 × 1 convolution expands them to {{ f }}. No convolution has biases; each of the
three is followed by batch normalisation, which learns a scale and a shift for each channel. Count the learned
parameters.
""",
    "residual": r"""
A residual block takes {{ c }} channels to {{ f }}: a {{ k }} × {{ k }} convolution $c_1$ from {{ c }} to
{{ f }} channels with stride 2, then a {{ k }} × {{ k }} convolution $c_2$ from {{ f }} to {{ f }}. Both are
**grouped** with {{ groups }} groups: channels in and out are split into {{ groups }} equal groups, and each
group of outputs sees only its group of inputs. The shortcut is a 1 × 1 convolution (projection) with stride 2
and **without** groups. No convolution has biases; each of the three is followed by batch normalisation, which
learns a scale and a shift for each channel. Count the learned parameters.
""",
}

SOLUTION = {
    "separable": r"""
- Full: every one of {{ f }} filters is {{ k }} × {{ k }} × {{ c }},
${{ k }}^2 \cdot {{ c }} \cdot {{ f }} = {{ keys.full }}$.
- Depthwise: one {{ k }} × {{ k }} filter for each channel, ${{ k }}^2 \cdot {{ c }} = {{ keys.depthwise }}$.
- Pointwise: {{ f }} filters of 1 × 1 × {{ c }}, ${{ c }} \cdot {{ f }} = {{ keys.pointwise }}$.
- Ratio: $\frac{ {{- keys.depthwise }} + {{ keys.pointwise -}} }{ {{- keys.full -}} } = {{ keys.ratio }}$, which is
$\frac{1}{ {{- f -}} } + \frac{1}{ {{- k -}} ^2}$.
""",
    "bottleneck": r"""
- Reduce: ${{ c }} \cdot {{ m }} = {{ keys.reduce }}$.
- Middle: ${{ k }}^2 \cdot {{ m }} \cdot {{ m }} = {{ keys.middle }}$.
- Expand: ${{ m }} \cdot {{ f }} = {{ keys.expand }}$.
- Batch normalisation: a scale and a shift for each of ${{ m }} + {{ m }} + {{ f }}$ channels, {{ keys.norms }}.
- In all {{ keys.total }}.
- A full convolution has ${{ k }}^2 \cdot {{ c }} \cdot {{ f }} = {{ full }}$ weights; the three convolutions together
have $\frac{ {{- keys.reduce }} + {{ keys.middle }} + {{ keys.expand -}} }{ {{- full -}} } = {{ keys.ratio }}$ of that.
""",
    "residual": r"""
- $c_1$: a filter sees ${{ c }} / {{ groups }}$ channels, so
${{ k }}^2 \cdot \frac{ {{- c -}} }{ {{- groups -}} } \cdot {{ f }} = {{ keys.c1 }}$.
- $c_2$: ${{ k }}^2 \cdot \frac{ {{- f -}} }{ {{- groups -}} } \cdot {{ f }} = {{ keys.c2 }}$.
- Projection: ${{ c }} \cdot {{ f }} = {{ keys.projection }}$. The stride changes no count.
- Batch normalisation: a scale and a shift for {{ f }} channels, three times:
$3 \cdot 2 \cdot {{ f }} = {{ keys.norms }}$.
- In all {{ keys.total }}.
- Without groups $c_1$ and $c_2$ are {{ groups }} times as large: {{ keys.ungrouped }}.
""",
}

PART = {
    "full": "The weights of the full convolution.",
    "depthwise": "The weights of the depthwise step.",
    "pointwise": "The weights of the pointwise step.",
    "reduce": "The weights of the first convolution.",
    "middle": "The weights of the convolution in the middle.",
    "expand": "The weights of the last convolution.",
    "c1": "The weights of $c_1$.",
    "c2": "The weights of $c_2$.",
    "projection": "The weights of the projection.",
    "norms": "The parameters of all batch normalisations together.",
    "total": "All learned parameters of the block.",
    "ungrouped": "All learned parameters of the block, if nothing were grouped.",
}
RATIO = {
    "separable": "The weights of the separable convolution (both steps) as a fraction of those of the full one.",
    "bottleneck": "The weights of the three convolutions (without batch normalisation) as a fraction of those of one "
    "full {k} × {k} convolution from {c} to {f} channels.",
}

SAID = {
    "no_channels": "You left the input channels out; a filter reaches through all of them.",
    "line": "You counted k weights for a window; it is k wide and k high.",
    "as_full": "That is a full convolution; depthwise, a filter sees only the one channel that it belongs to.",
    "per_output": "You counted a filter for each output channel; the depthwise step has one for each input channel.",
    "one_filter": "You counted one filter for all channels; each channel has its own.",
    "window": "You counted a window of k × k; here it is 1 × 1.",
    "added": "You added the channels; every output channel has a weight for every input channel.",
    "inverted": "This is the fraction turned upside down: it says how many times larger the full one is.",
    "one_step": "You left a step out; all of them count.",
    "pointwise_middle": "You counted 1 × 1 for the convolution in the middle; it has the large window.",
    "wide": "You counted all channels for the convolution in the middle; the block has reduced them before.",
    "groups_ignored": "You left the groups out: a filter sees only the channels of its own group.",
    "groups_twice": "You divided by the number of groups twice. It divides the channels that a filter sees; all "
    "filters stay.",
    "identity": "The shortcut does not come for free here: the number of channels changes, so it is a projection.",
    "grouped": "You divided by the groups; the projection has none.",
    "running_statistics": "You counted the running mean and variance as well; no gradient ever changes them.",
    "scale_only": "You counted the scale alone; each channel has a shift as well.",
    "first_only": "You counted one batch normalisation; there are three.",
    "no_norms": "You left batch normalisation out.",
    "no_projection": "You left the projection out.",
    "all_grouped": "You multiplied everything by the number of groups; only the grouped convolutions grow.",
}

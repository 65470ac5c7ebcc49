"""What the exercise on group and instance normalisation says."""

PROMPT = r"""
A batch of images has the shape $N \times C \times H \times W = {{ shape | join(" \\times ") }}$. Every normalisation
takes means and variances over some of these axes: batch normalisation (in training) for each channel, layer
normalisation for each image (over all channels), instance normalisation for each channel of each image, and group
normalisation, with {{ groups_large }} groups of successive channels, for each group of each image.

{% if groups == channels %}
One small image is $X = {{ X }}$, with a channel in each row and its pixels along the row. **Instance** normalisation
{%- else %}
One small image is $X = {{ X }}$, with a channel in each row and its pixels along the row. **Group** normalisation with
{{ groups }} groups (the first {{ channels // groups }} channels, then the next)
{%- endif %}
 is applied to it. Variances divide by the number of values they are taken over, and $\varepsilon = 0$.
{%- if affine %} Afterwards channel $c$ is scaled by $\gamma_c$ and shifted by $\beta_c$ with $\gamma = {{ gamma }}$ and
$\beta = {{ beta }}$.{% endif %}

Give fractions, or decimals to at least 4 significant digits.
""".strip()

SOLUTION = r"""
- Means: batch normalisation has one for each of the {{ shape[1] }} channels, layer normalisation for each of the
{{ shape[0] }} images, instance normalisation for each channel of each image,
${{ shape[0] }} \cdot {{ shape[1] }} = {{ keys.counts[2] }}$, and group normalisation for each group of each
image, ${{ shape[0] }} \cdot {{ groups_large }} = {{ keys.counts[3] }}$.
- A mean is taken over all values, divided by the number of means: ${{ sizes }}$.
{% for line in lines %}
- {{ "Channel" if groups == channels else "Group" }} {{ loop.index }}: ${{ line.entries }}$, with the mean
${{ line.mean }}$, the variance ${{ line.variance }}$ and the standard deviation ${{ line.root }}$.
{% endfor %}
- Less the mean, divided by the standard deviation: $\hat X = {{ normal }}$.
{% if affine %}
- Scaled and shifted, channel by channel: $Y = {{ output }}$.
{% endif %}
""".strip()

PART = {
    "counts": "How many means are computed for the batch, as `[batch, layer, instance, group]` normalisation?",
    "sizes": "Over how many values is each of these means taken, in the same order?",
    "means": "The means for $X$, in order.",
    "variances": "The variances for $X$, in order.",
    "values": r"The normalised image $\hat X$, in the shape of $X$.",
    "output": "The output $Y$, after scale and shift.",
}

SAID = {
    "batch_and_layer": "You exchanged the first two: batch normalisation has a mean for each channel, layer "
    "normalisation for each image.",
    "no_batch": "You left the batch out: except for batch normalisation, every image has means of its own.",
    "channels_of_group": "You took the number of channels in a group; there is a mean for each group.",
    "no_space": "You left height and width out; all of them go over every pixel.",
    "whole": "You took all values of the image together, which is layer normalisation.",
    "interleaved": "You put every second channel into a group; a group holds successive channels.",
    "unbiased": "You divided by one less than the number of values.",
    "by_variance": "You divided by the variance; divide by its square root.",
    "only_centred": "You subtracted the mean only; divide by the standard deviation as well.",
    "swapped": "You swapped the two: γ multiplies, β is added.",
    "shift_first": "You shifted before you scaled, so that γ scales the shift as well.",
    "no_affine": "These are the normalised values; scale and shift every channel.",
}
